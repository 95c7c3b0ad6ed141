"""What a file is, told by its first bytes, and which file name extensions may say so."""

from __future__ import annotations

import codecs
from enum import StrEnum

HEAD_BYTES = 4096


class Kind(StrEnum):
    """What the content is; the value is how people are told."""

    JPEG = "a JPEG picture"
    PNG = "a PNG picture"
    GIF = "a GIF picture"
    WEBP = "a WebP picture"
    AVIF = "an AVIF picture"
    TIFF = "a TIFF picture"
    BMP = "a BMP picture"
    HTML = "an HTML document"
    TEXT = "plain text"
    ZIP = "a ZIP archive"
    SEVEN_ZIP = "a 7z archive"
    RAR = "a RAR archive"
    GZIP = "a gzip archive"
    DISK = "a disk image"
    FONT = "a font"
    PDF = "a PDF document"
    OFFICE = "an office document"
    PROGRAM = "a program"
    SCRIPT = "a script"
    SHORTCUT = "a shortcut"
    EMPTY = "empty"
    UNKNOWN = "of an unknown kind"


PICTURES = frozenset((Kind.JPEG, Kind.PNG, Kind.GIF, Kind.WEBP, Kind.AVIF, Kind.TIFF, Kind.BMP))

# (offset, bytes, kind); the first that fits counts.
SIGNATURES: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"\xff\xd8\xff", Kind.JPEG),
    (0, b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (0, b"GIF87a", Kind.GIF),
    (0, b"GIF89a", Kind.GIF),
    (8, b"WEBP", Kind.WEBP),
    (4, b"ftypavif", Kind.AVIF),
    (4, b"ftypavis", Kind.AVIF),
    (0, b"II*\0", Kind.TIFF),
    (0, b"MM\0*", Kind.TIFF),
    (0, b"BM", Kind.BMP),
    (0, b"PK\x03\x04", Kind.ZIP),
    (0, b"PK\x05\x06", Kind.ZIP),
    (0, b"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP),
    (0, b"Rar!\x1a\x07", Kind.RAR),
    (0, b"\x1f\x8b", Kind.GZIP),
    (0, b"%PDF-", Kind.PDF),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OFFICE),
    (0, b"MZ", Kind.PROGRAM),  # Windows and DOS
    (0, b"\x7fELF", Kind.PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", Kind.PROGRAM),  # Mach-O
    (0, b"\xce\xfa\xed\xfe", Kind.PROGRAM),
    (0, b"\xca\xfe\xba\xbe", Kind.PROGRAM),  # Java class, universal Mach-O
    (0, b"dex\n", Kind.PROGRAM),  # Android
    (0, b"\0asm", Kind.PROGRAM),  # WebAssembly
    (0, b"#!", Kind.SCRIPT),
    (0, b"L\0\0\0\x01\x14\x02\0", Kind.SHORTCUT),  # [MS-SHLLINK] 2.1
    (0, b"\0\1\0\0", Kind.FONT),  # TrueType
    (0, b"OTTO", Kind.FONT),
    (0, b"wOFF", Kind.FONT),
    (0, b"wOF2", Kind.FONT),
    (510, b"\x55\xaa", Kind.DISK),  # the first sector of a partitioned disk or of a volume
)

# What may be plain text all through; a text that begins with "MZ" or "BM" is no program and no picture.
LEGIBLE = frozenset((Kind.SCRIPT, Kind.PDF))

# A document without its doctype, or without <html>, still is one: the rules on documents say what it lacks.
BY_EXTENSION: dict[str, frozenset[Kind]] = {
    "jpg": frozenset((Kind.JPEG,)),
    "jpeg": frozenset((Kind.JPEG,)),
    "png": frozenset((Kind.PNG,)),
    "gif": frozenset((Kind.GIF,)),
    "webp": frozenset((Kind.WEBP,)),
    "avif": frozenset((Kind.AVIF,)),
    "html": frozenset((Kind.HTML, Kind.TEXT)),
    "htm": frozenset((Kind.HTML, Kind.TEXT)),
    "txt": frozenset((Kind.TEXT,)),
    "cbz": frozenset((Kind.ZIP,)),
    "zip": frozenset((Kind.ZIP,)),
    "epub": frozenset((Kind.ZIP,)),
    "7z": frozenset((Kind.SEVEN_ZIP,)),
    "pdf": frozenset((Kind.PDF,)),
    "xhtml": frozenset((Kind.HTML, Kind.TEXT)),
    **dict.fromkeys(("css", "ncx", "opf", "svg", "xml"), frozenset((Kind.TEXT,))),
    **dict.fromkeys(("otf", "ttf", "woff", "woff2"), frozenset((Kind.FONT,))),
}


def kind_of(head: bytes) -> Kind:
    """The kind of a file that begins with `head`: its first HEAD_BYTES, or all of it when it is shorter."""
    if not head:
        return Kind.EMPTY
    is_text = _is_text(head)
    for offset, signature, kind in SIGNATURES:
        if head.startswith(signature, offset) and (kind in LEGIBLE or not is_text):
            return kind
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:14].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return Kind.HTML
    return Kind.TEXT if is_text else Kind.UNKNOWN


def extension(path: str) -> str:
    """What follows the last dot of the file's name, in lower case; "" when there is none."""
    stem, dot, ending = path.rpartition("/")[2].rpartition(".")
    return ending.lower() if dot and stem else ""


def _is_text(head: bytes) -> bool:
    if any(byte < 0x20 and byte not in b"\t\n\r\f" for byte in head):
        return False
    try:
        # Incremental: a character may be cut at the end of the head.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
