"""J: pictures, as files, inside documents and inside CBZ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packager.check.facts import Inventory, JpegFacts, PictureFacts
from packager.check.kinds import Kind
from packager.check.rule import Rule
from packager.check.rules.types import belonging
from packager.check.show import count_against, show, size_against
from packager.model import Finding
from packager.profile import PictureLimits, Profile

PLAYERS = "docs/devices.md section 4"
LEAKS = "docs/devices.md section 7"
PROFILES = "docs/devices.md section 5"

AGAIN = "encode the picture again from its source"
DECODES = Rule("J101", "every picture can be decoded to its last row", AGAIN, PLAYERS)
BASELINE = Rule("J102", "every JPEG is baseline", AGAIN, PLAYERS)
COMPONENTS = Rule("J103", "every JPEG has three components", AGAIN, PLAYERS)
SAMPLING = Rule("J104", "every JPEG is sampled 4:2:0", AGAIN, PLAYERS)
METADATA = Rule(
    "J105", "no picture holds anything beside the picture", "remove the metadata, or encode it again", LEAKS
)
STRUCTURE = Rule("J106", "every JPEG is SOI APP0 DQT SOF0 DHT SOS EOI", AGAIN, PLAYERS)
TRAILING = Rule(
    "J107", "nothing follows the end of a picture", "cut the file after the picture, or encode it again", LEAKS
)
EMBEDDED = Rule("J108", "every picture inside a file is a JPEG", "convert the picture to JPEG", PLAYERS)
SIDE = Rule("J201", "no picture is longer than the profile allows", "shrink or cut the picture", PROFILES)
PIXELS = Rule("J202", "no picture has more pixels than the profile allows", "shrink or cut the picture", PROFILES)
BYTES = Rule("J203", "no picture has more bytes than the profile allows", "lower its quality, or shrink it", PROFILES)
RULES = (
    DECODES, BASELINE, COMPONENTS, SAMPLING, METADATA, STRUCTURE, TRAILING, EMBEDDED, SIDE, PIXELS, BYTES,
)  # fmt: skip

ORDER = re.compile(r"SOI APP0 (DQT )+SOF0 (DHT )+SOS EOI")
COLOUR_AT_HALF = ((2, 2), (1, 1), (1, 1))


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Everything wrong with every picture of the tree."""
    for file in belonging(inventory, profile):
        for picture in file.pictures:
            for rule, message in _problems(picture, profile.picture):
                place = f"{show(picture.place)}: " if picture.place else ""
                yield rule.broken(file.path, f"{place}{message}")


Problem = tuple[Rule, str]


def _problems(picture: PictureFacts, limits: PictureLimits) -> Iterator[Problem]:
    if picture.place and picture.kind is not Kind.JPEG:
        yield EMBEDDED, f"it is {picture.kind}"
        return
    if picture.error:
        yield DECODES, f"it cannot be decoded whole: {picture.error}"
    if picture.jpeg is not None:
        yield from _jpeg_problems(picture.jpeg)
    yield from _size_problems(picture, limits)


def _size_problems(picture: PictureFacts, limits: PictureLimits) -> Iterator[Problem]:
    side, pixels = max(picture.width, picture.height), picture.width * picture.height
    if side > limits.max_side:
        yield SIDE, count_against(side, limits.max_side, "pixels on its long side")
    if pixels > limits.max_pixels:
        yield PIXELS, count_against(pixels, limits.max_pixels, f"pixels ({picture.width} x {picture.height})")
    if picture.size_bytes > limits.max_bytes:
        yield BYTES, size_against(picture.size_bytes, limits.max_bytes)


def _jpeg_problems(jpeg: JpegFacts) -> Iterator[Problem]:
    if jpeg.metadata:
        yield METADATA, f"it holds {', '.join(jpeg.metadata)}"
    if jpeg.trailing_bytes:
        yield TRAILING, f"{jpeg.trailing_bytes:,} bytes follow its end"
    if not jpeg.is_baseline:
        frame = next((marker for marker in jpeg.markers if marker.startswith("SOF")), "no frame")
        yield BASELINE, f"it is {'progressive' if frame == 'SOF2' else frame}"
    elif not ORDER.fullmatch(" ".join(jpeg.markers)) or not jpeg.has_plain_jfif:
        yield STRUCTURE, _structure(jpeg)
    if len(jpeg.components) != 3:
        yield COMPONENTS, f"it has {len(jpeg.components)}"
    elif jpeg.components != COLOUR_AT_HALF:
        yield SAMPLING, "it is sampled " + ", ".join(f"{across}x{down}" for across, down in jpeg.components)


def _structure(jpeg: JpegFacts) -> str:
    if "APP0" not in jpeg.markers:
        return "it has no JFIF header (APP0)"
    return f"its markers are {show(' '.join(jpeg.markers))}" if jpeg.has_plain_jfif else "its JFIF header is unusual"
