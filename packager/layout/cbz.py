"""The CBZ edition: a comic's pictures in one stored ZIP, with a ComicInfo.xml made from our model only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from packager.layout.brief import CBZ, Brief, Work, picture_entry
from packager.layout.comic import comic_of
from packager.layout.views import ComicInfoView
from packager.model import Cbz, Copy, Direction, Document, Entry, Flow, Rendition, Role

# APPNOTE.TXT 4.3: local header 30 bytes, central header 46, both with the name; end record 22.
ZIP_HEADERS = 30 + 46
ZIP_END = 22


def cbz(work: Work, brief: Brief) -> Iterator[Entry]:
    """The CBZ of one version of a comic; none when no picture is left to put in."""
    pages = tuple(shown for shown in work.renditions.of(Role.PAGE) if isinstance(shown, Rendition))
    if not pages:
        return
    digits = max(3, len(str(len(pages))))
    pictures = tuple(
        picture_entry(PurePosixPath(f"{number:0{digits}}.jpg"), Copy(page.path), page.size_bytes)
        for number, page in enumerate(pages, 1)
    )
    info = brief.document(PurePosixPath("ComicInfo.xml"), Document("comicinfo.xml", _info(work, pages)), "text/xml")
    members = (info, *pictures)
    yield Entry(work.place.cbz, CBZ, Cbz(members), stored_bytes(members))


def stored_bytes(members: tuple[Entry, ...]) -> int:
    """The size of a stored ZIP of `members` without extra fields or comments; APPNOTE.TXT 4.3."""
    return ZIP_END + sum(ZIP_HEADERS + 2 * len(str(member.path)) + member.size_bytes for member in members)


def _info(work: Work, pages: tuple[Rendition, ...]) -> ComicInfoView:
    version = work.version
    comic = comic_of(work)
    is_manga = comic.flow is Flow.PAGES and comic.direction is Direction.RTL
    return ComicInfoView(
        title=version.title,
        series=work.publication.series.in_language(version.language),
        summary=version.summary,
        writer=", ".join(version.authors),
        language="" if version.language == "und" else version.language,
        manga="YesAndRightToLeft" if is_manga else "No",
        images=tuple((page.width, page.height, page.size_bytes) for page in pages),
    )
