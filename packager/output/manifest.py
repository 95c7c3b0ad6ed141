"""Every file of a finished tree with its size and SHA-256, written beside the trees and read back.

The list lies in two files, for two readers: `manifest.sha256` is what `sha256sum -c` understands, which has no place
for sizes; `manifest.tsv` has all three, and is the one that is read back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath

from packager.config import definition
from packager.errors import OutputError
from packager.files.digests import digest_of
from packager.files.ownership import open_small_file

SUMS_NAME = "manifest.sha256"
TABLE_NAME = "manifest.tsv"
# After every file system's earliest date; files have times that rise from here, folders this one.
FIRST_MOMENT = datetime(2020, 1, 1, tzinfo=UTC)
STEP = timedelta(seconds=2)  # the resolution of FAT's times
_ROW = re.compile(r"(?P<size>0|[1-9]\d{0,17})\t(?P<sha256>[0-9a-f]{64})\t(?P<path>[^\t]+)", re.ASCII)
_MOST_BYTES = 64 << 20  # a tree of 65,535 files, all that FAT32 holds in a folder, takes some 10 MB; several lie in one
_LONGEST_LINE = 10_000  # bytes, of a path of 4,096 and what stands before it
# sha256sum would write these escaped, and tabs end a field.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class File:
    """One file: its name, the path relative to the folder that holds the tree, as `window/w401/001.jpg`."""

    name: str
    size_bytes: int
    sha256: str

    @property
    def path(self) -> PurePosixPath:
        """The name as a path, which takes five times the memory."""
        return PurePosixPath(self.name)

    @property
    def tree(self) -> str:
        """The name of the tree that it lies in."""
        return self.name.partition("/")[0]

    @property
    def name_in_tree(self) -> str:
        """The path relative to the tree."""
        return self.name.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Manifest:
    """All files of a tree, in the tree's order."""

    files: tuple[File, ...]

    def write(self, folder: Path) -> None:
        """Write both forms into `folder`, whose parent holds the tree: `sha256sum -c keep/manifest.sha256` there."""
        sums = (f"{file.sha256}  {file.name}\n" for file in self.files)
        for name, lines in ((SUMS_NAME, sums), (TABLE_NAME, self.rows)):
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.writelines(lines)

    def by_tree(self) -> dict[str, list[File]]:
        """Return the files of each tree by its name."""
        trees: dict[str, list[File]] = {}
        for file in self.files:
            trees.setdefault(file.tree, []).append(file)
        return trees

    @property
    def rows(self) -> Iterator[str]:
        """The lines of a `manifest.tsv`, which `read_table` reads."""
        return (f"{file.size_bytes}\t{file.sha256}\t{file.name}\n" for file in self.files)

    @property
    def table(self) -> str:
        """The text of a `manifest.tsv`."""
        return "".join(self.rows)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits, read piece by piece."""
    with path.open("rb") as file:
        return digest_of(file)


def record(root: Path, paths: Iterable[PurePosixPath], digest: Callable[[Path], str] = hash_file) -> Manifest:
    """Return the manifest of the files at `paths`, relative to `root`, in the order given; `digest` tells their hash.

    Raises ValueError for a path that leaves `root` or cannot stand in a list of lines.
    """
    files = []
    for name in map(str, paths):
        if not _is_plain(name):
            raise ValueError(f"cannot stand in a manifest: {name!r}")
        files.append(File(name, (root / name).stat().st_size, digest(root / name)))
    return Manifest(tuple(files))


def read(folder: Path, most_files: int | None = None, tree: str = "") -> Manifest:
    """Return the manifest that `Manifest.write` left in `folder`; OutputError when it is missing or not one of ours.

    With `most_files` only the first of them, with `tree` only those in the folder of that name.
    """
    return read_table(folder / TABLE_NAME, most_files, tree)


def read_table(table: Path, most_files: int | None = None, tree: str = "") -> Manifest:
    """Return the same of the file `table`, a `manifest.tsv`."""
    try:
        with open_small_file(table, _MOST_BYTES) as file:
            lines = enumerate(iter(partial(file.readline, _LONGEST_LINE), b""), start=1)
            wanted = ((number, line) for number, line in lines if f"\t{tree}/".encode() in line or not tree)
            return Manifest(tuple(_parsed(line, number, table) for number, line in islice(wanted, most_files)))
    except (OSError, UnicodeDecodeError) as error:
        why = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
        raise OutputError(f"the manifest cannot be read{why}", where=table, hint="Build again.") from error


def table_of(path: Path) -> Path | None:
    """Return the `manifest.tsv` that somebody means by `path`; None where there is none.

    That file, the sums or the report beside it, its folder, the one around that, or a tree in there.
    """
    if path.is_file() and path.name == TABLE_NAME:
        return path
    whole = path.absolute()
    folders = (whole, whole / definition.KEEP, whole.parent, whole.parent / definition.KEEP)
    tables = [folder / TABLE_NAME for folder in folders if (folder / TABLE_NAME).is_file()]
    return tables[0] if tables else None


def is_table(file: Path) -> bool:
    """Return whether the first line of `file` is one of a manifest of ours."""
    try:
        with open_small_file(file, _MOST_BYTES) as opened:
            line = opened.readline(_LONGEST_LINE)
    except OSError:
        return False
    return _ROW.fullmatch(line.decode(errors="replace").removesuffix("\n")) is not None


def moment(number: int) -> datetime:
    """Return the time that the file of that number, from 0, has in a tree."""
    return FIRST_MOMENT + number * STEP


def is_at(path: Path, file: File) -> bool:
    """Return whether what lies at `path` can be read and is that file."""
    try:
        return path.stat().st_size == file.size_bytes and hash_file(path) == file.sha256
    except OSError:
        return False


def _is_plain(name: str) -> bool:
    return {"", ".", ".."}.isdisjoint(name.split("/")) and not _UNPRINTABLE.search(name)


def _parsed(line: bytes, number: int, table: Path) -> File:
    row = _ROW.fullmatch(line.decode("utf-8").removesuffix("\n"))
    if row is None or not _is_plain(row["path"]):
        raise OutputError(f"line {number} of the manifest is damaged", where=table, hint="Build again.")
    return File(row["path"], int(row["size"]), row["sha256"])
