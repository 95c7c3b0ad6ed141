"""A temporary sibling of the destination, exchanged for it in one rename when the work is done."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from packager.errors import FAILED_WRITES, OutputError
from packager.files.lock import locked, work_folder
from packager.files.ownership import OwnFolder, Stranger, make_folders, stranger_above
from packager.output.volume import (
    all_mounts,
    exchange,
    mount_of,
    require_space,
    write_through,
    write_through_names,
)

__all__ = ["Stage", "place", "require_space", "stage"]

_SCRATCH, _OUTPUT, _OLD = "scratch", "output", "old"
_FILE_MODE = 0o644
_FOLDER_MODE = 0o755
_ELSEWHERE = "Choose another folder with -o."
_OWN = "Build in a folder where only you may write."
_EXPLANATIONS = {
    errno.ENOSPC: ("the disk is full", "Free some space, or choose another disk with -o."),
    errno.EDQUOT: ("your share of the disk is used up", "Free some space, or choose another disk with -o."),
    errno.EROFS: ("the disk can only be read", _ELSEWHERE),
    errno.EACCES: ("you may not write here", _ELSEWHERE),
    errno.EPERM: ("you may not write here", _ELSEWHERE),
    errno.EIO: ("the disk failed while it was written to", "Choose another disk with -o, and rescue what is on this."),
}
# Errors of the system that name no file: so do failed writes, and whoever reads sources explains theirs.


@dataclass(frozen=True, slots=True)
class Stage:
    """Two folders beside the destination: `scratch` for what is thrown away, `output` for what takes its place.

    `exchange` gives two folders each other's name in one step, or answers False where the system cannot.
    """

    destination: Path
    folder: OwnFolder
    exchange: Callable[[Path, Path], bool]

    @property
    def scratch(self) -> Path:
        """For what is thrown away."""
        return self.folder.path / _SCRATCH

    @property
    def output(self) -> Path:
        """What takes the destination's place."""
        return self.folder.path / _OUTPUT

    @property
    def stranger(self) -> Stranger | None:
        """Somebody else who can exchange what is built."""
        return stranger_above(self.folder)

    def require_in_place(self) -> None:
        """Raise OutputError where somebody else has put something in the place of the two folders."""
        if not self.folder.is_in_place():
            raise OutputError("was moved away while the tree was built", where=self.folder.path, hint=_OWN)

    def take_place(self) -> None:
        """Put `output` in the place of the destination: with fixed modes, written through to the disk, at once."""
        self.require_in_place()
        _fix_modes(self.folder)
        write_through(self.output)
        if not self.destination.exists():
            self.folder.move(_OUTPUT, self.destination)
        elif not self.exchange(self.output, self.destination):
            self.destination.rename(self.output.with_name(_OLD))
            self.folder.move(_OUTPUT, self.destination)
        write_through_names(self.destination.parent)


@contextmanager
def stage(destination: Path, *, foreign: Callable[[Path], str]) -> Iterator[Stage]:
    """Yield scratch and output folders for a new `destination`; all that is temporary is gone on the way out.

    `foreign` names the first thing in a folder that no earlier build of ours made, "" when there is none.
    Raises OutputError when the destination cannot be written, holds something that is not ours, lies on a FAT volume
    or is being built by another process, and for every failed write inside the block.
    """
    destination = Path(os.path.abspath(destination))  # noqa: PTH100 - resolve() would follow the link that is refused
    with _write_errors_explained(destination):
        _refuse_unusable(destination)
        with _folders_above(destination), locked(work_folder(destination), destination) as folder:
            _mend(folder, destination)
            _refuse_foreign(destination, foreign)
            work = Stage(destination, folder, exchange)
            try:
                work.scratch.mkdir()
                work.output.mkdir()
                yield work
            finally:
                _mend(folder, destination)


@contextmanager
def _folders_above(destination: Path) -> Iterator[None]:
    """Make the folders above the destination; those that remain empty, as after a preview, are removed again."""
    made = make_folders(destination.parent)
    try:
        yield
    finally:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()


def place(source: Path, target: Path, time: float | None = None) -> None:
    """Give the file `source` a second name, or copy it where it has one already or the system cannot.

    As all that is written into a work folder, `target` is new: somebody may have put a link in its place.
    All names of a file share its time, so a file of the tree must not share it with another one; one that is to stay
    as it is gets no second name but where it has the right `time` already.
    """
    status = source.stat()
    if status.st_nlink == 1 and time in (None, status.st_mtime):
        try:
            os.link(source, target)
        except FileExistsError:
            raise
        except OSError:
            pass
        else:
            return
    with source.open("rb") as read, target.open("xb") as written:
        shutil.copyfileobj(read, written, 1 << 20)


def _mend(folder: OwnFolder, destination: Path) -> None:
    """Remove what is temporary; an old destination that was moved aside and has no successor goes back first."""
    if folder.holds_folder(_OLD) and not destination.exists():
        folder.move(_OLD, destination)
    folder.remove(_SCRATCH, _OUTPUT, _OLD)


def _fix_modes(folder: OwnFolder) -> None:
    if sys.platform == "win32":  # which has none
        return
    for _, _, files, inner in os.fwalk(_OUTPUT, dir_fd=folder.descriptor):
        os.fchmod(inner, _FOLDER_MODE)
        for file in files:
            os.chmod(file, _FILE_MODE, dir_fd=inner)  # nobody else can put a link there


def _refuse_unusable(destination: Path) -> None:
    if not destination.name or destination.is_mount():
        raise OutputError("is a whole disk", where=destination, hint="Name a folder on it with -o.")
    if destination.is_symlink():
        raise OutputError("is a link", where=destination, hint="Name the folder that it leads to with -o.")
    if destination.exists() and not destination.is_dir():
        raise OutputError("is a file, not a folder", where=destination, hint="Choose another name with -o.")
    # Not resolve(), which fails where links lead to each other.
    mount = mount_of(Path(os.path.realpath(destination)), all_mounts())
    if mount is not None and mount.is_fat:
        raise OutputError(
            f"lies on a stick or card ({mount.file_system})",
            where=destination,
            hint="Build on the disk with -o, then copy to it with `packager copy`.",
        )


def _refuse_foreign(destination: Path, foreign: Callable[[Path], str]) -> None:
    if destination.exists() and any(destination.iterdir()) and (name := foreign(destination)):
        raise OutputError(
            f"holds something that packager did not make: {name}; nothing was touched",
            where=destination,
            hint="Choose another folder with -o.",
        )


@contextmanager
def _write_errors_explained(destination: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if not _concerns(error, destination):
            raise
        what, hint = _EXPLANATIONS.get(error.errno or 0, (f"cannot be written: {error.strerror}", _ELSEWHERE))
        raise OutputError(what, where=destination, hint=hint) from error


def _concerns(error: OSError, destination: Path) -> bool:
    """Whether it is about the destination, a folder above it, or what lies in its temporary sibling."""
    if error.filename is None:
        return error.errno in FAILED_WRITES
    path = Path(os.fsdecode(error.filename)).absolute()
    return (
        path in destination.parents or path.is_relative_to(destination) or path.is_relative_to(work_folder(destination))
    )
