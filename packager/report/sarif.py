"""Findings as SARIF 2.1.0 (OASIS), which code scanning reads."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from packager import __version__
from packager.check import RULES
from packager.model import Finding
from packager.report.checked import Checked
from packager.report.json import as_json
from packager.text.terminal import escaped

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"  # what code scanning calls the top of the checkout


def sarif(checked: Checked) -> str:
    """One run, with the rules that were broken and a result for each finding."""
    codes = sorted({finding.code for finding in checked.findings})
    driver = {"name": "packager", "semanticVersion": __version__, "rules": [_rule(code) for code in codes]}
    results = [_result(finding, codes.index(finding.code), checked) for finding in checked.findings]
    run: dict[str, Any] = {"tool": {"driver": driver}, "results": results}
    if checked.unapplied:
        notice = {"level": "warning", "message": {"text": checked.unapplied}}
        run["invocations"] = [{"executionSuccessful": True, "toolConfigurationNotifications": [notice]}]
    return as_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str) -> dict[str, Any]:
    rule = RULES.get(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.summary},
        "help": {"text": f"{rule.remedy} ({rule.source})"},
        "defaultConfiguration": {"level": str(rule.severity)},
    }


def _result(finding: Finding, index: int, checked: Checked) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(checked.file_of(finding))}
    if finding.line:
        place["region"] = {"startLine": finding.line}
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": str(finding.severity),
        "message": {"text": escaped(checked.sentence(finding))},
        "locations": [{"physicalLocation": place}],
    }


def _artifact(file: str) -> dict[str, str]:
    path = PurePosixPath(file)
    if path.is_absolute() or path.drive:
        return {"uri": "file:///" + quote(file.lstrip("/"), safe="/:")}
    return {"uri": quote(file), "uriBaseId": ROOT}
