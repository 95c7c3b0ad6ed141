"""The families of rules, each a pure function of inventory and profile, and which of their findings are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase

from packager.check.facts import Inventory, Shape
from packager.check.rules import archives, documents, links, names, papers, pictures, privacy, recordings, sizes, types
from packager.check.rules.types import MUST_BE_REMOVED
from packager.config.profile import AllowedPictures, AllowedScripts, AllowedStyles, Profile
from packager.model import Finding

RuleFamily = Callable[[Inventory, Profile], Iterator[Finding]]

# Paths of findings begin where the tree begins; those about the archive or drive that holds it, at its root.
TREE_RULES: tuple[RuleFamily, ...] = tuple(
    module.findings for module in (sizes, types, names, pictures, papers, recordings, documents, links, privacy)
)
CONTAINER_RULES: tuple[RuleFamily, ...] = (archives.findings, types.leftover_findings)

# Rules made for a tree hold for comics, books and parcels too, but for these. A comic shows pictures in order and
# nothing else: what else is in it breaks A110, and no other rule has anything to add. A book (EPUB) is read by a
# program made for it, which finds everything by the package document (A2); the names and types that fit it, and how its
# XHTML is read, are known to the rules on names, types and documents themselves.
UNFIT: dict[Shape, tuple[str, ...]] = {
    Shape.TREE: (),
    Shape.PARCEL: ("L101", "L107", "S2"),
    Shape.COMIC: ("S", "H", "L", "X", "F"),
    Shape.BOOK: ("S2", "L101", "L104", "L107", "L108"),
    Shape.DOCUMENT: ("L101", "L107", "S2"),
}
UNFIT_IN_ARCHIVES = ("T302",)  # a member that cannot be read breaks a rule on archives


def fits(code: str, inventory: Inventory) -> bool:
    """Return whether the rule with this code holds for what the inventory is of."""
    unfit = UNFIT[inventory.shape]
    return not code.startswith((*unfit, *UNFIT_IN_ARCHIVES) if inventory.archive else unfit)


EVERY = "ALL"
# What keeps people from harm, rather than a tree from being shown badly: nothing to run, nothing that leads outside or
# tells of people, and no place in a picture or an archive where such a thing could hide.
PROTECTING = ("T", "H2", "L105", "X", "P", "A", "J1", "F1")

# What says that something was not read, or that it has no place in what comes out of an archive.
UNREAD = frozenset("A101 A105 A106 A107 A112 A113 S102 T202 T203 T302 T401".split())
# The families that judge names, sizes and lists, for which nothing has to be opened.
OF_NAMES_AND_SIZES = ("N", "S", "M", "D")


def chosen(
    findings: Iterable[Finding], select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Return the findings whose codes begin as `select` says, all where it is empty, and not as `ignore` says.

    Of two beginnings that fit, the longer counts: with S101 selected and S ignored, S101 stays. What says that
    something was not looked into for the selected rules is as wanted as they are.
    """
    return tuple(
        finding
        for finding in findings
        if max(_fit(finding.code, select or (EVERY,)), 0 if hides(finding, select) else -1) > _fit(finding.code, ignore)
    )


def hides(finding: Finding, select: tuple[str, ...] = ()) -> bool:
    """Return whether the finding says that something was not looked into which the selected rules judge."""
    if finding.code in MUST_BE_REMOVED:
        return not select or any(not code.startswith(OF_NAMES_AND_SIZES) for code in select)
    return finding.code in UNREAD


def unread(
    findings: Iterable[Finding], chosen_ones: Iterable[Finding], select: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return the paths of what was not looked into, which only findings that are not among the chosen say."""
    left_out = {finding for finding in findings if hides(finding, select)} - {*chosen_ones}
    return tuple(sorted({finding.path for finding in left_out}))


def without(findings: Iterable[Finding], ignored: Mapping[str, tuple[str, ...]]) -> tuple[Finding, ...]:
    """Return the findings but those ignored for their path: `ignored` has beginnings of codes by pattern of paths.

    In a pattern `*` stands for any letters, slashes too.
    """
    return tuple(
        finding
        for finding in findings
        if not any(
            fnmatchcase(finding.path, pattern) and _fit(finding.code, codes) >= 0 for pattern, codes in ignored.items()
        )
    )


# What a looser policy leaves out, and what can then no longer be promised.
LOOSENED: dict[type[StrEnum], tuple[tuple[str, ...], str]] = {
    AllowedScripts: (
        ("H203", "H205", "H210", "X103", "X401", "X501", "X502", "X504"),
        "scripts of others were not looked at: they may keep what is read, reach the network, and show what they like",
    ),
    AllowedStyles: (
        ("H206", "H207", "H211", "X302"),
        "styles of others were not looked at: they may fetch, hide words, and look otherwise in old browsers",
    ),
    AllowedPictures: (
        ("J105", "J106", "J107", "J109", "J110", "J111"),
        "pictures can be decoded, and may hold anything beside what they show",
    ),
}


def loosened(profile: Profile) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the codes that the policies of a profile leave out, with what nobody can promise without them."""
    policies: tuple[StrEnum, ...] = (profile.scripts, profile.styles, profile.pictures)
    return tuple(LOOSENED[type(policy)] for policy in policies if policy in ("any", "decodable"))


def unprotected(ignored: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return, of codes ignored by pattern of paths those that leave out a rule that protects people."""
    protecting = ((pattern, tuple(code for code in codes if _protects(code))) for pattern, codes in ignored)
    return tuple((pattern, codes) for pattern, codes in protecting if codes)


def _protects(code: str) -> bool:
    return code == EVERY or any(code.startswith(one) or one.startswith(code) for one in PROTECTING)


def unknown(beginnings: Iterable[str], codes: Iterable[str]) -> tuple[str, ...]:
    """Return those of `beginnings` that no code begins with."""
    known = tuple(codes)
    return tuple(one for one in beginnings if one != EVERY and not any(code.startswith(one) for code in known))


def _fit(code: str, beginnings: tuple[str, ...]) -> int:
    """Return the length of the longest of `beginnings` that `code` begins with; -1 where none does."""
    lengths = (0 if one == EVERY else len(one) for one in beginnings if one == EVERY or (one and code.startswith(one)))
    return max(lengths, default=-1)
