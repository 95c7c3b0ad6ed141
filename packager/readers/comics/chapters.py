"""The chapters of a comic, by the folders that its pages lie in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby, takewhile
from pathlib import PurePosixPath

from packager.model import Chapter
from packager.readers.kinds import Kind, kind_of
from packager.readers.natural import is_called_cover
from packager.readers.titles import readable

_PACKED = (Kind.ARCHIVE, Kind.BOOK)


def chapters_of(pages: Sequence[PurePosixPath], top: PurePosixPath) -> tuple[Chapter, ...]:
    """The chapters of pages in reading order, by folders below `top`; none where all lie in one folder."""
    folders = [page.relative_to(top).parts[:-1] if page.is_relative_to(top) else () for page in pages]
    both = zip(folders, pages, strict=True)
    shared = _shared([folder for folder, page in both if folder or not is_called_cover(page)])
    runs = [(folder[shared:], len(list(run))) for folder, run in groupby(folders)]
    if len(runs) < 2:
        return ()
    firsts = accumulate((count for _, count in runs), initial=0)
    return tuple(Chapter(_title(folder), first) for (folder, _), first in zip(runs, firsts, strict=False) if folder)


def _shared(folders: Sequence[tuple[str, ...]]) -> int:
    """How many folders all paths begin with: a cover may lie beside the one that holds everything."""
    return sum(1 for _ in takewhile(lambda names: len(set(names)) == 1, zip(*folders, strict=False)))


def _title(folder: tuple[str, ...]) -> str:
    return " · ".join(readable(PurePosixPath(name).stem if kind_of(name) in _PACKED else name) for name in folder)
