"""What a build made: the few lines it ends with, and the report kept for the organizer."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any

from packager.build.result import BuildResult, PlannedTree
from packager.build.unchanged import Ending
from packager.config.definition import named_after
from packager.model import Article, Comic, Film, Library, NameStyle, Outcome, Remark, Sound
from packager.output.marks import KEEP, REPORT_PAGE, REPORT_TEXT
from packager.plan.advice import as_lines
from packager.plan.plan import GivenUp, Lowered
from packager.readers.files import FileKind, kind_of
from packager.readers.outcomes import count_pictures
from packager.report.changes import edition_facts, edition_lines, edition_values
from packager.report.findings import findings_by_kind, unapplied
from packager.report.words import Line, as_json, count, duration, kind_of_message, labelled
from packager.text.spelling import first_of, size
from packager.text.terminal import escaped, without_log_commands

HEADINGS = {
    Outcome.PRIVATE: "May be private notes, for everyone to read",
    Outcome.DAMAGED: "Damaged or unreadable, and so left out",
    Outcome.LEFT_OUT: "Left out",
    Outcome.WARNING: "Please look at",
    Outcome.DECIDED: "Decided for you",
    Outcome.SHOWN: "Stands in the texts, for everyone to read",
    Outcome.PASSED_OVER: "Passed over",
    Outcome.TAKEN: "Taken",
}
UNSEEN = (
    "What no program sees",
    "  Watermarks, signatures and names drawn into a picture, faces and places in photographs and films, voices, a way",
    "  of writing that somebody knows: look at pictures and films, listen to the sound and read the texts yourself.",
)
KEPT_FIRST = "those of the first `priority` keep it, then the smallest, a series together where it can"
TITLES_SHOWN = 5  # of each of several trees; the report has all
NOTES_SHOWN = 5  # private ones, at the end of a build
KINDS_SHOWN = 8  # of warnings, and of decisions, at the end of a build; the report has all
# Keys of bundle.toml that overrule what changes each page, or whom a work is said to be by.
_TOLD_IN_ENDING = ("(`flow`)", "(`direction`)", "(`credit`)")
EXAMPLE_DRIVE = "/media/me/STICK"


def ending(result: BuildResult) -> str:
    """The few lines that a build ends with."""
    left_out = unapplied(result.settings.profile)
    if result.is_refused:
        return (
            f"{findings_by_kind(result.findings)}\n"
            f"Nothing was made: {result.destination} is as it was. To look at the refused tree, build with "
            f"--keep-refused; it is then in {result.settings.refused_folder}."
            + (f"\nUnchecked {left_out}" if left_out else "")
        )
    lines = [line for tree in result.trees for line in _made(tree, result)]
    lines += edition_lines(result)
    lines += _to_look_at(result)
    lines += _named_after_folder(result)
    lines.append(("Look", f"at {result.destination / KEEP / REPORT_PAGE} before you copy"))
    if left_out:
        lines.append(("Unchecked", left_out))
    for tree in result.trees:
        lines.append(("Next", shlex.join(["packager", "copy", str(result.destination / tree.name), EXAMPLE_DRIVE])))
    return labelled(lines)


def told(result: BuildResult) -> Ending:
    """What a build tells at its end, for people and for programs."""
    return Ending(ending(result), build_json(result))


def _named_after_folder(result: BuildResult) -> Iterator[Line]:
    """In the first edition, what readers see that comes of the name of the bundle's folder, and what changes it."""
    bundle = result.settings.definition
    if result.edition and result.edition.number > 1:
        return
    name, title = named_after(bundle.folder)
    works = result.library.publications
    has_numbers = bundle.names is NameStyle.NUMBERS and not bundle.prefix
    seen = {
        "folder": f"the folder `{name}`" if bundle.name == name else "",
        "title": f"the title `{title.in_language('')}`" if bundle.title == title else "",
        "prefix": f"numbers such as `{works[0].id}`" if bundle.name == name and has_numbers else "",
    }
    if shown := {key: what for key, what in seen.items() if what}:
        *others, last = shown.values()
        words = f"{', '.join(others)} and {last}" if others else last
        keys = ", ".join(f"`{key}`" for key in shown)
        yield "Readers", f"see {words}, after the name of your folder; to change it, set {keys} in bundle.toml"


