"""Pictures -> renditions with libvips. Import it in worker processes only, as libvips takes long to load."""

from packager.pictures.vips.decode import edge_colour, probe
from packager.pictures.vips.engine import versions
from packager.pictures.vips.page import PictureRegion, render_picture
from packager.pictures.vips.strip import StripState, feed_strip, finish_strip, start_strip

__all__ = [
    "PictureRegion",
    "StripState",
    "edge_colour",
    "feed_strip",
    "finish_strip",
    "probe",
    "render_picture",
    "start_strip",
    "versions",
]
