"""The headers of pictures, read in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from packager.model import Missing, Outcome, Picture, Remark, Source
from packager.model.progress import Progress
from packager.sandbox.pool import Failure, Workers

Pictures = Mapping[Source, Picture | Missing]


class Header(Protocol):
    """What the header of a picture says: pixels after EXIF orientation, its format, and how many pictures there are."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    @property
    def format(self) -> str: ...

    @property
    def frames(self) -> int: ...


Probe = Callable[[Source], Header]  # a module-level function: it runs in another process


def read_headers(
    sources: Sequence[Source], probe: Probe, workers: Workers, progress: Progress
) -> tuple[Pictures, tuple[Remark, ...]]:
    """Each source as a picture, or as missing where its header cannot be read; and remarks on those that move."""
    pictures: dict[Source, Picture | Missing] = {}
    remarks: list[Remark] = []
    for source, header in zip(sources, workers.map(probe, sources), strict=True):
        progress.advance()
        if isinstance(header, Failure):
            pictures[source] = Missing(source)
            continue
        pictures[source] = Picture(source, header.width, header.height)
        if header.frames > 1:
            kind = "pages" if header.format == "TIFF" else "pictures"
            message = f"holds {header.frames} {kind}: only the first is shown"
            remarks.append(Remark(source.label, Outcome.WARNING, message))
    return pictures, tuple(remarks)
