"""The only door to libvips: pictures in, renditions out. Import it only where pictures are worked on: it is heavy."""

from packager.images.decode import edge_colour, probe
from packager.images.engine import versions
from packager.images.page import render_picture
from packager.images.strip import StripState, feed_strip, finish_strip, start_strip
from packager.images.trim import Part

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
