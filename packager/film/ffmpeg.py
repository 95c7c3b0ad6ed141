"""ffmpeg, a program of the system that reads what strangers made: how it is found, asked and told what to make.

It runs as all programs do (`sandbox/programs.py`): it reads the one source, writes to its output alone, starts nothing
and reaches no network. It is never linked. What it gives is a bare stream; containers are ours.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from packager.config import extras
from packager.errors import SourceError
from packager.film.probe import SourceFacts, source_facts
from packager.sandbox.programs import FailedProgram, MissingProgram, Programs

_OLDEST = 5  # the first whose sound filters (aresample) and options all of ours are tried with
_ENCODERS = ("aac", "h263", "libmp3lame", "libx264", "mpeg4")
_PROBE_S = 20
_SECONDS_A_SECOND = 20  # of the processor for one of a film: an hour of it in 2 hours on a slow core, ten times over
_LEAST_S = 300
# The only protocols: nothing leads to another file or to the network. One thread: more of them give other bytes.
_QUIET = ("-nostdin", "-hide_banner", "-protocol_whitelist", "file,pipe", "-threads", "1")
_PIECE_BYTES = 1 << 18
_BEHIND_TITLES = 0.2  # of a film
_LOOKED_AT = 75  # pictures, of which the one that is most like the others is taken: none between two scenes
_MOST_PICTURE_BYTES = 64 << 20
# Formats whose files name other files, or draw pictures out of nothing; of these ffmpeg reads none for us.
_REFERRING = ("concat", "hls", "dash", "image2", "lavfi", "tty", "sdp", "rtsp", "imf", "webm_dash_manifest")


@dataclass(frozen=True, slots=True)
class Ffmpeg:
    """An ffmpeg that has the encoders we need: its path, and what it says of its version, of which bytes depend."""

    path: str
    version: str
    programs: Programs

    @classmethod
    def found(cls, programs: Programs) -> Ffmpeg:
        """Return the system's, else that of the extra `film`; MissingProgram in one line where neither is fit."""
        problem = ""
        for path in _installed():
            try:
                engine = cls(path, _asked(path, "-version", programs), programs)
                lack = _lack(engine.version, _asked(path, "-encoders", programs))
            except FailedProgram as error:
                lack = f"does not run ({error.what})"
            if not lack:
                return engine
            problem = problem or f": {path} {lack}"
        raise MissingProgram(
            f"is read with ffmpeg {_OLDEST} or newer, which is not installed{problem}",
            hint=f"Install ffmpeg, or add it to packager alone: {extras.command('film')}",
        )

    @property
    def fingerprint(self) -> str:
        """What tells one build from another: the same one makes the same bytes of the same source."""
        return sha256(self.version.encode()).hexdigest()

    def facts(self, source: Path) -> SourceFacts:
        """Return what a source is; SourceError where it holds neither pictures nor sound that ffmpeg reads."""
        said: list[str] = []
        nothing = ("-map", "0:v?", "-map", "0:a?", "-c", "copy", "-t", "0", "-f", "null")
        command = (self.path, *_QUIET, "-i", str(source), *nothing, "pipe:1")
        with suppress(FailedProgram):
            self.programs.output(*command, reads=[source], processor_s=_PROBE_S, most_bytes=1 << 16, tell=said.append)
        facts = source_facts("".join(said).partition("\nOutput #0")[0])
        if facts is None or any(name in _REFERRING for name in facts.formats):
            raise SourceError("is neither film nor sound that can be read", where=str(source))
        return facts

    @contextmanager
    def stream(
        self, source: Path, options: Sequence[str], seconds: float, beside: Sequence[Path] = ()
    ) -> Iterator[Iterator[bytes]]:
        """What is made of a source with these options, as it comes; `beside` are further files that they name.

        Raises FailedProgram and SourceError when all has been read, as `Programs.piped` does.
        """
        processor_s = max(_LEAST_S, _SECONDS_A_SECOND * seconds)
        command = (self.path, "-v", "error", *_QUIET, "-i", str(source), *options, "pipe:1")
        with self.programs.piped(*command, reads=[source, *beside], processor_s=processor_s) as output:
            yield _pieces(output)

    def picture(self, source: Path, facts: SourceFacts) -> bytes:
        """Return a picture that can stand for a film, as PNG; SourceError for what has none."""
        assert facts.video is not None
        size = f"scale={facts.video.width}:{facts.video.height},setsar=1"
        options = ("-map", f"0:{facts.video.index}", "-vf", f"thumbnail={_LOOKED_AT},{size}", "-frames:v", "1")
        begin = ("-ss", f"{facts.seconds * _BEHIND_TITLES:.3f}", "-i", str(source))
        command = (self.path, "-v", "error", *_QUIET, *begin, *options, "-f", "image2pipe", "-c:v", "png", "pipe:1")
        return self.programs.output(*command, reads=[source], processor_s=_LEAST_S, most_bytes=_MOST_PICTURE_BYTES)


def _installed() -> Iterator[str]:
    """Where ffmpeg may lie, first that of the system, which its distributor mends."""
    if found := shutil.which("ffmpeg"):
        yield found
    # The extra is a folder with a program in it; its module is not run, for it would look for others.
    extra = find_spec("imageio_ffmpeg")
    for folder in (extra and extra.submodule_search_locations) or ():
        yield from map(str, sorted(Path(folder, "binaries").glob("ffmpeg-*")))


def _asked(path: str, question: str, programs: Programs) -> str:
    answer = programs.output(path, "-hide_banner", question, reads=[], processor_s=_PROBE_S, most_bytes=1 << 20)
    return answer.decode("utf-8", "replace")


def _lack(version: str, encoders: str) -> str:
    """What keeps a build from being fit; "" for nothing. One without a number is newer than any number."""
    number = re.match(r"ffmpeg version n?(\d+)\.", version)
    if number and int(number[1]) < _OLDEST:
        return f"is version {number[1]}"
    known = re.findall(r"^ [VAS]\S{5} (\S+)", encoders, re.MULTILINE)
    missing = [name for name in _ENCODERS if name not in known]
    return f"has no encoder {', '.join(missing)}" if missing else ""


def _pieces(output: IO[bytes]) -> Iterator[bytes]:
    while piece := output.read(_PIECE_BYTES):
        yield piece
