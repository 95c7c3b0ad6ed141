"""A folder of pictures, or an archive of them -> the versions of one comic."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate
from pathlib import PurePosixPath

from packager.errors import SourceError
from packager.model import Chapter, Comic, Direction, Flow, Outcome, Picture, Remark, Source, Spreads, Version, warning
from packager.readers.comics.counting import on_names
from packager.readers.comics.pages import (
    ComicPages,
    LanguagePart,
    chapters_of,
    flow_of,
    folders_around_chapters,
    has_language_folders,
    pages_of,
    pages_of_file,
    parts_of,
    split_scroll,
    split_spreads,
    with_pages_of_files,
)
from packager.readers.comics.texts import ComicTexts, read_texts
from packager.readers.context import ReadContext
from packager.readers.files import FileKind, SourceFile, printable, why_unused
from packager.readers.found import ComicInfo, FoundWork
from packager.readers.language import guess_by_script, language_name, prefer, same_language
from packager.readers.outcomes import unused
from packager.readers.publications import ReadVersion, ReadWork, bind, cover_of, credit_of, decided
from packager.readers.recorded import is_recorded
from packager.sandbox.limits import LIMITS
from packager.text import endings
from packager.text.spelling import UNDETERMINED, is_right_to_left, joined_titles, title_of_name

_AMONG_PICTURES = "call it transcript.<language>.md or about.<language>.md, or put it in articles/"
_UNUSED = {
    **dict.fromkeys((FileKind.TEXT, FileKind.NAMELESS), f"a text among pictures: {_AMONG_PICTURES}"),
    FileKind.CREDIT: "bundle.toml gives another credit",
    FileKind.COMIC_INFO: "it says nothing that packager uses",
    FileKind.SUBTITLES: "only films have subtitles",
    FileKind.NOTICE: "it is a note for whoever makes the bundle",
}


def read(work: FoundWork, context: ReadContext) -> ReadWork:
    """Return the versions of a comic; raises SourceError where it has no picture or its cover cannot be read."""
    if not pages_of(work):
        only = work.files[0] if len(work.files) == 1 else None
        if only and only.path == work.path and only.kind is not FileKind.FOLDER:
            raise SourceError(only.refusal or why_unused(work.path)[1], where=work.label)
        hint = "Put pictures into it, or remove it. Texts belong in articles/."
        if refused := [file for file in work.files if file.refusal and file.kind in (FileKind.ARCHIVE, FileKind.BOOK)]:
            what = f"contains no picture that can be read: {refused[0].path.name}: {refused[0].refusal}"
            raise SourceError(what, where=work.label)
        if work.archive and is_recorded(work.files):
            hint = "Unpack it into films/ or sound/."
            raise SourceError("holds film or sound, which is not read in archives", where=work.label, hint=hint)
        raise SourceError("contains no picture", where=work.label, hint=hint)
    texts = sum(file.kind in (FileKind.TRANSCRIPT, FileKind.ABOUT) for file in work.files)
    if texts > LIMITS.texts_beside:
        what = f"{texts:,} texts lie beside its pictures; {LIMITS.texts_beside:,} are read at most"
        raise SourceError(what, where=work.label, hint="Put those of one language into one file.")
    parts = parts_of(work)
    versions = [_version(part, work, context) for part in parts]
    reported = {remark.source for version in versions for remark in version.remarks}
    reported |= {remark.source for remark in work.contents.remarks if remark.outcome is Outcome.TAKEN}
    pages = {page for part in parts for page in part.pages}
    rest = (file for file in work.files if file not in pages and file.source.label not in reported)
    remarks = [*(_on_unused(file, work) for file in rest), *work.contents.remarks]
    if len(parts) == 1 and has_language_folders(work):
        message = "its language folders are read as chapters of one comic; move the pictures beside them into each"
        remarks.append(warning(work.label, message))
    return bind(work, versions, context, remarks)


def _version(part: LanguagePart, work: FoundWork, context: ReadContext) -> ReadVersion:
    """Return one version, with remarks on each of its files and on each decision."""
    defined, remarks = work.defined, list(_on_pages(part, work, context))
    spoken = part.language or defined.language or work.contents.info.language
    texts = read_texts(part.texts, part.pages, context, spoken, remarks)
    info = work.contents.info if texts.info.whole == ComicInfo() else texts.info.whole
    language = spoken or info.language or _guessed_language(work, texts, context, remarks)
    chapters = _chapters(part, work, texts.info.titles, remarks)
    pictures = tuple(context.pictures[page.source] for page in part.pages)
    every = with_pages_of_files(ComicPages(pictures, texts.transcripts, chapters))
    flow = defined.flow
    if flow is None:
        flow, reason = flow_of([one for one in every.pictures if isinstance(one, Picture)], context.edges)
        reading = {Flow.STRIP: "one strip", Flow.SCROLL: "one painting from side to side", Flow.PAGES: "pages"}[flow]
        remarks.append(decided(work.label, f"shown as {reading}: {reason}", "flow"))
    direction = _direction(work, flow, language, info, remarks)
    doubles = {part.pages[index].source for index in info.double_pages if index < len(part.pages)}
    pages = _adjusted(every, work, flow, direction, doubles, remarks)
    cover, on_cover = cover_of(work, context)
    if cover is None and info.front_cover and info.front_cover < len(pictures):
        front = pictures[info.front_cover]
        cover = front if isinstance(front, Picture) else None
    credit, on_credit = credit_of(work, language, context)
    title = defined.title.in_language(language) or info.name or _name(part, work, context)
    version = Version(
        language,
        title=title,
        work=Comic(flow, direction, pages.pictures, cover, pages.transcripts, texts.about, pages.chapters),
        authors=defined.authors or info.writers,
        summary=defined.summary.in_language(language) if defined.summary else info.summary,
        credit=credit,
    )
    series = texts.info.series or info.series
    remarks += (*on_names(part.pages, part.folder, printable(part.folder), context.pictures), *on_cover, *on_credit)
    series = "" if series == title else series
    return ReadVersion(version, printable(part.folder), tuple(remarks), series=series, number=info.number)


def _name(part: LanguagePart, work: FoundWork, context: ReadContext) -> str:
    """Return what a comic is called by where it lies."""
    if work.name:
        return work.name
    if work.archive is not None or work.files[0].path == work.path:
        return title_of_name(endings.stem(work.path.name))
    around = folders_around_chapters([page.path for page in part.pages], part.folder)
    return joined_titles([work.path.name or context.definition.folder.name, *around])


def _on_pages(part: LanguagePart, work: FoundWork, context: ReadContext) -> Iterator[Remark]:
    """Yield the remark on each page, or on the archive that it lies in."""
    shown = [len(pages_of_file(context.pictures[page.source])) for page in part.pages]
    if work.archive:
        yield Remark(work.archive.source.label, Outcome.TAKEN, f"a comic of {_count(sum(shown))}")
        return
    archives = {archive.path for archive in work.contents.archives}
    for page, count, end in zip(part.pages, shown, accumulate(shown), strict=True):
        if archives.isdisjoint(page.path.parents):
            numbers = f"page {end}" if count == 1 else f"pages {end - count + 1} to {end}"
            yield Remark(page.source.label, Outcome.TAKEN, numbers)
    for archive in work.contents.archives:
        count = sum(one for page, one in zip(part.pages, shown, strict=True) if archive.path in page.path.parents)
        if count:
            yield Remark(archive.source.label, Outcome.TAKEN, f"a chapter of {_count(count)}")
        else:
            yield warning(archive.source.label, "contains no picture")


def _count(pages: int) -> str:
    return f"{pages} page{'s' if pages > 1 else ''}"


def _guessed_language(work: FoundWork, texts: ComicTexts, context: ReadContext, remarks: list[Remark]) -> str:
    """Return the language of the transcripts, else of the names, else of the bundle."""
    by_transcript = prefer([transcript.language for transcript in texts.transcripts], context.preferred_languages)
    by_name = guess_by_script(f"{work.path.name} {texts.info.whole.title}")
    by_bundle = next(iter(context.definition.languages), "")
    reasons = ((by_transcript, "its transcript"), (by_name, "its name"), (by_bundle, "the bundle's first language"))
    for language, reason in reasons:
        if language:
            message = f"assumed to be in {language_name(language)}, from {reason}"
            remarks.append(decided(work.label, message, "language"))
            return language
    remarks.append(decided(work.label, "its language is not known", "language"))
    return UNDETERMINED


def _direction(work: FoundWork, flow: Flow, language: str, info: ComicInfo, remarks: list[Remark]) -> Direction:
    if flow is Flow.STRIP:
        if work.defined.direction is Direction.RTL:
            message = 'a strip has no page direction, so that `direction` does nothing; for pages write flow = "pages"'
            remarks.append(warning(work.label, message))
        return Direction.LTR
    if work.defined.direction:
        return work.defined.direction
    if flow is Flow.SCROLL:
        return _direction_of_scroll(work, language, remarks)
    is_japanese = same_language(language, "ja")
    if info.is_right_to_left:
        reason = f"as {info.origin} says"
    elif is_right_to_left(language):
        reason = f"as books in {language_name(language)} do"
    elif info.is_manga and is_japanese:
        reason = f"as manga do: {info.origin} says that it is one, and not how it reads"
    elif is_japanese:
        message = (
            "its pages turn from left to right, for nothing says how they do; many Japanese comics read the other way"
        )
        remarks.append(decided(work.label, message, "direction"))
        return Direction.LTR
    else:
        return Direction.LTR
    remarks.append(decided(work.label, f"its pages turn from right to left, {reason}", "direction"))
    return Direction.RTL


def _direction_of_scroll(work: FoundWork, language: str, remarks: list[Remark]) -> Direction:
    """Return how one goes along a painting: in East Asia, and where letters do, from the right."""
    is_from_right = any(same_language(language, one) for one in ("ja", "zh", "ko")) or is_right_to_left(language)
    sides = "right to left" if is_from_right else "left to right"
    remarks.append(decided(work.label, f"it is read from {sides}, as paintings from there are", "direction"))
    return Direction.RTL if is_from_right else Direction.LTR


def _chapters(
    part: LanguagePart, work: FoundWork, titles: Mapping[PurePosixPath, str], remarks: list[Remark]
) -> tuple[Chapter, ...]:
    """Return the chapters; none where they are so many that documents which list them all would be only lists."""
    chapters = work.contents.chapters or chapters_of([page.path for page in part.pages], part.folder, titles)
    most = LIMITS.most_chapters(work.stored_bytes)
    if len(chapters) <= most:
        return chapters
    message = f"shown without its {len(chapters):,} chapters: {most:,} are listed at most in a comic of its bytes"
    remarks.append(warning(work.label, message))
    return ()


def _adjusted(
    pages: ComicPages,
    work: FoundWork,
    flow: Flow,
    direction: Direction,
    doubles: Collection[Source],
    remarks: list[Remark],
) -> ComicPages:
    """Return the pages with spreads split and borders marked to be cropped, where the definition asks for that."""
    wanted = {"spreads": work.defined.spreads is Spreads.SPLIT, "crop": work.defined.crop}
    if flow is not Flow.PAGES:
        message = f'a {flow} has no pages, so that `{{}}` does nothing; for pages write flow = "pages"'
        remarks += (warning(work.label, message.format(key)) for key, is_wanted in wanted.items() if is_wanted)
        return pages if flow is Flow.STRIP else split_scroll(pages, direction)
    if wanted["crop"]:
        cropped = (replace(page, is_cropped=True) if isinstance(page, Picture) else page for page in pages.pictures)
        pages = replace(pages, pictures=tuple(cropped))
    return split_spreads(pages, direction, doubles) if wanted["spreads"] else pages


def _on_unused(file: SourceFile, work: FoundWork) -> Remark:
    label = file.source.label
    if file.kind is FileKind.CREDIT and not work.defined.credit:
        first = next(other for other in work.files if other.kind is FileKind.CREDIT)
        return unused(file, {FileKind.CREDIT: f"the credit comes from {first.path.name} beside it"})
    if file.kind is FileKind.PICTURE:
        return warning(label, "not used as a page: it lies beside the language folders; put a copy into each of them")
    if file.refusal and file.kind in (FileKind.ARCHIVE, FileKind.BOOK):
        return warning(label, file.refusal)
    return unused(file, _UNUSED)
