"""The files of a bundle and the members of its archives, each with what it is by its name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager import manifest
from packager.errors import SourceError, on_one_line
from packager.model import Source
from packager.readers.kinds import Kind, kind_of
from packager.readers.natural import natural_key
from packager.spelling import normal
from packager.text import escaped

MAX_DEPTH = 100
"""Of folders in one another: each level is a call of a function, and what lies deeper is a mistake."""


@dataclass(frozen=True, slots=True)
class File:
    """A file, or a folder that is empty or not looked into.

    `path` is relative to the bundle, that of a member to its archive; `refusal` says why nobody may take it, or is "".
    """

    source: Source
    path: PurePosixPath
    kind: Kind
    size_bytes: int = 0
    refusal: str = ""


def walk(folder: Path) -> tuple[File, ...]:
    """All files below `folder` in natural order; hidden and system folders, links and empty folders as one each.

    Raises SourceError for a folder that cannot be listed or lies deeper than MAX_DEPTH.
    """
    return tuple(_walk(folder, PurePosixPath()))


def archive_files(archive: File) -> tuple[File, ...]:
    """The members of an archive in natural order; raises SourceError where it cannot be read."""
    from packager.archive.read import members

    files = [member for member in members(archive.source.path) if not member.is_folder]
    files.sort(key=lambda member: [natural_key(part) for part in PurePosixPath(member.name).parts])
    return tuple(_member(archive, member.name, member.size_bytes) for member in files)


def bytes_of(file: File) -> bytes:
    """What the file or member holds; raises SourceError where it cannot be read."""
    from packager.archive.read import read_source

    return read_source(file.source)


def text_of(file: File) -> str:
    """The words of a plain text, whatever its encoding; raises SourceError where it cannot be read."""
    from packager.readers.encodings.decoding import decode

    return decode(bytes_of(file), label=file.source.label)


def _walk(folder: Path, path: PurePosixPath) -> Iterator[File]:
    if len(path.parts) > MAX_DEPTH:
        hint = "Move what is in it further up."
        raise SourceError(f"lies more than {MAX_DEPTH} folders deep", where=told(path), hint=hint)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: natural_key(entry.name))
        files = [_entry(entry, path / normal(entry.name)) for entry in entries]
    except OSError as error:
        raise SourceError(f"cannot be listed: {error.strerror}", where=told(path)) from error
    if not files and path.parts:
        yield File(Source(folder, f"{told(path)}/"), path, Kind.FOLDER, refusal="an empty folder")
    for file in files:
        if file.kind is Kind.FOLDER:
            yield from _walk(file.source.path, file.path)
        else:
            yield file


def _entry(entry: os.DirEntry[str], path: PurePosixPath) -> File:
    """A file, or a folder to look into."""
    place = Path(entry.path)
    if entry.is_symlink():
        return File(Source(place, told(path)), path, Kind.JUNK, refusal="a link: put the file itself here")
    if entry.is_dir():
        reason = _folder_refusal(place)
        kind = Kind.JUNK if reason else Kind.FOLDER
        return File(Source(place, f"{told(path)}/"), path, kind, refusal=reason)
    if entry.is_file():
        return _file(Source(place, told(path)), path, entry.stat().st_size)
    return File(Source(place, told(path)), path, Kind.JUNK, refusal="not a file")


def _folder_refusal(folder: Path) -> str:
    if kind_of(folder.name) is Kind.JUNK:
        return "not looked into: kept by the system or a program for itself"
    if os.path.isfile(folder / "keep" / manifest.TABLE_NAME):  # noqa: PTH113 - is_file() fails in a locked folder
        return "not looked into: what an earlier build made"
    return ""


def _member(archive: File, name: str, size_bytes: int) -> File:
    source = Source(archive.source.path, f"{archive.source.label}/{told(name)}", member=name)
    return _file(source, PurePosixPath(normal(name)), size_bytes)


def _file(source: Source, path: PurePosixPath, size_bytes: int) -> File:
    is_junk = any(kind_of(part) is Kind.JUNK for part in path.parts)
    if is_junk or not size_bytes:
        refusal = "kept by the system or a program for itself" if is_junk else "an empty file"
        return File(source, path, Kind.JUNK, size_bytes, refusal)
    return File(source, path, kind_of(path.name), size_bytes)


def told(path: object) -> str:
    """A path as people can be told it: nothing in it moves the cursor, turns the line or cannot be encoded."""
    return escaped(on_one_line(str(path)))
