"""The inventory of whatever lies at a path: every name in it, and what each file is when a worker opens it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from packager.check.containers import Contents, OnDisk, folder_contents
from packager.check.containers.archive import sevenzip_contents, zip_contents
from packager.check.containers.assembled import assembled
from packager.check.examine import ExamineJob, examine
from packager.check.facts import ArchiveFacts, FileFacts, Inventory, JpegFacts, Node, Shape, TreeEntry
from packager.check.findings import show
from packager.check.known import KnownFacts
from packager.check.pictures import MOST_UNPAID, unpaid_pixels
from packager.check.recordings import WALKERS
from packager.check.words import NO_WORDS, WordSearch, find_in_name
from packager.config.definition import FILE_NAME
from packager.errors import UsageError, os_errors
from packager.files.signatures import HEAD_BYTES, FileType, extension, file_type
from packager.model.progress import Progress
from packager.output import marks
from packager.output.marks import KEEP, FolderMark
from packager.sandbox.pool import Failure, Workers

ARCHIVES = frozenset(("cbz", "zip", "epub"))
HOME = "index.html"
# What a file that is cut before its first bytes tell was meant to be.
BY_EXTENSION = {
    "zip": FileType.ZIP,
    "cbz": FileType.ZIP,
    "epub": FileType.ZIP,
    "7z": FileType.SEVEN_ZIP,
    "html": FileType.HTML,
    "htm": FileType.HTML,
}
HINT = "Give a folder, a drive, a ZIP, CBZ, EPUB or 7z, or one HTML file or film."
DISK_HINT = "Mount it and check its folder, or compare an image with its tree: packager image TREE FILE.img --verify"


def inventory_of(
    path: Path, workers: Workers, progress: Progress, search: WordSearch = NO_WORDS, known: KnownFacts | None = None
) -> Inventory:
    """Everything that lies at `path`, and its name; UsageError where nothing does, or nothing that can be checked."""
    inventory = _inventory_of(path, workers, progress, search, known)
    if inventory.shape is Shape.DOCUMENT:  # whose one file has the name
        return inventory
    named = tuple(("", match) for match in find_in_name(path.resolve().name, search))
    return replace(inventory, words=(*inventory.words, *named))


def _inventory_of(
    path: Path, workers: Workers, progress: Progress, search: WordSearch, known: KnownFacts | None
) -> Inventory:
    kind = _kind(path)
    if kind is None:
        _refuse_unfinished(path)
        return examine_contents(folder_contents(path), workers, progress, search, known)
    if kind is FileType.HTML or kind in WALKERS:
        status = path.stat()
        entry = TreeEntry(path.name, Node.FILE, status.st_size, status.st_mtime_ns)
        document = Contents(files=((entry, OnDisk(path)),), shape=Shape.DOCUMENT)
        return examine_contents(document, workers, progress, search)
    return examine_contents(_listed(LISTERS[kind], path, workers), workers, progress, search)


def _refuse_unfinished(path: Path) -> None:
    """Raise UsageError for a bundle, and for all that a build makes, where the tree alone is to be checked."""
    if (path / HOME).exists():
        return
    is_bundle = os.path.lexists(path / FILE_NAME) or marks.is_laid_out_as_bundle(path)
    mark = FolderMark.BUNDLE if is_bundle else marks.mark_of(path)
    if mark is FolderMark.BUNDLE:
        only = f", or, with --definition-only, its {FILE_NAME} alone" if os.path.lexists(path / FILE_NAME) else ""
        raise UsageError(f"is {mark}", where=path, hint=f"Check the tree that `packager build` makes of it{only}.")
    if mark is FolderMark.OUTPUT:
        trees = " or ".join(str(path / tree.name) for tree in marks.trees_in(path))
        hint = f"Check the tree in it: {trees or 'its folder'}. Before a drive is handed on, {KEEP} must go from it."
        raise UsageError("holds a tree and what is for you alone", where=path, hint=hint)
    if mark and mark is not FolderMark.TREE:
        raise UsageError(f"is {mark}", where=path, hint="Check a tree that a build made, or the drive that holds one.")


def _kind(path: Path) -> FileType | None:
    """What the file at `path` is; None for a folder."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return None
        if not stat.S_ISREG(mode) and not stat.S_ISBLK(mode):
            raise UsageError("is neither a file nor a folder", where=path, hint=HINT)
        with path.open("rb") as file:
            kind = file_type(file.read(HEAD_BYTES))
    except FileNotFoundError as problem:
        raise UsageError("there is no such file or folder", where=path, hint=HINT) from problem
    except (OSError, ValueError) as problem:
        raise UsageError(f"cannot be read: {getattr(problem, 'strerror', problem)}", where=path) from problem
    if kind in LISTERS or kind in WALKERS or kind is FileType.HTML:
        return kind
    meant = BY_EXTENSION.get(extension(path.name))
    if meant is None:
        hint = DISK_HINT if kind is FileType.DISK else HINT
        raise UsageError(f"is {kind}, which is not checked by itself", where=path, hint=hint)
    return meant


