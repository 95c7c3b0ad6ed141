"""Sources -> publications, and a remark on what became of every file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packager.config.definition import FILE_NAME, Definition
from packager.errors import SourceError
from packager.model import Library, Missing, Picture, Remarks, Source
from packager.model.progress import SILENT, Progress
from packager.output.ledger import EDITIONS, is_of_ledger
from packager.readers import articles, comics, films, generated, misplaced
from packager.readers.comics.counting import on_archives
from packager.readers.comics.pages import pages_of
from packager.readers.context import Probe, ReadContext, Scratch, missing_restrictions, read_headers
from packager.readers.discovery import discover, links_of_works, unlisted
from packager.readers.files import EMPTY_FILE, OWN_BUNDLE, FileKind, Files, SourceFile, walk
from packager.readers.films.recordings import Told, read_recordings
from packager.readers.found import FoundWork, WorkKind
from packager.readers.language import language_name, same_language
from packager.readers.numbering import Known, publications_of
from packager.readers.opening import open_works
from packager.readers.outcomes import UNUSED, account_for_files, unused
from packager.readers.publications import ReadWork, only_language, refuse_excess, refuse_gaps, shared_credits
from packager.readers.recognition import recognised
from packager.readers.recorded import RECORDED
from packager.readers.series import in_series
from packager.readers.volumes import with_sets
from packager.sandbox.pool import Workers

__all__ = ["Probe", "ReadOptions", "read"]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What of a bundle is wanted: with `language`, only versions in it where a publication has one.

    With `skip_damaged`, sources that cannot be read are left out, with a remark. With `names`, only the files and
    folders of these names that lie in the bundle's own folder are looked at. Works that are `known` of earlier editions
    have their numbers.
    """

    language: str = ""
    skip_damaged: bool = False
    names: frozenset[str] = frozenset()
    known: Known = ()


EVERYTHING = ReadOptions()

READERS: Mapping[WorkKind, Callable[[FoundWork, ReadContext], ReadWork]] = {
    WorkKind.COMIC: comics.read,
    WorkKind.ARTICLE: articles.read,
    WorkKind.FILM: films.read,
    WorkKind.SOUND: films.read,
}

_RECORDED = (WorkKind.FILM, WorkKind.SOUND)

_OR_SKIP = "To build without what cannot be read, add --skip-damaged."
_MOST_REASONS = 5
_WHERE_THEY_BELONG = "put comics into comics/, articles into articles/, films into films/ and sound into sound/"
_LOOKED_FOR = (
    "Looked for comics (folders of pictures, CBZ, ZIP, 7z, tar, RAR, PDF and EPUB files), articles (Markdown, HTML, "
    "Word, RTF, ODT, FB2, EPUB and text files), films and sound."
)


def read(
    definition: Definition,
    workers: Workers,
    scratch: Path,
    probe: Probe,
    progress: Progress = SILENT,
    options: ReadOptions = EVERYTHING,
) -> Library:
    """Return all publications of the bundle, and one remark on what became of each file in it.

    `probe` reads the header of one picture and runs in `workers`; pictures that stand inside texts are written into
    `scratch`, and so is what is unpacked. A picture whose header cannot be read is Missing in its place. Raises
    SourceError with the problems of all sources, one a line, unless they may be skipped, and where nothing is in the
    wanted language; DefinitionError for two publications with one id.
    """
    own_scratch, problems = Scratch(scratch), list[SourceError]()
    files = _files_of(definition, options, workers, own_scratch, problems)
    listed = misplaced.with_misplaced(discover(definition, files), definition, files)
    opening = open_works(listed, workers, own_scratch, problems, skip_damaged=options.skip_damaged)
    opened = misplaced.opened_comics(opening)
    files, works = generated.without_generated_archives(files, opened, workers)
    generated.refuse_listed(definition, files)
    seen = _look_at(files, works, probe, workers, progress, skip_damaged=options.skip_damaged)
    context = ReadContext(
        definition, workers, files, seen.pictures, own_scratch, probe, options.language, seen.recordings
    )
    no_comics = [work for work in works if definition.publications is None and _is_no_comic(work)]
    reading = _read_each([work for work in works if work not in no_comics], context, problems, progress)
    read_works = misplaced.settled(reading, definition)
    progress.finish()
    read_works = _without_damaged(read_works, problems, skip_damaged=options.skip_damaged)
    _refuse_nothing(read_works, context, problems, no_comics)
    wanted = [only_language(each, options.language) for each in in_series(read_works, context)]
    left_out = () if options.names else unlisted(definition, files, listed)
    on_files = account_for_files(
        wanted, context, unlisted=left_out, no_comics=no_comics, problems=problems, on_pictures=seen.remarks
    )
    every = (*files, *(file for work in works for file in work.files))
    remarks = (
        *misplaced.remarks_on(wanted, definition, files),
        *shared_credits(work for work in wanted if work.versions),
        *generated.suspects(every),
        *on_files,
        *on_archives(works),
        *missing_restrictions(workers),
    )
    all_pictures = dict.fromkeys(file.source for file in every if file.is_called_picture)
    publications = publications_of([work for work in wanted if work.versions], definition, options.known)
    return Library(publications, remarks, tuple(all_pictures))


