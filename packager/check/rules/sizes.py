"""S: sizes, counts and depth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from packager.check.address import in_tree, shown_pictures
from packager.check.facts import FileFacts, Inventory
from packager.check.findings import count_against, finding, show, size_against
from packager.config.filesystems import MOST_ENTRIES, MOST_FILE_BYTES, Filesystem, occupied_bytes
from packager.config.media import Medium
from packager.config.profile import Profile
from packager.files.signatures import FileType, extension
from packager.model import Finding
from packager.text.spelling import size

FAT_FILE_BYTES = MOST_FILE_BYTES[Filesystem.FAT32]
FAT_FOLDER_ENTRIES = MOST_ENTRIES[Filesystem.FAT32]


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every file, folder and document that is too much."""
    files = in_tree(inventory)
    for file in inventory.files:
        yield from _file(file, profile)
        yield from _document(file, files, profile)
    yield from _counts(inventory, profile)
    for folder, entries in sorted(_entries(inventory).items()):
        if entries > FAT_FOLDER_ENTRIES:
            yield finding("S204", folder, count_against(entries, FAT_FOLDER_ENTRIES, "directory entries"))


def on_medium(inventory: Inventory, folder: str, medium: Medium) -> Iterator[Finding]:
    """The whole tree, where it takes more than `medium` has when it is copied there as `folder`."""
    files = [(PurePosixPath(_storable(file.path)), file.size_bytes) for file in inventory.files]
    parents = {file.path.rpartition("/")[0] for file in inventory.files} | {
        path.rpartition("/")[0] for path in inventory.folders
    }
    empty = [path for path in inventory.folders if path not in parents]
    # A folder without files counts as a file of no bytes for its name, and has a cluster of its own.
    files += [(PurePosixPath(_storable(path)), 0) for path in empty]
    occupied = occupied_bytes(files, _storable(folder), medium.filesystem, medium.cluster_bytes)
    occupied += len(empty) * medium.cluster_bytes
    if occupied > medium.payload_bytes:
        yield finding(
            "S301",
            "",
            f"{size_against(occupied, medium.payload_bytes)} of {medium.filesystem}; {_largest(inventory.files)}",
        )


def _largest(files: tuple[FileFacts, ...]) -> str:
    """What takes most: the first few folders and types, with their bytes."""
    folders: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for file in files:
        folders[file.path.partition("/")[0]] += file.size_bytes
        types[f".{extension(file.path)}"] += file.size_bytes
    most = [f"{show(name)} {size(count)}" for name, count in (*folders.most_common(3), *types.most_common(3))]
    return f"most of it: {', '.join(most)}"


def _storable(path: str) -> str:
    """The path without bytes that are no text, which no FAT could hold; another rule names those."""
    return path.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _file(file: FileFacts, profile: Profile) -> Iterator[Finding]:
    if file.size_bytes > FAT_FILE_BYTES:
        yield finding("S102", file.path, size_against(file.size_bytes, FAT_FILE_BYTES))
    elif file.size_bytes > (most := _most_bytes(file, profile)):
        yield finding("S101", file.path, size_against(file.size_bytes, most))
    depth = file.path.count("/")
    if depth > profile.tree.max_depth:
        yield finding("S203", file.path, count_against(depth, profile.tree.max_depth, "folders above it"))


def _most_bytes(file: FileFacts, profile: Profile) -> int:
    """The most that a file of its kind may have."""
    if file.kind in (FileType.AVI, FileType.MP4):
        return min(profile.tree.max_file_bytes, profile.film.max_bytes)
    return min(profile.tree.max_file_bytes, profile.sound.max_bytes if file.kind is FileType.MP3 else FAT_FILE_BYTES)


def _document(file: FileFacts, files: dict[str, FileFacts], profile: Profile) -> Iterator[Finding]:
    if file.document is None:
        return
    limits = profile.document
    if file.size_bytes > limits.max_single_file_bytes:
        yield finding("S103", file.path, size_against(file.size_bytes, limits.max_single_file_bytes))
    # A browser decodes a picture once, however often the document shows it.
    pixels = sum({key: shown.width * shown.height for key, shown in shown_pictures(file, files)}.values())
    if pixels > limits.max_pixels:
        yield finding("S104", file.path, count_against(pixels, limits.max_pixels, "pixels in its pictures"))


def _counts(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    limits = profile.tree
    if len(inventory.files) > limits.max_files:
        yield finding("S201", "", count_against(len(inventory.files), limits.max_files, "files"))
    folders = Counter(file.path.rpartition("/")[0] for file in inventory.files)
    for folder, count in sorted(folders.items()):
        if count > limits.max_files_in_folder:
            yield finding("S202", folder, count_against(count, limits.max_files_in_folder, "files"))


def _entries(inventory: Inventory) -> Counter[str]:
    """Directory entries of each folder, as if no name were a strict 8.3 name: 1 + ceil(n/13), and "." and ".."."""
    entries: Counter[str] = Counter()
    for path in (*(file.path for file in inventory.files), *inventory.folders):
        folder, _, name = path.rpartition("/")
        units = len(name.encode("utf-16-le", "surrogatepass")) // 2
        entries[folder] += 1 + -(-units // 13)
    for folder in inventory.folders:
        entries[folder] += 2
    return entries
