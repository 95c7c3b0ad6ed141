"""Pictures judged by Pillow: decoded completely and strictly, within a budget of pixels."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from packager.check.containers import DamageError
from packager.check.facts import FormProblem, PictureFacts
from packager.check.findings import show
from packager.check.pictures import gif, png
from packager.check.pictures.jpeg import SOS, Segment, jpeg_facts
from packager.check.pictures.scan_end import Lengthened
from packager.files.signatures import HEAD_BYTES, FileType, file_type

if TYPE_CHECKING:
    from PIL import Image

# Our own encoder makes at most 256 pixels of a byte, of a page that is empty: 2 bits a block of 64.
PIXELS_A_BYTE = 500
MOST_UNPAID = 1_000_000_000  # pixels of one archive, document or tree that no bytes pay for
MOST_PIXELS = 100_000_000  # 300 MB decoded: more than a worker should hold
TOO_MUCH = "its pixels, with those before it, are too many to decode for so few bytes"
MOST_KNOWN = 1_000
_KNOWN: dict[str, PictureFacts] = {}  # by SHA-256: a picture may stand on thousands of pages
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
WALKS: dict[FileType, Callable[[bytes], Iterator[FormProblem]]] = {
    FileType.PNG: png.png_problems,
    FileType.GIF: gif.gif_problems,
}
PALETTES = {FileType.PNG: png.palette, FileType.GIF: gif.palette}
# Of a scan's last byte a decoder may need no more than a bit. It reads up to eight bytes ahead, so that as many behind
# the last code are not sure to be seen.
SPARE_BYTES = 1
PLAIN_SPREAD = 3  # of 255; what JPEG makes of an empty page


def picture_in_document(place: str, data: bytes, unpaid: int) -> PictureFacts:
    """Return the facts of a picture in a document."""
    return facts_of_same(sha256(data).hexdigest(), place, data, unpaid)


def facts_of_same(digest: str, place: str, data: bytes, unpaid: int) -> PictureFacts:
    """Return the same as `picture_facts`; pictures of one SHA-256 are looked at once, wherever they are."""
    if digest not in _KNOWN:
        facts = picture_facts(data, unpaid)
        if facts.error == TOO_MUCH:
            return replace(facts, place=place)
        if len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[digest] = facts
    return replace(_KNOWN[digest], place=place)


def picture_facts(data: bytes, unpaid: int = MOST_UNPAID) -> PictureFacts:
    """Return what the picture in `data` is, and whether every row of it can be decoded.

    Pixels beyond those that its bytes pay for may be `unpaid`; one that asks for more is not decoded.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of pictures that the budget refuses
        return _facts(data, unpaid)


def unpaid_pixels(facts: PictureFacts) -> int:
    """Return how many pixels were decoded beyond those that the picture's bytes pay for."""
    return max(0, facts.decoded - PIXELS_A_BYTE * facts.size_bytes)


def _facts(data: bytes, unpaid: int) -> PictureFacts:
    kind = file_type(data[:HEAD_BYTES])
    facts = PictureFacts("", kind, len(data))
    if kind not in FORMATS:
        return replace(facts, error="it is no picture")
    parts: tuple[Segment, ...] = ()
    try:
        if kind is FileType.JPEG:
            jpeg, problems, parts = jpeg_facts(data)
            facts = replace(facts, jpeg=jpeg, problems=problems)
        elif kind in WALKS:
            facts = replace(facts, problems=tuple(WALKS[kind](data)))
    except DamageError as problem:
        return replace(facts, error=str(problem))
    pixels = _pixels(data, kind)
    if pixels > unpaid + PIXELS_A_BYTE * len(data):
        return replace(facts, error=TOO_MUCH)
    ends_elsewhere = False
    is_of_form = facts.jpeg is not None and not any(code == "J106" for code, _ in facts.problems)
    if is_of_form and pixels <= MOST_PIXELS and (longer := Lengthened(data, parts)).is_possible:
        if whole := _of_the_form(facts, longer):
            return whole
        ends_elsewhere = True
    facts = _fed(facts, data, [part for part in parts if part.marker == SOS])
    if facts.error or not ends_elsewhere:
        return facts
    return replace(facts, problems=(*facts.problems, ("J106", "its scan does not end where the picture does")))


def _fed(facts: PictureFacts, data: bytes, scans: list[Segment]) -> PictureFacts:
    """Return the facts with what a decoder makes of the picture, and with how it reads the scan where it has one."""
    if facts.jpeg is None or not facts.jpeg.is_baseline or len(scans) != 1:
        return _decoded(facts, io.BytesIO(data))
    file = _Feed(data, scans[0])
    facts = _decoded(facts, file)
    return facts if facts.error else replace(facts, error=file.misfit)


