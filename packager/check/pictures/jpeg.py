"""JPEG, walked marker by marker; ITU-T T.81 annex B."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from packager.check.containers import DamageError
from packager.check.facts import ChunkFacts, JpegFacts

SOI, EOI, SOS, APP0 = 0xD8, 0xD9, 0xDA, 0xE0
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
NAMES = {
    **{frame: f"SOF{frame - 0xC0}" for frame in FRAMES},
    **{0xC4: "DHT", 0xC8: "JPG", 0xCC: "DAC", SOI: "SOI", EOI: "EOI", SOS: "SOS", 0xDB: "DQT", 0xDC: "DNL"},
    **{0xDD: "DRI", APP0: "APP0", 0xFE: "COM"},
}

# Segments that tell something beside the picture: (marker, how the segment begins, what people call it).
METADATA: tuple[tuple[int, bytes, str], ...] = (
    (0xE1, b"Exif\0", "Exif"),
    (0xE1, b"http://ns.adobe.com/x", "XMP"),
    (0xE2, b"ICC_PROFILE\0", "a colour profile"),
    (0xE2, b"MPF\0", "further pictures"),
    (0xED, b"Photoshop ", "IPTC"),
    (0xFE, b"", "a comment"),
)

JFIF_BYTES = 14  # "JFIF\0", version, density and a thumbnail of 0 x 0; JFIF 1.02
# Inside a scan FF 00 is a byte of the picture and FF D0 to FF D7 are restarts; any other FF begins a marker.
END_OF_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")

MOST_SEGMENTS = 100_000  # a file of a camera has some hundred
MOST_SCANS = 200  # encoders write some ten; each is decoded over the whole picture


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker with what belongs to it: the `body` of its segment, and the codes of a scan from `codes` to `end`."""

    marker: int
    body: bytes
    codes: int
    end: int


def segments(data: bytes) -> Iterator[Segment]:
    """Yield the segments of the JPEG in `data` up to its end; raises DamageError where one is cut or missing."""
    at = scans = 0
    for number in range(MOST_SEGMENTS):
        marker, at = _marker(data, at, number)
        length = 0 if marker in (SOI, EOI) else int.from_bytes(data[at : at + 2], "big")
        codes = at + length
        if codes > len(data) or (length < 2 and marker not in (SOI, EOI)):
            raise DamageError("cut off")
        end = _end_of_scan(data, codes) if marker == SOS else codes
        scans += marker == SOS
        if scans > MOST_SCANS:
            raise DamageError(f"it has more than {MOST_SCANS} scans, too many to read")
        yield Segment(marker, data[at + 2 : codes], codes, end)
        if marker == EOI:
            return
        at = end
    raise DamageError(f"it has more than {MOST_SEGMENTS:,} segments, too many to read")


def jpeg_facts(data: bytes) -> tuple[ChunkFacts, JpegFacts]:
    """Return what the JPEG in `data` holds, and how it is coded; raises DamageError as `segments`."""
    markers, metadata = [], []
    components: tuple[tuple[int, int], ...] = ()
    has_plain_jfif, scan_start, scan_end, end = False, 0, 0, 0
    for segment in segments(data):
        end = segment.end
        if telling := _metadata(segment):
            metadata.append(telling)
            continue
        markers.append(NAMES.get(segment.marker, f"FF{segment.marker:02X}"))
        if segment.marker == APP0:
            has_plain_jfif = _is_plain_jfif(segment.body)
        elif segment.marker in FRAMES:
            components = _components(segment.body)
        elif segment.marker == SOS:
            scan_start, scan_end = segment.codes, segment.end
    chunks = ChunkFacts(tuple(dict.fromkeys(metadata)), trailing_bytes=len(data) - end)
    return chunks, JpegFacts(tuple(markers), components, has_plain_jfif, scan_start, scan_end)


def non_pixel_bytes(data: bytes) -> bytes:
    """Return what the segments hold, each by itself, and what follows the end; raises DamageError as `segments`."""
    parts = tuple(segments(data))
    return b"\n".join((*(part.body for part in parts if part.body), data[parts[-1].end :]))


def _marker(data: bytes, at: int, number: int) -> tuple[int, int]:
    """Return the marker at `at`, and where what follows it begins."""
    if at + 2 > len(data) or data[at] != 0xFF:
        raise DamageError(f"no marker where one must be, at byte {at:,}" if number else "not a JPEG")
    while at < len(data) and data[at] == 0xFF:  # fill bytes
        at += 1
    if at == len(data):
        raise DamageError("cut off")
    return data[at], at + 1


def _end_of_scan(data: bytes, start: int) -> int:
    found = END_OF_SCAN.search(data, start)
    if found is None:
        raise DamageError("cut off")
    end = found.start()
    while end > start and data[end - 1] == 0xFF:  # fill bytes before the marker
        end -= 1
    return end


def _components(body: bytes) -> tuple[tuple[int, int], ...]:
    count = body[5] if len(body) > 5 else 0
    if len(body) != 6 + 3 * count:
        raise DamageError("its frame header is damaged")
    return tuple((body[7 + 3 * index] >> 4, body[7 + 3 * index] & 15) for index in range(count))


def _is_plain_jfif(body: bytes) -> bool:
    return len(body) == JFIF_BYTES and body.startswith(b"JFIF\0") and body.endswith(b"\0\0")


def _metadata(segment: Segment) -> str:
    """Return what people call that which the segment tells beside the picture; "" for nothing."""
    for marker, beginning, name in METADATA:
        if segment.marker == marker and segment.body.startswith(beginning):
            return name
    # What other APP segments hold is between a camera or a program and its maker.
    return f"APP{segment.marker - APP0}" if APP0 < segment.marker <= 0xEF else ""
