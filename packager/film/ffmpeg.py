"""ffmpeg, a program of the system that reads what strangers made: how it is found, asked and told what to make.

It runs as all programs do (`sandbox/programs.py`): it reads the one source, writes to its output alone, starts nothing
and reaches no network. It is never linked. What it gives is a bare stream; containers are ours.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO

from packager.errors import SourceError
from packager.film.probe import SourceFacts, source_facts
from packager.sandbox.programs import FailedProgram, MissingProgram, Programs

_HINT = "Install ffmpeg, or `pip install 'bundle-packager[film]'`, which brings it."
_PROBE_S = 20
_SECONDS_A_SECOND = 20  # of the processor for one of a film: an hour of it in 2 hours on a slow core, ten times over
_LEAST_S = 300
# The only protocols: nothing leads to another file or to the network. One thread: more of them give other bytes.
_QUIET = ("-nostdin", "-hide_banner", "-protocol_whitelist", "file,pipe", "-threads", "1")
_PIECE_BYTES = 1 << 18
# Formats whose files name other files, or draw pictures out of nothing; of these ffmpeg reads none for us.
_REFERRING = ("concat", "hls", "dash", "image2", "lavfi", "tty", "sdp", "rtsp", "imf", "webm_dash_manifest")


@cache
def program() -> str:
    """Return the path of ffmpeg: the system's, else that of the extra; MissingProgram where there is neither."""
    if found := shutil.which("ffmpeg"):
        return found
    with suppress(ImportError, RuntimeError):
        from imageio_ffmpeg import get_ffmpeg_exe  # an extra, of 70 MB

        return str(get_ffmpeg_exe())
    raise MissingProgram("films and sound are read with ffmpeg, which is not installed", hint=_HINT)


def facts_of(source: Path, programs: Programs) -> SourceFacts:
    """Return what a source is; SourceError where it holds neither pictures nor sound that ffmpeg reads."""
    said: list[str] = []
    nothing = ("-map", "0:v?", "-map", "0:a?", "-c", "copy", "-t", "0", "-f", "null")
    command = (program(), *_QUIET, "-i", str(source), *nothing)
    with suppress(FailedProgram):
        programs.output(*command, "pipe:1", reads=[source], processor_s=_PROBE_S, most_bytes=1 << 16, tell=said.append)
    facts = source_facts("".join(said).partition("\nOutput #0")[0])
    if facts is None or any(name in _REFERRING for name in facts.formats):
        raise SourceError("is neither film nor sound that can be read", where=str(source))
    return facts


@contextmanager
def stream(
    source: Path, options: Sequence[str], programs: Programs, seconds: float, beside: Sequence[Path] = ()
) -> Iterator[Iterator[bytes]]:
    """What ffmpeg makes of a source with these options, as it comes; `beside` are further files that they name.

    Raises FailedProgram and SourceError when all has been read, as `Programs.piped` does.
    """
    processor_s = max(_LEAST_S, _SECONDS_A_SECOND * seconds)
    command = (program(), "-v", "error", *_QUIET, "-i", str(source), *options, "pipe:1")
    with programs.piped(*command, reads=[source, *beside], processor_s=processor_s) as output:
        yield _pieces(output)


def _pieces(output: IO[bytes]) -> Iterator[bytes]:
    while piece := output.read(_PIECE_BYTES):
        yield piece
