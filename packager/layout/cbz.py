"""The CBZ edition: a comic's pictures in one stored ZIP, with a ComicInfo.xml made from our model only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from packager.layout.build_input import BuildInput
from packager.layout.comic import comic_of
from packager.layout.places import part_name
from packager.layout.runs import Load, split
from packager.layout.views import ComicInfoView
from packager.layout.works import WorkLayout, picture_entry
from packager.model import Cbz, Direction, Document, Entry, Flow, Rendition, Role

CBZ = "application/vnd.comicbook+zip"
# APPNOTE.TXT 4.3: local header 30 bytes, central header 46, both with the name; end record 22.
ZIP_HEADERS = 30 + 46
ZIP_END = 22
PAGE_BYTES = 400  # headers of one page, and its line in ComicInfo.xml
INFO_BYTES = 100_000  # the rest of ComicInfo.xml, generously


def cbz(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The CBZ of one version of a comic, in parts when it is larger than a file may be; none without pictures."""
    runs = parts(work, build)
    for number, pages in enumerate(runs, 1):
        members = _members(work, build, pages, (number, len(runs)))
        size = stored_bytes((str(member.path), member.size_bytes) for member in members)
        yield Entry(part_name(work.paths.cbz, number), CBZ, Cbz(members), size)


def parts(work: WorkLayout, build: BuildInput) -> tuple[tuple[Rendition, ...], ...]:
    """The pages of each part."""
    pages = tuple(shown for shown in work.renditions.of(Role.PAGE) if isinstance(shown, Rendition))
    room = Load(size_bytes=build.profile.tree.max_file_bytes - INFO_BYTES)
    return split(pages, lambda page: Load(size_bytes=page.size_bytes + PAGE_BYTES), room) if pages else ()


def _members(
    work: WorkLayout, build: BuildInput, pages: tuple[Rendition, ...], part: tuple[int, int]
) -> tuple[Entry, ...]:
    digits = max(3, len(str(len(pages))))
    pictures = tuple(
        picture_entry(PurePosixPath(f"{number:0{digits}}.jpg"), page) for number, page in enumerate(pages, 1)
    )
    info = Document("comicinfo.xml", _info(work, pages, part))
    return (build.document(PurePosixPath("ComicInfo.xml"), info, "text/xml"), *pictures)


def stored_bytes(members: Iterable[tuple[str, int]]) -> int:
    """The size of a stored ZIP of members with these names and sizes, below 2 GiB in all; APPNOTE.TXT 4.3."""
    return ZIP_END + sum(ZIP_HEADERS + 2 * len(name) + size for name, size in members)


def _info(work: WorkLayout, pages: tuple[Rendition, ...], part: tuple[int, int]) -> ComicInfoView:
    version = work.version
    comic = comic_of(work)
    is_manga = comic.flow is Flow.PAGES and comic.direction is Direction.RTL
    return ComicInfoView(
        title=version.title,
        series=work.publication.series.in_language(version.language),
        part=part if part[1] > 1 else None,
        summary=version.summary,
        writer=", ".join(version.authors),
        language="" if version.language == "und" else version.language,
        manga="YesAndRightToLeft" if is_manga else "No",
        images=tuple((page.width, page.height, page.size_bytes) for page in pages),
    )
