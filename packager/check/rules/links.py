"""L: every link leads somewhere, and everything is led to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from packager.check import search
from packager.check.address import described, in_tree, is_plain, resolve
from packager.check.facts import Address, FileFacts, Inventory, Shape
from packager.check.findings import finding, show
from packager.check.rules.types import allowed_files
from packager.config.profile import Pages, Profile
from packager.model import Finding


@dataclass(frozen=True, slots=True)
class _Tree:
    files: dict[str, FileFacts]
    folders: frozenset[str]
    folded: dict[str, str]
    within: dict[str, list[str]]  # the files of each folder
    is_book: bool = False


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every link that fails, and every file that no link and no word leads to."""
    by_path = in_tree(inventory)
    folded = {path.casefold(): path for path in by_path}
    within: dict[str, list[str]] = {}
    for path in by_path:
        within.setdefault(posixpath.dirname(path), []).append(path)
    tree = _Tree(by_path, frozenset(inventory.folders), folded, within, inventory.shape is Shape.BOOK)
    files = allowed_files(inventory, profile)
    for file in files:
        for address in _addresses(file, inventory.shape):
            yield from _link(file, address, tree)
    if profile.pages is Pages.SITE:
        yield from _unreached(files, tree, inventory.starts)


def _addresses(file: FileFacts, shape: Shape) -> Iterator[Address]:
    """The addresses of a document that lead into the tree; of a document alone those to others lie elsewhere."""
    for address in file.document.addresses if file.document else ():
        if shape is not Shape.DOCUMENT or address.element != "a" or address.address.startswith("#"):
            yield address


def _link(file: FileFacts, address: Address, tree: _Tree) -> Iterator[Finding]:
    path, anchor = resolve(file.path, address.address)
    where = described(address)
    if path is None:
        yield finding("L105", file.path, where)
    elif path.strip("/") in tree.folders or path in ("", "/"):
        yield finding("L104", file.path, where)
    elif path not in tree.files:
        twin = tree.folded.get(path.casefold())
        if twin is not None:
            yield finding("L103", file.path, f"{where}, but the file is {show(twin)}")
        else:
            yield finding("L102", file.path, f"{where}, and there is no such file")
    elif address.element == "img" and tree.files[path].document is not None:
        yield finding("L102", file.path, f"{where}, and that is no picture")
    elif address.element != "a" and not tree.is_book and not _is_beside(file.path, path):
        yield finding("L108", file.path, where)
    elif anchor and not _has_anchor(tree.files[path], anchor):
        yield finding("L106", file.path, where)
    elif not tree.is_book and not (is_plain(file.path, address.address) and _may_have(anchor, tree.files[path])):
        yield finding("L109", file.path, where)


def _is_beside(document: str, path: str) -> bool:
    folder = posixpath.dirname(document)
    return not folder or path.startswith(f"{folder}/")


def _may_have(anchor: str, target: FileFacts) -> bool:
    return not anchor or target.document is not None


def _has_anchor(target: FileFacts, anchor: str) -> bool:
    # "#top" is the top of any document; HTML Standard 7.4.2.3.3.
    return target.document is None or anchor.lower() == "top" or anchor in target.document.anchors


def _unreached(files: tuple[FileFacts, ...], tree: _Tree, starts: tuple[str, ...]) -> Iterator[Finding]:
    if not tree.files.keys() & set(starts):
        yield finding("L101", "", "there is no index.html at the top")
        return
    reached = set(starts)
    waiting = list(starts)
    while waiting:
        new = set(_led_to(tree.files[waiting.pop()], tree)) - reached
        reached |= new
        waiting += new
    for file in files:
        if file.path not in reached:
            yield finding("L107", file.path, "no link leads to it, and no document names it")


def _led_to(file: FileFacts, tree: _Tree) -> Iterator[str]:
    """The files that `file` links to, shows, or names in its text from the top of the tree or from its own folder.

    Who names a folder names what lies in it.
    """
    if file.document is None:
        return
    for address in _addresses(file, Shape.TREE):
        path, _ = resolve(file.path, address.address)
        if path in tree.files:
            yield path
        if path == search.CODE:
            yield from filter(search.INDEX.fullmatch, tree.files)
    folder = posixpath.dirname(file.path)
    for name in file.document.mentioned_paths:
        for path in (name, posixpath.join(folder, name)):
            if path in tree.files:
                yield path
            yield from tree.within.get(path, ())
