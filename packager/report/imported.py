"""What an import put into a bundle, and what a source holds, as text and JSON."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from packager.importing import ImportedSource
from packager.importing.files import ImportedWork
from packager.importing.inspection import InspectedSource, InspectedVersion
from packager.model import Outcome, Remark
from packager.output.starter import EXAMPLE, example_words, has_example
from packager.report.words import Line, as_json, count, labelled
from packager.text.spelling import UNDETERMINED
from packager.text.terminal import escaped

# What an organizer should read of a source, and under which label; what went in whole needs no line a file.
_LABELS = {
    Outcome.PRIVATE: "Private",
    Outcome.DAMAGED: "Damaged",
    Outcome.WARNING: "Look at",
    Outcome.SHOWN: "Shown",
    Outcome.LEFT_OUT: "Left out",
    Outcome.DECIDED: "Decided",
    Outcome.PASSED_OVER: "Passed",
}


def imported_text(imported: Sequence[ImportedSource], bundle: Path) -> str:
    """Return what went in and what did not, source by source, and what to do next."""
    lines: list[Line] = []
    for each in imported:
        if each.refusal:
            lines += [("Not taken", each.refusal), *([("", each.hint)] if each.hint else [])]
        lines += (("Took", f"{work.entry.source}: {_what(work)}, from {each.source}") for work in each.works)
        lines += _remark_lines(each.remarks, each.source)
    if any(source.works for source in imported):
        if has_example(bundle):
            lines.append(("Look at", f"{bundle / EXAMPLE} {example_words(is_listed=True)}"))
        lines.append(("Next", shlex.join(["packager", "build", str(bundle)])))
    return labelled(lines)


def imported_json(imported: Sequence[ImportedSource]) -> str:
    """Return the same as JSON."""
    return as_json(
        {
            "sources": [
                {
                    "source": str(each.source),
                    "refusal": each.refusal,
                    "publications": [
                        {
                            "source": work.entry.source,
                            "pictures": work.pictures,
                            "files": [str(file.path) for file in work.files],
                        }
                        for work in each.works
                    ],
                    "remarks": [asdict(remark) for remark in each.remarks],
                }
                for each in imported
            ]
        }
    )


def interrupted_text(imported: Sequence[ImportedSource], sources: Sequence[Path], bundle: Path) -> str:
    """Return how many of the sources are in the bundle at an interruption, and how to import the others."""
    settled = [each for each in imported if each.source != bundle]
    left = [*(each.source for each in settled if not each.works), *sources[len(settled) :]]
    number = len(sources) - len(left)
    verb = "is" if number == 1 else "are"
    state = f"interrupted: {number} of {count(len(sources), 'source')} {verb} in the bundle, whole."
    if not left:
        return state
    again = shlex.join(["packager", "import", *map(str, left), str(bundle)])
    return f"{state}\n  Import {'the others' if number else 'again'}: {escaped(again)}"


def inspected_text(inspected: InspectedSource) -> str:
    """Return a few lines on what a source is, then one for each thing to know."""
    lines: list[Line] = [("Source", str(inspected.source))]
    lines += (("Holds", _version(version)) for versions in inspected.works for version in versions)
    lines += (("Encoding", f"{label}: {codec}") for label, codec in inspected.encodings)
    lines += (("Damaged", f"{remark.source}: {remark.message}") for remark in inspected.damaged)
    lines += (("Betrays", words) for words in _betrayed(inspected))
    lines += _remark_lines(inspected.remarks, inspected.source)
    return labelled(lines)


def inspected_json(inspected: InspectedSource) -> str:
    """Return the same as JSON."""
    return as_json(asdict(inspected) | {"source": str(inspected.source)})


def _remark_lines(remarks: Sequence[Remark], source: Path) -> Iterator[Line]:
    """Yield one line for each remark, of a file or of a folder and what lies in it; used files need none."""
    for outcome, label in _LABELS.items():
        for remark in remarks:
            if remark.outcome is outcome:
                # Of one of several sources; `.` is the source itself.
                place = str(PurePosixPath(source.name, remark.source)) if source.is_dir() else remark.source
                line = f", line {remark.line}" if remark.line else ""
                yield label, f"{place}{line}: {remark.message}"


def _what(work: ImportedWork) -> str:
    """Return what kind of publication it is, and how many pictures it has."""
    if work.entry.source.startswith("comics/"):
        return f"a comic of {count(work.pictures, 'page')}"
    if work.entry.source.startswith("films/"):
        return "a film" if work.recordings == 1 else f"a film in {count(work.recordings, 'language')}"
    if work.entry.source.startswith("sound/"):
        return f"sound of {count(work.recordings, 'track')}"
    return f"an article with {count(work.pictures, 'picture')}" if work.pictures else "an article"


def _betrayed(inspected: InspectedSource) -> Iterator[str]:
    """Yield one line for each kind of thing, with one example, and whether a tree passes it on."""
    authors = {author for versions in inspected.works for version in versions for author in version.authors}
    kinds: dict[tuple[str, bool], list[tuple[str, str]]] = {}
    for label, trace in inspected.betrayed:
        kind, _, value = trace.partition(": ")
        kinds.setdefault((kind, value in authors), []).append((label, trace))
    for (_, is_author), traces in kinds.items():
        first, trace = traces[0]
        files = len({label for label, _ in traces})
        where = f"{first} and {count(files - 1, 'more file')}" if files > 1 else first
        result = "reaches the tree, as the author" if is_author else "does not reach the tree"
        yield f"{trace} ({where}): {result}"


def _recorded(version: InspectedVersion) -> str:
    """Return what a film or sound is, how long it is, and its streams."""
    kind = f"a {version.kind}" if version.kind == "film" else "sound"
    language = f"in {version.language}" if version.language != UNDETERMINED else "(language not known)"
    minutes, seconds = divmod(round(version.seconds), 60)
    parts = [f'{kind} {language}, "{version.title}": {minutes}:{seconds:02} min', *version.streams]
    if version.subtitles:
        parts.append(f"subtitles in {', '.join(version.subtitles)}")
    return "; ".join(parts)


def _version(version: InspectedVersion) -> str:
    if version.seconds:
        return _recorded(version)
    is_comic = version.kind == "comic"
    kind = "a comic" if is_comic else "an article"
    size = count(version.pages, "page") if is_comic else count(version.words, "word")
    language = f"in {version.language}" if version.language != UNDETERMINED else "(language not known)"
    parts = [f'{kind} {language}, "{version.title}": {size}']
    if version.pictures:
        low, high = min(version.pictures), max(version.pictures)
        pixels = f"{low[0]} x {low[1]}{f' to {high[0]} x {high[1]}' if high != low else ''} pixels"
        parts.append(pixels if is_comic else f"{count(len(version.pictures), 'picture')}, {pixels}")
    if version.authors:
        parts.append(f"by {', '.join(version.authors)}")
    return "; ".join(parts)
