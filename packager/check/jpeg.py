"""JPEG markers, walked one by one; ITU-T T.81 annex B."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from packager.check.facts import JpegFacts

SOI, EOI, SOS, APP0 = 0xD8, 0xD9, 0xDA, 0xE0
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
NAMES = {
    0xC4: "DHT",
    0xC8: "JPG",
    0xCC: "DAC",
    SOI: "SOI",
    EOI: "EOI",
    SOS: "SOS",
    0xDB: "DQT",
    0xDC: "DNL",
    0xDD: "DRI",
    0xFE: "COM",
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


class MarkerError(ValueError):
    """The bytes are no sequence of JPEG markers."""


@dataclass(slots=True)
class _Walk:
    data: bytes
    at: int = 0
    segments: int = 0
    scans: int = 0
    markers: list[str] = field(default_factory=list)
    metadata: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    components: tuple[tuple[int, int], ...] = ()
    has_plain_jfif: bool = False
    scan_start: int = 0
    scan_end: int = 0


def walk(data: bytes) -> JpegFacts:
    """The structure of the JPEG in `data`. Raises MarkerError where a marker or a segment is cut or missing."""
    state = _walked(data)
    return JpegFacts(
        markers=tuple(state.markers),
        components=state.components,
        metadata=tuple(dict.fromkeys(state.metadata)),
        trailing_bytes=len(data) - state.at,
        has_plain_jfif=state.has_plain_jfif,
        scan_start=state.scan_start,
        scan_end=state.scan_end,
    )


def beside_scans(data: bytes) -> bytes:
    """What the segments of the JPEG hold, each by itself, and what follows its end; raises MarkerError as `walk`."""
    state = _walked(data)
    return b"\n".join((*state.bodies, data[state.at :]))


def _walked(data: bytes) -> _Walk:
    state = _Walk(data)
    while not state.markers or state.markers[-1] != "EOI":
        _step(state)
    return state


def _step(state: _Walk) -> None:
    marker = _marker(state)
    if marker in (SOI, EOI):
        state.markers.append(NAMES[marker])
        return
    state.segments += 1
    if state.segments > MOST_SEGMENTS:
        raise MarkerError(f"it has more than {MOST_SEGMENTS:,} segments, too many to read")
    body = _segment(state)
    told = _metadata(marker, body)
    if told:
        state.metadata.append(told)
        return
    state.markers.append(_name(marker))
    if marker == APP0:
        state.has_plain_jfif = len(body) == JFIF_BYTES and body.startswith(b"JFIF\0") and body.endswith(b"\0\0")
    elif marker in FRAMES:
        state.components = _components(body)
    elif marker == SOS:
        state.scans += 1
        if state.scans > MOST_SCANS:
            raise MarkerError(f"it has more than {MOST_SCANS} scans, too many to read")
        _skip_scan(state)


def _marker(state: _Walk) -> int:
    data = state.data
    if state.at + 2 > len(data) or data[state.at] != 0xFF:
        raise MarkerError(f"no marker where one must be, at byte {state.at:,}" if state.markers else "not a JPEG")
    while state.at < len(data) and data[state.at] == 0xFF:  # fill bytes
        state.at += 1
    if state.at == len(data):
        raise MarkerError("cut off")
    marker = data[state.at]
    state.at += 1
    return marker


def _segment(state: _Walk) -> bytes:
    length = int.from_bytes(state.data[state.at : state.at + 2], "big")
    end = state.at + length
    if length < 2 or end > len(state.data):
        raise MarkerError("cut off")
    body = state.data[state.at + 2 : end]
    state.bodies.append(body)
    state.at = end
    return body


def _skip_scan(state: _Walk) -> None:
    end = END_OF_SCAN.search(state.data, state.at)
    if end is None:
        raise MarkerError("cut off")
    state.scan_start, state.at = state.at, end.start()
    while state.data[state.at - 1] == 0xFF:  # fill bytes before the marker
        state.at -= 1
    state.scan_end = state.at


def _components(body: bytes) -> tuple[tuple[int, int], ...]:
    count = body[5] if len(body) > 5 else 0
    if len(body) != 6 + 3 * count:
        raise MarkerError("its frame header is damaged")
    return tuple((body[7 + 3 * index] >> 4, body[7 + 3 * index] & 15) for index in range(count))


def _metadata(marker: int, body: bytes) -> str:
    for known, beginning, name in METADATA:
        if marker == known and body.startswith(beginning):
            return name
    # What other APP segments hold is between a camera or a program and its maker.
    return f"APP{marker - APP0}" if APP0 < marker <= 0xEF else ""


def _name(marker: int) -> str:
    if marker in FRAMES:
        return f"SOF{marker - 0xC0}"
    return "APP0" if marker == APP0 else NAMES.get(marker, f"FF{marker:02X}")
