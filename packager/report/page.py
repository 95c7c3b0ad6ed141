"""`keep/report.html`, and the page of a plan: what was decided and guessed, to look at before anything is copied."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from packager.build.result import BuildResult
from packager.check.markup import shows
from packager.config.definition import Definition
from packager.errors import OutputError
from packager.model import Document, Outcome, Severity
from packager.model.packed import PackedValues
from packager.output.atomic import atomic_write
from packager.output.writer import write_document
from packager.report.built import UNSEEN, number_of_works, pictures_line
from packager.report.cards import Cards, WorkCard
from packager.report.changes import edition_facts
from packager.report.notes import NoteGroup, on_findings, sorted_out
from packager.report.sheet import Embedding
from packager.report.space import SpaceView, space_of
from packager.report.words import Line

GENERATOR = "report for the organizer"  # without the program's name, which nothing that is kept needs to tell
_MARK = f'<meta name="generator" content="{GENERATOR}">'.encode()
_BEGINNING_BYTES = 512


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The whole page; by its `generator` it is known again.

    `elsewhere` counts what is said of this computer, which stands in report.txt alone.
    """

    generator: str
    title: str
    summary: str
    edition: tuple[Line, ...]
    is_plan: bool
    is_refused: bool
    first: tuple[NoteGroup, ...]
    works: PackedValues[WorkCard]
    rest: tuple[NoteGroup, ...]
    elsewhere: int
    trees: tuple[SpaceView, ...]
    unseen: str


def report_page(result: BuildResult) -> Document:
    """Return the page of what was built, or of what is planned: without what is known only once it is built.

    It is in English, as all messages are; nothing in it tells of this computer.
    """
    remarks, embedding = sorted_out(result.library, result.remarks), Embedding()
    view = ReportPage(
        GENERATOR,
        result.settings.definition.name,
        f"{number_of_works(result.library)}. {pictures_line(result)}",
        tuple(edition_facts(result)),
        result.settings.request.is_preview,
        result.is_refused,
        _first(result, remarks.first),
        PackedValues(Cards(result, remarks, embedding).all()),
        remarks.rest,
        remarks.elsewhere,
        tuple(space_of(tree) for tree in result.trees),
        " ".join(line.strip() for line in UNSEEN[1:]),
    )
    return Document("report.html", view, tuple(embedding.embedded))


def _first(result: BuildResult, on_sources: tuple[NoteGroup, ...]) -> tuple[NoteGroup, ...]:
    """What to look at first: why a tree is refused, then the sources, then what else the check says of the tree.

    What stands in texts is told once, of the sources.
    """
    shown = {shows(remark.message.partition(": ")[2]) for remark in result.remarks if remark.outcome is Outcome.SHOWN}
    findings = [one for one in result.findings if one.message not in shown]
    errors = [one for one in findings if one.severity is Severity.ERROR]
    warnings = [one for one in findings if one.severity is not Severity.ERROR]
    return (*on_findings(errors), *on_sources, *on_findings(warnings))


def page_place(file: Path, bundle: Definition) -> Path:
    """The place of `file`, links followed; OutputError where no earlier page lies there, or the bundle's sources do."""
    real = Path(os.path.realpath(file))
    listed = bundle.publications
    sources = [bundle.folder] if listed is None else [publication.source.resolve() for publication in listed]
    if any(real.is_relative_to(source) for source in sources):
        raise OutputError("lies in the bundle's sources", where=file, hint="Choose a file outside of the bundle.")
    _refuse_foreign(real)
    return real


def write_page(file: Path, page: Document) -> None:
    """Put the page into the file's place, whole or not at all; OutputError where something else is there now."""
    _refuse_foreign(file)
    try:
        with atomic_write(file) as opened:
            write_document(page, opened)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=file, hint="Choose another file.") from error


def _refuse_foreign(file: Path) -> None:
    if not os.path.lexists(file):
        return
    try:
        beginning = b""
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as opened:
                beginning = opened.read(_BEGINNING_BYTES)
    except OSError as error:
        raise OutputError(f"cannot be read: {error.strerror}", where=file, hint="Choose another file.") from error
    if _MARK not in beginning:
        what = "is there already, and no report that packager made; nothing was touched"
        raise OutputError(what, where=file, hint="Choose another file.")
