"""The chapters of a comic, by the folders that its pages lie in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, takewhile
from pathlib import PurePosixPath

from packager.model import Chapter
from packager.readers.titles import readable


def chapters_of(pages: Sequence[PurePosixPath], top: PurePosixPath) -> tuple[Chapter, ...]:
    """The chapters of pages in reading order, by folders below `top`; none where all lie in one folder."""
    folders = [page.relative_to(top).parts[:-1] if page.is_relative_to(top) else () for page in pages]
    shared = _shared([folder for folder in folders if folder])
    runs = [(folder[shared:], len(list(run))) for folder, run in groupby(folders)]
    if len(runs) < 2:
        return ()
    firsts = [sum(count for _, count in runs[:position]) for position in range(len(runs))]
    return tuple(Chapter(_title(folder), first) for (folder, _), first in zip(runs, firsts, strict=True) if folder)


def _shared(folders: Sequence[tuple[str, ...]]) -> int:
    """How many folders all paths begin with."""
    return sum(1 for _ in takewhile(lambda names: len(set(names)) == 1, zip(*folders, strict=False)))


def _title(folder: tuple[str, ...]) -> str:
    return " · ".join(map(readable, folder))
