"""What the headers of coded pictures say, in numbers of so many bits one behind the other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodedForm:
    """How pictures are coded; `is_plain`: nothing of it is more than our own encoder uses, and pixels are square."""

    profile: str
    level: float
    width: int
    height: int
    is_plain: bool


class HeaderBits:
    """Reads bits from the first on; ValueError behind the last, and for a number that is not one that may be."""

    def __init__(self, data: bytes) -> None:
        self._value, self._left = int.from_bytes(data, "big"), 8 * len(data)

    def take(self, count: int) -> int:
        """Return the next bits as a number."""
        if count > self._left:
            raise ValueError("cut off")
        self._left -= count
        return self._value >> self._left & ((1 << count) - 1)

    def number(self) -> int:
        """Return the next Exp-Golomb number, without a sign (9.1)."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def bounded(self, most: int = 0) -> int:
        """Return the next Exp-Golomb number, of at most that much."""
        number = self.number()
        if number > most:
            raise ValueError("another number than may be")
        return number

    def fixed(self, count: int, *values: int) -> int:
        """Return the next bits as a number, one of these."""
        number = self.take(count)
        if number not in values:
            raise ValueError("another number than may be")
        return number

    def numbers(self, count: int) -> tuple[int, ...]:
        """Return so many of them."""
        return tuple(self.number() for _ in range(count))

    @property
    def ends(self) -> bool:
        """Whether nothing is left but a one and the zeros that fill its byte (ITU-T H.264, 7.3.2.11)."""
        rest = self._value & ((1 << self._left) - 1)
        return 0 < self._left <= 8 and rest == 1 << (self._left - 1)

    @property
    def is_stuffed(self) -> bool:
        """Whether nothing is left but a zero and the ones that fill its byte (ISO 14496-2, 5.2.3)."""
        rest = self._value & ((1 << self._left) - 1)
        return 0 < self._left <= 8 and rest == (1 << (self._left - 1)) - 1
