"""The texts beside the pictures of a comic: what ComicInfo.xml says, transcripts, pages about the artist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from packager.errors import SourceError
from packager.model import About, Outcome, Remark, Transcript
from packager.model.blocks import words_of
from packager.readers import language, mentions
from packager.readers.articles.finder import read_with_pictures
from packager.readers.articles.reading import NoText
from packager.readers.comics import comicinfo, transcript
from packager.readers.comics.comicinfo import ComicInfo
from packager.readers.comics.transcript import PlacedSection
from packager.readers.files import File, text_of
from packager.readers.kinds import Kind
from packager.readers.language_names import named
from packager.readers.shelf import Shelf

Remarks = tuple[Remark, ...]

_SPOKEN = (Kind.TRANSCRIPT, Kind.ABOUT)


@dataclass(frozen=True, slots=True)
class ComicTexts:
    """What stands beside the pages of one version, and what became of each file."""

    info: ComicInfo
    transcripts: tuple[Transcript, ...]
    about: tuple[About, ...]
    remarks: Remarks


def read_texts(texts: Sequence[File], pages: Sequence[File], shelf: Shelf, spoken: str) -> ComicTexts:
    """The texts beside `pages`; `spoken` is the language of those that do not say theirs, "" to guess it."""
    kept, left_out = in_language(texts, shelf.language)
    info, from_info = comic_info(kept, shelf)
    spoken = spoken or info.language
    read, from_transcripts = transcripts(kept, pages, shelf, spoken)
    about, from_about = about_pages(kept, shelf, spoken)
    return ComicTexts(info, read, about, (*left_out, *from_info, *from_transcripts, *from_about))


def comic_info(texts: Sequence[File], shelf: Shelf) -> tuple[ComicInfo, Remarks]:
    """What the ComicInfo.xml that lies highest says; nothing where there is none or it cannot be read."""
    files = sorted((text for text in texts if text.kind is Kind.COMIC_INFO), key=lambda file: len(file.path.parts))
    if not files:
        return ComicInfo(), ()
    source = files[0].source
    try:
        info = shelf.ask(source, comicinfo.read, source)
    except SourceError as error:
        return ComicInfo(), (Remark(source.label, Outcome.WARNING, error.what),)
    return info, (Remark(source.label, Outcome.TAKEN, "what it says of the comic; the file itself is not passed on"),)


def transcripts(
    texts: Sequence[File], pages: Sequence[File], shelf: Shelf, spoken: str
) -> tuple[tuple[Transcript, ...], Remarks]:
    """The transcripts by language, several files of one language as one; `spoken` is that of files without one."""
    by_language: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    remarks: list[Remark] = []
    for file in texts:
        if file.kind is Kind.TRANSCRIPT:
            text = shelf.ask(file.source, text_of, file.source)
            tag = _said(file) or spoken or language.guess(text)
            read, found = _transcript(file, text, tag, pages)
            by_language.setdefault(tag, []).extend(read.sections)
            remarks += (Remark(file.source.label, Outcome.TAKEN, f"the words in the pictures, in {named(tag)}"), *found)
            remarks += mentions.scan(text, file.source.label)
    return tuple(Transcript(tag, _by_page(said)) for tag, said in by_language.items()), tuple(remarks)


def about_pages(texts: Sequence[File], shelf: Shelf, spoken: str) -> tuple[tuple[About, ...], Remarks]:
    """The pages about the artist; `spoken` is the language of those that do not say theirs."""
    pages: list[About] = []
    remarks: list[Remark] = []
    for file in texts:
        if file.kind is Kind.ABOUT:
            try:
                read, found = read_with_pictures(file, shelf)
            except NoText as error:
                remarks.append(Remark(file.source.label, Outcome.WARNING, f"{error.what}: not shown"))
                continue
            tag = _said(file) or read.language or spoken or language.guess(words_of(read.blocks))
            pages.append(About(tag, read.blocks))
            remarks += (Remark(file.source.label, Outcome.TAKEN, f"about the artist, in {named(tag)}"), *found)
    return tuple(pages), tuple(remarks)


def in_language(texts: Sequence[File], wanted: str) -> tuple[tuple[File, ...], Remarks]:
    """The texts, without transcripts and pages about the artist in other languages where there is one in `wanted`."""
    unwanted = {text for kind in _SPOKEN for text in _unwanted([text for text in texts if text.kind is kind], wanted)}
    remarks = (
        Remark(text.source.label, Outcome.LEFT_OUT, f"only {named(wanted)} is wanted")
        for text in texts
        if text in unwanted
    )
    return tuple(text for text in texts if text not in unwanted), tuple(remarks)


def _unwanted(texts: Sequence[File], wanted: str) -> list[File]:
    wished = [text for text in texts if wanted and language.same_language(_said(text), wanted)]
    return [text for text in texts if wished and text not in wished]


def _said(text: File) -> str:
    return language.split_language(text.path.stem)[1]


def _transcript(file: File, text: str, tag: str, pages: Sequence[File]) -> tuple[Transcript, Remarks]:
    """The sections with their pages; in a chapter's folder only the chapter's pages are meant."""
    folder = file.path.parent
    beside = [index for index, page in enumerate(pages) if page.path.is_relative_to(folder)] or list(range(len(pages)))
    names = [_below(pages[index].path, folder) for index in beside]
    placed = transcript.place(transcript.sections(text), names)
    sections = tuple((beside[part.index], part.section.lines) for part in placed)
    return Transcript(tag, sections), tuple(_guessed(file.source.label, placed, names))


def _by_page(sections: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """One section a page, in the order of the pages; what several say of one page follows each other."""
    lines: dict[int, list[str]] = {}
    for page, said in sections:
        lines.setdefault(page, []).extend(said)
    return tuple((page, tuple(said)) for page, said in sorted(lines.items()))


def _guessed(label: str, placed: Sequence[PlacedSection], names: Sequence[PurePosixPath]) -> Iterator[Remark]:
    """Where the lines stand whose heading names no page; one remark for all such headings."""
    guessed = [part for part in placed if part.is_guess]
    lost = [part for part in guessed if part.section.heading]
    for part in guessed:
        if not part.section.heading:
            message = f"lines before the first `## <page>`: they stand at {names[part.index].name}"
            yield Remark(label, Outcome.WARNING, message, part.section.line)
    if len(lost) == 1:
        message = f"`{lost[0].section.heading}` names no page: its lines stand at {names[lost[0].index].name}"
        yield Remark(label, Outcome.WARNING, message, lost[0].section.line)
    elif lost:
        named = ", ".join(f"`{part.section.heading}`" for part in lost[:2]) + (", …" if len(lost) > 2 else "")
        message = f"{len(lost)} headings name no page ({named}): their lines stand at the page before"
        yield Remark(label, Outcome.WARNING, message, lost[0].section.line)


def _below(path: PurePosixPath, folder: PurePosixPath) -> PurePosixPath:
    return path.relative_to(folder) if path.is_relative_to(folder) else path
