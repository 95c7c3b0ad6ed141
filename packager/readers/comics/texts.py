"""The texts beside the pictures of a comic: what ComicInfo.xml says, transcripts, pages about the artist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packager.errors import SourceError
from packager.model import About, Outcome, Remark, Transcript
from packager.model.blocks import words_of
from packager.readers.articles.finder import read_with_pictures
from packager.readers.articles.reading import NoText
from packager.readers.comics import comicinfo, transcript
from packager.readers.comics.comicinfo import ComicInfo
from packager.readers.context import ReadContext, Remarks
from packager.readers.files import FileKind, Files, SourceFile
from packager.readers.language import guess, language_name, same_language, split_language
from packager.readers.texts import mentions_in, text_of


@dataclass(frozen=True, slots=True)
class ComicTexts:
    """The texts beside the pages of one version, and what became of each file."""

    info: ComicInfo
    transcripts: tuple[Transcript, ...]
    about: tuple[About, ...]
    remarks: Remarks


def read_texts(texts: Files, pages: Files, context: ReadContext, spoken: str) -> ComicTexts:
    """Return the texts beside `pages`; `spoken` is the language of those that do not say theirs, "" to guess it."""
    unwanted = _unwanted(texts, context.language)
    message = f"only {language_name(context.language)} was asked for"
    left_out = (Remark(text.source.label, Outcome.LEFT_OUT, message) for text in unwanted)
    kept = [text for text in texts if text not in unwanted]
    info, on_info = _comic_info(kept, context)
    spoken = spoken or info.language
    transcripts, on_transcripts = _transcripts(kept, pages, context, spoken)
    about, on_about = _about_pages(kept, context, spoken)
    return ComicTexts(info, transcripts, about, (*left_out, *on_info, *on_transcripts, *on_about))


def _unwanted(texts: Files, wanted: str) -> list[SourceFile]:
    """Return the transcripts and the pages about the artist in other languages, where there is one in `wanted`."""
    unwanted: set[SourceFile] = set()
    for kind in (FileKind.TRANSCRIPT, FileKind.ABOUT):
        of_kind = [text for text in texts if text.kind is kind]
        in_wanted = [text for text in of_kind if wanted and same_language(_language_in_name(text), wanted)]
        unwanted.update(text for text in of_kind if in_wanted and text not in in_wanted)
    return [text for text in texts if text in unwanted]


def _language_in_name(text: SourceFile) -> str:
    return split_language(text.path.stem)[1]


def _comic_info(texts: Files, context: ReadContext) -> tuple[ComicInfo, Remarks]:
    """Return what the ComicInfo.xml that lies highest says; nothing where there is none or it cannot be read."""
    files = [text for text in texts if text.kind is FileKind.COMIC_INFO]
    if not files:
        return ComicInfo(), ()
    source = min(files, key=lambda file: len(file.path.parts)).source
    try:
        info = context.ask(source, comicinfo.read, source)
    except SourceError as error:
        return ComicInfo(), (Remark(source.label, Outcome.WARNING, error.what),)
    return info, (
        Remark(source.label, Outcome.TAKEN, "what it says about the comic is used; the file itself is not passed on"),
    )


def _transcripts(
    texts: Files, pages: Files, context: ReadContext, spoken: str
) -> tuple[tuple[Transcript, ...], Remarks]:
    """Return the transcripts by language, several files of one language as one, with one section a page."""
    by_language: dict[str, dict[int, list[str]]] = {}
    remarks: list[Remark] = []
    for file in texts:
        if file.kind is FileKind.TRANSCRIPT:
            label = file.source.label
            text = context.ask(file.source, text_of, file.source)
            tag = _language_in_name(file) or spoken or guess(text)
            sections, on_headings = _placed_sections(file, text, pages)
            lines = by_language.setdefault(tag, {})
            for page, said in sections:
                lines.setdefault(page, []).extend(said)
            remarks.append(Remark(label, Outcome.TAKEN, f"a transcript in {language_name(tag)}"))
            remarks += (*on_headings, *mentions_in(text, label))
    read = (
        Transcript(tag, tuple((page, tuple(lines[page])) for page in sorted(lines)))
        for tag, lines in by_language.items()
    )
    return tuple(read), tuple(remarks)


def _placed_sections(file: SourceFile, text: str, pages: Files) -> tuple[list[tuple[int, tuple[str, ...]]], Remarks]:
    """Return the sections with their pages; in a chapter's folder only the chapter's pages are meant."""
    folder = file.path.parent
    beside = [index for index, page in enumerate(pages) if page.path.is_relative_to(folder)]
    names = [pages[index].path.relative_to(folder) for index in beside]
    if not beside:
        beside, names = list(range(len(pages))), [page.path for page in pages]
    placed = transcript.place(transcript.sections(text), names)
    guesses = [part for part in placed if part.is_guess]
    remarks = tuple(_on_guesses(file.source.label, guesses, [names[part.index].name for part in guesses]))
    return [(beside[part.index], part.section.lines) for part in placed], remarks


def _on_guesses(label: str, guesses: Sequence[transcript.PlacedSection], pages: Sequence[str]) -> Iterator[Remark]:
    """Yield where the lines stand whose heading names no page; one remark for all such headings."""
    lost = [(part.section, page) for part, page in zip(guesses, pages, strict=True) if part.section.heading]
    for part, page in zip(guesses, pages, strict=True):
        if not part.section.heading:
            message = f"the lines before the first `## <page>` are shown with {page}"
            yield Remark(label, Outcome.WARNING, message, part.section.line)
    if len(lost) == 1:
        section, page = lost[0]
        message = f"`{section.heading}` names no page: its lines are shown with {page}"
        yield Remark(label, Outcome.WARNING, message, section.line)
    elif lost:
        headings = ", ".join(f"`{section.heading}`" for section, _ in lost[:2]) + (", …" if len(lost) > 2 else "")
        message = f"{len(lost)} headings name no page ({headings}): their lines are shown with the page before"
        yield Remark(label, Outcome.WARNING, message, lost[0][0].line)


def _about_pages(texts: Files, context: ReadContext, spoken: str) -> tuple[tuple[About, ...], Remarks]:
    """Return the pages about the artist; `spoken` is the language of those that do not say theirs."""
    pages: list[About] = []
    remarks: list[Remark] = []
    for file in texts:
        if file.kind is FileKind.ABOUT:
            try:
                read, on_text = read_with_pictures(file, context)
            except NoText as error:
                remarks.append(Remark(file.source.label, Outcome.WARNING, f"{error.what}: not shown"))
                continue
            tag = _language_in_name(file) or read.language or spoken or guess(words_of(read.blocks))
            pages.append(About(tag, read.blocks))
            message = f"a page about the artist, in {language_name(tag)}"
            remarks += (Remark(file.source.label, Outcome.TAKEN, message), *on_text)
    return tuple(pages), tuple(remarks)
