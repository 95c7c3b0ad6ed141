"""What an import put into a bundle, and what it did not."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from packager.importing import Taken
from packager.importing.pieces import Pieces
from packager.model import Outcome, Remark
from packager.output.starter import EXAMPLE, example_words, has_example
from packager.report.json import as_json
from packager.report.words import count
from packager.text.terminal import escaped

Line = tuple[str, str]  # a label, and what there is to say

# What an organizer should read of a source, and under which label; what went in whole needs no line a file.
_TOLD = {
    Outcome.DAMAGED: "Damaged",
    Outcome.WARNING: "Look at",
    Outcome.SHOWN: "Shown",
    Outcome.LEFT_OUT: "Left out",
    Outcome.DECIDED: "Decided",
    Outcome.PASSED_OVER: "Passed",
}


def taken_text(taken: Sequence[Taken], bundle: Path) -> str:
    """What went in and what did not, source by source, and what to do next."""
    lines = [line for each in taken for line in _lines(each)]
    if any(each.publications for each in taken):
        if has_example(bundle):
            lines.append(("Look at", f"{bundle / EXAMPLE} {example_words(is_listed=True)}"))
        lines.append(("Next", shlex.join(["packager", "build", str(bundle)])))
    return "\n".join(f"{label:<9} {escaped(text)}" for label, text in lines)


def interrupted_text(taken: Sequence[Taken], sources: Sequence[Path], bundle: Path) -> str:
    """How many of the sources are in the bundle at an interruption, and how to import the others."""
    settled = [each for each in taken if each.source != bundle]
    left = [*(each.source for each in settled if not each.publications), *sources[len(settled) :]]
    number = len(sources) - len(left)
    verb = "is" if number == 1 else "are"
    said = f"interrupted: {number} of {count(len(sources), 'source')} {verb} in the bundle, whole."
    if not left:
        return said
    again = shlex.join(["packager", "import", *map(str, left), str(bundle)])
    return f"{said}\n  Import {'the others' if number else 'again'}: {escaped(again)}"


def _lines(taken: Taken) -> Iterator[Line]:
    if taken.refusal:
        yield "Not taken", taken.refusal
        yield from [("", taken.hint)] if taken.hint else []
    for pieces in taken.publications:
        yield "Took", f"{pieces.source}: {what(pieces)}, from {taken.source}"
    yield from remark_lines(taken.remarks, taken.source)


def remark_lines(remarks: Sequence[Remark], source: Path) -> Iterator[Line]:
    """One line each for what is more than taken as it was, of a file or of a folder and what lies in it."""
    for outcome, label in _TOLD.items():
        for remark in remarks:
            if remark.outcome is outcome:
                line = f", line {remark.line}" if remark.line else ""
                yield label, f"{place_in(source, remark.source)}{line}: {remark.message}"


def place_in(source: Path, label: str) -> str:
    """What a remark on one of several sources is about; `.` is the source itself."""
    return str(PurePosixPath(source.name, label)) if source.is_dir() else label


def what(pieces: Pieces) -> str:
    """What kind of publication it is, and how many pictures it has."""
    if pieces.source.parts[0] == "comics":
        return f"a comic of {count(pieces.pictures, 'page')}"
    return f"an article with {count(pieces.pictures, 'picture')}" if pieces.pictures else "an article"


def taken_json(taken: Sequence[Taken]) -> str:
    """The same as JSON."""
    return as_json({"sources": [_as_values(each) for each in taken]})


def _as_values(taken: Taken) -> dict[str, Any]:
    return {
        "source": str(taken.source),
        "refusal": taken.refusal,
        "publications": [
            {
                "source": str(pieces.source),
                "pictures": pieces.pictures,
                "files": [str(file.path) for file in pieces.files],
            }
            for pieces in taken.publications
        ],
        "remarks": [
            {"source": remark.source, "outcome": str(remark.outcome), "message": remark.message, "line": remark.line}
            for remark in taken.remarks
        ],
    }