def _listed(lister: Callable[[Path], Contents], path: Path, workers: Workers) -> Contents:
    """What `path` holds, as a worker finds it: directories can be as hostile as files."""
    [result] = workers.map(lister, [path])
    if isinstance(result, Contents):
        return result
    if isinstance(result.error, UsageError):
        raise result.error
    return Contents(archive=ArchiveFacts(problems=(("A101", "", show(result.error.what)),)))


def _zip(path: Path) -> Contents:
    with os_errors(UsageError, "cannot be read", path), path.open("rb") as file:
        return zip_contents(file, OnDisk(path), path.name, Shape.TREE)


LISTERS: dict[FileType, Callable[[Path], Contents]] = {
    FileType.ZIP: _zip,
    FileType.SEVEN_ZIP: sevenzip_contents,
}


def examine_contents(
    contents: Contents,
    workers: Workers,
    progress: Progress,
    search: WordSearch = NO_WORDS,
    known_facts: KnownFacts | None = None,
) -> Inventory:
    """Everything in `contents`, and where the words of `search` stand.

    Archives come last: a picture of theirs that was judged as a file of the tree is not judged again.
    """
    jobs = [ExamineJob(entry, origin, search=search) for entry, origin in contents.files]
    archives = [job for job in jobs if extension(job.entry.path) in ARCHIVES]
    others = [job for job in jobs if extension(job.entry.path) not in ARCHIVES]
    progress.start("check", len(jobs))
    facts = _examine_all(others, workers, progress, known_facts)
    known = frozenset(
        one.sha256 for one in facts if one.kind is FileType.JPEG and extension(one.path) in ("jpg", "jpeg")
    )
    facts += _examine_all([replace(job, known=known) for job in archives], workers, progress, known_facts)
    progress.finish()
    return assembled(contents, facts, search)


def _examine_all(
    jobs: list[ExamineJob], workers: Workers, progress: Progress, known: KnownFacts | None
) -> list[FileFacts]:
    """Return the facts of each job, which has the pixels that the results before it have left of the budget."""
    unpaid = MOST_UNPAID
    facts = []
    codings: dict[JpegFacts, JpegFacts] = {}  # of thousands of pictures, in memory once
    found = [known.of(job) if known else None for job in jobs]
    new = (job for job, one in zip(jobs, found, strict=True) if one is None)
    results = workers.map(examine, (replace(job, unpaid=unpaid) for job in new))
    for job, earlier in zip(jobs, found, strict=True):
        one = earlier or _facts(job, next(results))
        if known and not earlier:
            known.note(job, one)
        unpaid -= sum(map(unpaid_pixels, one.pictures))
        facts.append(_with_common_codings(one, codings))
        progress.advance()
    return facts


def _facts(job: ExamineJob, result: FileFacts | Failure) -> FileFacts:
    return result if isinstance(result, FileFacts) else FileFacts(job.entry, trouble=show(result.error.what))


def _with_common_codings(facts: FileFacts, codings: dict[JpegFacts, JpegFacts]) -> FileFacts:
    pictures = (
        replace(one, jpeg=codings.setdefault(one.jpeg, one.jpeg)) if one.jpeg else one for one in facts.pictures
    )
    return replace(facts, pictures=tuple(pictures))
