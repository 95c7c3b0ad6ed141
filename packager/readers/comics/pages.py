"""The pages of a comic: its languages, its order, its chapters, and what the shapes of its pictures say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, groupby
from pathlib import PurePosixPath
from statistics import median

from packager.model import Chapter, Column, Direction, Flow, Missing, Picture, Source, Transcript
from packager.readers.comics.tiles import Edges, Joins, joins_of
from packager.readers.discovery import shared_depth
from packager.readers.files import FileKind, Files, SourceFile, kind_of
from packager.readers.found import FoundWork
from packager.readers.language import folder_language
from packager.text import endings
from packager.text.order import in_order, is_called_cover, is_numbered
from packager.text.spelling import joined_titles

# Printed pages are 1.4 to 1.55 times as tall as wide; tiles of strips mostly two times and more.
_TALL = 1.8
_TOWER = 3  # which no page is, whatever is drawn at its edges
_PACKED = (FileKind.ARCHIVE, FileKind.VOLUME, FileKind.BOOK)
# Scroll paintings are 5 to 50 times as wide as tall, four panels beside each other at most 4.
_SCROLL, _LINE = 1 / 5, 1 / 60
_LEAST_COLUMN = 64  # pixels; what is narrower shows nothing by itself
_WIDE = 1.1  # times as wide as tall: a page is never, two beside each other are by 1.3 and more


@dataclass(frozen=True, slots=True)
class LanguagePart:
    """The pages of one version, and the texts beside them; `language` is "" where `folder` does not say it."""

    folder: PurePosixPath
    language: str
    pages: tuple[SourceFile, ...]
    texts: tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True)
class ComicPages:
    """The pictures of a comic, with its transcripts and chapters, which name them by their index."""

    pictures: tuple[Picture | Missing, ...]
    transcripts: tuple[Transcript, ...]
    chapters: tuple[Chapter, ...]


def pages_of(work: FoundWork) -> tuple[SourceFile, ...]:
    """Return the pictures of a comic in reading order."""
    pictures = (file for file in work.files if file.kind is FileKind.PICTURE)
    return tuple(in_order(pictures, lambda file: file.path))


def parts_of(work: FoundWork) -> tuple[LanguagePart, ...]:
    """Return the languages of a comic; one part where not every picture lies in a folder named after a language.

    Beside several such folders pictures may lie that no number makes a page: a cover comes before the pages of each.
    """
    pages = pages_of(work)
    texts = tuple(file for file in work.files if file.kind is not FileKind.PICTURE)
    depth = _language_depth(work, pages)
    if depth is None:
        return (LanguagePart(work.path, "", pages, texts),)
    loose = [page for page in pages if len(page.path.parts) == depth + 1]
    folders = sorted({PurePosixPath(*page.path.parts[: depth + 1]) for page in pages if page not in loose})
    covers = tuple(page for page in loose if is_called_cover(page.path.name))
    return tuple(
        LanguagePart(
            folder,
            folder_language(folder.name),
            (*covers, *(page for page in pages if page.path.is_relative_to(folder))),
            tuple(text for text in texts if {*folders}.intersection(text.path.parents) <= {folder}),
        )
        for folder in folders
    )


def has_language_folders(work: FoundWork) -> bool:
    """Whether the folders at the top of a comic are several, and each is named after a language."""
    top = len(work.path.parts)
    names = {page.path.parts[top] for page in pages_of(work) if len(page.path.parts) > top + 1}
    return len(names) > 1 and all(map(folder_language, names))


def _language_depth(work: FoundWork, pages: Files) -> int | None:
    """Return how deep the language folders lie: at the top of the comic, or below folders that hold everything."""
    top = len(work.path.parts)
    beside = (page.path for page in pages if len(page.path.parts) == top + 1)
    if has_language_folders(work) and not any(is_numbered(path.name) for path in beside):
        return top
    for depth in range(top, min(len(page.path.parts) for page in pages) - 1):
        names = {page.path.parts[depth] for page in pages}
        if all(map(folder_language, names)):
            return depth
        if len(names) > 1:
            return None
    return None


def chapters_of(
    pages: Sequence[PurePosixPath], top: PurePosixPath, titles: Mapping[PurePosixPath, str]
) -> tuple[Chapter, ...]:
    """Return the chapters of pages in reading order, by folders below `top`; none where all lie in one folder.

    `titles` are those of folders that have one; others are called like their folders.
    """
    folders = [page.relative_to(top).parts[:-1] if page.is_relative_to(top) else () for page in pages]
    shared = shared_depth(_inner_folders(pages, top))
    runs = [(folder, len(list(run))) for folder, run in groupby(folders)]
    if len(runs) < 2:
        return ()
    runs_in = Counter(folder[:depth] for folder, _ in runs for depth in range(len(folder)))
    firsts = accumulate((count for _, count in runs), initial=0)
    chapters = []
    for (folder, _), first in zip(runs, firsts, strict=False):
        names = [endings.stem(part) if kind_of(part) in _PACKED else part for part in _telling(folder, shared, runs_in)]
        if names:
            chapters.append(Chapter(titles.get(top.joinpath(*folder)) or joined_titles(names), first))
    return tuple(chapters)


def _telling(folder: tuple[str, ...], shared: int, runs_in: Mapping[tuple[str, ...], int]) -> tuple[str, ...]:
    """Return the names of a chapter's folders below the shared ones, without the only folder that an archive holds."""
    for depth in range(shared + 1, len(folder)):
        if kind_of(folder[depth - 1]) in _PACKED and runs_in[folder[:depth]] == 1:
            return folder[shared:depth]
    return folder[shared:]


