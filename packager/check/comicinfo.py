"""ComicInfo.xml held to its schema, versions 2.0 and 2.1 of the Anansi Project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packager.archive.xml import XmlError
from packager.check.findings import show
from packager.check.xml import local_name, xml_root

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

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


def comicinfo_error(data: bytes) -> str:
    """What the schema does not allow in a ComicInfo.xml, the first of it; "" when it is valid."""
    try:
        root = xml_root(data)
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
