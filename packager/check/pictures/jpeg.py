"""JPEG, walked marker by marker and held to the one form that libjpeg and mozjpeg write; ITU-T T.81 annexes B, C and K.

What can vary is size, sampling, the quality (1 to 100, of two pairs of tables), codes and the scan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from packager.check.containers import DamageError
from packager.check.facts import FormProblem, JpegFacts
from packager.check.findings import show

SOI, EOI, SOS, APP0, DQT, DHT, SOF0 = 0xD8, 0xD9, 0xDA, 0xE0, 0xDB, 0xC4, 0xC0
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
NAMES = {
    **{frame: f"SOF{frame - SOF0}" for frame in FRAMES},
    **{DHT: "DHT", 0xC8: "JPG", 0xCC: "DAC", SOI: "SOI", EOI: "EOI", SOS: "SOS", DQT: "DQT", 0xDC: "DNL"},
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

JFIF = b"JFIF\0\1\1\0\0\1\0\1\0\0"  # version 1.01, square pixels, no thumbnail: T.871, 10.1
SAMPLINGS = ((0x11,), (0x22, 0x11, 0x11), (0x11, 0x11, 0x11))
TABLE_IDS = (0x00, 0x10, 0x01, 0x11)  # of codes, in the order of the file: class and number
# Quantities at quality 50 in the order of the file, for light and for colour: T.81 annex K.1, and table 3 of mozjpeg,
# which has one for both, not yet cut at 255.
QUANTITIES = (
    (
        "16 11 12 14 12 10 16 14 13 14 18 17 16 19 24 40 26 24 22 22 24 49 35 37 29 40 58 51 61 60 57 51 "
        "56 55 64 72 92 78 64 68 87 69 55 56 80 109 81 87 95 98 103 104 103 62 77 113 121 112 100 120 92 101 103 99",
        "17 18 18 24 21 24 47 26 26 47 99 66 56 66" + " 99" * 50,
    ),
    (
        "16 16 16 16 17 16 18 20 20 18 25 27 24 27 25 37 34 31 31 34 37 56 40 43 40 43 40 56 85 53 62 53 "
        "53 62 53 85 75 91 74 69 74 91 75 135 106 94 94 106 135 156 131 124 131 156 189 169 169 189 238 226 238 311 "
        "311 418",
    ),
)  # fmt: skip
# Codes of T.81 annex K.3, which encoders use that do not count.
ORDINARY_CODES = frozenset(
    map(
        bytes.fromhex,
        (
            "0000010501010101010100000000000000000102030405060708090a0b",
            "100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f0243362"
            "7282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778"
            "797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7"
            "d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa",
            "0100030101010101010101010000000000000102030405060708090a0b",
            "1100020102040403040705040400010277000102031104052131061241510761711322328108144291a1b1c109233352f0156272"
            "d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768696a7374757677"
            "78797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5"
            "d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa",
        ),
    )
)
KNOWN_DC = frozenset(range(12))
KNOWN_AC = frozenset({0x00, 0xF0, *(run << 4 | size for run in range(16) for size in range(1, 11))})
LONGEST = 16  # bits of a code
# Where codes were longer at first, signs of several lengths get one: they follow each other in that many rising runs.
MOST_RUNS = 16

# Inside a scan FF 00 is a byte of the picture and FF D0 to FF D7 are restarts; any other FF begins a marker.
END_OF_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
RESTART = re.compile(rb"\xff[^\x00]")

MOST_SEGMENTS = 100_000  # a file of a camera has some hundred
MOST_SCANS = 200  # encoders write some ten; each is decoded over the whole picture


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker with what belongs to it: the `body` of its segment, and the codes of a scan from `codes` to `end`.

    So many bytes before it do nothing but `fill`.
    """

    marker: int
    body: bytes
    codes: int
    end: int
    fill: int


def segments(data: bytes) -> Iterator[Segment]:
    """Yield the segments of the JPEG in `data` up to its end; raises DamageError where one is cut or missing."""
    start = scans = 0
    for number in range(MOST_SEGMENTS):
        marker, at = _marker(data, start, number)
        length = 0 if marker in (SOI, EOI) else int.from_bytes(data[at : at + 2], "big")
        codes = at + length
        if codes > len(data) or (length < 2 and marker not in (SOI, EOI)):
            raise DamageError("cut off")
        end = _end_of_scan(data, codes) if marker == SOS else codes
        scans += marker == SOS
        if scans > MOST_SCANS:
            raise DamageError(f"it has more than {MOST_SCANS} scans, too many to read")
        yield Segment(marker, data[at + 2 : codes], codes, end, at - start - 2)
        if marker == EOI:
            return
        start = end
    raise DamageError(f"it has more than {MOST_SEGMENTS:,} segments, too many to read")


def jpeg_facts(data: bytes) -> tuple[JpegFacts, tuple[FormProblem, ...], tuple[Segment, ...]]:
    """Return how the JPEG in `data` is coded, what is not of the form, and its segments.

    Raises DamageError as `segments`.
    """
    parts = tuple(segments(data))
    frame = next((one for one in parts if one.marker in FRAMES), None)
    facts = JpegFacts(NAMES[frame.marker], tuple(_samplings(frame.body))) if frame else JpegFacts("without a frame", ())
    return facts, tuple(_problems(parts, data)), parts


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


