"""Documents that pandoc reads -> a web page with their pictures inside it, where pandoc is installed."""

from __future__ import annotations

import subprocess

from packager.archive.read import read_source
from packager.errors import SourceError
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

_SECONDS = 120
_HEAP = "-M1g"


def page_of(source: Source, kind: str) -> bytes:
    """The document as HTML; raises SourceError where pandoc is missing or cannot read it."""
    # It reads what it is given and nothing else, asks nothing of the network, and has a limit on its memory.
    limits = ("--sandbox", "+RTS", _HEAP, "-RTS")
    command = ["pandoc", *limits, "--self-contained", "--from", FORMATS[kind], "--to", "html"]
    try:
        done = subprocess.run(
            command, input=read_source(source), capture_output=True, timeout=_SECONDS, check=False, cwd="/"
        )
    except FileNotFoundError:
        hint = "Install the package `pandoc`, or save the document as DOCX, HTML or plain text."
        raise _unread(source, f"{kind[1:].upper()} is read with pandoc, which is not installed", hint) from None
    except subprocess.TimeoutExpired:
        raise _unread(source, f"pandoc took longer than {_SECONDS} seconds to read it") from None
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _unread(source, f"pandoc cannot read it: {told[-1] if told else 'no reason given'}")
    return done.stdout


def _unread(source: Source, why: str, hint: str = "Save it as DOCX or HTML in a word processor.") -> SourceError:
    return SourceError(why, where=source.label, hint=hint)
