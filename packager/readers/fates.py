"""What became of each file of a bundle: taken, passed over or left out, and nothing unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from packager.config.definition import FILE_NAME
from packager.model import Outcome, Remark
from packager.readers import unlisted
from packager.readers.discovery import ARTICLES, COMICS, Work
from packager.readers.files import File
from packager.readers.kinds import Kind, why_not
from packager.readers.shelf import Shelf
from packager.readers.versions import Reading

# A file has one fate; where several works tell of it, the first of these.
_FATES = (Outcome.DAMAGED, Outcome.TAKEN, Outcome.LEFT_OUT, Outcome.PASSED_OVER)

_UNUSED = {
    Kind.PICTURE: "no comic holds it and no article shows it",
    Kind.TEXT: "it does not lie in articles/",
    Kind.CREDIT: "no work beside it takes its credit from here",
    Kind.ARCHIVE: "it does not lie in comics/: unpack it, or put it there",
    Kind.BOOK: "it lies neither in comics/ nor in articles/",
    Kind.NOTICE: "a note to those who make the bundle",
}
_UNLISTED = _UNUSED | {
    Kind.PICTURE: f"nothing that {FILE_NAME} lists holds or shows it",
    **dict.fromkeys((Kind.TEXT, Kind.ARCHIVE, Kind.BOOK, Kind.ABOUT, Kind.TRANSCRIPT), f"not listed in {FILE_NAME}"),
}


def settle(
    readings: Sequence[Reading],
    shelf: Shelf,
    dropped: Sequence[Work] = (),
    on_pictures: Sequence[Remark] = (),
    skipped: Sequence[Remark] = (),
) -> tuple[Remark, ...]:
    """What is not listed; one fate for each file of the bundle, in the order of the files; then all else.

    What is only warned of has the warning for its fate. The works `dropped` are those that the bundle does not list;
    `on_pictures` is what there is to say of pictures if they are taken, `skipped` of sources that cannot be read.
    """
    told = tuple(dict.fromkeys((*skipped, *(remark for reading in readings for remark in _remarks(reading)))))
    fates = _fates(told)
    known = fates.keys() | {remark.source for remark in told if remark.outcome is Outcome.WARNING}
    untold = [file for file in shelf.files if file.source.label not in known and not _is_place(file)]
    fates |= _fates_untold(untold, shelf, dropped)
    labels = dict.fromkeys(file.source.label for file in shelf.files)
    of_files = dict.fromkeys(fates.pop(label) for label in labels if label in fates)
    taken = {remark.source for remark in of_files if remark.outcome is Outcome.TAKEN}
    of_taken = (remark for remark in on_pictures if remark.source in taken or remark.source not in labels)
    others = (remark for remark in told if remark.outcome not in _FATES)
    return (*unlisted.warning_of(dropped), *of_files, *fates.values(), *others, *of_taken)


def unused(file: File, reasons: Mapping[Kind, str]) -> Remark:
    """Why a file that nothing asked for is not taken, by `reasons` or by its name."""
    if file.kind is Kind.OURS and (not file.source.label.endswith("/") or _is_among_works(file)):
        return Remark(file.source.label, Outcome.WARNING, file.refusal)
    if file.kind is Kind.LINK:
        return Remark(file.source.label, Outcome.WARNING, f"not taken: {file.refusal}")
    reason = file.refusal or reasons.get(file.kind)
    outcome, why = (Outcome.PASSED_OVER, reason) if reason else why_not(file.path)
    return Remark(file.source.label, outcome, why)


def _remarks(reading: Reading) -> Iterator[Remark]:
    for read in reading.versions:
        yield from read.remarks
    yield from reading.remarks


def _fates(told: Iterable[Remark]) -> dict[str, Remark]:
    fates: dict[str, Remark] = {}
    for remark in sorted((one for one in told if one.outcome in _FATES), key=lambda one: _FATES.index(one.outcome)):
        fates.setdefault(remark.source, remark)
    return fates


def _fates_untold(untold: Sequence[File], shelf: Shelf, dropped: Sequence[Work]) -> dict[str, Remark]:
    reasons = _UNUSED if shelf.definition.publications is None else _UNLISTED
    fates = {file.source.label: unused(file, reasons) for file in untold}
    return fates | unlisted.fates_of(dropped, shelf.files, untold)


def _is_among_works(file: File) -> bool:
    return file.path.parts[0].casefold() in (COMICS, ARTICLES)


def _is_place(file: File) -> bool:
    """Whether it is the empty folder that works may be put into."""
    return file.kind is Kind.FOLDER and str(file.path).casefold() in (COMICS, ARTICLES)
