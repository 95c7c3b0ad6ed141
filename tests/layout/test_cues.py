"""The words over a film change when a cue begins or ends."""

from __future__ import annotations

import pytest

from packager.layout.cues import changes
from packager.model import Cue

A, B, C = ("a",), ("b",), ("c", "d")


@pytest.mark.parametrize(
    ("cues", "changed"),
    [
        ((), [(0, "")]),
        ((Cue(500, 900, C),), [(0, ""), (500, "c\nd"), (900, "")]),
        ((Cue(0, 500, A), Cue(500, 900, B)), [(0, "a"), (500, "b"), (900, "")]),
        ((Cue(0, 500, A), Cue(500, 900, A)), [(0, "a"), (900, "")]),
        ((Cue(1, 9, A), Cue(3, 5, B)), [(0, ""), (1, "a"), (3, "a\nb"), (5, "a"), (9, "")]),
        ((Cue(1, 90_000_000, A), Cue(90_000_000, 90_000_001, B)), [(0, ""), (1, "a")]),
        ((Cue(3, 9, B), Cue(1, 5, A)), [(0, ""), (1, "a"), (3, "a\nb"), (5, "b"), (9, "")]),
    ],
    ids=[
        "none",
        "one",
        "one behind another",
        "the same again",
        "one within another",
        "later than any film",
        "out of order",
    ],
)
def test_changes(cues: tuple[Cue, ...], changed: list[tuple[int, str]]) -> None:
    assert list(changes(cues)) == changed


def test_a_hundred_thousand_at_once_are_no_more_than_can_be_drawn() -> None:
    """And take no time that grows with their square."""
    many = [Cue(number, 10_000_000, ("a" * 200,)) for number in range(100_000)]
    assert max(len(text) for _, text in changes(many)) == 1_001
