"""What there is to check by: rules and profiles, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from packager.check import Rule
from packager.model import Severity
from packager.profile import Profile
from packager.report.json import as_json
from packager.text import escaped


def rules_text(rules: Sequence[Rule]) -> str:
    """One line a rule, or where there is only one, all that is to be said of it."""
    if len(rules) == 1:
        return _explained(rules[0])
    return "\n".join(f"{rule.code}  {rule.summary}{_aside(rule)}" for rule in rules)


def _explained(rule: Rule) -> str:
    lines = (
        f"{rule.code}: {rule.summary}{_aside(rule)}",
        f"  where it does not hold  {rule.remedy}",
        f"  why                     {rule.source}",
        f"  family                  {rule.family.value}, {rule.family.name.lower()}",
    )
    return "\n".join(lines)


def _aside(rule: Rule) -> str:
    return " (a warning)" if rule.severity is Severity.WARNING else ""


def rules_json(rules: Iterable[Rule]) -> str:
    """The rules with everything that is known of them."""
    return as_json({"rules": [asdict(rule) | {"family": rule.family.name.lower()} for rule in rules]})


def profiles_text(profiles: Sequence[Profile]) -> str:
    """One line a profile: its name and what it is for, and whether trees can be built for it."""
    width = max(len(profile.name) for profile in profiles)
    lines = (
        f"{profile.name:<{width}}  {profile.summary}" + ("" if profile.can_be_built else " (to check by only)")
        for profile in profiles
    )
    return escaped("\n".join(lines))


def profiles_json(profiles: Iterable[Profile]) -> str:
    """The profiles with all their values."""
    return as_json({"profiles": [asdict(profile) | {"can_be_built": profile.can_be_built} for profile in profiles]})
