"""The texts beside the pictures of a comic: what ComicInfo.xml says, transcripts, pages about the artist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packager.errors import SourceError
from packager.model import About, Outcome, Remark, Transcript
from packager.model.blocks import words_of
from packager.readers.articles.finder import read_with_pictures
from packager.readers.articles.reading import NoText, warning
from packager.readers.comics import comicinfo, transcript
from packager.readers.comics.comicinfo import ComicInfo
from packager.readers.context import ReadContext
from packager.readers.files import FileKind, Files, SourceFile
from packager.readers.language import guess, language_name, same_language, split_language
from packager.readers.texts import mentions_in, text_of


@dataclass(frozen=True, slots=True)
class ComicTexts:
    """The texts beside the pages of one version."""

    info: ComicInfo
    transcripts: tuple[Transcript, ...]
    about: tuple[About, ...]


def read_texts(texts: Files, pages: Files, context: ReadContext, spoken: str, remarks: list[Remark]) -> ComicTexts:
    """Return the texts beside `pages`, and add what became of each file to `remarks`.

    `spoken` is the language of those that do not say theirs, "" to guess it.
    """
    unwanted = _unwanted(texts, context.language)
    message = f"only {language_name(context.language)} was asked for"
    remarks += (Remark(text.source.label, Outcome.LEFT_OUT, message) for text in texts if text in unwanted)
    used = [text for text in texts if text not in unwanted]
    info = _comic_info(used, context, remarks)
    spoken = spoken or info.language
    transcripts = _transcripts(used, pages, context, spoken, remarks)
    return ComicTexts(info, transcripts, _about_pages(used, context, spoken, remarks))


def _unwanted(texts: Files, wanted: str) -> set[SourceFile]:
    """Return the transcripts and the pages about the artist in other languages, where there is one in `wanted`."""
    unwanted: set[SourceFile] = set()
    for kind in (FileKind.TRANSCRIPT, FileKind.ABOUT):
        of_kind = {text for text in texts if text.kind is kind}
        in_wanted = {text for text in of_kind if wanted and same_language(_language_in_name(text), wanted)}
        unwanted |= of_kind - in_wanted if in_wanted else set()
    return unwanted


def _language_in_name(text: SourceFile) -> str:
    return split_language(text.path.stem)[1]


def _comic_info(texts: Files, context: ReadContext, remarks: list[Remark]) -> ComicInfo:
    """Return what the ComicInfo.xml that lies highest says; nothing where there is none or it cannot be read."""
    files = [text for text in texts if text.kind is FileKind.COMIC_INFO]
    if not files:
        return ComicInfo()
    source = min(files, key=lambda file: len(file.path.parts)).source
    try:
        info = context.ask(source, comicinfo.read, source)
    except SourceError as error:
        remarks.append(warning(source.label, error.what))
        return ComicInfo()
    message = "what it says about the comic is used; the file itself is not passed on"
    remarks.append(Remark(source.label, Outcome.TAKEN, message))
    return info


def _transcripts(
    texts: Files, pages: Files, context: ReadContext, spoken: str, remarks: list[Remark]
) -> tuple[Transcript, ...]:
    """Return the transcripts by language, several files of one language as one, with one section a page."""
    by_language: dict[str, dict[int, list[str]]] = {}
    for file in texts:
        if file.kind is FileKind.TRANSCRIPT:
            text = context.ask(file.source, text_of, file.source)
            language = _language_in_name(file) or spoken or guess(text)
            message = f"a transcript in {language_name(language)}"
            remarks.append(Remark(file.source.label, Outcome.TAKEN, message))
            lines = by_language.setdefault(language, {})
            for page, section_lines in _placed_sections(file, text, pages, remarks):
                lines.setdefault(page, []).extend(section_lines)
            remarks += mentions_in(text, file.source.label)
    return tuple(
        Transcript(language, tuple((page, tuple(lines[page])) for page in sorted(lines)))
        for language, lines in by_language.items()
    )


def _placed_sections(
    file: SourceFile, text: str, pages: Files, remarks: list[Remark]
) -> list[tuple[int, tuple[str, ...]]]:
    """Return the sections with their pages; in a chapter's folder only the chapter's pages are meant."""
    folder = file.path.parent
    beside = [index for index, page in enumerate(pages) if page.path.is_relative_to(folder)]
    names = [pages[index].path.relative_to(folder) for index in beside]
    if not beside:
        beside, names = list(range(len(pages))), [page.path for page in pages]
    placed = transcript.place(transcript.sections(text), names)
    guesses = [(part.section, names[part.index].name) for part in placed if part.is_guess]
    remarks += _on_guesses(file.source.label, guesses)
    return [(beside[part.index], part.section.lines) for part in placed]


def _on_guesses(label: str, guesses: Sequence[tuple[transcript.Section, str]]) -> Iterator[Remark]:
    """Yield with which page the lines are shown whose heading names no page; one remark for all such headings."""
    lost = [(section, page) for section, page in guesses if section.heading]
    for section, page in guesses:
        if not section.heading:
            message = f"the lines before the first `## <page>` are shown with {page}"
            yield Remark(label, Outcome.WARNING, message, section.line)
    if len(lost) == 1:
        section, page = lost[0]
        message = f"`{section.heading}` names no page: its lines are shown with {page}"
        yield Remark(label, Outcome.WARNING, message, section.line)
    elif lost:
        headings = ", ".join(f"`{section.heading}`" for section, _ in lost[:2]) + (", …" if len(lost) > 2 else "")
        message = f"{len(lost)} headings name no page ({headings}): their lines are shown with the page before"
        yield Remark(label, Outcome.WARNING, message, lost[0][0].line)


def _about_pages(texts: Files, context: ReadContext, spoken: str, remarks: list[Remark]) -> tuple[About, ...]:
    pages: list[About] = []
    for file in texts:
        if file.kind is FileKind.ABOUT:
            try:
                article, on_text = read_with_pictures(file, context)
            except NoText as error:
                remarks.append(warning(file.source.label, f"{error.what}: not shown"))
                continue
            language = _language_in_name(file) or article.language or spoken or guess(words_of(article.blocks))
            pages.append(About(language, article.blocks))
            message = f"a page about the artist, in {language_name(language)}"
            remarks += (Remark(file.source.label, Outcome.TAKEN, message), *on_text)
    return tuple(pages)
