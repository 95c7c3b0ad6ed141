"""The files of a bundle and the members of its archives, each with what it is by its name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager.errors import SourceError, on_one_line
from packager.model import Source
from packager.output.marks import Mark, mark_of
from packager.readers.kinds import Kind, kind_of, kind_of_path
from packager.readers.natural import natural_key
from packager.sandbox.limits import LIMITS
from packager.text.spelling import normal
from packager.text.terminal import escaped

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

    @property
    def is_called_picture(self) -> bool:
        """Whether it is a picture by its name, even where nobody may take it."""
        return kind_of_path(str(self.path)) is Kind.PICTURE


def walk(folder: Path, names: frozenset[str] = frozenset()) -> tuple[File, ...]:
    """All files below `folder` in natural order; hidden and system folders, links and empty folders as one each.

    With `names`, only what is called so in the folder itself.

    Raises SourceError for a folder that cannot be listed or lies deeper than MAX_DEPTH.
    """
    return tuple(_walk(folder, PurePosixPath(), names))


def member_file(archive: PurePosixPath, name: str, source: Source, size_bytes: int) -> File:
    """The file for a member of the archive at `archive`, whose place is below it whatever its name says."""
    place = member_place(name)
    return _file(source, archive / place, size_bytes, own=place)


def member_place(name: str) -> PurePosixPath:
    """Where a member lies in its archive: a label, with nothing that leads out of it, and slashes of either kind."""
    parts = [normal(part) for part in re.split(r"[/\\]", name) if part not in ("", ".", "..")]
    return PurePosixPath(*parts or ("unnamed",))


def member_kind(name: str) -> Kind:
    """What a member is by its place: junk where one of its folders is."""
    return kind_of_path(str(member_place(name)))


def member_order(path: PurePosixPath) -> list[object]:
    """The key that sorts members naturally, folder by folder."""
    return [natural_key(part) for part in path.parts]


def text_of(source: Source) -> str:
    """The words of a plain text, whatever its encoding; raises SourceError for what is none. A job for a worker."""
    from packager.archive.read import read_source
    from packager.readers.encodings import decode

    text = decode(read_source(source), label=source.label)
    if len(text.encode()) > LIMITS.text_bytes:
        what = f"has more than {LIMITS.text_bytes >> 20} MB of words"
        raise SourceError(what, where=source.label, hint="Split it into several texts.")
    return text


def _walk(folder: Path, path: PurePosixPath, names: frozenset[str] = frozenset()) -> Iterator[File]:
    if len(path.parts) > MAX_DEPTH:
        hint = "Move what is in it further up."
        raise SourceError(f"lies more than {MAX_DEPTH} folders deep", where=told(path), hint=hint)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: natural_key(entry.name))
        entries = [entry for entry in entries if not names or entry.name in names]
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
        kind = Kind.JUNK if kind_of(entry.name) is Kind.JUNK else Kind.LINK
        what = "folder" if place.is_dir() else "file"
        return File(Source(place, told(path)), path, kind, refusal=f"a link: put the {what} itself here")
    if entry.is_dir():
        kind, reason = _folder_refusal(place)
        return File(Source(place, f"{told(path)}/"), path, kind, refusal=reason)
    if entry.is_file():
        return _file(Source(place, told(path)), path, entry.stat().st_size, own=path)
    return File(Source(place, told(path)), path, Kind.JUNK, refusal="not a file")


def _folder_refusal(folder: Path) -> tuple[Kind, str]:
    if kind_of(folder.name) is Kind.JUNK:
        return Kind.JUNK, "not looked into: kept by the system or a program for itself"
    mark = mark_of(folder)
    return (Kind.OURS, f"not looked into: {mark}") if mark and mark is not Mark.BUNDLE else (Kind.FOLDER, "")


def _file(source: Source, path: PurePosixPath, size_bytes: int, own: PurePosixPath) -> File:
    """The file at `path`, of which `own` are the parts that may make it junk."""
    is_junk = kind_of_path(str(own)) is Kind.JUNK
    if is_junk or not size_bytes:
        refusal = "kept by the system or a program for itself" if is_junk else "an empty file"
        return File(source, path, Kind.JUNK, size_bytes, refusal)
    return File(source, path, kind_of(path.name), size_bytes)


def told(path: object) -> str:
    """A path as people can be told it: nothing in it moves the cursor, turns the line or cannot be encoded."""
    return escaped(on_one_line(str(path)))
