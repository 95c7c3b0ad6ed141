"""What a check found, and where each finding lies as seen from the current folder."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packager.check.selection import unprotected
from packager.config.profile import Profile
from packager.errors import on_one_line
from packager.model import Finding, Severity
from packager.text.terminal import escaped

PLACES_SHOWN = 10  # patterns of paths


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings in what was checked. `path` is that as it was named, `base` as seen from the current folder.

    Where it is no folder but one file, findings lie in that file: their paths are those of members. `unapplied` says
    which of the rules that protect people the profile left out, and how much was not looked into while the rule that
    tells it was not wanted; "" for neither.
    """

    path: Path
    base: str
    is_folder: bool
    profile: str
    findings: tuple[Finding, ...]
    unapplied: str = ""

    @classmethod
    def at(cls, path: Path, profile: Profile, findings: tuple[Finding, ...], unread: int = 0) -> Checked:
        """What was found at `path`, looked at from the current folder; `unread` files in it have no finding."""
        whole, here = path.resolve(), Path.cwd().resolve()
        base = whole.relative_to(here) if whole.is_relative_to(here) else whole
        return cls(path, base.as_posix(), path.is_dir(), profile.name, findings, _left_out(profile, unread))

    def file_of(self, finding: Finding) -> str:
        """The file that holds the finding, with slashes, from the current folder or, outside of it, from the root."""
        return posixpath.normpath(posixpath.join(self.base, finding.path if self.is_folder else ""))

    def sentence(self, finding: Finding) -> str:
        """What is wrong and what to do, with the member where the file is an archive."""
        is_inside = not self.is_folder and finding.path not in ("", self.path.name)
        return f"{finding.path}: {sentence(finding)}" if is_inside else sentence(finding)


def unapplied(profile: Profile) -> str:
    """Which of the rules that protect people a check by this profile leaves out, and where; "" for none."""
    left_out = unprotected(profile.ignore)
    if not left_out:
        return ""
    places = [f"{', '.join(codes)} {f'in {name}' if name.strip('*') else 'everywhere'}" for name, codes in left_out]
    more = f" and {len(places) - PLACES_SHOWN} more" if len(places) > PLACES_SHOWN else ""
    told = f"rules left out by the profile {profile.name}: {'; '.join(places[:PLACES_SHOWN])}{more}"
    return escaped(on_one_line(told))


def _left_out(profile: Profile, unread: int) -> str:
    files = "1 file was" if unread == 1 else f"{unread:,} files were"
    told = f"{files} not looked into, and --ignore leaves out why" if unread else ""
    return "; ".join(filter(None, (told, unapplied(profile))))


def sentence(finding: Finding) -> str:
    """What is wrong, and what to do about it."""
    return f"{finding.message} -> {finding.remedy}" if finding.remedy else finding.message


def number_of(findings: Iterable[Finding], severity: Severity) -> int:
    """How many of the findings are that severe."""
    return sum(finding.severity is severity for finding in findings)


def problems(findings: Iterable[Finding]) -> int:
    """How many of the findings are errors."""
    return number_of(findings, Severity.ERROR)
