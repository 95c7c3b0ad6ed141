"""A tree as the whole content of a stick or card, in one file for duplicators and `dd`: written, or compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, count
from pathlib import Path

from packager.config.filesystems import SECTOR, Filesystem, fat32_volume
from packager.config.media import LARGEST_CLUSTER, PARTITION_START, SMALLEST_CAPACITY, Medium, cluster_of_fat32
from packager.drive.copy_plan import broken_limits
from packager.drive.fat32 import SECTORS_PER_CLUSTER_AT, ImagePart, Placement, image_parts, place
from packager.drive.source import CopySource, load
from packager.errors import DoesNotFit, OutputError, SourceError, UsageError, os_errors
from packager.model.progress import SILENT, Progress, step
from packager.output import marks
from packager.output.atomic import atomic_write
from packager.output.manifest import File
from packager.output.marks import FolderMark

FAT32_ONLY = "Images are FAT32: choose a medium up to 32 GB, or add --filesystem fat32."
# Beside its tree an image is seen: the next build into that folder names it, and touches nothing.
_OURS = tuple(mark for mark in FolderMark if mark not in (FolderMark.BUNDLE, FolderMark.OUTPUT))
_OTHER_DISK = "Free some space, or choose another disk."
_PIECE = 1 << 20
_ZEROS = bytes(_PIECE)


@dataclass(frozen=True, slots=True)
class Image:
    """What an image holds. `occupied_bytes` are whole clusters, folders included."""

    path: Path
    size_bytes: int
    occupied_bytes: int
    cluster_bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class ImageDifference:
    """The offset of the first byte of an image that is not what the tree gives, and in words what lies there."""

    offset: int
    content: str


def fat32_medium(medium: Medium) -> Medium:
    """The medium as an image needs it; UsageError for one that is not formatted as FAT32.

    Its clusters are those that `plan` assumes; where larger ones were asked for than FAT32 can have there, the largest.
    """
    if medium.filesystem is not Filesystem.FAT32:
        raise UsageError(f"no image can be made for {medium.name}, which is {medium.filesystem}", hint=FAT32_ONLY)
    return replace(medium, cluster_bytes=cluster_of_fat32(medium.capacity_bytes, medium.cluster_bytes))


def medium_of(image: Path) -> Medium:
    """The medium that the image was made for, by its size and the cluster size in its boot sector.

    Raises OutputError where it cannot be read, SourceError where it cannot be an image of ours.
    """
    _refuse_endless(image)
    with os_errors(OutputError, "cannot be read", image), image.open("rb") as file:
        capacity = file.seek(0, 2)
        file.seek(PARTITION_START + SECTORS_PER_CLUSTER_AT)
        cluster = int.from_bytes(file.read(1)) * SECTOR
    is_cluster = cluster.bit_count() == 1 and cluster <= LARGEST_CLUSTER[Filesystem.FAT32]
    if capacity < SMALLEST_CAPACITY or not is_cluster or cluster_of_fat32(capacity, cluster) != cluster:
        raise SourceError("is no image that `packager image` makes", where=image, hint="Make it again.")
    return Medium(image.name, capacity, Filesystem.FAT32, cluster, capacity)


def write_image(
    tree: Path, target: Path, medium: Medium, *, replace: bool = False, progress: Progress = SILENT
) -> Image:
    """Write `tree` as the one folder of a new volume into the file `target`, which appears when it is complete.

    Raises SourceError, DoesNotFit or OutputError; `target` is then as it was.
    """
    with os_errors(OutputError, "cannot be written", target, _OTHER_DISK):
        _refuse_unusable(target, tree, replace)
    source, placement = _placed(tree, medium)
    with (
        os_errors(OutputError, "cannot be written", target, _OTHER_DISK),
        step(progress, "copy", source.size_bytes),
        atomic_write(target) as image,
    ):
        image.truncate(medium.capacity_bytes)
        for part in image_parts(placement, partial(_pieces, source.root, progress)):
            image.seek(part.offset)
            image.write(part.data)
    return _image(target, medium, placement)


def verify_image(
    tree: Path, image: Path, medium: Medium, *, progress: Progress = SILENT
) -> tuple[Image, ImageDifference | None]:
    """Compare every byte of `image` with what `write_image` would write of `tree`; where they differ first, if they do.

    Raises SourceError, DoesNotFit or OutputError where the tree gives no image, or the image cannot be read.
    """
    _refuse_endless(image)
    source, placement = _placed(tree, medium)
    parts = image_parts(placement, partial(_pieces, source.root, progress))
    with (
        step(progress, "check", source.size_bytes),
        os_errors(OutputError, "cannot be read", image),
        image.open("rb") as file,
    ):
        for part in _without_gaps(parts, medium.capacity_bytes):
            read = file.read(len(part.data))
            if read != part.data:
                return _image(image, medium, placement), _difference(part, read)
        beyond = ImageDifference(medium.capacity_bytes, "what follows the end") if file.read(1) else None
    return _image(image, medium, placement), beyond


def _refuse_endless(image: Path) -> None:
    """OutputError for what would be read for ever, as a named pipe."""
    if image.exists() and not (image.is_file() or image.is_block_device()):
        raise OutputError("is not a plain file", where=image, hint="Name the image that `packager image` made.")


def _placed(tree: Path, medium: Medium) -> tuple[CopySource, Placement]:
    source = load(tree)
    if limits := broken_limits(source, Filesystem.FAT32):
        raise OutputError(f"FAT32: {limits[0]} ({len(limits)} in all)", where=source.root, hint="Rename or split it.")
    placement = place(source.files, fat32_volume(medium.capacity_bytes - PARTITION_START, medium.cluster_bytes))
    _require_fit(placement, medium, tree)
    return source, placement


def _image(path: Path, medium: Medium, placement: Placement) -> Image:
    occupied, files = placement.occupied_bytes, len(placement.files)
    return Image(path, medium.capacity_bytes, occupied, medium.cluster_bytes, files)


def _without_gaps(parts: Iterable[ImagePart], size_bytes: int) -> Iterator[ImagePart]:
    """The parts, and between them and behind them zeros, in pieces."""
    at = 0
    for part in chain(parts, [ImagePart(size_bytes, b"", "")]):
        while at < part.offset:
            zeros = _ZEROS[: part.offset - at]
            yield ImagePart(at, zeros, "what should be empty")
            at += len(zeros)
        yield part
        at += len(part.data)


def _difference(part: ImagePart, read: bytes) -> ImageDifference:
    """Where `read` begins to differ from the part, which it does, if only by ending before."""
    if len(read) < len(part.data) and part.data.startswith(read):
        return ImageDifference(part.offset + len(read), f"{part.content}, where the image ends")
    at = next(at for at in count() if read[at] != part.data[at])
    return ImageDifference(part.offset + at, part.content)


def _refuse_unusable(target: Path, tree: Path, replace: bool) -> None:
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise OutputError(
            "is not a plain file", where=target, hint="Name a new file; it can then be written to drives."
        )
    if not target.parent.is_dir():
        raise OutputError("is not a folder", where=target.parent, hint="Make it first, or choose another one.")
    if target.resolve().is_relative_to(tree.resolve()):
        raise OutputError("lies in the tree itself", where=target, hint="Choose another folder.")
    if (mark := marks.mark_of(target.parent.resolve())) in _OURS:
        raise OutputError(f"lies in {mark}", where=target, hint="Choose another folder.")
    if target.exists() and not replace:
        raise OutputError("exists; nothing was touched", where=target, hint="Replace it with --force.")


def _require_fit(placement: Placement, medium: Medium, tree: Path) -> None:
    room = min(medium.payload_bytes, placement.available_bytes)
    over = placement.occupied_bytes - room
    if over > 0:
        raise DoesNotFit(
            f"occupies {placement.occupied_bytes / 1e6:,.1f} MB, {over / 1e6:,.1f} MB more than {medium.name} holds "
            f"({room / 1e6:,.1f} MB)",
            where=tree,
            hint="Choose a larger medium, or build a smaller tree with `packager build --medium`.",
        )


def _pieces(root: Path, progress: Progress, file: File) -> Iterator[bytes]:
    """The content of a file; SourceError when it cannot be read, or is not what the manifest says."""
    digest, left = hashlib.sha256(), file.size_bytes
    with os_errors(SourceError, "cannot be read", root / file.path), (root / file.path).open("rb") as source:
        while piece := source.read(min(left, _PIECE)):
            digest.update(piece)
            left -= len(piece)
            progress.advance(len(piece))
            yield piece
    if digest.hexdigest() != file.sha256:
        raise SourceError("is not as it was built", where=root / file.path, hint="Build again.")
