"""One file of film or sound -> what it is, as ffmpeg tells behind the walls."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from packager.film.probe import SourceFacts
from packager.model import Recording, Remarks
from packager.readers.context import ReadContext, unrestricted_program
from packager.readers.files import SourceFile

_PIECE_BYTES = 1 << 16  # at the beginning, in the middle and at the end: a film is too large to be read for its name


@dataclass(frozen=True, slots=True)
class Probed:
    """A recording, what else was told of its streams, and remarks on how it was read."""

    recording: Recording
    facts: SourceFacts
    remarks: Remarks


def probed(file: SourceFile, context: ReadContext) -> Probed:
    """Return what a file is; SourceError where ffmpeg finds neither pictures nor sound in it."""
    source = file.source
    facts = context.ffmpeg.facts(source.path)
    video = facts.video
    recording = Recording(
        source,
        facts.seconds,
        video.width if video else 0,
        video.height if video else 0,
        float(video.rate) if video else 0,
        len(facts.audio),
        checksum=_checksum(file),
    )
    return Probed(recording, facts, unrestricted_program("ffmpeg", context.workers, source.label))


def _checksum(file: SourceFile) -> int:
    """Return a CRC-32 of a file's size and of three pieces of it."""
    checksum = zlib.crc32(str(file.size_bytes).encode())
    with file.source.path.open("rb") as opened:
        for start in (0, file.size_bytes // 2, max(0, file.size_bytes - _PIECE_BYTES)):
            opened.seek(start)
            checksum = zlib.crc32(opened.read(_PIECE_BYTES), checksum)
    return checksum
