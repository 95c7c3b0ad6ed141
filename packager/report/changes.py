"""What is different in an edition of a bundle since an earlier one, as lines and as values for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from packager.build.result import BuildResult
from packager.output.changes import ChangeKind, Changes, WorkChange
from packager.output.ledger import NumberedEdition
from packager.report.words import Line, as_json, count, labelled
from packager.text.spelling import UNDETERMINED, first_of, size

_WORKS_NAMED = 3  # of each kind at the end of a build; the report has all


def changes_text(name: str, edition: NumberedEdition, changes: Changes | None) -> str:
    """Return what is different in an edition of the bundle of that name."""
    lines = [("Edition", _edition_words(name, edition.number, changes))]
    return labelled([*lines, *(_changes_lines(changes) if changes else ())])


def changes_json(edition: NumberedEdition, changes: Changes | None) -> str:
    """Return the same for programs."""
    return as_json(edition_values(edition, changes))


def edition_lines(result: BuildResult, most: int = _WORKS_NAMED) -> Iterator[Line]:
    """Yield what a build says of its edition, naming so many works of each kind of change; 0 for all."""
    yield from edition_facts(result, most)
    if result.edition and not result.changes and not result.unrecorded:
        yield "", f"what it holds is kept in {result.settings.ledger.folder}, for the next to go on from"
    if result.unrecorded:
        yield "", unrecorded(result)


def unrecorded(result: BuildResult | None) -> str:
    """Return that the edition could not be kept, and why; "" where it was."""
    if not result or not result.edition or not result.unrecorded:
        return ""
    return (
        f"edition {result.edition.number} could not be kept ({result.unrecorded}): the next build knows nothing of it"
    )


def edition_facts(result: BuildResult, most: int = 0) -> Iterator[Line]:
    """Yield which edition was built and what is different in it; nothing of the computer."""
    if not result.edition:
        return
    yield "Edition", _edition_words(result.settings.definition.name, result.edition.number, result.changes)
    if result.changes:
        yield from _changes_lines(result.changes, most)


def _changes_lines(changes: Changes, most: int = 0) -> Iterator[Line]:
    """Yield a line for each kind of change, with so many works at most, 0 for all; then the bytes to write."""
    for kind in ChangeKind:
        groups = groupby(changes.of(kind), lambda change: change.work.number)
        if works := [_work_words(list(group), most) for _, group in groups]:
            yield kind.capitalize(), first_of(works, most or len(works), parted_by="; ")
    if not changes.works:
        yield "", "no work is new, changed or gone"
    for tree in changes.trees:
        if tree.lost:
            yield "Fewer", f"{first_of(tree.lost, most or len(tree.lost))}: no more in {tree.name}/, though the work is"
        yield "To write", f"{size(tree.written_bytes)} of the {size(tree.size_bytes)} of {tree.name}/"
    if not changes.trees:
        yield "To write", f"not known, for the manifest of edition {changes.since} is damaged"


def edition_values(edition: NumberedEdition | None, changes: Changes | None) -> dict[str, Any] | None:
    """Return the number of an edition and what is different in it, for programs; None where there is no edition."""
    if edition is None:
        return None
    if changes is None:
        return {"number": edition.number}
    works = {kind.value: [_work_values(change) for change in changes.of(kind)] for kind in ChangeKind}
    trees = [asdict(tree) for tree in changes.trees]
    return {"number": edition.number, "since": changes.since, **works, "trees": trees}


def _edition_words(name: str, number: int, changes: Changes | None) -> str:
    return f"{number} of {name}, " + (f"compared with {changes.since}" if changes else "the first")


def _work_words(versions: list[WorkChange], most: int) -> str:
    """Return a work with the languages of the versions that this concerns, and what is new in it."""
    first = versions[0].work
    languages = [change.work.language for change in versions if change.work.language != UNDETERMINED]
    more = list(dict.fromkeys(title for change in versions for title in change.chapter_titles if title))
    if pages := max(change.pages for change in versions):
        more.append(count(pages, "page") + " more")
    words = first.title + (f" ({', '.join(languages)})" if languages else "")
    return f"{words}: {first_of(more, most or len(more))}" if more else words


def _work_values(change: WorkChange) -> dict[str, Any]:
    work = change.work
    named = {"id": work.id, "language": work.language, "title": work.title}
    if change.kind is not ChangeKind.CONTINUED:
        return named
    return {**named, "chapters": change.chapter_titles, "pages": change.pages}
