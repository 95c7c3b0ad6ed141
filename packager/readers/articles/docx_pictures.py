"""Pictures that a document of Word shows and does not hold: words in their place, and the names of their files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element, tostring

from packager.archive.xml import parse
from packager.errors import SourceError
from packager.sandbox.limits import LIMITS

# The parts that hold text, and where each has its relationships (ECMA-376, part 2, 6.5).
_TEXTS = re.compile(r"word/(?:document|footnotes|endnotes|comments)\w*\.xml")
_RELATIONS = "word/_rels/{}.rels"
_NEEDED = ("Id", "Target", "Type")
_PICTURES = ("blip", "imagedata")
_HELD, _LINKED = ("embed", "id"), ("link", "href")
_FIELDS_OF_LINKS = ("hyperlink", "hlinkClick")
_WORDS = ("descr", "alt", "title")  # of a drawing, of a shape; what is called the title of a picture is its file's name
_PLACE = ["blipFill", "pic", "graphicData", "graphic"]  # above a picture that is one by itself
# A document of Word has more elements than a book's package, and less time than it takes to count ten times as many.
_OF_WORD = replace(LIMITS, xml_bytes=5 * LIMITS.xml_bytes, xml_elements=5 * LIMITS.xml_elements)


@dataclass(slots=True)
class MissingPictures:
    """The names of files that are shown and not held, "" where none is told; how many pictures lie in drawings."""

    names: list[str] = field(default_factory=list)
    drawn: int = 0


def without_missing(parts: Mapping[str, bytes]) -> tuple[dict[str, bytes], MissingPictures]:
    """Return the parts of a document with relationships for all that asks for one, and what they do not hold."""
    mended, missing = dict(parts), MissingPictures()
    for name in filter(_TEXTS.fullmatch, parts):
        relations = _RELATIONS.format(posixpath.basename(name))
        try:
            root = parse(parts[name], _OF_WORD)
            listed = parse(parts[relations], _OF_WORD) if relations in parts else Element("Relationships")
        except SourceError:  # whoever reads the document says what is wrong with it
            continue
        whole = [one for one in listed if all(key in one.attrib for key in _NEEDED)]
        if len(whole) < len(listed):
            listed[:] = whole
            mended[relations] = tostring(listed)
        if _Text(root, whole, parts, missing).take_out_missing():
            mended[name] = tostring(root)
    return mended, missing


class _Text:
    """One part with text in it, from which the missing pictures are taken."""

    def __init__(
        self, root: Element, relations: list[Element], parts: Mapping[str, bytes], missing: MissingPictures
    ) -> None:
        self._root = root
        self._relations = {one.attrib["Id"]: one for one in relations}
        self._parts = parts
        self._missing = missing
        self._parents = {child: parent for parent in root.iter() for child in parent}

    def take_out_missing(self) -> bool:
        """Take out what is missing, and return whether anything was."""
        elements = [element for element in self._root.iter() if _local(element.tag) in (*_PICTURES, *_FIELDS_OF_LINKS)]
        return sum(self._take_out(element) for element in elements) > 0

    def _take_out(self, element: Element) -> bool:
        if _local(element.tag) in _FIELDS_OF_LINKS:
            lost = [key for key in _references(element, _HELD) if element.attrib[key] not in self._relations]
            for key in lost:
                del element.attrib[key]
            return bool(lost)
        above: list[Element] = []
        while (parent := self._parents.get(above[-1] if above else element)) is not None:
            above.append(parent)
        if not self._is_read(above):
            return False
        if self._is_held(element):
            self._missing.drawn += _local(element.tag) == "blip" and self._is_in_a_drawing(above)
            return False
        self._missing.names.append(self._file_name(element))
        self._replace(element, above)
        return True

    def _is_read(self, above: list[Element]) -> bool:
        """Whether it is neither deleted nor shown a second time, in a form for other programs."""
        names = [_local(element.tag) for element in above]
        choices = [self._parents[element] for element in above if _local(element.tag) == "Choice"]
        has_fallback = any(_local(child.tag) == "Fallback" for choice in choices for child in choice)
        return not has_fallback and not {"del", "moveFrom"} & set(names)

    def _is_in_a_drawing(self, above: list[Element]) -> bool:
        """Whether what reads documents passes over it: in a group of pictures, or where no fallback is given."""
        names = [_local(element.tag) for element in above]
        return "pic" in names and (names[: len(_PLACE)] != _PLACE or "Choice" in names)

    def _is_held(self, element: Element) -> bool:
        keys = _references(element, _HELD)
        relation = self._relations.get(element.attrib[keys[0]]) if keys else None
        if relation is None or relation.get("TargetMode") == "External":
            return False
        target = relation.attrib["Target"]
        return (target[1:] if target.startswith("/") else f"word/{target}") in self._parts

    def _file_name(self, element: Element) -> str:
        keys = [*_references(element, _LINKED), *_references(element, _HELD)]
        relations = [self._relations[element.attrib[key]] for key in keys if element.attrib[key] in self._relations]
        target = relations[0].attrib["Target"] if relations else element.get("src", "")
        return re.split(r"[/\\]", unquote(re.split("[?#]", target)[0]))[-1]

    def _replace(self, element: Element, above: list[Element]) -> None:
        """Take the picture out, and put the words that describe it before what showed it."""
        self._parents[element].remove(element)
        place = next((at for at, one in enumerate(above) if _local(one.tag) == "r"), 0)
        words = next((words for one in above[:place] if (words := _described(one))), "")
        if words:
            run = above[place]
            text = Element(run.tag[:-1] + "t")
            text.text = f" {words} "
            run.insert(list(run).index(above[place - 1]), text)


def _described(element: Element) -> str:
    """What an element says of the picture in it."""
    properties = next((child for child in element if _local(child.tag) == "docPr"), element)
    attributes = {_local(key): value.strip() for key, value in properties.attrib.items()}
    return next((attributes[key] for key in _WORDS if attributes.get(key)), "")


def _references(element: Element, names: tuple[str, ...]) -> list[str]:
    """The attributes of an element that name a relationship, by what they are called in their namespace."""
    of_office = [key for key in element.attrib if key.partition("}")[0].endswith("relationships")]
    return [key for name in names for key in of_office if _local(key) == name]


def _local(name: str) -> str:
    return name.rpartition("}")[2]
