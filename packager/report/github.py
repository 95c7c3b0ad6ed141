"""Findings as commands by which GitHub annotates files: "Workflow commands for GitHub Actions" in its documentation."""

from __future__ import annotations

from packager.model import Finding
from packager.report.checked import Checked
from packager.text.terminal import escaped

# As @actions/core, packages/core/src/command.ts, escapes them.
DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
PROPERTY = DATA | str.maketrans({":": "%3A", ",": "%2C"})


def github(checked: Checked) -> str:
    """One annotation a finding, on its file and, where it is known, on its line; one for rules that were left out."""
    left_out = [f"::warning title=rules::{_data(checked.unapplied)}"] if checked.unapplied else []
    return "\n".join([*(_command(finding, checked) for finding in checked.findings), *left_out])


def _command(finding: Finding, checked: Checked) -> str:
    properties = {"file": checked.file_of(finding), "line": finding.line, "title": finding.code}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items() if value)
    return f"::{finding.severity} {listed}::{_data(checked.sentence(finding))}"


def _data(words: str) -> str:
    return escaped(words).translate(DATA)


def _property(value: object) -> str:
    return escaped(str(value)).translate(PROPERTY)
