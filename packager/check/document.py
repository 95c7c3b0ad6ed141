"""HTML documents: parsed as a browser parses them, and looked at as the bytes they are."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from packager.check.address import Reach, reach, tidy
from packager.check.containers.origin import DamageError
from packager.check.endless import refuse_endless
from packager.check.facts import DocumentFacts, Form, ImageFacts, PictureFacts, Reference, ScriptWord
from packager.check.paid import MOST_UNPAID, unpaid_pixels
from packager.check.picture import picture_facts
from packager.check.scripts import script_words
from packager.check.styles import style_facts
from packager.check.syntax import MOST_LETTERS, es3_error
from packager.check.tables import words

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

CHARSET_WITHIN = 1024  # bytes; HTML Standard 4.2.5.4
DOCTYPE = re.compile(rb"<!doctype html>", re.IGNORECASE)
CHARSET = re.compile(rb"<meta\s[^>]*charset\s*=\s*[\"']?\s*utf-8\b", re.IGNORECASE)
# IE 10 and later, and every other browser, see these as empty comments and show what stands between them.
SHOWN_TO_OTHERS = re.compile(r"\[if (?:gt IE 9|gte IE 10|!IE)\]><!(?:--\s*)?")
SHOWN_TO_OTHERS_END = re.compile(r"(?:\s*--)?<!\[endif\]")
# A parser of HTML takes what XML tells other programs for a comment.
XML_STYLE = re.compile(r"""\?xml-stylesheet\s[^>]*?href\s*=\s*["']([^"']*)""")
PATH_LETTERS = re.compile(r"[A-Za-z0-9_./-]+")
ADDRESS_ATTRIBUTES = words(
    "action archive background cite classid codebase data formaction href imagesrcset longdesc manifest ping poster",
    "profile src srcset usemap xlink:href",
)
WITH_WIDTHS = frozenset(("srcset", "imagesrcset"))  # each address is followed by the screens that it is for
SEVERAL = WITH_WIDTHS | {"ping", "archive"}
LONGEST_ADDRESS = 1000
MOST_PICTURES, MOST_REFERENCES = 10_000, 200_000  # a library of 20,000 articles has some 60,000 addresses
# Others are data to a browser, which runs none of it; "module" is newer than ES3 as such.
SCRIPT_TYPES = frozenset(("", "text/javascript", "application/javascript", "text/ecmascript", "module"))


@dataclass(slots=True)
class _Gathered:
    """What one walk over the tree of a document collects."""

    elements: set[str] = field(default_factory=set)
    attributes: set[tuple[str, str]] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    images: list[ImageFacts] = field(default_factory=list)
    pictures: list[PictureFacts] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    script_words: list[ScriptWord] = field(default_factory=list)
    style_code: list[str] = field(default_factory=list)
    metas: list[str] = field(default_factory=list)
    newer_styles: list[str] = field(default_factory=list)
    script_errors: list[str] = field(default_factory=list)
    code_bytes: int = 0
    script_letters: int = 0
    language: str = ""
    title: str = ""
    policy: str | None = None
    forbids_translation: bool = False
    unpaid: int = MOST_UNPAID
    is_hidden_from_old: bool = False
    bare_scripts: int = 0
    refreshes: int = 0
    imports: int = 0


def document_facts(
    data: bytes, form: Form = Form.HTML, unpaid: int = MOST_UNPAID
) -> tuple[DocumentFacts, tuple[PictureFacts, ...]]:
    """What the document in `data` holds, and the pictures that lie in it as data URIs, `unpaid` as `picture_facts`.

    Raises DamageError for one that a parser would take far too long for.
    """
    if form is Form.STYLE:
        return _style_document(data)
    from selectolax.lexbor import LexborHTMLParser

    text = data.decode("utf-8", errors="replace")
    refuse_endless(text)
    root = LexborHTMLParser(text).root
    gathered = _Gathered(unpaid=unpaid)
    named: frozenset[str] = frozenset()
    if root is not None:
        for node in _nodes(root):
            _gather(gathered, node)
            _refuse_many(gathered)
        if gathered.is_hidden_from_old:
            gathered.comments.append("a conditional comment without its end")
        named = _named(root)
    return _facts(data, gathered, named, form), tuple(gathered.pictures)


def _refuse_many(gathered: _Gathered) -> None:
    """Raises DamageError for more than the findings on them could be read."""
    for what, found, most in (
        ("pictures", gathered.pictures, MOST_PICTURES),
        ("addresses", gathered.references, MOST_REFERENCES),
    ):
        if len(found) > most:
            raise DamageError(f"it holds more than {most:,} {what}")


def _style_document(data: bytes) -> tuple[DocumentFacts, tuple[PictureFacts, ...]]:
    gathered = _Gathered()
    _gather_style(gathered, data.decode("utf-8", errors="replace"))
    return _facts(data, gathered, frozenset(), Form.STYLE), tuple(gathered.pictures)


def utf8_error(data: bytes) -> str:
    """Where `data` stops being UTF-8; "" when it is whole."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as problem:
        return f"byte {problem.start:,} is not UTF-8"
    return "byte 0 stands in it" if b"\0" in data else ""


def _facts(data: bytes, gathered: _Gathered, named: frozenset[str], form: Form) -> DocumentFacts:
    return DocumentFacts(
        has_doctype=DOCTYPE.match(data) is not None,
        declares_utf8=CHARSET.search(data[:CHARSET_WITHIN]) is not None,
        text_error=utf8_error(data),
        language=gathered.language,
        title=gathered.title,
        forbids_translation=gathered.forbids_translation,
        policy=gathered.policy,
        elements=frozenset(gathered.elements),
        attributes=frozenset(gathered.attributes),
        comments=tuple(gathered.comments),
        bare_scripts=gathered.bare_scripts,
        refreshes=gathered.refreshes,
        imports=gathered.imports,
        style_code=tuple(gathered.style_code),
        script_words=tuple(dict.fromkeys(gathered.script_words)),
        references=tuple(gathered.references),
        images=tuple(gathered.images),
        anchors=frozenset(gathered.anchors),
        named=named,
        form=form,
        metas=tuple(gathered.metas),
        newer_styles=tuple(dict.fromkeys(gathered.newer_styles)),
        script_errors=tuple(dict.fromkeys(gathered.script_errors)),
        code_bytes=gathered.code_bytes,
        has_entities=form is not Form.HTML and b"<!ENTITY" in data,
    )


def _nodes(root: LexborNode) -> Iterator[LexborNode]:
    """Every element and comment in document order, also those before and after <html>."""
    first = root
    while first.prev is not None:
        first = first.prev
    top: LexborNode | None = first
    while top is not None:
        yield from top.traverse(include_text=False)
        top = top.next


def _gather(gathered: _Gathered, node: LexborNode) -> None:
    if node.is_comment_node:
        _gather_comment(gathered, node.comment_content or "")
        return
    tag = node.tag or ""
    if not node.is_element_node or tag.startswith(("-", "!")):
        return
    gathered.elements.add(tag)
    attributes = {name.lower(): value or "" for name, value in node.attributes.items()}
    for name, value in attributes.items():
        _gather_attribute(gathered, tag, name, value)
    reader = BY_ELEMENT.get(tag)
    if reader is not None:
        reader(gathered, node, attributes)


def _gather_comment(gathered: _Gathered, content: str) -> None:
    sheet = XML_STYLE.match(content)
    if sheet:
        gathered.references.append(Reference("xml-stylesheet", "href", sheet[1][:LONGEST_ADDRESS]))
    elif SHOWN_TO_OTHERS.fullmatch(content):
        gathered.is_hidden_from_old = True
    elif gathered.is_hidden_from_old and SHOWN_TO_OTHERS_END.fullmatch(content):
        gathered.is_hidden_from_old = False
    else:
        gathered.comments.append(content.strip()[:LONGEST_ADDRESS])


def _gather_attribute(gathered: _Gathered, tag: str, name: str, value: str) -> None:
    gathered.attributes.add((tag, name))
    if name == "id" or (tag == "a" and name == "name"):
        gathered.anchors.add(value)
    elif name == "style":
        _gather_style(gathered, value, is_attribute=True)
    elif name in ADDRESS_ATTRIBUTES and not (tag == "img" and name == "src"):
        for address in _addresses(name, value):
            gathered.references.append(Reference(tag, name, address[:LONGEST_ADDRESS]))


def _addresses(name: str, value: str) -> Iterable[str]:
    if name not in SEVERAL or reach(value) is Reach.DATA:
        return (value,)
    if name in WITH_WIDTHS:
        return (words_of_it[0] for words_of_it in map(str.split, value.split(",")) if words_of_it)
    return value.replace(",", " ").split()


def _gather_style(gathered: _Gathered, style: str, *, is_attribute: bool = False) -> None:
    facts = style_facts(style, is_attribute=is_attribute)
    gathered.code_bytes += 0 if is_attribute else len(style.encode(errors="replace"))
    gathered.newer_styles.extend(facts.newer)
    gathered.imports += facts.imports
    gathered.style_code.extend(facts.code)
    for address in facts.addresses:
        if _picture_inside(gathered, address) is None:
            gathered.references.append(Reference("style", "url", address[:LONGEST_ADDRESS]))


def _gather_html(gathered: _Gathered, _: LexborNode, attributes: dict[str, str]) -> None:
    gathered.language = attributes.get("lang", "").strip()
    gathered.forbids_translation |= attributes.get("translate", "").lower() == "no"


def _gather_title(gathered: _Gathered, node: LexborNode, _: dict[str, str]) -> None:
    gathered.title = gathered.title or node.text().strip()


def _gather_meta(gathered: _Gathered, _: LexborNode, attributes: dict[str, str]) -> None:
    name = attributes.get("http-equiv", attributes.get("name", "")).strip().lower()
    content = attributes.get("content", "")
    if "name" in attributes or "property" in attributes:
        gathered.metas.append(attributes.get("name", attributes.get("property", "")).strip().lower())
    if name == "refresh":
        gathered.refreshes += 1
    elif name == "content-security-policy" and gathered.policy is None:
        gathered.policy = content
    elif name == "google" and content.strip().lower() == "notranslate":
        gathered.forbids_translation = True


def _gather_styles(gathered: _Gathered, node: LexborNode, _: dict[str, str]) -> None:
    _gather_style(gathered, node.text())


def _gather_script(gathered: _Gathered, node: LexborNode, attributes: dict[str, str]) -> None:
    script = node.text()
    gathered.script_words.extend(script_words(script))
    gathered.code_bytes += len(script.encode(errors="replace"))
    gathered.script_letters += len(script)
    if attributes.get("type", "").lower() not in SCRIPT_TYPES:
        error = ""
    elif gathered.script_letters > MOST_LETTERS:
        error = f"{gathered.script_letters:,} letters are too many to read"
    else:
        error = es3_error(script)
    if error:
        gathered.script_errors.append(error)
    gathered.bare_scripts += not gathered.is_hidden_from_old


def _gather_img(gathered: _Gathered, _: LexborNode, attributes: dict[str, str]) -> None:
    address = attributes.get("src", "")
    picture = _picture_inside(gathered, address)
    if picture is None:
        gathered.references.append(Reference("img", "src", address[:LONGEST_ADDRESS]))
    gathered.images.append(
        ImageFacts(
            address="" if picture is not None else address[:LONGEST_ADDRESS],
            has_alt="alt" in attributes,
            width=_pixels(attributes.get("width")),
            height=_pixels(attributes.get("height")),
            picture=picture,
        )
    )


BY_ELEMENT = {
    "html": _gather_html,
    "title": _gather_title,
    "meta": _gather_meta,
    "style": _gather_styles,
    "script": _gather_script,
    "img": _gather_img,
}


def _picture_inside(gathered: _Gathered, address: str) -> int | None:
    """The index of the picture that `address` holds as a data URI, now judged; None when it holds none."""
    if reach(address) is not Reach.DATA:
        return None
    place = f"picture {len(gathered.pictures) + 1}"
    gathered.pictures.append(picture_facts(place, _data_uri(tidy(address)), gathered.unpaid))
    gathered.unpaid -= unpaid_pixels(gathered.pictures[-1])
    return len(gathered.pictures) - 1


def _data_uri(address: str) -> bytes:
    """What a data URI holds, nothing when it is damaged; RFC 2397."""
    header, _, content = address.partition(",")
    if not header.lower().endswith(";base64"):
        return unquote_to_bytes(content)
    try:
        return base64.b64decode(content.encode("ascii", errors="replace"), validate=True)
    except binascii.Error:
        return b""


def _pixels(value: str | None) -> int | None:
    text = (value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _named(root: LexborNode) -> frozenset[str]:
    """The runs of letters in the text that may name a file or a folder further down: "open phone/w401.html."."""
    runs = (run.rstrip("./-").removeprefix("./") for run in PATH_LETTERS.findall(root.text(separator=" ")))
    return frozenset(run for run in runs if ("." in run or "/" in run) and len(run) <= LONGEST_ADDRESS)
