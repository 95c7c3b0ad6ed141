"""What a tree is made of: renditions of pictures, and the files that are settled before a byte is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from packager.model.terms import Role
from packager.model.works import VersionKey

WHITE = "#ffffff"
COVERS = frozenset((Role.COVER, Role.BOOK_COVER))
LOWEST_QUALITY = 1  # of libjpeg
STEEPNESS = 0.6  # of the bytes over the coarseness of the quality, in logarithms: 0.45 to 0.7 on comics


@dataclass(frozen=True, slots=True)
class EncodingRequest:
    """The `quality` of one encoding, as libjpeg counts it; it is lowered to reach `max_bytes`, 0 for no limit.

    With a `quality` of None nothing is encoded. `is_dense` asks for the encoder that shows more in as many bytes.
    """

    quality: int | None
    max_bytes: int = 0
    is_dense: bool = False


def coarseness(quality: int) -> float:
    """Return the percentage by which a JPEG encoder multiplies its tables (libjpeg, jcparam.c); 1 at quality 100."""
    return max(1, 5000 / quality if quality < 50 else 200 - 2 * quality)


def quality_of(coarseness: float) -> int:
    """Return the quality nearest to being that coarse."""
    quality = 5000 / coarseness if coarseness > 100 else (200 - coarseness) / 2
    return max(LOWEST_QUALITY, min(100, round(quality)))


_LEAST_ROWS = 128


@dataclass(frozen=True, slots=True)
class RenditionSpec:
    """How to encode a picture for a role. Pixels; `quality` as libjpeg counts it, 1 to 100.

    A page is shrunk to `width`, `max_side` and `max_pixels`, whichever is smallest, never enlarged. A strip is
    shrunk to `width` and cut into slices at most `slice_ratio` times as tall as wide and within the same limits.
    `qualities` take the place of `quality` for the pictures or slices of a version in their order, and begin again at
    their end; one of None is not encoded. What has a lower quality than `quality` is encoded densely.
    """

    role: Role
    width: int
    max_side: int
    max_pixels: int
    quality: int
    slice_ratio: float = 1.5
    max_bytes: int = 0
    qualities: tuple[int | None, ...] = ()

    def tallest_slice(self, width: int) -> int:
        """Return the most rows of a slice of a strip so wide; one of a single pixel is not cut into its rows."""
        wished = max(int(self.slice_ratio * width), _LEAST_ROWS)
        return max(1, min(wished, self.max_side, self.max_pixels // width))

    def request(self, position: int = 0) -> EncodingRequest:
        """Return how to encode the picture or slice at that position, from 0."""
        quality = self.qualities[position % len(self.qualities)] if self.qualities else self.quality
        return EncodingRequest(quality, self.max_bytes, is_dense=quality is not None and quality < self.quality)

    def at(self, position: int) -> RenditionSpec:
        """Return the same for a picture or slice at that position alone."""
        return replace(self, qualities=(self.request(position).quality,)) if self.qualities else self

    def beginning_at(self, position: int) -> RenditionSpec:
        """Return the same for the pictures or slices from that position on."""
        start = position % len(self.qualities) if self.qualities else 0
        return replace(self, qualities=self.qualities[start:] + self.qualities[:start]) if start else self


@dataclass(frozen=True, slots=True)
class Encoded:
    """One encoded picture or slice, in pixels; where it was not to be encoded its `data` is empty, its `quality` None.

    `first` is the index of the source picture that its top row comes from. `is_forced_cut` says that the cut below it
    goes through something drawn, `is_capped` that its quality was lowered to take no more bytes than allowed.
    """

    role: Role
    data: bytes
    width: int
    height: int
    first: int = 0
    is_forced_cut: bool = False
    quality: int | None = None
    is_capped: bool = False

    @property
    def size_bytes(self) -> int:
        """The bytes of its data."""
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Reused:
    """What `Encoded` is, in the file at `path` of the tree that an earlier build left. No worker may answer one."""

    path: Path
    size_bytes: int
    is_grey: bool
    role: Role
    width: int
    height: int
    first: int
    is_forced_cut: bool
    quality: int | None
    is_capped: bool


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoding of one picture or slice, lying in the scratch folder or in the tree that an earlier build left.

    It is the `file` there, whose letters take a fifth of the memory of a path. `first` is the index, from 0, of the
    source picture that its top row comes from. The `quality` is None for the
    picture of a text; it was lowered where the rendition `is_capped`, to take no more bytes than allowed.
    One that `is_grey` has no colours. A film, which
    may be in several files, and a track of sound, which has no width and height, are renditions of so many seconds.
    """

    role: Role
    file: str
    width: int
    height: int
    size_bytes: int
    first: int = 0
    quality: int | None = None
    is_capped: bool = False
    is_grey: bool = False
    seconds: float = 0

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.file)


@dataclass(frozen=True, slots=True)
class MissingRendition:
    """The place of a picture that could not be rendered; `first` is its index among the source pictures."""

    first: int


RenditionOrGap = Rendition | MissingRendition


@dataclass(frozen=True, slots=True)
class RoleRenditions:
    """The renditions of one version for one role, in reading order; figures in the order of the text."""

    role: Role
    shown: tuple[RenditionOrGap, ...]


@dataclass(frozen=True, slots=True)
class Renditions:
    """All renditions of one version; `edge` is the colour beside a strip as `#rrggbb`.

    `thumbnails` are for the organizer's report: of some of the pictures only, each with the index of its own; that of
    a cover that is none of them has the index -1.
    """

    sets: tuple[RoleRenditions, ...]
    edge: str = WHITE
    thumbnails: tuple[RenditionOrGap, ...] = ()

    def of(self, role: Role) -> tuple[RenditionOrGap, ...]:
        """Return the renditions for `role` in reading order; empty where none were asked for."""
        return next((one.shown for one in self.sets if one.role is role), ())


AllRenditions = Mapping[VersionKey, Renditions]
"""The renditions of every version of a library."""


@dataclass(frozen=True, slots=True)
class Document:
    """An HTML, XML or text file made from a template; `pictures` are set in as data URIs, in order.

    It is written in UTF-8, for devices that know no other code page in theirs.
    """

    template: str
    view: object
    pictures: tuple[Rendition, ...] = ()
    codec: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that lies in the scratch folder already."""

    file: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.file)


@dataclass(frozen=True, slots=True)
class StoredZip:
    """A CBZ or EPUB: a stored ZIP of other entries, whose paths are the member names."""

    members: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the tree: its name, which is its path relative to the tree, its content and exact size."""

    name: str
    content: Document | Copy | StoredZip
    size_bytes: int

    @property
    def path(self) -> PurePosixPath:
        """The path relative to the tree."""
        return PurePosixPath(self.name)
