"""Files of film and sound -> what they are, as ffmpeg tells behind the walls."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import ceil
from pathlib import Path

from packager.errors import SourceError
from packager.film.ffmpeg import Ffmpeg
from packager.film.probe import SourceFacts
from packager.layout.works import clock
from packager.model import Recording, Source
from packager.model.progress import Progress
from packager.readers.files import SourceFile
from packager.sandbox.limits import LIMITS
from packager.sandbox.pool import Workers
from packager.sandbox.programs import MissingProgram
from packager.text.spelling import size_words

_TOGETHER = 40  # that one ffmpeg is asked of at the most, which starts more slowly than it answers
_PIECE_BYTES = 1 << 16  # at the beginning, in the middle and at the end: a film is too large to be read for its name

Told = Mapping[Source, SourceFacts | SourceError]
"""What each source of film or sound is, or why it cannot be read."""


def read_recordings(sources: Sequence[Source], workers: Workers, progress: Progress, *, skip_damaged: bool) -> Told:
    """Return what each source is.

    Without an ffmpeg that could read them it raises MissingProgram, once for all, unless they may be skipped.
    """
    if not sources:
        return {}
    try:
        ffmpeg = Ffmpeg.found(workers.programs)
    except MissingProgram as missing:
        if not skip_damaged:
            missing.where = sources[0].label
            raise
        return {source: missing.at(source.label) for source in sources}

    def told(batch: Sequence[Source]) -> Iterator[SourceFacts | SourceError]:
        for source, facts in zip(batch, ffmpeg.facts_of_each([one.path for one in batch]), strict=True):
            if isinstance(facts, SourceFacts) and not facts.seconds:
                facts = replace(facts, seconds=ffmpeg.seconds(source.path))  # noqa: PLW2901 - as if it had said so
            if isinstance(facts, SourceFacts) and facts.seconds > ffmpeg.most_seconds(source.path):
                facts = _too_long(facts.seconds, source.path)  # noqa: PLW2901 - it is no film as it says
            progress.advance()
            yield facts.at(source.label) if isinstance(facts, SourceError) else facts

    size = min(_TOGETHER, ceil(len(sources) / workers.jobs))
    batches = [sources[start : start + size] for start in range(0, len(sources), size)]
    with ThreadPoolExecutor(max_workers=workers.jobs) as threads:
        answers = threads.map(lambda batch: tuple(told(batch)), batches)
        return dict(zip(sources, (facts for batch in answers for facts in batch), strict=True))


def _too_long(seconds: float, path: Path) -> SourceError:
    """What a source is that says it lasts longer than films may, or than its bytes can."""
    if seconds > LIMITS.film_seconds:
        what = f"says that it lasts {clock(seconds)}; films of {clock(LIMITS.film_seconds)} are read at the most"
    else:
        what = f"says that it lasts {clock(seconds)}, of which its {size_words(path.stat().st_size)} hold very little"
    return SourceError(
        what, hint="Play it: where it breaks off, copy it again; where it is that long, cut it in parts."
    )


def recording_of(file: SourceFile, facts: SourceFacts, *, heard: int = 0, title: str = "") -> Recording:
    """Return a file as a recording of which the stream of sound number `heard` is played."""
    video = facts.video
    return Recording(
        file.source,
        facts.seconds,
        video.width if video else 0,
        video.height if video else 0,
        float(video.rate) if video else 0,
        len(facts.audio),
        heard,
        title,
        channels=facts.audio[heard].channels if facts.audio else 0,
        codec=f"{video.codec} {video.profile}" if video else facts.audio[heard].codec,
        size_bytes=file.size_bytes,
        checksum=_checksum(file),
    )


def _checksum(file: SourceFile) -> int:
    """Return a CRC-32 of a file's size and of three pieces of it."""
    checksum = zlib.crc32(str(file.size_bytes).encode())
    try:
        with file.source.path.open("rb") as opened:
            for start in (0, file.size_bytes // 2, max(0, file.size_bytes - _PIECE_BYTES)):
                opened.seek(start)
                checksum = zlib.crc32(opened.read(_PIECE_BYTES), checksum)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=file.source.label) from error
    return checksum
