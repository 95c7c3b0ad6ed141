"""The jobs that worker processes do with pictures.

libvips is loaded inside the jobs, so that the process which hands them out never loads it; for the same reason the
state of a strip crosses from one job to the next as bytes.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace

from packager.archive.read import read_source
from packager.model import Cuts, Encoded, Half, Header, RenditionSpec, SheetJob, Source, TextPiece

Strip = bytes  # a pickled images.StripState


@dataclass(frozen=True, slots=True)
class PageJob:
    """One picture to render, or the part of it that is shown.

    `first` is its index in its comic, -1 for a cover of its own.
    """

    source: Source
    specs: tuple[RenditionSpec, ...]
    first: int
    half: Half | None = None
    is_cropped: bool = False


def load() -> None:
    """Load libvips ahead of the first job."""
    from packager import images

    assert images


def probe(source: Source) -> Header:
    """The header of a picture. Raises DamagedPicture or SourceError, as all jobs do."""
    from packager import images

    return images.probe(read_source(source))


def page(job: PageJob) -> tuple[Encoded, ...]:
    """One rendition for each of the job's specs."""
    from packager import images

    part = images.Part(job.half, job.is_cropped)
    encoded = images.render_picture(read_source(job.source), job.specs, part)
    return tuple(replace(item, first=job.first) for item in encoded)


def begin_strip(width: int, specs: tuple[RenditionSpec, ...], edge: str) -> Strip:
    """An empty strip, `width` source pixels wide."""
    from packager import images

    return pickle.dumps(images.start_strip(width, specs, edge))


def tile(strip: Strip, source: Source, index: int) -> tuple[Strip, tuple[Encoded, ...]]:
    """The strip with one more tile, and the slices that are ready."""
    from packager import images

    state, slices = images.feed_strip(pickle.loads(strip), read_source(source), index)  # noqa: S301 - our own
    return pickle.dumps(state), slices


def end_strip(strip: Strip) -> tuple[Encoded, ...]:
    """The slices that remain."""
    from packager import images

    return images.finish_strip(pickle.loads(strip))  # noqa: S301 - our own


def edge_colour(source: Source) -> str:
    """The colour beside a strip that this tile shows, as `#rrggbb`."""
    from packager import images

    return images.edge_colour(read_source(source))


def unset_signs(signs: frozenset[str]) -> frozenset[str]:
    """The signs that cannot be set, because none of our fonts has them."""
    from packager.images import typeset

    return typeset.unset(signs)


def lines(job: tuple[TextPiece, int]) -> Cuts:
    """Where the lines of a piece may be parted, in a column of the width given."""
    from packager.images import typeset

    return typeset.cuts(*job)


def sheet(job: SheetJob) -> bytes:
    """The page of a text as a JPEG."""
    from packager.images import typeset

    return typeset.set_sheet(job)
