"""The bytes of one member of a ZIP archive: unpacked within bounds, and checked to the last."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from packager.check.containers.origin import PIECE_BYTES, DamageError, Origin, window
from packager.sandbox.restrictions import SPOOL

MOST_HELD_BYTES = 64 * 1024 * 1024  # of what is unpacked; the rest waits in a nameless file


@dataclass(frozen=True, slots=True)
class Packed:
    """A member of a ZIP archive: `packed_bytes` from `start` on that unpack to `size_bytes`."""

    archive: Origin
    start: int
    packed_bytes: int
    size_bytes: int
    crc: int
    is_deflated: bool

    def open(self) -> BinaryIO:
        """The member's bytes, checked to the last; raises OSError, or DamageError."""
        return self.open_in(self.archive.open())

    def open_in(self, file: BinaryIO) -> BinaryIO:
        """The same from the archive's own bytes; a member that is stored and large closes `file` with itself."""
        if self.size_bytes > MOST_HELD_BYTES and not self.is_deflated:
            for _ in self._pieces(file):
                pass
            return window(file, self.start, self.packed_bytes)
        held: BinaryIO = io.BytesIO() if self.size_bytes <= MOST_HELD_BYTES else SPOOL.file()
        for piece in self._pieces(file):
            held.write(piece)
        held.seek(0)
        return held

    def _pieces(self, file: BinaryIO) -> Iterator[bytes]:
        left, crc = self.size_bytes, 0
        stored = _stored(file, self.start, self.packed_bytes)
        for piece in _inflated(stored) if self.is_deflated else stored:
            left -= len(piece)
            crc = zlib.crc32(piece, crc)
            if left < 0:
                raise DamageError("it unpacks to more bytes than the archive says")
            yield piece
        if left:
            raise DamageError(f"it unpacks to {left:,} bytes less than the archive says")
        if crc != self.crc:
            raise DamageError("its checksum is wrong")


def _stored(file: BinaryIO, start: int, size_bytes: int) -> Iterator[bytes]:
    file.seek(start)
    while size_bytes:
        piece = file.read(min(size_bytes, PIECE_BYTES))
        if not piece:
            raise DamageError("the archive ends before it does")
        size_bytes -= len(piece)
        yield piece


def _inflated(stored: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in stored:
        rest = piece
        while rest and not inflater.eof:
            try:
                yield inflater.decompress(rest, PIECE_BYTES)
            except zlib.error as problem:
                raise DamageError(f"it cannot be unpacked: {problem}") from problem
            rest = inflater.unconsumed_tail
    if not inflater.eof or inflater.unused_data:
        raise DamageError("its packed bytes are more or less than it")
