"""The PDF edition: of a comic one page a picture, the slices of a strip joined to tall ones; an article as set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from packager.layout import places
from packager.layout.build_input import BuildInput
from packager.layout.runs import Load, chapters_begun, split
from packager.layout.works import WorkLayout, picture_entry
from packager.model import Comic, Direction, Document, Entry, Flow, Rendition, Role

UNITS_A_PIXEL = 0.5  # 144 pixels an inch: a page of a comic comes out about as large as A4
# Viewers open no page of more than 14,400 units (ISO 32000-1, annex C), and small ones hold a page as one picture.
STRIP_UNITS = 7_200
PAGE_BYTES = 1_000  # what a page takes beside its picture
FILE_BYTES = 100_000  # what a file takes beside its pages, generously


@dataclass(frozen=True, slots=True)
class PagePlacement:
    """Where a picture stands on its page, in units from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page and its pictures from the first to the last, in units."""

    width: float
    height: float
    places: tuple[PagePlacement, ...]


@dataclass(frozen=True, slots=True)
class PdfChapter:
    """A chapter, the index of its page, and how high it begins there."""

    title: str
    page: int
    top: float


@dataclass(frozen=True, slots=True)
class PdfView:
    """What the PDF of a comic says and shows; `layout` is how viewers lay out its pages."""

    title: str
    language: str
    is_rtl: bool
    layout: str
    pages: tuple[PdfPage, ...]
    chapters: tuple[PdfChapter, ...]


_LAYOUTS = {Flow.PAGES: "TwoPageRight", Flow.STRIP: "OneColumn", Flow.SCROLL: "SinglePage"}


def pdf(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The PDF of one version, in parts when it is larger than a file may be; none of a comic without pictures."""
    if not isinstance(work.version.work, Comic):
        for number, shown in enumerate(work.renditions.of(Role.PDF), 1):
            assert isinstance(shown, Rendition)
            yield picture_entry(places.part_name(work.paths.pdf, number), shown)
        return
    parts = pdf_parts(work, build)
    for number, pages in enumerate(parts, 1):
        title = work.version.title if len(parts) == 1 else f"{work.version.title} ({number})"
        pictures = tuple(picture for page in pages for picture in page)
        document = Document("comic.pdf", _view(work, title, pages), pictures)
        size_bytes = build.size_of(document) + sum(picture.size_bytes for picture in pictures)
        yield Entry(str(places.part_name(work.paths.pdf, number)), document, size_bytes)


Pages = tuple[tuple[Rendition, ...], ...]  # each with its pictures


def pdf_parts(work: WorkLayout, build: BuildInput) -> tuple[Pages, ...]:
    """The pages of each part of a comic's PDF."""
    shown = tuple(item for item in work.renditions.of(Role.PAGE) if isinstance(item, Rendition))
    is_strip = work.comic.flow is Flow.STRIP
    tall = Load(pixels=int(STRIP_UNITS / UNITS_A_PIXEL))
    pages = split(shown, lambda slice_: Load(pixels=slice_.height), tall) if is_strip else [(one,) for one in shown]
    most = Load(size_bytes=build.profile.tree.max_file_bytes - FILE_BYTES)
    return (
        split(pages, lambda page: Load(size_bytes=sum(one.size_bytes + PAGE_BYTES for one in page)), most)
        if shown
        else ()
    )


def _view(work: WorkLayout, title: str, pages: Pages) -> PdfView:
    comic = work.comic
    return PdfView(
        title=title,
        language=work.version.language,
        is_rtl=comic.direction is Direction.RTL and comic.flow is not Flow.STRIP,
        layout=_LAYOUTS[comic.flow],
        pages=tuple(map(_page, pages)),
        chapters=tuple(_chapters(comic, pages)),
    )


def _page(pictures: tuple[Rendition, ...]) -> PdfPage:
    """Slices join without a gap: each goes on for a row below the next, which covers it."""
    width = max(picture.width for picture in pictures)
    left = sum(picture.height for picture in pictures)
    height = left
    placed = []
    for picture in pictures:
        left -= picture.height
        hidden = 1 if left else 0
        box = ((width - picture.width) / 2, left - hidden, picture.width, picture.height + hidden)
        placed.append(PagePlacement(*(length * UNITS_A_PIXEL for length in box)))
    return PdfPage(width * UNITS_A_PIXEL, height * UNITS_A_PIXEL, tuple(placed))


def _chapters(comic: Comic, pages: Pages) -> Iterator[PdfChapter]:
    """The chapters that begin in a part, each with the place of its first picture."""
    begun = chapters_begun(comic, pages[0][0]) - (pages[0][0].first in {chapter.first for chapter in comic.chapters})
    for index, page in enumerate(pages):
        top = sum(picture.height for picture in page)
        for picture in page:
            number = chapters_begun(comic, picture)
            if number > begun:
                yield PdfChapter(comic.chapters[number - 1].title, index, top * UNITS_A_PIXEL)
            begun, top = number, top - picture.height
