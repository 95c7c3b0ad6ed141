"""The parts of a document that is a ZIP of XML; those of Word are found by their relationships, not by their names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from packager.archive.read import iterate
from packager.archive.xml import local_name, parse
from packager.errors import SourceError
from packager.model import Source
from packager.sandbox.limits import LIMITS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Such a document has more elements than a book's package, and less time than it takes to count ten times as many.
OF_OFFICE = replace(LIMITS, xml_bytes=5 * LIMITS.xml_bytes, xml_elements=5 * LIMITS.xml_elements)
_USUAL_BODY = "word/document.xml"


def number(text: str, default: int) -> int:
    """Return the number of up to six digits that a text is, else `default`."""
    return int(text) if re.fullmatch(r"\s*[0-9]{1,6}\s*", text) else default


def value(element: Element | None, name: str = "val") -> str:
    """Return an attribute, by its name in whatever namespace; "" where there is none."""
    if element is None:
        return ""
    return next((said for key, said in element.attrib.items() if local_name(key) == name), "")


def child(element: Element | None, *names: str) -> Element | None:
    """Return the first element that lies below these names, one in the other."""
    for name in names:
        element = next((one for one in element if local_name(one.tag) == name), None) if element is not None else None
    return element


def children(element: Element | None, name: str) -> tuple[Element, ...]:
    """Return the elements of a name that lie in an element."""
    return tuple(one for one in element if local_name(one.tag) == name) if element is not None else ()


def inside(element: Element | None) -> Iterable[Element]:
    """Return what lies in an element; nothing where there is none."""
    return element if element is not None else ()


def is_on(element: Element | None) -> bool:
    """Whether a property that is on where it stands is not said to be off."""
    return element is not None and value(element) not in ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part has to do with another one, or with something outside; `target` is the part's name or an address."""

    kind: str
    target: str
    is_outside: bool


@dataclass(frozen=True, slots=True)
class WordPart:
    """One part with its relationships by their ids."""

    name: str
    root: Element
    relations: Mapping[str, Relation]

    def related(self, kind: str) -> str:
        """Return the name of the part that is this one's of a kind; "" for none."""
        return next((one.target for one in self.relations.values() if one.kind == kind), "")


@dataclass(frozen=True, slots=True)
class OfficeParts:
    """The parts of one document by their names; `folded` has the names as systems without case know them."""

    data: Mapping[str, bytes]
    folded: dict[str, str] = field(default_factory=dict)

    def body(self) -> WordPart:
        """Return the part with the text; raises SourceError where there is none."""
        relations = self._relations("")
        name = next((one.target for one in relations.values() if one.kind == "officeDocument"), _USUAL_BODY)
        body = self.part(name)
        if body is None or child(body.root, "body") is None:
            raise SourceError("has no text")
        return body

    def part(self, name: str) -> WordPart | None:
        """Return a part that is XML; None for one that is not there. Raises SourceError for one that cannot be read."""
        data = self.bytes_of(name)
        return WordPart(name, parse(data, OF_OFFICE), self._relations(name)) if data else None

    def bytes_of(self, name: str) -> bytes:
        """Return what a part holds; nothing where it is not there."""
        return self.data.get(name) or self.data.get(self.folded.get(name.casefold(), ""), b"")

    def _relations(self, name: str) -> dict[str, Relation]:
        folder, base = posixpath.split(name)
        listed = self.bytes_of(posixpath.join(folder, "_rels", f"{base}.rels"))
        return dict(_related(parse(listed, OF_OFFICE), folder)) if listed else {}


def _related(root: Element, folder: str) -> Iterator[tuple[str, Relation]]:
    for one in root:
        if all(key in one.attrib for key in ("Id", "Target", "Type")):
            is_outside = one.get("TargetMode") == "External"
            target = one.attrib["Target"]
            if not is_outside:
                target = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
            yield one.attrib["Id"], Relation(one.attrib["Type"].rpartition("/")[2], target, is_outside)


def read_parts(source: Source) -> OfficeParts:
    """Return the parts of the document, read within the limits of archives; raises SourceError."""
    data = {}
    for member, stream in iterate(source.path):
        name = member.name.replace("\\", "/").lstrip("/")
        data[name] = stream.read()
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in data[name]:
            raise SourceError("declares a document type")
    return OfficeParts(data, {name.casefold(): name for name in data})


def file_name(address: str) -> str:
    """Return the name of the file that an address leads to: paths tell of a computer."""
    return re.split(r"[/\\]", unquote(re.split("[?#]", address)[0]))[-1]
