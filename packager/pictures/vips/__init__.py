"""The only door to libvips: pictures in, renditions out. Import it only where pictures are worked on: it is heavy."""

from packager.pictures.vips.decode import edge_colour, probe
from packager.pictures.vips.engine import versions
from packager.pictures.vips.page import Part, render_picture
from packager.pictures.vips.strip import StripState, feed_strip, finish_strip, start_strip

__all__ = [
    "Part",
    "StripState",
    "edge_colour",
    "feed_strip",
    "finish_strip",
    "probe",
    "render_picture",
    "start_strip",
    "versions",
]
