"""The parts of a file that can hold words, and the codings that a word can have there."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from itertools import chain

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

NON_PIXEL_BYTES = {
    FileType.JPEG: jpeg.non_pixel_bytes,
    FileType.PNG: png.non_pixel_bytes,
    FileType.GIF: gif.non_pixel_bytes,
}

SHORTEST_IN_BINARY = 4  # bytes: shorter ones come up by chance
SHORTEST_BASE64 = 6  # letters
LETTERS = re.compile(rb"[A-Za-z0-9+/_-]*")  # of both alphabets; RFC 4648
AROUND = 240  # bytes that are read before and behind a word, to see what it is a part of


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
    if kind in NON_PIXEL_BYTES:
        yield Piece(XMP.sub(b"\n", _non_pixel_bytes(kind, data)), False, True, Content.METADATA)
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
    addresses = list(DATA_URI.finditer(data))
    edges = [0, *chain.from_iterable(one.span() for one in addresses), len(data)]
    between = (data[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    yield Piece(b"data:".join(between), True, True, Content.TEXT)
    for lines in LINES.finditer(data):
        yield Piece(b"".join(lines[0].split()), True, False, Content.TEXT)
    files = list(filter(None, dict.fromkeys(_from_base64(address[1]) for address in addresses)))
    for file in (*files[:MOST_INSIDE], b"\n".join(files[MOST_INSIDE:])):
        yield from pieces(file)


def _non_pixel_bytes(kind: FileType, data: bytes) -> bytes:
    try:
        return NON_PIXEL_BYTES[kind](data)
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


class Coding(StrEnum):
    """How a word is written; the value is what people read of it."""

    TEXT = "as text"
    READ = "as readers see it"
    UTF16 = "in UTF-16"
    BASE64 = "in base64"
    NAME = "as a part of its name"
    BESIDE = "beside its files"


def composed(words: Iterable[str]) -> set[str]:
    """Return the words with their accents as letters of their own and as parts of letters."""
    return {unicodedata.normalize(form, word) for word in words for form in ("NFC", "NFD")}


def cases(word: str) -> set[str]:
    """Return the ways in which people and programs write `word`."""
    return {word, word.lower(), word.upper(), word.title()}


def encoded(word: str, codec: str = "utf-8") -> bytes:
    """Return the bytes of `word`, whatever a system has put in it."""
    return word.encode(codec, errors="replace")


def in_utf16(word: str) -> Iterator[bytes]:
    """Yield the bytes of `word` in either order."""
    return (encoded(word, codec) for codec in ("utf-16-le", "utf-16-be"))


def in_base64(word: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the letters that stand for `word` at each of three places in a group, and how far in that is."""
    for before in range(3):
        letters = base64.b64encode(bytes(before) + word)
        skipped = -(-before * 8 // 6)
        whole = letters[skipped : (before + len(word)) * 8 // 6]
        if len(whole) >= SHORTEST_BASE64:
            yield skipped, whole
            yield skipped, whole.translate(bytes.maketrans(b"+/", b"-_"))


def utf16_around(data: bytes, at: int) -> bytes:
    """Return the text, in UTF-8, around the letter of UTF-16 at `at`, in both orders of bytes."""
    start = max(0, at - AROUND)
    near = b"\0" * ((at - start) % 2) + data[start : at + AROUND]
    near += b"\0" * (len(near) % 2)
    return b"\0".join(near.decode(codec, errors="replace").encode() for codec in ("utf-16-le", "utf-16-be"))


def base64_around(data: bytes, at: int) -> bytes:
    """Return the bytes that stand in base64 around the group of four letters that begins at `at`."""
    before = data[max(0, at - AROUND) : at]
    run = LETTERS.match(before[::-1])
    letters = before[len(before) - (len(run[0]) // 4 * 4 if run else 0) :] + data[at : at + AROUND]
    whole = LETTERS.match(letters)
    code = whole[0].translate(bytes.maketrans(b"-_", b"+/")) if whole else b""
    # What is left of the last group stands for bytes too; its zeros are no part of them.
    return base64.b64decode(code + b"A" * (-len(code) % 4))[: len(code) * 6 // 8]
