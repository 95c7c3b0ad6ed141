"""Whether all of a film can be decoded, as ffmpeg finds it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from packager.film.ffmpeg import Ffmpeg
from packager.sandbox.programs import FailedProgram, Programs

_ERRORS = re.compile(r"\[(?:error|fatal|panic)\] (.*)")  # a library of its own may say more
# Only the formats that the check has walked already, none of which leads to another file; no bit that is left over, and
# nothing done about the mistakes of some encoder (-bug), for which bytes behind a picture would be no error.
_STRICT = (
    "-v level+error -nostdin -protocol_whitelist file,pipe -format_whitelist avi,mov,mp3 -threads 1"
    " -bug 0 -err_detect crccheck+bitstream+buffer+careful+compliant+aggressive+explode"
).split()
_SECONDS_A_SECOND = 2  # of the processor for one of a film
_LEAST_S = 60


def decoder(programs: Programs) -> Callable[[Path, float], str]:
    """Return what tells of a film of so many seconds what is wrong in it, "" for nothing.

    It raises SourceError where there is no ffmpeg, or none that can be restricted.
    """
    found = cache(lambda: Ffmpeg.found(programs))

    def flaw(source: Path, seconds: float) -> str:
        ffmpeg, said = found(), list[str]()
        command = (ffmpeg.path, *_STRICT, "-i", str(source.absolute()), "-map", "0", "-f", "null", "pipe:1")
        processor_s = max(_LEAST_S, _SECONDS_A_SECOND * seconds)
        try:
            programs.output(*command, reads=[source], processor_s=processor_s, most_bytes=0, tell=said.append)
        except FailedProgram as problem:
            return problem.what
        return next((found[1] for found in _ERRORS.finditer("".join(said))), "")

    return flaw
