"""The pages of a work as a contact sheet: thumbnails by chapter, what their files are called, and what looks wrong."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from packager.layout.views import Embedded
from packager.model import Comic, Flow, Missing, Picture, Rendition, RenditionOrGap, Version
from packager.plan.thumbnails import parts
from packager.readers.comics.pages import is_wide
from packager.report.words import count
from packager.text.counts import NumberGap, gaps

OPEN_PAGES = 100  # of a version with more, chapters are opened one by one
MOST_LETTERS = 20  # of a name that is shown whole below a page; two lines
LEAST_CUT = 8  # letters that many names share and that are left out of each
MOST_LINES = 8  # of names of files, and of what is wrong, in each chapter
_WORDS_BEFORE, _WORDS_BEHIND = re.compile(r".*[\W_]", re.DOTALL), re.compile(r"[\W_].*", re.DOTALL)
_NUMBERED = re.compile(r"(.*?)(\d{1,9})(\D*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PageTile:
    """One page: its number, what its file is called, its picture, and in words what is wrong with it.

    Of the name `told` is what tells it from the others. `gap` says what is missing before it. Without a picture it is
    damaged, or a strip has no slice that begins there.
    """

    number: int
    name: str
    told: str = ""
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
    same = _same(version, shown)
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
    pictures = version.pictures[part.start : part.stop]
    names = [_name(picture) for picture in pictures]
    told = _telling(names)
    missing = list(_gaps(dict(zip(names, pictures, strict=True)))) if is_comic else []
    before = {gap.after: gap for gap in missing}
    tiles = []
    for index in part:
        if index in shown:
            place = index - part.start
            tile = PageTile(index + 1, names[place], told[place], same_as=same.get(index, -1) + 1)
            gap = before.get(tile.name)
            tiles.append(_pictured(replace(tile, gap=_missing(gap, "page") if gap else ""), shown[index], embedding))
    flags = [f"{_missing(gap, 'page')} between {gap.before} and {gap.after}" for gap in missing]
    flags += [f"{what} {tile.number} is damaged: {tile.name}" for tile in tiles if tile.is_damaged]
    flags += [f"{what} {index + 1} is the same as {what} {same[index] + 1}" for index in part if index in same]
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


def _same(version: Version, shown: Mapping[int, RenditionOrGap]) -> dict[int, int]:
    """Return for each picture that is one before it, by its file or by how it looks, the index of the first such.

    How it looks tells nothing of a strip, whose slices hold what stands around a picture too.
    """
    is_strip = isinstance(version.work, Comic) and version.work.flow is Flow.STRIP
    firsts: dict[Hashable, int] = {}
    same = {}
    for index, picture in enumerate(version.pictures):
        thumbnail = shown.get(index)
        has_look = isinstance(thumbnail, Rendition) and not is_strip
        look = sha256(thumbnail.path.read_bytes()).digest() if isinstance(thumbnail, Rendition) and has_look else None
        found = [firsts.setdefault(key, index) for key in (content_of(picture), look) if key]
        if found and min(found) < index:
            same[index] = min(found)
    return same


def content_of(picture: Picture | Missing) -> Hashable:
    """Return what is equal for two pictures of the same bytes, None where that is not known."""
    if isinstance(picture, Missing) or not picture.checksum:
        return None
    return picture.checksum, picture.width, picture.height, picture.page, picture.column


def _telling(names: Sequence[str]) -> list[str]:
    """Return of each name what tells it from the others: of long ones without the words that all begin and end with."""
    if len(names) == 1 or max(map(len, names)) <= MOST_LETTERS:
        return list(names)
    begin = _WORDS_BEFORE.match(_beginning(names))
    end = _WORDS_BEHIND.search(_beginning([name[::-1] for name in names])[::-1])
    first, last = (len(found[0]) if found and len(found[0]) > LEAST_CUT else 0 for found in (begin, end))
    cut = [f"{'…' if first else ''}{name[first : len(name) - last]}{'…' if last else ''}" for name in names]
    return [short.replace("……", "") or name for short, name in zip(cut, names, strict=True)]


def _beginning(names: Sequence[str]) -> str:
    """Return the letters with which all of them begin."""
    first, last = min(names), max(names)
    return first[
        : next((place for place, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    ]


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
