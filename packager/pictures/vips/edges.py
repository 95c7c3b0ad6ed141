"""The edges of a picture: the colour beside a strip, and the rows by which one tile goes on in the next."""

from __future__ import annotations

from packager.pictures.vips.colours import commonest_colour, to_srgb
from packager.pictures.vips.engine import Image
from packager.pictures.vips.salvage import read_picture

_COLUMNS = 256


def edge_row(data: bytes, page: int = 0, *, is_lower: bool) -> bytes:
    """Return the lower or upper edge of a picture as one row of 256 columns, three bytes each; raises DamagedPicture.

    The row is as high as a column is wide, so that it is the same of a picture in any size. Of an upper edge only the
    first rows are decoded.
    """

    def row(image: Image) -> bytes:
        height = min(image.height, max(1, image.width // _COLUMNS))
        edge = image.crop(0, image.height - height if is_lower else 0, image.width, height)
        shrunk = to_srgb(edge).resize(_COLUMNS / image.width, vscale=1 / height, kernel="linear")
        return bytes(shrunk.crop(0, 0, _COLUMNS, 1).write_to_memory())

    return read_picture(data, row, page=page, skip_damaged=True)[0]


def edge_colour(data: bytes, page: int = 0) -> str:
    """Return the commonest colour of the left and right edges of a picture, as `#rrggbb`; raises DamagedPicture."""

    def colour(image: Image) -> str:
        image = to_srgb(image)
        edges = image.crop(0, 0, 1, image.height).join(image.crop(image.width - 1, 0, 1, image.height), "horizontal")
        return commonest_colour(bytes(edges.write_to_memory()))

    return read_picture(data, colour, page=page, skip_damaged=True)[0]
