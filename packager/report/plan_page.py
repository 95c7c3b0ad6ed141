"""What a build would take, as one page with bars: nothing in it comes from elsewhere, and it has no script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packager.build.result import BuildResult, PlannedTree
from packager.layout.places import VersionKey
from packager.model import Document
from packager.output import templating
from packager.report.planned import Row, rest_bytes, rows, slack_of, summary
from packager.report.words import count, size

GENERATOR = "packager plan"


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a whole: `percent` of the width."""

    label: str
    kind: str
    percent: str


@dataclass(frozen=True, slots=True)
class WorkBars:
    """One work: its title, a line about it, and a bar each for what it takes now and in the bundle."""

    title: str
    language: str
    facts: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class TreeView:
    """One tree; `medium` are the parts of one bar, or empty where the size of the medium is not known."""

    title: str
    medium: tuple[Bar, ...]
    editions: tuple[Bar, ...]
    works: tuple[WorkBars, ...]
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """The whole page; by its `generator` it is known again."""

    generator: str
    title: str
    trees: tuple[TreeView, ...]
    command: str


def plan_page(preview: BuildResult) -> bytes:
    """The page, in UTF-8."""
    trees = tuple(_tree(tree, preview.bytes_of_sources) for tree in preview.trees)
    view = PlanView(GENERATOR, ", ".join(tree.title for tree in trees), trees, preview.settings.request.command())
    return b"".join(piece for piece in templating.render(Document("plan.html", view)) if isinstance(piece, bytes))


def _tree(tree: PlannedTree, bytes_now: Mapping[VersionKey, int]) -> TreeView:
    works = _works(rows(tree, bytes_now))
    return TreeView(tree.name, _medium(tree), _editions(tree), works, tuple(summary(tree)))


def _medium(tree: PlannedTree) -> tuple[Bar, ...]:
    plan, room = tree.plan, tree.plan.medium.payload_bytes
    if not room:
        return ()
    parts = (
        ("works", "works", plan.size_bytes - rest_bytes(tree)),
        ("the library", "library", rest_bytes(tree)),
        ("lost to clusters", "lost", slack_of(tree).lost_bytes),
        ("left", "left", room - plan.occupied_bytes),
    )
    return tuple(_bar(f"{size(taken)} {label}", kind, taken, room) for label, kind, taken in parts)


def _editions(tree: PlannedTree) -> tuple[Bar, ...]:
    editions = tree.plan.editions
    most = max((taken for _, taken in editions), default=0)
    return tuple(_bar(f"{edition} {size(taken)}", "works", taken, most) for edition, taken in editions)


def _works(shown: tuple[Row, ...]) -> tuple[WorkBars, ...]:
    most = max((max(row.bytes_now, row.share.size_bytes) for row in shown), default=0)
    return tuple(WorkBars(row.title, row.language, _facts(row), tuple(_bars(row, most))) for row in shown)


def _bars(row: Row, most: int) -> Iterator[Bar]:
    if row.bytes_now:
        yield _bar(f"pictures now {size(row.bytes_now)}", "now", row.bytes_now, most)
    yield _bar(f"in the bundle {size(row.share.size_bytes)}", "works", row.share.size_bytes, most)


def _facts(row: Row) -> str:
    if not row.share.pictures:
        return "text"
    return f"{count(row.share.pictures, 'picture')}, quality {row.share.quality}"


def _bar(label: str, kind: str, taken: int, whole: int) -> Bar:
    return Bar(label, kind, f"{100 * taken / whole if whole else 0:.2f}")
