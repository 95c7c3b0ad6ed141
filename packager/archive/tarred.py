"""Tar archives, plain or packed with gzip, bzip2 or xz: a walk through them, once, from the front."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from packager.archive import BY_HAND, DamagedArchive, Member, UnusualArchive, Walk
from packager.errors import SourceError

_PIECE_BYTES = 1 << 18


def walk(path: Path) -> Walk:
    """Every member in turn; SourceError for a broken archive, and for one with a link or a device.

    Names hold bytes that are no UTF-8 as surrogates, for `names.told`.
    """
    with path.open("rb") as file, _explained():
        yield from walk_stream(file, "r|*")


def walk_stream(file: BinaryIO, mode: Literal["r|", "r|*"] = "r|") -> Walk:
    """The members of an archive that is read from an open file, without going back."""
    with _explained(), tarfile.open(fileobj=file, mode=mode) as archive:
        while info := archive.next():
            member = Member(info.name, info.size, info.isdir())
            if info.issparse():
                raise UnusualArchive("is packed in an unusual way: it holds a sparse file", hint=BY_HAND)
            if not info.isdir() and not info.isreg():
                raise SourceError(f"holds a link or a device ({member.name})", hint=BY_HAND)
            yield member, _pieces(archive, info)


def _pieces(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    with _explained():
        stream = archive.extractfile(info)
        left = info.size
        while left and stream and (piece := stream.read(min(left, _PIECE_BYTES))):
            left -= len(piece)
            yield piece
        if left:
            raise DamagedArchive("is cut short", hint=BY_HAND)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (SourceError, GeneratorExit, MemoryError):
        raise
    except OSError as error:
        if error.errno:  # of the system; those of decompressors have no number
            raise
        raise DamagedArchive(f"is not a sound archive: {error}", hint=BY_HAND) from error
    except Exception as error:  # tarfile trusts what it parses, and each decompressor has errors of its own
        raise DamagedArchive(f"is not a sound archive: {error}", hint=BY_HAND) from error
