"""What there is to check by and to build for: rules, profiles and media, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from packager.check.findings import Rule
from packager.config import media
from packager.config.filesystems import GB, KIB, MIB
from packager.config.media import Medium
from packager.config.profile import Profile
from packager.model import Severity
from packager.report.words import as_json
from packager.text.terminal import escaped


def rules_text(rules: Sequence[Rule]) -> str:
    """One line a rule, or where there is only one, all that is known of it."""

    def summary(rule: Rule) -> str:
        return rule.summary + (" (a warning)" if rule.severity is Severity.WARNING else "")

    if len(rules) != 1:
        return "\n".join(f"{rule.code}  {summary(rule)}" for rule in rules)
    rule = rules[0]
    lines = (
        f"{rule.code}: {summary(rule)}",
        f"  where it does not hold  {rule.remedy}",
        f"  why                     {rule.source}",
        f"  how it is known         {rule.proof}",
        f"  what it cannot see      {rule.cannot}",
        f"  family                  {rule.code[0]}, {rule.family}",
    )
    return "\n".join(lines)


def rules_json(rules: Iterable[Rule]) -> str:
    """The rules with everything that is known of them."""
    return as_json({"rules": [asdict(rule) for rule in rules]})


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


def media_text(chosen: Sequence[Medium]) -> str:
    """One line a size: the names it is known by, how it is formatted, and what a bundle may take of it."""
    rows: dict[tuple[str, str], list[str]] = {}
    for medium in chosen:
        rows.setdefault((_format(medium), f"{medium.payload_bytes / GB:.2f} GB"), []).append(medium.name)
    lines = (
        f"{''.join(f'{name:<11}' for name in names)}{form:<30}  {payload:>9} for a bundle"
        for (form, payload), names in rows.items()
    )
    return escaped("\n".join(lines))


def medium_text(medium: Medium) -> str:
    """What a stick or card really holds, and why."""
    start, filled = media.PARTITION_START // MIB, 100 - media.FILLED_PERCENT
    whole = "the whole stick or card"
    if medium.name in media.names():
        whole += f": makers promise {media.PROMISED_PERCENT} % of what is printed on it"
    usable = media.usable_on(medium)
    lines = (
        f"{medium.name}: {_format(medium)}",
        f"{medium.capacity_bytes:>15,} bytes  {whole}",
        f"{usable:>15,} bytes  in {usable // medium.cluster_bytes:,} clusters: less {start} MiB before the partition "
        f"and what {medium.filesystem} keeps for itself",
        f"{medium.payload_bytes:>15,} bytes  for a bundle: {filled} % stay free for what systems drop onto it",
    )
    return escaped("\n".join(lines))


def _format(medium: Medium) -> str:
    return f"{medium.filesystem} with clusters of {cluster_words(medium.cluster_bytes)}"


def cluster_words(cluster_bytes: int) -> str:
    """The size of a cluster as people say it."""
    return f"{cluster_bytes // KIB} KiB" if cluster_bytes >= KIB else f"{cluster_bytes} bytes"


def media_json(chosen: Iterable[Medium]) -> str:
    """The media with all that is known of them."""
    return as_json({"media": [asdict(medium) | {"usable_bytes": media.usable_on(medium)} for medium in chosen]})
