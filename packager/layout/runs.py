"""How the pictures of a comic are shared among documents: chapters begin new ones, and none bears too much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from packager.layout.brief import Load, split
from packager.model import Comic, Shown

Numbered = tuple[int, Shown]  # position in the work from 1, and what is shown there


@dataclass(frozen=True, slots=True)
class Run:
    """What one document of a comic shows.

    `chapter` is the title of the chapter that begins with it; `sources` are the indices, from 0, of the source pictures
    whose words belong to it: a source picture that goes on in the next document belongs to the one it begins in.
    """

    shown: tuple[Numbered, ...]
    sources: range
    chapter: str = ""
    is_last: bool = False

    @property
    def first(self) -> int:
        """The position in the work, from 1, of its first picture."""
        return self.shown[0][0] if self.shown else 1


def runs(comic: Comic, numbered: tuple[Numbered, ...], load: Callable[[Numbered], Load], most: Load) -> tuple[Run, ...]:
    """The pictures in order, in runs that load a document with at most `most`; at least one run."""
    parts: list[tuple[str, tuple[Numbered, ...]]] = []
    for number, group in groupby(numbered, key=lambda item: _chapters_begun(comic, item[1])):
        title = comic.chapters[number - 1].title if number else ""
        pieces = split(tuple(group), load, most)
        parts += [(title if place == 0 else "", piece) for place, piece in enumerate(pieces)]
    ends = [piece[-1][1].first + 1 for _, piece in parts[:-1]]
    sources = zip((0, *ends), (*ends, len(comic.pictures)), strict=True)
    return tuple(
        Run(piece, range(*bounds), title, is_last=place >= len(parts))
        for place, ((title, piece), bounds) in enumerate(zip(parts or [("", ())], sources, strict=True), 1)
    )


def _chapters_begun(comic: Comic, shown: Shown) -> int:
    return sum(chapter.first <= shown.first for chapter in comic.chapters)
