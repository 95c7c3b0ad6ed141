"""What a build would take, as one page with bars: nothing in it comes from elsewhere, and it has no script."""

from __future__ import annotations

from dataclasses import dataclass

from packager import templating
from packager.foresee import Foreseen
from packager.model import Document
from packager.report.planned import Row, rest_bytes, rows, summary
from packager.report.words import count, size


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
class PlanView:
    """The whole page; `medium` are the parts of one bar, or empty where the size of the medium is not known."""

    title: str
    medium: tuple[Bar, ...]
    editions: tuple[Bar, ...]
    works: tuple[WorkBars, ...]
    lines: tuple[tuple[str, str], ...]


def plan_page(foreseen: Foreseen) -> bytes:
    """The page, in UTF-8."""
    view = PlanView(
        title=foreseen.case.definition.name,
        medium=_medium(foreseen),
        editions=_editions(foreseen),
        works=_works(rows(foreseen)),
        lines=tuple(summary(foreseen)),
    )
    return b"".join(piece for piece in templating.render(Document("plan.html", view)) if isinstance(piece, bytes))


def _medium(foreseen: Foreseen) -> tuple[Bar, ...]:
    plan, room = foreseen.plan, foreseen.plan.medium.payload_bytes
    if not room:
        return ()
    parts = (
        ("works", "works", plan.size_bytes - rest_bytes(foreseen)),
        ("the library", "library", rest_bytes(foreseen)),
        ("lost to clusters", "lost", foreseen.slack.lost_bytes),
        ("left", "left", room - plan.occupied_bytes),
    )
    return tuple(_bar(f"{size(taken)} {label}", kind, taken, room) for label, kind, taken in parts)


def _editions(foreseen: Foreseen) -> tuple[Bar, ...]:
    editions = foreseen.plan.editions
    most = max((taken for _, taken in editions), default=0)
    return tuple(_bar(f"{edition} {size(taken)}", "works", taken, most) for edition, taken in editions)


def _works(shown: tuple[Row, ...]) -> tuple[WorkBars, ...]:
    most = max((max(row.bytes_now, row.share.size_bytes) for row in shown), default=0)
    return tuple(
        WorkBars(
            row.title,
            row.language,
            _facts(row),
            (
                _bar(f"now {size(row.bytes_now)}", "now", row.bytes_now, most),
                _bar(f"in the bundle {size(row.share.size_bytes)}", "works", row.share.size_bytes, most),
            ),
        )
        for row in shown
    )


def _facts(row: Row) -> str:
    if not row.share.pictures:
        return "text"
    return f"{count(row.share.pictures, 'picture')}, quality {row.share.quality}"


def _bar(label: str, kind: str, taken: int, whole: int) -> Bar:
    return Bar(label, kind, f"{100 * taken / whole if whole else 0:.2f}")
