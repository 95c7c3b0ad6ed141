"""Every rule, and the families of functions that ask them; a family is a pure function of inventory and profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from packager.check.facts import Inventory
from packager.check.rules import (
    archives,
    books,
    definitions,
    documents,
    drives,
    links,
    manifests,
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

RULES = {rule.code: rule for module in (*IN_TREES, *OF_HOLDERS, manifests, definitions) for rule in module.RULES}
