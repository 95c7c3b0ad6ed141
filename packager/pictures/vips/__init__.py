"""Pictures -> renditions with libvips. Import it in worker processes only, as libvips takes long to load."""

from packager.pictures.vips.decode import probe
from packager.pictures.vips.edges import edge_colour, edge_row
from packager.pictures.vips.engine import versions
from packager.pictures.vips.page import PictureRegion, render_picture, render_readable
from packager.pictures.vips.strip import StripState, feed_strip, finish_strip, start_strip

__all__ = [
    "PictureRegion",
    "StripState",
    "edge_colour",
    "edge_row",
    "feed_strip",
    "finish_strip",
    "probe",
    "render_picture",
    "render_readable",
    "start_strip",
    "versions",
]
