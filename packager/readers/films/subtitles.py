"""Subtitles -> cues: SAMI, SubRip, WebVTT and SubStation, told by what stands in them and not by their names.

ffmpeg is not asked: it drops every cue of SAMI in CP949, and ends others where they begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape
from itertools import pairwise, zip_longest

from packager.model import Cue, Subtitles
from packager.readers.language import guess, guess_by_script, language_called
from packager.text.spelling import language_tag
from packager.text.terminal import clean

_SAMI = re.compile(r"<sami\b|<sync\b[^<>]*\bstart\b", re.IGNORECASE)
_SYNC = re.compile(r"<sync\b([^<>]*)>?", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p\b([^<>]*)>", re.IGNORECASE)
_CLASS = re.compile(r"\bclass\s*=[\s\"']*([^\s\"'>]+)", re.IGNORECASE)
_START, _END = (re.compile(rf"\b{name}\s*=[\s\"']*([-+]?\d{{1,12}})", re.IGNORECASE) for name in ("start", "end"))
_STYLE = re.compile(r"\.([\w-]+)\s*\{([^{}]*)\}")
_STYLE_LANGUAGE = re.compile(r"\blang\s*:\s*[\"']?([\w-]+)", re.IGNORECASE)
# What Korean subtitles call their languages by, where no style says more.
_CLASSES = {"KRCC": "ko", "KOCC": "ko", "ENCC": "en", "EGCC": "en", "USCC": "en", "JPCC": "ja", "CNCC": "zh"}

_CLOCK = r"(?:(\d{1,3})\s*:\s*)?(\d{1,2})\s*:\s*(\d{1,2})(?:\s*[.,:]\s*(\d{1,3}))?"
_TIMES = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-{{1,2}}>[ \t]*{_CLOCK}[^\n]*$", re.MULTILINE)
_VTT = re.compile(r"\s*WEBVTT(?=\s|$)")
_NUMBER = re.compile(r"(?:^|\n)[ \t]*\d+[ \t]*\n*\Z")

_EVENTS = re.compile(r"^\[Events\]", re.MULTILINE | re.IGNORECASE)
_ASS_CLOCK = re.compile(r"\s*-?(\d{1,4})\d*:(\d{1,2}):(\d{1,2})[.:](\d{1,3})")
_OVERRIDES = re.compile(r"(\{[^{}]*\})")
_STRAY_OVERRIDES = re.compile(r"\{\\[^{}]*\}")  # in SubRip; braces around words are the writer's
_DRAWING = re.compile(r"\\p(\d)")

# Of HTML, and of WebVTT; what else stands between such signs are words: `<i think>`.
_TAG = re.compile(
    r"</?(?:p|v|font|span|div|table|t[rdh]|body|sami|ruby|r[tp]|lang)(?=[\s./>])[^<>]*>"
    r"|</?(?:[abcisu]|em|strong|center|big|small)(?:\.[^\s<>]*)?(?:\s+[^\s<>=]+\s*=[^<>]*)?\s*/?>"
    r"|</sync\s*>|<\d\d:[\d:.]+>|<!--(?:(?!<!--|-->).)*-->",
    re.DOTALL | re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>|</p>", re.IGNORECASE)
# How long words stand that have no end: Netflix's guides count 17 signs a second, and no less than five sixths.
_SIGNS_A_SECOND, _LEAST_MS, _MOST_MS = 17, 833, 7_000

_LATEST_MS = 100 * 3_600_000  # later than any film; some end with words there that are not to be seen


def subtitles(text: str, language: str = "") -> tuple[Subtitles, ...]:
    """Return the cues of a text by language, each in the order of time; nothing where the text is no subtitles.

    `language` is what the name of the file says; else its own word counts, else its letters ("und": they tell nothing).
    """
    marks = {form: mark.start() for form in (_SAMI, _EVENTS, _TIMES) if (mark := form.search(text))}
    form = min(marks, key=lambda one: marks[one], default=_TIMES)  # people in films may say what stands in others
    by_class = _sami(text) if form is _SAMI else {"": list(_substation(text) if form is _EVENTS else _timed(text))}
    named = {name for name, cues in by_class.items() if cues}
    return tuple(
        Subtitles(_language(name, text, cues, language if len(named) == 1 else ""), _in_time(cues))
        for name, cues in by_class.items()
        if cues
    )


def _language(name: str, text: str, cues: Iterable[Cue], told: str) -> str:
    if told:
        return told
    styles = dict(_STYLE.findall(text)) if name else {}
    style = next((body for one, body in styles.items() if one.casefold() == name.casefold()), "")
    if (found := _STYLE_LANGUAGE.search(style)) and (tag := language_tag(found[1])):
        # Its country every style names, though only of Chinese it says how the words are written.
        return tag if tag.startswith("zh") else tag.partition("-")[0]
    by_name = _CLASSES.get(name.upper()) or language_called(name)
    return by_name or _guessed([line for cue in cues for line in cue.lines])


def _guessed(lines: list[str]) -> str:
    """Return the language of the lines; where English stands below each, that of the others."""
    others = [line for line in lines if guess_by_script(line)]
    return guess("\n".join(others if len(others) * 4 > len(lines) else lines))


def _in_time(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Return the cues in order, each once and with an end: before the next where it has none of its own."""
    early = (replace(cue, start_ms=min(cue.start_ms, _LATEST_MS), end_ms=min(cue.end_ms, _LATEST_MS)) for cue in cues)
    ordered = sorted(dict.fromkeys(early), key=lambda cue: cue.start_ms)
    nexts = [*(after.start_ms for _, after in pairwise(ordered)), None]
    return tuple(_with_end(cue, after) for cue, after in zip(ordered, nexts, strict=True))