@dataclass(frozen=True, slots=True)
class _Seen:
    pictures: Mapping[Source, Picture | Missing]
    remarks: Remarks
    recordings: Told


def _look_at(
    files: Files, works: Sequence[FoundWork], probe: Probe, workers: Workers, progress: Progress, *, skip_damaged: bool
) -> _Seen:
    """Return what each picture and each recording is that may be shown."""
    sources, recorded = _picture_sources(files, works), _recorded_sources(works)
    progress.start("read", len(sources) + len(recorded) + len(works))
    pages = {page.source for work in works if work.kind is WorkKind.COMIC for page in pages_of(work)}
    pictures, remarks = read_headers(sources, probe, workers, progress, pages=pages)
    return _Seen(pictures, remarks, read_recordings(recorded, workers, progress, skip_damaged=skip_damaged))


def _files_of(
    definition: Definition, options: ReadOptions, workers: Workers, scratch: Scratch, problems: list[SourceError]
) -> tuple[SourceFile, ...]:
    """Return the bundle's files with what each is, those that packager made among them."""
    walked = walk(definition.folder, options.names)
    found = (file for file in walked if str(file.path) != FILE_NAME and not _is_of_ledger(file))
    files = _without_links(definition, recognised(found, workers), scratch, problems)
    files = generated.mark_generated(with_sets(files), workers)
    generated.refuse_listed(definition, files)
    return files


def _read_each(
    works: Iterable[FoundWork], context: ReadContext, problems: list[SourceError], progress: Progress
) -> Iterator[ReadWork]:
    for work in works:
        try:
            read_work = READERS[work.kind](work, context)
            refuse_excess(read_work)
            yield read_work
        except SourceError as error:
            problems.append(error)
        progress.advance()


def _without_damaged(works: list[ReadWork], problems: list[SourceError], *, skip_damaged: bool) -> list[ReadWork]:
    """Return the works of which something can be read; SourceError for all `problems` unless they may be skipped."""
    if problems and not skip_damaged:
        raise _joined(problems)
    # Where nothing is skipped, each picture is told, with its reason.
    return list(_without_gaps(works, problems)) if skip_damaged else works


def _without_gaps(works: Iterable[ReadWork], problems: list[SourceError]) -> Iterator[ReadWork]:
    for work in works:
        try:
            refuse_gaps(work)
            yield work
        except SourceError as error:
            problems.append(error)


def _without_links(
    definition: Definition, files: Files, scratch: Scratch, problems: list[SourceError]
) -> tuple[SourceFile, ...]:
    """Return the files with an empty picture for each link in the place of one; `problems` grows with all links."""
    links = {file: file for file in links_of_works(definition, files)}
    for link in links:
        what, _, hint = link.refusal.partition(": ")
        problems.append(
            SourceError(f"is {what}, which is not followed", where=link.source.label, hint=f"{hint.capitalize()}.")
        )
        if link.is_called_picture:
            links[link] = replace(link, kind=FileKind.PICTURE, source=scratch.keep(b"", link.source.label))
    return tuple(links.get(file, file) for file in files)


