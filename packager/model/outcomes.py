"""What became of the sources, and what the check finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a source."""

    TAKEN = "taken"
    PASSED_OVER = "passed over"  # junk, or not for us: nothing a reader would miss
    DAMAGED = "damaged"  # left out at the organizer's word; the reader says so in its place
    LEFT_OUT = "left out"  # not wanted, by the organizer's word
    DECIDED = "decided"  # a guess of ours that the organizer can overrule
    PRIVATE = "private note"  # a passage of a text that may not be meant for readers
    SHOWN = "shown"  # an address or a name that stands in a text
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the report: a source (as in `Source.label`), what became of it, and why.

    `pictures` is how many it says are not shown of those inside the source, which are no files of the bundle.
    """

    source: str
    outcome: Outcome
    message: str
    line: int | None = None
    pictures: int = 0


Remarks = tuple[Remark, ...]


def warning(label: str, message: str, line: int | None = None) -> Remark:
    """Return a remark that the organizer should look at."""
    return Remark(label, Outcome.WARNING, message, line)


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One broken rule in one place. `path` is relative to what was checked, "" for the whole of it."""

    path: str
    code: str
    message: str
    remedy: str = ""
    severity: Severity = Severity.ERROR
    line: int | None = None
