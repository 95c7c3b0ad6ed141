"""Sources -> publications, and a report of what became of every file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packager.config.definition import FILE_NAME, Definition
from packager.errors import SourceError
from packager.model import Library, Outcome, Publication, Remark, Source
from packager.model.progress import SILENT, Progress
from packager.readers import ours
from packager.readers.articles import versions as article_versions
from packager.readers.comics import comic
from packager.readers.comics.parts import pages_of
from packager.readers.discovery import Work, WorkKind, discover, unlisted
from packager.readers.fates import settle
from packager.readers.files import File, walk
from packager.readers.headers import Probe, read_headers
from packager.readers.ids import ids_of
from packager.readers.kinds import Kind
from packager.readers.language import same_language
from packager.readers.language_names import named
from packager.readers.opening import Opener
from packager.readers.order import ordered
from packager.readers.shelf import Scratch, Shelf, unwalled
from packager.readers.versions import Reading, languages_of, only_language
from packager.readers.worth import refuse_unworthy
from packager.sandbox.pool import Workers

__all__ = ["Probe", "Wish", "read"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What of a bundle is wanted: with `language`, only versions in it where a publication has one.

    With `skip_damaged`, sources that cannot be read are left out, and said to be. With `names`, only the files and
    folders of these names that lie in the bundle's own folder are looked at.
    """

    language: str = ""
    skip_damaged: bool = False
    names: frozenset[str] = frozenset()


AS_IT_IS = Wish()

READERS: Mapping[WorkKind, Callable[[Work, Shelf], Reading]] = {
    WorkKind.COMIC: comic.read,
    WorkKind.ARTICLE: article_versions.read,
}


def read(
    definition: Definition,
    workers: Workers,
    scratch: Path,
    probe: Probe,
    progress: Progress = SILENT,
    wish: Wish = AS_IT_IS,
) -> Library:
    """All publications of the bundle, and one remark on what became of each file in it.

    `probe` reads the header of one picture and runs in `workers`; pictures that stand inside texts are written into
    `scratch`, and so is what is unpacked. A picture whose header cannot be read is Missing in its place. Raises
    SourceError with the problems of all sources, one a line, unless they may be skipped, and where nothing is in the
    wished language; DefinitionError for two publications with one id.
    """
    files = tuple(file for file in walk(definition.folder, wish.names) if str(file.path) != FILE_NAME)
    files = ours.told_apart(files, workers)
    ours.refuse_listed(definition, files)
    problems: list[SourceError] = []
    listed = discover(definition, files)
    space = Scratch(scratch)
    opener = Opener(workers, space)
    opened = tuple(_opened(listed, opener, problems))
    problems += opener.problems
    files, works = ours.told_apart_in_archives(files, opened, workers)
    ours.refuse_listed(definition, files)
    sources = _pictures(files, works)
    progress.start("read", len(sources) + len(works))
    pictures, on_pictures = read_headers(sources, probe, workers, progress)
    shelf = Shelf(
        definition,
        workers,
        files,
        pictures,
        keep=space.keep,
        look=lambda source: read_headers([source], probe, workers, SILENT)[0][source],
        language=wish.language,
    )
    readings = list(_readings(works, shelf, problems, progress))
    progress.finish()
    if problems and not wish.skip_damaged:
        raise _all_of(problems)
    _refuse_nothing(readings, shelf, problems)
    kept = [only_language(reading, wish.language) for reading in readings]
    is_whole = definition.publications is not None and not wish.names
    dropped = unlisted(files, listed) if is_whole else ()
    skipped = tuple(Remark(str(problem.where), Outcome.DAMAGED, problem.what) for problem in problems)
    every = (*files, *(file for work in works for file in work.files))
    found = dict.fromkeys(file.source for file in every if file.is_called_picture)
    remarks = (*ours.suspected(every), *settle(kept, shelf, dropped, on_pictures, skipped), *unwalled(workers))
    return Library(ordered(_publications(kept, definition)), remarks, tuple(found))


