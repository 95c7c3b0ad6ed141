"""What became of the sources."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from packager.model.sources import Source
from packager.model.works import Publication, Version, VersionKey


class Outcome(StrEnum):
    """What became of a source."""

    TAKEN = "taken"
    PASSED_OVER = "passed over"  # junk, or not for us: nothing a reader would miss
    DAMAGED = "damaged"  # left out at the organizer's word; the reader says so in its place
    LEFT_OUT = "left out"  # not wanted, by the organizer's word
    DECIDED = "decided"  # a guess of ours that the organizer can overrule
    SHOWN = "shown"  # an address or a name that stands in a text
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the report: a source (as in `Source.label`), what became of it, and why."""

    source: str
    outcome: Outcome
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that was read: publications in the order of reading, and every remark.

    Every list of them, and the numbers of their folders, have that order; nothing sorts them again.
    `pictures` are those that were found in the bundle and in its archives, used or not.
    """

    publications: tuple[Publication, ...]
    remarks: tuple[Remark, ...]
    pictures: tuple[Source, ...] = ()

    @property
    def versions(self) -> tuple[tuple[VersionKey, Version], ...]:
        """Every version with its key, in the order of the library."""
        return tuple(
            ((publication.id, version.language), version)
            for publication in self.publications
            for version in publication.versions
        )
