"""The elements of one document, held one by one against the table of allowed forms."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from packager.check import allowed
from packager.check.address import BY_REACH, Reach, described, reach
from packager.check.containers import DamageError
from packager.check.facts import Address, DocumentForm, ImageFacts, PictureFacts, Problem
from packager.check.pictures import picture_in_document, unpaid_pixels
from packager.check.search import CODE
from packager.check.styles import style_facts
from packager.files.signatures import HEAD_BYTES, file_type
from packager.output.templates import hash_of, is_own_style, own_scripts

# IE 10 and later, and every other browser, see these as empty comments and show what stands between them.
SHOWN_TO_OTHERS, SHOWN_TO_OTHERS_END = "[if gt IE 9]><!", "<![endif]"
# What fetches, holds another document or sends: a book's documents have their styles in files of their own.
ASKING = frozenset(
    """
    applet audio base bgsound embed fencedframe form frame frameset iframe link object portal source track video
    """.split()
)
# Attributes that hold addresses, where they may not stand at all.
ADDRESSES = frozenset(
    """
    action archive background cite classid codebase data formaction href imagesrcset longdesc manifest ping poster
    profile src srcset usemap
    """.split()
)
# The names of meta elements that a book must have, or that say how it is shown; EPUB 3.3, 5.5.
BOOK_METAS = frozenset(
    """
    cover dtb:uid dcterms:modified rendition:layout rendition:orientation rendition:spread viewport charset
    """.split()
)
URL = re.compile(r"url\(\s*[\"']?([^)\"']*)", re.IGNORECASE)
PICTURE_URI = re.compile(r"data:image/(jpeg|png|gif);base64,([A-Za-z0-9+/]*={0,2})")
LONGEST_ADDRESS = 1000
LONGEST_STYLE = 100  # letters of one that a finding shows
# More could not be read in a list of findings; a library of 20,000 articles has some 60,000 addresses.
MOST_PICTURES, MOST_ADDRESSES = 10_000, 200_000
IN_DRAWINGS = "drawings"


@dataclass(frozen=True, slots=True)
class FoundElement:
    """One element as a parser found it, with its own words where they are no text; a comment has no name."""

    name: str
    attributes: dict[str, str]
    words: str = ""
    parent: str = ""


@dataclass(slots=True)
class Walk:
    """What one walk over the elements of a document collects."""

    form: DocumentForm
    unpaid: int
    problems: list[Problem] = field(default_factory=list)
    head: list[dict[str, str]] = field(default_factory=list)
    metas: list[dict[str, str]] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)  # the attributes of html
    title: str = ""
    scripts: list[str] = field(default_factory=list)  # their hashes
    told: dict[str, dict[str, None]] = field(default_factory=dict)  # what breaks a rule, by its code
    anchors: set[str] = field(default_factory=set)
    addresses: list[Address] = field(default_factory=list)
    images: list[ImageFacts] = field(default_factory=list)
    pictures: list[PictureFacts] = field(default_factory=list)
    code_bytes: int = 0
    is_hidden_from_old: bool = False

    @property
    def _is_html(self) -> bool:
        return self.form is DocumentForm.HTML

    def tell(self, code: str, what: str = "") -> None:
        """Remember what breaks a rule, once."""
        self.told.setdefault(code, {})[what] = None

    def all(self, elements: Iterable[FoundElement]) -> None:
        """Hold every element and comment against the table, in the order of the document."""
        for one in elements:
            if one.name:
                self.element(one)
            elif self._is_html:
                self.comment(one.words)
        if self.is_hidden_from_old:
            self.tell("H204", "a conditional comment without its end")

    def comment(self, content: str) -> None:
        """Take one of the two that hide our script from Internet Explorer up to 9; no other may be there."""
        if content == SHOWN_TO_OTHERS and not self.is_hidden_from_old:
            self.is_hidden_from_old = True
        elif content == SHOWN_TO_OTHERS_END and self.is_hidden_from_old:
            self.is_hidden_from_old = False
        else:
            self.tell("H204", content.strip()[:LONGEST_ADDRESS] or "an empty one")

    def element(self, one: FoundElement) -> None:
        if one.parent == "head":
            self.head.append(one.attributes if one.name == "meta" else {"": one.name})
        if self.form is DocumentForm.PACKAGE:
            self.of_package(one)
        elif one.name == "link" and self._is_html and one.attributes.get("rel", "").lower() == "stylesheet":
            self.tell("H211")
            self.link(one.name, "href", one.attributes.get("href"))
        elif one.name in ASKING and (one.name not in allowed.ELEMENTS if self._is_html else one.name != "link"):
            self.tell("X201", one.name)
        elif one.name == "script":
            self.script(one)
        elif one.name == "meta":
            self.meta(one)
        elif one.name in allowed.ELEMENTS or (not self._is_html and self._is_of_books(one.name)):
            self.known(one)
        else:
            self.tell("H201", one.name)
            for name, value in one.attributes.items():
                self.unlisted(one.name, name, value, names_it=False)

    def of_package(self, one: FoundElement) -> None:
        """Take what describes a book: its addresses, and what tells of the program that made it."""
        for name in ("href", "src"):
            self.link(one.name, name, one.attributes.get(name))
        self.anchors.update(filter(None, (one.attributes.get("id"),)))
        if one.name == "meta" and "name" in one.attributes:
            self.meta(one)
        elif one.name == "contributor":  # mostly that program
            self.tell("P102", one.name)

    def _is_of_books(self, name: str) -> bool:
        return name in allowed.IN_BOOKS["elements"] or name in allowed.IN_BOOKS[IN_DRAWINGS]

    def known(self, one: FoundElement) -> None:
        if one.name == "html":
            self.own = one.attributes
        elif one.name == "title":
            self.title = self.title or one.words.strip()
        elif one.name == "style":
            self.code_bytes += len(one.words.encode(errors="replace"))
            if not self._is_html or not is_own_style(one.words):
                self.style(one.words)
        has_place = one.name not in ("title", "style") or (
            one.parent == "head" and {"": one.name} not in self.head[:-1]
        )
        if self._is_html and not has_place:
            self.tell("H202", f"{one.name} twice, or outside of its head")
        if one.name == "img" and self._is_html:
            self.image(one.attributes)
        for name, value in one.attributes.items():
            if name == "style" and one.attributes.get("id") == "comic" and allowed.has_form(value, "edge"):
                continue  # the colour beside a strip
            if self._is_html:
                self.attribute(one.name, name, value)
            else:
                self.of_book(one.name, name, value)

    def attribute(self, element: str, name: str, value: str) -> None:
        """Hold one attribute against the form that it must have."""
        form = allowed.form_of(element, name)
        if form is None:
            self.unlisted(element, name, value)
        elif form == "link":
            self.link(element, name, value)
        elif form == "style":
            self.style(value)
        elif not allowed.has_form(value, form):
            is_told_apart = (element == "html" and name in ("lang", "translate")) or form == "pixels"
            if not is_told_apart:
                self.tell("H206" if form in ("classes", "id") else "H202", f'{name}="{value}" on {element}')
        if form == "id":
            if value in self.anchors:
                self.tell("H202", f'id="{value}" twice')
            self.anchors.add(value)

    def of_book(self, element: str, name: str, value: str) -> None:
        """Hold an attribute of a book or a drawing against the shorter list that those have."""
        is_drawing = element in allowed.IN_BOOKS[IN_DRAWINGS]
        is_listed = is_drawing or name in allowed.IN_BOOKS["attributes"] or name in allowed.ELEMENTS.get(element, ())
        if name == "id" or (element == "a" and name == "name"):
            self.anchors.add(value)
        if name == "style":
            self.style(value)
        elif name in ADDRESSES and not name.startswith("on"):
            self.link(element, name, value)
        elif name.startswith("on") or not is_listed:
            self.unlisted(element, name, value)
        for address in URL.findall(value) if is_drawing and name != "style" else ():
            self.address(element, name, address)

    def unlisted(self, element: str, name: str, value: str, *, names_it: bool = True) -> None:
        """Say what an attribute that may not be there does: it acts, leads out, or is only not known."""
        if name.startswith("on"):
            self.tell("H203", f"{name} on {element}")
        elif name in ADDRESSES and reach(value) in BY_REACH:
            self.address(element, name, value)
        elif names_it:
            self.tell("H202", f"{name} on {element}")

    def meta(self, one: FoundElement) -> None:
        attributes = one.attributes
        self.metas.append(attributes)
        kind = attributes.get("http-equiv", "").strip().lower()
        name = attributes.get("name", attributes.get("property"))
        if kind == "refresh":
            self.problems.append(("X202", "it has a meta refresh", None))
        elif self._is_html and one.parent != "head":
            self.tell("H202", "a meta outside of its head")
        elif kind in (allowed.POLICY_NAME, "content-type") or self._is_plain(attributes, name):
            return  # the first two have their place, which is looked at apart
        elif name is not None:
            self.tell("P102", name.strip().lower())
        else:
            self.tell("H202", " ".join(f'{key}="{value}"' for key, value in attributes.items()) + " on meta")

    def _is_plain(self, attributes: dict[str, str], name: str | None) -> bool:
        if self._is_html:
            return attributes in allowed.METAS or attributes.keys() == {"charset"}  # which is counted
        return "http-equiv" not in attributes and (name in BOOK_METAS or "charset" in attributes)

    def link(self, element: str, attribute: str, address: str | None) -> None:
        """Take an address, where there is one."""
        if address is not None:
            self.address(element, attribute, address)

    def address(self, element: str, attribute: str, address: str) -> None:
        """Keep an address that leads into the tree; say where all others lead, however they begin."""
        one = Address(element, attribute, address)
        code = BY_REACH.get(reach(address))
        if code is not None:
            self.problems.append((code, described(one), None))
        elif len(address) > LONGEST_ADDRESS:
            self.problems.append(("L109", f"{described(one)} has {len(address):,} letters", None))
        elif len(self.addresses) >= MOST_ADDRESSES:
            raise DamageError(f"it holds more than {MOST_ADDRESSES:,} addresses")
        else:
            self.addresses.append(one)

    def style(self, style: str) -> None:
        """Take a style that is none of ours, a sheet or an attribute; in a document of ours none may be."""
        facts = style_facts(style)
        for one in facts.forbidden:
            self.tell("X302", one)
        if self._is_html and not facts.forbidden and not facts.addresses:
            self.tell("H207", " ".join(style.split())[:LONGEST_STYLE])
        if facts.has_comments and self._is_html:
            self.tell("H204", "one in a style")
        for address in facts.addresses:
            if self._is_html and reach(address) in (Reach.TREE, Reach.DATA):
                self.tell("X302", "url()")
            elif reach(address) is not Reach.DATA:
                self.address("style", "url", address)

    def script(self, one: FoundElement) -> None:
        self.link(one.name, "src", one.attributes.get("src"))
        self.code_bytes += len(one.words.encode(errors="replace"))
        is_searching = one.attributes.get("src") == CODE and not one.words
        if not is_searching:
            self.scripts.append("" if one.attributes else hash_of(one.words))
        if not self._is_html:
            self.tell("H210")
        elif not is_searching and self.scripts[-1] not in own_scripts():
            self.tell("X401")
        elif not self.is_hidden_from_old:
            self.tell("H205")

    def image(self, attributes: dict[str, str]) -> None:
        address = attributes.get("src", "")
        picture = self.picture(address) if reach(address) is Reach.DATA else None
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

    def picture(self, address: str) -> int:
        """Judge the picture that `address` holds as a data URI, and return its index."""
        if len(self.pictures) >= MOST_PICTURES:
            raise DamageError(f"it holds more than {MOST_PICTURES:,} pictures")
        self.pictures.append(picture_in_document(f"picture {len(self.pictures) + 1}", _data_uri(address), self.unpaid))
        self.unpaid -= unpaid_pixels(self.pictures[-1])
        return len(self.pictures) - 1


def leads(attribute: str) -> bool:
    """Return whether an attribute can name a place, be one, or act, whatever element it is on."""
    return attribute in ADDRESSES or attribute.startswith("on") or attribute in ("id", "name", "style", "http-equiv")


def _data_uri(address: str) -> bytes:
    """Return what a data URI holds; nothing, which is no picture, where it is not written as ours are (RFC 4648)."""
    written = PICTURE_URI.fullmatch(address)
    if written is None:
        return b""
    try:
        data = base64.b64decode(written[2], validate=True)
    except binascii.Error:
        return b""
    is_its_kind = file_type(data[:HEAD_BYTES]).name == written[1].upper()
    return data if is_its_kind and base64.b64encode(data).decode() == written[2] else b""


def _pixels(value: str) -> int | None:
    return int(value) if allowed.has_form(value, "pixels") else None
