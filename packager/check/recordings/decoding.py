"""Films and sound decoded to the last picture, by a decoder that is handed in: all of it, and only what was walked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from pathlib import Path

from packager.check.facts import FileFacts, Inventory
from packager.check.findings import finding, show
from packager.errors import SourceError
from packager.model import Finding
from packager.model.progress import Progress, step

Decode = Callable[[Path, float], str]
"""What is wrong in a film of so many seconds, "" for nothing; it raises SourceError where it cannot be asked."""


_LEAST_RATE = 5  # pictures a second


def undecodable(inventory: Inventory, root: Path, decode: Decode, progress: Progress) -> Iterator[Finding]:
    """Every film that is as it must be and cannot be decoded whole; of those in an archive, that this is not known."""
    films = [(file, seconds) for file in inventory.files if (seconds := _seconds(file))]
    if not films:
        return
    if inventory.archive is not None:
        yield finding("F105", "", f"its films and sound ({len(films):,}) were not decoded, which takes them unpacked")
        return

    def flaw(film: tuple[FileFacts, float]) -> str | SourceError:
        file, seconds = film
        try:
            return decode(root if root.is_file() else root / f"{inventory.top}{file.path}", seconds)
        except SourceError as problem:
            return problem

    # The threads wait: a decoder is a process of its own.
    with (
        step(progress, "check", ceil(sum(seconds for _, seconds in films))),
        ThreadPoolExecutor(os.cpu_count()) as threads,
    ):
        for (file, seconds), problem in zip(films, threads.map(flaw, films), strict=True):
            progress.advance(ceil(seconds))
            path = f"{inventory.top}{file.path}"
            if isinstance(problem, SourceError):
                yield finding("F105", path, f"it was not decoded: it {show(problem.what)}")
            elif problem:
                yield finding("F102", path, f"ffmpeg says: {show(problem)}")


def _seconds(file: FileFacts) -> float:
    """How long a film or a piece of sound is that has no other finding; 0 for other files."""
    recording = file.recording
    if recording is None or recording.error or recording.problems:
        return 0
    # A decoder works by the picture, whatever a file says of how long each is shown.
    return max((min(stream.seconds, stream.samples / _LEAST_RATE) for stream in recording.streams), default=0)
