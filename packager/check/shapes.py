"""Which rules fit what: those made for a tree hold for comics, books and parcels too, but for those listed here.

A comic shows pictures in order and nothing else: what else is in it breaks A110, and no other rule has anything to
add. A book (EPUB) is read by a program made for it, which finds everything by the package document (A2); the names and
types that fit it, and how its XHTML is read, are known to the rules on names, types and documents themselves.
"""

from __future__ import annotations

from packager.check.facts import Inventory, Shape

UNFIT: dict[Shape, tuple[str, ...]] = {
    Shape.TREE: (),
    Shape.PARCEL: ("L101", "L107", "S2"),
    Shape.COMIC: ("S", "H", "L", "X"),
    Shape.BOOK: ("S2", "L101", "L104", "L107", "L108"),
    Shape.DOCUMENT: ("L101", "L107", "S2"),
}
# A member that cannot be read breaks a rule on archives.
UNFIT_IN_ARCHIVES = ("T302",)


def fits(code: str, inventory: Inventory) -> bool:
    """Whether the rule with this code holds for what the inventory is of."""
    unfit = UNFIT[inventory.shape]
    return not code.startswith((*unfit, *UNFIT_IN_ARCHIVES) if inventory.archive else unfit)
