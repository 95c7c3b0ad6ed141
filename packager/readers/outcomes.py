"""What became of each file of a bundle, and all that is to be said of it: a remark goes only with what it is on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from packager.config.definition import FILE_NAME, FILMS, FOLDERS, SOUND
from packager.errors import SourceError
from packager.model import Library, Outcome, Remark, Remarks
from packager.readers.context import ReadContext
from packager.readers.discovery import within
from packager.readers.files import (
    EMPTY_FILE,
    OWN_BUNDLE,
    FileKind,
    Files,
    SourceFile,
    is_for_picture,
    kind_of_path,
    why_unused,
)
from packager.readers.found import FoundWork, WorkKind
from packager.readers.publications import ReadWork
from packager.text.endings import DOCUMENTS
from packager.text.spelling import first_of

# One of these says what became of a file. Where works say several, one of these keys makes its values untrue.
_OUTCOMES = (Outcome.DAMAGED, Outcome.TAKEN, Outcome.LEFT_OUT, Outcome.PASSED_OVER)
_UNTRUE = {
    Outcome.DAMAGED: (Outcome.TAKEN, Outcome.LEFT_OUT, Outcome.PASSED_OVER),
    Outcome.TAKEN: (Outcome.LEFT_OUT,),
}

UNUSED = {
    FileKind.PICTURE: "it is not part of a comic, and no article shows it",
    FileKind.TEXT: "it is not in articles/: move it there to include it",
    FileKind.CREDIT: "no work takes its credit from this file",
    FileKind.ARCHIVE: "it is not in comics/: move it there if it is a comic, else unpack it",
    FileKind.BOOK: "it is in neither comics/ nor articles/: move it there to include it",
    FileKind.FILM: "it is not in films/: move it there to include it",
    FileKind.SOUND: "it is not in sound/: move it there to include it",
    FileKind.SUBTITLES: "its name is that of no film beside it, or of several: call it as its film is called",
    FileKind.NOTICE: "it is a note for whoever makes the bundle",
    FileKind.COMIC_INFO: "it lies beside no comic",
}
_WHOLE = (FileKind.ARCHIVE, FileKind.BOOK, FileKind.FILM, FileKind.SOUND)
"""Of which each file may be a whole work."""
_UNLISTED_KINDS = (FileKind.TEXT, *_WHOLE, FileKind.ABOUT, FileKind.TRANSCRIPT, FileKind.SUBTITLES)
_UNLISTED = UNUSED | {
    FileKind.PICTURE: f"no work that {FILE_NAME} lists contains or shows it",
    **dict.fromkeys(_UNLISTED_KINDS, f"{FILE_NAME} does not list it"),
}
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class PictureCount:
    """How many pictures were found, and what became of them: `found` is the sum of the others."""

    found: int
    shown: int
    damaged: int
    refused: int


def account_for_files(
    works: Sequence[ReadWork],
    context: ReadContext,
    *,
    unlisted: Sequence[FoundWork],
    no_comics: Sequence[FoundWork],
    problems: Sequence[SourceError],
    on_pictures: Sequence[Remark],
) -> Remarks:
    """Return all remarks: those on the bundle's files in their order, at least one on each, then all others.

    A remark on a part of a file stands beside the one that says that the file is used. `unlisted` works are left out by
    the definition and warned of first; `no_comics` are folders without a picture; `problems` are those of sources that
    were skipped, `on_pictures` are remarks on pictures, which hold for pictures that are used.
    """
    unreadable = [Remark(str(problem.where), Outcome.DAMAGED, problem.what) for problem in problems]
    remarks = _true((*unreadable, *(remark for work in works for remark in work.all_remarks)))
    told = {remark.source for remark in remarks if remark.outcome in (*_OUTCOMES, Outcome.WARNING)}
    rest = [file for file in context.files if file.source.label not in told and not _is_empty_place(file)]
    reasons = UNUSED if context.definition.publications is None else _UNLISTED
    by_label: dict[str, list[Remark]] = {file.source.label: [] for file in context.files}
    for remark in remarks:
        if remark.outcome in _OUTCOMES:
            by_label.setdefault(remark.source, []).append(remark)
    on_rest = {file.source.label: unused(file, reasons) for file in rest} | _on_unlisted(unlisted, context.files, rest)
    on_rest |= {label: remark for work in no_comics for label, remark in _on_no_comic(work, rest).items()}
    for label, remark in on_rest.items():
        by_label[label].append(remark)
    on_files = dict.fromkeys(chain.from_iterable(by_label.values()))
    others = (remark for remark in remarks if remark.outcome not in _OUTCOMES)
    used = {remark.source for remark in on_files if remark.outcome is Outcome.TAKEN}
    labels = {file.source.label for file in context.files}
    on_used = (remark for remark in on_pictures if remark.source in used or remark.source not in labels)
    return (*_unlisted_warning(unlisted), *on_files, *others, *on_used)


def _true(remarks: Iterable[Remark]) -> Remarks:
    """Return the remarks, each once, without those that another work's on the same file makes untrue."""
    every = dict.fromkeys(remarks)
    outcomes: dict[str, set[Outcome]] = {}
    for remark in every:
        outcomes.setdefault(remark.source, set()).add(remark.outcome)
    untrue = {
        source: {other for outcome in found for other in _UNTRUE.get(outcome, ())} for source, found in outcomes.items()
    }
    return tuple(remark for remark in every if remark.outcome not in untrue[remark.source])


