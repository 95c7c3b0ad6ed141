"""Which form of archive a file is, by its first bytes: names lie, and a .cbr is often a ZIP."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path


class Form(Enum):
    """The forms of archive that are read."""

    ZIP = auto()
    SEVENZIP = auto()
    RAR = auto()
    TAR = auto()


_SIGNATURES = (
    (b"7z\xbc\xaf\x27\x1c", Form.SEVENZIP),
    (b"Rar!\x1a\x07", Form.RAR),
    (b"\x1f\x8b", Form.TAR),  # gzip, bzip2 and xz: what else they may hold is no archive
    (b"BZh", Form.TAR),
    (b"\xfd7zXZ\x00", Form.TAR),
)
_BLOCK_BYTES = 512  # the header of a member of a tar


def form_of(path: Path) -> Form:
    """The form of the file at `path`; what is none of them is a ZIP, broken perhaps."""
    with path.open("rb") as file:
        start = file.read(_BLOCK_BYTES)
    for signature, form in _SIGNATURES:
        if start.startswith(signature):
            return form
    return Form.TAR if _is_tar(start) else Form.ZIP


def _is_tar(block: bytes) -> bool:
    """Whether it is the header of a member: by its checksum, since old ones have no signature."""
    import tarfile

    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True
