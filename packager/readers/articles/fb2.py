"""A book in FictionBook (FB2), in whatever encoding it declares -> the article in it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING

from packager.archive.read import read_source
from packager.archive.xml import XmlError, local_name, parse, without_declaration
from packager.errors import SourceError
from packager.model import Outcome, Picture, Remark, Source
from packager.readers.account import Account, of_markup, without, words
from packager.readers.articles import html
from packager.readers.articles.pictures import Attachments
from packager.readers.articles.reading import PictureFinder, ReadArticle
from packager.readers.encodings import decode
from packager.sandbox.limits import LIMITS
from packager.text.spelling import language_tag

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SAVE = "Save it again as FB2 or EPUB in a program for books."
_OF_FB2 = replace(LIMITS, xml_bytes=LIMITS.in_memory_bytes, xml_elements=10 * LIMITS.xml_elements)
_SAME = {
    **{"p": "p", "strong": "b", "emphasis": "i", "strikethrough": "s", "sub": "sub", "sup": "sup", "code": "code"},
    **{"cite": "blockquote", "epigraph": "blockquote", "annotation": "blockquote", "stanza": "p", "date": "p"},
    **{"text-author": "p", "table": "table", "tr": "tr", "td": "td", "th": "th", "poem": "div", "style": "span"},
}
_NAMES = ("first-name", "middle-name", "last-name")
_NOTES = ("notes", "footnotes", "comments")


def read(source: Source, finder: PictureFinder) -> ReadArticle:
    """Return the book as one article, its chapters under headings; raises SourceError where it is none."""
    text = decode(data := read_source(source), declared=html.declared_encoding(data), label=source.label)
    try:
        root = parse(without_declaration(text).encode(), _OF_FB2)
    except XmlError as error:
        raise SourceError(error.what, where=source.label, hint=_SAVE) from error
    if local_name(root.tag) != "FictionBook":
        raise SourceError("is no book in FB2", where=source.label, hint=_SAVE)
    book = _Fb2Book(root)
    title = book.told("book-title")
    origin = html.PageOrigin(Attachments(book.pictures), is_whole=True)
    article = html.read(book.page(), source.label, finder, title, origin)
    held = words(of_markup(without(without(text, "description"), "binary"), is_whole=True))
    cover = finder.embedded(book.pictures[book.cover], "cover") if book.cover else None
    unshown = sorted(book.pictures.keys() - book.shown - {book.cover})
    if unshown:
        message = f"pictures that the book does not show: {len(unshown)}"
        remark = Remark(source.label, Outcome.WARNING, message, pictures=len(unshown))
        article = replace(article, remarks=(*article.remarks, remark))
    return replace(
        article,
        language=language_tag(book.told("lang")),
        authors=book.authors,
        summary=book.told("annotation"),
        series=next((one.get("name", "") for one in book.described("sequence")), ""),
        cover=cover if isinstance(cover, Picture) else None,
        account=Account(((source.label, held),), words(*book.numbers)),
    )


@dataclass(slots=True)
class _Fb2Book:
    """One book; `pictures` are those in it by their addresses, of which its page has `shown` some.

    `numbers` are the words over notes, which get others.
    """

    root: Element
    pictures: dict[str, bytes] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    numbers: list[str] = field(default_factory=list)
    cover: str = ""

    def __post_init__(self) -> None:
        for one in self.root:
            if local_name(one.tag) == "binary":
                try:
                    data = base64.b64decode("".join("".join(one.itertext()).split()) + "==")
                except binascii.Error:
                    data = b""
                if data:
                    self.pictures[f"cid:{one.get('id', '')}"] = data
        pages = (image for page in self.described("coverpage") for image in page.iter())
        self.cover = next((address for image in pages if (address := self._address(image)) in self.pictures), "")

    def described(self, name: str) -> Iterator[Element]:
        """Yield what the book tells of itself under a name; what is told of its maker is passed over."""
        for info in self.root.iter():
            if local_name(info.tag) == "title-info":
                yield from (one for one in info if local_name(one.tag) == name)

    def told(self, name: str) -> str:
        """Return the words of what the book tells of itself."""
        return next((" ".join(" ".join(one.itertext()).split()) for one in self.described(name)), "")

    @property
    def authors(self) -> tuple[str, ...]:
        """Its authors, each by the names of a person, else by the one they write under."""
        named = []
        for author in self.described("author"):
            parts = {local_name(one.tag): " ".join((one.text or "").split()) for one in author}
            person = " ".join(filter(None, (parts.get(name, "") for name in _NAMES)))
            named.append(person or parts.get("nickname", ""))
        return tuple(dict.fromkeys(filter(None, named)))

    def page(self) -> str:
        """Return the text and the notes as one page of HTML."""
        bodies = [one for one in self.root if local_name(one.tag) == "body"]
        return f"<html><body>{''.join(''.join(self._body(body)) for body in bodies)}</body></html>"

    def _body(self, body: Element) -> Iterator[str]:
        is_of_notes = body.get("name", "") in _NOTES
        for one in body:
            name = local_name(one.tag)
            if is_of_notes and name == "title":  # of the list that notes stood in
                self.numbers += one.itertext()
                continue
            is_note = is_of_notes and name == "section" and one.get("id")
            yield from self._note(one) if is_note else self._part(one, 1)

    def _note(self, section: Element) -> Iterator[str]:
        """A note without its title, which is the number that its mark shows."""
        yield f'<div id="{escape(section.get("id", ""))}">'
        for one in section:
            is_number = local_name(one.tag) == "title" and len("".join(one.itertext()).split()) == 1
            self.numbers += one.itertext() if is_number else ()
            yield from () if is_number else self._part(one, 6)
        yield "</div>"

    def _inside(self, element: Element, depth: int) -> Iterator[str]:
        """The words and the parts in an element; what stands between parts too."""
        yield escape(element.text or "", quote=False)
        for one in element:
            yield from self._part(one, depth)
            yield escape(one.tail or "", quote=False)

    def _part(self, element: Element, depth: int) -> Iterator[str]:
        name = local_name(element.tag)
        if name == "section":
            yield f'<div id="{escape(element.get("id", ""))}">'
            yield from self._inside(element, min(depth + 1, 6))
            yield "</div>"
        elif name in ("title", "subtitle"):
            yield from self._heading(element, depth if name == "title" else 0)
        elif name == "image":
            address = self._address(element)
            self.shown.add(address)
            yield f'<img src="{escape(address)}" alt="{escape(element.get("alt", ""))}">'
        elif name == "a":
            yield from self._link(element, depth)
        elif name == "v":
            yield from self._inside(element, depth)
            yield "<br>"
        elif name == "empty-line":
            yield "<br>"
        else:
            tag = _SAME.get(name, "div")
            spans = (f' {key}="{escape(element.get(key, ""))}"' for key in ("colspan", "rowspan") if element.get(key))
            yield f"<{tag}{''.join(spans)}>"
            yield from self._inside(
                element, 0 if name in ("poem", "stanza") else depth
            )  # whose titles are no chapters'
            yield f"</{tag}>"

    def _heading(self, element: Element, depth: int) -> Iterator[str]:
        """A title of several lines as one heading; a subtitle as a paragraph of its own."""
        lines = ["".join(self._inside(one, depth)) for one in element if local_name(one.tag) == "p"]
        words = "<br>".join(lines) if len(element) else "".join(self._inside(element, depth))
        yield f"<h{depth}>{words}</h{depth}>" if depth else f"<p><b>{words}</b></p>"

    def _link(self, element: Element, depth: int) -> Iterator[str]:
        reference = next((said for key, said in element.attrib.items() if local_name(key) == "href"), "")
        words = "".join(self._inside(element, depth))
        role = ' role="doc-noteref"' if element.get("type") == "note" else ""
        link = f'<a{role} href="{escape(reference)}">{words}</a>'
        yield f"<sup>{link}</sup>" if role else link

    def _address(self, element: Element) -> str:
        reference = next((said for key, said in element.attrib.items() if local_name(key) == "href"), "")
        return f"cid:{reference[1:]}" if reference.startswith("#") else ""
