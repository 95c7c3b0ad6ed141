"""Pictures that show two pages beside each other, as the two pages that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from packager.model import Chapter, Direction, Half, Missing, Picture, Transcript

_WIDE = 1.1  # times as wide as tall: a page is never, two beside each other are by 1.3 and more


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a comic, with what is said of each by its index."""

    pictures: tuple[Picture | Missing, ...]
    transcripts: tuple[Transcript, ...]
    chapters: tuple[Chapter, ...]


def split(pages: Pages, direction: Direction) -> Pages:
    """The pages with each spread as two, in the order in which they are read; words stay with the first of them."""
    halves = [_halves(picture, direction) for picture in pages.pictures]
    firsts = list(accumulate(map(len, halves), initial=0))
    return Pages(
        tuple(half for pair in halves for half in pair),
        tuple(replace(each, sections=_moved(each, firsts)) for each in pages.transcripts),
        tuple(replace(chapter, first=firsts[chapter.first]) for chapter in pages.chapters),
    )


def _halves(picture: Picture | Missing, direction: Direction) -> tuple[Picture | Missing, ...]:
    if isinstance(picture, Missing) or picture.width < _WIDE * picture.height:
        return (picture,)
    left = replace(picture, width=picture.width // 2, half=Half.LEFT)
    right = replace(picture, width=picture.width - picture.width // 2, half=Half.RIGHT)
    return (right, left) if direction is Direction.RTL else (left, right)


def _moved(transcript: Transcript, firsts: Sequence[int]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return tuple((firsts[index], lines) for index, lines in transcript.sections)
