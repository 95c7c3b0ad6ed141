"""The picture that a page of a PDF consists of, as its own JPEG: where the page shows all of it and nothing else.

Which way up it stands is said by the matrices of picture and page (ISO 32000-1, 8.3), which an Exif orientation says to
whoever opens the JPEG.
"""

from __future__ import annotations

import ctypes
import io
import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

_INVISIBLE_TEXT = 3  # FPDF_TEXTRENDERMODE_INVISIBLE: what a scanner has read
_AWAY = 0.02  # of the page's side: how far an edge of the picture may lie from that of the page
_SKEW = 0.001  # of the longer side of the matrix
_STRETCH = 0.02  # of one side against the other
_SAMPLE = (24, 24)
_CELL = 8  # pixels of a sample's side as it is drawn
_MOST_DIFFERENCE = 16  # levels on average: compression differs by 1 or 2, an inverted picture by far more
_MOST_IN_CELL = 48  # levels of one sample: of words that a mask hides

# Where the columns and the rows of the JPEG lead, to the right (1, 0) and down (0, 1), and the value of Exif's
# orientation (CIPA DC-008, 4.6.4) that says so.
_ORIENTATIONS = {
    ((1, 0), (0, 1)): 1,
    ((-1, 0), (0, 1)): 2,
    ((-1, 0), (0, -1)): 3,
    ((1, 0), (0, -1)): 4,
    ((0, 1), (1, 0)): 5,
    ((0, 1), (-1, 0)): 6,
    ((0, -1), (-1, 0)): 7,
    ((0, -1), (1, 0)): 8,
}
_EXIF = b"Exif\0\0"
_START, _SCAN, _APP1 = b"\xff\xd8", 0xDA, 0xE1


def own_picture(page: Any, objects: Sequence[Any], draw: Callable[[float], Image]) -> bytes:
    """Return the JPEG that fills the page, upright by its Exif, with nothing else to be seen; b"" where there is none.

    `draw` gives the page as it looks, with so many pixels a point.
    """
    import pypdfium2.raw as pdfium

    visible = [
        one
        for one in objects
        if one.type != pdfium.FPDF_PAGEOBJ_TEXT or pdfium.FPDFTextObj_GetTextRenderMode(one.raw) != _INVISIBLE_TEXT
    ]
    if len(visible) != 1 or visible[0].type != pdfium.FPDF_PAGEOBJ_IMAGE:
        return b""
    (image,) = visible
    if image.get_filters() != ["DCTDecode"] or pdfium.FPDFPageObj_HasTransparency(image.raw):
        return b""
    orientation = _orientation(image, page.get_rotation())
    if not orientation or not _is_whole_page(image, page) or _is_clipped(image):
        return b""
    data = with_orientation(bytes(image.get_data()), orientation)
    return data if _looks_like(data, page, draw) else b""


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """Return the JPEG with that orientation in its Exif, and no other: a PDF does not ask its pictures."""
    parts, position = [_START], 2
    while jpeg[position : position + 1] == b"\xff" and len(jpeg) >= position + 4 and jpeg[position + 1] != _SCAN:
        end = position + 2 + int.from_bytes(jpeg[position + 2 : position + 4])
        if jpeg[position + 1] != _APP1:
            parts.append(jpeg[position:end])
        position = end
    if orientation > 1:
        # One directory with one entry: tag 0x0112, a short.
        body = _EXIF + b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
        parts.insert(1, b"\xff" + bytes([_APP1]) + struct.pack(">H", 2 + len(body)) + body)
    return b"".join((*parts, jpeg[position:]))


def _orientation(image: Any, rotation: int) -> int:
    """How the picture lies on the page as it is shown; 0 where it is skewed or stretched."""
    matrix = image.get_matrix()
    width, height = image.get_px_size()
    longest = max(map(abs, (matrix.a, matrix.b, matrix.c, matrix.d)))
    is_lying = abs(matrix.a) < abs(matrix.b)
    across, along, *skewed = (
        (matrix.b, matrix.c, matrix.a, matrix.d) if is_lying else (matrix.a, matrix.d, matrix.b, matrix.c)
    )
    if not all((across, along, width, height)) or max(map(abs, skewed)) > _SKEW * longest:
        return 0
    if abs(abs(along / across) * width / height - 1) > _STRETCH:
        return 0
    # In a PDF y grows upwards, and the first row of a picture lies at its top.
    columns = (0, -_sign(matrix.b)) if is_lying else (_sign(matrix.a), 0)
    rows = (-_sign(matrix.c), 0) if is_lying else (0, _sign(matrix.d))
    for _ in range(rotation // 90 % 4):  # clockwise
        columns, rows = (-columns[1], columns[0]), (-rows[1], rows[0])
    return _ORIENTATIONS[columns, rows]


def _sign(number: float) -> int:
    return 1 if number > 0 else -1


def _is_whole_page(image: Any, page: Any) -> bool:
    """Whether the edges of the picture are those of what is shown of the page."""
    left, bottom, right, top = page.get_bbox()
    most = (_AWAY * (right - left), _AWAY * (top - bottom)) * 2
    pairs = zip(image.get_bounds(), (left, bottom, right, top), most, strict=True)
    return all(abs(edge - end) <= away for edge, end, away in pairs)


def _is_clipped(image: Any) -> bool:
    """Whether the picture is shown through anything but rectangles around all of it."""
    import pypdfium2.raw as pdfium

    clip = pdfium.FPDFPageObj_GetClipPath(image.raw)
    left, bottom, right, top = image.get_bounds()
    for path in range(max(0, pdfium.FPDFClipPath_CountPaths(clip))):
        points = []
        x, y = ctypes.c_float(), ctypes.c_float()
        for number in range(min(6, pdfium.FPDFClipPath_CountPathSegments(clip, path))):
            segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, number)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            points.append((x.value, y.value))
        xs, ys = ({round(point[axis]) for point in points} for axis in (0, 1))
        if (len(set(points)), len(xs), len(ys)) != (4, 2, 2):
            return True
        away = _AWAY * max(right - left, top - bottom)
        if min(xs) > left + away or max(xs) < right - away or min(ys) > bottom + away or max(ys) < top - away:
            return True
    return False


def _looks_like(data: bytes, page: Any, draw: Callable[[float], Image]) -> bool:
    """Whether the JPEG shows what the page shows: masks, inversions and colours stand outside it."""
    import PIL.Image
    from PIL import ImageChops, ImageOps, ImageStat

    try:
        with PIL.Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            picture.draft("L", (_CELL * _SAMPLE[0], _CELL * _SAMPLE[1]))
            own = ImageOps.exif_transpose(picture.convert("L")).resize(_SAMPLE)
    except Exception:  # a damaged one is left to the decoder, which says so
        return True
    drawn = draw(_CELL * _SAMPLE[0] / page.get_width()).convert("L").resize(_SAMPLE)
    difference = ImageChops.difference(own, drawn)
    return ImageStat.Stat(difference).mean[0] <= _MOST_DIFFERENCE and max(difference.tobytes()) <= _MOST_IN_CELL