def _with_end(cue: Cue, following_ms: int | None) -> Cue:
    if cue.end_ms > cue.start_ms:
        return cue
    signs = sum(map(len, cue.lines))
    end = cue.start_ms + min(_MOST_MS, max(_LEAST_MS, signs * 1000 // _SIGNS_A_SECOND))
    if following_ms is not None and following_ms > cue.start_ms:
        end = min(end, following_ms)
    return replace(cue, end_ms=end)


def _sami(text: str) -> dict[str, list[Cue]]:
    """The cues by class; one ends where its class is heard of again, be it with words or with none.

    What names no class is of the only one that there is; where there are several, nothing without a class ends all.
    """
    classes = (_CLASS.search(mark[1]) for mark in _PARAGRAPH.finditer(text))
    named = {one[1].upper() for one in classes if one}
    only = named.pop() if len(named) == 1 else ""
    found: dict[str, list[Cue]] = {}
    is_open: dict[str, bool] = {}
    start_ms = 0
    for times, content in _syncs(text):
        told_ms = _told_ms(_START.search(times))
        start_ms = start_ms if told_ms is None else told_ms  # words that tell no time stay with those before them
        for told, words in _by_class(content):
            name, lines = told or only, _lines(words)
            cues = found.setdefault(name, [])
            continues = bool(lines) and is_open.get(name, False) and cues[-1].start_ms == start_ms
            for one in [name] if name or lines else [*found]:
                if is_open.get(one) and found[one][-1].end_ms <= found[one][-1].start_ms < start_ms:
                    found[one][-1] = replace(found[one][-1], end_ms=start_ms)
                is_open[one] = one == name and bool(lines)
            if continues:
                cues[-1] = replace(cues[-1], lines=(*cues[-1].lines, *lines))
            elif lines:
                cues.append(Cue(start_ms, _told_ms(_END.search(times)) or start_ms, lines))
    return found


def _told_ms(found: re.Match[str] | None) -> int | None:
    return max(0, int(found[1])) if found else None


def _syncs(text: str) -> Iterator[tuple[str, str]]:
    marks = list(_SYNC.finditer(text))
    for mark, end in _stretches(marks, text):
        yield mark[1], text[mark.end() : end]


def _stretches(marks: list[re.Match[str]], text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Each mark, and where the next begins or the text ends."""
    return ((mark, after.start() if after else len(text)) for mark, after in zip_longest(marks, marks[1:]) if mark)


def _by_class(content: str) -> Iterator[tuple[str, str]]:
    marks = list(_PARAGRAPH.finditer(content))
    if not marks:
        yield "", content
    elif before := content[: marks[0].start()].strip():
        yield "", before
    for mark, end in _stretches(marks, content):
        name = _CLASS.search(mark[1])
        yield name[1].upper() if name else "", content[mark.end() : end]


def _timed(text: str) -> Iterator[Cue]:
    """The cues of SubRip and WebVTT: the words between a line of times and the next, without the number before that."""
    marks = list(_TIMES.finditer(text))
    is_vtt = bool(_VTT.match(text))
    is_numbered = bool(marks) and bool(_NUMBER.search(text[: marks[0].start()]))
    for mark, end in _stretches(marks, text):
        words = text[mark.end() : end]
        if is_vtt:
            # A cue ends with an empty line; what stands behind it is the name of the next, a note or a style.
            words = re.split(r"\n[ \t]*\n", words.lstrip("\n") if words.strip() else "", maxsplit=1)[0]
        elif end < len(text) and is_numbered:
            words = _NUMBER.sub("", words.rstrip(" \t\n") + "\n")
        if lines := _lines(words, keeps_breaks=True):
            yield Cue(_milliseconds(*mark.groups()[:4]), _milliseconds(*mark.groups()[4:]), lines)


def _substation(text: str) -> Iterator[Cue]:
    """The dialogue of SubStation Alpha, without what is drawn; comments are not shown."""
    start_ms = 0
    columns = "layer start end style name marginl marginr marginv effect text".split()
    for line in text[_EVENTS.search(text).end() :].split("\n"):  # type: ignore[union-attr] # it was found before
        kind, _, rest = line.partition(":")
        if kind.strip().casefold() == "format":
            columns = [name.strip().casefold() for name in rest.split(",")]
        elif kind.strip().casefold() == "dialogue":
            values = dict(zip(columns, rest.split(",", len(columns) - 1), strict=False))
            start, end = (_ASS_CLOCK.match(values.get(name, "")) for name in ("start", "end"))
            start_ms = _milliseconds(*start.groups()) if start else start_ms  # without a time with those before them
            plain = "".join(_undrawn(values.get("text", "")))
            plain = plain.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
            if lines := _lines(plain, keeps_breaks=True, is_marked=False):
                yield Cue(start_ms, _milliseconds(*end.groups()) if end else start_ms, lines)


def _undrawn(words: str) -> Iterator[str]:
    """The pieces of words between overrides, but for those that say how something is drawn."""
    is_drawn = False
    for number, piece in enumerate(_OVERRIDES.split(words)):
        if number % 2:
            is_drawn = next((told != "0" for told in reversed(_DRAWING.findall(piece))), is_drawn)
        elif not is_drawn:
            yield piece


def _milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    part = int((fraction or "0").ljust(3, "0"))
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + part


def _lines(words: str, *, keeps_breaks: bool = False, is_marked: bool = True) -> tuple[str, ...]:
    """The lines of a cue without its marks; in SAMI a line ends at its mark alone."""
    text = words if keeps_breaks else " ".join(words.split())
    if is_marked:
        text = clean(unescape(_TAG.sub("", _STRAY_OVERRIDES.sub("", _BREAK.sub("\n", text)))))
    plain = (
        clean(" ".join(line.split())) for line in text.split("\n")
    )  # some signs are hidden by what they stand behind
    lines = (" ".join(line.split()) for line in plain)
    return tuple(line for line in lines if line)
