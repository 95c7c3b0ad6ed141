"""D: definitions of bundles, and the profiles beside them, that can be built as they stand."""

from __future__ import annotations

from packager.check.findings import Rule

SOURCE = "docs/design.md"
DEFINITION = Rule("D101", "a bundle's definition can be used as it stands", "correct the line", SOURCE)
PROFILE = Rule("D102", "the profile that a bundle names can be used", "correct the line, or name another", SOURCE)
MEDIUM = Rule("D103", "the medium that a bundle names is known", "name a known one, or give a size", SOURCE)
RULES = (DEFINITION, PROFILE, MEDIUM)
