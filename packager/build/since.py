"""A library with nothing in it but what is new since an earlier edition, for people who have that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

from packager.build.editions import records_of
from packager.build.left_out import with_left_out
from packager.errors import UsageError
from packager.model import Article, Chapter, Comic, Flow, Library, Picture, Publication, Version
from packager.model.digests import PICTURE_DIGITS
from packager.output.changes import ChangeKind, WorkChange, works_changed
from packager.output.ledger import NumberedEdition

_SINCE = re.compile(r"(.+)-since-([1-9][0-9]{0,8})")
_NAME = 28  # letters of the name of a tree, before what it says of the edition


def tree_name(name: str, since: int) -> str:
    """Return what a tree of what is new is called, beside the whole one."""
    return f"{name[:_NAME]}-since-{since}"


def since_of(name: str) -> tuple[str, int] | None:
    """Return the name of the bundle and the edition that a tree's name says it goes on from; None for other trees."""
    found = _SINCE.fullmatch(name)
    return (found[1], int(found[2])) if found else None


def only_new(library: Library, earlier: NumberedEdition) -> Library:
    """Return the works that are new or have another content, of comics in chapters those chapters alone.

    Raises UsageError where there are none. What is left out is told.
    """
    found = works_changed(records_of(library), earlier.works, earlier.number)
    changes = {(change.work.id, change.work.language): change for change in found.works if change.is_of_content}
    publications = tuple(filter(None, (_new_part(publication, changes) for publication in library.publications)))
    if not publications:
        raise UsageError(f"nothing is new since edition {earlier.number}", hint="Name an earlier one, or build all.")
    new = replace(library, publications=publications)
    return replace(new, remarks=with_left_out(library, new, f"is in edition {earlier.number} already"))


def _new_part(publication: Publication, changes: dict[tuple[str, str], WorkChange]) -> Publication | None:
    """Return the versions that are new or changed; articles are small, and keep all their versions."""
    own = {version.language: changes.get((publication.id, version.language)) for version in publication.versions}
    if not any(own.values()):
        return None
    return replace(publication, versions=tuple(_versions(publication, own)))


def _versions(publication: Publication, changes: dict[str, WorkChange | None]) -> Iterator[Version]:
    for version in publication.versions:
        change = changes[version.language]
        if isinstance(version.work, Article) or (change and not isinstance(version.work, Comic)):
            yield version
        elif change and isinstance(version.work, Comic):
            yield replace(version, work=_chapters_alone(version.work, change))


def _chapters_alone(comic: Comic, change: WorkChange) -> Comic:
    """Return the comic with the chapters that are new or have other pictures; whole, where it has no chapters."""
    wanted = sorted({*change.chapters, *change.altered})
    if change.kind is ChangeKind.NEW or not wanted or not comic.chapters:
        return comic
    ends = list(accumulate(len(chapter.pictures) // PICTURE_DIGITS for chapter in change.work.chapters))
    spans = [range(([0, *ends])[index], ends[index]) for index in wanted]
    places = {old: new for new, old in enumerate(index for span in spans for index in span)}
    first = next((picture for picture in comic.pictures if isinstance(picture, Picture)), None)
    return replace(
        comic,
        pictures=tuple(comic.pictures[index] for index in places),
        cover=comic.cover or (first if comic.flow is Flow.PAGES else None),
        transcripts=tuple(
            replace(one, sections=tuple((places[at], lines) for at, lines in one.sections if at in places))
            for one in comic.transcripts
        ),
        chapters=tuple(Chapter(one.title, places[one.first]) for one in comic.chapters if one.first in places),
    )