def _is_of_ledger(file: SourceFile) -> bool:
    """Whether it is what the ledger keeps, and not a work that somebody put there."""
    is_whole = file.kind is FileKind.GENERATED and str(file.path) == EDITIONS
    return is_whole or (file.kind in (FileKind.GENERATED, FileKind.FOLDER) and is_of_ledger(file.path))


def _is_no_comic(work: FoundWork) -> bool:
    """Whether a work is a folder without a picture, such as programs make for themselves."""
    return work.kind is WorkKind.COMIC and work.archive is None and not pages_of(work)


def _picture_sources(files: Files, works: Sequence[FoundWork]) -> tuple[Source, ...]:
    """Return every picture that may be shown: pages, covers, and for texts all that lie in the bundle."""
    pages = [page for work in works if work.kind is WorkKind.COMIC for page in pages_of(work)]
    covers = {work.defined.cover for work in works}
    has_texts = any(
        work.kind is WorkKind.ARTICLE or any(file.kind is FileKind.ABOUT for file in work.files) for work in works
    )
    posters = {file for work in works if work.kind in _RECORDED for file in work.files}
    pictures = (file for file in files if file.kind is FileKind.PICTURE)
    loose = [file for file in pictures if has_texts or file.source.path in covers or file in posters]
    return tuple(dict.fromkeys(file.source for file in (*pages, *loose)))


def _recorded_sources(works: Sequence[FoundWork]) -> tuple[Source, ...]:
    """Return every source of film and sound that is a work, or a part of one."""
    files = (file for work in works if work.kind in _RECORDED for file in work.files)
    return tuple(dict.fromkeys(file.source for file in files if file.kind in RECORDED and not file.refusal))


def _refuse_nothing(
    works: Sequence[ReadWork], context: ReadContext, problems: Sequence[SourceError], no_comics: Sequence[FoundWork]
) -> None:
    """Raise SourceError where nothing was read, and where nothing is in the one language that is wanted."""
    languages = {language for work in works for language in work.languages}
    folder = context.definition.folder
    if not languages:
        reasons = [f"{remark.source} {remark.message}" for work in works for remark in work.remarks]
        reasons += [f"{work.label} contains no picture" for work in no_comics]
        reasons += [f"{problem.where}: {problem.what}. {problem.hint}".rstrip(". ") for problem in problems]
        lying = [
            unused(file, UNUSED)
            for file in context.files
            if file.kind is not FileKind.JUNK or file.refusal == EMPTY_FILE
        ]
        if bundles := [str(file.source.path) for file in context.files if file.refusal.startswith(OWN_BUNDLE)]:
            what = f"holds {'bundles' if len(bundles) > 1 else 'a bundle'}, and nothing else to read"
            raise SourceError(what, where=folder, hint=f"Name the bundle: {' or '.join(bundles[:_MOST_REASONS])}")
        if lying and not reasons:
            reasons = [f"{remark.source}: {remark.message}" for remark in lying[:_MOST_REASONS]]
            reasons.append(_WHERE_THEY_BELONG)
        raise SourceError("there is nothing to read in it", where=folder, hint="; ".join(reasons) or _LOOKED_FOR)
    if context.language and not any(same_language(language, context.language) for language in languages):
        hint = f"It holds works in: {', '.join(map(language_name, sorted(languages)))}."
        raise SourceError(f"holds nothing in {language_name(context.language)}", where=folder, hint=hint)


def _joined(problems: Sequence[SourceError]) -> SourceError:
    """Return one error for all problems, one a line."""
    if len(problems) == 1:
        only = problems[0]
        return type(only)(only.what, where=only.where, hint=f"{only.hint} {_OR_SKIP}".strip())
    lines = "".join(f"\n  {problem.where}: {problem.what.rstrip('.')}. {problem.hint}".rstrip() for problem in problems)
    return SourceError(f"{len(problems)} sources cannot be read:{lines}", hint=_OR_SKIP)
