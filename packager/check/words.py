"""Words that must not be in a tree, looked for in every form in which bytes can hold them."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from packager.check import pdf, traces
from packager.check.coded import How, cases, composed, encoded, in_base64, in_utf16
from packager.check.containers import DamageError
from packager.check.facts import Told
from packager.check.kinds import extension
from packager.check.pictures import gif, jpeg, png
from packager.check.seen import found_in, is_short, texts
from packager.check.traces import Place
from packager.files.signatures import HEAD_BYTES, FileType, file_type

__all__ = ["NOTHING", "How", "Sought", "needles", "told", "told_in_name", "told_in_notes"]

SHORTEST_IN_BINARY = 4  # bytes: shorter ones come up by chance
MOST_METADATA_BYTES = 1024 * 1024  # of a picture are read as text
LEGIBLE = re.compile(rb"[^\x00-\x08\x0b\x0c\x10-\x1a\x1c-\x1f\x7f]{4,}")  # SO, SI and ESC shift letters of ISO 2022
MOST_HELD = 2000  # files in one document are looked at one by one
CODE_NAMES = frozenset(("css", "js", "mjs"))
WRITTEN = frozenset((FileType.HTML, FileType.TEXT, FileType.SCRIPT))
CODE_KINDS = frozenset(
    (FileType.FONT, FileType.PROGRAM)
)  # their own words are those of a dictionary: "delta", "period"
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What programs write into pictures, books and films of many kinds.
XMP = re.compile(rb"<x:xmpmeta(?:(?!<x:xmpmeta).)*?</x:xmpmeta>", re.DOTALL)
XMP_VALUE = re.compile(rb">([^<>]++)|\s(?!xmlns)[\w:]+\s*=\s*[\"']([^\"'<>]*)")
LINE = rb"[A-Za-z0-9+/_-]"
CODE_END = rb"=*[ \t]*(?:[\r\n\"')]|\Z)"
CODE = LINE + rb"*+(?:[ \t]*\r?\n[ \t]*(?=" + LINE + rb"++" + CODE_END + rb")" + LINE + rb"++)*=*"
DATA_URI = re.compile(rb"data:[\w/+.;=-]{0,80}?;base64,\s*(" + CODE + rb")", re.IGNORECASE)
# Base64 as mail and certificates have it, in lines of one length.
LINES = re.compile(rb"(?<!" + LINE + rb")" + LINE + rb"{40,}+(?:\r?\n[ \t]*" + LINE + rb"++)+=*")
# A date that every book must have; EPUB 3.3, 5.5.5.
MODIFIED = re.compile(rb"(<meta\s[^<>]*\bdcterms:modified\b[^<>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for: words that somebody forbids, in any form, and traces of a builder, each exactly."""

    never: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()


NOTHING = Sought()


def needles(never: Iterable[str], traces_: Iterable[str]) -> Sought:
    """What to look for, without doubles; of traces only those that are no everyday words."""
    cleaned = (tuple(dict.fromkeys(word for one in listed if (word := one.strip()))) for listed in (never, traces_))
    forbidden, telling = cleaned
    return Sought(forbidden, traces.telling(telling))


def told(data: bytes, sought: Sought, name: str = "") -> tuple[Told, ...]:
    """The words of `sought` that `data`, a whole file or member of an archive called `name`, holds."""
    if sought == NOTHING:
        return ()
    found: dict[Told, None] = {}
    for piece in _pieces(data):
        held, lowered = piece.data, piece.data.lower()
        for word in sought.never:
            found |= {Told(word, how, is_trace=False): None for how in _forms_of(word, held, lowered, piece.is_text)}
        if piece.is_read:
            left, is_text, is_code = _left(sought.never, found), piece.is_text, extension(name) in CODE_NAMES
            text = held if is_text else b"\n".join(LEGIBLE.findall(held, 0, MOST_METADATA_BYTES))
            seen = _seen(text, left, is_text=is_text, is_code=is_code, parses=is_text)
            found |= {Told(word, How.SEEN, is_trace=False): None for word in seen}
        found |= {Told(word, how, is_trace=True): None for word, how in _traces(piece, sought.traces)}
    return tuple(found)


def _left(listed: Iterable[str], found: Iterable[Told]) -> list[str]:
    known = {one.word for one in found}
    return [word for word in listed if word not in known]


def _traces(piece: _Piece, listed: tuple[str, ...]) -> Iterator[tuple[str, How]]:
    data = MODIFIED.sub(rb"\1", piece.data) if b"dcterms:modified" in piece.data else piece.data
    if piece.is_text and b"&#" in data:
        data = b"\n".join((data, html.unescape(data.decode(errors="replace")).encode(errors="replace")))
    lowered = data.lower() if listed else b""
    return ((word, how) for word in listed for how in traces.forms_of(word, data, lowered, piece.place))


def _seen(
    data: bytes, listed: Iterable[str], *, is_text: bool, is_code: bool = False, parses: bool = False
) -> list[str]:
    """Those of the words that readers find in the text in `data`."""
    left = dict.fromkeys(listed)
    found = []
    for text, codec in texts(data) if left and data else ():
        sought = [word for word in left if is_text or len(encoded(word, codec)) >= SHORTEST_IN_BINARY]
        is_plain = not (is_text or parses or codec == "utf-8")
        for word in found_in(text, sought, is_code=is_code, parses=parses, is_plain=is_plain):
            del left[word]
            found.append(word)
    return found