def _made(tree: PlannedTree, result: BuildResult) -> Iterator[Line]:
    folder, plan = result.destination / tree.name, tree.plan
    room = f" of {size(plan.medium.payload_bytes)}" if plan.medium.payload_bytes else ""
    space = f"{size(plan.occupied_bytes)}{room} on a {plan.medium.filesystem} stick"
    yield (
        "Made",
        f"{folder}/   {space}, about {duration(plan.size_bytes)} to copy; {number_of_works(tree.build.library)}",
    )
    if len(result.trees) > 1:
        yield "Holds", _titles(tree, TITLES_SHOWN)
    if archive := result.archive_of(tree):
        yield "Archive", str(result.destination / archive)
    yield "Open", str(folder / next(iter(plan.files)).path)
    yield from losses(tree)


def _to_look_at(result: BuildResult) -> Iterator[Line]:
    """What an organizer should know of the sources; the report has it whole."""
    see = f"see {result.destination / KEEP / REPORT_TEXT}"
    yield from private_lines(result.remarks, see)
    if damaged := _of(result.remarks, Outcome.DAMAGED):
        pictures = {source.label for source in result.library.pictures}
        what = "damaged picture" if all(remark.source in pictures for remark in damaged) else "damaged source"
        yield "Left out", f"{count(len(damaged), what)}: {see}"
    if shown := _of(result.remarks, Outcome.SHOWN):
        kinds = Counter(remark.message.partition(":")[0] for remark in shown)
        what = ", ".join(count(number, kind) for kind, number in sorted(kinds.items()))
        more = " and more" if len(shown) > 1 else ""
        yield "Shown", f"{what} in the texts, for all to read ({_place(shown[0])}{more}): {see}"
    yield from by_kind("Look at", _of(result.remarks, Outcome.WARNING), see)
    decisions = _of(result.remarks, Outcome.DECIDED)
    yield from by_kind("Decided", [remark for remark in decisions if remark.message.endswith(_TOLD_IN_ENDING)], see)
    used = {remark.source for remark in _of(result.remarks, Outcome.TAKEN)}
    passed_over = {remark.source for remark in _of(result.remarks, Outcome.PASSED_OVER)}
    if unused := [source for source in passed_over - used if not _is_chapter(source, used)]:
        yield "Passed", f"{count(len(unused), 'file')} not used: {see}"


def private_lines(remarks: Iterable[Remark], see: str) -> Iterator[Line]:
    """Yield a line for each passage that may be a private note; `see` says where all of them stand."""
    notes = _of(remarks, Outcome.PRIVATE)
    for note in notes[:NOTES_SHOWN]:
        yield "Private", f"{_place(note)}: {note.message}"
    if len(notes) > NOTES_SHOWN:
        yield "", f"and {len(notes) - NOTES_SHOWN} more: {see}"


def by_kind(label: str, remarks: Iterable[Remark], see: str) -> Iterator[Line]:
    """Yield a line for each kind of remark, those that differ in numbers and names alone as one.

    `see` says where all of them stand.
    """
    kinds: dict[str, list[Remark]] = {}
    for remark in remarks:
        kinds.setdefault(kind_of_message(remark.message), []).append(remark)
    for first, *others in list(kinds.values())[:KINDS_SHOWN]:
        more = f" and {len(others)} more" if others else ""
        yield label, f"{_place(first)}{more}: {first.message}"
    if left := sum(map(len, list(kinds.values())[KINDS_SHOWN:])):
        yield "", f"and {left} more: {see}"


def _is_chapter(source: str, used: Container[str]) -> bool:
    """Whether it is a document of a book that is used, of which some words are not."""
    books = (str(outer) for outer in PurePosixPath(source).parents if outer.suffix.lower() == ".epub")
    return kind_of(PurePosixPath(source).name) is not FileKind.PICTURE and any(book in used for book in books)


