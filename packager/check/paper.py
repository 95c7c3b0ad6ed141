"""A PDF, walked from its catalog: each object is of a kind that ours have, with no key that theirs lack."""

from __future__ import annotations

import hashlib
import re
import tomllib
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from packager.archive.pdf import Name, PdfFile, PdfObject, Ref, Value, read_pdf, string_end
from packager.check.facts import FormProblem, PictureFacts
from packager.check.pictures import picture_in_document, unpaid_pixels
from packager.errors import SourceError

MOST_INFLATED = 64 << 20  # bytes of one stream
# How Typst describes the colours of sRGB and its greys, by SHA-256.
PROFILES = frozenset(
    (
        "c56e1685d888f5edb92fe07f2750f387f8fe8e91b32ff8fb0b56bfbbb9458353",
        "00c0f94e09127520a17dc0e1d9264b5702081d96dbdb1549ee88e3631ce42a9d",
    )
)


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What is wrong with a PDF, its pictures, and what it says in letters and for those who listen."""

    problems: tuple[FormProblem, ...] = ()
    pictures: tuple[PictureFacts, ...] = ()
    text: str = ""


def paper_facts(data: bytes, unpaid: int) -> PaperFacts:
    """Return what is in the PDF in `data`; `unpaid` is as `picture_in_document`."""
    try:
        walk = PaperWalk(read_pdf(data), unpaid)
    except SourceError as problem:
        return PaperFacts((("A301", f"it {problem.what}"),))
    walk.all()
    text = "\n".join((*walk.said, *(_text_of(data) if walk.has_text and not walk.problems else ())))
    shown = "".join(sign for sign in text if sign.isprintable() or sign == "\n")
    return PaperFacts(tuple(dict.fromkeys(walk.problems)), tuple(walk.pictures), shown)


def _text_of(data: bytes) -> Iterator[str]:
    """Yield the letters of each page, as another program finds them."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            yield page.get_textpage().get_text_bounded().replace("\r\n", "\n")


@cache
def _kinds() -> Mapping[str, Mapping[str, str]]:
    table: dict[str, Any] = tomllib.loads(Path(__file__).with_name("paper.toml").read_text(encoding="utf-8"))
    return table