def folders_around_chapters(pages: Sequence[PurePosixPath], top: PurePosixPath) -> tuple[str, ...]:
    """Return the names of the folders below `top` that hold all chapters; none where no folder holds several."""
    folders = _inner_folders(pages, top)
    return folders[0][: shared_depth(folders)] if len(set(folders)) > 1 else ()


def _inner_folders(pages: Sequence[PurePosixPath], top: PurePosixPath) -> list[tuple[str, ...]]:
    """Return the folders of pages below `top`, without those of covers that lie beside the folder of all pages."""
    folders = [page.relative_to(top).parts[:-1] if page.is_relative_to(top) else () for page in pages]
    return [folder for folder, page in zip(folders, pages, strict=True) if folder or not is_called_cover(page.name)]


def flow_of(pictures: Sequence[Picture], edges: Edges) -> tuple[Flow, str]:
    """Return how a comic reads, by what is drawn at the edges of its pictures or by their shapes; and why in words."""
    if not pictures:
        return Flow.PAGES, "no picture could be measured"
    ratio = median(picture.height / picture.width for picture in pictures)
    if _LINE <= ratio <= _SCROLL:
        return Flow.SCROLL, f"most pictures are about {1 / ratio:.1f} times as wide as tall"
    joins = joins_of(pictures, edges) if ratio < _TOWER else Joins()
    if joins.are_of_strip:
        return Flow.STRIP, "the drawing goes on from one picture to the next"
    if joins.are_of_pages:
        return Flow.PAGES, "the drawing ends with each picture"
    return _flow_by_shapes(pictures, ratio)


def _flow_by_shapes(pictures: Sequence[Picture], ratio: float) -> tuple[Flow, str]:
    shape = f"most pictures are about {ratio:.1f} times as tall as wide"
    if ratio >= _TALL:
        return Flow.STRIP, shape
    # All have one width, and half of them a height that is not the usual one: pages have title pages too.
    usual = median(picture.height for picture in pictures)
    differing = sum(abs(picture.height - usual) > usual / 10 for picture in pictures)
    if len(pictures) >= 3 and len({picture.width for picture in pictures}) == 1 and differing * 2 >= len(pictures):
        return Flow.STRIP, "the pictures are equally wide and differ in height"
    return Flow.PAGES, shape


def with_pages_of_files(pages: ComicPages) -> ComicPages:
    """Return the pages with each file of several pages, which is a TIFF, as these; words stay with the first."""
    return _each_as(pages, pages_of_file)


def pages_of_file(picture: Picture | Missing) -> tuple[Picture | Missing, ...]:
    """Return the pages that one file is: several where it is a TIFF of several."""
    if isinstance(picture, Missing):
        return (picture,)
    more = (
        Picture(picture.source, width, height, page=number, checksum=picture.checksum)
        for number, (width, height) in enumerate(picture.more_pages, 1)
    )
    return (picture, *more)


def split_spreads(pages: ComicPages, direction: Direction, known: Collection[Source] = ()) -> ComicPages:
    """Return the pages with each spread as two, in the order in which they are read; words stay with the first.

    Wide pictures are spreads, and those that are `known` as such.
    """
    return _each_as(pages, lambda picture: _halves(picture, direction, is_known=picture.source in known))


def split_scroll(pages: ComicPages, direction: Direction) -> ComicPages:
    """Return the pictures of a scroll in columns about as wide as tall, in the order in which they are read."""
    return _each_as(pages, lambda picture: _columns(picture, direction, _squares(picture)))


def _squares(picture: Picture | Missing) -> int:
    if isinstance(picture, Missing):
        return 1
    return max(1, round(picture.width / max(picture.height, _LEAST_COLUMN)))


def _each_as(pages: ComicPages, parts_of: Callable[[Picture | Missing], tuple[Picture | Missing, ...]]) -> ComicPages:
    parts = list(map(parts_of, pages.pictures))
    firsts = list(accumulate(map(len, parts), initial=0))
    return ComicPages(
        tuple(chain.from_iterable(parts)),
        tuple(
            replace(each, sections=tuple((firsts[index], lines) for index, lines in each.sections))
            for each in pages.transcripts
        ),
        tuple(replace(chapter, first=firsts[chapter.first]) for chapter in pages.chapters),
    )


def is_wide(picture: Picture) -> bool:
    """Whether a picture shows two pages beside each other."""
    return picture.width >= _WIDE * picture.height


def _halves(picture: Picture | Missing, direction: Direction, *, is_known: bool) -> tuple[Picture | Missing, ...]:
    if isinstance(picture, Missing) or not (is_known or is_wide(picture)):
        return (picture,)
    return _columns(picture, direction, 2)


def _columns(picture: Picture | Missing, direction: Direction, count: int) -> tuple[Picture | Missing, ...]:
    if isinstance(picture, Missing) or count == 1:
        return (picture,)
    parts = []
    for column in (Column(number, count) for number in range(count)):
        left, right = column.edges(picture.width)
        parts.append(replace(picture, width=right - left, column=column))
    return tuple(parts[::-1] if direction is Direction.RTL else parts)