def _titles(tree: PlannedTree, most: int) -> str:
    """The titles of the works in a tree, those of a series behind its name; as many works and series as are wanted."""
    titles: list[str] = []
    for series, works in groupby(tree.build.library.publications, key=lambda one: one.series):
        names = [publication.versions[0].title for publication in works]
        titles += [f"{series.forms[0][1]}: {', '.join(names)}"] if series else names
    return first_of(titles, most, parted_by="; ")


def number_of_works(library: Library) -> str:
    """Return how many comics, articles, films and pieces of sound there are."""
    kinds = Counter(type(publication.versions[0].work) for publication in library.publications)
    nouns = {Comic: "comic", Article: "article", Film: "film", Sound: "piece"}
    always = {Comic, Article} if not kinds[Film] + kinds[Sound] else set()
    shown = [count(kinds[kind], noun) for kind, noun in nouns.items() if kinds[kind] or kind in always]
    return ", ".join(shown) + (" of sound" if kinds[Sound] else "")


def build_json(result: BuildResult) -> str:
    """What a build made, as JSON."""
    return as_json(_summary(result) | {"destination": str(result.destination), "unrecorded": result.unrecorded})


def report_json(result: BuildResult) -> str:
    """Return the text of report.json."""
    return as_json(_summary(result)) + "\n"


def report_text(result: BuildResult) -> str:
    """Return the text of report.txt."""
    lines = [*(line for tree in result.trees for line in _tree_lines(tree)), pictures_line(result)]
    lines += [f"{label or 'Also'}: {words}" for label, words in edition_facts(result)]
    if left_out := unapplied(result.settings.profile):
        lines.append(f"Unchecked: {left_out}")
    findings = ["", "What the check says", findings_by_kind(result.findings)] if result.findings else []
    lines += findings if result.is_refused else []
    for outcome, heading in HEADINGS.items():
        remarks = _of(result.remarks, outcome)
        if remarks:
            lines += ["", f"{heading} ({len(remarks)})"]
            lines += [f"  {_place(remark)}: {remark.message}" for remark in remarks]
    lines += ([] if result.is_refused else findings) + ["", *UNSEEN]
    return without_log_commands("\n".join(escaped(line) for line in "\n".join(lines).split("\n")) + "\n")


def pictures_line(result: BuildResult) -> str:
    """Return how many pictures were found, and what became of them."""
    counted = count_pictures(result.library, result.remarks)
    others = ((counted.damaged, "damaged"), (counted.refused, "not used"))
    refused = "".join(f", {number} {what}" for number, what in others if number)
    named = "; why is said below" if refused else ""
    return f"{count(counted.found, 'picture')} found: {counted.shown} in the tree{refused}{named}."


def _tree_lines(tree: PlannedTree) -> tuple[str, ...]:
    plan = tree.plan
    return (
        f"{tree.name}: {number_of_works(tree.build.library)}",
        f"Works: {_titles(tree, len(tree.build.library.publications))}",
        f"{len(plan.files)} files, {plan.size_bytes} bytes; on {plan.medium.filesystem} with "
        f"clusters of {plan.medium.cluster_bytes // 1024} KiB they occupy {plan.occupied_bytes} bytes.",
        "What each edition takes: " + ", ".join(f"{edition} {size(taken)}" for edition, taken in plan.editions),
        *(f"{label}: {words}" for label, words in losses(tree)),
    )


def _summary(result: BuildResult) -> dict[str, Any]:
    """All of it, and what concerns a single tree in its own place: at the top where there is only one."""
    trees = [_tree_summary(tree, result) for tree in result.trees]
    return {
        **(trees[0] if len(trees) == 1 else {"trees": trees}),
        "name": result.settings.definition.name,
        "profile": result.settings.profile.name,
        "unapplied": unapplied(result.settings.profile),
        "pictures": asdict(count_pictures(result.library, result.remarks)),
        "sources": [asdict(remark) for remark in result.remarks],
        "findings": [asdict(finding) for finding in result.findings],
        "is_refused": result.is_refused,
        "numbered_edition": edition_values(result.edition, result.changes),
    }


