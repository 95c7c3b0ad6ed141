"""What a file is, told by its first bytes: names lie."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum

HEAD_BYTES = 4096


class FileType(StrEnum):
    """What the content of a file is; the value is how people are told."""

    JPEG = "a JPEG picture"
    PNG = "a PNG picture"
    GIF = "a GIF picture"
    WEBP = "a WebP picture"
    AVIF = "an AVIF picture"
    HEIC = "a HEIC picture"
    JXL = "a JPEG XL picture"
    TIFF = "a TIFF picture"
    BMP = "a BMP picture"
    MP4 = "an MP4 film"
    AVI = "an AVI film"
    MATROSKA = "a Matroska or WebM film"
    MPEG = "an MPEG film"
    ASF = "a Windows Media film"
    FLV = "a Flash film"
    REALMEDIA = "a RealMedia film"
    MP3 = "MP3 sound"
    AAC = "AAC sound"
    OGG = "Ogg sound or film"
    FLAC = "FLAC sound"
    WAV = "WAV sound"
    AMR = "AMR sound"
    HTML = "an HTML document"
    TEXT = "plain text"
    ZIP = "a ZIP archive"
    SEVEN_ZIP = "a 7z archive"
    RAR = "a RAR archive"
    TAR = "a tar archive"
    GZIP = "a gzip archive"
    BZIP2 = "a bzip2 archive"
    XZ = "an xz archive"
    DISK = "a disk image"
    FONT = "a font"
    PDF = "a PDF document"
    OFFICE = "an office document"
    PROGRAM = "a program"
    SCRIPT = "a script"
    SHORTCUT = "a shortcut"
    EMPTY = "empty"
    UNKNOWN = "of an unknown kind"


def _begins(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


# The first that fits counts.
SIGNATURES: tuple[tuple[re.Pattern[bytes], FileType], ...] = (
    (_begins(rb"\xff\xd8\xff"), FileType.JPEG),
    (_begins(rb"\x89PNG\r\n\x1a\n"), FileType.PNG),
    (_begins(rb"GIF8[79]a"), FileType.GIF),
    (_begins(rb"RIFF....WEBP"), FileType.WEBP),
    (_begins(rb"....ftyp(?:.{4}){0,16}?avi[fs]"), FileType.AVIF),
    (_begins(rb"....ftyp(?:.{4}){0,16}?(?:hei[cmsx]|hev[cx]|mif1|msf1)"), FileType.HEIC),
    (_begins(rb"....(?:ftyp|moov|mdat|wide|free|skip)"), FileType.MP4),
    (_begins(rb"RIFF....AVI "), FileType.AVI),
    (_begins(rb"RIFF....WAVE"), FileType.WAV),
    (_begins(rb"RIFF....CDXA"), FileType.MPEG),  # of a Video CD
    (_begins(rb"\x1aE\xdf\xa3"), FileType.MATROSKA),
    (_begins(rb"\0\0\x01[\xba\xb3]|\x47.{187}\x47.{187}\x47|.{4}\x47.{191}\x47.{191}\x47"), FileType.MPEG),
    (_begins(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11"), FileType.ASF),
    (_begins(rb"FLV\x01"), FileType.FLV),
    (_begins(rb"\.RMF"), FileType.REALMEDIA),
    (_begins(rb"OggS\0"), FileType.OGG),
    (_begins(rb"fLaC"), FileType.FLAC),
    (_begins(rb"#!AMR"), FileType.AMR),
    (_begins(rb"\xff[\xf0\xf1\xf8\xf9]"), FileType.AAC),  # layer 0 is ADTS, others are MPEG's
    (_begins(rb"ID3[\x02-\x04]|\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd][\x10-\xef]"), FileType.MP3),
    (_begins(rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n"), FileType.JXL),
    (_begins(rb"II[*+]\0|MM\0[*+]"), FileType.TIFF),
    (_begins(rb"BM"), FileType.BMP),
    (_begins(rb"PK(?:\x03\x04|\x05\x06)"), FileType.ZIP),
    (_begins(rb"7z\xbc\xaf\x27\x1c"), FileType.SEVEN_ZIP),
    (_begins(rb"Rar!\x1a\x07"), FileType.RAR),
    (_begins(rb"\x1f\x8b"), FileType.GZIP),
    (_begins(rb"BZh"), FileType.BZIP2),
    (_begins(rb"\xfd7zXZ\0"), FileType.XZ),
    (_begins(rb"%PDF-"), FileType.PDF),
    (_begins(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), FileType.OFFICE),
    (_begins(rb"MZ|\x7fELF"), FileType.PROGRAM),  # Windows and DOS, Linux
    (_begins(rb"\xcf\xfa\xed\xfe|\xce\xfa\xed\xfe|\xca\xfe\xba\xbe"), FileType.PROGRAM),  # Mach-O, Java class
    (_begins(rb"dex\n|\0asm"), FileType.PROGRAM),  # Android, WebAssembly
    (_begins(rb"#!"), FileType.SCRIPT),
    (_begins(rb"L\0\0\0\x01\x14\x02\0"), FileType.SHORTCUT),  # [MS-SHLLINK] 2.1
    (_begins(rb"\0\x01\0\0|OTTO|wOFF|wOF2"), FileType.FONT),
    (_begins(rb".{257}ustar"), FileType.TAR),
    (_begins(rb".{510}\x55\xaa"), FileType.DISK),  # the first sector of a partitioned disk or of a volume
)

# What may be plain text all through; a text that begins with "MZ" or "BM" is no program and no picture.
_LEGIBLE = frozenset((FileType.SCRIPT, FileType.PDF))


PICTURES = frozenset(
    (FileType.JPEG, FileType.PNG, FileType.GIF, FileType.WEBP, FileType.AVIF, FileType.TIFF, FileType.BMP)
)

FILMS = frozenset(
    (
        FileType.MP4,
        FileType.AVI,
        FileType.MATROSKA,
        FileType.MPEG,
        FileType.ASF,
        FileType.FLV,
        FileType.REALMEDIA,
    )
)
SOUND = frozenset((FileType.MP3, FileType.AAC, FileType.OGG, FileType.FLAC, FileType.WAV, FileType.AMR))

# What a file may be by its extension. A document without its doctype, or without <html>, still is one: the rules on
# documents say what it lacks.
BY_EXTENSION: dict[str, frozenset[FileType]] = {
    **dict.fromkeys(("jpg", "jpeg"), frozenset((FileType.JPEG,))),
    "png": frozenset((FileType.PNG,)),
    "gif": frozenset((FileType.GIF,)),
    "webp": frozenset((FileType.WEBP,)),
    "avif": frozenset((FileType.AVIF,)),
    **dict.fromkeys(("html", "htm", "xhtml"), frozenset((FileType.HTML, FileType.TEXT))),
    **dict.fromkeys(("txt", "srt", "smi"), frozenset((FileType.TEXT,))),
    **dict.fromkeys(("mp4", "3gp"), frozenset((FileType.MP4,))),
    "avi": frozenset((FileType.AVI,)),
    "mp3": frozenset((FileType.MP3,)),
    **dict.fromkeys(("cbz", "zip", "epub"), frozenset((FileType.ZIP,))),
    "7z": frozenset((FileType.SEVEN_ZIP,)),
    "pdf": frozenset((FileType.PDF,)),
    **dict.fromkeys(("css", "ncx", "opf", "svg", "xml"), frozenset((FileType.TEXT,))),
    **dict.fromkeys(("otf", "ttf", "woff", "woff2"), frozenset((FileType.FONT,))),
}


def file_type(head: bytes) -> FileType:
    """Return the type of a file that begins with `head`: its first HEAD_BYTES, or all of it when it is shorter."""
    if not head:
        return FileType.EMPTY
    is_text = _is_text(head)
    for signature, kind in SIGNATURES:
        if (kind in _LEGIBLE or not is_text) and signature.match(head):
            return kind
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:14].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return FileType.HTML
    return FileType.TEXT if is_text else FileType.UNKNOWN


def extension(path: str) -> str:
    """Return what follows the last dot of the file's name, in lower case; "" when there is none."""
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
