"""A folder of pictures, or an archive of them -> the versions of one comic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from packager.errors import SourceError
from packager.model import Chapter, Comic, Direction, Flow, Missing, Outcome, Picture, Remark, Spreads, Version
from packager.readers import language
from packager.readers.comics import shapes
from packager.readers.comics.chapters import chapters_of
from packager.readers.comics.comicinfo import ComicInfo
from packager.readers.comics.parts import Part, are_languages, pages_of, parts
from packager.readers.comics.spreads import Pages, split
from packager.readers.comics.texts import ComicTexts, read_texts
from packager.readers.covers import cover_of
from packager.readers.credits import credit_of
from packager.readers.discovery import Work
from packager.readers.fates import unused
from packager.readers.files import File, told
from packager.readers.kinds import Kind, kind_of, why_not
from packager.readers.language_names import named
from packager.readers.shelf import Shelf
from packager.readers.titles import readable
from packager.readers.versions import Reading, VersionRead, bind, decided
from packager.readers.worth import stored_bytes
from packager.sandbox.limits import LIMITS

Remarks = tuple[Remark, ...]


def read(work: Work, shelf: Shelf) -> Reading:
    """The versions of a comic; raises SourceError where it has no picture or its cover cannot be read."""
    pages = pages_of(work)
    if not pages:
        raise _empty(work)
    texts = sum(file.kind in (Kind.TRANSCRIPT, Kind.ABOUT) for file in work.files)
    if texts > LIMITS.texts_beside:
        what = f"{texts:,} texts lie beside its pictures; {LIMITS.texts_beside:,} are read at most"
        raise SourceError(what, where=work.label, hint="Put those of one language into one file.")
    read_parts = parts(work)
    versions = [_version(part, work, shelf) for part in read_parts]
    told = {remark.source for read in versions for remark in read.remarks}
    shown = {page for part in read_parts for page in part.pages}
    untold = (file for file in work.files if file not in shown and file.source.label not in told)
    remarks = (*map(_unused, untold), *_mixed(work, read_parts), *work.opening.remarks)
    return bind(work, versions, shelf, remarks)


def _version(part: Part, work: Work, shelf: Shelf) -> VersionRead:
    """One version, with remarks on each of its files and on each decision."""
    spoken = part.language or work.defined.language or work.opening.info.language
    texts = read_texts(part.texts, part.pages, shelf, spoken)
    if texts.info == ComicInfo():
        texts = replace(texts, info=work.opening.info)
    tag, why_language = _language(spoken, work, texts, shelf)
    pictures = tuple(shelf.pictures[page.source] for page in part.pages)
    flow, why_flow = _flow(work, pictures)
    direction, why_direction = _direction(work, tag, texts.info) if flow is Flow.PAGES else _undirected(work)
    cover, from_cover = cover_of(work, shelf)
    credit, from_credit = credit_of(work, tag, shelf)
    chapters, why_chapters = _chapters(part, work)
    pages, why_pages = _as_asked(Pages(pictures, texts.transcripts, chapters), work, flow, direction)
    version = Version(
        language=tag,
        title=work.defined.title.in_language(tag) or texts.info.title or readable(_name(work, shelf)),
        work=Comic(flow, direction, pages.pictures, cover, pages.transcripts, texts.about, pages.chapters),
        authors=work.defined.authors or texts.info.writers,
        summary=work.defined.summary.in_language(tag) if work.defined.summary else texts.info.summary,
        credit=credit,
    )
    remarks = (*_taken(part, work), *from_cover, *from_credit, *texts.remarks)
    remarks = (*remarks, *why_language, *why_flow, *why_direction, *why_pages, *why_chapters)
    return VersionRead(version, told(part.folder), remarks, series=texts.info.series)


def _language(spoken: str, work: Work, texts: ComicTexts, shelf: Shelf) -> tuple[str, Remarks]:
    """The language that is said, else that of the transcripts, of the names, of the bundle."""
    if spoken or texts.info.language:
        return spoken or texts.info.language, ()
    by_transcript = language.prefer([transcript.language for transcript in texts.transcripts], shelf.preferred)
    by_name = language.guess_by_script(f"{work.place.name} {texts.info.title}")
    by_bundle = next(iter(shelf.definition.languages), "")
    reasons = ((by_transcript, "its transcript"), (by_name, "its name"), (by_bundle, "the bundle's first language"))
    for tag, reason in reasons:
        if tag:
            return tag, (decided(work.label, f"taken to be in {named(tag)}, by {reason}", "language"),)
    return language.UNKNOWN, (decided(work.label, "its language could not be told", "language"),)


def _flow(work: Work, pictures: Sequence[Picture | Missing]) -> tuple[Flow, Remarks]:
    if work.defined.flow:
        return work.defined.flow, ()
    flow, reason = shapes.flow_of([picture for picture in pictures if isinstance(picture, Picture)])
    reading = {Flow.STRIP: "one strip", Flow.PAGES: "pages"}[flow]
    return flow, (decided(work.label, f"reads as {reading}: {reason}", "flow"),)


def _direction(work: Work, tag: str, info: ComicInfo) -> tuple[Direction, Remarks]:
    if work.defined.direction:
        return work.defined.direction, ()
    if not info.is_right_to_left and not language.reads_right_to_left(tag):
        return Direction.LTR, ()
    reason = "as ComicInfo.xml says" if info.is_right_to_left else f"as books in {named(tag)} do"
    return Direction.RTL, (decided(work.label, f"its pages turn from right to left, {reason}", "direction"),)


def _undirected(work: Work) -> tuple[Direction, Remarks]:
    """A strip is read downwards only."""
    if work.defined.direction is not Direction.RTL:
        return Direction.LTR, ()
    message = 'a strip has no page direction, so that `direction` does nothing; for pages write flow = "pages"'
    return Direction.LTR, (Remark(work.label, Outcome.WARNING, message),)


def _chapters(part: Part, work: Work) -> tuple[tuple[Chapter, ...], Remarks]:
    """The chapters; none where they are so many that documents which list them all would be nothing but lists."""
    chapters = work.opening.chapters or chapters_of([page.path for page in part.pages], part.folder)
    most = LIMITS.most_chapters(stored_bytes(work))
    if len(chapters) <= most:
        return chapters, ()
    message = f"shown without its {len(chapters):,} chapters: {most:,} are listed at most in a comic of its bytes"
    return (), (Remark(work.label, Outcome.WARNING, message),)


def _as_asked(pages: Pages, work: Work, flow: Flow, direction: Direction) -> tuple[Pages, Remarks]:
    """The pages with spreads split and borders marked to be taken off, where the definition asks for that."""
    wishes = {"spreads": work.defined.spreads is Spreads.SPLIT, "crop": work.defined.crop}
    asked = [key for key, is_asked in wishes.items() if is_asked]
    if flow is Flow.STRIP:
        message = 'a strip has no pages, so that `{}` does nothing; for pages write flow = "pages"'
        return pages, tuple(Remark(work.label, Outcome.WARNING, message.format(key)) for key in asked)
    if wishes["crop"]:
        cropped = (replace(page, is_cropped=True) if isinstance(page, Picture) else page for page in pages.pictures)
        pages = replace(pages, pictures=tuple(cropped))
    return (split(pages, direction) if wishes["spreads"] else pages), ()


def _taken(part: Part, work: Work) -> Remarks:
    """The fate of each page, or of the archive that it lies in."""
    if work.archive:
        return (Remark(work.archive.source.label, Outcome.TAKEN, f"a comic of {_count(len(pages_of(work)))}"),)
    pages = enumerate(part.pages, start=1)
    archives = {archive.path for archive in work.opening.archives}
    loose = [(number, page) for number, page in pages if archives.isdisjoint(page.path.parents)]
    return (
        *(Remark(page.source.label, Outcome.TAKEN, f"page {number}") for number, page in loose),
        *(_taken_archive(archive, part.pages) for archive in work.opening.archives),
    )


def _taken_archive(archive: File, pages: Sequence[File]) -> Remark:
    count = sum(archive.path in page.path.parents for page in pages)
    if not count:
        return Remark(archive.source.label, Outcome.WARNING, "there is no picture in it")
    return Remark(archive.source.label, Outcome.TAKEN, f"a chapter of {_count(count)}")


def _count(pages: int) -> str:
    return f"{pages} page{'s' if pages > 1 else ''}"


def _name(work: Work, shelf: Shelf) -> str:
    """The name a comic goes by: its archive's, its folder's, or that of the bundle it fills."""
    if work.archive or (work.files and work.files[0].path == work.place):
        return work.place.stem
    return work.place.name or shelf.definition.folder.name


def _mixed(work: Work, read_parts: Sequence[Part]) -> Remarks:
    """A warning where languages follow one another as if they were chapters."""
    if len(read_parts) > 1 or not are_languages(work):
        return ()
    message = "its languages are read as chapters of one comic: put the pictures beside their folders into each of them"
    return (Remark(work.label, Outcome.WARNING, message),)


def _empty(work: Work) -> SourceError:
    only = work.files[0] if len(work.files) == 1 else None
    if only and only.path == work.place and only.kind is not Kind.FOLDER:
        return SourceError(only.refusal or why_not(work.place)[1], where=work.label)
    hint = "Put pictures into it, or take it away; texts belong into articles/."
    return SourceError("there is no picture in it", where=work.label, hint=hint)


_UNUSED = {
    Kind.TEXT: "a text among pictures: call it transcript.<language>.md or about.<language>.md, or put it in articles/",
    Kind.CREDIT: "bundle.toml gives another credit",
    Kind.COMIC_INFO: "it says nothing that is used",
    Kind.NOTICE: "a note to those who make the bundle",
}


def _unused(file: File) -> Remark:
    if file.kind is Kind.PICTURE:
        message = "no page: it lies beside the folders of the languages; put it into each"
        return Remark(file.source.label, Outcome.WARNING, message)
    if file.refusal and file.kind in (Kind.ARCHIVE, Kind.BOOK):
        return Remark(file.source.label, Outcome.WARNING, file.refusal)
    if not file.size_bytes and kind_of(file.path.name) is Kind.PICTURE:
        return Remark(file.source.label, Outcome.WARNING, f"{file.refusal} (is a page missing?)")
    return unused(file, _UNUSED)
