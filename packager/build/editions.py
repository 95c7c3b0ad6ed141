"""The edition of its bundle that a build is: the number, and what the ledger keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from packager.build.request import Settings
from packager.build.result import BuildResult, PlannedTree
from packager.errors import DefinitionError, OutputError, UsageError
from packager.model import Comic, Library, News, Publication, Sound, Version
from packager.model.digests import PICTURE_DIGITS, digest
from packager.output.changes import ChangeKind, Changes, WorkChange, before, changes, last_without_news, works_changed
from packager.output.ledger import ChapterRecord, Ledger, NumberedEdition, PlaceRecord, TreeRecord, WorkRecord, tree_of
from packager.output.manifest import Manifest


def as_edition(result: BuildResult, files: Manifest) -> BuildResult:
    """Return the result with the edition of the bundle that its trees are, and what is different in it.

    Trees that were refused are none, nor are those of what is new alone.
    """
    if result.is_refused or result.settings.request.since:
        return result
    settings = result.settings
    edition = _edition_of(settings, result.library, result.trees, files)
    return replace(result, edition=edition, changes=_changes_in(edition, files, settings.ledger))


def recorded(result: BuildResult, files: Manifest) -> BuildResult:
    """Keep the edition in the ledger unless it is there; the result says why it could not be kept."""
    edition, ledger = result.edition, result.settings.ledger
    if edition is None or edition.folder:
        return result
    try:
        return replace(result, edition=ledger.record(edition, files))
    except OutputError as error:
        return replace(result, unrecorded=f"{error.where}: {error.what}")
    except OSError as error:
        return replace(result, unrecorded=f"{error.filename or ledger.folder}: {error.strerror}")


def news_of(settings: Settings, library: Library) -> News:
    """Return what is new in a library since the edition that its definition names, if it wants that said.

    Raises DefinitionError where there is no such edition.
    """
    wanted, ledger = settings.definition.news, settings.ledger
    if not wanted or settings.request.since:  # where all is new
        return News()
    works = records_of(library)
    try:
        since_last = last_without_news(works, settings.request.language, ledger) if wanted is True else None
        earlier = since_last if wanted is True else ledger.edition(wanted)
    except UsageError as error:
        raise DefinitionError(f"`news`: {error.what}", where=settings.definition.folder, hint=error.hint) from error
    if earlier is None:
        return News()
    found = works_changed(works, earlier.works, earlier.number)
    new = frozenset((change.work.id, change.work.language) for change in found.of(ChangeKind.NEW))
    continued = {(change.work.id, change.work.language): change for change in found.of(ChangeKind.CONTINUED)}
    chapters = {key: chapters_of(continued[key], version) for key, version in library.versions if key in continued}
    return News(new, chapters)


def records_of(library: Library) -> tuple[WorkRecord, ...]:
    """Return every version of a library as the ledger knows it, in the order of the library."""
    return tuple(_record(publication, version) for publication, version in _versions(library))


def chapters_of(change: WorkChange, version: Version) -> tuple[int, ...]:
    """Return the indexes of the new chapters, or tracks, among the work's: what stands before the first is in none."""
    untitled = len(change.work.chapters) - len(version.work.chapters) if isinstance(version.work, Comic) else 0
    return tuple(index - untitled for index in change.chapters if index >= untitled)


def _edition_of(settings: Settings, library: Library, trees: Sequence[PlannedTree], files: Manifest) -> NumberedEdition:
    """Return the edition that these trees are: a known one where they are the same again, else the next.

    Of the editions with the same works any may be it, so that builds for several media or profiles take turns; an older
    one whose works were others since is not.
    """
    newest = settings.ledger.newest
    held = {key for tree in trees for key, _ in tree.build.library.versions}
    works = tuple(work for work in records_of(library) if (work.id, work.language) in held)
    edition = NumberedEdition(
        number=newest.number + 1 if newest else 1,
        profile=settings.profile.name,
        language=settings.request.language,
        trees=tuple(TreeRecord(tree.name, len(tree.plan.entries), tree.plan.size_bytes) for tree in trees),
        works=works,
        gone=tuple(_others(settings.ledger.known, works)),
        places=tuple(_places(settings, trees)),
    )
    for known in reversed(settings.ledger.editions):
        if known.language != edition.language:
            continue
        if known.works != works:
            break
        with suppress(OutputError):  # of a damaged manifest: whatever it told, it is no longer the same
            if (known.profile, known.trees) == (edition.profile, edition.trees) and known.manifest() == files:
                return known
    return edition


def _changes_in(edition: NumberedEdition, files: Manifest, ledger: Ledger) -> Changes | None:
    """Return what is different in an edition since the one before; None where there is none."""
    earlier = before(edition, ledger)
    if earlier is None:
        return None
    with suppress(OutputError):
        return changes(edition, files, earlier)
    return works_changed(edition.works, earlier.works, earlier.number)


def _others(known: Iterable[WorkRecord], works: Iterable[WorkRecord]) -> Iterator[WorkRecord]:
    """Return what earlier editions knew of versions that this one does not have."""
    here = {(work.number, work.language) for work in works}
    return (work for work in known if (work.number, work.language) not in here)


def _places(settings: Settings, trees: Iterable[PlannedTree]) -> Iterator[PlaceRecord]:
    """Return the places that works have, or had in earlier editions, in each tree."""
    places = {(record.tree, record.number, record.language): record for record in settings.ledger.place_records}
    for tree in trees:
        name = tree_of(settings.profile.name, settings.request.language, tree.name)
        for publication, version in _versions(tree.build.library):
            key = name, publication.number, version.language
            places[key] = PlaceRecord(*key, tree.build.paths[publication.id, version.language].place)
    return (record for _, record in sorted(places.items()))


def _versions(library: Library) -> Iterator[tuple[Publication, Version]]:
    for publication in library.publications:
        for version in publication.versions:
            yield publication, version


def _record(publication: Publication, version: Version) -> WorkRecord:
    said = (version.title, version.authors, version.summary, version.credit, publication.title, publication.summary)
    return WorkRecord(
        number=publication.number,
        id=publication.id,
        language=version.language,
        content=digest(version.work),
        card=digest(said),
        title=_line(version.title),
        origins=publication.origins,
        chapters=tuple(_chapters(version)),
    )


def _chapters(version: Version) -> Iterator[ChapterRecord]:
    """Yield the chapters of a comic, and the tracks of sound, to which programmes add.

    What stands before the first chapter, or all where there are none, has no title.
    """
    if isinstance(version.work, Sound):
        yield from (ChapterRecord(_line(one.title), digest(one)[:PICTURE_DIGITS]) for one in version.work.tracks)
    if not isinstance(version.work, Comic):
        return
    pictures = [digest(picture)[:PICTURE_DIGITS] for picture in version.pictures]
    starts = [(chapter.first, _line(chapter.title)) for chapter in version.work.chapters]
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, ""))
    ends = [first for first, _ in starts[1:]] + [len(pictures)]
    for (first, title), end in zip(starts, ends, strict=True):
        yield ChapterRecord(title, "".join(pictures[first:end]))


def _line(text: str) -> str:
    return " ".join(text.split())
