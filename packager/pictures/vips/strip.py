"""Tall strips, tile by tile: rows in, slices out, with a state between that fits into a message.

A chapter is never one picture. Each tile adds its rows to the strip; what is ready is cut off and encoded; the rest is
carried. How rows are divided among tiles changes nothing in the slices.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace

from packager.model import Encoded, RenditionSpec, Role
from packager.pictures.vips.colour import to_srgb
from packager.pictures.vips.cuts import Cut, Window, cover_cut, next_cut, row_activity
from packager.pictures.vips.decode import WHITE, open_picture, parse_colour
from packager.pictures.vips.encode import encoded_within
from packager.pictures.vips.engine import Image, bands, from_rows, strictly
from packager.pictures.vips.resample import Resampler

_LEAST_ROWS = 128
"""Of the tallest slice: a strip one pixel wide is not cut into its rows."""


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
class Lane:
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
    lanes: tuple[Lane, ...]
    height: int = 0
    tiles: tuple[tuple[int, int], ...] = ()


def start_strip(width: int, specs: tuple[RenditionSpec, ...], edge: str = WHITE) -> StripState:
    """An empty strip `width` source pixels wide; `edge` (`#rrggbb`) lies beside narrow and under clear tiles."""
    lanes = tuple(Lane(spec, Resampler(width, min(width, spec.width, spec.max_side))) for spec in specs)
    return StripState(width, edge, lanes)


def feed_strip(state: StripState, data: bytes, index: int) -> tuple[StripState, tuple[Encoded, ...]]:
    """Add the tile in `data`, source picture `index`: the strip with it, and the slices that are ready.

    A wider tile is shrunk to the strip's width, a narrower one centred. Raises DamagedPicture; the strip can then go on
    from the old state without that tile.
    """
    encoded: list[Encoded] = []
    with strictly():
        image = _fitted(to_srgb(open_picture(data, state.edge)), state)
        for rows in bands(image):
            state, slices = feed_rows(state, rows, index)
            encoded += map(_encoded, slices)
    return state, tuple(encoded)


def finish_strip(state: StripState) -> tuple[Encoded, ...]:
    """The slices that remain."""
    return tuple(map(_encoded, finish_rows(state)))


def feed_rows(state: StripState, rows: bytes, index: int) -> tuple[StripState, tuple[Slice, ...]]:
    """Add source rows of the strip's width, three bytes a pixel, from picture `index`; the slices that are ready."""
    tiles = state.tiles
    if not tiles or tiles[-1][1] != index:
        tiles = (*tiles, (state.height, index))
    lanes, slices = [], []
    for lane in state.lanes:
        fed, ready = _fed(lane, rows, tiles)
        lanes.append(fed)
        slices += ready
    height = state.height + len(rows) // (3 * state.width)
    return replace(state, lanes=tuple(lanes), height=height, tiles=tiles), tuple(slices)


def finish_rows(state: StripState) -> tuple[Slice, ...]:
    """The slices that remain, before they are encoded."""
    slices: list[Slice] = []
    for lane in state.lanes:
        if not _is_complete(lane):
            slices += _cut(_with_rows(lane, lane.resampler.finish()), state.tiles, is_last=True)[1]
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


def _fed(lane: Lane, rows: bytes, tiles: tuple[tuple[int, int], ...]) -> tuple[Lane, list[Slice]]:
    if _is_complete(lane):
        return lane, []
    resampler, ready = lane.resampler.feed(rows)
    return _cut(_with_rows(replace(lane, resampler=resampler), ready), tiles, is_last=False)


def _is_complete(lane: Lane) -> bool:
    return lane.spec.role is Role.COVER and lane.made > 0


def _with_rows(lane: Lane, rows: bytes) -> Lane:
    activity = row_activity(rows, lane.width, above=lane.rows[-3 * lane.width :]) if rows else ()
    return replace(lane, rows=lane.rows + rows, activity=lane.activity + activity)


def _cut(lane: Lane, tiles: tuple[tuple[int, int], ...], *, is_last: bool) -> tuple[Lane, list[Slice]]:
    slices = []
    while not _is_complete(lane) and (cut := _next_cut(lane, is_last=is_last)):
        end = cut.row * 3 * lane.width
        slices.append(Slice(lane.spec, lane.rows[:end], lane.width, _tile_of(lane, tiles), cut.is_forced, lane.slices))
        made, number = lane.made + cut.row, lane.slices + 1
        lane = replace(lane, rows=lane.rows[end:], activity=lane.activity[cut.row :], made=made, slices=number)
    return lane, slices


def _next_cut(lane: Lane, *, is_last: bool) -> Cut | None:
    width, spec = lane.width, lane.spec
    if spec.role is Role.COVER:
        return cover_cut(lane.activity, width, is_last=is_last)
    wished = max(int(spec.slice_ratio * width), _LEAST_ROWS)
    tallest = max(1, min(wished, spec.max_side, spec.max_pixels // width))
    return next_cut(lane.activity, Window.of(width, tallest), is_last=is_last)


def _tile_of(lane: Lane, tiles: tuple[tuple[int, int], ...]) -> int:
    """The source picture in which the middle of the lane's next row lies."""
    row = (2 * lane.made + 1) * lane.resampler.source // (2 * lane.resampler.target)
    return tiles[bisect_right(tiles, row, key=lambda tile: tile[0]) - 1][1]
