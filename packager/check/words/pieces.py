"""The parts of a file that can hold words: texts, metadata, strings, and what lies in them in base64."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from packager.check.containers import DamageError
from packager.check.pictures import gif, jpeg, png
from packager.files.signatures import HEAD_BYTES, FileType, file_type

MOST_INSIDE = 2000  # files in one document are looked at one by one
WRITTEN = frozenset((FileType.HTML, FileType.TEXT, FileType.SCRIPT))
PROGRAMS = frozenset((FileType.FONT, FileType.PROGRAM))  # their own words are those of a dictionary: "delta", "period"
BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What programs write into pictures, books and films of many kinds.
XMP = re.compile(rb"<x:xmpmeta(?:(?!<x:xmpmeta).)*?</x:xmpmeta>", re.DOTALL)
XMP_VALUE = re.compile(rb">([^<>]++)|\s(?!xmlns)[\w:]+\s*=\s*[\"']([^\"'<>]*)")
LETTER = rb"[A-Za-z0-9+/_-]"
CODE_END = rb"=*[ \t]*(?:[\r\n\"')]|\Z)"
CODE = LETTER + rb"*+(?:[ \t]*\r?\n[ \t]*(?=" + LETTER + rb"++" + CODE_END + rb")" + LETTER + rb"++)*=*"
DATA_URI = re.compile(rb"data:[\w/+.;=-]{0,80}?;base64,\s*(" + CODE + rb")", re.IGNORECASE)
# Base64 as mail and certificates have it, in lines of one length.
LINES = re.compile(rb"(?<!" + LETTER + rb")" + LETTER + rb"{40,}+(?:\r?\n[ \t]*" + LETTER + rb"++)+=*")

# Strings of a PDF; ISO 32000-1, 7.3.4. Parentheses stand in a string in pairs; deeper pairs than one are read as
# strings of their own.
INNER = rb"[^()\\]*+(?:\\.[^()\\]*+)*"
PDF_STRING = re.compile(
    rb"(/(?:Author|Creator|Producer|Company|Manager|LastModifiedBy|T)\s*+)?"
    rb"(?:(?<!\\)\((" + INNER + rb"(?:\(" + INNER + rb"\)" + INNER + rb")*)\)|(?<!<)<([0-9A-Fa-f\s]{8,}+)>)",
    re.DOTALL,
)
PDF_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r?\n|(.))", re.DOTALL)

BESIDE_CODES = {FileType.JPEG: jpeg.beside_codes, FileType.PNG: png.beside_codes, FileType.GIF: gif.beside_codes}


class Content(Enum):
    """What bytes are, which decides when a word in them is a name of a computer."""

    TEXT = auto()  # people write all words into it
    METADATA = auto()  # programs write names into it
    SYNTAX = auto()  # has words of its own, with a slash before them too


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that can hold words, whether they are text, and whether they are read as one."""

    data: bytes
    is_text: bool
    is_read: bool
    content: Content


def pieces(data: bytes) -> Iterator[Piece]:
    """Yield what in the file `data` can hold words; codes of pictures hold none."""
    head = data[:HEAD_BYTES]
    kind = file_type(head)
    if kind in WRITTEN:
        yield from _of_text(data)
        return
    if kind in BESIDE_CODES:
        yield Piece(XMP.sub(b"\n", _beside_codes(kind, data)), False, True, Content.METADATA)
    elif kind is FileType.PDF:
        yield Piece(XMP.sub(b"\n", data), False, False, Content.SYNTAX)
        yield from _of_pdf(data)
    else:
        # No text of today, but it may be one in another encoding.
        is_read = head.startswith(BYTE_ORDER_MARKS) or (kind is FileType.UNKNOWN and b"\0" not in head)
        content = Content.TEXT if is_read or kind in PROGRAMS else Content.METADATA
        yield Piece(XMP.sub(b"\n", data), is_read, is_read, content)
    for packet in XMP.finditer(data):
        yield Piece(packet[0], True, True, Content.TEXT)
        values = b"\n".join(one or two for one, two in XMP_VALUE.findall(packet[0]))
        yield Piece(values, True, False, Content.METADATA)


def _of_text(data: bytes) -> Iterator[Piece]:
    yield Piece(DATA_URI.sub(b"data:", data), True, True, Content.TEXT)
    for lines in LINES.finditer(data):
        yield Piece(b"".join(lines[0].split()), True, False, Content.TEXT)
    files = list(filter(None, dict.fromkeys(_from_base64(address[1]) for address in DATA_URI.finditer(data))))
    for file in (*files[:MOST_INSIDE], b"\n".join(files[MOST_INSIDE:])):
        yield from pieces(file)


def _beside_codes(kind: FileType, data: bytes) -> bytes:
    try:
        return BESIDE_CODES[kind](data)
    except DamageError:
        return data


def _from_base64(letters: bytes) -> bytes:
    try:
        return base64.b64decode(letters.translate(bytes.maketrans(b"-_", b"+/")))
    except binascii.Error:  # and then no browser shows it
        return b""


def _of_pdf(data: bytes) -> Iterator[Piece]:
    """Yield the strings of a PDF as programs show them, with those apart that say who made it."""
    strings = [(_pdf_string(found), found[1] is not None) for found in PDF_STRING.finditer(data)]
    yield Piece(b"\n".join(string for string, _ in strings), False, True, Content.TEXT)
    yield Piece(b"\n".join(string for string, is_maker in strings if is_maker), False, False, Content.METADATA)


def _pdf_string(found: re.Match[bytes]) -> bytes:
    """Return a string in UTF-8, or in whatever other encoding it is."""
    if found[3] is None:
        string = PDF_ESCAPE.sub(_pdf_letter, found[2])
    else:
        digits = b"".join(found[3].split())
        string = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    is_wide = string.startswith(BYTE_ORDER_MARKS)
    return string.decode("utf-16", errors="replace").encode(errors="replace") if is_wide else string


def _pdf_letter(escape: re.Match[bytes]) -> bytes:
    return bytes((int(escape[1], 8) & 0xFF,)) if escape[1] else escape[2] or b""
