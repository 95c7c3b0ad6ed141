"""A drive from any edition of the tree, or part of one, to the newest: old, new, or called unfinished, never a mixture.

What is new is written into a folder beside the tree, and proven there, while the tree is as it was. Only then the old
tree gets a name that says that it is unfinished, and the new one is put together under another such name by renaming
files, one by one, so that players see them in the tree's order. Last of all the tree, whole, gets its name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import PurePosixPath

from packager.config.filesystems import file_clusters, folded_name
from packager.drive.copy_plan import Updated, needed_bytes, tree_bytes
from packager.drive.listing import below
from packager.drive.mounted import Drive, drive_at
from packager.drive.source import CopySource
from packager.drive.update_plan import Places, UpdatePlan, in_order, plan_update
from packager.drive.verify import read_past_cache
from packager.drive.write import SharedReader, settle, write_file
from packager.errors import DoesNotFit, OutputError
from packager.model.progress import SILENT, Progress, step
from packager.output.manifest import File
from packager.output.marks import STAGED, unfinished
from packager.output.volume import write_through, write_through_names


def update(
    source: CopySource, earlier: tuple[File, ...], reader: SharedReader, drive: Drive, progress: Progress
) -> tuple[int, Updated]:
    """Bring what the drive holds of the tree, or of `earlier` editions, to the tree; first how many files stayed.

    Raises OutputError where that cannot be done without loss, and DoesNotFit where the new files find no space beside
    the old, both before anything of a tree has changed; OSError when the drive fails.
    """
    plan = plan_update(source, earlier, reader, drive, progress)
    if plan.is_done(source):
        settle(source, drive.folder / source.name)
    else:
        _remove_remains(plan, drive)
        _require_space(source, plan, drive)
        staged = _stage(source, plan, reader, drive, progress)
        _put_together(source, plan, staged, drive)
    written = sum(file.size_bytes for file in plan.written)
    paths = {file.path for file in source.files}
    removed = sum(held.path is not None and held.path not in paths for held in plan.gone)
    order = order_note(source, drive)
    return len(plan.kept), Updated(len(plan.written), written, removed, plan.foreign_files, order)


def order_note(source: CopySource, drive: Drive) -> str:
    """Why the names of the tree may stand on the drive in another order than the tree's; "" where they do not."""
    if drive.file_system == "fuseblk":  # its driver lists names in no order; it writes them one behind the other
        return ""
    if drive.format is None:
        return f"{drive.file_system or 'its file system'} keeps names in an order of its own, and so may players"
    wrong = 0
    for folder, names in in_order(source).items():
        own = set(names)
        listed = [entry.name for entry in os.scandir(drive.folder / folder) if entry.name in own]
        wrong += listed != names
    return f"players may show files in another order: {wrong} folders could not be put in that of the tree" * (
        wrong > 0
    )


def _remove_remains(plan: UpdatePlan, drive: Drive) -> None:
    """Remove what an update before has written and this one does not need."""
    for held in plan.gone:
        if held.path is None:
            (drive.folder / held.place).unlink()


def _require_space(source: CopySource, plan: UpdatePlan, drive: Drive) -> None:
    """DoesNotFit unless the new files, and folders for all, fit while all that is old is still there."""
    free, needed = drive_at(drive.path, ()).free_bytes, _needed_bytes(plan, source, drive)
    if needed <= free:
        return
    held = (each.size_bytes for each in plan.contents.holdings if each.size_bytes)
    freed = sum(file_clusters(size, drive.cluster_bytes) for size in held) * drive.cluster_bytes
    fits = needed_bytes(source, drive, ()) <= free + freed
    instead = f", or have the old edition removed first: {source.replacing(drive.path)}" if fits else ""
    raise DoesNotFit(
        f"the new files need {needed:,} bytes while the old ones are still there, and {free:,} are free; "
        "the edition on it is as it was",
        hint=f"Free {needed - free:,} bytes on it{instead or ', or take a larger one'}.",
    )


def _needed_bytes(plan: UpdatePlan, source: CopySource, drive: Drive) -> int:
    """Bytes in whole clusters of the files to be written, and of folders for all that does not move as a whole."""
    written = {file.path: file.size_bytes for file in plan.written}
    sizes = dict(written)
    if drive.format:
        for file in source.files:
            sizes[_moved_with(file.path, plan.whole) or file.path] = written.get(file.path, 0)
    staged = {plan.contents.workplace / STAGED / name: 0 for name in _staged_names(source, plan).values()}
    return tree_bytes(sizes, drive) + tree_bytes(staged, drive) + drive.cluster_bytes  # by which the root may grow


