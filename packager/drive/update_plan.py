"""What an update makes of every file that a drive holds: kept, written, removed or left, settled before any changes."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import PurePosixPath

from packager.config.filesystems import SECTOR, folded_name
from packager.drive.listing import DriveContents, Holding, contents_of
from packager.drive.mounted import Drive, drop_cache
from packager.drive.source import CopySource, folders_of
from packager.drive.verify import read_past_cache
from packager.drive.write import SharedReader
from packager.errors import OutputError
from packager.model.progress import SILENT, Progress, step
from packager.output import manifest
from packager.output.manifest import File
from packager.output.marks import KEEP, TEXT_HEAD_BYTES, FolderMark, mark_of_text

_ASIDE = ".old"
_PAGES = (".html", ".htm")

Places = dict[PurePosixPath, PurePosixPath]  # where something lies on the drive, by its path in the tree


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """What becomes of all that lies there.

    `kept` are files that are right; `whole` folders that hold only such, in the tree's order, and perhaps files of
    others; `written` files that lie nowhere on the drive; `gone` what is ours and not of the tree; `foreign` the
    outermost files and folders of others, and `foreign_files` the paths of all files of others.
    """

    contents: DriveContents
    kept: Places
    whole: Places
    written: tuple[File, ...]
    gone: tuple[Holding, ...]
    foreign: Places
    foreign_files: tuple[str, ...]

    def is_done(self, source: CopySource) -> bool:
        """Whether the tree lies there whole, in its order, and nothing of ours besides."""
        top = PurePosixPath(source.name)
        return self.whole.get(top) == top and not self.contents.is_begun


@dataclass(frozen=True, slots=True)
class _Names:
    """The names that manifests give to files and folders, without case."""

    files: frozenset[str]
    folders: frozenset[str]

    @classmethod
    def of(cls, files: Iterable[File]) -> _Names:
        own = tuple(files)
        return cls(frozenset(_key(file.path) for file in own), frozenset(map(_key, folders_of(own))))

    def has(self, holding: Holding) -> bool:
        """Whether they name it: a folder as a folder, a file as a file; what was written for a tree needs no name."""
        if holding.path is None:
            return True
        if holding.size_bytes is None:
            return _key(holding.path) in self.folders
        return holding.is_file and _key(holding.path) in self.files


def plan_update(
    source: CopySource, earlier: tuple[File, ...], reader: SharedReader, drive: Drive, progress: Progress
) -> UpdatePlan:
    """Read what the drive holds of the tree and of the files of `earlier` editions, past this machine's memory.

    Raises OutputError where nothing shows that it is ours, or where what is of others is in the way; nothing on the
    drive changes.
    """
    contents = contents_of(drive.folder, source.name)
    earlier = (*earlier, *_listed_there(source, drive))
    drop_cache(drive)
    known = (*earlier, *source.files)
    names = _Names.of(known)
    hashes = _hashes(contents, known, names, drive, progress)
    damaged = _damaged(contents, source, known, hashes, reader, drive)
    right = {file.sha256 for file in known}
    ours = {
        held.place: held
        for held in contents.holdings
        if names.has(held)
        and (not held.is_file or held.path is None or hashes.get(held.place) in right or held.place in damaged)
    }
    foreign = tuple(holding for holding in contents.holdings if holding.place not in ours)
    _refuse_unproven(contents, source, ours.values(), drive)
    _refuse_unknown_edition(foreign, source, drive)
    kept = _kept(source, ours.values(), hashes)
    whole = (
        {} if drive.file_system == "fuseblk" else _whole(source, contents, ours, kept, is_ordered=bool(drive.format))
    )
    used = set(kept.values())
    outermost = _outermost(foreign, whole, _set_aside(contents, source, earlier, hashes))
    _refuse_in_the_way(outermost, _Names.of(source.files), drive)
    return UpdatePlan(
        contents,
        kept,
        whole,
        tuple(file for file in source.files if file.path not in kept),
        tuple(held for held in ours.values() if held.size_bytes is not None and held.place not in used),
        outermost,
        tuple(sorted(str(path) for path in _paths_to_be(foreign, outermost))),
    )


def in_order(source: CopySource) -> dict[PurePosixPath, list[str]]:
    """The names in every folder of the tree, in the order in which a copy makes them."""
    names: dict[PurePosixPath, dict[str, None]] = defaultdict(dict)
    for file in source.files:
        for path in (*reversed(file.path.parents[:-2]), file.path):
            names[path.parent].setdefault(path.name)
    return {folder: list(inner) for folder, inner in names.items()}


def _key(path: PurePosixPath) -> str:
    return folded_name(str(path))


def _listed_there(source: CopySource, drive: Drive) -> tuple[File, ...]:
    """The files of a manifest that was copied onto the drive along with the tree; none where none can be read."""
    with suppress(OutputError):
        return manifest.read(drive.folder / KEEP, tree=source.name).files
    return ()


def _hashes(
    contents: DriveContents, known: Iterable[File], names: _Names, drive: Drive, progress: Progress
) -> dict[PurePosixPath, str]:
    """The SHA-256 of each file that may be one of ours, by its place; one that cannot be read has none."""
    sizes = {file.size_bytes for file in known}
    asked = [held for held in contents.holdings if held.size_bytes in sizes and names.has(held)]
    hashes = {}
    with step(progress, "compare", sum(held.size_bytes or 0 for held in asked)):
        for held in asked:
            size = held.size_bytes or 0
            with suppress(OSError):
                hashes[held.place] = read_past_cache(drive.folder / held.place, size, size, progress)[0]
    return hashes


def _damaged(
    contents: DriveContents,
    source: CopySource,
    known: Iterable[File],
    hashes: dict[PurePosixPath, str],
    reader: SharedReader,
    drive: Drive,
) -> frozenset[PurePosixPath]:
    """The places of files of ours that carry a system's tag; of those of the tree's names also what is cut or worn."""
    new = {_key(file.path): file for file in source.files}
    right = {file.sha256 for file in known}
    sizes: dict[str, set[int]] = defaultdict(set)
    for file in known:
        sizes[_key(file.path)].add(file.size_bytes)
    places = set()
    for held in contents.holdings:
        key = _key(held.path) if held.path and held.is_file and hashes.get(held.place) not in right else ""
        wanted = new.get(key)
        is_worn = wanted and (_is_page(held, drive) or _is_mostly(held, wanted, reader, drive))
        if is_worn or _is_tagged(held, sizes.get(key, ()), right, drive):
            places.add(held.place)
    return frozenset(places)


def _is_tagged(held: Holding, sizes: Iterable[int], right: set[str], drive: Drive) -> bool:
    """Whether it is a file of ours, of one of these sizes, with a tag behind it that a system has put there."""
    there = held.size_bytes or 0
    with suppress(OSError):
        for size in (size for size in sizes if size < there):
            sha256, marks, _ = read_past_cache(drive.folder / held.place, size, there, SILENT)
            if marks and sha256 in right:
                return True
    return False


def _is_mostly(held: Holding, file: File, reader: SharedReader, drive: Drive) -> bool:
    """Whether more than half of what lies there is as in that file of the tree; of an empty file nothing can be lost.

    What is longer may be ours with somebody's words behind it, and is theirs.
    """
    size, same = held.size_bytes or 0, 0
    if size > file.size_bytes:
        return False
    with suppress(OSError):
        with (drive.folder / held.place).open("rb") as copy:
            for piece in reader.pieces(file):
                there = copy.read(len(piece))
                for at in range(0, len(there), SECTOR):
                    sector = there[at : at + SECTOR]
                    same += len(sector) * piece.startswith(sector, at)
        return 2 * same > size or not size
    return False


def _refuse_unproven(contents: DriveContents, source: CopySource, ours: Iterable[Holding], drive: Drive) -> None:
    """OutputError where files lie there, and none but empty ones is ours: names alone prove nothing."""
    if contents.is_begun or any(held.is_file and held.size_bytes for held in ours):
        return
    if any(held.size_bytes is not None for held in contents.holdings):
        raise OutputError(
            f"a folder called {contents.roots[0]} is there, and nothing in it is of an edition that is known here; "
            "nothing was touched",
            where=drive.path,
            hint=f"Look at it and move it away, or replace it: {source.replacing(drive.path)}",
        )


def _set_aside(
    contents: DriveContents, source: CopySource, earlier: tuple[File, ...], hashes: dict[PurePosixPath, str]
) -> frozenset[str]:
    """The names of files of the tree that editions on the drive had: what bears one, and is not ours, may be damaged.

    Those that only the tree has are among them once one of these files has come there, or the update has begun.
    """
    before = _Names.of(earlier).files
    new = {_key(file.path): file for file in source.files}
    is_there = contents.is_begun or any(
        held.size_bytes and held.path and hashes.get(held.place) == new[_key(held.path)].sha256
        for held in contents.holdings
        if held.path and _key(held.path) in new.keys() - before
    )
    return frozenset(new.keys() if is_there else new.keys() & before)


def _kept(source: CopySource, ours: Iterable[Holding], hashes: dict[PurePosixPath, str]) -> Places:
    """Where each file of the tree lies already: under its own name, else under another."""
    places: dict[str, list[Holding]] = defaultdict(list)
    for held in ours:
        if held.place in hashes:
            places[hashes[held.place]].append(held)
    kept: Places = {}
    for is_same_name in (True, False):
        for file in source.files:
            fitting = (held for held in places[file.sha256] if held.path == file.path or not is_same_name)
            if file.path not in kept and (found := next(fitting, None)):
                kept[file.path] = found.place
                places[file.sha256].remove(found)
    return kept


def _whole(
    source: CopySource, contents: DriveContents, ours: dict[PurePosixPath, Holding], kept: Places, *, is_ordered: bool
) -> Places:
    """The folders that may be moved as they are; where the file system orders names itself, in whatever order."""
    names: dict[PurePosixPath, list[str]] = defaultdict(list)
    for held in contents.holdings:
        if held.place in ours:
            names[held.place.parent].append(held.place.name)
    whole: Places = {}
    wanted = in_order(source)
    for folder in sorted(wanted, key=lambda folder: len(folder.parts), reverse=True):
        for root in contents.roots:
            place = root / folder.relative_to(source.name)
            inner = names[place] if is_ordered else sorted(names[place])
            expected = wanted[folder] if is_ordered else sorted(wanted[folder])
            stay = (kept.get(folder / name) or whole.get(folder / name) for name in expected)
            if inner == expected and all(there == place / name for there, name in zip(stay, expected, strict=True)):
                whole[folder] = place
    return whole


def _outermost(foreign: tuple[Holding, ...], whole: Places, aside: frozenset[str]) -> Places:
    """What of others is to be moved by itself, not along with a folder; of one name, one gets a number behind it.

    Files whose names are in `aside` get an ending that leaves the name to the tree.
    """
    places = {held.place for held in foreign} | set(whole.values())
    outermost: Places = {}
    taken: set[str] = set()
    for held in foreign:
        if held.path and not places.intersection(held.place.parents):
            is_aside = held.is_file and _key(held.path) in aside
            wanted = held.path.with_name(held.path.name + _ASIDE) if is_aside else held.path
            names = (wanted.with_stem(f"{wanted.stem}-{number}") for number in count(2))
            path = next(path for path in chain([wanted], names) if _key(path) not in taken)
            taken.add(_key(path))
            outermost[path] = held.place
    return outermost


def _paths_to_be(foreign: Iterable[Holding], outermost: Places) -> Iterator[PurePosixPath]:
    """The path of each file of others once all has moved."""
    moved = {place: path for path, place in outermost.items()}
    for held in foreign:
        if held.size_bytes is not None and held.path:
            above = next((place for place in (held.place, *held.place.parents) if place in moved), None)
            yield moved[above] / held.place.relative_to(above) if above else held.path


def _refuse_unknown_edition(foreign: Iterable[Holding], source: CopySource, drive: Drive) -> None:
    """OutputError where pages of ours lie in the tree that no known edition has: they would stay, and look current."""
    for held in foreign:
        if held.path and held.size_bytes and _is_page(held, drive):
            raise OutputError(
                f"{held.place} is of an edition that is not known here; nothing was touched",
                where=drive.path,
                hint=f"To replace all of it: {source.replacing(drive.path)}",
            )


def _is_page(held: Holding, drive: Drive) -> bool:
    """Whether it is a page of ours, of whatever edition, by what stands in its head."""
    if held.place.suffix.lower() not in _PAGES:
        return False
    flags = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
    with suppress(OSError):
        file = os.open(drive.folder / held.place, sum((getattr(os, flag, 0) for flag in flags), os.O_RDONLY))
        with os.fdopen(file, "rb") as opened:
            return mark_of_text(opened.read(TEXT_HEAD_BYTES)) is FolderMark.TREE
    return False


def _refuse_in_the_way(outermost: Places, wanted: _Names, drive: Drive) -> None:
    """OutputError for what is of others and bears a name that the tree needs."""
    for path, place in outermost.items():
        if _key(path) in wanted.files | wanted.folders:
            raise OutputError(
                f"{place} is in the way of the new edition, and not ours; nothing was touched",
                where=drive.path,
                hint="Move it away, then run the same command again.",
            )
