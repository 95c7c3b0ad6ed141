"""What became of each file of a bundle: taken, passed over or left out, and nothing unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packager.model import Outcome, Remark
from packager.readers.files import File
from packager.readers.kinds import Kind, why_not
from packager.readers.shelf import Shelf
from packager.readers.versions import Reading

# A file has one fate; where several works tell of it, the first of these.
_FATES = (Outcome.TAKEN, Outcome.LEFT_OUT, Outcome.PASSED_OVER)

_UNUSED = {
    Kind.PICTURE: "no comic holds it and no article shows it",
    Kind.TEXT: "it does not lie in articles/",
    Kind.CREDIT: "no work beside it takes its credit from here",
    Kind.ARCHIVE: "it does not lie in comics/: unpack it, or put it there",
    Kind.NOTICE: "a note to those who make the bundle",
}


def settle(readings: Sequence[Reading], shelf: Shelf) -> tuple[Remark, ...]:
    """One fate for each file of the bundle, in the order of the files; then all that else there is to say."""
    told = tuple(dict.fromkeys(remark for reading in readings for remark in _remarks(reading)))
    fates: dict[str, Remark] = {}
    for outcome in _FATES:
        for remark in told:
            if remark.outcome is outcome:
                fates.setdefault(remark.source, remark)
    of_files = [fates.pop(file.source.label, _unused(file, shelf)) for file in shelf.files]
    others = (remark for remark in told if remark.outcome not in _FATES)
    return (*of_files, *fates.values(), *others)


def _remarks(reading: Reading) -> Iterator[Remark]:
    for read in reading.versions:
        yield from read.remarks
    yield from reading.remarks


def _unused(file: File, shelf: Shelf) -> Remark:
    is_listed = shelf.definition.publications is None or file.kind not in (Kind.TEXT, Kind.ARCHIVE)
    reason = _UNUSED.get(file.kind, why_not(file.path)) if is_listed else "bundle.toml does not list it"
    return Remark(file.source.label, Outcome.PASSED_OVER, file.refusal or reason)
