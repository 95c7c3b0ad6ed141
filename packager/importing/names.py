"""Names for what comes into a bundle: as they were where every system can have them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from packager.files.signatures import HEAD_BYTES, FileType, file_type
from packager.readers.files import FileKind, kind_of
from packager.readers.language import known_language
from packager.text.natural import page_key
from packager.text.spelling import normal

_UNWELCOME = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(\..*)?", re.IGNORECASE)
_LONGEST = 80

# For pictures without a name that says what they are.
_ENDINGS = {
    FileType.JPEG: ".jpg",
    FileType.PNG: ".png",
    FileType.GIF: ".gif",
    FileType.WEBP: ".webp",
    FileType.AVIF: ".avif",
    FileType.HEIC: ".heic",
    FileType.JXL: ".jxl",
    FileType.TIFF: ".tif",
    FileType.BMP: ".bmp",
}


def portable(name: str) -> str:
    """The name without what some system cannot have, or hides."""
    name = _UNWELCOME.sub("_", normal(name)).strip(" .~$")
    stem, dot, ending = name.rpartition(".")
    name = f"{stem[: _LONGEST - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else name[:_LONGEST]
    return f"_{name}" if not name or _DEVICES.fullmatch(name) or kind_of(name) is FileKind.JUNK else name


def free(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where it is taken; capital letters make no difference."""
    folded = {other.casefold() for other in taken}
    numbers = (f"{name}-{number}" if number > 1 else name for number in range(1, len(folded) + 3))
    return next(candidate for candidate in numbers if candidate.casefold() not in folded)


def ending_of(data: bytes) -> str:
    """The ending that pictures with this beginning have."""
    return _ENDINGS.get(file_type(data[:HEAD_BYTES]), ".png")


def pages(paths: Sequence[PurePosixPath]) -> tuple[PurePosixPath, ...]:
    """Names for pages that sort in this order: their own where these do, else numbers before them, in one folder."""
    depth = _common_depth(paths)
    own = tuple(PurePosixPath(*map(portable, path.parts[depth:])) for path in paths)
    is_distinct = len({str(path).casefold() for path in own}) == len(own)
    reads_as_languages = all(len(path.parts) > 1 and known_language(path.parts[0]) for path in own)
    if is_distinct and not reads_as_languages and list(own) == sorted(own, key=page_key):
        return own
    width = len(str(len(own)))
    return tuple(PurePosixPath(f"{number:0{width}}-{path.name}") for number, path in enumerate(own, start=1))


def _common_depth(paths: Sequence[PurePosixPath]) -> int:
    """How many folders all paths have in common."""
    folders = [path.parts[:-1] for path in paths]
    depth = 0
    while folders and all(len(parts) > depth and parts[depth] == folders[0][depth] for parts in folders):
        depth += 1
    return depth
