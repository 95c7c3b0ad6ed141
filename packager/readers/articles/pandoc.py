"""Documents that pandoc reads -> a page with its pictures beside it as MHTML, where pandoc is installed."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packager.errors import SourceError
from packager.sandbox.limits import LIMITS
from packager.sandbox.programs import SOURCE, FailedProgram, MissingProgram, Programs

FORMATS = {
    ".rst": "rst",
    ".org": "org",
    ".textile": "textile",
    ".tex": "latex",
    ".docbook": "docbook",
}
"""Pandoc's name of a format by the ending of a file's name."""

_FILTER = Path(__file__).with_name("pandoc_filter.lua")
_PICTURE = re.compile(rb"picture (image/[A-Za-z0-9.+-]+) (\d{1,9})\n")
# Less than the process may have: only when its own limit is reached, Haskell's runtime says so in words.
_HEAP_BYTES = LIMITS.program_memory_bytes - (100 << 20)
_NOT_INCLUDED = re.compile(r"\[WARNING\] Could not (?:load|parse) include file (.+)")
_SKIPPED = re.compile(r"\[INFO\] (?:Skipped '(.+)'|Ignored (element .+))")
_NOT_FOUND = re.compile(r"File (.+) not found in resource path")
_INSTALL = "Install the package `pandoc`, or save the document as DOCX, HTML or plain text."
_SAVE = "Save it as DOCX or HTML in a word processor."


@dataclass(frozen=True, slots=True)
class PandocPage:
    """A document as MHTML; the files that it includes and that are not in it, and what of it pandoc does not know."""

    mail: bytes
    not_included: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


def page_of(path: Path, kind: str, programs: Programs) -> PandocPage:
    """Return the document at `path`; raises SourceError without `where` where pandoc is missing or cannot read it.

    The pictures are those inside the document: what lies beside it, or elsewhere, pandoc does not see.
    """
    command = ["pandoc", "--sandbox", "--verbose", "+RTS", f"-M{_HEAP_BYTES}", "-RTS"]
    command += [
        "--lua-filter",
        str(_FILTER),
        "--standalone",
        "--from",
        FORMATS[kind],
        "--to",
        "html",
        str(path.absolute()),
    ]
    words: list[str] = []
    try:
        page = programs.output(
            *command,
            reads=(path, _FILTER),
            processor_s=LIMITS.text_processor_seconds,
            most_bytes=LIMITS.in_memory_bytes,
            tell=words.append,
        )
    except MissingProgram as error:
        raise SourceError(error.what, hint=_INSTALL) from error
    except FailedProgram as error:
        if "+RTS -M" in error.what:  # its own advice
            raise SourceError(f"reading it takes pandoc more than {_HEAP_BYTES >> 20} MB of memory") from error
        hint = _SAVE
        if missing := _NOT_FOUND.search(error.what):
            hint = f"It includes {missing[1]}, which no build reads: put what it holds into the document. {_SAVE}"
        raise SourceError(f"pandoc cannot read it: {error.what}", hint=hint) from error
    lines = [line.partition(f" at {SOURCE} line ")[0] for line in "".join(words).splitlines()]
    return PandocPage(b"".join(_mail(page)), _named(_NOT_INCLUDED, lines), _named(_SKIPPED, lines))


def _named(pattern: re.Pattern[str], lines: Sequence[str]) -> tuple[str, ...]:
    """What the lines of this form name, each once."""
    matches = filter(None, map(pattern.fullmatch, lines))
    return tuple(dict.fromkeys(next(filter(None, match.groups())) for match in matches))


def _mail(output: bytes) -> Iterator[bytes]:
    """The page and its pictures as parts of a mail (RFC 2557); the filter writes the pictures before the page."""
    # No line of base64 begins so, and no header of ours.
    yield b"Content-Type: multipart/related; boundary=part\r\n"
    number, rest = 0, memoryview(output)
    while head := _PICTURE.match(rest):
        number += 1
        end = head.end() + int(head[2])
        yield _part(b"Content-Type: %s\r\nContent-ID: <%d>" % (head[1], number), rest[head.end() : end])
        rest = rest[end:]
    yield _part(b"Content-Type: text/html; charset=utf-8", rest)
    yield b"\r\n--part--\r\n"


def _part(headers: bytes, data: memoryview) -> bytes:
    coded = base64.encodebytes(data)
    return b"\r\n--part\r\n%s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s" % (headers, coded)
