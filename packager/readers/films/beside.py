"""What lies beside film and sound, or in them, and belongs to them: subtitles, a poster, pages about them, chapters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from packager.errors import SourceError
from packager.film.ffmpeg import Ffmpeg
from packager.film.probe import SourceFacts
from packager.layout.works import clock
from packager.model import Missing, Outcome, Picture, Remark, Source, Subtitles, warning
from packager.readers.belonging import KINDS, kind_beside, language_beside
from packager.readers.context import ReadContext
from packager.readers.encodings import text_of
from packager.readers.files import FileKind, Files, SourceFile
from packager.readers.films.subtitles import subtitles
from packager.readers.language import language_name, same_language
from packager.readers.publications import mentions_in
from packager.readers.recorded import base_of
from packager.text import endings
from packager.text.film_names import words_of_title
from packager.text.numerals import plain
from packager.text.order import is_called_cover
from packager.text.spelling import language_tag

_POSTER = re.compile(r"(?:.* )?(?:poster|cover|folder|movie|affiche|cartel|постер|포스터|海报|海報|ポスター)")
_OF_WORDS = ("subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text")  # as ffmpeg calls them; others are pictures
_LATE_S = 2  # behind a film's end may stand what is seen to it
_CHAPTER_FILE = re.compile(r"(?:.*[ ._-])?chapters?(?:[ ._-][\w-]+)?\.txt", re.IGNORECASE)
_CHAPTER_TIME = re.compile(
    r"^(?:CHAPTER(\d+)=)?\[?(?:(\d{1,4}):)?(\d{1,2}):(\d\d)(?:[.,](\d{1,3}))?\]?(.*)$", re.MULTILINE
)
_CHAPTER_NAME = re.compile(r"^CHAPTER(\d+)NAME=(.*)$", re.MULTILINE)

Chapters = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ReadWords:
    """The subtitles in one text, by language, and the text itself."""

    subtitles: tuple[Subtitles, ...]
    text: str


def parsed(source: Source, language: str) -> ReadWords:
    """Return the subtitles in a file in any encoding; raises SourceError. A job for a worker."""
    text = text_of(source)
    return ReadWords(subtitles(text, language), text)


def subtitles_of(
    films: Sequence[tuple[SourceFile, SourceFacts]], files: Files, context: ReadContext, remarks: list[Remark]
) -> tuple[Subtitles, ...]:
    """Return the subtitles beside films and in them, one for each language: those of a file before those in a film."""
    found: list[_Found] = []
    names = [base_of(file, files).name for file, _ in films]
    beside = [file for file in files if file.kind is FileKind.SUBTITLES and not file.refusal]
    said = [(file.source, language_beside(file.path, names), kind_beside(file.path, names)) for file in beside]
    inside = ((source, language, "") for source, language in _inside(films, context, remarks))
    for source, language, kind in [*said, *inside]:
        try:
            read = context.ask(source, parsed, source, language)
        except SourceError as error:
            remarks.append(warning(source.label, f"{error.what}: no subtitles are shown from it"))
            continue
        if not read.subtitles:
            remarks.append(warning(source.label, "holds no subtitles that can be read"))
        for one in read.subtitles:
            found.append(_Found(one, source.label, kind))
            remarks += _behind_the_end(one, source.label, films)
        remarks += mentions_in(read.text, source.label)
    languages = list(dict.fromkeys(one.subtitles.language for one in found))
    asked = [one for one in languages if same_language(one, context.language)] if context.language else []
    chosen = {one: min((each for each in found if each.subtitles.language == one), key=_use) for one in languages}
    remarks += (_outcome(one, chosen[one.subtitles.language], asked or languages) for one in found)
    return tuple(one.subtitles for language, one in chosen.items() if language in (asked or languages))


@dataclass(frozen=True, slots=True)
class _Found:
    """Subtitles, where they are from, and of which kind their name says that they are."""

    subtitles: Subtitles
    label: str
    kind: str


def _use(found: _Found) -> tuple[int, int]:
    """What subtitles in one language are chosen by: all that is said first, and of these those with most words."""
    return KINDS.index(found.kind) if found.kind else 0, -len(found.subtitles.cues)


def _outcome(found: _Found, chosen: _Found, languages: Sequence[str]) -> Remark:
    """Return what became of subtitles where one of each language is shown."""
    count, name = len(found.subtitles.cues), language_name(found.subtitles.language)
    what = f"{name}, {found.kind}" if found.kind else name
    if found.subtitles.language not in languages:
        return Remark(
            found.label, Outcome.LEFT_OUT, f"only {' and '.join(map(language_name, languages))} was asked for"
        )
    if found is chosen:
        return Remark(found.label, Outcome.TAKEN, f"subtitles in {what}, {count:,} of them")
    if found.subtitles.cues == chosen.subtitles.cues:
        return Remark(found.label, Outcome.PASSED_OVER, f"the same subtitles in {name} are taken from another file")
    rest = f"those of {chosen.label} are ({len(chosen.subtitles.cues):,})"
    message = f"its subtitles in {what} ({count:,}) are not shown: {rest}"
    return Remark(found.label, Outcome.PASSED_OVER if found.kind and not chosen.kind else Outcome.WARNING, message)


def _behind_the_end(one: Subtitles, label: str, films: Sequence[tuple[SourceFile, SourceFacts]]) -> Iterator[Remark]:
    """A warning where subtitles last longer than their film, as those of another cut of it do."""
    lengths = [facts.seconds for _, facts in films]
    late = sum(cue.start_ms > 1000 * (max(lengths) + _LATE_S) for cue in one.cues)
    if late and all(lengths):
        what = (
            f"{late:,} of its {len(one.cues):,} subtitles in {language_name(one.language)} come behind the film's end"
        )
        yield warning(label, f"{what} ({clock(max(lengths))}): are they those of another cut?")


def _inside(
    films: Sequence[tuple[SourceFile, SourceFacts]], context: ReadContext, remarks: list[Remark]
) -> Iterator[tuple[Source, str]]:
    """Yield the subtitles in the films as files of their own, with the languages that the films say."""
    for file, facts in films:
        label = file.source.label
        streams = [stream for stream in facts.subtitles if stream.codec in _OF_WORDS]
        if others := len(facts.subtitles) - len(streams):
            message = f"holds {others} subtitles as pictures, which are not shown: put them beside it as SRT"
            remarks.append(warning(label, message))
        try:
            kept = context.scratch.reserve("subtitles.mkv").path
            ffmpeg = Ffmpeg.found(context.workers.programs)
            texts = ffmpeg.subtitles(file.source.path, streams, kept) if streams else []
        except SourceError as error:
            remarks.append(warning(label, f"the subtitles in it cannot be read: {error.what}"))
            continue
        for stream, text in zip(streams, texts, strict=True):
            yield context.scratch.keep(text, label), language_tag(stream.language)


def poster_of(files: Files, titles: Sequence[str], context: ReadContext, remarks: list[Remark]) -> Picture | None:
    """Return the picture called as a poster is, or as one of the `titles`, else the only one."""
    pictures = [file for file in files if file.kind is FileKind.PICTURE]
    called = [file for file in pictures if _POSTER.fullmatch(plain(_name(file))) or is_called_cover(file.path.name)]
    own = {words_of_title(title) for title in titles}
    alike = [file for file in pictures if words_of_title(_name(file)) in own]
    chosen = next(iter((*called, *alike, *(pictures if len(pictures) == 1 else ()))), None)
    for file in pictures:
        picture = context.pictures.get(file.source)
        if isinstance(picture, Missing):
            remarks.append(warning(file.source.label, f"cannot be read as a picture: {picture.reason}"))
        elif file is chosen:
            remarks.append(Remark(file.source.label, Outcome.TAKEN, "the poster"))
        else:
            message = "one picture stands for the work, and this is another (`cover` chooses)"
            remarks.append(Remark(file.source.label, Outcome.PASSED_OVER, message))
    picture = context.pictures.get(chosen.source) if chosen else None
    return picture if isinstance(picture, Picture) else None


def cover_in(told: Sequence[tuple[SourceFile, SourceFacts]], context: ReadContext) -> Picture | None:
    """Return the picture that the first of the files with one carries for itself, as albums do."""
    for file, facts in told:
        if facts.cover is not None:
            with suppress(SourceError):
                data = Ffmpeg.found(context.workers.programs).cover(file.source.path, facts.cover)
                picture = context.header(context.scratch.keep(data, f"{file.source.label}/cover.png"))
                return picture if isinstance(picture, Picture) else None
    return None


def _name(file: SourceFile) -> str:
    return endings.stem(file.path.name)


def chapters_of(files: Files, context: ReadContext, remarks: list[Remark]) -> Chapters:
    """Return the chapters that a file called `chapters.txt` lists."""
    for file in files:
        if file.kind is FileKind.TEXT and _CHAPTER_FILE.fullmatch(file.path.name):
            listed = listed_chapters(context.ask(file.source, text_of, file.source))
            if listed:
                remarks.append(Remark(file.source.label, Outcome.TAKEN, f"{len(listed)} chapters"))
                return listed
            remarks.append(warning(file.source.label, "lists no chapters: write each as in `0:12:30 The harbour`"))
    return ()


def listed_chapters(text: str) -> Chapters:
    """Return the chapters of a text with a line for each, as in `0:12:30 The harbour` or in OGM's two lines."""
    names = dict(_CHAPTER_NAME.findall(text))
    found = []
    for number, hours, minutes, seconds, part, title in _CHAPTER_TIME.findall(text):
        start = ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((part or "0").ljust(3, "0"))
        found.append((names.get(number, title).strip(" \t-–—:"), start))
    return tuple(sorted((one for one in found if one[0]), key=lambda one: one[1]))
