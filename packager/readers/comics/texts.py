"""The texts beside the pictures of a comic: what ComicInfo.xml says, transcripts, pages about the artist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from packager.model import About, Outcome, Remark, Transcript, warning
from packager.model.blocks import words_of
from packager.readers.articles.finder import read_with_pictures
from packager.readers.articles.reading import NoText
from packager.readers.comics.info import ComicInfos, read_infos
from packager.readers.context import ReadContext
from packager.readers.encodings import text_of
from packager.readers.files import FileKind, Files, SourceFile
from packager.readers.language import guess, language_name, same_language, split_language
from packager.readers.publications import mentions_in
from packager.text.order import Tokens, tokens

_HEADING = re.compile(r"#{1,6}\s++(.*)")
_BULLET = re.compile(r"[-*+]\s+")


@dataclass(frozen=True, slots=True)
class ComicTexts:
    """The texts beside the pages of one version."""

    info: ComicInfos
    transcripts: tuple[Transcript, ...]
    about: tuple[About, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The lines under one heading, which stands on `line`; "" and 1 for what comes before the first."""

    heading: str
    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A section with the index of its page; `is_guess` when its heading names no page."""

    index: int
    section: Section
    is_guess: bool


def read_texts(texts: Files, pages: Files, context: ReadContext, spoken: str, remarks: list[Remark]) -> ComicTexts:
    """Return the texts beside `pages`, and add what became of each file to `remarks`.

    `spoken` is the language of those that do not say theirs, "" to guess it.
    """
    unwanted = _unwanted(texts, context.language)
    message = f"only {language_name(context.language)} was asked for"
    remarks += (Remark(text.source.label, Outcome.LEFT_OUT, message) for text in texts if text in unwanted)
    used = [text for text in texts if text not in unwanted]
    info = read_infos(used, pages, context, remarks)
    spoken = spoken or info.whole.language
    transcripts = _transcripts(used, pages, context, spoken, remarks)
    return ComicTexts(info, transcripts, about_pages(used, context, spoken, remarks))


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
    placed = place_sections(transcript_sections(text), names)
    guesses = [(part.section, names[part.index].name) for part in placed if part.is_guess]
    remarks += _on_guesses(file.source.label, guesses)
    return [(beside[part.index], part.section.lines) for part in placed]


def _on_guesses(label: str, guesses: Sequence[tuple[Section, str]]) -> Iterator[Remark]:
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


def about_pages(texts: Files, context: ReadContext, spoken: str, remarks: list[Remark]) -> tuple[About, ...]:
    """Return the pages about whoever made a work; `spoken` is the language of those that do not say theirs."""
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


def transcript_sections(text: str) -> tuple[Section, ...]:
    """Return the sections of a transcript that have lines, in order; list marks are taken off."""
    parts: list[tuple[str, int, list[str]]] = [("", 1, [])]
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _HEADING.fullmatch(line.strip()):
            parts.append((heading[1].rstrip("# \t\xa0\u3000"), number, []))
        elif line.strip():
            parts[-1][2].append(_BULLET.sub("", line.strip(), count=1))
    return tuple(Section(heading, number, tuple(lines)) for heading, number, lines in parts if lines)


def place_sections(parts: Sequence[Section], pages: Sequence[PurePosixPath]) -> tuple[PlacedSection, ...]:
    """Return each section with its page: by name, else by what the name ends in, else the page of the one before.

    Of several pages that fit (chapters often count alike) the next one that has no section yet is meant.
    """
    index = _page_index(tuple(pages))
    used: set[int] = set()
    placed: list[PlacedSection] = []
    current = 0
    for part in parts:
        fitting = index.called(part.heading) if part.heading else []
        ahead = [page for page in fitting if page >= current and page not in used]
        current = (ahead or fitting or [current])[0]
        used.update({current} if fitting else ())
        placed.append(PlacedSection(current, part, is_guess=not fitting))
    return tuple(placed)


class _PageIndex:
    """The pages by their names, and by what their names end in: a transcript may have thousands of headings."""

    def __init__(self, pages: Sequence[PurePosixPath]) -> None:
        self._exact: dict[Tokens, list[int]] = {}
        self._stems = [tokens(str(page.with_suffix(""))) for page in pages]
        self._by_rest: dict[Tokens, list[int]] = {}
        for index, (page, stem) in enumerate(zip(pages, self._stems, strict=True)):
            for name in {tokens(str(page)), tokens(page.name)}:
                self._exact.setdefault(name, []).append(index)
            for start in range(len(stem)):
                self._by_rest.setdefault(stem[start + 1 :], []).append(index)

    def called(self, heading: str) -> list[int]:
        """Return the pages of that name, else those whose names end in it: `P1` fits `E06P01`, `1` not `11`."""
        wanted = tokens(heading)
        (_, first), rest = wanted[0], wanted[1:]
        return self._exact.get(wanted) or [
            index for index in self._by_rest.get(rest, ()) if self._stems[index][-len(wanted)][1].endswith(first)
        ]


_page_index = lru_cache(maxsize=4)(_PageIndex)  # many transcripts may lie beside the same pages