def told_in_notes(notes: bytes, sought: Sought) -> tuple[Told, ...]:
    """The words in comments and extra fields of an archive, in whatever encoding they are."""
    found = _beside(notes, sought, Place.METADATA)
    words = _seen(notes, _left(sought.never, found), is_text=True)
    return (*found, *(Told(word, How.BESIDE, is_trace=False) for word in words))


def _beside(data: bytes, sought: Sought, place: Place) -> tuple[Told, ...]:
    lowered = data.lower()
    never = [one for one in sought.never if any(_forms_of(one, data, lowered, is_text=False))]
    telling = [one for one in sought.traces if any(traces.forms_of(one, data, lowered, place))]
    return tuple(Told(one, How.BESIDE, is_trace=one not in never) for one in (*never, *telling))


def told_in_name(path: str, sought: Sought, titles: str = "") -> tuple[Told, ...]:
    """The words in the last step of `path`, the name of a file or folder, in whatever encoding it was meant.

    Of the names of a computer not those that are words of `titles`, after which files may be called.
    """
    written, shown = _written_name(path.rpartition("/")[2]), encoded(titles)
    words = dict.fromkeys(word for data in written for word in _seen(data, sought.never, is_text=True))
    telling = (word for word in sought.traces if traces.ends_in(word, path, shown))
    return (
        *(Told(word, How.NAME, is_trace=False) for word in words),
        *(Told(word, How.NAME, is_trace=True) for word in telling),
    )


def _written_name(name: str) -> list[bytes]:
    written = {encoded(name)}
    for codec, errors in (("utf-8", "surrogateescape"), ("cp437", "strict")):  # of Linux, and of ZIP
        with suppress(UnicodeEncodeError):
            written.add(name.encode(codec, errors))
    return sorted(written)


def _forms_of(word: str, data: bytes, lowered: bytes, is_text: bool) -> Iterator[How]:
    """The forms in which `data` holds a word; in what is no text short ones come up by chance, and are passed over."""
    if is_short(word):
        return
    is_wide = not word.isascii() or b"\0" in data
    for how, forms in _written(word).items():
        if how is How.UTF16 and not is_wide:
            continue
        where = data if how is How.BASE64 else lowered
        if any(form in where for form in forms if is_text or len(form) >= SHORTEST_IN_BINARY):
            yield how


@cache
def _written(word: str) -> dict[How, frozenset[bytes]]:
    """What to look for, in small ASCII letters but for base64."""
    forms = composed(cases(word))
    return {
        How.TEXT: frozenset(encoded(form).lower() for form in forms),
        How.UTF16: frozenset(wide.lower() for form in forms for wide in in_utf16(form)),
        How.BASE64: frozenset(code for form in forms for _, code in in_base64(encoded(form))),
    }


@dataclass(frozen=True, slots=True)
class _Piece:
    """Bytes that can hold words, whether they are text, and whether they are read as one."""

    data: bytes
    is_text: bool
    is_read: bool
    place: Place


def _pieces(data: bytes) -> Iterator[_Piece]:
    """What in `data` can hold words; codes of pictures hold none."""
    head = data[:HEAD_BYTES]
    kind = file_type(head)
    if kind in WRITTEN:
        yield _Piece(DATA_URI.sub(b"data:", data), True, True, Place.TEXT)
        for lines in LINES.finditer(data):
            yield _Piece(b"".join(lines[0].split()), True, False, Place.TEXT)
        held = list(filter(None, dict.fromkeys(_from_base64(address[1]) for address in DATA_URI.finditer(data))))
        for inner in (*held[:MOST_HELD], b"\n".join(held[MOST_HELD:])):
            yield from _pieces(inner)
        return
    if kind in WITHOUT_CODES:
        yield _Piece(XMP.sub(b"\n", _without_codes(WITHOUT_CODES[kind], data)), False, True, Place.METADATA)
    elif kind is FileType.PDF:
        yield _Piece(XMP.sub(b"\n", data), False, False, Place.SYNTAX)
        yield from _strings(data)
    else:
        # No text of today, but it may be one in another encoding.
        is_read = head.startswith(MARKS) or (kind is FileType.UNKNOWN and b"\0" not in head)
        place = Place.TEXT if is_read or kind in CODE_KINDS else Place.METADATA
        yield _Piece(XMP.sub(b"\n", data), is_read, is_read, place)
    for packet in XMP.finditer(data):
        yield _Piece(packet[0], True, True, Place.TEXT)
        values = b"\n".join(one or two for one, two in XMP_VALUE.findall(packet[0]))
        yield _Piece(values, True, False, Place.METADATA)


def _strings(data: bytes) -> Iterator[_Piece]:
    """The strings of a PDF, with those apart that say who made it."""
    held = list(pdf.strings(data))
    yield _Piece(b"\n".join(string for string, _ in held), False, True, Place.TEXT)
    yield _Piece(b"\n".join(string for string, is_maker in held if is_maker), False, False, Place.METADATA)


def _from_base64(letters: bytes) -> bytes:
    try:
        return base64.b64decode(letters.translate(bytes.maketrans(b"-_", b"+/")))
    except binascii.Error:  # and then no browser shows it
        return b""


def _without_codes(kept: Callable[[bytes], bytes], data: bytes) -> bytes:
    try:
        return kept(data)
    except DamageError:
        return data


WITHOUT_CODES = {FileType.JPEG: jpeg.beside_codes, FileType.PNG: png.beside_codes, FileType.GIF: gif.beside_codes}
