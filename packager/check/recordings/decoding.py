"""Films and sound decoded to the last picture, by a decoder that is handed in: all of it, and only what was walked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packager.check.facts import FileFacts, Inventory
from packager.check.findings import finding, show
from packager.errors import SourceError
from packager.model import Finding

Decode = Callable[[Path, float], str]
"""What is wrong in a film of so many seconds, "" for nothing; it raises SourceError where it cannot be asked."""


def undecodable(inventory: Inventory, root: Path, decode: Decode) -> Iterator[Finding]:
    """Every film that is as it must be and cannot be decoded whole; of those in archives nothing is known."""
    if inventory.archive is not None:
        return
    films = [file for file in inventory.files if file.recording and not file.recording.error]
    films = [file for file in films if file.recording and file.recording.streams and not file.recording.problems]

    def flaw(file: FileFacts) -> str | SourceError:
        seconds = max((one.seconds for one in file.recording.streams), default=0) if file.recording else 0
        try:
            return decode(root if root.is_file() else root / f"{inventory.top}{file.path}", seconds)
        except SourceError as problem:
            return problem

    with ThreadPoolExecutor(os.cpu_count()) as threads:  # which wait; a decoder is a process of its own
        for file, problem in zip(films, threads.map(flaw, films), strict=True):
            path = f"{inventory.top}{file.path}"
            if isinstance(problem, SourceError):
                yield finding("F105", path, f"it was not decoded: it {show(problem.what)}")
            elif problem:
                yield finding("F102", path, f"ffmpeg says: {show(problem)}")