def _tree_summary(tree: PlannedTree, result: BuildResult) -> dict[str, Any]:
    plan, library = tree.plan, tree.build.library
    return planned_values(tree) | {
        "filesystem": plan.medium.filesystem,
        "cluster_bytes": plan.medium.cluster_bytes,
        "archive": result.archive_of(tree),
        "quality": plan.quality,
        "profile_quality": tree.build.profile.picture.quality,
        "publications": [
            {"id": publication.id, "languages": [version.language for version in publication.versions]}
            for publication in library.publications
        ],
    }


def _of(remarks: Iterable[Remark], outcome: Outcome) -> list[Remark]:
    return [remark for remark in remarks if remark.outcome is outcome]


def _place(remark: Remark) -> str:
    return f"{remark.source}, line {remark.line}" if remark.line else remark.source


def losses(tree: PlannedTree) -> Iterator[Line]:
    """Return each loss for lack of space with its label; nothing where all fits in the quality of the profile."""
    plan, default = tree.plan, tree.build.profile.picture.quality
    for lost in plan.given_up:
        yield from _given_up(lost, tree)
    if tree.dropped:
        titles = "; ".join(each.versions[0].title for each in tree.dropped)
        yield "Dropped", f"{titles}: no space for {'it' if len(tree.dropped) == 1 else 'them'}"
    if plan.level:
        yield "Pictures", f"quality {plan.quality} on average (the profile's: {default}), as the space allows"
    yield from _poorer(tree)
    yield from (("Instead", line) for line in as_lines(plan.advice))


def _poorer(tree: PlannedTree) -> Iterator[Line]:
    """A line for each film or album that has fewer bits than it could."""
    titles = {key: version.title for key, version in tree.build.library.versions}
    for key, lost in groupby(tree.plan.lowered, key=lambda one: one.key):
        poorest = min(lost, key=lambda one: one.given.sound)
        given, best = poorest.given, poorest.best
        pictures = f"{_kilobits(given.pictures)} of {_kilobits(best.pictures)} kbit/s for pictures"
        sound = f"{_kilobits(given.sound)} of {_kilobits(best.sound)} kbit/s for sound"
        rates = ", ".join(words for words, bits in ((pictures, best.pictures), (sound, best.sound)) if bits)
        yield "Films" if best.pictures else "Sound", f"{titles[key]}: {rates}, as the space allows"


def _kilobits(bits: int) -> str:
    return f"{round(bits / 1000):,}"


def _given_up(lost: GivenUp, tree: PlannedTree) -> Iterator[Line]:
    """An edition that some works or all do without, and which works keep it."""
    if len(lost.ids) == len(lost.all_ids):
        yield "Given up", f"the edition {lost.edition}: there is no space for its {size(lost.size_bytes)}"
        return
    titles = "; ".join(each.versions[0].title for each in tree.build.library.publications if each.id in lost.ids)
    which = f"the edition {lost.edition} of {len(lost.ids)} of {len(lost.all_ids)} works"
    yield "Given up", f"{which} (for all it would take {size(lost.size_bytes)}; {KEPT_FIRST}): {titles}"


def _lowered_json(lost: Lowered) -> dict[str, Any]:
    """A recording with less than its best; rates are bit/s."""
    id_, language = lost.key
    rates = {"given": asdict(lost.given), "best": asdict(lost.best)}
    return {"id": id_, "language": language, "number": lost.number, **rates}


def planned_values(tree: PlannedTree) -> dict[str, Any]:
    """What a tree takes, what was given up for it, and what would help, for programs."""
    plan = tree.plan
    return {
        "name": tree.name,
        "files": len(plan.files),
        "size_bytes": plan.size_bytes,
        "occupied_bytes": plan.occupied_bytes,
        "editions": dict(plan.editions),
        "dropped": [each.id for each in tree.dropped],
        "given_up": {lost.edition: lost.size_bytes for lost in plan.given_up},
        "works_without": {lost.edition: lost.ids for lost in plan.given_up},
        "lowered": [_lowered_json(lost) for lost in plan.lowered],
        "advice": [asdict(step) for step in plan.advice],
    }
