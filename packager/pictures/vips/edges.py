"""The edges of a picture: the colour beside a strip, and the rows by which one tile goes on in the next."""

from __future__ import annotations

from packager.pictures.vips.colours import commonest_colour, to_srgb
from packager.pictures.vips.engine import Image
from packager.pictures.vips.salvage import read_picture


def edge_colour(data: bytes, page: int = 0) -> str:
    """Return the commonest colour of the left and right edges of a picture, as `#rrggbb`; raises DamagedPicture."""

    def colour(image: Image) -> str:
        image = to_srgb(image)
        edges = image.crop(0, 0, 1, image.height).join(image.crop(image.width - 1, 0, 1, image.height), "horizontal")
        return commonest_colour(bytes(edges.write_to_memory()))

    return read_picture(data, colour, page=page, is_partly=True)[0]