def _of_the_form(facts: PictureFacts, longer: Lengthened) -> PictureFacts | None:
    """Return the facts of a JPEG whose scan ends where it must; None where it does not."""
    eighth = longer.size[0] // 8, longer.size[1] // 8
    for file in longer.files():
        try:
            image = _opened(file, facts.kind)
            image.draft("YCbCr", eighth)
            image.load()
        except Exception:  # see _decoded
            return None
        if longer.is_seen(image):
            own = image.crop((0, 0, -(-longer.width // 8), -(-longer.height // 8)))
            return replace(
                facts,
                width=longer.width,
                height=longer.height,
                decoded=longer.width * longer.height,
                is_plain=_is_plain(own),
            )
    return None


def _pixels(data: bytes, kind: FileType) -> int:
    """Return how many its header says, 0 where that cannot be read."""
    try:
        with _opened(io.BytesIO(data), kind) as image:
            return image.width * image.height
    except Exception:  # see _decoded, which says what is wrong
        return 0


def _opened(file: io.BytesIO, kind: FileType) -> Image.Image:
    from PIL import Image

    return Image.open(file, formats=[FORMATS[kind]])


def _decoded(facts: PictureFacts, file: io.BytesIO) -> PictureFacts:
    """Return the facts with what a decoder makes of the picture."""
    try:
        image = _opened(file, facts.kind)
        facts = replace(facts, width=image.width, height=image.height)
        pixels = facts.width * facts.height
        if pixels > MOST_PIXELS:
            return replace(facts, error=f"{pixels / 1e6:.0f} megapixels are too many to decode")
        facts = replace(facts, decoded=pixels)
        # A JPEG's scan is read whole all the same, but few pixels are made of it: damage shows in half the time.
        image.draft("RGB", (max(1, facts.width // 8), max(1, facts.height // 8)))
        image.load()
        frames: int = getattr(image, "n_frames", 1)
        is_plain = frames == 1 and _is_plain(image)
        if wrong := _unused_colours(image, facts, file):
            facts = replace(facts, problems=(*facts.problems, ("J110", wrong)))
        frames = min(frames, max(1, MOST_PIXELS // max(1, pixels)))
        for frame in range(1, frames):
            image.seek(frame)
            image.load()
        return replace(facts, is_plain=is_plain, decoded=frames * pixels)
    except Exception as problem:  # Pillow's plugins raise nearly every kind of error on damaged data
        return replace(facts, error=show(str(problem) or type(problem).__name__))


def _unused_colours(image: Image.Image, facts: PictureFacts, file: io.BytesIO) -> str:
    """Return what colours a palette has that no pixel shows, where all else is as it must be; "" for none.

    A GIF's has a power of two of them, four at least: those left over are black.
    """
    if facts.problems or facts.kind not in PALETTES or not (colours := PALETTES[facts.kind](file.getvalue())):
        return ""
    used = {number for number, times in enumerate(image.histogram()) if times}
    needed = max(used) + 1
    count = max(4, 1 << (needed - 1).bit_length()) if facts.kind is FileType.GIF else needed
    rest = (colours[3 * number : 3 * number + 3] for number in range(count) if number not in used)
    return "" if len(colours) == 3 * count and not any(map(any, rest)) else "its palette has colours that nothing shows"


def _is_plain(image: Image.Image) -> bool:
    """Return whether all of the picture has one colour."""
    extremes = image.getextrema()
    bands = extremes if isinstance(extremes[0], tuple) else (extremes,)
    spread = 0 if image.mode == "P" else PLAIN_SPREAD  # numbers in a palette say nothing of how near colours are
    return all(high - low <= spread for low, high in bands)


class _Feed(io.BytesIO):
    """Hands a JPEG to the decoder in pieces, and notes where it asks for more.

    libjpeg only warns of a scan that is too short or too long for its picture and Pillow does not pass the warning
    on: half a picture decodes to grey. So the scan's end is fed apart, bytes that decode to nothing follow it, and
    a decoder that wants to read on behind those was not satisfied by the scan.
    """

    def __init__(self, data: bytes, scan: Segment) -> None:
        end = scan.end
        super().__init__(b"".join((data[:end], NOT_PICTURE, data[end:])))
        self._nearly_all = max(scan.codes, end - SPARE_BYTES)
        self._past_all = end + len(NOT_PICTURE)
        self._reads: set[int] = set()

    def read(self, size: int | None = -1, /) -> bytes:
        at = self.tell()
        self._reads.add(at)
        stops = [stop - at for stop in (self._nearly_all, self._past_all) if stop > at]
        wanted = [size] if size is not None and size >= 0 else []
        return super().read(min([*stops, *wanted], default=-1))

    @property
    def misfit(self) -> str:
        """Why the scan is not exactly the picture; "" when it is."""
        if self._past_all in self._reads:
            return "part of the picture is missing"
        return "" if self._nearly_all in self._reads else "there are bytes after the picture's last row"
