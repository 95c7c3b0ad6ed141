"""Tall strips, tile by tile: rows in, slices out, with a state between that fits into a message.

A chapter is never one picture. Each tile adds its rows to the strip; what is ready is cut off and encoded; the rest is
carried. How rows are divided among tiles changes nothing in the slices.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace

from packager.model import WHITE, Encoded, RenditionSpec, Role
from packager.pictures.vips.colours import parse_colour, to_srgb
from packager.pictures.vips.cuts import Cut, Window, cover_cut, next_cut, row_activity
from packager.pictures.vips.encode import encoded_within
from packager.pictures.vips.engine import Image, bands, from_rows
from packager.pictures.vips.resample import Resampler
from packager.pictures.vips.salvage import read_picture


@dataclass(frozen=True, slots=True)
class Slice:
    """A run of rows of the finished strip, before it is encoded: three bytes a pixel."""

    spec: RenditionSpec
    rows: bytes
    width: int
    first: int = 0
    is_forced_cut: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class RoleStrip:
    """The strip on its way to one role: `rows` are resized and not yet in a slice, `made` is how many went before.

    `slices` is how many slices those went into.
    """

    spec: RenditionSpec
    resampler: Resampler
    rows: bytes = b""
    activity: tuple[int, ...] = ()
    made: int = 0
    slices: int = 0

    @property
    def width(self) -> int:
        return self.resampler.target


@dataclass(frozen=True, slots=True)
class StripState:
    """A strip so far: `height` source rows, of which tile `index` began at `row` for each (row, index) of `tiles`."""

    width: int
    edge: str
    strips: tuple[RoleStrip, ...]
    height: int = 0
    tiles: tuple[tuple[int, int], ...] = ()


def start_strip(width: int, specs: tuple[RenditionSpec, ...], edge: str = WHITE) -> StripState:
    """Return an empty strip `width` source pixels wide; `edge` (`#rrggbb`) lies beside narrow and under clear tiles."""
    strips = tuple(
        RoleStrip(spec, Resampler(width, min(width, spec.width, spec.max_side), _kernel(spec))) for spec in specs
    )
    return StripState(width, edge, strips)


def _kernel(spec: RenditionSpec) -> str:
    return "linear" if spec.role is Role.THUMBNAIL else "lanczos3"  # only the organizer sees it; it takes half the time


def feed_strip(
    state: StripState, data: bytes, index: int, page: int = 0, *, skip_damaged: bool = False
) -> tuple[tuple[StripState, tuple[Encoded, ...]], str]:
    """Add the tile in `data`, source picture `index`: the strip with it, the slices that are ready, and what is lost.

    A wider tile is shrunk to the strip's width, a narrower one centred. Raises DamagedPicture; the strip can then go on
    from the old state without that tile. With `skip_damaged`, what is left of a damaged tile is shown, and words tell
    what is lost of it, "" for nothing.
    """

    def fed(image: Image) -> tuple[StripState, tuple[Encoded, ...]]:
        encoded: list[Encoded] = []
        grown = state
        for rows in bands(_fitted(to_srgb(image), state)):
            grown, slices = feed_rows(grown, rows, index)
            encoded += map(_encoded, slices)
        return grown, tuple(encoded)

    return read_picture(data, fed, state.edge, page=page, skip_damaged=skip_damaged)


def finish_strip(state: StripState) -> tuple[Encoded, ...]:
    """Return the slices that remain."""
    return tuple(map(_encoded, finish_rows(state)))


def feed_rows(state: StripState, rows: bytes, index: int) -> tuple[StripState, tuple[Slice, ...]]:
    """Add source rows of the strip's width, three bytes a pixel, from picture `index`; the slices that are ready."""
    tiles = state.tiles
    if not tiles or tiles[-1][1] != index:
        tiles = (*tiles, (state.height, index))
    strips, slices = [], []
    for strip in state.strips:
        fed, ready = _fed(strip, rows, tiles)
        strips.append(fed)
        slices += ready
    height = state.height + len(rows) // (3 * state.width)
    return replace(state, strips=tuple(strips), height=height, tiles=tiles), tuple(slices)


def finish_rows(state: StripState) -> tuple[Slice, ...]:
    """Return the slices that remain, before they are encoded."""
    slices: list[Slice] = []
    for strip in state.strips:
        if not _is_complete(strip):
            slices += _cut(_with_rows(strip, strip.resampler.finish()), state.tiles, is_last=True)[1]
    return tuple(slices)


def _fitted(image: Image, state: StripState) -> Image:
    if image.width > state.width:
        scale = state.width / image.width
        return image.resize(scale, vscale=max(1, round(image.height * scale)) / image.height)
    if image.width < state.width:
        left = (state.width - image.width) // 2
        background = parse_colour(state.edge)
        return image.embed(left, 0, state.width, image.height, extend="background", background=background)
    return image


def _encoded(part: Slice) -> Encoded:
    encoded = encoded_within(from_rows(part.rows, part.width), part.spec.role, part.spec.request(part.number))
    return replace(encoded, first=part.first, is_forced_cut=part.is_forced_cut)


def _fed(strip: RoleStrip, rows: bytes, tiles: tuple[tuple[int, int], ...]) -> tuple[RoleStrip, list[Slice]]:
    if _is_complete(strip):
        return strip, []
    resampler, ready = strip.resampler.feed(rows)
    return _cut(_with_rows(replace(strip, resampler=resampler), ready), tiles, is_last=False)


def _is_complete(strip: RoleStrip) -> bool:
    return strip.spec.role is Role.COVER and strip.made > 0


def _with_rows(strip: RoleStrip, rows: bytes) -> RoleStrip:
    activity = row_activity(rows, strip.width, above=strip.rows[-3 * strip.width :]) if rows else ()
    return replace(strip, rows=strip.rows + rows, activity=strip.activity + activity)


def _cut(strip: RoleStrip, tiles: tuple[tuple[int, int], ...], *, is_last: bool) -> tuple[RoleStrip, list[Slice]]:
    slices = []
    while not _is_complete(strip) and (cut := _next_cut(strip, is_last=is_last)):
        end = cut.row * 3 * strip.width
        slices.append(
            Slice(strip.spec, strip.rows[:end], strip.width, _tile_of(strip, tiles), cut.is_forced, strip.slices)
        )
        made, number = strip.made + cut.row, strip.slices + 1
        strip = replace(strip, rows=strip.rows[end:], activity=strip.activity[cut.row :], made=made, slices=number)
    return strip, slices


def _next_cut(strip: RoleStrip, *, is_last: bool) -> Cut | None:
    width, spec = strip.width, strip.spec
    if spec.role is Role.COVER:
        return cover_cut(strip.activity, width, is_last=is_last)
    return next_cut(strip.activity, Window.of(width, spec.tallest_slice(width)), is_last=is_last)


def _tile_of(strip: RoleStrip, tiles: tuple[tuple[int, int], ...]) -> int:
    """The source picture in which the middle of the strip's next row lies."""
    row = (2 * strip.made + 1) * strip.resampler.source // (2 * strip.resampler.target)
    return tiles[bisect_right(tiles, row, key=lambda tile: tile[0]) - 1][1]