def _opened(works: Iterable[Work], opener: Opener, problems: list[SourceError]) -> Iterator[Work]:
    """The works, archives with their members as files; those that cannot be opened become problems."""
    for work in works:
        try:
            yield opener.opened(work)
        except SourceError as error:
            problems.append(error)


def _readings(
    works: Iterable[Work], shelf: Shelf, problems: list[SourceError], progress: Progress
) -> Iterator[Reading]:
    """The works that can be read; the others become problems."""
    for work in works:
        try:
            reading = READERS[work.kind](work, shelf)
            refuse_unworthy(reading)
            yield reading
        except SourceError as error:
            problems.append(error)
        progress.advance()


def _pictures(files: Sequence[File], works: Sequence[Work]) -> tuple[Source, ...]:
    """Every picture that may be shown: pages and covers, and where there are texts whatever lies in the bundle."""
    pages = [page for work in works if work.kind is WorkKind.COMIC for page in pages_of(work)]
    covers = {work.defined.cover for work in works}
    has_texts = any(work.kind is WorkKind.ARTICLE or _has_about(work) for work in works)
    loose = [file for file in files if file.kind is Kind.PICTURE and (has_texts or file.source.path in covers)]
    return tuple(dict.fromkeys(file.source for file in (*pages, *loose)))


def _has_about(work: Work) -> bool:
    return any(file.kind is Kind.ABOUT for file in work.files)


def _publications(readings: Sequence[Reading], definition: Definition) -> tuple[Publication, ...]:
    readings = [reading for reading in readings if reading.versions]
    return tuple(
        Publication(
            id=name,
            versions=tuple(read.version for read in reading.versions),
            title=reading.work.defined.title,
            summary=reading.work.defined.summary,
            section=reading.section,
            series=reading.series,
            priority=reading.work.defined.priority,
            parallel=reading.work.defined.parallel,
        )
        for name, reading in zip(ids_of(readings, definition), readings, strict=True)
    )


def _refuse_nothing(readings: Sequence[Reading], shelf: Shelf, problems: Sequence[SourceError]) -> None:
    """Raises SourceError where nothing was read, and where nothing is in the one language that is wanted."""
    languages = {language for reading in readings for language in languages_of(reading)}
    if not languages:
        reasons = [f"{remark.source} {remark.message}" for reading in readings for remark in reading.remarks]
        reasons += [f"{problem.where}: {problem.what}. {problem.hint}".rstrip(". ") for problem in problems]
        reasons += [f"{file.source.label} is {file.refusal}" for file in shelf.files if file.kind is Kind.LINK]
        hint = "; ".join(reasons)
        raise SourceError("there is nothing to read in it", where=shelf.definition.folder, hint=hint or _LOOKED_FOR)
    if shelf.language and not any(same_language(language, shelf.language) for language in languages):
        hint = f"There is: {', '.join(named(language) for language in sorted(languages))}."
        raise SourceError(f"nothing is in {named(shelf.language)}", where=shelf.definition.folder, hint=hint)


_LOOKED_FOR = (
    "Looked for comics (folders of pictures, CBZ, ZIP, 7z, tar, RAR, PDF and EPUB files) and articles (Markdown, HTML, "
    "Word and text files)."
)


def _all_of(problems: Sequence[SourceError]) -> SourceError:
    if len(problems) == 1:
        only = problems[0]
        return type(only)(only.what, where=only.where, hint=f"{only.hint} {_OR_SKIP}".strip())
    lines = "".join(f"\n  {problem.where}: {problem.what.rstrip('.')}. {problem.hint}".rstrip() for problem in problems)
    return SourceError(f"{len(problems)} sources cannot be read:{lines}", hint=_OR_SKIP)


_OR_SKIP = "To go on without what cannot be read, build with --skip-damaged."
