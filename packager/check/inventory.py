"""The inventory of a tree: every name in it, and what each file is when it is opened once."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar

from packager.check.examine import Job, examine
from packager.check.facts import FileFacts, Found, Inventory, Node
from packager.check.kinds import Kind, extension
from packager.check.show import show
from packager.check.words import Needle
from packager.progress import Progress

ARCHIVES = frozenset(("cbz", "zip", "epub"))

Item = TypeVar("Item")
Result = TypeVar("Result")


class Failed(Protocol):
    """A job that came to nothing: its file could not be examined, or its process died."""

    @property
    def error(self) -> Exception: ...


class Mapper(Protocol):
    """What the check needs of a pool of workers: results, or failures, in the order of the items."""

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], *, ahead: int | None = None
    ) -> Iterator[Result | Failed]: ...


def take(tree: Path, workers: Mapper, progress: Progress, sought: tuple[Needle, ...] = ()) -> Inventory:
    """Everything in the folder `tree`, and where words that are `sought` stand; links are not followed."""
    found = sorted(walk(tree), key=lambda one: one.path)
    files = [one for one in found if one.node is Node.FILE]
    archives = [one for one in files if extension(one.path) in ARCHIVES]
    others = [one for one in files if extension(one.path) not in ARCHIVES]
    progress.start("check", len(files))
    facts = _examined([Job(tree, one, sought=sought) for one in others], workers, progress)
    known = _judged_pictures(facts)
    facts += _examined([Job(tree, one, known, sought) for one in archives], workers, progress)
    progress.finish()
    return Inventory(
        files=tuple(sorted(facts, key=lambda one: one.path)),
        folders=tuple(one.path for one in found if one.node is Node.FOLDER),
        oddities=tuple(one for one in found if one.node not in (Node.FILE, Node.FOLDER)),
    )


def walk(tree: Path) -> Iterator[Found]:
    """Every name in `tree`, in no order that means anything."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(tree / folder) as entries:
                found = [_found(folder, entry) for entry in entries]
        except OSError:
            yield Found(folder, Node.UNREADABLE)
            continue
        waiting += [one.path for one in found if one.node is Node.FOLDER]
        yield from found


def _found(folder: str, entry: os.DirEntry[str]) -> Found:
    path = f"{folder}/{entry.name}" if folder else entry.name
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return Found(path, Node.UNREADABLE)
    if stat.S_ISLNK(status.st_mode):
        return Found(path, Node.LINK)
    if stat.S_ISDIR(status.st_mode):
        return Found(path, Node.FOLDER)
    if not stat.S_ISREG(status.st_mode):
        return Found(path, Node.SPECIAL)
    return Found(path, Node.FILE, status.st_size, status.st_mtime_ns)


def _examined(jobs: list[Job], workers: Mapper, progress: Progress) -> list[FileFacts]:
    facts = []
    for job, result in zip(jobs, workers.map(examine, jobs), strict=True):
        facts.append(result if isinstance(result, FileFacts) else _failed(job, result))
        progress.advance()
    return facts


def _failed(job: Job, failure: Failed) -> FileFacts:
    return FileFacts(job.found, trouble=show(str(failure.error)))


def _judged_pictures(facts: list[FileFacts]) -> frozenset[str]:
    return frozenset(one.sha256 for one in facts if one.kind is Kind.JPEG and extension(one.path) in ("jpg", "jpeg"))
