"""Pictures judged by Pillow: decoded completely and strictly."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from packager.check import gif, jpeg, png
from packager.check.facts import ChunkFacts, JpegFacts, PictureFacts
from packager.check.paid import MOST_UNPAID, PIXELS_A_BYTE
from packager.check.show import show
from packager.files.signatures import HEAD_BYTES, FileType, file_type

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 100_000_000  # 300 MB decoded: more than a worker should hold
TOO_MUCH = "its pixels, with those before it, are too many to decode for so few bytes"
MOST_KNOWN = 10_000
_KNOWN: dict[bytes, PictureFacts] = {}  # by SHA-256: a picture may stand on thousands of pages
# Bits that are all ones are no Huffman code (T.81 annex C), so that these bytes cannot be read as part of a picture;
# libjpeg looks up to eight bytes ahead before it hands out the last block.
NOT_PICTURE = b"\xff\x00" * 8
# Pillow's names; it must not try others, of which some start programs.
FORMATS = {
    FileType.JPEG: "JPEG",
    FileType.PNG: "PNG",
    FileType.GIF: "GIF",
    FileType.WEBP: "WEBP",
    FileType.AVIF: "AVIF",
    FileType.TIFF: "TIFF",
    FileType.BMP: "BMP",
}
SPARE_BYTES = 3  # an encoder may pad the end of its scan
WALKERS: dict[FileType, Callable[[bytes], ChunkFacts]] = {FileType.PNG: png.walk, FileType.GIF: gif.walk}
PLAIN_SPREAD = 3  # of 255; what JPEG makes of an empty page


def picture_facts(place: str, data: bytes, unpaid: int = MOST_UNPAID) -> PictureFacts:
    """What the picture in `data` is, and whether every row of it can be decoded.

    Pixels beyond those that its bytes pay for may be `unpaid`; one that asks for more is not decoded.
    """
    digest = sha256(data).digest()
    if digest not in _KNOWN:
        facts = _facts(place, data, unpaid)
        if facts.error == TOO_MUCH:
            return facts
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[digest] = facts
    return replace(_KNOWN[digest], place=place)


def _facts(place: str, data: bytes, unpaid: int) -> PictureFacts:
    kind = file_type(data[:HEAD_BYTES])
    if kind not in FORMATS:
        return PictureFacts(place, kind, len(data), error="it is no picture")
    if kind is FileType.JPEG:
        return _jpeg_facts(place, data, unpaid)
    if _pixels(data, kind) > unpaid + PIXELS_A_BYTE * len(data):
        return PictureFacts(place, kind, len(data), error=TOO_MUCH)
    chunks, damage = _walked(data, kind)
    if damage:
        return PictureFacts(place, kind, len(data), error=damage)
    seen = _decoded(io.BytesIO(data), kind)
    return PictureFacts(
        place, kind, len(data), seen.width, seen.height, None, seen.error, chunks, seen.is_plain, seen.decoded
    )


def _pixels(data: bytes, kind: FileType) -> int:
    """How many its header says, 0 where that cannot be read."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            width, height = Image.open(io.BytesIO(data), formats=[FORMATS[kind]]).size
            return width * height
    except Exception:  # see _decoded, which says what is wrong
        return 0


def _walked(data: bytes, kind: FileType) -> tuple[ChunkFacts | None, str]:
    """The chunks of a PNG or GIF, and what is wrong with them."""
    try:
        return (WALKERS[kind](data), "") if kind in WALKERS else (None, "")
    except (png.ChunkError, gif.BlockError) as problem:
        return None, str(problem)


def _jpeg_facts(place: str, data: bytes, unpaid: int) -> PictureFacts:
    try:
        walked = jpeg.walk(data)
    except jpeg.MarkerError as problem:
        return PictureFacts(place, FileType.JPEG, len(data), error=str(problem))
    if _pixels(data, FileType.JPEG) > unpaid + PIXELS_A_BYTE * len(data):
        return PictureFacts(place, FileType.JPEG, len(data), jpeg=walked, error=TOO_MUCH)
    file = _Feed(data, walked) if _has_one_scan(walked) else io.BytesIO(data)
    seen = _decoded(file, FileType.JPEG)
    error = file.misfit if not seen.error and isinstance(file, _Feed) else seen.error
    return PictureFacts(
        place, FileType.JPEG, len(data), seen.width, seen.height, walked, error, None, seen.is_plain, seen.decoded
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a decoder makes of a picture."""

    width: int = 0
    height: int = 0
    error: str = ""
    is_plain: bool = False
    decoded: int = 0


def _decoded(file: io.BytesIO, kind: FileType) -> _Seen:
    from PIL import Image

    width = height = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file, formats=[FORMATS[kind]])
            width, height = image.size
            if width * height > MOST_PIXELS:
                return _Seen(width, height, f"{width * height / 1e6:.0f} megapixels are too many to decode")
            # A JPEG's scan is read whole all the same, but few pixels are made of it: damage shows in half the time.
            image.draft("RGB", (max(1, width // 8), max(1, height // 8)))
            image.load()
            frames: int = getattr(image, "n_frames", 1)
            is_plain = frames == 1 and _is_plain(image)
            frames = min(frames, max(1, MOST_PIXELS // max(1, width * height)))
            for frame in range(1, frames):
                image.seek(frame)
                image.load()
            return _Seen(width, height, is_plain=is_plain, decoded=frames * width * height)
    except Exception as problem:  # Pillow's plugins raise nearly every kind of error on damaged data
        return _Seen(width, height, show(str(problem) or type(problem).__name__), decoded=width * height)


def _is_plain(image: Image.Image) -> bool:
    """Whether all of the picture has one colour."""
    extremes = image.getextrema()
    bands = extremes if isinstance(extremes[0], tuple) else (extremes,)
    spread = 0 if image.mode == "P" else PLAIN_SPREAD  # numbers in a palette say nothing of how near colours are
    return all(high - low <= spread for low, high in bands)


def _has_one_scan(walked: JpegFacts) -> bool:
    return walked.is_baseline and walked.markers.count("SOS") == 1


class _Feed(io.BytesIO):
    """Hands a JPEG to the decoder in pieces, and notes where it asks for more.

    libjpeg only warns of a scan that is too short or too long for its picture and Pillow does not pass the warning
    on: half a picture decodes to grey. So the scan's end is fed apart, bytes that decode to nothing follow it, and
    a decoder that wants to read on behind those was not satisfied by the scan.
    """

    def __init__(self, data: bytes, walked: JpegFacts) -> None:
        end = walked.scan_end
        super().__init__(b"".join((data[:end], NOT_PICTURE, data[end:])))
        self._nearly_all = max(walked.scan_start, end - SPARE_BYTES)
        self._past_all = end + len(NOT_PICTURE)
        self._asked: set[int] = set()

    def read(self, size: int | None = -1, /) -> bytes:
        at = self.tell()
        self._asked.add(at)
        stops = [stop - at for stop in (self._nearly_all, self._past_all) if stop > at]
        wanted = [size] if size is not None and size >= 0 else []
        return super().read(min([*stops, *wanted], default=-1))

    @property
    def misfit(self) -> str:
        """Why the scan is not exactly the picture; "" when it is."""
        if self._past_all in self._asked:
            return "part of the picture is missing"
        return "" if self._nearly_all in self._asked else "there are bytes after the picture's last row"
