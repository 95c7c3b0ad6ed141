"""Findings as JUnit's XML, in the form of the schema of Jenkins' xUnit plugin (junit-10.xsd)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from packager.model import Finding, Severity
from packager.report.checked import Checked, problems
from packager.text.terminal import escaped

NO_CHARACTER = re.compile("[\ufffe\uffff]")  # XML 1.0 2.2; what else it excludes is escaped before
IN_QUOTES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;"})


def junit(checked: Checked) -> str:
    """One test case a finding, failed where it is an error; where nothing was found, one that passed."""
    counted = _said(failures=problems(checked.findings), errors=0)
    suite = _said(name=checked.base, tests=len(checked.findings) or 1)
    passed = f"    <testcase{_said(name='no problem found', classname=checked.base)} />"
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites{_said(name='packager check')}{counted}>",
        f"  <testsuite{suite}{counted}>",
        *(line for finding in checked.findings for line in _case(finding, checked)),
        *(() if checked.findings else (passed,)),
        *(
            (f"    <system-out>{escape(_text(checked.unapplied), quote=False)}</system-out>",)
            if checked.unapplied
            else ()
        ),
        "  </testsuite>",
        "</testsuites>",
    )
    return "\n".join(lines)


def _case(finding: Finding, checked: Checked) -> Iterator[str]:
    file = checked.file_of(finding)
    place = f"{file}:{finding.line}" if finding.line else file
    said = checked.sentence(finding)
    yield f"    <testcase{_said(name=f'{finding.code} {place}', classname=file)}>"
    words = escape(f"{_text(place)}: {_text(said)}", quote=False)
    if finding.severity is Severity.ERROR:
        yield f"      <failure{_said(type=finding.code, message=said)}>{words}</failure>"
    else:
        yield f"      <system-out>{words}</system-out>"
    yield "    </testcase>"


def _said(**attributes: object) -> str:
    return "".join(f' {name}="{_text(str(value)).translate(IN_QUOTES)}"' for name, value in attributes.items())


def _text(words: str) -> str:
    return NO_CHARACTER.sub("\ufffd", escaped(words))
