"""A rule: a stable code, what must hold, what to do where it does not, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from packager.check.show import show
from packager.model import Finding, Severity

LONGEST_PATH = 400


class Family(StrEnum):
    """The first letter of a rule's code."""

    SIZES = "S"
    TYPES = "T"
    NAMES = "N"
    PICTURES = "J"
    DOCUMENTS = "H"
    LINKS = "L"
    OUTSIDE = "X"
    PRIVACY = "P"
    ARCHIVES = "A"
    MANIFEST = "M"
    DEFINITIONS = "D"


@dataclass(frozen=True, slots=True)
class Rule:
    """`summary` says what must hold, `remedy` what to do, `source` where the rule comes from.

    A rule whose `severity` is a warning asks the organizer to look and to decide.
    """

    code: str
    summary: str
    remedy: str
    source: str
    severity: Severity = Severity.ERROR

    @property
    def family(self) -> Family:
        return Family(self.code[0])

    def broken(self, path: str, message: str, line: int | None = None) -> Finding:
        """This rule, broken at `path`, in its `line` counted from 1; `message` says what is wrong there."""
        return Finding(show(path, LONGEST_PATH), self.code, message, self.remedy, self.severity, line)
