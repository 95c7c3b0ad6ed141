"""What a check found, as lines for people."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packager.check.rules import unprotected
from packager.config.profile import Profile
from packager.errors import on_one_line
from packager.model import Finding, Severity
from packager.report.words import count
from packager.text.terminal import escaped, without_log_commands

PLACES_SHOWN = 10  # patterns of paths
COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}

Part = tuple[str, str]  # words, and rich's name for how they look


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings in what was checked. `path` is that as it was named, `base` as seen from the current folder.

    Where it is no folder but one file, findings lie in that file: their paths are those of members. `unapplied` says
    which of the rules that protect people the profile left out, and how much was not looked into while the rule that
    says so was not selected; "" for neither.
    """

    path: Path
    base: str
    is_folder: bool
    profile: str
    findings: tuple[Finding, ...]
    unapplied: str = ""

    @classmethod
    def at(cls, path: Path, profile: Profile, findings: tuple[Finding, ...], unread: int = 0) -> CheckResult:
        """Return the result for `path`, seen from the current folder; `unread` files in it have no finding."""
        whole, here = path.resolve(), Path.cwd().resolve()
        base = whole.relative_to(here) if whole.is_relative_to(here) else whole
        files = "1 file was" if unread == 1 else f"{unread:,} files were"
        unread_words = f"{files} not looked into, and --ignore leaves out why" if unread else ""
        left_out = "; ".join(filter(None, (unread_words, unapplied(profile))))
        return cls(path, base.as_posix(), path.is_dir(), profile.name, findings, left_out)

    @property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return problems(self.findings)

    @property
    def warnings(self) -> int:
        """How many of the findings are warnings."""
        return len(self.findings) - self.errors

    def file_of(self, finding: Finding) -> str:
        """Return the file that holds the finding, from the current folder or, outside of it, from the root."""
        return posixpath.normpath(posixpath.join(self.base, finding.path if self.is_folder else ""))

    def sentence(self, finding: Finding) -> str:
        """Return what is wrong and what to do, with the member where the file is an archive."""
        remedy = f" -> {finding.remedy}" if finding.remedy else ""
        is_inside = not self.is_folder and finding.path not in ("", self.path.name)
        return (f"{finding.path}: " if is_inside else "") + finding.message + remedy


def unapplied(profile: Profile) -> str:
    """Return which rules that protect people a check leaves out, in the profile's own words; "" for none."""
    left_out = unprotected(profile.ignore)
    if not left_out:
        return ""
    places = [f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(codes)}" for name, codes in left_out]
    more = f" and {len(places) - PLACES_SHOWN} more" if len(places) > PLACES_SHOWN else ""
    words = f"rules left out by the profile {profile.name}: {'; '.join(places[:PLACES_SHOWN])}{more}"
    return escaped(on_one_line(words))


def problems(findings: Iterable[Finding]) -> int:
    """Return how many of the findings are errors."""
    return sum(finding.severity is Severity.ERROR for finding in findings)


def text(checked: CheckResult, is_coloured: bool = False) -> str:
    """Return one line a finding, those of one file together, and a last line that counts them."""
    if not checked.findings:
        return total(checked)
    return without_log_commands(f"{findings_text(checked.findings, is_coloured)}\n{total(checked)}")


def total(checked: CheckResult) -> str:
    """Return how much was found in one sentence, and in another what was not looked for."""
    places = count(len({finding.path for finding in checked.findings}), "place")
    warnings = [count(checked.warnings, "warning")] if checked.warnings else []
    numbers = [count(checked.errors, "problem"), *warnings]
    found = f"{', '.join(numbers)} in {places}." if checked.findings else ""
    found = found or f"No problem found in {escaped(str(checked.path))}."
    return f"{found} {checked.unapplied[0].upper()}{checked.unapplied[1:]}." if checked.unapplied else found


def findings_text(findings: Iterable[Finding], is_coloured: bool = False) -> str:
    """Return one line a finding: where, code, what is wrong, and what to do about it."""
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
