"""Numbers of so many bits, one behind the other, as headers of H.264, MPEG-4 and MP3 have them."""

from __future__ import annotations

from packager.check.containers import DamageError

_MOST_BYTES = 1024  # of a header, which has some fifty


class Bits:
    """Reads bits from the first on; DamageError behind the last. `is_held` until a number was not one that may be."""

    is_held = True

    def __init__(self, data: bytes) -> None:
        if len(data) > _MOST_BYTES:
            raise DamageError(f"a header of its pictures has {len(data):,} bytes, too many to read")
        self._value, self._left = int.from_bytes(data, "big"), 8 * len(data)

    def take(self, count: int) -> int:
        """Return the next `count` bits as a number."""
        if count > self._left:
            raise DamageError("a header of its pictures is cut off")
        self._left -= count
        number = self._value >> self._left
        self._value &= (1 << self._left) - 1
        return number

    def count(self) -> int:
        """Return the next Exp-Golomb number, without a sign (ITU-T H.264, 9.1)."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def held(self, number: int, most: int = 0, least: int = 0) -> int:
        """Return a number that was read, with a note where it is not within bounds."""
        self.is_held &= least <= number <= most
        return number

    @property
    def ends(self) -> bool:
        """Whether nothing is left but a one and the zeros that fill its byte (H.264, 7.3.2.11)."""
        return 0 < self._left <= 8 and self._value == 1 << (self._left - 1)

    @property
    def is_stuffed(self) -> bool:
        """Whether nothing is left but a zero and the ones that fill its byte (ISO 14496-2, 5.2.3)."""
        return 0 < self._left <= 8 and self._value == (1 << (self._left - 1)) - 1
