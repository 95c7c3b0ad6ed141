"""A comic as a PDF: its pages with their pictures as they are, chapters as its outline, and a title."""

from __future__ import annotations

from collections.abc import Iterator

from packager.archive.pdf_write import ascii_string, pdf_pieces, text_string
from packager.layout.pdf import PdfPage, PdfView
from packager.model import Rendition

Parts = tuple[bytes | tuple[Rendition, int], ...]  # of one object

_CATALOG, _PAGES, _INFO, _OUTLINE = 1, 2, 3, 4


def pieces(view: PdfView, pictures: tuple[Rendition, ...]) -> Iterator[bytes | Rendition]:
    """Yield the bytes of the PDF, and in their places the pictures, each once and in order."""
    first = _OUTLINE + (1 + len(view.chapters) if view.chapters else 0)
    numbers: list[int] = []
    leaves: list[Parts] = []
    shown = iter(pictures)
    for page in view.pages:
        numbers.append(first + len(leaves))
        leaves += _page(page, [next(shown) for _ in page.places], numbers[-1])
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects: list[Parts] = [
        (_catalog(view),),
        (b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(numbers), kids),),
        (b"<</Title%s>>" % text_string(view.title),),
        *_outline(view, numbers),
        *leaves,
    ]
    return pdf_pieces(objects, _CATALOG, _INFO)


def _catalog(view: PdfView) -> bytes:
    preferences = b"/ViewerPreferences<</Direction/%s/DisplayDocTitle true>>" % (b"R2L" if view.is_rtl else b"L2R")
    language = b"/Lang%s" % ascii_string(view.language)
    layout = b"/PageLayout/%s" % view.layout.encode()
    outline = b"/PageMode/UseOutlines/Outlines %d 0 R" % _OUTLINE if view.chapters else b""
    return b"<</Type/Catalog/Pages %d 0 R%s%s%s%s>>" % (_PAGES, language, preferences, layout, outline)


def _outline(view: PdfView, numbers: list[int]) -> Iterator[Parts]:
    if not view.chapters:
        return
    first, last = _OUTLINE + 1, _OUTLINE + len(view.chapters)
    yield (b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (first, last, len(view.chapters)),)
    for number, chapter in enumerate(view.chapters, first):
        before = b"/Prev %d 0 R" % (number - 1) if number > first else b""
        after = b"/Next %d 0 R" % (number + 1) if number < last else b""
        place = b"[%d 0 R/XYZ %s %s 0]" % (numbers[chapter.page], _number(0), _number(chapter.top))
        yield (b"<</Parent %d 0 R%s%s/Title%s/Dest%s>>" % (_OUTLINE, before, after, text_string(chapter.title), place),)


def _page(page: PdfPage, pictures: list[Rendition], number: int) -> Iterator[Parts]:
    """Yield the objects of a page, which has this `number`: itself, what it shows, and its pictures."""
    names = b"".join(b"/p%d %d 0 R" % (index, number + 2 + index) for index in range(len(pictures)))
    size = b"[0 0 %s %s]" % (_number(page.width), _number(page.height))
    yield (
        b"<</Type/Page/Parent %d 0 R/MediaBox%s/Resources<</XObject<<%s>>>>/Contents %d 0 R>>"
        % (_PAGES, size, names, number + 1),
    )
    drawn = b"".join(
        b"q %s 0 0 %s %s %s cm /p%d Do Q\n"
        % (_number(one.width), _number(one.height), _number(one.left), _number(one.bottom), index)
        for index, one in enumerate(page.places)
    )
    yield (b"<</Length %d>>\nstream\n%s\nendstream" % (len(drawn), drawn),)
    for picture in pictures:
        colours = b"DeviceGray" if picture.is_grey else b"DeviceRGB"
        head = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%s/BitsPerComponent 8/Filter/DCTDecode"
        said = (head + b"/Length %d>>\nstream\n") % (picture.width, picture.height, colours, picture.size_bytes)
        yield said, (picture, picture.size_bytes), b"\nendstream"


def _number(units: float) -> bytes:
    """Return a length, which is a whole number of half units."""
    return b"%d" % units if units == int(units) else b"%.1f" % units
