"""The names of one folder as FAT holds them: short ones, flags for small letters, aliases beside long ones."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath

from packager.config.filesystems import SHORT_LETTERS, ShortNames, is_short_name

# Byte 12 of an entry: Windows since NT, Linux, macOS and mtools read it, though no specification has it.
SMALL_STEM = 0x08
SMALL_EXTENSION = 0x10
_LONG_NAME = 0x0F  # the attributes of an entry that holds a piece of a long name
_LAST_PIECE = 0x40
_PIECE = 26  # bytes: 13 units


@dataclass(frozen=True, slots=True)
class FatName:
    """A name in a directory: eleven bytes and flags, and `long` where these cannot hold it as it is."""

    short: bytes
    flags: int = 0
    long: str = ""


def fat_names(names: Iterable[str]) -> tuple[FatName, ...]:
    """The names of one folder, in the order given; they must be fit for FAT and differ in more than case."""
    names = tuple(names)
    short = {name: _short(name) for name in names if is_short_name(name, ShortNames.ONE_CASE)}
    used = {fat_name.short for fat_name in short.values()}
    tails: Counter[tuple[str, str]] = Counter()
    return tuple(short.get(name) or FatName(_alias(name, used, tails), long=name) for name in names)


def long_name_entries(name: FatName) -> Iterator[bytes]:
    """The entries that stand before the short one, last piece first; none where the short one serves."""
    units = name.long.encode("utf-16-le")
    pieces = [units[start : start + _PIECE] for start in range(0, len(units), _PIECE)]
    checksum = _checksum(name.short)
    for number in range(len(pieces), 0, -1):
        piece = pieces[number - 1]
        if len(piece) < _PIECE:
            piece = (piece + b"\0\0").ljust(_PIECE, b"\xff")
        order = number | (_LAST_PIECE if number == len(pieces) else 0)
        head, middle, tail = piece[:10], piece[10:22], piece[22:]
        yield struct.pack("<B10s3B12sH4s", order, head, _LONG_NAME, 0, checksum, middle, 0, tail)


def _short(name: str) -> FatName:
    stem, _, extension = name.partition(".")
    flags = SMALL_STEM * stem.islower() | SMALL_EXTENSION * extension.islower()
    return FatName(_packed(stem.upper(), extension.upper()), flags)


def _packed(stem: str, extension: str) -> bytes:
    return f"{stem:<8}{extension:<3}".encode("ascii")


def _alias(name: str, used: set[bytes], tails: Counter[tuple[str, str]]) -> bytes:
    """A short name that nothing else in the folder has; `tails` remembers how far the numbers have come."""
    alias = next(candidate for candidate in _aliases(name, tails) if candidate not in used)
    used.add(alias)
    return alias


def _aliases(name: str, tails: Counter[tuple[str, str]]) -> Iterator[bytes]:
    if name.isascii() and is_short_name(name.upper(), ShortNames.UPPER):
        yield _short(name.upper()).short
    path = PurePosixPath(name)
    stem, extension = _letters(path.stem) or "_", _letters(path.suffix)[:3]
    kin = stem[:6], extension  # what shares the aliases from ~1 to ~9
    for number in count(tails[kin] + 1):
        tails[kin] = number
        tail = f"~{number}"
        yield _packed(stem[: 8 - len(tail)] + tail, extension)


def _letters(text: str) -> str:
    letters = (letter for letter in text.upper() if letter not in " .")
    return "".join(letter if letter in SHORT_LETTERS else "_" for letter in letters)


def _checksum(short: bytes) -> int:
    """What ties the pieces of a long name to their short one: Microsoft's FAT specification, section 7.2."""
    total = 0
    for byte in short:
        total = ((total >> 1) | (total << 7)) + byte & 0xFF
    return total
