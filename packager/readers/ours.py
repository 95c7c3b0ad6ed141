"""What a build made or keeps, found among the sources by what stands in it, and told apart from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import PurePosixPath

from packager.archive.read import open_member
from packager.config.definition import Definition
from packager.errors import SourceError
from packager.model import Outcome, Remark, Source
from packager.output import marks
from packager.output.marks import Mark
from packager.readers.discovery import Work
from packager.readers.files import File, told
from packager.readers.kinds import Kind
from packager.sandbox.pool import Failure, Workers

_TEXTS = (Kind.TEXT, Kind.ABOUT, Kind.TRANSCRIPT, Kind.CREDIT)
_LIST = frozenset({"000.txt", "000.jpg"})
_SUSPECT = (
    "lies there as in a tree of pictures that packager built, 000.jpg before folders 001, 002: take such a one away"
)


def told_apart(files: Sequence[File], workers: Workers) -> tuple[File, ...]:
    """The files, with a refusal for each text that is a page of a tree, a report or a manifest, whatever its name."""
    found = dict(_marked(files, workers))
    return tuple(_refused(file, _what(found[file])) if file in found else file for file in files)


def told_apart_in_archives(
    files: Sequence[File], works: Sequence[Work], workers: Workers
) -> tuple[tuple[File, ...], tuple[Work, ...]]:
    """The files and the opened works, without the archives in which the like lies: those are refused as a whole."""
    inside = [member for work in works for member in _members(work)]
    found = {member.path: mark for member, mark in _marked(inside, workers)}
    for path in _lists(inside):
        found.setdefault(path, Mark.TREE)
    archives = {archive.path: archive for work in works for archive in _archives(work)}
    refused = {archive: mark for path, mark in found.items() for archive in archives if path.is_relative_to(archive)}
    kept = (_without(work, refused.keys()) for work in works)
    return (
        tuple(_refused(file, f"holds {refused[file.path]}") if file.path in refused else file for file in files),
        tuple(work for work in kept if work),
    )


def refuse_listed(definition: Definition, files: Iterable[File]) -> None:
    """SourceError where the definition lists such a text or archive."""
    listed = {publication.source for publication in definition.publications or ()}
    for file in files:
        if file.kind is Kind.OURS and file.source.path in listed:
            raise SourceError(f"{file.refusal.partition(': it ')[2]}, and never a source", where=file.source.path)


def suspected(files: Iterable[File]) -> Iterator[Remark]:
    """That pictures lie as in a tree for screens that know nothing else, which could as well be somebody's comic."""
    paths = {PurePosixPath(str(file.path).casefold()): file.path for file in files if file.kind is Kind.PICTURE}
    for folded, path in paths.items():
        if folded.name == "000.jpg" and folded.parent / "001" / "001.jpg" in paths:
            yield Remark(told(path.parent), Outcome.WARNING, _SUSPECT)


def mark_of(source: Source) -> Mark | None:
    """What a text or a member is, as `marks.mark_of_text` says. A job for a worker; raises SourceError."""
    if source.member is not None:
        with open_member(source.path, source.member) as member:
            return marks.mark_of_text(member.read(marks.TEXT_HEAD_BYTES))
    try:
        with source.path.open("rb") as file:
            return marks.mark_of_text(file.read(marks.TEXT_HEAD_BYTES))
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=source.label) from error


def _marked(files: Iterable[File], workers: Workers) -> Iterator[tuple[File, Mark]]:
    """The texts among the files that are ours; what cannot be read is told where it is read whole."""
    texts = [file for file in files if file.kind in _TEXTS and not file.refusal]
    for file, mark in zip(texts, workers.map(mark_of, [file.source for file in texts]), strict=True):
        if mark and not isinstance(mark, Failure):
            yield file, mark


def _lists(files: Iterable[File]) -> Iterator[PurePosixPath]:
    """What stands first in trees of pictures for players, where both files lie in one folder."""
    names: dict[PurePosixPath, set[str]] = {}
    for file in files:
        beside = names.setdefault(file.path.parent, set())
        beside.add(file.path.name.casefold())
        if beside >= _LIST:
            yield file.path


def _archives(work: Work) -> tuple[File, ...]:
    return (work.archive,) if work.archive else work.opening.archives


def _members(work: Work) -> Iterator[File]:
    """The files of a work that lie in its archives."""
    places = {archive.path for archive in _archives(work)}
    return (file for file in work.files if not places.isdisjoint(file.path.parents))


def _without(work: Work, archives: Iterable[PurePosixPath]) -> Work | None:
    """The work without what lies in these archives; None where it is one of them."""
    places = {*archives}
    if work.archive:
        return None if work.archive.path in places else work
    files = tuple(file for file in work.files if places.isdisjoint(chain((file.path,), file.path.parents)))
    opened = tuple(archive for archive in work.opening.archives if archive.path not in places)
    return replace(work, files=files, opening=replace(work.opening, archives=opened))


def _refused(file: File, what: str) -> File:
    return replace(file, kind=Kind.OURS, refusal=f"not taken: it {what}")


def _what(mark: Mark) -> str:
    return "is a page of a tree that packager built" if mark is Mark.TREE else f"is {mark}"
