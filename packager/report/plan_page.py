"""What a build would take, as one page with bars, without a script; and the file that it is kept in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packager.build.result import BuildResult, PlannedTree
from packager.config.definition import Definition
from packager.errors import OutputError
from packager.layout.places import VersionKey
from packager.model import Document
from packager.output import templating
from packager.output.staging.file import put
from packager.report.planned import Row, rest_bytes, rows, summary, waste_of
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
        ("lost to clusters", "lost", waste_of(tree).lost_bytes),
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


_MARK = f'<meta name="generator" content="{GENERATOR}">'.encode()
_BEGINNING_BYTES = 512


def page_place(file: Path, bundle: Definition) -> Path:
    """The place of `file`, links followed; OutputError where no earlier plan lies there, or the bundle's sources do."""
    real = Path(os.path.realpath(file))
    listed = bundle.publications
    sources = [bundle.folder] if listed is None else [publication.source.resolve() for publication in listed]
    if any(real.is_relative_to(source) for source in sources):
        raise OutputError("lies in the bundle's sources", where=file, hint="Choose a file outside of the bundle.")
    _refuse_foreign(real)
    return real


def write_page(file: Path, page: bytes) -> None:
    """Put the page into the file's place, whole or not at all; OutputError where it is none for a plan any longer."""
    _refuse_foreign(file)
    try:
        put(file, page)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=file, hint="Choose another file.") from error


def _refuse_foreign(file: Path) -> None:
    if os.path.lexists(file) and not _is_plan(file):
        what = "is there already, and no plan that packager made; nothing was touched"
        raise OutputError(what, where=file, hint="Choose another file.")


def _is_plan(file: Path) -> bool:
    if file.is_symlink() or not file.is_file():
        return False
    try:
        with file.open("rb") as opened:
            return _MARK in opened.read(_BEGINNING_BYTES)
    except OSError as error:
        raise OutputError(f"cannot be read: {error.strerror}", where=file, hint="Choose another file.") from error
