"""What lies beside film and sound, or in them, and belongs to them: subtitles, a poster, pages about them, chapters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from packager.errors import SourceError
from packager.film.ffmpeg import Ffmpeg
from packager.film.probe import SourceFacts
from packager.layout.works import clock
from packager.model import Missing, Outcome, Picture, Remark, Source, Subtitles, warning
from packager.readers.context import ReadContext
from packager.readers.encodings import text_of
from packager.readers.files import FileKind, Files, SourceFile
from packager.readers.films.subtitles import subtitles
from packager.readers.language import folder_language, language_name, same_language
from packager.readers.publications import mentions_in
from packager.readers.recorded import base_of
from packager.text import endings
from packager.text.numerals import plain
from packager.text.order import is_called_cover
from packager.text.spelling import language_tag

_POSTER = re.compile(r"(?:.* )?(?:poster|cover|folder|movie|affiche|cartel|постер|포스터|海报|海報|ポスター)")
_OF_WORDS = ("subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text")  # as ffmpeg calls them; others are pictures
_LATE_S = 2  # behind a film's end may stand what is seen to it
_PART = re.compile(r"[\W_]+")
_ALSO_CALLED = {"chs": "zh-Hans", "sc": "zh-Hans", "cht": "zh-Hant", "tc": "zh-Hant", "kr": "ko", "jp": "ja"}
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
    found: dict[str, tuple[Subtitles, str]] = {}
    names = [base_of(file).name for file, _ in films]
    beside = [file for file in files if file.kind is FileKind.SUBTITLES]
    sources = [(file.source, language_beside(file.path, names)) for file in beside]
    for source, language in [*sources, *_inside(films, context, remarks)]:
        try:
            read = context.ask(source, parsed, source, language)
        except SourceError as error:
            remarks.append(warning(source.label, f"{error.what}: no subtitles are shown from it"))
            continue
        if not read.subtitles:
            remarks.append(warning(source.label, "holds no subtitles that can be read"))
        for one in read.subtitles:
            _add(one, source.label, found, context.language, remarks)
            remarks += _behind_the_end(one, source.label, films)
        remarks += mentions_in(read.text, source.label)
    return tuple(one for one, _ in found.values())


def _add(
    new: Subtitles, label: str, found: dict[str, tuple[Subtitles, str]], wanted: str, remarks: list[Remark]
) -> None:
    """Keep subtitles in a language that there are none in yet, or more of them."""
    name, count = language_name(new.language), len(new.cues)
    if wanted and not same_language(new.language, wanted) and any(same_language(one, wanted) for one in found):
        remarks.append(Remark(label, Outcome.LEFT_OUT, f"only {language_name(wanted)} was asked for"))
        return
    other, where = found.get(new.language, (None, ""))
    if other is None or len(other.cues) < count:
        found[new.language] = new, label
        remarks.append(Remark(label, Outcome.TAKEN, f"subtitles in {name}, {count:,} of them"))
        label, other, count = where, new if other else None, len(other.cues) if other else 0
    if other is not None:
        message = f"its {count:,} subtitles in {name} are not shown: others in this language are more"
        same = f"the same subtitles in {name} are taken from another file"
        is_same = count == len(other.cues)
        remarks.append(Remark(label, Outcome.PASSED_OVER if is_same else Outcome.WARNING, same if is_same else message))


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


def language_beside(path: PurePosixPath, names: Sequence[str]) -> str:
    """Return the language that subtitles say behind a film's name, as in `film.ko.srt` and `Film_Korean.forced.srt`."""
    own = endings.stem(path.name)
    film = max((name for name in names if own.startswith(name)), key=len, default="")
    words = _PART.split(own[len(film) :])
    told = (
        _ALSO_CALLED.get(word.lower()) or folder_language(word) or _by_three_letters(word) for word in reversed(words)
    )
    return next(filter(None, (*told, folder_language(path.parent.name))), "")


def _by_three_letters(word: str) -> str:
    tag = language_tag(word) if len(word) == 3 else ""
    return tag if len(tag) == 2 else ""


def poster_of(files: Files, titles: Sequence[str], context: ReadContext, remarks: list[Remark]) -> Picture | None:
    """Return the picture called as a poster is, or as one of the `titles`, else the only one."""
    pictures = [file for file in files if file.kind is FileKind.PICTURE]
    called = [file for file in pictures if _POSTER.fullmatch(plain(_name(file))) or is_called_cover(file.path.name)]
    alike = [file for file in pictures if _name(file) in titles]
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
