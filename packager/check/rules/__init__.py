"""The families of functions that apply the rules; a family is a pure function of inventory and profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from packager.check.facts import Inventory, Shape
from packager.check.rules import (
    archives,
    books,
    documents,
    drives,
    links,
    names,
    outside,
    pictures,
    privacy,
    sizes,
    types,
)
from packager.config.profile import Profile
from packager.model import Finding

IN_TREES = (sizes, types, names, pictures, documents, links, outside, privacy)
OF_HOLDERS = (archives, books, drives)

Asker = Callable[[Inventory, Profile], Iterator[Finding]]

# What families find has paths from where the tree begins; what they find in the holder of a tree, from its root.
FAMILIES: tuple[Asker, ...] = tuple(module.findings for module in IN_TREES)
HOLDERS: tuple[Asker, ...] = tuple(module.findings for module in OF_HOLDERS)

# Rules made for a tree hold for comics, books and parcels too, but for these. A comic shows pictures in order and
# nothing else: what else is in it breaks A110, and no other rule has anything to add. A book (EPUB) is read by a
# program made for it, which finds everything by the package document (A2); the names and types that fit it, and how its
# XHTML is read, are known to the rules on names, types and documents themselves.
UNFIT: dict[Shape, tuple[str, ...]] = {
    Shape.TREE: (),
    Shape.PARCEL: ("L101", "L107", "S2"),
    Shape.COMIC: ("S", "H", "L", "X"),
    Shape.BOOK: ("S2", "L101", "L104", "L107", "L108"),
    Shape.DOCUMENT: ("L101", "L107", "S2"),
}
UNFIT_IN_ARCHIVES = ("T302",)  # a member that cannot be read breaks a rule on archives


def fits(code: str, inventory: Inventory) -> bool:
    """Return whether the rule with this code holds for what the inventory is of."""
    unfit = UNFIT[inventory.shape]
    return not code.startswith((*unfit, *UNFIT_IN_ARCHIVES) if inventory.archive else unfit)
