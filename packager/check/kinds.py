"""Which file name extensions may say what a file is."""

from __future__ import annotations

from packager.files.signatures import FileType

PICTURES = frozenset(
    (FileType.JPEG, FileType.PNG, FileType.GIF, FileType.WEBP, FileType.AVIF, FileType.TIFF, FileType.BMP)
)

# A document without its doctype, or without <html>, still is one: the rules on documents say what it lacks.
BY_EXTENSION: dict[str, frozenset[FileType]] = {
    "jpg": frozenset((FileType.JPEG,)),
    "jpeg": frozenset((FileType.JPEG,)),
    "png": frozenset((FileType.PNG,)),
    "gif": frozenset((FileType.GIF,)),
    "webp": frozenset((FileType.WEBP,)),
    "avif": frozenset((FileType.AVIF,)),
    "html": frozenset((FileType.HTML, FileType.TEXT)),
    "htm": frozenset((FileType.HTML, FileType.TEXT)),
    "txt": frozenset((FileType.TEXT,)),
    "cbz": frozenset((FileType.ZIP,)),
    "zip": frozenset((FileType.ZIP,)),
    "epub": frozenset((FileType.ZIP,)),
    "7z": frozenset((FileType.SEVEN_ZIP,)),
    "pdf": frozenset((FileType.PDF,)),
    "xhtml": frozenset((FileType.HTML, FileType.TEXT)),
    **dict.fromkeys(("css", "ncx", "opf", "svg", "xml"), frozenset((FileType.TEXT,))),
    **dict.fromkeys(("otf", "ttf", "woff", "woff2"), frozenset((FileType.FONT,))),
}


def extension(path: str) -> str:
    """What follows the last dot of the file's name, in lower case; "" when there is none."""
    stem, dot, ending = path.rpartition("/")[2].rpartition(".")
    return ending.lower() if dot and stem else ""
