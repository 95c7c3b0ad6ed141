"""What became of the sources, for the report's page: by work and by outcome, those of one kind as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager.model import Finding, Library, Outcome, Publication, Remark, Severity
from packager.report.words import kind_of_message

PLACES_SHOWN = 40  # of one kind; report.txt has all
THIS_COMPUTER = "this computer"  # what no bundle holds, so that it stands in report.txt alone

# What counts most first; what is taken needs no word.
TITLES = {
    Outcome.DAMAGED: "Damaged, and so left out",
    Outcome.WARNING: "Please look at",
    Outcome.SHOWN: "Stands in the texts, for everyone to read",
    Outcome.DECIDED: "Guessed",
    Outcome.LEFT_OUT: "Left out at your word",
    Outcome.PASSED_OVER: "Not used",
}


@dataclass(frozen=True, slots=True)
class NoteLine:
    """Remarks of one kind: what is said, how often, and the first places as (place, its own words where they differ).

    `work` is the anchor of the work that they are on, "" for none.
    """

    message: str
    places: tuple[tuple[str, str], ...]
    more: int = 0
    work: str = ""


@dataclass(frozen=True, slots=True)
class NoteGroup:
    """All that has one outcome: its title, how much it is, and a line for each kind."""

    kind: str
    title: str
    count: int
    lines: tuple[NoteLine, ...]


class _Owners:
    """Which publication a remark is on, by what its sources are called."""

    def __init__(self, library: Library) -> None:
        self._of: dict[PurePosixPath, str] = {}
        for publication in library.publications:
            for version in publication.versions:
                for picture in version.all_pictures:
                    self._of.setdefault(PurePosixPath(picture.source.label), publication.id)
        for publication in library.publications:
            for origin in (publication.origin, *(version.origin for version in publication.versions)):
                self._of[PurePosixPath(origin)] = publication.id

    def owner(self, source: str) -> str:
        """The id of the publication that the source, or the folder or archive around it, belongs to; "" for none."""
        place = PurePosixPath(source)
        return next((self._of[outer] for outer in (place, *place.parents) if outer in self._of), "")


@dataclass(frozen=True, slots=True)
class SortedRemarks:
    """Remarks by the id of their publication, "" for those on none; `elsewhere` are so many on this computer."""

    by_work: Mapping[str, tuple[Remark, ...]]
    elsewhere: int

    def of(self, publication: Publication) -> tuple[Remark, ...]:
        """The remarks on one publication."""
        return self.by_work.get(publication.id, ())


def sorted_out(library: Library, remarks: Iterable[Remark]) -> SortedRemarks:
    """Return the remarks by the work they are on, without those that tell something of this computer."""
    owners, elsewhere = _Owners(library), 0
    by_work: defaultdict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        if remark.source == THIS_COMPUTER or Path(remark.source).is_absolute():
            elsewhere += 1
        elif remark.outcome in TITLES:
            by_work[owners.owner(remark.source)].append(remark)
    return SortedRemarks({work: tuple(each) for work, each in by_work.items()}, elsewhere)


def groups(remarks: Iterable[Remark], origin: str = "") -> tuple[NoteGroup, ...]:
    """Return the remarks by outcome; places below `origin` are told from there."""
    by_outcome: defaultdict[Outcome, list[Remark]] = defaultdict(list)
    for remark in remarks:
        by_outcome[remark.outcome].append(remark)
    return tuple(
        NoteGroup(outcome.value.replace(" ", "-"), title, len(by_outcome[outcome]), _lines(by_outcome[outcome], origin))
        for outcome, title in TITLES.items()
        if outcome in by_outcome
    )


def on_findings(findings: Iterable[Finding]) -> tuple[NoteGroup, ...]:
    """Return what the check says, errors first, a line for each rule."""
    every = list(findings)
    titles = {Severity.ERROR: "The check refuses this", Severity.WARNING: "The check warns of this"}
    found = []
    for severity, title in titles.items():
        own = [finding for finding in every if finding.severity is severity]
        remarks = [Remark(one.path, Outcome.WARNING, f"{one.code} {one.message}", one.line) for one in own]
        if own:
            found.append(NoteGroup(f"check-{severity}", title, len(own), _lines(remarks, "")))
    return tuple(found)


def _lines(remarks: Iterable[Remark], origin: str) -> tuple[NoteLine, ...]:
    kinds: defaultdict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        kinds[kind_of_message(remark.message)].append(remark)
    return tuple(_line(each, origin) for each in kinds.values())


def _line(remarks: list[Remark], origin: str) -> NoteLine:
    is_same = len({remark.message for remark in remarks}) == 1
    places = [
        (_place(remark, origin), "" if is_same else remark.message) for remark in dict.fromkeys(remarks[:PLACES_SHOWN])
    ]
    if is_same:
        return NoteLine(remarks[0].message, tuple(places), len(remarks) - len(places))
    return NoteLine("", tuple(places), len(remarks) - len(places))


def _place(remark: Remark, origin: str) -> str:
    """The place of a remark, as seen from its work; "" for the work itself."""
    inside = remark.source.removeprefix(origin).lstrip("/") if origin else remark.source
    return " ".join(filter(None, (inside, f"line {remark.line}" if remark.line else "")))
