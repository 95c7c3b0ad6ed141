"""Results as text, JSON, JUnit, SARIF and GitHub's annotations, and progress as bars; only this package knows rich."""

from __future__ import annotations

from packager.report.bars import Bars
from packager.report.built import build_json, ending
from packager.report.changes import unrecorded
from packager.report.findings import FORMS, CheckResult, findings_text, problems, text, total, unapplied
from packager.report.keep import write_keep
from packager.report.words import as_json, count, duration
from packager.text.spelling import size

__all__ = [
    "FORMS",
    "Bars",
    "CheckResult",
    "as_json",
    "build_json",
    "count",
    "duration",
    "ending",
    "findings_text",
    "problems",
    "size",
    "text",
    "total",
    "unapplied",
    "unrecorded",
    "write_keep",
]