@dataclass(slots=True)
class PaperWalk:
    """One walk over the objects of a PDF."""

    file: PdfFile
    unpaid: int
    problems: list[FormProblem] = field(default_factory=list)
    pictures: list[PictureFacts] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    has_text: bool = False
    _seen: dict[int, str] = field(default_factory=dict)
    _waiting: list[tuple[Value, str]] = field(default_factory=list)

    def all(self) -> None:
        """Walk from the catalog and the information; what nothing leads to is wrong too."""
        self._waiting = [(Ref(self.file.info), "information"), (Ref(self.file.root), "catalog")]
        while self._waiting:
            value, form = self._waiting.pop()
            form = _CHOICES[form](self.file, value) if form in _CHOICES else form
            if isinstance(value, Ref):
                self._object(value.number, form)
            else:
                self._value(value, form)
        for number in range(1, len(self.file.objects) + 1):
            if number not in self._seen:
                self._wrong(f"nothing leads to the object {number}")

    def _wrong(self, what: str) -> None:
        self.problems.append(("A302", what))

    def _object(self, number: int, form: str) -> None:
        if number in self._seen:
            if form != self._seen[number]:
                self._wrong(f"the object {number} is both {self._seen[number]} and {form}")
            return
        self._seen[number] = form
        if not 0 < number <= len(self.file.objects):
            self._wrong(f"there is no object {number}")
            return
        one = self.file.objects[number - 1]
        if (one.stream is not None) != (form in _STREAMS):
            self._wrong(f"the object {number} is {form}, and {'no' if one.stream is None else 'a'} stream")
            return
        self._value(one.value, form)
        if one.stream is not None:
            _STREAMS[form](self, number, one)

    def _value(self, value: Value, form: str) -> None:
        """Hold a value against the form that it must have; what lies in it waits."""
        if form[-1] in "]#@":
            self._list(value, form)
        elif form in _kinds():
            self._dictionary(value, form)
        elif form == "place":
            self._place(value)
        elif form == "colour":
            self._colour(value)
        elif not _is_simple(value, form):
            self._wrong(f"{_shown(value)} is no {form}")
        elif form == "text" and isinstance(value, bytes):
            is_wide = value.startswith(b"\xfe\xff")
            self.said.append(value[2:].decode("utf-16-be", "replace") if is_wide else value.decode("latin-1"))

    def _list(self, value: Value, form: str) -> None:
        """A list of values; with what stands before each where they have numbers or names."""
        is_paired = form[-1] in "#@"
        inner, before = form.rstrip("[]#@"), "number" if form[-1] == "#" else "text"
        if not isinstance(value, list) or (is_paired and len(value) % 2):
            self._wrong(f"{inner} is no list")
            return
        step = 2 if is_paired else 1
        self._waiting += [(one, inner) for one in value[step - 1 :: step]]
        self._waiting += [(one, before) for one in (value[::2] if is_paired else ())]

    def _colour(self, value: Value) -> None:
        match value:
            case Name(name="DeviceRGB" | "DeviceGray"):
                return
            case [Name(name="ICCBased"), Ref() as profile]:
                self._waiting.append((profile, "profile"))
            case _:
                self._wrong("a space of colours is none of ours")

    def _dictionary(self, value: Value, form: str) -> None:
        if not isinstance(value, dict):
            self._wrong(f"{_shown(value)} is no {form}")
            return
        kind = _kinds()[form]
        for key, inner in value.items():
            wanted = kind.get(key, kind.get("*", ""))
            if not wanted:
                self._wrong(f"{form} holds /{key}")
            elif wanted.startswith("="):
                if _shown(inner) not in wanted[1:].split("|"):
                    self._wrong(f"/{key} of {form} is {_shown(inner)}")
            else:
                self._waiting.append((inner, wanted))

    def _place(self, value: Value) -> None:
        """A place on a page, such as [9 0 R /XYZ 0 841 0], or the name of one."""
        if isinstance(value, bytes):
            return
        match self.file.get(value):
            case [Ref() as page, Name(name="XYZ"), *numbers] if len(numbers) == 3 and all(map(_is_number, numbers)):
                self._waiting.append((page, "page"))
            case _:
                self._wrong("a place is none")

    def picture(self, number: int, one: PdfObject) -> None:
        assert isinstance(one.value, dict)
        assert one.stream is not None
        facts = picture_in_document(f"picture {len(self.pictures) + 1}", one.stream, self.unpaid)
        self.unpaid -= unpaid_pixels(facts)
        self.pictures.append(facts)
        if one.value.get("Filter") != Name("DCTDecode"):
            self._wrong(f"the picture in the object {number} is no JPEG")
        elif not facts.error and (one.value.get("Width"), one.value.get("Height")) != (facts.width, facts.height):
            self._wrong(f"the picture in the object {number} is of another size than it says")
        elif facts.jpeg and self._is_grey(one.value.get("ColorSpace")) != (len(facts.jpeg.sampling) == 1):
            self._wrong(f"the picture in the object {number} has other colours than it says")

    def _is_grey(self, space: Value) -> bool:
        match self.file.get(space):
            case [Name(), Ref(number=number)]:
                profile = self.file.get(Ref(number))
                return isinstance(profile, dict) and profile.get("N") == 1
            case said:
                return said == Name("DeviceGray")

    def drawing(self, number: int, one: PdfObject) -> None:
        content = self.inflated(number, one)
        if unusual := _unusual(content):
            self._wrong(f"what the object {number} draws has {unusual}")
        self.has_text |= b" Tj" in content or b"] TJ" in content or b"TJ" in content

    def profile(self, number: int, one: PdfObject) -> None:
        if hashlib.sha256(self.inflated(number, one)).hexdigest() not in PROFILES:
            self._wrong(f"the colours in the object {number} are described otherwise than ours")

    def unpacked(self, number: int, one: PdfObject) -> None:
        self.inflated(number, one)

    def inflated(self, number: int, one: PdfObject) -> bytes:
        """Return the bytes of a stream, all of which must be what its filter says."""
        assert isinstance(one.value, dict)
        assert one.stream is not None
        if "Filter" not in one.value:
            return one.stream
        inflater = zlib.decompressobj()
        try:
            content = inflater.decompress(one.stream, MOST_INFLATED)
        except zlib.error:
            content = b""
        if not inflater.eof or inflater.unused_data or one.value["Filter"] != Name("FlateDecode"):
            self._wrong(f"the stream of the object {number} cannot be unpacked, or holds more than that")
        return content


