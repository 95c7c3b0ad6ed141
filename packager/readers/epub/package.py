"""The package of an EPUB: what the book says of itself, the order of its documents, and the names of its members."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from packager.archive import LockedArchive
from packager.archive.read import members, read_member
from packager.archive.xml import parse
from packager.errors import SourceError
from packager.model import Direction
from packager.readers.epub.xhtml import xml_of
from packager.readers.files import FileKind, kind_of_path
from packager.sandbox.limits import LIMITS, Limits
from packager.text.spelling import language_tag, normal, without_tags
from packager.text.terminal import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_CIPHER = "{http://www.w3.org/2001/04/xmlenc#}CipherReference"
_FONTS = (".otf", ".ttf", ".woff", ".woff2")  # which EPUB itself lets be garbled
_UNLOCKED = "Ask for a copy without copy protection."
_NO_EPUB = "If it is an archive of pictures, call it .cbz; else open it in a reader of books, and save it anew."
_SVG = "image/svg+xml"
_DOCUMENTS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document", _SVG)
_ENDINGS = (".xhtml", ".html", ".htm", ".xml", ".svg")


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """One line of the table of contents: its words, the member that it leads to, and the element there, or ""."""

    title: str
    name: str
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class EpubPackage:
    """What an EPUB says of itself; names are those of members of the archive, "" and () where it says nothing.

    `types` holds the media type of each member that the manifest lists, `sizes` the bytes of every member. `missing`
    are documents of its order that are not in the archive, `navigation` is the document with the table of contents.
    """

    place: str
    title: str
    authors: tuple[str, ...]
    language: str
    summary: str
    direction: Direction | None
    is_fixed_layout: bool
    spine: tuple[str, ...]
    missing: tuple[str, ...]
    types: dict[str, str]
    sizes: dict[str, int]
    cover: str
    navigation: str
    contents: tuple[ContentsLine, ...] = ()
    folded: dict[str, str] = field(default_factory=dict)

    def member(self, document: str, reference: str) -> str:
        """Return the member that `reference` in `document` means, also where its case differs; "" for none."""
        name = resolve(document, reference)
        return name if name in self.sizes else self.folded.get(folded(name), "")

    def is_picture(self, name: str) -> bool:
        """Whether a member is a picture made of pixels, by what the book or else its name says."""
        kind = self.types.get(name, "")
        if kind.startswith("image/"):
            return kind != _SVG
        return kind not in _DOCUMENTS and kind_of_path(PurePosixPath(name)) is FileKind.PICTURE

    def is_drawing(self, name: str) -> bool:
        """Whether a member is a drawing (SVG)."""
        return self.types.get(name, "") == _SVG or name.lower().endswith(".svg")

    def is_document(self, name: str) -> bool:
        """Whether a member is a text or a drawing, which may hold pictures."""
        return self.types.get(name, "") in _DOCUMENTS or name.lower().endswith(_ENDINGS)

    @property
    def pictures(self) -> tuple[str, ...]:
        """The pictures of pixels in the archive, those of the manifest in its order before the others."""
        names = dict.fromkeys((*self.types, *sorted(self.sizes)))
        return tuple(name for name in names if self.is_picture(name))


def folded(name: str) -> str:
    """Return what is equal for names that systems without case take for one."""
    return normal(name).casefold()


def picture_names(path: Path) -> tuple[str, ...]:
    """Return the names of the pictures in the EPUB at `path`; raises SourceError. A job for a worker."""
    return read_package(path).pictures


def read_package(path: Path, limits: Limits = LIMITS) -> EpubPackage:
    """Return the package of the EPUB at `path`; raises SourceError for a broken and LockedArchive for a locked one."""
    sizes = {member.name: member.size_bytes for member in members(path, limits) if not member.is_folder}
    names = sizes.keys()
    place = _place(path, sizes, limits)
    root = xml_of(read_member(path, place, limits), place, limits)
    package = _package(root, place, sizes)
    if ENCRYPTION in names:
        encryption = parse(read_member(path, ENCRYPTION, limits), limits)
        locked = {unquote(cipher.get("URI", "")) for cipher in encryption.iter(_CIPHER)}
        if any(name in package.types and not name.lower().endswith(_FONTS) for name in locked):
            raise LockedArchive("is locked by copy protection", hint=_UNLOCKED)
    return replace(package, contents=_contents(root, package, path, limits))


def _place(path: Path, sizes: dict[str, int], limits: Limits) -> str:
    """The name of the package: the one that the container names, else the only one there is."""
    packages = [name for name in sizes if name.lower().endswith(".opf")]
    if CONTAINER in sizes:
        container = parse(read_member(path, CONTAINER, limits), limits)
        named = [resolve("", file.get("full-path", "")) for file in container.iter(f"{_CONTAINER}rootfile")]
        packages = [name for name in named if name in sizes] or packages
    elif len(packages) != 1:
        raise SourceError("is no EPUB: it has no META-INF/container.xml", hint=_NO_EPUB)
    if not packages:
        raise SourceError("is a broken EPUB: its package is missing", hint=_NO_EPUB)
    return packages[0]


def _package(root: Element, place: str, sizes: dict[str, int]) -> EpubPackage:
    spine = root.find(f"{_OPF}spine")
    directions = {"ltr": Direction.LTR, "rtl": Direction.RTL}
    package = EpubPackage(
        place,
        title=next(_texts(root, "title"), ""),
        authors=tuple(dict.fromkeys(_texts(root, "creator"))),
        language=next(filter(None, map(language_tag, _texts(root, "language"))), ""),
        summary=" ".join(without_tags(next(_texts(root, "description"), "")).split()),
        direction=directions.get(spine.get("page-progression-direction", "") if spine is not None else "")
        or (Direction.RTL if _meta(root).get("primary-writing-mode", "").endswith("-rl") else None),
        is_fixed_layout=_is_fixed_layout(root),
        spine=(),
        missing=(),
        types={},
        sizes=sizes,
        cover="",
        navigation="",
        folded={folded(name): name for name in sizes},
    )
    items = {item.get("id", ""): item for item in root.iter(f"{_OPF}item")}
    member = {key: package.member(place, item.get("href", "")) for key, item in items.items()}
    order = [reference.get("idref", "") for reference in root.iter(f"{_OPF}itemref")]
    lost = (resolve(place, items[key].get("href", "")) for key in order if key in items and not member[key])
    navigation = (member[key] for key, item in items.items() if "nav" in item.get("properties", "").split())
    types = {member[key]: item.get("media-type", "") for key, item in items.items() if member[key]}
    every = (name for name, kind in types.items() if kind in _DOCUMENTS[:-1])
    return replace(
        package,
        spine=tuple(member[key] for key in order if member.get(key)) or tuple(every),
        missing=tuple(dict.fromkeys(filter(None, lost))),
        types=types,
        cover=_cover(root, package, items, member),
        navigation=next(navigation, ""),
    )


def _texts(root: Element, name: str) -> Iterator[str]:
    texts = (" ".join(clean("".join(element.itertext())).split()) for element in root.iter(f"{_DC}{name}"))
    return filter(None, texts)


def _meta(root: Element) -> dict[str, str]:
    """Return what the package says of the book as a whole, in the ways of EPUB 3 and of shops before it."""
    every = root.iter(f"{_OPF}meta")
    return {meta.get("property") or meta.get("name") or "": meta.get("content") or meta.text or "" for meta in every}


def _is_fixed_layout(root: Element) -> bool:
    said = _meta(root)
    return said.get("rendition:layout", "").strip() == "pre-paginated" or said.get("fixed-layout") == "true"


def _cover(root: Element, package: EpubPackage, items: dict[str, Element], member: dict[str, str]) -> str:
    """The picture that EPUB 3 or EPUB 2 calls the cover; some books give its path, there or in the guide."""
    by_property = [member[key] for key, item in items.items() if "cover-image" in item.get("properties", "").split()]
    named = [meta.get("content", "") for meta in root.iter(f"{_OPF}meta") if meta.get("name") == "cover"]
    by_meta = [member.get(name) or package.member(package.place, name) for name in named]
    guide = [one.get("href", "") for one in root.iter(f"{_OPF}reference") if one.get("type", "").lower() == "cover"]
    covers = (*by_property, *by_meta, *(package.member(package.place, reference) for reference in guide))
    return next((name for name in covers if name and not package.is_document(name)), "")


def _contents(root: Element, package: EpubPackage, path: Path, limits: Limits) -> tuple[ContentsLine, ...]:
    """Return the first table of contents that can be read; a broken one is no reason to do without the book."""
    navigation = (item for item in root.iter(f"{_OPF}item") if "nav" in item.get("properties", "").split())
    tables = (item for item in root.iter(f"{_OPF}item") if item.get("media-type") == "application/x-dtbncx+xml")
    for item in (*navigation, *tables):
        name = package.member(package.place, item.get("href", ""))
        with suppress(SourceError):
            table = xml_of(read_member(path, name, limits), name, limits)
            lines = (_line(words, package, name, reference) for words, reference in _links(table))
            if found := tuple(line for line in lines if line.title and line.name):
                return found
    return ()


def _links(table: Element) -> Iterator[tuple[str, str]]:
    """Yield the words and the reference of each line of a navigation document (EPUB 3) or of an NCX (EPUB 2)."""
    for nav in table.iter(f"{_XHTML}nav"):
        if nav.get("{http://www.idpf.org/2007/ops}type") == "toc":
            for link in nav.iter(f"{_XHTML}a"):
                yield "".join(link.itertext()), link.get("href", "")
    for point in table.iter(f"{_NCX}navPoint"):
        label, content = point.find(f"{_NCX}navLabel"), point.find(f"{_NCX}content")
        if label is not None and content is not None:
            yield "".join(label.itertext()), content.get("src", "")


def _line(words: str, package: EpubPackage, place: str, reference: str) -> ContentsLine:
    title = " ".join(clean(words).split())
    return ContentsLine(title, package.member(place, reference), unquote(reference.partition("#")[2]))


def resolve(document: str, reference: str) -> str:
    """Return the member that `reference` in `document` means; "" for what is no path inside the book.

    Browsers read it so: `\\` is `/`, which begins at the root of the book, and nothing leads above that.
    """
    try:
        parts = urlsplit(reference.replace("\\", "/"))
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    path = posixpath.normpath(posixpath.join("/", posixpath.dirname(document), unquote(parts.path)))
    return path.lstrip("/")
