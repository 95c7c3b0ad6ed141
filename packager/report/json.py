"""Findings as JSON, in the form that docs/schemas/findings.json describes."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

from packager.model import Severity
from packager.report.checked import Checked, number_of
from packager.text.terminal import is_hidden

VERSION = 1


def findings_json(checked: Checked) -> str:
    """What was checked, how many errors and warnings it has, and each of them."""
    return as_json(
        {
            "version": VERSION,
            "path": str(checked.path),
            "profile": checked.profile,
            "unapplied": checked.unapplied,
            "errors": number_of(checked.findings, Severity.ERROR),
            "warnings": number_of(checked.findings, Severity.WARNING),
            "findings": [asdict(finding) for finding in checked.findings],
        }
    )


def as_json(value: object) -> str:
    """`value` as people and programs read it: letters as they are, but for what a terminal or a log would obey."""
    plain = re.sub(r"#(?=#[\w.-]*\[)", r"\\u0023", json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))
    return "".join(json.dumps(sign)[1:-1] if sign != "\n" and is_hidden(sign) else sign for sign in plain)
