"""What became of the sources, for the report's page: by work and by outcome, those of one kind as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager.model import Finding, Library, Outcome, Publication, Remark, Severity
from packager.report.words import kind_of_message

PLACES_SHOWN = 40  # of one kind; report.txt has all
THIS_COMPUTER = "this computer"  # what no bundle holds, so that it stands in report.txt alone

_FIRST = (Outcome.PRIVATE, Outcome.DAMAGED, Outcome.WARNING, Outcome.SHOWN)
# What counts most first; what is taken needs no word.
TITLES = {
    Outcome.PRIVATE: "May be private notes, for everyone to read",
    Outcome.DAMAGED: "Damaged, and so left out",
    Outcome.WARNING: "Please look at",
    Outcome.SHOWN: "Stands in the texts, for everyone to read",
    Outcome.DECIDED: "Guessed",
    Outcome.LEFT_OUT: "Left out at your word",
    Outcome.PASSED_OVER: "Not used",
}


@dataclass(frozen=True, slots=True)
class NotePlace:
    """Where something is said of: a source, "" for the work itself; its own words, and the id of its work, or ""."""

    place: str
    words: str
    work: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """Remarks of one kind: what is said where all say the same, the first places, and how many more there are."""

    message: str
    places: tuple[NotePlace, ...]
    more: int


@dataclass(frozen=True, slots=True)
class NoteGroup:
    """All that has one outcome, or that the check finds: its title, how much it is, and a line for each kind."""

    outcome: Outcome
    title: str
    count: int
    lines: tuple[NoteLine, ...]

    @property
    def is_first(self) -> bool:
        """Whether it is to be looked at first."""
        return self.outcome in _FIRST


class _Owners:
    """Which publication a remark is on, by what its sources are called."""

    def __init__(self, library: Library) -> None:
        self._of: dict[str, str] = {}  # by text, which takes a tenth of the memory of a path
        for publication in library.publications:
            for version in publication.versions:
                for picture in version.all_pictures:
                    self._of.setdefault(str(PurePosixPath(picture.source.label)), publication.id)
        for publication in library.publications:
            for origin in publication.origins:
                self._of[str(PurePosixPath(origin))] = publication.id

    def owner(self, source: str) -> str:
        """The id of the publication that the source, or the folder or archive around it, belongs to; "" for none."""
        place = PurePosixPath(source)
        return next(filter(None, (self._of.get(str(outer)) for outer in (place, *place.parents))), "")


@dataclass(frozen=True, slots=True)
class SortedRemarks:
    """Remarks by the id of their publication, "" for those on none; `elsewhere` are so many on this computer."""

    by_work: Mapping[str, tuple[Remark, ...]]
    elsewhere: int

    def of(self, publication: Publication) -> tuple[Remark, ...]:
        """The remarks on one publication."""
        return self.by_work.get(publication.id, ())

    @property
    def first(self) -> tuple[NoteGroup, ...]:
        """What is to be looked at first, on any work, in the order of the library's remarks."""
        return tuple(group for group in _groups(self.by_work) if group.is_first)

    @property
    def rest(self) -> tuple[NoteGroup, ...]:
        """All else that is on no work."""
        return tuple(group for group in groups(self.by_work.get("", ())) if not group.is_first)


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


def groups(remarks: Iterable[Remark], origins: Iterable[str] = ()) -> tuple[NoteGroup, ...]:
    """Return the remarks by outcome; places below `origins` are told from there."""
    return _groups({"": remarks}, origins)


def _groups(by_work: Mapping[str, Iterable[Remark]], origins: Iterable[str] = ()) -> tuple[NoteGroup, ...]:
    by_outcome: defaultdict[Outcome, list[tuple[str, Remark]]] = defaultdict(list)
    for work, remarks in by_work.items():
        for remark in remarks:
            by_outcome[remark.outcome].append((work, remark))
    return tuple(
        NoteGroup(outcome, title, len(by_outcome[outcome]), _lines(by_outcome[outcome], origins))
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
        remarks = [("", Remark(one.path, Outcome.WARNING, f"{one.code} {one.message}", one.line)) for one in own]
        if own:
            found.append(NoteGroup(Outcome.WARNING, title, len(own), _lines(remarks, ())))
    return tuple(found)


def _lines(remarks: Iterable[tuple[str, Remark]], origins: Iterable[str]) -> tuple[NoteLine, ...]:
    kinds: defaultdict[str, list[tuple[str, Remark]]] = defaultdict(list)
    for work, remark in remarks:
        kinds[kind_of_message(remark.message)].append((work, remark))
    return tuple(_line(each, origins) for each in kinds.values())


def _line(remarks: Sequence[tuple[str, Remark]], origins: Iterable[str]) -> NoteLine:
    first = remarks[0][1].message
    is_same = all(remark.message == first for _, remark in remarks)
    places = tuple(
        NotePlace(_place(remark, origins), "" if is_same else remark.message, work)
        for work, remark in remarks[:PLACES_SHOWN]
    )
    return NoteLine(first if is_same else "", places, len(remarks) - len(places))


def _place(remark: Remark, origins: Iterable[str]) -> str:
    outer = next((origin for origin in origins if f"{remark.source}/".startswith(f"{origin}/")), "")
    inside = remark.source.removeprefix(outer).lstrip("/")
    return " ".join(filter(None, (inside, f"line {remark.line}" if remark.line else "")))
