"""One page: pieces of text, figures and rules put where the layout wants them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from packager.model import Direction, PicturePiece, Placed, Role, Sheet, SheetJob, TextPiece
from packager.pictures.vips.colour import to_srgb
from packager.pictures.vips.decode import open_picture
from packager.pictures.vips.engine import Image, strictly
from packager.pictures.vips.takes import encoded_as_wished
from packager.pictures.vips.typeset.lines import Ink, box_width, set_text

PAPER = [253, 252, 249]
LINE = [176, 174, 168]
_GREY = 'foreground="#7c7b76"'

Laid = tuple[Image, int, int]  # a picture, and its place on the page


def set_sheet(job: SheetJob) -> bytes:
    """The page as a JPEG."""
    sheet = job.sheet
    page = Image.black(sheet.width, sheet.height, bands=3).copy(interpretation="srgb") + PAPER
    page = page.cast("uchar")
    for placed in job.placed:
        for picture, left, top in _laid(placed, sheet):
            page = _put(page, picture, left, top)
    if job.number:
        page = _put(page, *_number(job.number, sheet))
    return encoded_as_wished(page.copy_memory(), Role.PHOTO, job.wish).data


def _put(page: Image, picture: Image, left: int, top: int) -> Image:
    if picture.bands == 4:
        width, height = min(picture.width, page.width - max(left, 0)), min(picture.height, page.height - max(top, 0))
        ground = page.crop(max(left, 0), max(top, 0), width, height)
        picture = ground.composite2(picture.crop(0, 0, width, height), "over").flatten().cast("uchar")
    return page.insert(picture, max(left, 0), max(top, 0))


def _laid(placed: Placed, sheet: Sheet) -> Iterator[Laid]:
    piece, top = placed.piece, sheet.top + placed.top
    if isinstance(piece, TextPiece):
        yield from _text(piece, placed, sheet)
    elif isinstance(piece, PicturePiece):
        with strictly():
            image = to_srgb(open_picture(piece.path.read_bytes()))
            image = image.resize(piece.width / image.width, vscale=piece.height / image.height, kernel="cubic")
            image = image.copy_memory()
        yield image, (sheet.width - image.width) // 2, top
    else:
        width = sheet.column if piece.is_wide else sheet.column // 5
        yield _solid(width, 1), (sheet.width - width) // 2, top


def _text(piece: TextPiece, placed: Placed, sheet: Sheet) -> Iterator[Laid]:
    """The rows of a piece that stand on this page, its bar, and beside its first line its marker."""
    width = box_width(piece, sheet.column)
    is_mirrored = piece.direction is Direction.RTL
    left = sheet.left + (0 if is_mirrored else piece.start)
    ink = set_text(piece, piece.markup, width)
    if ink is not None:
        yield from _rows(ink, placed, left, sheet)
    gap = sheet.type_size // 2
    if piece.has_bar:
        height = placed.last - placed.first
        yield _solid(3, height), left + width + gap if is_mirrored else left - gap - 3, sheet.top + placed.top
    if piece.marker and placed.begins:
        marker = set_text(replace(piece, is_centred=False), piece.marker, 4 * piece.size)
        if marker is not None:
            across = left + width + gap if is_mirrored else left - gap - marker.image.width
            yield from _rows(replace(marker, left=0), placed, across, sheet)


def _rows(ink: Ink, placed: Placed, left: int, sheet: Sheet) -> Iterator[Laid]:
    first = max(placed.first, ink.top)
    last = min(placed.last, ink.top + ink.image.height)
    if first < last:
        rows = ink.image.crop(0, first - ink.top, ink.image.width, last - first)
        yield rows, left + ink.left, sheet.top + placed.top + first - placed.first


def _number(number: str, sheet: Sheet) -> Laid:
    size = sheet.type_size * 3 // 4
    style = TextPiece(number, "en", Direction.LTR, size, 2 * size, is_centred=True)
    ink = set_text(style, number, sheet.column, _GREY)
    assert ink is not None
    return ink.image, (sheet.width - ink.image.width) // 2, sheet.height - 5 * sheet.type_size // 2


def _solid(width: int, height: int) -> Image:
    return (Image.black(width, height, bands=3).copy(interpretation="srgb") + LINE).cast("uchar")
