"""What books and comics say of themselves: EPUB 3.3 sections 4 and 5, and ComicInfo.xml, versions 2.0 and 2.1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
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

TEXT = re.compile(r".*", re.DOTALL)
NUMBER = re.compile(r"\s*[+-]?\d{1,10}\s*", re.ASCII)
RATING = re.compile(r"\s*\+?(?:[0-4](?:\.\d*)?|5(?:\.0*)?)\s*", re.ASCII)
TRUTH = re.compile(r"\s*(?:true|false|0|1)\s*")
YES_NO = re.compile("Unknown|No|Yes")
MANGA = re.compile("Unknown|No|Yes|YesAndRightToLeft")
AGES = re.compile(
    r"Unknown|Adults Only 18\+|Early Childhood|Everyone|Everyone 10\+|G|Kids to Adults|M|MA15\+|Mature 17\+|PG|R18\+"
    r"|Rating Pending|Teen|X18\+"
)
PAGE_KINDS = frozenset(
    """
    FrontCover InnerCover Roundup Story Advertisement Editorial Letters Preview BackCover Other Deleted
    """.split()
)

# In the order in which they must stand.
ELEMENTS: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("Title", "Series", "Number"), TEXT),
    **dict.fromkeys(("Count", "Volume"), NUMBER),
    **dict.fromkeys(("AlternateSeries", "AlternateNumber"), TEXT),
    "AlternateCount": NUMBER,
    **dict.fromkeys(("Summary", "Notes"), TEXT),
    **dict.fromkeys(("Year", "Month", "Day"), NUMBER),
    **dict.fromkeys(("Writer", "Penciller", "Inker", "Colorist", "Letterer", "CoverArtist", "Editor"), TEXT),
    **dict.fromkeys(("Translator", "Publisher", "Imprint", "Genre", "Tags", "Web"), TEXT),
    "PageCount": NUMBER,
    **dict.fromkeys(("LanguageISO", "Format"), TEXT),
    "BlackAndWhite": YES_NO,
    "Manga": MANGA,
    **dict.fromkeys(("Characters", "Teams", "Locations", "ScanInformation", "StoryArc", "StoryArcNumber"), TEXT),
    "SeriesGroup": TEXT,
    "AgeRating": AGES,
    "Pages": TEXT,
    "CommunityRating": RATING,
    **dict.fromkeys(("MainCharacterOrTeam", "Review", "GTIN"), TEXT),
}
POSITIONS = {name: position for position, name in enumerate(ELEMENTS)}
PAGE_ATTRIBUTES: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("Image", "ImageSize", "ImageWidth", "ImageHeight"), NUMBER),
    **dict.fromkeys(("Type", "Key", "Bookmark"), TEXT),
    "DoublePage": TRUTH,
}


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
    """What the schema does not allow in a ComicInfo.xml, the first of it; "" when it is valid."""
    try:
        root = parse(data)
    except XmlError as problem:
        return f"it {problem.what}"
    if root.tag != "ComicInfo":
        return f"it is no ComicInfo but {show(local_name(root.tag))}"
    last = -1
    for element in root:
        error = _element_error(element, last)
        if error:
            return f"{show(element.tag)} {error}"
        last = POSITIONS[element.tag]
    return ""


def _element_error(element: Element, last: int) -> str:
    if element.tag not in ELEMENTS:
        return "is not in its schema"
    if POSITIONS[element.tag] <= last:
        return "stands twice" if POSITIONS[element.tag] == last else "stands too late"
    if element.tag == "Pages":
        return next((error for page in element if (error := _page_error(page))), "")
    if len(element) or not ELEMENTS[element.tag].fullmatch(element.text or ""):
        return f"cannot be {show(element.text or 'empty')}"
    return ""


def _page_error(page: Element) -> str:
    if page.tag != "Page":
        return f"holds {show(page.tag)}"
    if "Image" not in page.attrib:
        return "holds a page without Image"
    for name, value in page.attrib.items():
        if name not in PAGE_ATTRIBUTES:
            return f"holds a page with {show(name)}, which is not in its schema"
        is_kind = name != "Type" or PAGE_KINDS.issuperset(value.split())
        if not is_kind or not PAGE_ATTRIBUTES[name].fullmatch(value):
            return f"holds a page whose {name} cannot be {show(value)}"
    return ""
