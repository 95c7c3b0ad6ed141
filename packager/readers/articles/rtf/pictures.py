"""The pictures in a document in RTF, which stand there as digits or as they are."""

from __future__ import annotations

import re
from binascii import unhexlify

from packager.files.signatures import PICTURES, file_type


class RtfPictures:
    """Gathers the picture that is read, and holds those that were: `by_address`."""

    def __init__(self) -> None:
        self.by_address: dict[str, bytes] = {}
        self._digits = bytearray()

    def begin(self) -> None:
        """Begin a picture."""
        self._digits = bytearray()

    def add(self, digits: bytes) -> None:
        """Add hexadecimal digits, with whatever stands between them."""
        self._digits += digits

    def add_bytes(self, data: bytes) -> None:
        """Add bytes of the picture as they are."""
        self._digits += data.hex().encode()

    def end(self, *, is_shown: bool) -> str | None:
        """Return the address of the picture; "" for a drawing, None where there is none or where it is not shown."""
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", self._digits)
        data = unhexlify(digits[: len(digits) // 2 * 2])
        self._digits = bytearray()
        if not data or not is_shown:
            return None
        if file_type(data[:64]) not in PICTURES:
            return ""
        address = f"cid:{len(self.by_address)}"
        self.by_address[address] = data
        return address
