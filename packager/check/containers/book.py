"""What books and comics say of themselves: EPUB 3.3 sections 4 and 5, and ComicInfo.xml as packager writes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from packager.archive.xml import XmlError, local_name, parse
from packager.check.address import Reach, reach, resolve
from packager.check.containers import DamageError
from packager.check.facts import BookFacts, BookItem
from packager.check.findings import show

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MIMETYPE = "mimetype"
CONTAINER = "META-INF/container.xml"
PACKAGE_TYPE = "application/oebps-package+xml"
CONTENTS_TYPE = "application/x-dtbncx+xml"
METADATA = ("title", "identifier", "language")
MOST_ITEMS = 20_000
INFO_NAME = "ComicInfo.xml"

# What a ComicInfo.xml of ours says, in this order.
ELEMENTS = ("Title", "Series", "Number", "Count", "Summary", "Writer", "PageCount", "LanguageISO", "Manga", "Pages")
PAGE = re.compile(r'<Page Image="(\d+)"( Type="FrontCover")? ImageSize="\d+" ImageWidth="\d+" ImageHeight="\d+" />')
MANGA = ("No", "YesAndRightToLeft")


def book_facts(read: Callable[[str], bytes], paths: frozenset[str]) -> BookFacts:
    """What the EPUB with files at `paths` says of itself; `read` may raise OSError or DamageError."""
    facts = BookFacts()
    try:
        if MIMETYPE in paths:
            facts = replace(facts, mimetype=read(MIMETYPE)[:100])
        if CONTAINER not in paths:
            return replace(facts, error=f"{CONTAINER} is missing")
        package = _package(read(CONTAINER))
        if package not in paths:
            return replace(
                facts, error=f"{CONTAINER} names {show(package) or 'no package document'}, which is not there"
            )
        return _described(replace(facts, package=package), read(package))
    except (OSError, DamageError):
        return replace(facts, error="what it says of itself cannot be read")


def _package(container: bytes) -> str:
    """The path of the first package document that the container names."""
    try:
        root = parse(container)
    except XmlError:
        return ""
    named = [one for one in root.iter() if local_name(one.tag) == "rootfile" and one.get("media-type") == PACKAGE_TYPE]
    return resolve("", named[0].get("full-path", ""))[0] or "" if named else ""


def _described(facts: BookFacts, package: bytes) -> BookFacts:
    try:
        root = parse(package)
    except XmlError as problem:
        return replace(facts, error=f"{show(facts.package)}: it {problem.what}")
    items = tuple(_items(root, facts.package))
    spine = next(_named(root, "spine"), None)
    names = {local_name(one.tag) for one in next(_named(root, "metadata"), ()) if (one.text or "").strip()}
    return replace(
        facts,
        items=items,
        spine=tuple(one.get("idref", "") for one in _named(spine, "itemref")) if spine is not None else (),
        has_contents=any("nav" in item.properties or item.media_type == CONTENTS_TYPE for item in items),
        lacking=tuple(name for name in METADATA if name not in names),
    )


def _items(root: Element, package: str) -> Iterator[BookItem]:
    manifest = next(_named(root, "manifest"), None)
    for count, item in enumerate(_named(manifest, "item") if manifest is not None else ()):
        if count == MOST_ITEMS:
            return
        address = item.get("href", "")
        path = resolve(package, address)[0] if address and reach(address) is Reach.TREE else None
        properties = frozenset(item.get("properties", "").split())
        yield BookItem(item.get("id", ""), address, path, item.get("media-type", ""), properties)


def _named(parent: Element, name: str) -> Iterator[Element]:
    return (child for child in parent if local_name(child.tag) == name)


def comicinfo_error(data: bytes) -> str:
    """What is not as packager writes it in a ComicInfo.xml, the first of it; "" where all is."""
    try:
        root = parse(data)
    except XmlError as problem:
        return f"it {problem.what}"
    said = {element.tag: element.text or "" for element in root}
    pages = PAGE.findall(data.decode(errors="replace"))
    strangers = [name for name in said if name not in ELEMENTS]
    if root.tag != "ComicInfo" or strangers:
        return f"it holds {show(strangers[0] if strangers else root.tag)}"
    numbers = [said.get(name, "0") for name in ("Number", "Count", "PageCount")]
    if said.get("Manga") not in MANGA or not all(number.isascii() and number.isdigit() for number in numbers):
        return "its numbers or its direction are unusual"
    if pages != [(str(number), "" if number else pages[0][1]) for number in range(int(numbers[-1]))]:
        return "its pages are not those that it counts"
    return "" if data == _written(said, data) else "it is written otherwise than packager writes it"


def _written(said: dict[str, str], data: bytes) -> bytes:
    """What a ComicInfo.xml that says this is, with its pages as they stand in `data`."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<ComicInfo>"]
    for name in ELEMENTS[:-1]:
        if text := said.get(name):
            escaped = escape(text, quote=False).replace('"', "&#34;").replace("'", "&#39;")
            lines.append(f"<{name}>{escaped}</{name}>")
    pages = (found[0] for found in PAGE.finditer(data.decode(errors="replace")))
    return "\n".join((*lines, "<Pages>", *pages, "</Pages>", "</ComicInfo>")).encode()
