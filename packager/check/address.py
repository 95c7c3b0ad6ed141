"""Addresses as browsers read them on a document that lies in a folder, and the pictures that they lead to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from enum import Enum, auto
from urllib.parse import quote, unquote

from packager.check.facts import Address, FileFacts, ImageFacts, Inventory, PictureFacts
from packager.check.findings import show

SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
CODE_SCHEMES = frozenset(("javascript", "vbscript", "livescript", "jscript", "mocha"))
LOCAL_SCHEMES = frozenset(("file", "about", "blob", "content", "filesystem", "res", "resource", "chrome", "ms-its"))
# WHATWG URL, basic parser: C0 control and space at the ends, tab and line ends anywhere.
ENDS = "".join(map(chr, range(0x21)))
DROPPED = str.maketrans("", "", "\t\n\r")


Key = tuple[str, int]  # of a picture: path of its file, index in it


class Reach(Enum):
    """Where an address leads."""

    TREE = auto()
    NETWORK = auto()
    COMPUTER = auto()  # a place on the reader's computer or its local network
    CODE = auto()
    DATA = auto()


BY_REACH = {Reach.NETWORK: "X101", Reach.COMPUTER: "X102", Reach.CODE: "X103", Reach.DATA: "X104"}


def tidy(address: str) -> str:
    """Return the address without what browsers drop before they read it."""
    return address.translate(DROPPED).strip(ENDS)


def reach(address: str) -> Reach:
    """Return where `address` leads, how it begins."""
    text = tidy(address)
    if text.startswith("//"):
        return Reach.NETWORK
    if text[:2] in ("\\\\", "\\/", "/\\"):
        return Reach.COMPUTER
    scheme = SCHEME.match(text)
    if scheme is None:
        return Reach.TREE
    name = scheme[1].lower()
    if name == "data":
        return Reach.DATA
    if name in CODE_SCHEMES:
        return Reach.CODE
    return Reach.COMPUTER if name in LOCAL_SCHEMES or len(name) == 1 else Reach.NETWORK


def described(address: Address) -> str:
    """Return an address and what holds it, fit for a message."""
    return f"{show(address.attribute)} of {show(address.element)}: {show(address.address)}"


def resolve(document: str, address: str) -> tuple[str | None, str]:
    """Return the path inside the tree that `address` in `document` names, None when it leads out; and its anchor.

    A path that ends in a slash, as a folder's may, keeps it.
    """
    place, _, anchor = tidy(address).partition("#")
    path = unquote(place.partition("?")[0], errors="surrogateescape")
    anchor = unquote(anchor, errors="surrogateescape")
    if not path:
        return document, anchor
    place_of = document.split("/")[:-1]
    for step in path.split("/"):
        if path.startswith("/") or (step == ".." and not place_of):
            return None, anchor  # also where it comes back
        if step == "..":
            place_of.pop()
        elif step not in ("", "."):
            place_of.append(step)
    is_folder = path.rpartition("/")[2] in ("", ".", "..")
    return "/".join(place_of) + "/" * is_folder, anchor


def is_plain(document: str, address: str) -> bool:
    """Return whether `address` has the one way of being written: the shortest, and codes where a name needs them."""
    path, anchor = resolve(document, address)
    if path is None:
        return False
    place = "" if path == document and anchor else posixpath.relpath(path, posixpath.dirname(document) or ".")
    ends = {f"#{one}" if one else "" for one in (anchor, quote(anchor))}
    return address in {f"{one}{end}" for one in (place, quote(place)) for end in ends}


def in_tree(inventory: Inventory) -> dict[str, FileFacts]:
    """Return the files by path."""
    return {file.path: file for file in inventory.files}


def shown_pictures(document: FileFacts, files: dict[str, FileFacts]) -> Iterator[tuple[Key, PictureFacts]]:
    """Yield every picture that `document` shows and that is there, as often as it shows it."""
    if document.document is None:
        return
    for image in document.document.images:
        shown = shown_picture(document, image, files)
        if shown is not None:
            yield shown


def shown_picture(
    document: FileFacts, image: ImageFacts, files: dict[str, FileFacts]
) -> tuple[Key, PictureFacts] | None:
    """Return the picture that one `img` of `document` shows: inside the document, or a file of the tree."""
    if image.picture is not None:
        return (document.path, image.picture), document.pictures[image.picture]
    if reach(image.address) is not Reach.TREE:
        return None
    path, _ = resolve(document.path, image.address)
    file = files.get(path or "")
    return ((file.path, 0), file.pictures[0]) if file is not None and file.pictures else None
