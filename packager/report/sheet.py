"""The pages of a work as a contact sheet: thumbnails by chapter, what their files are called, and what looks wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from packager.layout.views import Embedded
from packager.model import Comic, Missing, Picture, Rendition, RenditionOrGap, Version
from packager.plan.thumbnails import parts
from packager.readers.comics.pages import is_wide
from packager.report.words import count
from packager.text.counts import NumberGap, gaps

OPEN_PAGES = 100  # of a version with more, chapters are opened one by one
MOST_LINES = 8  # of names of files, and of what is wrong, in each chapter
_NUMBERED = re.compile(r"(.*?)(\d{1,9})(\D*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PageTile:
    """One page: its number, what its file is called, its picture, and in words what is wrong with it.

    `gap` says what is missing before it. Without a picture it is damaged, or a strip has no slice that begins there.
    """

    number: int
    name: str
    picture: Embedded | None = None
    width: int = 0
    height: int = 0
    is_damaged: bool = False
    same_as: int = 0
    gap: str = ""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One chapter, or what stands before the first. `tiles` may be some of its `pages` only."""

    title: str
    first: int
    pages: int
    tiles: tuple[PageTile, ...]
    names: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All parts of one version; they are open where it has few pages."""

    parts: tuple[SheetPart, ...]
    is_open: bool
    flags: tuple[str, ...]


class Embedding:
    """The thumbnails that a document embeds, each once, in order."""

    def __init__(self) -> None:
        self.embedded: list[Rendition] = []

    def embed(self, thumbnail: Rendition) -> Embedded:
        """Return the place of the thumbnail in the document."""
        self.embedded.append(thumbnail)
        return Embedded(len(self.embedded) - 1)


def sheet_of(version: Version, thumbnails: Sequence[RenditionOrGap], embedding: Embedding) -> Sheet:
    """Return the sheet of one version."""
    shown = {one.first: one for one in thumbnails if one.first >= 0}
    chapters = version.work.chapters if isinstance(version.work, Comic) else ()
    titles = {chapter.first: chapter.title for chapter in chapters}
    same = _same(shown)
    made = tuple(_part(version, part, titles.get(part[0], ""), shown, same, embedding) for part in parts(version))
    between = gaps([chapter.title for chapter in chapters])
    flags = tuple(f"{_missing(gap, 'chapter')} between “{gap.before}” and “{gap.after}”" for gap in between)
    return Sheet(made, len(version.pictures) <= OPEN_PAGES, flags)


def _part(
    version: Version,
    part: range,
    title: str,
    shown: Mapping[int, RenditionOrGap],
    same: Mapping[int, int],
    embedding: Embedding,
) -> SheetPart:
    is_comic = isinstance(version.work, Comic)
    what, usual = ("page", "Pages") if is_comic else ("picture", "Pictures")
    pictures = [version.pictures[index] for index in part]
    names = [_name(picture) for picture in pictures]
    missing = list(_gaps(dict(zip(names, pictures, strict=True)))) if is_comic else []
    before = {gap.after: gap for gap in missing}
    tiles = []
    for index in part:
        if index in shown:
            gap = before.get(names[index - part.start])
            tile = PageTile(index + 1, names[index - part.start], same_as=same.get(index, -1) + 1)
            tiles.append(_pictured(replace(tile, gap=_missing(gap, "page") if gap else ""), shown[index], embedding))
    flags = [f"{_missing(gap, 'page')} between {gap.before} and {gap.after}" for gap in missing]
    flags += [f"{what} {tile.number} is damaged: {tile.name}" for tile in tiles if tile.is_damaged]
    flags += [f"{what} {tile.number} is the same as {what} {tile.same_as}" for tile in tiles if tile.same_as]
    return SheetPart(title or usual, part.start + 1, len(part), tuple(tiles), _runs(names), _some(flags))


def _pictured(tile: PageTile, thumbnail: RenditionOrGap, embedding: Embedding) -> PageTile:
    if not isinstance(thumbnail, Rendition):
        return replace(tile, is_damaged=True)
    place = embedding.embed(thumbnail)
    return replace(tile, picture=place, width=thumbnail.width, height=thumbnail.height)


def _name(picture: Picture | Missing) -> str:
    """What a picture's file is called, and which part of it this is."""
    name = picture.source.label.rpartition("/")[2]
    if isinstance(picture, Missing):
        return name
    of_file = f", page {picture.page + 1}" if picture.page else ""
    return f"{name}{of_file}{f' ({picture.column})' if picture.column else ''}"


def _same(shown: Mapping[int, RenditionOrGap]) -> dict[int, int]:
    """Return for each picture that looks as one before it does, byte for byte, the index of the first such."""
    firsts: dict[bytes, int] = {}
    same = {}
    for index, one in sorted(shown.items()):
        if isinstance(one, Rendition):
            first = firsts.setdefault(sha256(one.path.read_bytes()).digest(), index)
            if first != index:
                same[index] = first
    return same


def _gaps(by_name: Mapping[str, Picture | Missing]) -> Iterator[NumberGap]:
    """Yield the gaps in the numbers of pages, but where one that is wide stands for two."""
    for gap in gaps(by_name):
        before = by_name[gap.before]
        if gap.missing > 1 or not (isinstance(before, Picture) and is_wide(before)):
            yield gap


def _missing(gap: NumberGap, what: str) -> str:
    return f"no {what}" if gap.missing == 1 else f"{count(gap.missing, what)} missing"


def _runs(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names with those that count up one by one as one: `001.jpg … 012.jpg`."""
    runs: list[list[str]] = []
    expected = None
    for name in names:
        found = _NUMBERED.fullmatch(name)
        counted = (found[1], int(found[2]), found[3]) if found else None
        if counted and counted == expected:
            runs[-1].append(name)
        else:
            runs.append([name])
        expected = (counted[0], counted[1] + 1, counted[2]) if counted else None
    return _some([run[0] if len(run) == 1 else f"{run[0]} … {run[-1]}" for run in runs])


def _some(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - MOST_LINES
    return (*lines[:MOST_LINES], f"and {more:,} more") if more > 0 else tuple(lines)
