"""The methods by which members of a ZIP are packed, and what their bytes unpack to, in pieces of a bounded size."""

from __future__ import annotations

import bz2
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol

from packager.archive import BY_HAND, DamagedArchive
from packager.archive.streams import PIECE_BYTES
from packager.errors import SourceError
from packager.files.signatures import FileType

_FED_BYTES = 1 << 10  # a byte of Deflate64 can become a thousand
_DEFLATE64, _XZ = 9, 95  # APPNOTE 4.4.5


def unpacked(stored: Iterator[bytes], method: int, *, exact: bool = False) -> Iterator[bytes]:
    """What stored bytes unpack to by a method, to its end, in pieces of a bounded size; SourceError where they do not.

    With `exact` nothing may lie behind the end.
    """
    if method == zipfile.ZIP_STORED:
        yield from stored
        return
    is_at_end = False
    decompressor = _DECOMPRESSORS[method]()
    try:
        for piece in stored:
            rest = piece
            while not is_at_end:
                out = decompressor.decompress(rest, PIECE_BYTES)
                rest, is_at_end = b"", decompressor.eof
                if not out:
                    break
                yield out
    except (zlib.error, OSError, lzma.LZMAError, ValueError, EOFError) as error:
        raise DamagedArchive(f"its bytes are damaged: {error}", hint=BY_HAND) from error
    if exact and (not is_at_end or decompressor.unused_data):
        raise SourceError("its packed bytes are more or less than it", hint=BY_HAND)


def unpacked_streams(stored: Iterator[bytes], kind: FileType) -> Iterator[bytes]:
    """What a file packed with gzip, bzip2 or xz unpacks to, of which parallel packers make many streams in a row.

    What follows them and is no further one is nothing. Raises DamagedArchive for damage, and where it is cut short.
    """
    make, signature = _PACKERS[kind]
    decompressor, is_begun, is_at_end = make(), False, False
    for piece in stored:
        rest = piece if is_begun else piece.lstrip(b"\0")  # streams are padded
        while rest or is_begun:
            if is_at_end and not is_begun and not signature.startswith(rest[: len(signature)]):
                return
            try:
                out = decompressor.decompress(rest, PIECE_BYTES)
            except (zlib.error, OSError, lzma.LZMAError, ValueError, EOFError) as error:
                raise DamagedArchive(f"is damaged: {error}", hint=BY_HAND) from error
            is_begun, rest = not decompressor.eof, b""
            if decompressor.eof:
                rest, is_at_end, decompressor = decompressor.unused_data.lstrip(b"\0"), True, make()
            if out:
                yield out
            elif not rest:
                break
    if is_begun or not is_at_end:
        raise DamagedArchive("is cut short", hint=BY_HAND)


class _Decompressor(Protocol):
    """What the standard library's decompressors have in common: with no more data they go on where they stopped."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Inflater:
    """Deflate; zlib gives back what it has not come to."""

    def __init__(self, window_bits: int = -zlib.MAX_WBITS) -> None:
        self._inflater = zlib.decompressobj(window_bits)

    @property
    def eof(self) -> bool:
        return self._inflater.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflater.unused_data

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        return self._inflater.decompress(self._inflater.unconsumed_tail + data, max_length)


class _Inflater64:
    """Deflate64, whose library gives out all that a piece unpacks to: it is fed with small ones."""

    def __init__(self) -> None:
        from inflate64 import Inflater

        self._inflater = Inflater()
        self._rest = b""
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        return bool(self._inflater.eof)

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        self._rest += data
        out = b""
        while self._rest and not out and not self.eof:
            out = self._inflater.inflate(self._rest[:_FED_BYTES])
            self._rest = self._rest[_FED_BYTES:]
        return out


class _Lzma:
    """LZMA, before which a ZIP has a header of its own (APPNOTE 5.8.8)."""

    def __init__(self) -> None:
        self._decompressor: lzma.LZMADecompressor | None = None
        self._head = b""

    @property
    def eof(self) -> bool:
        return self._decompressor is not None and self._decompressor.eof

    @property
    def unused_data(self) -> bytes:
        return b"" if self._decompressor is None else self._decompressor.unused_data

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        if self._decompressor is None:
            self._head += data
            size = int.from_bytes(self._head[2:4], "little")
            if len(self._head) < 4 + size:
                return b""
            properties, data = self._head[4 : 4 + size], self._head[4 + size :]
            if size != 5:
                raise ValueError("properties of another length")
            literals, rest = properties[0] % 9, properties[0] // 9
            lzma1 = {
                "id": lzma.FILTER_LZMA1,
                "dict_size": int.from_bytes(properties[1:], "little"),
                "lc": literals,
                "lp": rest % 5,
                "pb": rest // 5,
            }
            self._decompressor = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[lzma1])
        return self._decompressor.decompress(data, max_length)


_DECOMPRESSORS: dict[int, Callable[[], _Decompressor]] = {
    zipfile.ZIP_DEFLATED: _Inflater,
    zipfile.ZIP_BZIP2: bz2.BZ2Decompressor,
    zipfile.ZIP_LZMA: _Lzma,
    _DEFLATE64: _Inflater64,
    _XZ: lzma.LZMADecompressor,
}
METHODS = frozenset((zipfile.ZIP_STORED, *_DECOMPRESSORS))
_PACKERS: dict[FileType, tuple[Callable[[], _Decompressor], bytes]] = {
    FileType.GZIP: (partial(_Inflater, 16 + zlib.MAX_WBITS), b"\x1f\x8b"),
    FileType.BZIP2: (bz2.BZ2Decompressor, b"BZh"),
    FileType.XZ: (partial(lzma.LZMADecompressor, lzma.FORMAT_XZ), b"\xfd7zXZ\0"),
}
