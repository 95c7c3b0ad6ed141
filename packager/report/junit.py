"""Findings as JUnit's XML, in the form of the schema of Jenkins' xUnit plugin (junit-10.xsd)."""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from packager.model import Finding, Severity
from packager.report.checked import Checked, problems
from packager.text import escaped

NO_CHARACTER = re.compile("[\ufffe\uffff]")  # XML 1.0 2.2; what else it excludes is escaped before


def junit(checked: Checked) -> str:
    """One test case a finding, failed where it is an error; where nothing was found, one that passed."""
    failures = str(problems(checked.findings))
    top = Element("testsuites", name="packager check", failures=failures, errors="0")
    suite = SubElement(
        top,
        "testsuite",
        name=_text(checked.base),
        tests=str(len(checked.findings) or 1),
        failures=failures,
        errors="0",
    )
    for finding in checked.findings:
        _case(suite, finding, checked)
    if not checked.findings:
        SubElement(suite, "testcase", name="no problem found", classname=_text(checked.base))
    if checked.unapplied:
        SubElement(suite, "system-out").text = _text(checked.unapplied)
    ElementTree.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(top, encoding="unicode")


def _case(suite: Element, finding: Finding, checked: Checked) -> None:
    file = checked.file_of(finding)
    place = f"{file}:{finding.line}" if finding.line else file
    case = SubElement(suite, "testcase", name=_text(f"{finding.code} {place}"), classname=_text(file))
    said = _text(checked.sentence(finding))
    if finding.severity is Severity.ERROR:
        SubElement(case, "failure", type=finding.code, message=said).text = f"{_text(place)}: {said}"
    else:
        SubElement(case, "system-out").text = f"{_text(place)}: {said}"


def _text(words: str) -> str:
    return NO_CHARACTER.sub("\ufffd", escaped(words))
