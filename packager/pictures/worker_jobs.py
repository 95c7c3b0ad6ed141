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
from typing import Generic, TypeVar, TypeVarTuple

from packager import __version__
from packager.archive.read import read_source
from packager.errors import PackagerError, SourceError
from packager.model import Encoded, Half, Header, RenditionSpec, Source, renditions

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")
Strip = bytes  # a pickled vips.StripState


@dataclass(frozen=True, slots=True)
class PageJob:
    """One picture to render, or the part of it that is shown.

    `first` is its index in its comic, -1 for a cover of its own. Where a `digest` is given, the source must have it.
    """

    source: Source
    specs: tuple[RenditionSpec, ...]
    first: int
    half: Half | None = None
    is_cropped: bool = False
    digest: str = ""

    @property
    def is_idle(self) -> bool:
        """Whether nothing is to be encoded in the roles that are named."""
        return bool(self.specs) and all(spec.request().quality is None for spec in self.specs)


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of a strip, its index there, and the `digest` that it must have, "" for any."""

    source: Source
    index: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """What a job gave, or its error, and the seconds of the processor that it took."""

    value: T | PackagerError
    seconds: float


def load() -> None:
    """Load libvips ahead of the first job."""
    from packager.pictures import vips

    assert vips


def probe(source: Source) -> Header:
    """Return the header of a picture. Raises DamagedPicture or SourceError, as all jobs do."""
    from packager.pictures import vips

    return vips.probe(read_source(source))


def page(job: PageJob) -> tuple[Encoded, ...]:
    """Return one rendition for each of the job's specs."""
    from packager.pictures import vips

    region = vips.PictureRegion(job.half, job.is_cropped)
    encoded = vips.render_picture(_read(job.source, job.digest), job.specs, region)
    return tuple(replace(item, first=job.first) for item in encoded)


def timed_page(job: PageJob) -> Timed[tuple[Encoded, ...]]:
    """Return the same, with the time that it took."""
    return _timed(page, job)


def digest(source: Source) -> str:
    """Return the SHA-256 of a source, as 64 hexadecimal digits."""
    return sha256(read_source(source)).hexdigest()


def engine() -> str:
    """Return what renditions depend on beside their sources and specs: our own code, and versions of libraries."""
    from packager.pictures import vips

    code = (*sorted(Path(vips.__file__).parent.glob("*.py")), Path(renditions.__file__))
    digest = sha256(b"".join(file.read_bytes() for file in code)).hexdigest()
    return f"packager {__version__} {digest} {vips.versions()}"


def begin_strip(width: int, specs: tuple[RenditionSpec, ...], edge: str) -> Strip:
    """Return an empty strip, `width` source pixels wide."""
    from packager.pictures import vips

    return pickle.dumps(vips.start_strip(width, specs, edge))


def tile(strip: Strip, tile: Tile) -> tuple[Strip, tuple[Encoded, ...]]:
    """Return the strip with one more tile, and the slices that are ready."""
    from packager.pictures import vips

    state, slices = vips.feed_strip(pickle.loads(strip), _read(tile.source, tile.digest), tile.index)  # noqa: S301 - ours
    return pickle.dumps(state), slices


def timed_tile(strip: Strip, tile_: Tile) -> Timed[tuple[Strip, tuple[Encoded, ...]]]:
    """Return the same, with the time that it took."""
    return _timed(tile, strip, tile_)


def end_strip(strip: Strip) -> tuple[Encoded, ...]:
    """Return the slices that remain."""
    from packager.pictures import vips

    return vips.finish_strip(pickle.loads(strip))  # noqa: S301 - our own


def edge_colour(source: Source) -> str:
    """Return the colour beside a strip that this tile shows, as `#rrggbb`."""
    from packager.pictures import vips

    return vips.edge_colour(read_source(source))


def _timed(function: Callable[[*Arguments], T], *arguments: *Arguments) -> Timed[T]:
    started = process_time()
    value: T | PackagerError
    try:
        value = function(*arguments)
    except PackagerError as error:
        value = error
    return Timed(value, process_time() - started)


def _read(source: Source, digest: str) -> bytes:
    data = read_source(source)
    if digest and sha256(data).hexdigest() != digest:
        raise SourceError("was changed while the bundle was built", where=source.label, hint="Build it again.")
    return data
