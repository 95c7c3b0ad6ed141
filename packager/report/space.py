"""What trees take of their media, as bars."""

from __future__ import annotations

from dataclasses import dataclass

from packager.build.result import PlannedTree
from packager.report.planned import rest_bytes, summary, waste_of
from packager.report.words import Line
from packager.text.spelling import size


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a whole: `percent` of the width."""

    label: str
    kind: str
    percent: str


@dataclass(frozen=True, slots=True)
class SpaceView:
    """One tree; `medium` are the parts of one bar, or empty where the size of the medium is not known."""

    title: str
    medium: tuple[Bar, ...]
    editions: tuple[Bar, ...]
    lines: tuple[Line, ...]


def bar(label: str, kind: str, taken: int, whole: int) -> Bar:
    """Return the bar of what is taken of a whole."""
    return Bar(label, kind, f"{100 * taken / whole if whole else 0:.2f}")


def space_of(tree: PlannedTree) -> SpaceView:
    """Return what one tree takes."""
    most = max((taken for _, taken in tree.plan.editions), default=0)
    editions = tuple(bar(f"{name} {size(taken)}", "works", taken, most) for name, taken in tree.plan.editions)
    return SpaceView(tree.name, _medium(tree), editions, tuple(summary(tree)))


def _medium(tree: PlannedTree) -> tuple[Bar, ...]:
    plan, space = tree.plan, tree.plan.medium.payload_bytes
    if not space:
        return ()
    parts = (
        ("works", "works", plan.size_bytes - rest_bytes(tree)),
        ("the library", "library", rest_bytes(tree)),
        ("lost to clusters", "lost", waste_of(tree).lost_bytes),
        ("left", "left", space - plan.occupied_bytes),
    )
    return tuple(bar(f"{size(taken)} {label}", kind, taken, space) for label, kind, taken in parts)