def _stage(source: CopySource, plan: UpdatePlan, reader: SharedReader, drive: Drive, progress: Progress) -> Places:
    """Write the new files beside the tree, and prove them there. Their places by their paths in the tree."""
    folder = plan.contents.workplace / STAGED
    (drive.folder / folder).mkdir(parents=True, exist_ok=True)
    staged: Places = {}
    with step(progress, "copy", sum(file.size_bytes for file in plan.written)):
        for file, name in _staged_names(source, plan).items():
            write_file(file, reader, drive.folder / folder / name, drive, progress)
            staged[file.path] = folder / name
    for place in (folder, folder.parent, PurePosixPath()):
        write_through_names(drive.folder / place)
    write_through(drive.folder / folder)
    for file in plan.written:
        target, size = drive.folder / staged[file.path], file.size_bytes
        if read_past_cache(target, size, size, SILENT)[0] != file.sha256:
            what = "it does not give back what is written to it; the edition on it was left as it is"
            raise OutputError(what, hint="The drive may hold less than it claims, or be worn out: do not trust it.")
    return staged


def _staged_names(source: CopySource, plan: UpdatePlan) -> dict[File, str]:
    """A name for each new file by itself, which tells nothing but its number and content."""
    written = {file.path for file in plan.written}
    return {file: f"{number:05}-{file.sha256[:16]}" for number, file in enumerate(source.files) if file.path in written}


def _put_together(source: CopySource, plan: UpdatePlan, staged: Places, drive: Drive) -> None:
    """Take the old tree apart and put the new one together from its files and the new ones, all by renaming.

    A folder that holds much gets its names beside where it was: in one folder a name changes in one write.
    """
    contents = plan.contents
    moved, new = _put_away(source, plan, drive)

    def now(place: PurePosixPath) -> PurePosixPath:
        root = next((root for root in moved if place.is_relative_to(root)), None)
        return moved[root] / place.relative_to(root) if root else place

    # What is of others moves when the folders that it comes into are on the disk, and before anything is removed.
    for moves in (_moves(source, plan, staged), plan.foreign.items()):
        for path, place in moves:
            _move(now(place), new / path.relative_to(source.name), drive)
        write_through(drive.folder / contents.workplace)
    for held in plan.gone:
        if held.path is not None:
            (drive.folder / now(held.place)).unlink()
    for folder in (*map(now, contents.roots), contents.workplace / STAGED):
        _remove_empty(folder, drive)
    settle(source, drive.folder / new)
    _move(new, PurePosixPath(source.name), drive)
    write_through_names(drive.folder)
    (drive.folder / contents.workplace).rmdir()
    write_through_names(drive.folder)


def _put_away(source: CopySource, plan: UpdatePlan, drive: Drive) -> tuple[Places, PurePosixPath]:
    """Give the tree a number in the place of its name: where it is now, and where the new one is to be."""
    number = plan.contents.last_number
    moved: Places = {}
    for root in plan.contents.roots:
        if folded_name(root.name) == folded_name(source.name):
            number += 1
            moved[root] = PurePosixPath(unfinished(source.name, number))
            _move(root, moved[root], drive)
    write_through_names(drive.folder)  # before anything leaves it
    write_through(drive.folder / plan.contents.workplace)
    return moved, PurePosixPath(unfinished(source.name, number + 1))


def _moves(source: CopySource, plan: UpdatePlan, staged: Places) -> Iterator[tuple[PurePosixPath, PurePosixPath]]:
    """What of the tree comes where, in its order."""
    placed = set()
    for file in source.files:
        folder = _moved_with(file.path, plan.whole)
        if folder is None:
            yield file.path, staged.get(file.path) or plan.kept[file.path]
        elif folder not in placed:
            yield folder, plan.whole[folder]
            placed.add(folder)


def _moved_with(path: PurePosixPath, whole: Places) -> PurePosixPath | None:
    """The outermost folder that moves as a whole with what is in it."""
    return next((folder for folder in reversed(path.parents) if folder in whole), None)


def _move(place: PurePosixPath, target: PurePosixPath, drive: Drive) -> None:
    """Give something another name on the drive; what bears it already is not written over."""
    above = drive.folder / target.parent
    above.mkdir(parents=True, exist_ok=True)
    if above.stat().st_dev != drive.device:
        raise OutputError("is no longer mounted", where=drive.path, hint="Plug it in again, then run it again.")
    if os.path.lexists(drive.folder / target):
        raise OutputError(f"{target} is in the way", where=drive.path, hint="Run the same command again.")
    (drive.folder / place).rename(drive.folder / target)


def _remove_empty(folder: PurePosixPath, drive: Drive) -> None:
    """Remove a folder and those in it, where it is there; OSError where something is left in one."""
    if os.path.isdir(drive.folder / folder):  # noqa: PTH112 - of a root that moved as a whole nothing is left
        inner = [listed.place for listed in below(drive.folder, folder) if listed.size_bytes is None]
        for place in sorted((folder, *inner), key=lambda place: len(place.parts), reverse=True):
            (drive.folder / place).rmdir()
