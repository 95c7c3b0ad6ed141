"""Documents: parsed as a browser parses them, walked once, and looked at as the bytes they are."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from packager.check.address import Reach, reach, tidy
from packager.check.containers import DamageError
from packager.check.facts import Address, DocumentFacts, DocumentForm, HeadFacts, ImageFacts, PictureFacts
from packager.check.markup import parse_html
from packager.check.pictures import MOST_UNPAID, picture_facts, unpaid_pixels
from packager.check.styles import style_facts
from packager.output.templates import hash_of, own_scripts

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

CHARSET_WITHIN = 1024  # bytes; HTML Standard 4.2.5.4
DOCTYPE = re.compile(rb"<!doctype html>", re.IGNORECASE)
CHARSET = re.compile(rb"<meta\s[^>]*charset\s*=\s*[\"']?\s*utf-8\b", re.IGNORECASE)
# IE 10 and later, and every other browser, see these as empty comments and show what stands between them.
SHOWN_TO_OTHERS = re.compile(r"\[if (?:gt IE 9|gte IE 10|!IE)\]><!(?:--\s*)?")
SHOWN_TO_OTHERS_END = re.compile(r"(?:\s*--)?<!\[endif\]")
# A parser of HTML takes what XML tells other programs for a comment.
XML_STYLE = re.compile(r"""\?xml-stylesheet\s[^>]*?href\s*=\s*["']([^"']*)""")
PATH_LETTERS = re.compile(r"[A-Za-z0-9_./-]+")
ADDRESS_ATTRIBUTES = frozenset(
    """
    action archive background cite classid codebase data formaction href imagesrcset longdesc manifest ping poster
    profile src srcset usemap xlink:href
    """.split()
)
WITH_WIDTHS = frozenset(("srcset", "imagesrcset"))  # each address is followed by the screens that it is for
SEVERAL = WITH_WIDTHS | {"ping", "archive"}
LONGEST_ADDRESS = 1000
# More could not be read in a list of findings; a library of 20,000 articles has some 60,000 addresses.
MOST_PICTURES, MOST_ADDRESSES = 10_000, 200_000


def document_facts(
    data: bytes, form: DocumentForm = DocumentForm.HTML, unpaid: int = MOST_UNPAID
) -> tuple[DocumentFacts, tuple[PictureFacts, ...]]:
    """Return what the document in `data` holds, and the pictures in it as data URIs, `unpaid` as for `picture_facts`.

    Raises DamageError for one that a parser would take far too long for, or that holds too much.
    """
    text = data.decode("utf-8", errors="replace")
    walk = _Walk(unpaid)
    head, mentioned_paths = HeadFacts(), frozenset[str]()
    if form is DocumentForm.STYLE:
        walk.style(text)
    else:
        parser = parse_html(text)
        if parser.root is not None:
            walk.all_nodes(parser.root)
            head, mentioned_paths = _head(parser), _mentioned_paths(parser.root)
    facts = DocumentFacts(
        form=form,
        has_doctype=DOCTYPE.match(data) is not None,
        declares_utf8=CHARSET.search(data[:CHARSET_WITHIN]) is not None,
        text_error=utf8_error(data),
        has_entities=form is not DocumentForm.HTML and b"<!ENTITY" in data,
        head=head,
        mentioned_paths=mentioned_paths,
        elements=frozenset(walk.elements),
        attributes=frozenset(walk.attributes),
        anchors=frozenset(walk.anchors),
        comments=tuple(walk.comments),
        addresses=tuple(walk.addresses),
        images=tuple(walk.images),
        forbidden_styles=tuple(walk.forbidden_styles),
        newer_styles=tuple(walk.newer_styles),
        foreign_scripts=walk.foreign_scripts,
        bare_scripts=walk.bare_scripts,
        code_bytes=walk.code_bytes,
    )
    return facts, tuple(walk.pictures)


def utf8_error(data: bytes) -> str:
    """Return where `data` stops being UTF-8; "" when it is whole."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as problem:
        return f"byte {problem.start:,} is not UTF-8"
    return "a byte in it is 0" if b"\0" in data else ""


@dataclass(slots=True)
class _Walk:
    """What one walk over the tree of a document collects; the fields are those of DocumentFacts."""

    unpaid: int
    elements: set[str] = field(default_factory=set)
    attributes: set[tuple[str, str]] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    images: list[ImageFacts] = field(default_factory=list)
    pictures: list[PictureFacts] = field(default_factory=list)
    forbidden_styles: dict[str, None] = field(default_factory=dict)
    newer_styles: dict[str, None] = field(default_factory=dict)
    foreign_scripts: int = 0
    bare_scripts: int = 0
    code_bytes: int = 0
    is_hidden_from_old: bool = False

    def all_nodes(self, root: LexborNode) -> None:
        """Walk every element and comment in the order of the document."""
        for node in _nodes(root):
            if node.is_comment_node:
                self.comment(node.comment_content or "")
            elif node.is_element_node and not (node.tag or "").startswith(("-", "!")):
                self.element(node, node.tag or "")
        if self.is_hidden_from_old:
            self.comments.append("a conditional comment without its end")

    def comment(self, content: str) -> None:
        if sheet := XML_STYLE.match(content):
            self.address("xml-stylesheet", "href", sheet[1])
        elif SHOWN_TO_OTHERS.fullmatch(content):
            self.is_hidden_from_old = True
        elif self.is_hidden_from_old and SHOWN_TO_OTHERS_END.fullmatch(content):
            self.is_hidden_from_old = False
        else:
            self.comments.append(content.strip()[:LONGEST_ADDRESS])

    def element(self, node: LexborNode, tag: str) -> None:
        self.elements.add(tag)
        attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
        for name, value in attributes.items():
            self.attribute(tag, name, value)
        if tag == "img":
            self.image(attributes)
        elif tag == "style":
            self.style(node.text())
        elif tag == "script":
            self.script(node.text())

    def attribute(self, tag: str, name: str, value: str) -> None:
        self.attributes.add((tag, name))
        if name == "id" or (tag == "a" and name == "name"):
            self.anchors.add(value)
        elif name == "style":
            self.style(value, is_attribute=True)
        elif name in ADDRESS_ATTRIBUTES and not (tag == "img" and name == "src"):
            for address in _addresses(name, value):
                self.address(tag, name, address)

    def address(self, element: str, attribute: str, address: str) -> None:
        if len(self.addresses) >= MOST_ADDRESSES:
            raise DamageError(f"it holds more than {MOST_ADDRESSES:,} addresses")
        self.addresses.append(Address(element, attribute, address[:LONGEST_ADDRESS]))

    def style(self, style: str, *, is_attribute: bool = False) -> None:
        facts = style_facts(style, is_attribute=is_attribute)
        self.code_bytes += 0 if is_attribute else len(style.encode(errors="replace"))
        self.forbidden_styles |= dict.fromkeys(facts.forbidden)
        self.newer_styles |= dict.fromkeys(facts.newer)
        for address in facts.addresses:
            if self.picture(address) is None:
                self.address("style", "url", address)

    def script(self, script: str) -> None:
        self.code_bytes += len(script.encode(errors="replace"))
        if hash_of(script) not in own_scripts():
            self.foreign_scripts += 1
        elif not self.is_hidden_from_old:
            self.bare_scripts += 1

    def image(self, attributes: dict[str, str]) -> None:
        address = attributes.get("src", "")
        picture = self.picture(address)
        if picture is None:
            self.address("img", "src", address)
        self.images.append(
            ImageFacts(
                address="" if picture is not None else address[:LONGEST_ADDRESS],
                has_alt="alt" in attributes,
                width=_pixels(attributes.get("width", "")),
                height=_pixels(attributes.get("height", "")),
                picture=picture,
            )
        )

    def picture(self, address: str) -> int | None:
        """Judge the picture that `address` holds as a data URI; return its index, None when it holds none."""
        if reach(address) is not Reach.DATA:
            return None
        if len(self.pictures) >= MOST_PICTURES:
            raise DamageError(f"it holds more than {MOST_PICTURES:,} pictures")
        place = f"picture {len(self.pictures) + 1}"
        self.pictures.append(picture_facts(place, _data_uri(tidy(address)), self.unpaid))
        self.unpaid -= unpaid_pixels(self.pictures[-1])
        return len(self.pictures) - 1


def _nodes(root: LexborNode) -> Iterator[LexborNode]:
    """Every element and comment in document order, also those before and after <html>."""
    first = root
    while first.prev is not None:
        first = first.prev
    top: LexborNode | None = first
    while top is not None:
        yield from top.traverse(include_text=False)
        top = top.next


def _addresses(name: str, value: str) -> Iterable[str]:
    if name not in SEVERAL or reach(value) is Reach.DATA:
        return (value,)
    if name in WITH_WIDTHS:
        return (words[0] for words in map(str.split, value.split(",")) if words)
    return value.replace(",", " ").split()


def _data_uri(address: str) -> bytes:
    """Return what a data URI holds, nothing when it is damaged; RFC 2397."""
    header, _, content = address.partition(",")
    if not header.lower().endswith(";base64"):
        return unquote_to_bytes(content)
    try:
        return base64.b64decode(content.encode("ascii", errors="replace"), validate=True)
    except binascii.Error:
        return b""


def _pixels(value: str) -> int | None:
    text = value.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _head(parser: LexborHTMLParser) -> HeadFacts:
    top = parser.css_first("html")
    own = top.attributes if top is not None else {}
    metas = [{name.lower(): value or "" for name, value in node.attributes.items()} for node in parser.css("meta")]
    settings = [(_meta_name(meta, "http-equiv", "name"), meta.get("content", "")) for meta in metas]
    return HeadFacts(
        language=(own.get("lang") or "").strip(),
        title=next(filter(None, (node.text().strip() for node in parser.css("title"))), ""),
        policy=next((content for name, content in settings if name == "content-security-policy"), None),
        forbids_translation=(own.get("translate") or "").lower() == "no"
        or any(name == "google" and content.strip().lower() == "notranslate" for name, content in settings),
        refreshes=sum(name == "refresh" for name, _ in settings),
        metas=tuple(_meta_name(meta, "name", "property") for meta in metas if {"name", "property"} & meta.keys()),
    )


def _meta_name(meta: dict[str, str], *attributes: str) -> str:
    return next((meta[name] for name in attributes if name in meta), "").strip().lower()


def _mentioned_paths(root: LexborNode) -> frozenset[str]:
    """The runs of letters in the text that may name a file or a folder further down: "open phone/w401.html."."""
    runs = (run.rstrip("./-").removeprefix("./") for run in PATH_LETTERS.findall(root.text(separator=" ")))
    return frozenset(run for run in runs if ("." in run or "/" in run) and len(run) <= LONGEST_ADDRESS)
