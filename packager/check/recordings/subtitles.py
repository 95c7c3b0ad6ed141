"""Subtitles beside films, in the one form that we write: SubRip in UTF-8 with its mark, SAMI in CP949."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from packager.check.facts import FormProblem, Problem, RecordingFacts
from packager.check.markup import document_text_problems, text_problems

_CODE_PAGE = "cp949"
_CLOCK = r"(\d{2,4}):([0-5]\d):([0-5]\d),(\d{3})"
_CUE = re.compile(rf"(\d{{1,9}})\r?\n{_CLOCK} --> {_CLOCK}\r?\n((?:[^\r\n]+\r?\n)*)\r?\n")
_SAMI_HEAD = re.compile(
    r'<SAMI>\r?\n<HEAD>\r?\n<STYLE TYPE="text/css">\r?\n<!--\r?\nP \{ text-align: center; \}\r?\n'
    r"(?:\.\w+ \{ Name: [^;{}<>\r\n]+; lang: [\w-]+; SAMIType: CC; \}\r?\n)+"
    r"-->\r?\n</STYLE>\r?\n</HEAD>\r?\n<BODY>\r?\n"
)
# Words, and of marks those that part lines and stand for signs; what begins none is a sign as it is.
_SAMI_CUE = re.compile(
    r"<SYNC Start=(\d{1,9})><P Class=\w+>\r?\n((?:<br>|&(?:nbsp|amp|lt|gt);|<(?![a-zA-Z/!])|&(?!#?\w)|[^<&\r\n])*)\r?\n"
)
_SAMI_END = re.compile(r"</BODY>\r?\n</SAMI>\r?\n")


def subtitle_facts(ending: str, data: bytes) -> tuple[RecordingFacts, tuple[Problem, ...]]:
    """Return what is wrong with subtitles whose name ends so, and what they show their readers."""
    if ending == "srt":
        text = data.decode("utf-8", "replace").removeprefix("\ufeff")
        problems = (*_coded_as_utf8(data), *_sub_rip(text))
        return RecordingFacts(problems=tuple(problems)), text_problems(text)
    text = data.decode(_CODE_PAGE, "replace")
    problems = (*_coded_as_cp949(data), *_sami(text))
    return RecordingFacts(problems=tuple(problems)), document_text_problems(text)


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
        if int(found[1]) != number:
            yield "F302", f"cue {number} has the number {found[1]}"
            return
        if not before <= start < end:
            yield "F302", f"cue {number} is out of order, or has no length"
            return
        before = start
    if at < len(text):
        yield "F302", f"there is no cue in line {text.count(chr(10), 0, at) + 1}"


def _sami(text: str) -> Iterator[FormProblem]:
    head = _SAMI_HEAD.match(text)
    if head is None:
        yield "F302", "its head is not as packager writes it"
        return
    at, before = head.end(), 0
    while found := _SAMI_CUE.match(text, at):
        at = found.end()
        if int(found[1]) < before:
            yield "F302", f"the words at {int(found[1]):,} milliseconds are out of order"
            return
        before = int(found[1])
    end = _SAMI_END.match(text, at)
    if end is None or end.end() < len(text):
        yield "F302", f"there are no words in line {text.count(chr(10), 0, at) + 1}"


def _milliseconds(clock: tuple[str, ...]) -> int:
    hours, minutes, seconds, rest = map(int, clock)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest
