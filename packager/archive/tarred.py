"""Tar archives, plain or packed with gzip, bzip2 or xz: a walk through them, once, from the front."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Self, cast

from packager.archive import BY_HAND, DamagedArchive, Member, UnusualArchive, Walk
from packager.archive.methods import unpacked_streams
from packager.archive.streams import PIECE_BYTES, PieceStream, exactly
from packager.errors import SourceError
from packager.files.signatures import HEAD_BYTES, FileType, file_type

_PACKERS = (FileType.GZIP, FileType.BZIP2, FileType.XZ)


def walk(path: Path, *, is_strict: bool = True) -> Walk:
    """Every member in turn; SourceError for a broken archive, and for one with a link or a device.

    Where it is not strict, what lies behind a broken header is looked for.
    Names hold bytes that are no UTF-8 as surrogates, for `names.told`.
    """
    with path.open("rb") as file, _explained():
        kind = file_type(file.read(HEAD_BYTES))
        file.seek(0)
        stored = iter(partial(file.read, PIECE_BYTES), b"")
        # Not tarfile's own: it takes the end of a first stream for the end of all.
        stream = PieceStream(unpacked_streams(stored, kind) if kind in _PACKERS else stored)
        yield from walk_stream(stream, is_strict=is_strict)


def walk_stream(file: IO[bytes] | PieceStream, *, is_strict: bool = True) -> Walk:
    """The members of an archive that is read from an open file, without going back."""
    # What follows an end is read too: archives are put together by putting one behind another.
    with (
        _explained(),
        tarfile.open(
            fileobj=cast(IO[bytes], file), mode="r|", tarinfo=_Info if is_strict else tarfile.TarInfo, ignore_zeros=True
        ) as archive,
    ):
        while info := archive.next():
            member = Member(info.name, info.size, info.isdir())
            if info.issparse():
                raise UnusualArchive("is packed in an unusual way: it holds a sparse file", hint=BY_HAND)
            if not info.isdir() and not info.isreg():
                raise SourceError(f"holds a link or a device ({member.name})", hint=BY_HAND)
            yield member, _pieces(archive, info)


class _Info(tarfile.TarInfo):
    """A header; a broken one is an error, where tarfile takes it for the end."""

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.HeaderError as error:
            kind = type(error).__name__  # typeshed does not know them
            if kind == "EOFHeaderError":
                vars(tarfile_)["has_ended"] = True
            is_inside = tarfile_.offset and "has_ended" not in vars(tarfile_)  # behind an end may lie anything
            if is_inside and kind in ("InvalidHeaderError", "TruncatedHeaderError"):
                raise DamagedArchive(f"is damaged: {error}", hint=BY_HAND) from error
            raise


def _pieces(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    with _explained():
        yield from exactly(archive.extractfile(info) or io.BytesIO(), info.size, "is cut short")


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
