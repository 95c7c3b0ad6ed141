"""The profile of a PNG that has none but says in its other chunks what its numbers mean (PNG 3, 11.3.2)."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from functools import lru_cache

from packager.pictures.vips.mending.png import chunks

Numbers = tuple[float, ...]
Matrix = tuple[Numbers, ...]

_SRGB_POINTS = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
# ITU-T H.273: the primaries as white, red, green and blue; the curves but those of high dynamic range.
_CICP_POINTS: dict[int, Numbers] = {
    1: _SRGB_POINTS,
    9: (0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    12: (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
}
_FILM_CURVE = (2.4,)  # of the screens for which films are made (ITU-R BT.1886)
_CICP_CURVES: dict[int, Numbers] = {
    **dict.fromkeys((1, 6, 14, 15), _FILM_CURVE),
    4: (2.2,),
    5: (2.8,),
    8: (1.0,),
    13: _SRGB_CURVE,
}
_LIKE_SRGB = range(45_000, 46_000)  # of gAMA: old programs wrote 1 / 2.2 and meant the curve that every screen has
_MOST_PROFILE = 4 << 20  # bytes
_D50 = (0.9642, 1.0, 0.8249)
_BRADFORD: Matrix = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))


def profile_of(data: bytes) -> bytes:
    """Return an ICC profile for what cICP, or else gAMA and cHRM say; b"" where they say nothing, or sRGB.

    Where the PNG has a profile it is that one: libpng withholds one for colours from a grey picture.
    """
    said: dict[bytes, bytes] = {}
    for chunk in chunks(data):
        if chunk.kind == b"IDAT":
            break
        if chunk.is_sound:
            said[chunk.kind] = chunk.body
    is_grey = said.get(b"IHDR", bytes(10))[9] in (0, 4)
    if len(cicp := said.get(b"cICP", b"")) == 4 and cicp[0] in _CICP_POINTS and cicp[1] in _CICP_CURVES:
        points, curve = _CICP_POINTS[cicp[0]], _CICP_CURVES[cicp[1]]
    elif b"iCCP" in said:
        return _unpacked(said[b"iCCP"])
    elif b"sRGB" in said or not any(gamma := said.get(b"gAMA", b"")):
        return b""  # browsers pass over primaries without a gamma
    else:
        points, curve = _points(said.get(b"cHRM", b"")), _curve(int.from_bytes(gamma), said)
    if (points, curve) == (_SRGB_POINTS, _SRGB_CURVE):
        return b""
    try:
        return _profile(points, curve, is_grey=is_grey)
    except ZeroDivisionError:  # primaries on one line span no colours
        return b""


def _unpacked(body: bytes) -> bytes:
    """The profile behind its name and method (PNG 3, 11.3.2.3), b"" where it is broken or longer than any."""
    with suppress(zlib.error):
        inflater = zlib.decompressobj()
        profile = inflater.decompress(body.partition(b"\0")[2][1:], _MOST_PROFILE)
        return profile if inflater.eof else b""
    return b""


def _points(body: bytes) -> Numbers:
    points = tuple(number / 100_000 for number in struct.unpack(">8L", body)) if len(body) == 32 else _SRGB_POINTS
    return points if all(points[1::2]) else _SRGB_POINTS


def _curve(gamma: int, said: dict[bytes, bytes]) -> Numbers:
    return _SRGB_CURVE if gamma in _LIKE_SRGB and b"cHRM" not in said else (100_000 / gamma,)


@lru_cache(maxsize=16)
def _profile(points: Numbers, curve: Numbers, *, is_grey: bool) -> bytes:
    """A profile of version 4 (ICC.1:2022): matrix and curve, or the curve alone."""
    kinds = {1: 0, 5: 3}  # of a parametric curve, by how many numbers it has
    function = b"para" + bytes(4) + struct.pack(">HH", kinds[len(curve)], 0) + b"".join(map(_s15, curve))
    tags = {b"desc": _text("PNG"), b"cprt": _text(""), b"wtpt": _xyz(_D50)}
    if is_grey:
        tags[b"kTRC"] = function
    else:
        columns = zip(*_to_d50(points), strict=True)
        tags |= {letter + b"XYZ": _xyz(column) for letter, column in zip((b"r", b"g", b"b"), columns, strict=True)}
        tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), function)
    return _file(tags, b"GRAY" if is_grey else b"RGB ")


def _file(tags: dict[bytes, bytes], space: bytes) -> bytes:
    table, bodies = struct.pack(">L", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        table += name + struct.pack(">LL", start + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    size = start + len(bodies)
    head = struct.pack(">L4xL4s4s4s", size, 0x0440_0000, b"mntr", space, b"XYZ ").ljust(36, b"\0") + b"acsp"
    return (head.ljust(68, b"\0") + b"".join(map(_s15, _D50))).ljust(128, b"\0") + table + bodies


def _s15(number: float) -> bytes:
    return struct.pack(">i", round(max(-32768.0, min(32767.0, number)) * 65536))


def _xyz(numbers: Numbers) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_s15, numbers))


def _text(words: str) -> bytes:
    body = words.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">LL2s2sLL", 1, 12, b"en", b"US", len(body), 28) + body


def _to_d50(points: Numbers) -> Matrix:
    """The matrix from these primaries to XYZ as it is under D50 (ICC.1:2022, annex E; Bradford's adaptation)."""
    white, *primaries = [(x / y, 1.0, (1 - x - y) / y) for x, y in zip(points[::2], points[1::2], strict=True)]
    columns = tuple(zip(*primaries, strict=True))
    weights = _times(_inverse(columns), white)
    to_xyz = tuple(tuple(number * weight for number, weight in zip(row, weights, strict=True)) for row in columns)
    cones = zip(_times(_BRADFORD, _D50), _times(_BRADFORD, white), strict=True)
    scales = [target / source for target, source in cones]
    scaled = tuple(tuple(scale * number for number in row) for scale, row in zip(scales, _BRADFORD, strict=True))
    return _product(_product(_inverse(_BRADFORD), scaled), to_xyz)


def _times(matrix: Matrix, vector: Numbers) -> Numbers:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def _product(left: Matrix, right: Matrix) -> Matrix:
    columns = tuple(_times(left, column) for column in zip(*right, strict=True))
    return tuple(zip(*columns, strict=True))


def _inverse(matrix: Matrix) -> Matrix:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    adjugate = (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    return tuple(tuple(number / determinant for number in row) for row in adjugate)
