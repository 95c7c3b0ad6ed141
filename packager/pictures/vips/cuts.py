"""Where a strip may be cut: at rows where nothing is drawn, else where the least is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops

_NOISE_LEVELS = 12
"""Of luminance, between neighbours; JPEG noise beside panels stayed below it in the webtoons measured."""

_IS_DRAWN = [0] * (_NOISE_LEVELS + 1) + [255] * (255 - _NOISE_LEVELS)


@dataclass(frozen=True, slots=True)
class Window:
    """Limits of a slice in rows. `tallest` is never exceeded; `shortest` is kept unless the whole strip is shorter.

    A quiet run of `gutter` rows lies between panels; shorter ones lie between lines of text too.
    """

    shortest: int
    tallest: int
    gutter: int

    @classmethod
    def of(cls, width: int, tallest: int) -> Window:
        """For slices `width` pixels wide; gutters of the narrowest webtoons seen are a fortieth of that."""
        return cls(shortest=max(1, tallest // 4), tallest=tallest, gutter=max(2, width // 48))


@dataclass(frozen=True, slots=True)
class Cut:
    """The number of rows above the cut, and whether something is drawn across it."""

    row: int
    is_forced: bool = False


def next_cut(activity: Sequence[int], window: Window, *, is_last: bool) -> Cut | None:
    """Return the cut below the next slice of the rows that begin with `activity`; None where more rows are needed.

    The `activity` of a quiet row is 0: it is like the row above it and even within itself. The answer depends on at
    most `tallest + shortest` rows, and is not given before they are known, so it is the same however rows arrive.
    """
    rows = len(activity)
    if is_last and rows <= window.tallest:
        return Cut(rows) if rows else None
    seen = window.tallest + window.shortest
    if not is_last and rows < seen:
        return None
    lowest, highest = window.shortest, min(window.tallest, rows - window.shortest)
    runs = [run for run in _quiet_runs(activity[:seen]) if run.start <= highest and run.stop > lowest]
    if not runs:
        return Cut(max(range(lowest, highest + 1), key=lambda row: (-activity[row], row)), is_forced=True)
    gutters = [run for run in runs if len(run) >= window.gutter]
    run = gutters[-1] if gutters else max(runs, key=lambda run: (len(run), run.start))
    return Cut(min(max((run.start + run.stop) // 2, lowest), highest))


def cover_cut(activity: Sequence[int], width: int, *, is_last: bool) -> Cut | None:
    """Return where the cover of a strip `width` pixels wide ends; None where more rows are needed.

    At most 1.4 times as tall as wide, and in the last gutter below half of that, so that it shows no sliver of a panel.
    """
    tallest = max(1, 7 * width // 5)
    if not activity or (not is_last and len(activity) < tallest):
        return None
    window = Window.of(width, min(tallest, len(activity)))
    gutters = [run for run in _quiet_runs(activity[: window.tallest]) if len(run) >= window.gutter]
    ends = [(run.start + run.stop) // 2 for run in gutters]
    return Cut(max((end for end in ends if end > tallest // 2), default=window.tallest))


def _quiet_runs(activity: Sequence[int]) -> Iterator[range]:
    start = None
    for row, active in enumerate(activity):
        if active and start is not None:
            yield range(start, row)
            start = None
        elif not active and start is None:
            start = row
    if start is not None:
        yield range(start, len(activity))


def row_activity(rows: bytes, width: int, above: bytes) -> tuple[int, ...]:
    """For each row the number of pixels that differ from their left neighbour or, again, from the one above.

    `rows` and the one row `above` them, empty at the top of a strip, hold three bytes a pixel.
    """
    pixels = (above or rows[: 3 * width]) + rows
    height = len(pixels) // (3 * width)
    grey = Image.frombuffer("RGB", (width, height), pixels, "raw", "RGB", 0, 1).convert("L")
    here = grey.crop((0, 1, width, height))
    left = here.copy()
    left.paste(here, (1, 0))
    across = _count(here, left)
    down = _count(here, grey.crop((0, 0, width, height - 1)))
    return tuple(map(sum, zip(across, down, strict=True)))


def _count(picture: Image.Image, other: Image.Image) -> list[int]:
    """How many pixels of each row are not the same in both."""
    drawn = ImageChops.difference(picture, other).point(_IS_DRAWN).tobytes()
    width = picture.width
    return [drawn.count(255, start, start + width) for start in range(0, len(drawn), width)]
