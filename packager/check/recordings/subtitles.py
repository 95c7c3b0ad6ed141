"""Subtitles beside films, in the one form that we write: SubRip in UTF-8 with its mark, SAMI in CP949.

They are read, written again, and compared, so that nothing fits between what players show.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from unicodedata import category

from packager.check.facts import FormProblem, Problem, RecordingFacts
from packager.check.markup import document_text_problems, text_problems

_CODE_PAGE = "cp949"
_CLOCK = r"(\d\d|[1-9]\d\d):([0-5]\d):([0-5]\d),(\d{3})"
_CUE = re.compile(rf"(\d{{1,7}})\n{_CLOCK} --> {_CLOCK}\n((?:[^\n]+\n)+)\n")
_ENDS = re.compile(rf"--> {_CLOCK}")
_STARTS = re.compile(r"<SYNC Start=(\d{1,9})>")
_HEAD = '<SAMI>\n<HEAD>\n<STYLE TYPE="text/css">\n<!--\nP { text-align: center; }\n'
_STYLE = re.compile(r"\.(\w+) \{ Name: ([^;{}<>\n]{1,40}); lang: ([a-z]{2,3}(?:-\w{2,8}){0,2}); SAMIType: CC; \}\n")
_BODY, _END = "-->\n</STYLE>\n</HEAD>\n<BODY>\n", "</BODY>\n</SAMI>\n"
_SAMI_CUE = re.compile(r"<SYNC Start=(\d{1,9})><P Class=(\w+)>\n([^\n]+)\n")
_KOREAN_TVS = {"KRCC": "ko-KR", "ENCC": "en-US"}  # what they call languages by
# What players take for a mark, and do not show. In SAMI other signs of that kind stay as they are.
_SUB_RIP_MARK = re.compile(r"<[^<>\s][^<>]*>|<!--|\{\\")
_SAMI_MARK = re.compile(r"&(?=#?\w)|<(?=[a-zA-Z/!])")
_WRITTEN = {"&": "&amp;", "<": "&lt;"}
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")  # Unicode categories


def subtitle_facts(ending: str, data: bytes) -> tuple[RecordingFacts, tuple[Problem, ...]]:
    """Return what is wrong with subtitles whose name ends so, and what they show their readers."""
    if ending == "srt":
        text = data.decode("utf-8", "replace").removeprefix("\ufeff")
        problems = (*_coded_as_utf8(data), *_sub_rip(_with_plain_ends(text)))
        last_ms = max((_milliseconds(clock) for clock in _ENDS.findall(text)), default=0)
        return RecordingFacts(problems=problems, last_s=last_ms / 1000), text_problems(text)
    text = data.decode(_CODE_PAGE, "replace")
    problems = (*_coded_as_cp949(data), *_sami(_with_plain_ends(text)))
    last_ms = max(map(int, _STARTS.findall(text)), default=0)
    return RecordingFacts(problems=problems, last_s=last_ms / 1000), document_text_problems(text)


def _with_plain_ends(text: str) -> str:
    """The text with plain line ends where all of its are of one kind."""
    plain = text.replace("\r\n", "\n")
    return plain if plain.replace("\n", "\r\n") == text else text


def _coded_as_utf8(data: bytes) -> Iterator[FormProblem]:
    if not _is_coded(data, "utf-8"):
        yield "F301", "it is not UTF-8"
    elif not data.startswith(codecs.BOM_UTF8):
        yield "F301", "it does not begin with the mark of UTF-8, without which TVs take it for another encoding"


def _coded_as_cp949(data: bytes) -> Iterator[FormProblem]:
    if not _is_coded(data, _CODE_PAGE) or (_is_coded(data, "utf-8") and not data.isascii()):
        yield "F301", "it is not in the Korean code page (CP949)"


def _is_coded(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _sub_rip(text: str) -> Iterator[FormProblem]:
    at, number, before = 0, 0, 0
    while found := _CUE.match(text, at):
        at, number = found.end(), number + 1
        start, end = _milliseconds(found.groups()[1:5]), _milliseconds(found.groups()[5:9])
        if found[1] != str(number):
            yield "F302", f"cue {number} has the number {found[1]}"
            return
        if not before <= start < end:
            yield "F302", f"cue {number} is out of order, or has no length"
            return
        if not all(map(_is_shown, found[10].splitlines())) or _SUB_RIP_MARK.search(found[10]):
            yield "F302", f"cue {number} holds something that players do not show"
            return
        before = start
    if at < len(text):
        yield "F302", f"there is no cue in line {text.count(chr(10), 0, at) + 1}"


def _sami(text: str) -> Iterator[FormProblem]:
    styles = list(_styles(text))
    named, at = {name for name, *_ in styles}, len(_HEAD) + sum(len(whole) for *_, whole in styles)
    if not text.startswith(_HEAD) or not text.startswith(_BODY, at) or not all(map(_is_known, styles)):
        yield "F302", "its head is not as packager writes it"
        return
    at += len(_BODY)
    times: dict[str, int] = dict.fromkeys(named, -1)
    before = 0
    while found := _SAMI_CUE.match(text, at):
        at, start = found.end(), int(found[1])
        if found[2] not in named or not _is_shown_in_sami(found[3]) or str(start) != found[1]:
            yield "F302", f"the words at {start:,} milliseconds hold something that players do not show"
            return
        if start < before or start <= times[found[2]]:
            yield "F302", f"the words at {start:,} milliseconds are out of order"
            return
        before = times[found[2]] = start
    if text[at:] != _END:
        yield "F302", f"there are no words in line {text.count(chr(10), 0, at) + 1}"
    elif -1 in times.values():
        yield "F302", "its head has a language without words"


def _styles(text: str) -> Iterator[tuple[str, str, str, str]]:
    """The class of each language, its name and tag, and the line with them."""
    at = len(_HEAD)
    while found := _STYLE.match(text, at):
        at = found.end()
        yield found[1], found[2], found[3], found[0]


def _is_known(style: tuple[str, str, str, str]) -> bool:
    """Whether a class follows from its language, and that is called by letters alone."""
    name, called, tag, _ = style
    usual = _KOREAN_TVS.get(name) or tag
    return (name in _KOREAN_TVS or name == tag.upper().replace("-", "") + "CC") and tag == usual and _is_shown(called)


def _is_shown_in_sami(text: str) -> bool:
    """Whether words are those that players show, and written as we write them; a line without any says so."""
    if text == "&nbsp;":
        return True
    lines = [line.replace("&lt;", "<").replace("&amp;", "&") for line in text.split("<br>")]
    again = "<br>".join(_SAMI_MARK.sub(lambda found: _WRITTEN[found[0]], line) for line in lines)
    return again == text and all(map(_is_shown, lines))


def _is_shown(line: str) -> bool:
    """Whether a line has no spaces at its ends or beside each other, and only signs that are seen."""
    return line == " ".join(line.split()) != "" and not any(category(sign) in _UNSEEN for sign in line)


def _milliseconds(clock: tuple[str, ...]) -> int:
    hours, minutes, seconds, rest = map(int, clock)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
