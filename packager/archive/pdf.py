"""PDF in the one form in which ours are written -> its objects as plain values; all else is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from packager.errors import SourceError

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
MOST_OBJECTS = 200_000
MOST_DEPTH = 50

_OBJECT = re.compile(rb"(\d{1,8}) 0 obj\n")
_AFTER_STREAM = b"\nendstream\nendobj\n"
_TOKEN = re.compile(
    rb"[ \n]?(?:(?P<open><<|\[)|(?P<close>>>|\])|/(?P<name>[A-Za-z0-9+.,_-]+)|(?P<ref>\d{1,8}) 0 R"
    rb"|(?P<number>[+-]?(?:\d{1,12}(?:\.\d{1,12})?|\.\d{1,12}))|<(?P<hex>[0-9A-Fa-f]*)>"
    rb"|(?P<text>\()|(?P<word>true|false|null))"
)
_PIECE = re.compile(rb"[^()\\]+|\\(?:[()\\nrtbf]|[0-7]{3})|[()]")


@dataclass(frozen=True, slots=True)
class Ref:
    """The object of this number."""

    number: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name, without its slash."""

    name: str


Value = dict[str, "Value"] | list["Value"] | Ref | Name | bytes | float | bool | None


@dataclass(frozen=True, slots=True)
class PdfObject:
    """One object: its value, and of a stream its bytes."""

    value: Value
    stream: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PdfFile:
    """The objects of a PDF, from number 1 on, and the numbers of its catalog and of its information."""

    objects: tuple[PdfObject, ...]
    root: int
    info: int

    def get(self, value: Value) -> Value:
        """Return the value itself, or that of the object that it refers to; None for one that is not there."""
        if not isinstance(value, Ref):
            return value
        return self.objects[value.number - 1].value if 0 < value.number <= len(self.objects) else None


def ends(places: Sequence[int], at: int, root: int, info: int) -> bytes:
    """Return what stands behind the objects, which begin at these `places` and end `at`."""
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    said = b"<</Size %d/Root %d 0 R/Info %d 0 R>>" % (len(places) + 1, root, info)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    return b"%s%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (head, table, said, at)


def read_pdf(data: bytes) -> PdfFile:
    """Return what a PDF holds; raises SourceError where a byte of it is not as ours are written."""
    if not data.startswith(HEADER):
        raise SourceError("does not begin as PDFs of ours do")
    at, places, objects = len(HEADER), list[int](), list[PdfObject]()
    for place, number, end, one in scan(data, at):
        if number != len(objects) + 1 or data[end : end + 1] == b"\n":
            raise SourceError(f"has the object {number} where another should be")
        places.append(place)
        objects.append(one)
        at = end
    tail = data[at:]
    said = re.search(rb"/Root (\d{1,8}) 0 R/Info (\d{1,8}) 0 R", tail[-200:])
    root, info = (int(said[1]), int(said[2])) if said else (0, 0)
    if tail != ends(places, at, root, info) or not (0 < root <= len(objects) and 0 < info <= len(objects)):
        raise SourceError("has a table of objects that is not that of its objects")
    return PdfFile(tuple(objects), root, info)


def scan(data: bytes, at: int) -> Iterator[tuple[int, int, int, PdfObject]]:
    """Yield the place, the number and the end of each object in turn, and the object itself."""
    count = 0
    while found := _OBJECT.match(data, at):
        count += 1
        if count > MOST_OBJECTS:
            raise SourceError(f"has more than {MOST_OBJECTS:,} objects")
        value, end = _value(data, found.end(), 0)
        stream = None
        if data.startswith(b"\nstream\n", end):
            length = value.get("Length") if isinstance(value, dict) else None
            if not isinstance(length, int) or isinstance(length, bool):
                raise SourceError(f"has a stream of no length in the object {int(found[1])}")
            start = end + len(b"\nstream\n")
            stream, end = data[start : start + length], start + length
            if not data.startswith(_AFTER_STREAM, end):
                raise SourceError(f"has a stream of another length than it says in the object {int(found[1])}")
            end += len(_AFTER_STREAM)
        elif data.startswith(b"\nendobj\n", end):
            end += len(b"\nendobj\n")
        else:
            raise SourceError(f"has the object {int(found[1])} without its end")
        yield found.start(), int(found[1]), end, PdfObject(value, stream)
        at = end


def _value(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    """Return the value that begins at a place, and where it ends."""
    token = _TOKEN.match(data, at)
    if token is None or depth > MOST_DEPTH or token["close"]:
        raise SourceError(f"has at byte {at:,} what is no value")
    if token["open"] == b"[":
        return _array(data, token.end(), depth)
    if token["open"]:
        return _dictionary(data, token.end(), depth)
    if token["text"]:
        end = string_end(data, token.end() - 1)
        if end < 0:
            raise SourceError(f"has at byte {at:,} a text without its end")
        return re.sub(rb"\\([0-7]{3}|.)", _unescaped, data[token.end() : end - 1], flags=re.DOTALL), end
    return _simple(token), token.end()


def string_end(data: bytes, at: int) -> int:
    """Return where the text ends that begins with a bracket, others within it in pairs; -1 where it has no end."""
    depth = 0
    while piece := _PIECE.match(data, at):
        at = piece.end()
        depth += (piece[0] == b"(") - (piece[0] == b")")
        if not depth:
            return at
    return -1


def _array(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    values: list[Value] = []
    while not (close := _closing(data, at, b"]")):
        value, at = _value(data, at, depth + 1)
        values.append(value)
    return values, close


def _dictionary(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    values: dict[str, Value] = {}
    while not (close := _closing(data, at, b">>")):
        key, at = _value(data, at, depth + 1)
        if not isinstance(key, Name) or key.name in values:
            raise SourceError(f"has at byte {at:,} a key that is none, or stands there twice")
        values[key.name], at = _value(data, at, depth + 1)
    return values, close


def _closing(data: bytes, at: int, sign: bytes) -> int:
    return at + len(sign) if data.startswith(sign, at) else 0


def _simple(token: re.Match[bytes]) -> Value:
    if token["name"] is not None:
        return Name(token["name"].decode())
    if token["ref"] is not None:
        return Ref(int(token["ref"]))
    if token["number"] is not None:
        return float(token["number"]) if b"." in token["number"] else int(token["number"])
    if token["hex"] is not None:
        return bytes.fromhex((token["hex"] + b"0" * (len(token["hex"]) % 2)).decode())
    return {b"true": True, b"false": False}.get(token["word"])


_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _unescaped(escape: re.Match[bytes]) -> bytes:
    sign = escape[1]
    return bytes([int(sign, 8) & 255]) if len(sign) == 3 else _ESCAPES.get(sign, sign)
