"""Every rule, and the families of functions that ask them; a family is a pure function of inventory and profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from packager.check.facts import Inventory
from packager.check.rules import archives, documents, links, names, outside, pictures, privacy, sizes, types
from packager.model import Finding
from packager.profile import Profile

MODULES = (sizes, types, names, pictures, documents, links, outside, privacy, archives)

FAMILIES: tuple[Callable[[Inventory, Profile], Iterator[Finding]], ...] = tuple(module.findings for module in MODULES)

RULES = {rule.code: rule for module in MODULES for rule in module.RULES}
