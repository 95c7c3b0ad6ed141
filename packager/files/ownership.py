"""What is ours alone where other users of this computer may write too.

Whoever may write into a folder can rename what lies in it and put something else there, a link into our home for one.
So a folder of ours is held open, nobody else may write into it, and what lies in it is named from there. Windows has
none of this: there, folders of users are closed to others by the system.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from packager.errors import OutputError

CACHE_FOLDER = "packager-cache"  # in the folder that --cache names
_OURS_ALONE = 0o700
_NOT_ANYBODYS = 0o775
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_DIRECTORY = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
# A link fails, and a pipe that nobody writes into does not hold the program up.
_AS_IT_IS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_DO_NOT_WAIT = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class OwnFolder:
    """An open folder of ours that nobody else may write into; `descriptor` is None on Windows."""

    path: Path
    descriptor: int | None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hold it no longer."""
        if self.descriptor is not None:
            os.close(self.descriptor)

    def name(self, name: str) -> str:
        """Return what something in the folder is called by functions that take `dir_fd=descriptor`."""
        return str(self.path / name) if self.descriptor is None else name

    def open(self, name: str, flags: int, mode: int = 0o600) -> int:
        """Return a file in the folder; links are not followed. Raises OSError where it is no plain file of ours."""
        with self._named(name):
            file = os.open(self.name(name), flags | _AS_IT_IS, mode, dir_fd=self.descriptor)
        status = os.fstat(file)
        if stat.S_ISREG(status.st_mode) and status.st_uid == self._owner():
            return file
        os.close(file)
        raise OSError(errno.EPERM, "it is no plain file of ours", str(self.path / name))

    def move(self, name: str, target: Path) -> None:
        """Give something in the folder another name and place, where a file may lie and a folder may not."""
        with self._named(name):
            os.replace(self.name(name), target, src_dir_fd=self.descriptor)

    def rename(self, name: str, other: str) -> None:
        """Give something in the folder another name there."""
        with self._named(name):
            os.replace(self.name(name), self.name(other), src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def holds_folder(self, name: str) -> bool:
        """Return whether a folder of that name is in it, and no link to one."""
        with suppress(FileNotFoundError):
            return stat.S_ISDIR(os.stat(self.name(name), dir_fd=self.descriptor, follow_symlinks=False).st_mode)
        return False

    def remove(self, *names: str) -> None:
        """Remove these files and folders, as far as they are there and can be."""
        for name in names:
            try:
                os.unlink(self.name(name), dir_fd=self.descriptor)
            except OSError:
                shutil.rmtree(self.name(name), ignore_errors=True, dir_fd=self.descriptor)

    def is_in_place(self) -> bool:
        """Return whether it is still what its path leads to."""
        with suppress(OSError):
            return self.descriptor is None or os.path.samestat(os.fstat(self.descriptor), self.path.lstat())
        return False

    def _owner(self) -> int:
        return 0 if self.descriptor is None else os.fstat(self.descriptor).st_uid

    @contextmanager
    def _named(self, name: str) -> Iterator[None]:
        """Errors name the whole path."""
        try:
            yield
        except OSError as error:
            error.filename = str(self.path / name)
            raise


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody else who can exchange what lies in a folder; `is_anybody` where every user of this computer can."""

    folder: Path
    name: str
    is_anybody: bool = False


def make_folders(path: Path) -> list[Path]:
    """Make a folder and those above it where they are missing, and return these, the innermost last.

    Whatever the umask, not every user may write there.
    """
    made = []
    for folder in (*reversed(path.parents), path):
        with suppress(FileExistsError):
            if not folder.exists():
                folder.mkdir(_NOT_ANYBODYS)
                made.append(folder)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    return made


def own_folder(path: Path) -> OwnFolder:
    """Return the folder at `path`, which is made where it is missing.

    Raises OutputError where it is a file or a link, belongs to another user, or may hold what another one put there.
    """
    while True:
        with suppress(FileExistsError):
            path.mkdir() if sys.platform == "win32" else path.mkdir(_OURS_ALONE)
        with suppress(FileNotFoundError):  # it was removed since
            return opened_folder(path)


def opened_folder(path: Path) -> OwnFolder:
    """Return the folder at `path`; FileNotFoundError where there is none, OutputError as `own_folder` says."""
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise OutputError("is where packager needs a folder of its own", where=path, hint="Move it away.")
    if sys.platform == "win32":
        return OwnFolder(path, None)
    try:
        descriptor = os.open(path, os.O_RDONLY | _DIRECTORY)
    except PermissionError as error:
        raise _foreign(path) from error
    folder = OwnFolder(path, descriptor)
    try:
        _close_to_others(path, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return folder


def stranger_above(folder: OwnFolder) -> Stranger | None:
    """Return who but us and the system can put something else in the place of the folder; anybody before somebody.

    Nobody is named where the file system does not keep modes: they tell nothing there.
    """
    if folder.descriptor is None:
        return None
    status = os.fstat(folder.descriptor)
    device_without_modes = status.st_dev if status.st_mode & _OTHERS_WRITE else None
    return min(
        _strangers(folder.path, device_without_modes), key=lambda stranger: not stranger.is_anybody, default=None
    )


def somebody_above(path: Path) -> Stranger | None:
    """Return who but us and the system can put something else in the place of what lies at `path`, or is to lie there.

    Where every user can, nobody is named: most such file systems keep no modes.
    """
    return next((stranger for stranger in _strangers(path) if not stranger.is_anybody), None)


def stranger_of_link(path: Path) -> Stranger | None:
    """Return the other user whose link `path` is, or goes through."""
    return next((stranger for stranger in _strangers(path / "_") if stranger.folder.is_symlink()), None)


def open_plain_file(file: Path) -> BinaryIO:
    """Open a plain file for reading; a link is not followed. Raises OSError for all else."""
    opened = os.open(file, os.O_RDONLY | _AS_IT_IS)
    if stat.S_ISREG(os.fstat(opened).st_mode):
        return os.fdopen(opened, "rb")
    os.close(opened)
    raise OSError(errno.EINVAL, "it is not a file", str(file))


def open_own_file(file: Path) -> BinaryIO:
    """Open a plain file of ours for reading, into which nobody else may write. Raises OSError for all else."""
    opened = open_plain_file(file)
    status = os.fstat(opened.fileno())
    if sys.platform == "win32" or (status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_WRITE):
        return opened
    opened.close()
    raise OSError(errno.EPERM, "it is no plain file of ours", str(file))


@contextmanager
def open_small_file(file: Path, most_bytes: int) -> Iterator[BinaryIO]:
    """Open a file for reading, in whose place a stranger may have put a pipe or a device.

    Raises OSError for what is no regular file, and for one of more than `most_bytes`.
    """
    status = file.stat()  # beforehand, as opening a device may do something; afterwards, as it may be another by then
    _refuse_unless_small(file, status, most_bytes)
    with os.fdopen(os.open(file, _DO_NOT_WAIT), "rb") as there:
        _refuse_unless_small(file, os.fstat(there.fileno()), most_bytes)
        yield there


def read_small_file(file: Path, most_bytes: int) -> bytes:
    """Return all of a file; raise what `open_small_file` raises."""
    with open_small_file(file, most_bytes) as there:
        return there.read(most_bytes)


def _refuse_unless_small(file: Path, status: os.stat_result, most_bytes: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a file", str(file))
    if status.st_size > most_bytes:
        raise OSError(errno.EFBIG, f"it has more than {most_bytes >> 20} MiB", str(file))


def _strangers(path: Path, device_without_modes: int | None = None) -> Iterator[Stranger]:
    """All who can exchange what lies above `path`, but on the device that keeps no modes; Windows tells none."""
    if sys.platform == "win32":
        return
    path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would pass over links that others made
    above = (*reversed(path.parents), *reversed(Path(os.path.realpath(path)).parents))
    for place in dict.fromkeys(above):
        with suppress(FileNotFoundError):  # it is still to be made
            status = place.lstat()
            stranger = _stranger_in(place, status) if status.st_dev != device_without_modes else None
            if stranger:
                yield stranger


def _close_to_others(path: Path, folder: int) -> None:
    """Let nobody else write into an open folder from now on; OutputError where it is not ours, or was not until now."""
    if sys.platform == "win32":
        return
    status = os.fstat(folder)
    if status.st_uid != os.geteuid() and not _belongs_to_whoever_asks(folder, status.st_uid):
        raise _foreign(path)
    if stat.S_IMODE(status.st_mode) & 0o777 == _OURS_ALONE:
        return
    with suppress(OSError):  # some file systems keep no modes
        os.fchmod(folder, _OURS_ALONE)
    was_open = status.st_mode & _OTHERS_WRITE and not os.fstat(folder).st_mode & _OTHERS_WRITE
    if was_open and any(os.lstat(name, dir_fd=folder).st_uid != status.st_uid for name in os.listdir(folder)):
        os.fchmod(folder, stat.S_IMODE(status.st_mode))
        raise OutputError("holds something of another user", where=path, hint="Look at it, and remove it.")


def _belongs_to_whoever_asks(folder: int, owner: int) -> bool:
    """Whether the file system keeps no owners, and a file that we make there belongs to the folder's owner too."""
    name = f".{secrets.token_hex(8)}"
    try:
        file = os.open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600, dir_fd=folder)
    except OSError:
        return False
    try:
        return os.fstat(file).st_uid == owner
    finally:
        os.close(file)
        os.unlink(name, dir_fd=folder)


