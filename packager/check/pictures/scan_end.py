"""Where the codes of a JPEG end, to the bit, at the price of the one decoding that there is anyway.

Decoders say nothing of what they leave over: bytes behind the last code, or bits that only fill the last byte. So the
picture is decoded with some units of pixels more than it has, whose codes we make and put where its own must end. Where
they are not seen as they were made, its own codes end elsewhere.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from hashlib import sha512
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from packager.check.pictures.jpeg import DHT, DQT, SOF0, SOS, Segment

if TYPE_CHECKING:
    from PIL import Image

Codes = dict[int, str]  # by the sign that they stand for
CHANCE = "".join(f"{byte:08b}" for byte in sha512(b"").digest() * 4)  # as good as any bits
UNITS = 8  # that are looked at
MOST_FILLING = 7  # bits
LARGEST_SIDE = 65_500  # JPEG_MAX_DIMENSION of libjpeg
FARTHEST = 64  # levels of brightness from one block to the next, where the codes let it
MOST_LEVEL = 1_400  # eight times the brightness of a block, from grey, with what deringing adds
GREY = 128


class Lengthened:
    """A picture of the form, in `parts` of `data`, with units behind its last one that differ from each other.

    Nothing can be told of a picture whose blocks are all of middle brightness, whatever their colour: it has no
    codes for units that differ.
    """

    def __init__(self, data: bytes, parts: tuple[Segment, ...]) -> None:
        by_marker = {part.marker: part for part in parts}
        self._data, self._frame, self._scan = data, by_marker[SOF0], by_marker[SOS]
        self.height, self.width = (int.from_bytes(self._frame.body[at : at + 2], "big") for at in (1, 3))
        self._side = self._frame.body[7] & 15  # of a unit, in blocks of light
        self._across, self._down = (-(-length // (8 * self._side)) for length in (self.width, self.height))
        rows = self._down + -(-UNITS // max(1, self._across))
        self.size = self._across * 8 * self._side, rows * 8 * self._side
        codes = [_codes(part.body) for part in parts if part.marker == DHT]
        self._codes = [codes[:2], *[codes[-2:]] * (self._frame.body[5] - 1)]  # of means and others, by component
        self._step = next(part.body[1] for part in parts if part.marker == DQT)
        self.is_possible = 0 < min(self.size) <= max(self.size) <= LARGEST_SIDE and all(map(all, self._codes))
        self._added, self._differences = self._units() if self.is_possible else ("", [])

    def files(self) -> Iterator[io.BytesIO]:
        """Yield the longer picture, for each count of bits that may only fill its last byte; the likeliest first."""
        end = self._scan.end
        length = 2 if self._data[end - 2 : end] == b"\xff\0" else 1
        start, bits = self._data[: end - length], f"{self._data[end - length]:08b}"
        at = self._frame.codes - len(self._frame.body) + 1
        size = b"".join(one.to_bytes(2, "big") for one in reversed(self.size))
        for filling in self._fillings(f"{start[-1]:08b}{bits}"):
            codes = bits[: 8 - filling] + self._added
            codes += "1" * (-len(codes) % 8)
            stuffed = int(codes, 2).to_bytes(len(codes) // 8, "big").replace(b"\xff", b"\xff\0")
            yield io.BytesIO(b"".join((start[:at], size, start[at + 4 :], stuffed, self._data[end:])))

    def is_seen(self, image: Image.Image) -> bool:
        """Whether its units show in the decoded image, of a pixel a block, as they were made."""
        before, *seen = self._blocks(image.getchannel(0))
        low = -MOST_LEVEL if before == 0 else 8 * (before - GREY - 1)
        high = MOST_LEVEL if before == 255 else 8 * (before - GREY + 1)
        steps = [0, *accumulate(self._differences)]
        means = range(low // self._step, high // self._step + 1)
        shown = [*zip(steps, [before, *seen], strict=True)]
        return any(all(_brightness((mean + step) * self._step) == light for step, light in shown) for mean in means)

    def _fillings(self, bits: str) -> list[int]:
        """How many of the last bits may be ones that fill the byte; first where a block's end stands before them."""
        ones = len(bits) - len(bits.rstrip("1"))
        end = self._codes[-1][1].get(0, "")
        return sorted(
            range(min(ones, MOST_FILLING) + 1), key=lambda filling: not bits[: len(bits) - filling].endswith(end)
        )

    def _units(self) -> tuple[str, list[int]]:
        """Return the codes of units, and by how much the mean of each block of light differs from that of the last."""
        made, differences, chance = [], [], iter(CHANCE)
        ends = [_nothing_else(others) for _, others in self._codes]
        light = self._codes[0][0]
        near = [size for size in light if self._step << size <= 8 * FARTHEST]
        size = max(near, default=0) or min(filter(None, light), default=0)
        for number in [*[0] * self._side**2, *range(1, len(self._codes))] * UNITS:
            if number == 0:
                amplitude = "".join(islice(chance, size))
                differences.append(_value(amplitude))
                made += [light[size], amplitude, ends[number]]
            else:
                colour = self._codes[number][0]
                made += [colour[least := min(colour)], "0" * least, ends[number]]
        return "".join(made), differences

    def _blocks(self, light: Image.Image) -> Iterator[int]:
        """The brightness of the picture's last block, and of those that were added, in the order of their codes."""
        first, side = self._across * self._down, self._side
        blocks = [divmod(block, side) for block in range(side * side)]
        for unit in range(first - 1, first + UNITS):
            top, left = divmod(unit, self._across)
            for down, right in blocks if unit >= first else blocks[-1:]:
                yield int(light.getpixel((left * side + right, top * side + down)))  # type: ignore[arg-type]


def _codes(body: bytes) -> Codes:
    """T.81, annex C."""
    codes, code, signs = {}, 0, iter(body[17:])
    for length, count in enumerate(body[1:17], 1):
        for sign in (next(signs) for _ in range(count)):
            codes[sign] = f"{code:0{length}b}"
            code += 1
        code <<= 1
    return codes


def _nothing_else(others: Codes) -> str:
    """The end of a block behind its mean; the shortest sign up to its last place where there is none."""
    if 0 in others:
        return others[0]
    sign, code = min(others.items(), key=lambda one: one[0] & 15)
    return (code + "0" * (sign & 15)) * -(-63 // ((sign >> 4) + 1))


def _value(bits: str) -> int:
    """T.81, F.2.2.1."""
    if not bits:
        return 0
    return int(bits, 2) if bits[0] == "1" else int(bits, 2) - (1 << len(bits)) + 1


def _brightness(mean: int) -> int:
    """jpeg_idct_1x1 of libjpeg, which takes what is far out of range for its remainder."""
    level = (mean + 4 >> 3) + 512 & 1023
    return min(255, max(0, level - 384))
