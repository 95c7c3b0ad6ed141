"""A document of Word (DOCX) -> the article in it."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element, tostring

from packager.archive.read import iterate
from packager.archive.xml import parse
from packager.errors import SourceError
from packager.model import Outcome, Remark, Source
from packager.readers.articles import html
from packager.readers.articles.pictures import Attachments
from packager.readers.articles.reading import PictureFinder, ReadArticle
from packager.sandbox.limits import LIMITS

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
"""
_BODY = "word/document.xml"
# What a document can hold that is not taken, by the beginning of its elements.
_NOT_TAKEN = {
    Outcome.WARNING: {
        "formulas": rb"<m:oMath[ >]",
        "charts": rb"<c:chart[ >]",
        "diagrams": rb"<dgm:relIds[ >]",
        "drawings": rb"<wps:wsp[ >]",
        "objects of other programs": rb"<o:OLEObject[ >]|<w:control[ >]",
        "parts of other documents": rb"<w:altChunk[ >]|<w:subDoc[ >]",
    },
    Outcome.PASSED_OVER: {"comments": rb"<w:commentReference[ >]", "deleted passages": rb"<w:del[ >]"},
}
_NAMES_IN_REMARK = 5  # of pictures that are only linked to
_PIXELS = ("image/png", "image/jpeg", "image/jpg", "image/gif", "image/bmp", "image/tiff", "image/webp")

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


def read(source: Source, finder: PictureFinder) -> ReadArticle:
    """Return the article in the document with its pictures; raises SourceError where it is no document of Word."""
    import mammoth

    try:
        parts = _parts(source)
        whole, missing = _without_missing(parts)
    except SourceError as error:
        raise _no_document(source, error.what) from error
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in whole.items():
            archive.writestr(name, data)
    pictures = _EmbeddedPictures()
    try:
        page = mammoth.convert_to_html(
            packed, style_map=_STYLES, convert_image=mammoth.images.img_element(pictures.take)
        )
    except Exception as error:  # the library checks nothing and raises whatever comes
        raise _no_document(source, type(error).__name__) from error
    origin = html.PageOrigin(Attachments(pictures.by_address), is_whole=True)
    article = html.read(page.value, source.label, finder, origin=origin)
    messages = (*_linked(missing.names), *_not_taken(parts[_BODY], pictures.drawings + missing.drawn))
    remarks = (Remark(source.label, outcome, message) for outcome, message in messages)
    return replace(article, remarks=(*article.remarks, *remarks))


def _parts(source: Source) -> dict[str, bytes]:
    """The parts of the document, read within the limits of archives."""
    parts = {}
    for member, stream in iterate(source.path):
        data = stream.read()
        if member.name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in data:
            raise SourceError("declares a document type")
        parts[member.name] = data
    if not parts.get(_BODY):
        raise SourceError("has no text")
    return parts


def _no_document(source: Source, why: str) -> SourceError:
    hint = "Open it in a word processor and save it again, as DOCX or as HTML."
    return SourceError(f"is no document of Word, or a damaged one ({why})", where=source.label, hint=hint)


class _EmbeddedPictures:
    """Takes the pictures out of a document and calls them by an address of ours."""

    def __init__(self) -> None:
        self.by_address: dict[str, bytes] = {}
        self.drawings = 0

    def take(self, image: Any) -> dict[str, str]:
        """Return the attributes of the element that shows a picture."""
        if image.content_type not in _PIXELS:
            self.drawings += 1
            return {}
        address = f"cid:{len(self.by_address)}"
        with image.open() as stream:
            self.by_address[address] = stream.read()
        return {"src": address}


def _linked(names: Sequence[str]) -> Iterator[tuple[Outcome, str]]:
    """What is said of pictures that are only linked to: the names of their files, for paths tell of a computer."""
    if not names:
        return
    times = Counter(filter(None, names))
    named = [name if count == 1 else f"{name} {count} times" for name, count in times.items()]
    unnamed = len(names) - times.total()
    named += [f"{unnamed} without a name"] if unnamed and named else []
    more = f" and {len(named) - _NAMES_IN_REMARK} more" if len(named) > _NAMES_IN_REMARK else ""
    which = f" ({', '.join(named[:_NAMES_IN_REMARK])}{more})" if named else ""
    message = f"pictures that the document only links to are not shown: {len(names)}{which}; put them into the document"
    yield Outcome.WARNING, message


def _not_taken(body: bytes, drawings: int) -> Iterator[tuple[Outcome, str]]:
    for outcome, patterns in _NOT_TAKEN.items():
        counts = Counter({what: len(re.findall(pattern, body)) for what, pattern in patterns.items()})
        if "drawings" in patterns:
            counts["drawings"] += drawings
        if words := ", ".join(f"{what}: {count}" for what, count in counts.items() if count):
            yield outcome, f"not taken from the document: {words}"


@dataclass(slots=True)
class _MissingPictures:
    """The names of files that are shown and not held, "" where none is told; how many pictures lie in drawings."""

    names: list[str] = field(default_factory=list)
    drawn: int = 0


def _without_missing(parts: Mapping[str, bytes]) -> tuple[dict[str, bytes], _MissingPictures]:
    """Return the parts of a document with relationships for all that asks for one, and what they do not hold."""
    mended, missing = dict(parts), _MissingPictures()
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
        self, root: Element, relations: list[Element], parts: Mapping[str, bytes], missing: _MissingPictures
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