def _samplings(body: bytes) -> bytes:
    count = body[5] if len(body) > 5 else 0
    if len(body) != 6 + 3 * count:
        raise DamageError("its frame header is damaged")
    return body[7::3]


def _problems(parts: tuple[Segment, ...], data: bytes) -> Iterator[FormProblem]:
    """Yield what lies beside the picture, what lies behind it, and the first thing that is not of the form."""
    told = dict.fromkeys(filter(None, map(_metadata, parts)))
    if told:
        yield "J105", f"it holds {', '.join(told)}"
    if behind := len(data) - parts[-1].end:
        yield "J107", f"{behind:,} bytes follow its end"
    for wrong in _deviations(tuple(part for part in parts if not _metadata(part)), data):
        yield "J106", wrong
        return


def _metadata(segment: Segment) -> str:
    """Return what people call that which the segment tells beside the picture; "" for nothing."""
    for marker, beginning, name in METADATA:
        if segment.marker == marker and segment.body.startswith(beginning):
            return name
    # What other APP segments hold is between a camera or a program and its maker.
    return f"APP{segment.marker - APP0}" if APP0 < segment.marker <= 0xEF else ""


def _deviations(parts: tuple[Segment, ...], data: bytes) -> Iterator[str]:
    """Yield what is not of the form; what follows the first one may make no sense any more."""
    markers = [part.marker for part in parts]
    sampling = tuple(next((_samplings(part.body) for part in parts if part.marker in FRAMES), b""))
    tables = 1 if len(sampling) == 1 else 2
    if markers != [SOI, APP0, *[DQT] * tables, SOF0, *[DHT] * 2 * tables, SOS, EOI]:
        yield f"its markers are {show(' '.join(NAMES.get(marker, f'FF{marker:02X}') for marker in markers))}"
    if any(part.fill for part in parts):
        yield "bytes that do nothing stand before a marker"
    bodies = {marker: tuple(part.body for part in parts if part.marker == marker) for marker in {*markers}}
    if bodies[APP0] != (JFIF,):
        yield "its JFIF header is unusual"
    if sampling not in SAMPLINGS or bodies[SOF0][0] != _frame(bodies[SOF0][0], sampling):
        yield "its frame header is unusual"
    if bodies[DQT] not in _quantities(tables):
        yield "its quantities are those of no quality"
    if [body[:1] for body in bodies[DHT]] != [bytes((one,)) for one in TABLE_IDS[: 2 * tables]]:
        yield "its tables of codes are in another order"
    if not all(body in ORDINARY_CODES or _are_counted(body) for body in bodies[DHT]):
        yield "its codes are not as an encoder counts them"
    if bodies[SOS] != (_scan(len(sampling)),):
        yield "its scan header is unusual"
    scan = next(part for part in parts if part.marker == SOS)
    if RESTART.search(data, scan.codes, scan.end):
        yield "there are restarts in its scan"


def _frame(body: bytes, sampling: tuple[int, ...]) -> bytes:
    """Return the one frame header of a picture with this size, of eight bits, and this sampling."""
    components = (bytes((number + 1, each, min(number, 1))) for number, each in enumerate(sampling))
    return b"\x08" + body[1:5] + bytes((len(sampling),)) + b"".join(components)


def _scan(components: int) -> bytes:
    return bytes((components,)) + b"\1\x00\2\x11\3\x11"[: 2 * components] + b"\x00\x3f\x00"


@cache
def _quantities(tables: int) -> frozenset[tuple[bytes, ...]]:
    """Return the segments that encoders write for any quality from 1 to 100; jpeg_quality_scaling of libjpeg."""
    made = set()
    for texts in QUANTITIES:
        bases = [tuple(map(int, text.split())) for text in (texts[0], texts[-1])[:tables]]
        for quality in range(1, 101):
            scale = 5000 // quality if quality < 50 else 200 - 2 * quality
            made.add(
                tuple(
                    bytes((number, *(min(255, max(1, (base * scale + 50) // 100)) for base in bases[number])))
                    for number in range(tables)
                )
            )
    return frozenset(made)


def _are_counted(body: bytes) -> bool:
    """Whether these are codes as jpeg_gen_optimal_table of libjpeg makes them: T.81 annex K.2.

    All codes but the one of ones alone are given out, and signs of one length rise.
    """
    counts, signs = body[1:17], body[17:]
    longest = max((length for length, count in enumerate(counts, 1) if count), default=0)
    taken = sum(count << (LONGEST - length) for length, count in enumerate(counts, 1))
    if sum(counts) != len(signs) or len({*signs}) != len(signs) or taken != (1 << LONGEST) - (1 << (LONGEST - longest)):
        return False
    ends = [sum(counts[:length]) for length in range(LONGEST + 1)]
    falls = sum(before > after for start, end in pairwise(ends) for before, after in pairwise(signs[start:end]))
    known = KNOWN_AC if body[0] & 0x10 else KNOWN_DC
    return known.issuperset(signs) and falls <= (MOST_RUNS if longest == LONGEST else 0)
