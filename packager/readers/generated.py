"""Files that packager itself made, found among the sources by their contents, and kept apart from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from packager.archive.read import open_source
from packager.config.definition import Definition
from packager.errors import SourceError
from packager.model import Outcome, Remark, Source
from packager.output import marks
from packager.output.marks import FolderMark
from packager.readers.files import FileKind, Files, SourceFile, printable
from packager.readers.found import FoundWork
from packager.sandbox.pool import Failure, Workers

_TEXTS = (FileKind.TEXT, FileKind.ABOUT, FileKind.TRANSCRIPT, FileKind.CREDIT)
_PLAYER_LIST = frozenset({"000.txt", "000.jpg"})
_SUSPECT = (
    "it looks like a tree of pictures that packager built, with 000.jpg before the folders 001, 002; "
    "if it is one, take it out of the bundle"
)


def mark_generated(files: Files, workers: Workers) -> tuple[SourceFile, ...]:
    """Return the files, with a refusal for each text that is a page of a tree, a report or a manifest."""
    marked = dict(_marked(files, workers))
    words = {mark: f"is {mark}" for mark in FolderMark} | {FolderMark.TREE: "is a page of a tree that packager built"}
    return tuple(_refused(file, words[marked[file]]) if file in marked else file for file in files)


def without_generated_archives(
    files: Files, works: Sequence[FoundWork], workers: Workers
) -> tuple[tuple[SourceFile, ...], tuple[FoundWork, ...]]:
    """Return the files and the opened works without the archives in which such texts lie; these are refused whole."""
    archives = {archive.path for work in works for archive in work.archives}
    members = [file for work in works for file in work.files if not archives.isdisjoint(file.path.parents)]
    generated = {member.path: mark for member, mark in _marked(members, workers)}
    generated |= {path: FolderMark.TREE for path in _player_lists(members) if path not in generated}
    refused = {path: mark for inner, mark in generated.items() for path in archives.intersection(inner.parents)}
    files = tuple(_refused(file, f"holds {refused[file.path]}") if file.path in refused else file for file in files)
    return files, tuple(
        replace(
            work,
            files=tuple(file for file in work.files if refused.keys().isdisjoint((file.path, *file.path.parents))),
            contents=replace(
                work.contents,
                archives=tuple(archive for archive in work.contents.archives if archive.path not in refused),
            ),
        )
        for work in works
        if work.path not in refused
    )


def refuse_listed(definition: Definition, files: Iterable[SourceFile]) -> None:
    """Raise SourceError where the definition lists a file that packager made."""
    listed = {publication.source for publication in definition.publications or ()}
    for file in files:
        if file.kind is FileKind.GENERATED and file.source.path in listed:
            what = f"{file.refusal.partition(': it ')[2]}, and never a source"
            raise SourceError(what, where=file.source.path, hint="Take it out of the list in bundle.toml.")


def suspects(files: Iterable[SourceFile]) -> Iterator[Remark]:
    """Yield a warning for pictures that lie as in a tree for players, which could as well be somebody's comic."""
    paths = {PurePosixPath(str(file.path).casefold()): file.path for file in files if file.kind is FileKind.PICTURE}
    for folded, path in paths.items():
        if folded.name == "000.jpg" and folded.parent / "001" / "001.jpg" in paths:
            yield Remark(printable(path.parent), Outcome.WARNING, _SUSPECT)


def mark_of(source: Source) -> FolderMark | None:
    """Return what a text or a member is, as `marks.mark_of_text` says; raises SourceError. A job for a worker."""
    with open_source(source) as file:
        return marks.mark_of_text(file.read(marks.TEXT_HEAD_BYTES))


def _marked(files: Iterable[SourceFile], workers: Workers) -> Iterator[tuple[SourceFile, FolderMark]]:
    """Yield the texts that packager made; one that cannot be read is reported where it is read whole."""
    texts = [file for file in files if file.kind in _TEXTS and not file.refusal]
    for file, mark in zip(texts, workers.map(mark_of, [file.source for file in texts]), strict=True):
        if mark and not isinstance(mark, Failure):
            yield file, mark


def _player_lists(files: Iterable[SourceFile]) -> Iterator[PurePosixPath]:
    """Yield what stands first in a tree of pictures for players, where both files lie in one folder."""
    names: dict[PurePosixPath, set[str]] = {}
    for file in files:
        beside = names.setdefault(file.path.parent, set())
        beside.add(file.path.name.casefold())
        if beside >= _PLAYER_LIST:
            yield file.path


def _refused(file: SourceFile, what: str) -> SourceFile:
    return replace(file, kind=FileKind.GENERATED, refusal=f"not taken: it {what}")