def _foreign(path: Path) -> OutputError:
    return OutputError("belongs to another user of this computer", where=path, hint="Choose another folder.")


def _stranger_in(folder: Path, status: os.stat_result) -> Stranger | None:
    """Who but us and the system can exchange what lies in a folder, or where a link leads."""
    assert sys.platform != "win32"
    # The owner of / is the system, whose number a container may not know.
    is_trusted = status.st_uid in {0, os.geteuid(), Path("/").stat().st_uid}
    is_shared = stat.S_ISDIR(status.st_mode) and not (status.st_mode & stat.S_ISVTX and is_trusted)
    if is_shared and status.st_mode & stat.S_IWOTH:
        return Stranger(folder, "every user of this computer", is_anybody=True)
    if not is_trusted:
        return Stranger(folder, f"{_user(status.st_uid)}, whose folder it is,")
    if is_shared and status.st_mode & stat.S_IWGRP and (group := _others_of(status.st_gid)):
        return Stranger(folder, f"everybody in the group {group}")
    return None


def _user(number: int) -> str:
    import pwd

    with suppress(KeyError):
        return pwd.getpwuid(number).pw_name
    return f"user {number}"


def _others_of(group: int) -> str:
    """The name of a group; "" for the system's and for one that bears a user's name and has no other members."""
    import grp

    user = _user(os.geteuid())
    try:
        entry = grp.getgrgid(group)
    except KeyError:
        return str(group)
    is_ours = (group == 0 or entry.gr_name == user) and set(entry.gr_mem) <= {user, "root"}
    return "" if is_ours else entry.gr_name
