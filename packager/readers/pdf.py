"""PDF -> pictures of its pages: the picture that a page consists of as it is, any other page drawn.

PDFium parses and draws: this runs in worker processes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packager.archive import LockedArchive, Member, Walk
from packager.errors import SourceError
from packager.readers.pdf_picture import own_picture
from packager.sandbox.limits import LIMITS, Limits

if TYPE_CHECKING:
    from PIL.Image import Image

DRAWN = ", drawn.png"
"""How the names of pages end that were drawn."""

_WIDTH = 1700  # pixels: a sheet of 1.4 times that height is 2,400 long, the most that a profile of ours shows
_MOST_PIXELS = 40_000_000  # of a page that is drawn: 120 MB
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_MOST_OBJECTS = 10_000  # of a page are looked at: forms in forms have more than anybody can count


@dataclass(slots=True)
class PdfProgress:
    """How far a PDF has been read: its pages, and the seconds of the processor that they took.

    `digests` are those of pages and of pictures on them; `same` pages, and pictures of `same_pixels`, came again.
    """

    pages: int = 0
    digests: set[bytes] = field(default_factory=set)
    same: int = 0
    same_pixels: int = 0
    seconds: float = 0
    is_done: bool = False


def is_pdf(path: Path) -> bool:
    """Whether a file begins as a PDF does: readers allow some bytes before that."""
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def walk(path: Path, limits: Limits = LIMITS, progress: PdfProgress | None = None) -> Walk:
    """Yield each page as a picture, in order, those behind the ones in `progress`, which grows with them.

    Raises SourceError for a broken PDF and one with too many pages, LockedArchive for one with a password.
    """
    import pypdfium2

    progress = progress or PdfProgress()
    with _explained(), path.open("rb") as file, pypdfium2.PdfDocument(file) as document:
        size_bytes = path.stat().st_size
        most = limits.most_pages(size_bytes)
        if not 0 < len(document) <= most:
            why = "" if most == limits.pages else f", and no PDF of {size_bytes:,} bytes needs more than {most:,}"
            raise SourceError(f"has {len(document):,} pages; {limits.pages:,} are read at most{why}")
        for number in range(progress.pages, len(document)):
            page = document[number]
            objects = tuple(islice(page.get_objects(), _MOST_OBJECTS))
            _count(page, objects, progress, limits.most_pixels(size_bytes), limits)
            picture = own_picture(page, objects, partial(_drawn, page))
            name = f"page {number + 1}.jpg" if picture else f"page {number + 1}{DRAWN}"
            data = picture
            if not data:
                file_of_page = io.BytesIO()
                _drawn(page, _scale(page, objects)).save(file_of_page, "PNG", compress_level=1)
                data = file_of_page.getvalue()
            yield Member(name, len(data)), iter((data,))
            page.close()
        progress.is_done = True


def _count(page: Any, objects: Sequence[Any], progress: PdfProgress, most_pixels: int, limits: Limits) -> None:
    """Count the page; refuse a PDF that mostly shows the same again: each time it would be drawn anew."""
    pictures = {sha256(image.get_data()).digest(): image.get_px_size() for image in _images(objects)}
    digest = _page_digest(page, objects, pictures)
    progress.pages += 1
    progress.same += digest in progress.digests
    progress.same_pixels += sum(width * height for one, (width, height) in pictures.items() if one in progress.digests)
    progress.digests.update((digest, *pictures))
    if progress.same > max(limits.same_pages, progress.pages // 2) or progress.same_pixels > most_pixels:
        what = "page" if progress.same_pixels <= most_pixels else "picture"
        hint = "Leave out the pages that are alike, or print it into a new PDF."
        raise SourceError(f"shows one {what} again and again, on {progress.pages} pages and more", hint=hint)


def _page_digest(page: Any, objects: Sequence[Any], pictures: Iterable[bytes]) -> bytes:
    """Return a digest of what differs between pages: size, words, the place of each object, and the pictures."""
    import pypdfium2.raw as pdfium

    places = [(one.type, one.get_bounds()) for one in objects]
    digest = sha256(repr((page.get_size(), page.get_rotation(), places, *pictures)).encode())
    if any(kind == pdfium.FPDF_PAGEOBJ_TEXT for kind, _ in places):
        with closing(page.get_textpage()) as text:
            digest.update(text.get_text_range().encode(errors="replace"))
    return digest.digest()


def _scale(page: Any, objects: Sequence[Any]) -> float:
    """Return pixels a point: those of the page's finest picture, or for our width, within what one page may have."""
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise SourceError("has a page whose width or height is zero")
    finest = _WIDTH / width
    for image in _images(objects):
        left, _, right, _ = image.get_bounds()
        if right > left:
            finest = max(finest, image.get_px_size()[0] / (right - left))
    return float(min(finest, (_MOST_PIXELS / (width * height)) ** 0.5))


def _images(objects: Sequence[Any]) -> Iterator[Any]:
    import pypdfium2.raw as pdfium

    return (one for one in objects if one.type == pdfium.FPDF_PAGEOBJ_IMAGE)


def _drawn(page: Any, scale: float) -> Image:
    return page.render(scale=scale).to_pil().convert("RGB")  # type: ignore[no-any-return]


@contextmanager
def _explained() -> Iterator[None]:
    from pypdfium2 import PdfiumError

    try:
        yield
    except PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR:
            hint = "Open it with its password, print it into a new PDF, and put that in its place."
            raise LockedArchive("is locked with a password", hint=hint) from error
        raise SourceError(f"is not a valid PDF: {error}", hint="Open it in a PDF reader, and save it anew.") from error
