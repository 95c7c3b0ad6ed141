"""The inventory of whatever is checked: every name in it, and what each file is when a worker opens it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Protocol, TypeVar, TypeVarTuple

from packager.check.containers import Contents, OnDisk
from packager.check.containers.archive import sevenzip_pieces
from packager.check.containers.assembled import assembled
from packager.check.examine import ExamineJob, examine
from packager.check.facts import FileFacts, Inventory
from packager.check.findings import show
from packager.check.packed_facts import ArchiveFacts
from packager.check.pictures import MOST_UNPAID, unpaid_pixels
from packager.check.words import NO_WORDS, WordSearch
from packager.errors import PackagerError, SourceError
from packager.files.signatures import FileType, extension
from packager.model.progress import Progress

ARCHIVES = frozenset(("cbz", "zip", "epub"))
_OTHERS = "holds other members than its directory says"

Item = TypeVar("Item")
Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


class Failed(Protocol):
    """A job that came to nothing: its file could not be examined, or its process died."""

    @property
    def error(self) -> PackagerError: ...


class Mapper(Protocol):
    """What the check needs of a pool of workers, which opens all that is checked."""

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], *, ahead: int | None = None
    ) -> Iterator[Result | Failed]:
        """Results, or failures, in the order of the items."""

    def stream(self, function: Callable[[*Arguments], Iterator[Result]], *arguments: *Arguments) -> Iterator[Result]:
        """What one job yields, while it works; raises SourceError."""

    def only_read(self, *places: Path) -> None:
        """Let the jobs from now on read nothing but these folders and files."""


def take(contents: Contents, workers: Mapper, progress: Progress, search: WordSearch = NO_WORDS) -> Inventory:
    """Everything in `contents`, and where the words of `search` stand.

    Archives come last: a picture of theirs that was judged as a file of the tree is not judged again.
    """
    jobs = [ExamineJob(entry, origin, search=search) for entry, origin in contents.files]
    archives = [job for job in jobs if extension(job.entry.path) in ARCHIVES]
    others = [job for job in jobs if extension(job.entry.path) not in ARCHIVES]
    progress.start("check", len(jobs))
    facts = _examine_all(others, workers, progress)
    known = _judged_pictures(facts)
    facts += _examine_all([replace(job, known=known) for job in archives], workers, progress)
    progress.finish()
    return assembled(contents, facts, search)


def take_in_order(
    archive: Path, contents: Contents, workers: Mapper, scratch: Path, progress: Progress, search: WordSearch = NO_WORDS
) -> Inventory:
    """Everything in a 7z archive, whose members can only be had one after the other; none where one is damaged.

    Each waits in `scratch`, as a numbered file, until it has been examined.
    """
    listed = {one.path: one for one, _ in contents.files}
    jobs: list[ExamineJob] = []
    facts: list[FileFacts] = []

    def given_out() -> Iterator[ExamineJob]:
        for name, sent in groupby(workers.stream(sevenzip_pieces, archive), key=itemgetter(0)):
            entry = listed.pop(name, None)
            if entry is None:
                raise SourceError(_OTHERS)
            origin = OnDisk(scratch / str(len(jobs)))
            _keep(origin.path, entry.size_bytes, (piece for _, piece in sent))
            jobs.append(ExamineJob(entry, origin, search=search))
            yield jobs[-1]
        if listed:
            raise SourceError(_OTHERS)

    progress.start("check", len(listed))
    try:
        for one in _results(jobs, workers.map(examine, given_out() if listed else ()), progress):
            (scratch / str(len(facts))).unlink()
            facts.append(one)
    except SourceError as problem:
        return Inventory((), archive=ArchiveFacts(error=show(problem.what)))
    progress.finish()
    return assembled(contents, facts, search)


def _keep(path: Path, size_bytes: int, sent: Iterable[bytes]) -> None:
    """Write what a worker says that a member holds; no more of it than was listed, whatever the worker says."""
    with path.open("wb") as file:
        for piece in sent:
            size_bytes -= len(piece)
            if size_bytes < 0:
                raise SourceError(_OTHERS)
            file.write(piece)


def _examine_all(jobs: list[ExamineJob], workers: Mapper, progress: Progress) -> list[FileFacts]:
    """Return the facts of each job, which has the pixels that the results before it have left of the budget."""
    unpaid = MOST_UNPAID
    facts = []
    results = workers.map(examine, (replace(job, unpaid=unpaid) for job in jobs))
    for one in _results(jobs, results, progress):
        unpaid -= sum(map(unpaid_pixels, one.pictures))
        facts.append(one)
    return facts


def _results(jobs: list[ExamineJob], results: Iterator[FileFacts | Failed], progress: Progress) -> Iterator[FileFacts]:
    """The facts of each job; `jobs` may grow while they are asked for."""
    for number, result in enumerate(results):
        if isinstance(result, FileFacts):
            yield result
        else:
            yield FileFacts(jobs[number].entry, trouble=show(result.error.what))
        progress.advance()


def _judged_pictures(facts: list[FileFacts]) -> frozenset[str]:
    return frozenset(
        one.sha256 for one in facts if one.kind is FileType.JPEG and extension(one.path) in ("jpg", "jpeg")
    )
