"""Archives in several volumes: which files are parts of one, and those that were only cut joined again."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from packager.archive import BY_HAND, DamagedArchive, UnusualArchive
from packager.archive.streams import PIECE_BYTES
from packager.sandbox.limits import LIMITS, Limits
from packager.text import endings

_LETTERS = "rstuvwxy"  # behind r99 comes s00
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE, _ENTRY_SIGNATURE = b"PK\x05\x06", b"PK\x01\x02"
_MOST_END_BYTES = _END.size + 0xFFFF  # with a comment
_ENTRY_BYTES = 46
_ZIP64 = 0xFFFFFFFF


class VolumeForm(Enum):
    """How an archive was divided, which its parts' names tell."""

    NUMBERED = auto()  # a.part1.rar, a.part2.rar
    LETTERED = auto()  # a.rar, a.r00, a.r01
    CUT = auto()  # a.7z.001, a.7z.002: pieces of one file
    SPANNED = auto()  # a.z01, a.z02, a.zip


@dataclass(frozen=True, slots=True)
class VolumeSet:
    """The `names` of the parts of one archive that are there, in order, and the numbers of those that are missing.

    That the last one is missing, names do not tell.
    """

    form: VolumeForm
    names: tuple[str, ...]
    missing: tuple[int, ...] = ()

    @property
    def head(self) -> str:
        """The part that stands for all of them."""
        return self.names[-1 if self.form is VolumeForm.SPANNED else 0]


_FORMS = tuple(
    (form, re.compile(pattern, re.IGNORECASE | re.DOTALL))
    for form, pattern in (
        (VolumeForm.NUMBERED, r"(.+)\.part(\d{1,4})\.(?:rar|cbr)"),
        (VolumeForm.CUT, rf"(.+\.(?:{endings.ARCHIVES}))\.(\d{{2,3}})"),
        (VolumeForm.LETTERED, rf"(.+)\.(rar|cbr|[{_LETTERS}]\d\d)"),
        (VolumeForm.SPANNED, r"(.+)\.(zip|cbz|z\d\d)"),
    )
)


def sets_among(names: Iterable[str]) -> Iterator[VolumeSet]:
    """Every archive in volumes of which parts are among the files of a folder, whose names these are."""
    parts: dict[tuple[VolumeForm, str], dict[int, str]] = {}
    for name in names:
        for form, pattern in _FORMS:
            if found := pattern.fullmatch(name):
                number = _number(form, found[2].lower())
                parts.setdefault((form, found[1].casefold()), {}).setdefault(number, name)
                break
    for (form, _), by_number in parts.items():
        if form in (VolumeForm.NUMBERED, VolumeForm.CUT) or len(by_number) > 1:  # one alone may be another thing
            yield _set_of(form, by_number)


def _number(form: VolumeForm, told: str) -> int:
    if form is VolumeForm.LETTERED:
        return 1 if told in ("rar", "cbr") else _LETTERS.index(told[0]) * 100 + int(told[1:]) + 2
    if form is VolumeForm.SPANNED:
        return 100 if told in ("zip", "cbz") else int(told[1:])
    return int(told)


def _set_of(form: VolumeForm, by_number: dict[int, str]) -> VolumeSet:
    numbers = sorted(by_number)
    inner = numbers[:-1] if form is VolumeForm.SPANNED and numbers[-1] == 100 else numbers
    first = 0 if form is VolumeForm.CUT and inner[0] == 0 else 1
    missing = sorted(set(range(first, inner[-1] + 1)) - set(inner))
    if form is VolumeForm.SPANNED and numbers[-1] != 100:
        missing.append(inner[-1] + 1)
    return VolumeSet(form, tuple(by_number[number] for number in numbers), tuple(missing))


def joined(paths: Sequence[Path], form: VolumeForm, limits: Limits = LIMITS) -> Iterator[bytes]:
    """The bytes of the archive that was CUT into these files, or SPANNED over them, as one file.

    Raises SourceError for a ZIP over several files whose directory is broken or too large.
    """
    if form is VolumeForm.CUT:
        for path in paths:
            yield from _pieces(path, path.stat().st_size)
        return
    sizes = [path.stat().st_size for path in paths]
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    with paths[-1].open("rb") as last:
        last.seek(max(0, sizes[-1] - _MOST_END_BYTES))
        tail = last.read()
    at = tail.rfind(_END_SIGNATURE)
    if at < 0 or at + _END.size > len(tail):
        raise DamagedArchive("is the last part of a ZIP, and has no directory", hint=BY_HAND)
    _, _, disk, _, count, size, offset, _ = _END.unpack_from(tail, at)
    if disk >= len(starts) or size > limits.directory_bytes:
        raise DamagedArchive("is a part of a ZIP whose directory is not where it says", hint=BY_HAND)
    directory_start = starts[disk] + offset
    whole = _window(paths, directory_start, size)
    left = directory_start
    for path, size_bytes in zip(paths, sizes, strict=True):
        yield from _pieces(path, min(size_bytes, left))
        left -= min(size_bytes, left)
    yield _with_starts(whole, starts)
    yield _END.pack(_END_SIGNATURE, 0, 0, count & 0xFFFF, count & 0xFFFF, size, directory_start, 0)


def _pieces(path: Path, size_bytes: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while size_bytes and (piece := file.read(min(PIECE_BYTES, size_bytes))):
            size_bytes -= len(piece)
            yield piece


def _window(paths: Sequence[Path], start: int, size: int) -> bytes:
    """So many bytes of what the files are together."""
    window = b""
    for path in paths:
        size_bytes = path.stat().st_size
        if start < size_bytes and len(window) < size:
            with path.open("rb") as file:
                file.seek(start)
                window += file.read(size - len(window))
        start = max(0, start - size_bytes)
    return window


def _with_starts(directory: bytes, starts: Sequence[int]) -> bytes:
    """A directory in which members lie in one file: each entry tells its disk, and where on it; APPNOTE 4.3.12."""
    patched, at = bytearray(directory), 0
    while directory.startswith(_ENTRY_SIGNATURE, at) and at + _ENTRY_BYTES <= len(directory):
        lengths = struct.unpack_from("<3H", directory, at + 28)
        disk, (offset,) = struct.unpack_from("<H", directory, at + 34)[0], struct.unpack_from("<L", directory, at + 42)
        if offset == _ZIP64 or disk >= len(starts) or starts[disk] + offset >= _ZIP64:
            raise UnusualArchive("is a ZIP of more than 4 GB in several parts, which is not read here", hint=BY_HAND)
        struct.pack_into("<H", patched, at + 34, 0)
        struct.pack_into("<L", patched, at + 42, starts[disk] + offset)
        at += _ENTRY_BYTES + sum(lengths)
    return bytes(patched)
