"""What a check found, in the formats that CI systems read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from html import escape
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from packager import __version__
from packager.check import RULES
from packager.model import Finding, Severity
from packager.report.findings import CheckResult, text
from packager.report.words import as_json
from packager.text.terminal import escaped

JSON_VERSION = 1

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SARIF_ROOT = "%SRCROOT%"  # what code scanning calls the top of the checkout

# As @actions/core, packages/core/src/command.ts, escapes data and properties.
GITHUB_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
GITHUB_PROPERTY = GITHUB_DATA | str.maketrans({":": "%3A", ",": "%2C"})

NO_CHARACTER = re.compile("[\ufffe\uffff]")  # XML 1.0 2.2; what else it excludes is escaped before
XML_QUOTED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;"})


def findings_json(checked: CheckResult) -> str:
    """Return what docs/schemas/findings.json describes: what was checked, how much was found, and each finding."""
    return as_json(
        {
            "version": JSON_VERSION,
            "path": str(checked.path),
            "profile": checked.profile,
            "unapplied": checked.unapplied,
            "errors": checked.errors,
            "warnings": checked.warnings,
            "findings": [asdict(finding) for finding in checked.findings],
        }
    )


def github(checked: CheckResult) -> str:
    """Return an annotation a finding, on its file and line, and one for rules that were left out.

    The form is that of "Workflow commands for GitHub Actions" in GitHub's documentation.
    """
    left_out = [f"::warning title=rules::{_github_data(checked.unapplied)}"] if checked.unapplied else []
    return "\n".join([*(_annotation(finding, checked) for finding in checked.findings), *left_out])


def _annotation(finding: Finding, checked: CheckResult) -> str:
    properties = {"file": checked.file_of(finding), "line": finding.line, "title": finding.code}
    listed = ",".join(
        f"{name}={escaped(str(value)).translate(GITHUB_PROPERTY)}" for name, value in properties.items() if value
    )
    return f"::{finding.severity} {listed}::{_github_data(checked.sentence(finding))}"


def _github_data(words: str) -> str:
    return escaped(words).translate(GITHUB_DATA)


def junit(checked: CheckResult) -> str:
    """Return a test case a finding, failed where it is an error; where nothing was found, one that passed.

    The form is that of the schema of Jenkins' xUnit plugin (junit-10.xsd).
    """
    counts = _attributes(failures=checked.errors, errors=0)
    cases = [line for finding in checked.findings for line in _case(finding, checked)]
    left_out = f"    <system-out>{_xml_text(checked.unapplied)}</system-out>"
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites{_attributes(name='packager check')}{counts}>",
        f"  <testsuite{_attributes(name=checked.base, tests=len(checked.findings) or 1)}{counts}>",
        *(cases or [f"    <testcase{_attributes(name='no problem found', classname=checked.base)} />"]),
        *([left_out] if checked.unapplied else []),
        "  </testsuite>",
        "</testsuites>",
    )
    return "\n".join(lines)


def _case(finding: Finding, checked: CheckResult) -> Iterator[str]:
    file = checked.file_of(finding)
    place = f"{file}:{finding.line}" if finding.line else file
    sentence = checked.sentence(finding)
    yield f"    <testcase{_attributes(name=f'{finding.code} {place}', classname=file)}>"
    if finding.severity is Severity.ERROR:
        attributes = _attributes(type=finding.code, message=sentence)
        yield f"      <failure{attributes}>{_xml_text(f'{place}: {sentence}')}</failure>"
    else:
        yield f"      <system-out>{_xml_text(f'{place}: {sentence}')}</system-out>"
    yield "    </testcase>"


def _attributes(**attributes: object) -> str:
    return "".join(f' {name}="{_xml_letters(str(value)).translate(XML_QUOTED)}"' for name, value in attributes.items())


def _xml_text(words: str) -> str:
    return escape(_xml_letters(words), quote=False)


def _xml_letters(words: str) -> str:
    return NO_CHARACTER.sub("\ufffd", escaped(words))


def sarif(checked: CheckResult) -> str:
    """Return SARIF 2.1.0 (OASIS), which code scanning reads: a run with the broken rules and a result a finding."""
    codes = sorted({finding.code for finding in checked.findings})
    driver = {"name": "packager", "semanticVersion": __version__, "rules": [_sarif_rule(code) for code in codes]}
    results = [_sarif_result(finding, codes.index(finding.code), checked) for finding in checked.findings]
    run: dict[str, Any] = {"tool": {"driver": driver}, "results": results}
    if checked.unapplied:
        notice = {"level": "warning", "message": {"text": checked.unapplied}}
        run["invocations"] = [{"executionSuccessful": True, "toolConfigurationNotifications": [notice]}]
    return as_json({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _sarif_rule(code: str) -> dict[str, Any]:
    rule = RULES.get(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.summary},
        "help": {"text": f"{rule.remedy} ({rule.source})"},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _sarif_result(finding: Finding, index: int, checked: CheckResult) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _sarif_file(checked.file_of(finding))}
    if finding.line:
        place["region"] = {"startLine": finding.line}
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": str(finding.severity),
        "message": {"text": escaped(checked.sentence(finding))},
        "locations": [{"physicalLocation": place}],
    }


def _sarif_file(file: str) -> dict[str, str]:
    path = PurePosixPath(file)
    if path.is_absolute() or path.drive:
        return {"uri": "file:///" + quote(file.lstrip("/"), safe="/:")}
    return {"uri": quote(file), "uriBaseId": SARIF_ROOT}


# The formats of findings by their names on the command line.
FORMS: Mapping[str, Callable[[CheckResult], str]] = {
    "text": text,
    "json": findings_json,
    "junit": junit,
    "sarif": sarif,
    "github": github,
}
