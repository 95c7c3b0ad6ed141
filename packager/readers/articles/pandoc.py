"""Documents that pandoc reads -> a web page with their pictures inside it, where pandoc is installed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence

from packager.archive.read import read_source
from packager.confinement.resources import limit_other
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
    """What pandoc says, which reads nothing but `data` and has the limits of a worker."""
    command = ["pandoc", "--sandbox", "+RTS", f"-M{LIMITS.memory_bytes}", "-RTS", *arguments]
    pipe = subprocess.PIPE
    try:
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd="/") as process:
            limit_other(process.pid, LIMITS.memory_bytes, LIMITS.text_processor_seconds)
            try:
                said = process.communicate(data, timeout=LIMITS.seconds)
            finally:
                process.kill()
    except FileNotFoundError:
        hint = "Install the package `pandoc`, or save the document as DOCX, HTML or plain text."
        raise _unread(source, "is read with pandoc, which is not installed", hint) from None
    except subprocess.TimeoutExpired:
        raise _unread(source, f"pandoc took longer than {LIMITS.seconds:g} seconds to read it") from None
    if sys.platform != "win32" and process.returncode == -signal.SIGXCPU:
        seconds = f"{LIMITS.text_processor_seconds:g} seconds of the processor"
        raise _unread(source, f"reading it takes pandoc more than {seconds}")
    return subprocess.CompletedProcess(command, process.returncode, *said)


def _unread(source: Source, why: str, hint: str = "Save it as DOCX or HTML in a word processor.") -> SourceError:
    return SourceError(why, where=source.label, hint=hint)
