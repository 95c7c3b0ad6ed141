"""How what a work shows is shared among documents, so that none bears too much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from packager.model import Comic, Flow, Rendition, RenditionOrGap

T = TypeVar("T")

Numbered = tuple[int, RenditionOrGap]  # position in the work from 1, and what is shown there


@dataclass(frozen=True, slots=True)
class PageRun:
    """What one document of a comic shows.

    `sources` are the indices, from 0, of the source pictures whose words belong to it: one that goes on in the next
    document belongs to the one it begins in. `chapters` are (position, title) of the chapters that begin in it.
    """

    shown: tuple[Numbered, ...]
    sources: range
    chapters: tuple[tuple[int, str], ...] = ()
    is_last: bool = False

    @property
    def first(self) -> int:
        """The position in the work, from 1, of its first picture."""
        return self.shown[0][0] if self.shown else 1


def runs(
    comic: Comic,
    numbered: tuple[Numbered, ...],
    load: Callable[[Numbered], Load],
    most: Load,
    *,
    by_chapter: bool = False,
) -> tuple[PageRun, ...]:
    """The pictures in order, in runs that load a document with at most `most`; at least one run.

    With `by_chapter` a chapter begins a run of its own.
    """
    groups = groupby(numbered, key=lambda item: by_chapter and chapters_begun(comic, item[1]))
    parts = [part for _, group in groups for part in _split(_facing_pages(comic, tuple(group)), load, most)] or [()]
    ends = [part[-1][1].first + 1 for part in parts[:-1]]
    sources = map(range, (0, *ends), (*ends, len(comic.pictures)))
    first: dict[int, int] = {}  # how many chapters have begun -> the position of the first picture where it is so
    for position, shown in numbered:
        first.setdefault(chapters_begun(comic, shown), position)
    titles = {position: comic.chapters[number - 1].title for number, position in first.items() if number}
    return tuple(
        PageRun(
            part,
            of_part,
            tuple((position, titles[position]) for position, _ in part if position in titles),
            is_last=part is parts[-1],
        )
        for part, of_part in zip(parts, sources, strict=True)
    )


def _facing_pages(comic: Comic, group: tuple[Numbered, ...]) -> list[tuple[Numbered, ...]]:
    """What must not be parted: two pages that a reader may see side by side, the first page of the work being alone."""
    if comic.flow is not Flow.PAGES:
        return [(item,) for item in group]
    before = -1 if group[0][0] == 1 else 0
    return [group[max(0, start) : start + 2] for start in range(before, len(group), 2)]


def _split(
    spreads: list[tuple[Numbered, ...]], load: Callable[[Numbered], Load], most: Load
) -> Iterator[tuple[Numbered, ...]]:
    def together(spread: tuple[Numbered, ...]) -> Load:
        return sum(map(load, spread), Load())

    bearable = [
        part for spread in spreads for part in ([spread] if together(spread).fits(most) else [(one,) for one in spread])
    ]
    for run in split(bearable, together, most):
        yield tuple(item for spread in run for item in spread)


def chapters_begun(comic: Comic, shown: RenditionOrGap) -> int:
    """How many chapters have begun where that is shown."""
    return sum(chapter.first <= shown.first for chapter in comic.chapters)


@dataclass(frozen=True, slots=True)
class Load:
    """What items put on a document, or the most that one may bear: pixels of its pictures, and bytes."""

    pixels: int = 0
    size_bytes: int = 0

    def __add__(self, other: Load) -> Load:
        return Load(self.pixels + other.pixels, self.size_bytes + other.size_bytes)

    def fits(self, most: Load) -> bool:
        """Whether neither is more than in `most`."""
        return self.pixels <= most.pixels and self.size_bytes <= most.size_bytes


def split(items: Sequence[T], load: Callable[[T], Load], most: Load) -> tuple[tuple[T, ...], ...]:
    """`items` in order, in runs that load a document with at most `most`; one heavier item makes a run of its own.

    There is always at least one run, so that an empty work has a document too.
    """
    runs: list[list[T]] = [[]]
    filled = Load()
    for item in items:
        if runs[-1] and not (filled + load(item)).fits(most):
            runs.append([])
            filled = Load()
        runs[-1].append(item)
        filled += load(item)
    return tuple(tuple(run) for run in runs)


def pixels(shown: RenditionOrGap) -> int:
    """The pixels that a document with this picture makes a browser hold."""
    return shown.width * shown.height if isinstance(shown, Rendition) else 0


def text_bytes(texts: Iterable[str]) -> int:
    """An upper bound for what texts take in a document: UTF-8, every character escaped at worst."""
    return sum(6 * len(text.encode()) for text in texts)