def unused(file: SourceFile, reasons: Mapping[FileKind, str]) -> Remark:
    """Return the remark on a file that nothing asked for: why, by `reasons` or by its name.

    A warning where it may be meant for readers.
    """
    label, name = file.source.label, file.path.name
    is_among_works = file.path.parts[0].casefold() in FOLDERS
    is_made_here = label.endswith("/") and not is_among_works and not file.refusal.startswith(OWN_BUNDLE)
    is_stray = file.kind is FileKind.TEXT and file.path.suffix.lower() in DOCUMENTS and not is_among_works
    is_recording = file.kind in (FileKind.FILM, FileKind.SOUND) and reasons is not _UNLISTED
    is_in_place = file.path.parts[0].casefold() in (FILMS, SOUND)
    is_whole = is_recording or (reasons is UNUSED and (is_stray or file.kind in _WHOLE))
    is_failed = file.refusal == EMPTY_FILE and kind_of_path(file.path) in _WHOLE
    is_nameless = file.kind is FileKind.NAMELESS and is_among_works and file.kind not in reasons
    is_misnamed = file.kind is FileKind.PICTURE and not is_for_picture(file.path)
    warnings = (
        (file.kind is FileKind.GENERATED and not is_made_here, file.refusal),
        (file.kind in (FileKind.LINK, FileKind.HIDDEN), f"not taken: {file.refusal}"),
        (file.refusal.startswith("not taken: "), file.refusal),
        (file.kind is FileKind.SUBTITLES and reasons is UNUSED, f"not taken: {reasons.get(file.kind)}"),
        (is_recording and is_in_place, "not taken: it belongs to a work that cannot be read"),
        (is_whole, f"not taken: {UNUSED.get(file.kind)}"),
        (is_failed, "an empty file, as where a download failed"),
        (is_nameless, f"not taken: a text without an ending: name it {name}.txt"),
        (is_misnamed, "not taken: a picture, whatever its name says: was it fetched rightly?"),
    )
    for is_so, warning in warnings:
        if is_so:
            return Remark(label, Outcome.WARNING, warning)
    is_poster = file.kind is FileKind.PICTURE and is_in_place and reasons is UNUSED
    reason = file.refusal or reasons.get(FileKind.SUBTITLES if is_poster else file.kind)
    return Remark(label, *((Outcome.PASSED_OVER, reason) if reason else why_unused(file.path)))


def count_pictures(library: Library, remarks: Iterable[Remark]) -> PictureCount:
    """Return the count of a library's pictures, where `remarks` are all that is reported."""
    remarks = tuple(remarks)
    unreadable = {remark.source for remark in remarks if remark.outcome is Outcome.DAMAGED}
    versions = [version for _, version in library.versions]
    used = {picture.source for version in versions for picture in version.all_pictures}
    used |= {version.work.cover.source for version in versions if version.work.cover}
    pictures = {*library.pictures, *used}
    damaged = {source for source in pictures if source.label in unreadable}
    inside = sum(remark.pictures for remark in remarks)
    refused = len(pictures - used - damaged) + inside
    return PictureCount(len(pictures) + inside, len(used - damaged), len(damaged), refused)


def _is_empty_place(file: SourceFile) -> bool:
    """Whether it is the empty folder that works may be put into."""
    return file.kind is FileKind.FOLDER and str(file.path).casefold() in FOLDERS


def _unlisted_warning(works: Sequence[FoundWork]) -> Remarks:
    """Return one warning that counts and names the works that are not listed; none where there are none."""
    if not works:
        return ()
    kinds = [work.kind for work in works]
    what = " and ".join(kind.counted(number) for kind in WorkKind if (number := kinds.count(kind)))
    names = first_of([work.label for work in works], _MOST_NAMED)
    are = "are" if len(works) > 1 else "is"
    message = (
        f"does not list {what}, which {are} left out: {names}; "
        "add a [[publication]] for each, or remove every [[publication]] to include everything"
    )
    return (Remark(FILE_NAME, Outcome.WARNING, message),)


def _on_unlisted(works: Sequence[FoundWork], files: Files, rest: Files) -> dict[str, Remark]:
    """Return the remark on each file of `rest` in these works, by its label: one for a folder that is a comic."""
    remarks: dict[str, Remark] = {}
    for work in works:
        own = {file.source for file in work.bundle_files}
        labels = [file.source.label for file in rest if file.source in own]
        message = f"{work.kind.words} that {FILE_NAME} does not list"
        below = within(files, work.path)
        if work.kind is WorkKind.COMIC and below and set(below) <= set(work.files):
            message += f", with {len(labels)} file{'s' * (len(labels) > 1)}"
            remarks |= dict.fromkeys(labels, Remark(f"{work.label}/", Outcome.PASSED_OVER, message))
        else:
            remarks |= {label: Remark(label, Outcome.PASSED_OVER, message) for label in labels}
    return remarks


def _on_no_comic(work: FoundWork, rest: Files) -> dict[str, Remark]:
    """Return one remark on a folder without a picture for each file of `rest` in it, by its label."""
    labels = [file.source.label for file in rest if file in work.files]
    count = (
        f", with {len(labels)} file{'s' * (len(labels) > 1)} in it"
        if all(file.size_bytes for file in work.files)
        else ""
    )
    message = f"passed over{count}: there is no picture in this folder, and texts belong in articles/"
    return dict.fromkeys(labels, Remark(f"{work.label}/", Outcome.WARNING, message))
