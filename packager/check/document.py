"""Documents: parsed as a browser parses them, and every element, attribute and value held against what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from packager.archive.xml import CHECKED, XmlError, local_name, parse
from packager.check import allowed
from packager.check.elements import FoundElement, Walk, leads
from packager.check.facts import DocumentFacts, DocumentForm, PictureFacts, Problem
from packager.check.findings import listed, show, size_against
from packager.check.markup import parse_html
from packager.check.pictures import MOST_UNPAID
from packager.check.written import unlike

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

CHARSET_WITHIN = 1024  # bytes; HTML Standard 4.2.5.4
MOST_CODE_BYTES = 12_000
# How findings begin that tell of all elements with one fault.
SENTENCES = {
    "H201": "not among the allowed elements: ",
    "H202": "not among the allowed attributes and values: ",
    "H203": "it has scripts in attributes: ",
    "H204": "it has comments: ",
    "H205": "it warns readers of the script",
    "H206": "not among our classes and ids: ",
    "H207": "it has styles that are none of ours: ",
    "H210": "it has a script",
    "H211": "it has a style in a file of its own",
    "P102": "it has the meta elements ",
    "X201": "it has ",
    "X302": "its style has ",
    "X401": "it has scripts of others",
}
# A parser of HTML takes what XML tells other programs for a comment, one of XML leaves it out.
XML_STYLE = re.compile(r"""<\?xml-stylesheet\s[^>]*?href\s*=\s*["']([^"']*)""")
PATH_LETTERS = re.compile(r"[A-Za-z0-9_./-]+")
LONGEST_PATH = 1000


def document_facts(
    data: bytes, form: DocumentForm = DocumentForm.HTML, unpaid: int = MOST_UNPAID
) -> tuple[DocumentFacts, tuple[PictureFacts, ...]]:
    """Return what is wrong with the document in `data`, what other rules ask of it, and its pictures as data URIs.

    `unpaid` is as for `picture_facts`. Raises DamageError for one that a parser would take far too long for, or that
    holds too much.
    """
    text = data.decode("utf-8", errors="replace")
    walk = Walk(form, unpaid)
    problems: list[Problem] = []
    if error := utf8_error(data):
        problems.append(("H103", error, None))
    words = ""
    if form is DocumentForm.STYLE:
        walk.style(text)
    elif form is DocumentForm.HTML:
        parser = parse_html(text)
        walk.all(_browsers_elements(parser))
        problems += _frame(text, parser, walk)
        words = parser.root.text(separator=" ") if parser.root is not None else ""
    else:
        for sheet in XML_STYLE.findall(text):
            walk.address("xml-stylesheet", "href", sheet)
        if "<!ENTITY" in text:
            problems.append(("X203", "it declares entities, which may lie anywhere", None))
        walk.all(_xml_elements(data, text))
    problems += _gathered(walk)
    facts = DocumentFacts(
        form=form,
        problems=tuple(problems),
        title=walk.title,
        mentioned_paths=_mentioned_paths(words),
        anchors=frozenset(walk.anchors),
        addresses=tuple(walk.addresses),
        images=tuple(walk.images),
    )
    return facts, tuple(walk.pictures)


def utf8_error(data: bytes) -> str:
    """Return where `data` stops being UTF-8; "" when it is whole."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as problem:
        return f"byte {problem.start:,} is not UTF-8"
    return "a byte in it is 0" if b"\0" in data else ""


def _browsers_elements(parser: LexborHTMLParser) -> Iterator[FoundElement]:
    """Every element and comment in document order, also those before and after <html>."""
    top = parser.root
    while top is not None and top.prev is not None:
        top = top.prev
    while top is not None:
        for node in top.traverse(include_text=False):
            if node.is_comment_node:
                yield FoundElement("", {}, node.comment_content or "")
            elif node.is_element_node and not (node.tag or "").startswith(("-", "!")):
                tag = node.tag or ""
                attributes = {name.rpartition(":")[2].lower(): value or "" for name, value in node.attributes.items()}
                parent = (node.parent.tag or "") if node.parent is not None else ""
                yield FoundElement(tag, attributes, node.text() if tag in ("style", "script", "title") else "", parent)
        top = top.next


def _xml_elements(data: bytes, text: str) -> Iterator[FoundElement]:
    """Every element by its name without a prefix; of what is no XML, what leads anywhere in it as HTML."""
    try:
        root = parse(data, CHECKED)
    except XmlError:  # which has a finding of its own
        for one in _browsers_elements(parse_html(text)):
            yield replace(one, attributes={name: one.attributes[name] for name in one.attributes if leads(name)})
        return
    for element in root.iter():
        attributes = {local_name(name): value for name, value in element.attrib.items()}
        yield FoundElement(
            local_name(element.tag), attributes, "".join(element.itertext()) if len(element) == 0 else ""
        )


def _frame(text: str, parser: LexborHTMLParser, walk: Walk) -> Iterator[Problem]:
    """What is wrong with the beginning of a document, and with how the whole is written."""
    if not text.startswith(allowed.DOCTYPE):
        yield "H101", "it does not begin with <!DOCTYPE html> on a line of its own, and old browsers guess", None
    before = len(text[: text.find(allowed.CHARSET["content"])].encode(errors="replace"))
    charsets = sum("charset" in one or one.get("http-equiv", "").lower() == "content-type" for one in walk.metas)
    if not walk.head or walk.head[0] != allowed.CHARSET or charsets > 1 or before > CHARSET_WITHIN:
        yield "H102", "the first element of its head does not say that it is UTF-8, within 1,024 bytes", None
    where, line = unlike(text, parser)
    if where:
        yield "H106", show(where), line
    yield from _policy(walk)
    if not allowed.has_form(walk.own.get("lang", ""), "language"):
        yield "H104", "its html element has no lang" if not walk.own.get("lang") else "its lang is no language", None
    if not walk.title:
        yield "H105", "it has no title, and browsers show its path instead", None
    if walk.own.get("translate") != "no":
        yield "X503", "browsers may offer to, and whoever accepts sends the text to a company", None
    if allowed.REFERRER not in walk.head:
        yield "X504", "it does not ask browsers to keep its address to themselves", None
    for node in parser.css(".strip, .scroll"):
        if any(not _is_shown_in_strip(child) for child in node.iter(include_text=True)):
            yield "H207", "beside the pictures of a strip it holds what their style may hide", None
            break


def _is_shown_in_strip(node: LexborNode) -> bool:
    """Whether the styles of a strip show this child: a picture, or what has a background and a size of its own."""
    if node.is_text_node:
        return not (node.text_content or "").strip()
    own = node.attributes.get("class") or ""
    return node.is_comment_node or node.tag == "img" or own in ("chapter", "gap", "scroll")


def _policy(walk: Walk) -> Iterator[Problem]:
    """One policy, to the letter ours, where nothing stands before it that a browser would obey without it."""
    policies = [meta for meta in walk.metas if meta.get("http-equiv", "").lower() == allowed.POLICY_NAME]
    place = walk.head.index(policies[0]) if policies and policies[0] in walk.head else None
    if not policies:
        yield "X501", "it has no Content-Security-Policy", None
    elif place is None or any(one.get("http-equiv") != "Content-Type" for one in walk.head[:place]):
        yield "X501", "its Content-Security-Policy does not stand in its head, right behind the charset", None
    elif len(policies) > 1:
        yield "X502", "it has more than one", None
    elif not allowed.is_policy(policies[0].get("content", ""), tuple(walk.scripts)):
        yield "X502", f"it is {show(policies[0].get('content', ''))}", None


def _gathered(walk: Walk) -> Iterator[Problem]:
    """The problems of all elements and styles, each kind once."""
    yield from walk.problems
    for code, names in walk.told.items():
        yield code, f"{SENTENCES[code]}{listed(names)}", None
    if walk.form is DocumentForm.HTML and walk.code_bytes > MOST_CODE_BYTES:
        yield "H208", size_against(walk.code_bytes, MOST_CODE_BYTES), None


def _mentioned_paths(words: str) -> tuple[str, ...]:
    """The runs of letters in the text that may name a file or a folder further down: "open phone/w401.html.".

    Each once and sorted: a set takes ten times the memory, of which there is one for each document of a tree.
    """
    runs = (run.rstrip("./-").removeprefix("./") for run in PATH_LETTERS.findall(words))
    return tuple(sorted({run for run in runs if ("." in run or "/" in run) and len(run) <= LONGEST_PATH}))
