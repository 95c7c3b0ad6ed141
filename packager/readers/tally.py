"""Pictures in = pictures in the tree + pictures refused with a reason: the count that a report states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from packager.model import Article, Library, Outcome, Remark, Source, Version
from packager.model.blocks import figures

_REFUSALS = (Outcome.DAMAGED, Outcome.LEFT_OUT, Outcome.PASSED_OVER, Outcome.WARNING)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pictures were found, and what became of them: `found` is the sum of the others."""

    found: int
    shown: int
    damaged: int
    refused: int


def tally(library: Library, remarks: Iterable[Remark]) -> Tally:
    """The count of a library's pictures, where `remarks` are all that is reported."""
    unreadable = {remark.source for remark in remarks if remark.outcome is Outcome.DAMAGED}
    used = set(_used(library))
    found = {*library.pictures, *used}
    damaged = {source for source in found if source.label in unreadable}
    return Tally(len(found), len(used - damaged), len(damaged), len(found - used - damaged))


def unexplained(library: Library, remarks: Sequence[Remark]) -> tuple[str, ...]:
    """The pictures of which no remark says why they are not shown, by themselves or with what they lie in: none."""
    used = set(_used(library))
    named = {remark.source.rstrip("/") for remark in remarks if remark.outcome in _REFUSALS}
    return tuple(source.label for source in library.pictures if source not in used and not _is_named(source, named))


def _is_named(source: Source, named: set[str]) -> bool:
    parts = source.label.split("/")
    return any("/".join(parts[:count]) in named for count in range(1, len(parts) + 1))


def _used(library: Library) -> Iterator[Source]:
    for publication in library.publications:
        for version in publication.versions:
            yield from _used_in(version)


def _used_in(version: Version) -> Iterator[Source]:
    work = version.work
    if isinstance(work, Article):
        yield from (figure.picture.source for figure in figures(work.blocks))
    else:
        yield from (picture.source for picture in work.pictures)
        yield from (figure.picture.source for page in work.about for figure in figures(page.blocks))
    if work.cover:
        yield work.cover.source
