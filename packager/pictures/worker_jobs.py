"""The jobs that worker processes do with pictures.

libvips is loaded inside the jobs, so that the process which hands them out never loads it; for the same reason the
state of a strip crosses from one job to the next as bytes.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Generic, TypeVar
from zlib import crc32

from packager import __version__
from packager.archive.read import read_source
from packager.errors import PackagerError, SourceError
from packager.model import Column, Encoded, Header, RenditionSpec, Source, renditions

T = TypeVar("T")
Strip = bytes  # a pickled vips.StripState


@dataclass(frozen=True, slots=True)
class PageJob:
    """One picture to render, or the part of it that is shown: a `page` of a TIFF, counted from 0, a column.

    `first` is its index in its comic, -1 for a cover of its own. Where a `digest` is given, the source must have it.
    """

    source: Source
    specs: tuple[RenditionSpec, ...]
    first: int
    column: Column | None = None
    is_cropped: bool = False
    page: int = 0
    digest: str = ""

    @property
    def shown(self) -> tuple[object, ...]:
        """What decides the renditions, beside the bytes of the source."""
        return (self.specs, self.column, self.is_cropped, self.page)

    @property
    def identity(self) -> object:
        """What pictures have in common that are the same to whoever sees them."""
        return (self.source.path, self.source.member, *self.shown)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is to be encoded in the roles that are named."""
        return bool(self.specs) and all(spec.request().quality is None for spec in self.specs)


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of a strip, its index there, its page of a TIFF, and the `digest` that it must have, "" for any."""

    source: Source
    index: int
    page: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class EdgeJob:
    """The lower or the upper edge of a picture, or of a page of a TIFF."""

    source: Source
    page: int
    is_lower: bool


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """What a job gave, or its error, the seconds of the processor that it took, and what of its picture is lost."""

    value: T | PackagerError
    seconds: float
    loss: str = ""


def load() -> None:
    """Load libvips ahead of the first job."""
    from packager.pictures import vips

    assert vips


def probe(source: Source) -> Header:
    """Return the header of a picture. Raises DamagedPicture or SourceError, as all jobs do that are not timed."""
    from packager.pictures import vips

    data = read_source(source)
    return replace(vips.probe(data), checksum=crc32(data))


def page(job: PageJob, skip_damaged: bool = False) -> Timed[tuple[Encoded, ...]]:
    """Return one rendition for each of the job's specs; with `skip_damaged` of what is left of a damaged picture."""
    from packager.pictures import vips

    def rendered() -> tuple[tuple[Encoded, ...], str]:
        region = vips.PictureRegion(job.column, job.is_cropped, job.page)
        data = _read(job.source, job.digest)
        encoded, loss = vips.render_readable(data, job.specs, region, skip_damaged=skip_damaged)
        return tuple(replace(item, first=job.first) for item in encoded), loss

    return _timed(rendered)


def digest(source: Source) -> str:
    """Return the SHA-256 of a source, as 64 hexadecimal digits."""
    return sha256(read_source(source)).hexdigest()


def content(place: tuple[Source, str]) -> bytes:
    """Return the bytes of a source, which must have the digest that is given with it."""
    return _read(*place)


def engine() -> str:
    """Return what renditions depend on beside their sources and specs: our own code, and versions of libraries."""
    from packager.pictures import vips

    code = (*sorted(Path(vips.__file__).parent.rglob("*.py")), Path(renditions.__file__))
    digest = sha256(b"".join(file.read_bytes() for file in code)).hexdigest()
    return f"packager {__version__} {digest} {vips.versions()}"


def begin_strip(width: int, specs: tuple[RenditionSpec, ...], edge: str) -> Strip:
    """Return an empty strip, `width` source pixels wide."""
    from packager.pictures import vips

    return pickle.dumps(vips.start_strip(width, specs, edge))


def tile(strip: Strip, tile: Tile, skip_damaged: bool = False) -> Timed[tuple[Strip, tuple[Encoded, ...]]]:
    """Return the strip with one more tile, and the slices that are ready; with `skip_damaged` as `page`."""
    from packager.pictures import vips

    def fed() -> tuple[tuple[Strip, tuple[Encoded, ...]], str]:
        state, data = pickle.loads(strip), _read(tile.source, tile.digest)  # noqa: S301 - ours
        (state, slices), loss = vips.feed_strip(state, data, tile.index, tile.page, skip_damaged=skip_damaged)
        return (pickle.dumps(state), slices), loss

    return _timed(fed)


def end_strip(strip: Strip) -> tuple[Encoded, ...]:
    """Return the slices that remain."""
    from packager.pictures import vips

    return vips.finish_strip(pickle.loads(strip))  # noqa: S301 - our own


def edge_colour(source: Source, page: int) -> str:
    """Return the colour beside a strip that this tile shows, as `#rrggbb`."""
    from packager.pictures import vips

    return vips.edge_colour(read_source(source), page)


def edge(job: EdgeJob) -> bytes:
    """Return the edge as one row of 256 columns, three bytes each."""
    from packager.pictures import vips

    return vips.edge_row(read_source(job.source), job.page, is_lower=job.is_lower)


def _timed(job: Callable[[], tuple[T, str]]) -> Timed[T]:
    started = process_time()
    value: T | PackagerError
    loss = ""
    try:
        value, loss = job()
    except PackagerError as error:
        value = error
    return Timed(value, process_time() - started, loss)


def _read(source: Source, digest: str) -> bytes:
    data = read_source(source)
    if digest and sha256(data).hexdigest() != digest:
        raise SourceError("was changed while the bundle was built", where=source.label, hint="Build it again.")
    return data
