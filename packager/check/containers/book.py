"""What books and comics say of themselves: EPUB 3.3 sections 4 and 5, and ComicInfo.xml as packager writes it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from packager.archive import Member, Packing
from packager.archive.xml import XmlError, local_name, parse
from packager.check.address import Reach, reach, resolve
from packager.check.containers import DamageError
from packager.check.facts import ArchiveProblem
from packager.check.findings import listed, show

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MIMETYPE = "mimetype"
CONTAINER = "META-INF/container.xml"
PACKAGE_TYPE = "application/oebps-package+xml"
CONTENTS_TYPE = "application/x-dtbncx+xml"
MEDIA_TYPE = b"application/epub+zip"
PROTECTIONS = frozenset(("META-INF/encryption.xml", "META-INF/rights.xml", "META-INF/signatures.xml"))
METADATA = ("title", "identifier", "language")
MOST_ITEMS = 20_000
INFO_NAME = "ComicInfo.xml"

# A ComicInfo.xml as templates/comicinfo.xml has it. What a text may hold is escaped as Jinja does.
_TEXT = r"""(?:[^<>&"'\x00-\x08\x0b-\x1f\ufffe\uffff]|&(?:amp|lt|gt|#34|#39);)+"""
_PAGE = r'<Page Image="\d{1,9}"(?: Type="FrontCover")? ImageSize="\d+" ImageWidth="\d+" ImageHeight="\d+" />'
_LATER = r'<Page Image="\d{1,9}" ImageSize="\d+" ImageWidth="\d+" ImageHeight="\d+" />'
COMIC_INFO = re.compile(
    r'<\?xml version="1.0" encoding="utf-8"\?>\n<ComicInfo>\n'
    rf"(?:<Title>{_TEXT}</Title>\n)?(?:<Series>{_TEXT}</Series>\n)?"
    r"(?:<Number>\d+</Number>\n)?(?:<Count>\d+</Count>\n)?"
    rf"(?:<Summary>{_TEXT}</Summary>\n)?(?:<Writer>{_TEXT}</Writer>\n)?<PageCount>(?P<count>\d{{1,9}})</PageCount>\n"
    rf"(?:<LanguageISO>{_TEXT}</LanguageISO>\n)?<Manga>(?:No|YesAndRightToLeft)</Manga>\n"
    rf"<Pages>\n(?P<pages>(?:{_PAGE}\n(?:{_LATER}\n)*)?)</Pages>\n</ComicInfo>",
    re.ASCII,
)
PAGE_NUMBER = re.compile(r'<Page Image="(\d+)"')


def book_problems(
    read: Callable[[str], bytes], paths: frozenset[str], members: Sequence[Member]
) -> Iterator[ArchiveProblem]:
    """Yield what is wrong with what the EPUB with files at `paths` says of itself.

    `read` may raise OSError or DamageError.
    """
    mimetype = b""
    try:
        mimetype = read(MIMETYPE)[:100] if MIMETYPE in paths else b""
        package = _package(read(CONTAINER)) if CONTAINER in paths else None
        if package in paths:
            yield from _described(package, read(package), paths)
        elif package is None:
            yield "A202", CONTAINER, f"{CONTAINER} is missing"
        else:
            yield "A202", CONTAINER, f"{CONTAINER} names {show(package) or 'no package document'}, which is not there"
    except (OSError, DamageError):
        yield "A202", CONTAINER, "what it says of itself cannot be read"
    first = members[0] if members else None
    if mimetype != MEDIA_TYPE or first is None or first.name != MIMETYPE or first.packing is not Packing.STORED:
        yield "A201", MIMETYPE, f"it must be the first member, stored, and hold {MEDIA_TYPE.decode()} alone"
    if protections := sorted(paths & PROTECTIONS):
        yield "A208", "", f"it holds {listed(protections)}"


def _package(container: bytes) -> str:
    """The path of the first package document that the container names."""
    try:
        root = parse(container)
    except XmlError:
        return ""
    named = [one for one in root.iter() if local_name(one.tag) == "rootfile" and one.get("media-type") == PACKAGE_TYPE]
    return resolve("", named[0].get("full-path", ""))[0] or "" if named else ""


def _described(package: str, data: bytes, paths: frozenset[str]) -> Iterator[ArchiveProblem]:
    """What is wrong in the package document, but for where items lead, which rules on links and the outside see."""
    try:
        root = parse(data)
    except XmlError as problem:
        yield "A202", package, f"{show(package)}: it {problem.what}"
        return
    manifest, spine, metadata = (next(_named(root, name), ()) for name in ("manifest", "spine", "metadata"))
    items = list(islice(_named(manifest, "item"), MOST_ITEMS))
    ids, addresses = ([item.get(name, "") for item in items] for name in ("id", "href"))
    files = [resolve(package, one)[0] if one and reach(one) is Reach.TREE else None for one in addresses]
    if nameless := [one or address for one, address in zip(ids, addresses, strict=True) if not (one and address)]:
        yield "A203", package, f"without id or address: {listed(nameless)}"
    for name, values in (("id", ids), ("file", files)):
        if twice := [value for value, count in Counter(values).items() if value and count > 1]:
            yield "A203", package, f"of one {name}: {listed(twice)}"
    for path in sorted(paths - {*files, MIMETYPE, package}):
        if not path.startswith("META-INF/"):
            yield "A204", path, f"{show(package)} does not list it"
    read_in_order, known = [one.get("idref", "") for one in _named(spine, "itemref")], {*ids}
    strangers = [one for one in read_in_order if one not in known]
    if strangers or not read_in_order:
        yield "A205", package, f"these are no items: {listed(strangers)}" if strangers else "it has no spine"
    if not any("nav" in one.get("properties", "").split() or one.get("media-type") == CONTENTS_TYPE for one in items):
        yield "A206", package, "no item is a navigation document or an NCX"
    told = {local_name(one.tag) for one in metadata if (one.text or "").strip()}
    if lacking := [name for name in METADATA if name not in told]:
        yield "A207", package, f"it lacks {listed(lacking)}"


def _named(parent: Iterable[Element], name: str) -> Iterator[Element]:
    return (child for child in parent if local_name(child.tag) == name)


def comicinfo_error(data: bytes) -> str:
    """What is not as packager writes it in a ComicInfo.xml; "" where all is."""
    try:
        info = COMIC_INFO.fullmatch(data.decode())
    except UnicodeDecodeError:
        info = None
    if info is None:
        return "it is written otherwise than packager writes it"
    numbers = PAGE_NUMBER.findall(info["pages"])
    return "" if numbers == [*map(str, range(int(info["count"])))] else "its pages are not those that it counts"
