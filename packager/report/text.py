"""Findings as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packager.model import Finding, Severity
from packager.report.checked import Checked, number_of, problems
from packager.report.words import count
from packager.text.terminal import escaped, harmless

COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}

Part = tuple[str, str]  # words, and rich's name for how they look


def text(checked: Checked, is_coloured: bool = False) -> str:
    """One line a finding, those of one file together, and a last line that counts them."""
    if not checked.findings:
        return total(checked)
    return harmless(f"{findings_text(checked.findings, is_coloured)}\n{total(checked)}")


def total(checked: Checked) -> str:
    """How much was found, in one sentence, and in another what was not looked for."""
    found = _found(checked)
    return f"{found} {checked.unapplied[0].upper()}{checked.unapplied[1:]}." if checked.unapplied else found


def _found(checked: Checked) -> str:
    findings = checked.findings
    if not findings:
        return f"No problem found in {escaped(str(checked.path))}."
    warnings = number_of(findings, Severity.WARNING)
    numbers = [count(problems(findings), "problem")] + ([count(warnings, "warning")] if warnings else [])
    return f"{', '.join(numbers)} in {count(len({finding.path for finding in findings}), 'place')}."


def findings_text(findings: Iterable[Finding], is_coloured: bool = False) -> str:
    """One line a finding: where, code, what is wrong, and what to do about it."""
    lines = [tuple(_parts(finding)) for finding in sorted(findings, key=lambda finding: finding.path)]
    if is_coloured:
        return _coloured(lines)
    return "\n".join("".join(words for words, _ in line) for line in lines)


def _parts(finding: Finding) -> Iterator[Part]:
    line = f":{finding.line}" if finding.line else ""
    yield escaped(finding.path) + line or "(whole)", "bold"
    yield ": ", ""
    yield finding.code, COLOURS[finding.severity]
    yield (" warning" if finding.severity is Severity.WARNING else ""), ""
    yield f" {escaped(finding.message)}", ""
    yield (f" -> {escaped(finding.remedy)}" if finding.remedy else ""), "dim"


def _coloured(lines: Iterable[tuple[Part, ...]]) -> str:
    from rich.console import Console
    from rich.text import Text

    console = Console(force_terminal=True)  # rich leaves the colours out where NO_COLOR is set
    with console.capture() as captured:
        for line in lines:
            console.print(Text.assemble(*line), soft_wrap=True)
    return captured.get().rstrip("\n")
