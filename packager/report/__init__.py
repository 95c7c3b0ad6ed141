"""Results as text, JSON, JUnit, SARIF and GitHub's annotations, and progress as bars; the only room that knows rich."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from packager.report.bars import Bars
from packager.report.built import build_json, ending, works, write_keep
from packager.report.checked import Checked, problems, unapplied
from packager.report.github import github
from packager.report.json import as_json, findings_json
from packager.report.junit import junit
from packager.report.sarif import sarif
from packager.report.text import findings_text, text, total
from packager.report.words import count, duration, size

__all__ = [
    "FORMS",
    "Bars",
    "Checked",
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
    "works",
    "write_keep",
]

# How findings can be told, by the name on the command line.
FORMS: Mapping[str, Callable[[Checked], str]] = {
    "text": text,
    "json": findings_json,
    "junit": junit,
    "sarif": sarif,
    "github": github,
}
