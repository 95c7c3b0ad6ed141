"""Findings chosen by the beginnings of their codes and by path."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.check.rules import chosen, unknown, unprotected, unread, without
from packager.model import Finding

FOUND = tuple(
    Finding(path, code, "")
    for path, code in (("a.jpg", "J101"), ("a.jpg", "J203"), ("cbz/a.cbz", "J203"), ("", "S101"), ("", "S201"))
)
EVERY = ["J101", "J203", "J203", "S101", "S201"]
# (select, ignore, the codes that stay)
CHOICES = [
    ((), (), EVERY),
    (("ALL",), (), EVERY),
    (("J",), (), ["J101", "J203", "J203"]),
    (("S1", "J101"), (), ["J101", "S101"]),
    ((), ("J",), ["S101", "S201"]),
    ((), ("ALL",), []),
    (("S101",), ("S",), ["S101"]),
    (("S",), ("S101",), ["S201"]),
    (("S101",), ("S101",), []),
    (("X",), (), []),
    (("",), (), []),
]


@pytest.mark.parametrize(("select", "ignore", "codes"), CHOICES, ids=str)
def test_the_longer_beginning_counts(select: tuple[str, ...], ignore: tuple[str, ...], codes: list[str]) -> None:
    """A code that is named outweighs a family that is not wanted, and the other way round."""
    assert [finding.code for finding in chosen(FOUND, select, ignore)] == codes


def test_what_was_not_looked_into_is_not_deselected() -> None:
    """Nothing is known of it, so no choice of rules makes it clean; --ignore leaves it out, and its number is told."""
    found = tuple(Finding(path, code, "") for path, code in (("a.zip", "A101"), ("a.jpg", "T302"), ("a.exe", "T101")))
    assert chosen(found, ("P301",)) == chosen(found, ("X",)) == found
    assert chosen(found, ("N", "S301")) == found[:2]
    for ignore, left in (((), 0), (("A",), 1), (("ALL",), 3), (("A", "T"), 3)):
        assert len(unread(found, chosen(found, ("P301",), ignore), ("P301",))) == left
    assert unread(FOUND, (), ()) == ()


def test_findings_are_ignored_by_path() -> None:
    """A pattern goes through folders."""
    assert [one.path for one in without(FOUND, {"cbz/*": ("J2",)})] == ["a.jpg", "a.jpg", "", ""]
    assert [one.code for one in without(FOUND, {"*.jpg": ("ALL",)})] == ["J203", "S101", "S201"]
    assert without(FOUND, {"CBZ/*": ("J",), "b*": ("ALL",)}) == FOUND


def test_beginnings_that_fit_no_rule_are_told() -> None:
    """So that a slip of the pen is an error and not a rule that is never asked."""
    assert unknown(["J", "J101", "ALL", "Q", "J9", "j101"], ["J101", "S101"]) == ("Q", "J9", "j101")


@given(st.lists(st.sampled_from(["J", "J1", "J101", "S", "S201", "ALL"])).map(tuple))
def test_what_is_selected_and_ignored_alike_is_ignored(codes: tuple[str, ...]) -> None:
    """No finding is both, and none is lost between them."""
    assert chosen(FOUND, codes, codes) == () or not codes
    assert {*chosen(FOUND, ("ALL",), codes)} & {*chosen(FOUND, codes)} == set() or not codes


LEFT_OUT = (
    ("*", ("X", "J203"), (("*", ("X",)),)),
    ("scans/*", ("J203", "S", "N1", "L107", "H301"), ()),
    ("*", ("ALL",), (("*", ("ALL",)),)),
    (
        "a.html",
        ("P402", "T", "H", "A114", "L", "J", "J105"),
        (("a.html", ("P402", "T", "H", "A114", "L", "J", "J105")),),
    ),
)


@pytest.mark.parametrize(("pattern", "codes", "told"), LEFT_OUT, ids=str)
def test_what_protects_people_is_told_from_what_only_looks_bad(
    pattern: str, codes: tuple[str, ...], told: tuple[tuple[str, tuple[str, ...]], ...]
) -> None:
    """Codes and their beginnings, as soon as one rule that begins so protects somebody."""
    assert unprotected([(pattern, codes)]) == told
