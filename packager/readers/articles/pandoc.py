"""Documents that pandoc reads -> a web page with their pictures inside it, where pandoc is installed."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from packager.archive.read import read_source
from packager.errors import SourceError
from packager.limits import LIMITS
from packager.model import Source

FORMATS = {
    ".odt": "odt",
    ".rtf": "rtf",
    ".fb2": "fb2",
    ".rst": "rst",
    ".org": "org",
    ".textile": "textile",
    ".tex": "latex",
    ".docbook": "docbook",
}
"""Pandoc's name of a format by the ending of a file's name."""


def page_of(source: Source, kind: str) -> bytes:
    """The document as HTML; raises SourceError where pandoc is missing or cannot read it."""
    data = read_source(source)
    # Where a picture lies elsewhere, pandoc gives the page up; without pictures inside, the page says where it lies.
    for pictures in (["--self-contained"], []):
        done = _run(source, data, ["--from", FORMATS[kind], "--to", "html", *pictures])
        if not done.returncode:
            return done.stdout
    told = done.stderr.decode("utf-8", "replace").strip().splitlines()
    raise _unread(source, f"pandoc cannot read it: {told[-1] if told else 'no reason given'}")


def _run(source: Source, data: bytes, arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    """What pandoc says, which reads nothing but `data` and has a limit on its memory."""
    command = ["pandoc", "--sandbox", "+RTS", f"-M{LIMITS.memory_bytes}", "-RTS", *arguments]
    try:
        return subprocess.run(command, input=data, capture_output=True, timeout=LIMITS.seconds, check=False, cwd="/")
    except FileNotFoundError:
        hint = "Install the package `pandoc`, or save the document as DOCX, HTML or plain text."
        raise _unread(source, "is read with pandoc, which is not installed", hint) from None
    except subprocess.TimeoutExpired:
        raise _unread(source, f"pandoc took longer than {LIMITS.seconds:g} seconds to read it") from None


def _unread(source: Source, why: str, hint: str = "Save it as DOCX or HTML in a word processor.") -> SourceError:
    return SourceError(why, where=source.label, hint=hint)
