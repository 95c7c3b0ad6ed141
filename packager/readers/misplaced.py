"""Works in the wrong folder: comics among articles and texts among comics, taken for what they are, and told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import groupby
from pathlib import PurePosixPath

from packager.config.definition import ARTICLES, COMICS, FOLDERS, Definition
from packager.model import Outcome, Remark, Source
from packager.readers.discovery import (
    articles_among,
    as_found,
    comics_of,
    outside_saved_pages,
    packed_works,
    within,
)
from packager.readers.files import FileKind, Files, SourceFile, kind_of_path, printable
from packager.readers.found import FoundWork, WorkKind
from packager.readers.publications import ReadWork
from packager.text.order import is_called_cover, is_numbered

_NEARLY = 0.8  # of the letters of a name
_COMIC_BOOKS = (".cbz", ".cbr", ".cb7", ".cbt")  # other archives may hold anything
_READ_AS_TEXT = (FileKind.TEXT, FileKind.ABOUT, FileKind.TRANSCRIPT)
_READ_AS_PICTURES = (FileKind.PICTURE, FileKind.ARCHIVE, FileKind.BOOK)
# What folders are called that hold pictures for texts.
_OF_TEXTS = frozenset(
    "assets attachments figures files images image img media photos photo pictures picture pics scans"
    " 그림 사진 이미지 画像 写真 图片 照片 圖片".split()
)


def with_misplaced(works: tuple[FoundWork, ...], definition: Definition, files: Files) -> tuple[FoundWork, ...]:
    """Return the works and, where none are listed, those in the wrong folder behind them.

    A folder of pictures among the articles may yet be one that an article shows: `settled` tells when that is known.
    """
    if definition.publications is not None:
        return works
    tops = {file.path.parts[0] for file in files if len(file.path.parts) > 1}
    comics, articles = (
        [(PurePosixPath(top), within(files, PurePosixPath(top))) for top in sorted(tops) if top.casefold() == name]
        for name in (COMICS, ARTICLES)
    )
    texts = [file for root, inner in comics for file in _texts_among(root, inner)]
    found = [*(work for root, inner in articles for work in _comics_among(root, inner)), *articles_among(texts)]
    of_comics = [file for _, inner in comics for file in inner]
    in_saved_pages = {*of_comics} - {*outside_saved_pages(of_comics)}
    left = {*texts, *(file for file in in_saved_pages if len(file.path.parts) == 3)}
    rest = (work for work in works if left.isdisjoint(work.files))
    return (*rest, *(as_found(work, definition) for work in found))


def is_misplaced(work: FoundWork) -> bool:
    """Whether a work lies in the folder of the other kind, as none does that is listed; books may lie in either."""
    is_book = kind_of_path(work.path) is FileKind.BOOK
    top = work.path.parts[0].casefold() if work.path.parts else ""
    return top in FOLDERS and top != work.kind.value and not is_book


def opened_comics(works: Iterable[FoundWork]) -> tuple[FoundWork, ...]:
    """Return the opened works without the archives among the articles that hold no pages, or texts beside them."""
    return tuple(
        work
        for work in works
        if not (work.archive and is_misplaced(work))
        or work.path.suffix.lower() in _COMIC_BOOKS
        or _are_pages(work.files)
    )


def settled(works: Iterable[ReadWork], definition: Definition) -> list[ReadWork]:
    """Return the works without the comics among the articles of which an article shows a picture."""
    works = list(works)
    if definition.publications is not None:
        return works
    shown = _shown(works)
    return [
        work
        for work in works
        if not is_misplaced(work.work) or shown.isdisjoint(file.source for file in work.work.files)
    ]


def remarks_on(works: Iterable[ReadWork], definition: Definition, files: Files) -> tuple[Remark, ...]:
    """Return the warnings of what lies in a wrong place, or in a folder with a wrong name."""
    works = tuple(works)
    return (*_on_names(files), *_on_places(works, definition), *_on_loose_pages(works, definition, files))


def _on_places(works: Iterable[ReadWork], definition: Definition) -> Iterator[Remark]:
    """Yield a warning for each work in the wrong folder."""
    for work in works if definition.publications is None else ():
        if work.versions and is_misplaced(work.work):
            kind, lies = work.work.kind, work.work.path.parts[0]
            message = f"lies in {lies}/ and is taken as {kind.words}: move it into {kind}/, or out of the bundle"
            yield Remark(work.work.label, Outcome.WARNING, message)


def _on_names(files: Files) -> Iterator[Remark]:
    """Yield a warning for each folder that is called nearly as one for works is."""
    tops = {file.path.parts[0] for file in files if len(file.path.parts) > 1}
    for top in sorted(tops):
        meant = get_close_matches(top.casefold(), FOLDERS, n=1, cutoff=_NEARLY)
        if meant and meant[0] != top.casefold():
            message = f"is not called {meant[0]}, and so not read as that folder: rename it, if you meant it"
            yield Remark(f"{printable(top)}/", Outcome.WARNING, message)


def _on_loose_pages(works: Iterable[ReadWork], definition: Definition, files: Files) -> Iterator[Remark]:
    """Yield a warning where pages lie beside the articles that none of these shows."""
    if definition.publications is not None:
        return
    beside = [file for file in files if len(file.path.parts) == 2 and file.path.parts[0].casefold() == ARTICLES]
    pages = [file for file in beside if file.kind is FileKind.PICTURE and is_numbered(file.path.name)]
    shown = _shown(works)
    if len(pages) > 1 and shown.isdisjoint(file.source for file in pages):
        what = f"{len(pages)} pictures with numbers lie in it, and no article shows one"
        message = f"{what}: a comic goes into a folder of its own in {COMICS}/"
        yield Remark(f"{printable(pages[0].path.parts[0])}/", Outcome.WARNING, message)


def _shown(works: Iterable[ReadWork]) -> set[Source]:
    articles = [work for work in works if work.work.kind is WorkKind.ARTICLE]
    return {picture.source for each in articles for read in each.versions for picture in read.version.all_pictures}


def _texts_among(root: PurePosixPath, files: Files) -> Iterator[SourceFile]:
    """Yield the texts that lie beside the comics in `root`, and those in folders in which there is nothing else."""
    depth = len(root.parts)
    for _, group in groupby(files, key=lambda file: file.path.parts[depth]):
        inner = tuple(group)
        if not any(file.kind in _READ_AS_PICTURES for file in inner):
            yield from (file for file in inner if file.kind is FileKind.TEXT)


def _comics_among(root: PurePosixPath, files: Files) -> Iterator[FoundWork]:
    """Yield the archives in a folder of articles, and the comics in its folders in which no text lies."""
    depth = len(root.parts)
    for name, group in groupby(outside_saved_pages(files), key=lambda file: file.path.parts[depth]):
        inner = tuple(group)
        is_folder = len(inner[0].path.parts) > depth + 1
        if not is_folder:
            yield from packed_works(inner, FileKind.ARCHIVE)
        elif any(file.kind in _READ_AS_TEXT for file in inner):
            yield from _comics_among(root / name, inner)
        elif name.casefold() not in _OF_TEXTS and _are_pages(inner):
            yield from comics_of(root / name, inner, name)
        else:
            yield from packed_works(inner, FileKind.ARCHIVE)


def _are_pages(files: Iterable[SourceFile]) -> bool:
    """Whether there are several pictures with numbers, beside a cover, and no text."""
    files = tuple(files)
    names = [file.path.name for file in files if file.kind is FileKind.PICTURE]
    pages = [name for name in names if not is_called_cover(name)]
    return len(pages) > 1 and all(map(is_numbered, pages)) and not any(file.kind in _READ_AS_TEXT for file in files)
