"""The words of a film in files beside it: SubRip in UTF-8, and SAMI in the Korean code page for TVs that want it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from math import inf
from pathlib import PurePosixPath
from unicodedata import normalize

from packager.config.film_limits import SubtitlePlace
from packager.layout.build_input import BuildInput
from packager.layout.cues import changes, in_order
from packager.layout.film_views import CueView
from packager.layout.photo import file_name
from packager.layout.views import ListingView
from packager.layout.works import clock
from packager.model import Cue, Document, Entry, Subtitles

_CODE_PAGE = "cp949"
_KOREAN_TVS = ("KRCC", "ko-KR"), ("ENCC", "en-US")  # what they call languages by
_READABLE = 0.9  # of the letters the code page must have so many, be it without their accents
_MINUTE_MS = 60_000
_MARK = re.compile(r"&(?=#?\w)|<(?=[a-zA-Z/!])")  # what would be read as a mark; other such signs stay as they are
_TAG, _BEGUN = re.compile(r"<([^<>\s][^<>]*)>"), re.compile(r"<(?=\S)")
_OVERRIDE = re.compile(r"\{\\+")


def beside(path: PurePosixPath, words: Iterable[Subtitles], build: BuildInput) -> Iterator[Entry]:
    """Yield the files with the words of the film's file `path`, where the profile's devices know such files."""
    for name, tracks in named(path, map(_without_tags, words), build):
        if name.suffix.lower() == ".smi":
            document = Document("listing.txt", ListingView(tuple(smi(tracks, build)), mark=""), codec=_CODE_PAGE)
        else:
            document = Document("listing.txt", ListingView(tuple(srt(tracks[0].cues))))
        yield build.document(name, document)


def named(
    path: PurePosixPath, words: Iterable[Subtitles], build: BuildInput
) -> Iterator[tuple[PurePosixPath, tuple[Subtitles, ...]]]:
    """Yield the paths of these files, and what stands in each.

    The first language has the film's own name, by which devices find it, others have their tags behind it.
    """
    if SubtitlePlace.BESIDE not in build.profile.film.subtitles:
        return
    types, tracks = build.profile.types, in_order(words, build.languages)
    for number, one in enumerate(tracks if "srt" in types else ()):
        stem = f"{path.stem}_{one.language}" if number else path.stem
        yield path.with_name(file_name(stem, "srt", build)), (one,)
    if "smi" in types and (readable := tuple(filter(_is_readable, tracks))):
        yield path.with_name(file_name(path.stem, "smi", build)), readable


def within(subtitles: Subtitles, begin_s: float, end_s: float) -> Subtitles:
    """Return the words of a part of a film, at their times in it."""
    if (begin_s, end_s) == (0, inf):
        return subtitles
    begin_ms = round(begin_s * 1000)
    cues = (
        replace(cue, start_ms=max(0, cue.start_ms - begin_ms), end_ms=round(min(cue.end_ms, end_s * 1000)) - begin_ms)
        for cue in subtitles.cues
        if cue.start_ms < end_s * 1000 and cue.end_ms > begin_ms
    )
    return replace(subtitles, cues=tuple(cues))


def minutes(cues: Iterable[Cue]) -> Iterator[tuple[str, tuple[CueView, ...]]]:
    """Yield the words of each minute that has any, with its time, in the order of a film."""
    for minute, inner in groupby(cues, key=lambda cue: cue.start_ms // _MINUTE_MS):
        shown = tuple(CueView(cue.start_ms, cue.end_ms, cue.lines) for cue in inner)
        yield clock(minute * _MINUTE_MS / 1000), shown


def srt(cues: Iterable[Cue]) -> Iterator[str]:
    """Yield the lines of a SubRip file."""
    for number, cue in enumerate(cues, 1):
        yield from (str(number), f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}", *cue.lines, "")


def smi(tracks: Sequence[Subtitles], build: BuildInput) -> Iterator[str]:
    """Yield the lines of a SAMI file with a class for each language, in the letters of the Korean code page."""
    known = {tag.partition("-")[0]: (name, tag) for name, tag in _KOREAN_TVS}
    classes = [known.get(one.language, (one.language.upper().replace("-", "") + "CC", one.language)) for one in tracks]
    yield from ("<SAMI>", "<HEAD>", '<STYLE TYPE="text/css">', "<!--", "P { text-align: center; }")
    for one, (name, tag) in zip(tracks, classes, strict=True):
        yield f".{name} {{ Name: {_in_code_page(build.name_of(one.language))}; lang: {tag}; SAMIType: CC; }}"
    yield from ("-->", "</STYLE>", "</HEAD>", "<BODY>")
    shown: dict[int, list[tuple[str, str]]] = {}
    for one, (name, _) in zip(tracks, classes, strict=True):
        for time, text in changes(one.cues):
            shown.setdefault(time, []).append((name, text))
    for time in sorted(shown):
        for name, text in shown[time]:
            yield f"<SYNC Start={time}><P Class={name}>"
            lines = (" ".join(_in_code_page(line).split()) for line in text.split("\n"))
            yield "<br>".join(_marked(line) for line in lines if line) or "&nbsp;"
    yield from ("</BODY>", "</SAMI>")


def _without_tags(subtitles: Subtitles) -> Subtitles:
    """Words in other brackets where they stand between < and >: players take these for a tag, and show none of it."""
    cues = (replace(cue, lines=tuple(_without_tag("\n".join(cue.lines)).split("\n"))) for cue in subtitles.cues)
    return replace(subtitles, cues=tuple(cues))


def _without_tag(text: str) -> str:
    text = _TAG.sub(r"〈\1〉", text)
    end = text.rfind(">") + 1  # of any in which another stood
    text = _BEGUN.sub("〈", text[:end]) + text[end:]
    return _OVERRIDE.sub("{", text.replace("<!--", "〈!--"))


def _marked(text: str) -> str:
    return _MARK.sub(lambda found: {"&": "&amp;", "<": "&lt;"}[found[0]], text)


def _is_readable(subtitles: Subtitles) -> bool:
    signs = Counter("".join("".join(cue.lines) for cue in subtitles.cues))
    letters = {sign: times for sign, times in signs.items() if sign.isalpha()}
    readable = (times for letter, times in letters.items() if _has(letter) or _has(normalize("NFD", letter)[0]))
    return sum(readable) >= _READABLE * sum(letters.values())


def _has(text: str) -> bool:
    with suppress(UnicodeEncodeError):
        return bool(text.encode(_CODE_PAGE))
    return False


def _in_code_page(text: str) -> str:
    """The text with what the code page lacks in the nearest letters that it has."""
    if _has(text):
        return text
    from anyascii import anyascii

    return "".join(letter if _has(letter) else anyascii(letter) for letter in text)


def _clock(milliseconds: int) -> str:
    seconds, part = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{part:03}"
