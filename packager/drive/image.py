"""A tree as the whole content of a stick or card: one file for duplicators and `dd`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from packager.config.media import PARTITION_START, cluster_of_fat32
from packager.config.medium import Filesystem, Medium, fat32_volume
from packager.drive import fat32, fit
from packager.drive.fat_plan import Placement, place
from packager.drive.source import load
from packager.drive.values import Source
from packager.errors import DoesNotFit, OutputError, SourceError, UsageError
from packager.model.progress import SILENT, Progress, step
from packager.output.manifest import File
from packager.output.staging.file import appearing

FAT32_ONLY = "Images are FAT32: choose a medium up to 32 GB, or add --filesystem fat32."
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Blank:
    """A stick or card to be: its size, and how much of it a tree may occupy, in clusters of that size."""

    name: str
    capacity_bytes: int
    cluster_bytes: int
    payload_bytes: int


@dataclass(frozen=True, slots=True)
class Image:
    """What was written. `occupied_bytes` are whole clusters, folders included."""

    path: Path
    size_bytes: int
    occupied_bytes: int
    cluster_bytes: int
    files: int


def blank(medium: Medium) -> Blank:
    """The medium as an image needs it; UsageError for one that is not formatted as FAT32.

    Its clusters are those that `plan` assumes; where larger ones were asked for than FAT32 can have there, the largest.
    """
    if medium.filesystem is not Filesystem.FAT32:
        raise UsageError(f"no image can be made for {medium.name}, which is {medium.filesystem}", hint=FAT32_ONLY)
    cluster = cluster_of_fat32(medium.capacity_bytes, medium.cluster_bytes)
    return Blank(medium.name, medium.capacity_bytes, cluster, medium.payload_bytes)


def write_image(tree: Path, target: Path, stick: Blank, *, replace: bool = False, progress: Progress = SILENT) -> Image:
    """Write `tree` as the one folder of a new volume into the file `target`, which appears when it is complete.

    Raises SourceError, DoesNotFit or OutputError; `target` is then as it was.
    """
    with _write_errors_explained(target):
        _refuse_unusable(target, tree, replace)
    source = load(tree)
    _refuse_broken_limits(source)
    volume = fat32_volume(stick.capacity_bytes - PARTITION_START, stick.cluster_bytes)
    placement = place(source.files, volume)
    _require_fit(placement, stick, tree)
    with _write_errors_explained(target), step(progress, "copy", source.size_bytes), appearing(target) as image:
        image.truncate(stick.capacity_bytes)
        _write(image, placement, source.root, progress)
    return Image(
        target, stick.capacity_bytes, placement.occupied_bytes, stick.cluster_bytes, files=len(placement.files)
    )


def _refuse_unusable(target: Path, tree: Path, replace: bool) -> None:
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise OutputError(
            "is not a plain file", where=target, hint="Name a new file; it can then be written to drives."
        )
    if not target.parent.is_dir():
        raise OutputError("is not a folder", where=target.parent, hint="Make it first, or choose another one.")
    if target.resolve().is_relative_to(tree.resolve()):
        raise OutputError("lies in the tree itself", where=target, hint="Choose another folder.")
    if target.exists() and not replace:
        raise OutputError("exists; nothing was touched", where=target, hint="Replace it with --force.")


def _refuse_broken_limits(source: Source) -> None:
    if limits := fit.broken_limits(source, Filesystem.FAT32):
        raise OutputError(f"FAT32: {limits[0]} ({len(limits)} in all)", where=source.root, hint="Rename or split it.")


def _require_fit(placement: Placement, stick: Blank, tree: Path) -> None:
    room = min(stick.payload_bytes, placement.available_bytes)
    over = placement.occupied_bytes - room
    if over > 0:
        raise DoesNotFit(
            f"occupies {placement.occupied_bytes / 1e6:,.1f} MB, {over / 1e6:,.1f} MB more than {stick.name} holds "
            f"({room / 1e6:,.1f} MB)",
            where=tree,
            hint="Choose a larger medium, or build a smaller tree with `packager build --medium`.",
        )


@contextmanager
def _write_errors_explained(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "Free some space, or choose another disk."
        raise OutputError(f"cannot be written: {error.strerror}", where=target, hint=hint) from error


def _write(image: BinaryIO, placement: Placement, root: Path, progress: Progress) -> None:
    fat32.write_partition_table(image, placement.volume)
    fat32.write_boot_sectors(image, placement)
    fat32.write_tables(image, placement)
    fat32.write_folders(image, placement)
    for file, where in placement.files:
        image.seek(fat32.offset(placement.volume, where))
        for piece in _pieces(file, root):
            image.write(piece)
            progress.advance(len(piece))


def _pieces(file: File, root: Path) -> Iterator[bytes]:
    """The content of a file; SourceError when it cannot be read, or is not what the manifest says."""
    digest, left = hashlib.sha256(), file.size_bytes
    try:
        with (root / file.path).open("rb") as source:
            while piece := source.read(min(left, _PIECE)):
                digest.update(piece)
                left -= len(piece)
                yield piece
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=root / file.path) from error
    if digest.hexdigest() != file.sha256:
        raise SourceError("is not as it was built", where=root / file.path, hint="Build again.")