_STREAMS = {
    "picture": PaperWalk.picture,
    "drawing": PaperWalk.drawing,
    "profile": PaperWalk.profile,
    **dict.fromkeys(("mapping", "signs", "outlines"), PaperWalk.unpacked),
}


def _kid(file: PdfFile, value: Value) -> str:
    """What an element of the structure holds: marked letters by their number, another element, or a link."""
    if _is_number(value):
        return "number"
    kinds = {"OBJR": "reference", "MCR": "marked"}
    return kinds.get(_type(file, value), "element")


def _parent(file: PdfFile, value: Value) -> str:
    return "structure" if _type(file, value) == "StructTreeRoot" else "element"


def _member(file: PdfFile, value: Value) -> str:
    return "element[]" if isinstance(file.get(value), list) else "element"


def _above(file: PdfFile, value: Value) -> str:
    return "outline" if _type(file, value) == "Outlines" else "line"


def _type(file: PdfFile, value: Value) -> str:
    held = file.get(value)
    said = held.get("Type") if isinstance(held, dict) else None
    return said.name if isinstance(said, Name) else ""


_CHOICES = {"kid": _kid, "parent": _parent, "member": _member, "above": _above}

# Operators of pages (ISO 32000-1, annex A), with what stands before them: nothing else, and no picture in the line.
_OPERATORS = frozenset(
    b"q Q cm Do w J j M d ri gs m l c v y h re S s f F f* B B* b b* n W W* BT ET Tc Tw Tz TL Tf Tr Ts Td TD Tm T* Tj TJ"
    b" CS cs SC SCN sc scn G g RG rg K k BMC BDC EMC".split()
)
_DRAWN = re.compile(
    rb"[ \n]+|(?P<operator>[A-Za-z*]+)|/[A-Za-z0-9+.,_-]+|[+-]?(?:\d+(?:\.\d*)?|\.\d+)|<[0-9A-Fa-f]*>|<<|>>|[\[\]]"
    rb"|(?P<text>\()",
)


def _unusual(content: bytes) -> str:
    """Return what in the drawing of a page is none of the operators and values that pages of ours have."""
    at = 0
    while at < len(content):
        token = _DRAWN.match(content, at)
        if token is None:
            return f"at byte {at:,} what is no operator"
        if token["operator"] and token["operator"] not in _OPERATORS and token["operator"] not in (b"true", b"false"):
            return f"the operator {token['operator'][:20].decode()}"
        at = string_end(content, at) if token["text"] else token.end()
        if at < 0:
            return "a text without its end"
    return ""


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_simple(value: Value, form: str) -> bool:
    is_list = isinstance(value, list)
    checks: dict[str, Callable[[Any], bool]] = {
        "number": _is_number,
        "text": lambda one: isinstance(one, bytes),
        "name": lambda one: isinstance(one, Name),
        "flag": lambda one: isinstance(one, bool),
        "numbers": lambda one: is_list and all(map(_is_number, one)),
        "plain": lambda one: all(map(_is_plain, one)) if is_list else _is_plain(one),
    }
    return form in checks and checks[form](value)


def _is_plain(value: Value) -> bool:
    """Whether a value is one by itself, or a list of such values, as the widths of letters are."""
    if isinstance(value, list):
        return all(isinstance(one, Name | bytes | int | float) for one in value)
    return isinstance(value, Name | bytes | int | float)


def _shown(value: Value) -> str:
    match value:
        case Name(name=name):
            return f"/{name}"
        case dict():
            return "a dictionary"
        case list():
            return "a list"
        case Ref(number=number):
            return f"the object {number}"
        case bytes():
            return "a text"
    return str(value).lower() if isinstance(value, bool) else str(value)
