"""The files of a bundle and the members of its archives, each with the kind that its name says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path, PurePosixPath

from packager.errors import SourceError, on_one_line
from packager.model import Outcome, Source
from packager.output.marks import FolderMark, mark_of
from packager.text import endings
from packager.text.order import ordered
from packager.text.spelling import normal
from packager.text.terminal import escaped
from packager.traces import leftover

MAX_DEPTH = 100
"""Of folders in one another: each level is a call of a function, and what lies deeper is a mistake."""


class FileKind(Enum):
    """The kinds of files that a bundle can hold."""

    PICTURE = auto()
    TEXT = auto()
    TRANSCRIPT = auto()
    ABOUT = auto()
    COMIC_INFO = auto()
    CREDIT = auto()
    ARCHIVE = auto()
    BOOK = auto()
    NOTICE = auto()
    FOLDER = auto()
    LINK = auto()
    JUNK = auto()
    GENERATED = auto()
    OTHER = auto()


# The first pattern that matches the whole name, in lower case, decides; a name may hold line ends. What systems leave
# at the root of a drive only may be meant where it lies in a bundle: a comic may be called Android.
_NAMES = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (r"\..*|.*~|@eadir|\$recycle\.bin|system volume information", FileKind.JUNK),
        (r".*\.(part|partial|crdownload|download|tmp|temp|swp|bak)", FileKind.JUNK),
        (r"comicinfo\.xml", FileKind.COMIC_INFO),
        (r"transcript(\.[\w-]+)?\.(md|markdown|txt)", FileKind.TRANSCRIPT),
        (r"about(\.[\w-]+)?\.(md|markdown|txt|html?|xhtml)", FileKind.ABOUT),
        (r"(attribution|credits?)(\.(md|markdown|txt))?", FileKind.CREDIT),
        (r"(readme|licen[cs]e|copying|attribution|credits?)([._-].*)?", FileKind.NOTICE),
        (rf".*\.({endings.PICTURES})", FileKind.PICTURE),
        (rf".*\.({endings.BOOKS})", FileKind.BOOK),
        (rf".*\.({endings.TEXTS})", FileKind.TEXT),
        (rf".*\.({endings.ARCHIVES})", FileKind.ARCHIVE),
    )
)

# Files that hold what readers might miss, and what to do with them.
_UNREAD = {
    **dict.fromkeys(("doc", "hwp", "hwpx", "pages", "wps"), "save it as DOCX, HTML or plain text"),
    **dict.fromkeys(
        ("gz", "bz2", "xz", "zst", "alz", "egg", "lzh", "ace"), "unpack it into a folder, or make it a CBZ"
    ),
    **dict.fromkeys(("svg", "psd", "kra", "clip", "jp2", "ico", "tga"), "save it as PNG or JPEG"),
    **dict.fromkeys(("mobi", "azw", "azw3", "djvu", "djv", "xps"), "save it as EPUB or PDF"),
    **dict.fromkeys(
        ("mp4", "mkv", "webm", "mov", "avi", "mp3", "ogg", "wav", "m4a"), "sound and film are not supported"
    ),
}
_NEVER_TAKEN = dict.fromkeys(("css", "js"), "styles and scripts are never included")
_SYSTEM_FILE = "the system or a program keeps it for itself"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file, or a folder that is empty or not looked into.

    `path` is relative to the bundle, that of a member to its archive; `refusal` says why it cannot be used, or is "".
    """

    source: Source
    path: PurePosixPath
    kind: FileKind
    size_bytes: int = 0
    refusal: str = ""

    @property
    def is_called_picture(self) -> bool:
        """Whether it is a picture by its name, even where it cannot be used."""
        return kind_of_path(self.path) is FileKind.PICTURE


Files = Sequence[SourceFile]


def walk(folder: Path, names: frozenset[str] = frozenset()) -> tuple[SourceFile, ...]:
    """Return all files below `folder` in their order; system folders, links and empty folders as one each.

    With `names`, only files and folders of these names in the folder itself are looked at. Raises SourceError for a
    folder that cannot be listed or lies deeper than MAX_DEPTH.
    """
    return tuple(_walk(folder, PurePosixPath(), names))


def kind_of(name: str) -> FileKind:
    """Return the kind of the file or folder called `name`."""
    if leftover(name, at_root=False):
        return FileKind.JUNK
    folded = name.casefold()
    return next((kind for pattern, kind in _NAMES if pattern.fullmatch(folded)), FileKind.OTHER)


def kind_of_path(path: PurePosixPath) -> FileKind:
    """Return the kind of the file at `path`: junk where it lies in a folder of junk."""
    is_junk = any(kind_of(part) is FileKind.JUNK for part in path.parts)
    return FileKind.JUNK if is_junk else kind_of(path.name)


def member_file(archive: PurePosixPath, name: str, source: Source, size_bytes: int) -> SourceFile:
    """Return the file for a member of the archive at `archive`; its path is below it whatever its name says."""
    path = member_path(name)
    return _file(source, archive / path, size_bytes, kind_of_path(path))


def member_path(name: str) -> PurePosixPath:
    """Return where a member lies in its archive, without parts that lead out of it, slashes of either kind read."""
    parts = [normal(part) for part in re.split(r"[/\\]", name) if part not in ("", ".", "..")]
    return PurePosixPath(*parts or ("unnamed",))


def why_unused(path: PurePosixPath) -> tuple[Outcome, str]:
    """Return the outcome of a file that nothing asked for, and why: a warning where it may be meant for readers."""
    ending = path.suffix.lower().lstrip(".")
    if ending in _UNREAD:
        return Outcome.WARNING, f"not taken: {_UNREAD[ending]}"
    return Outcome.PASSED_OVER, _NEVER_TAKEN.get(ending, "it is neither a picture nor a text that packager reads")


def printable(path: object) -> str:
    """Return a path for people: nothing in it moves the cursor, ends the line or cannot be encoded."""
    return escaped(on_one_line(str(path)))


def _walk(folder: Path, path: PurePosixPath, names: frozenset[str] = frozenset()) -> Iterator[SourceFile]:
    if len(path.parts) > MAX_DEPTH:
        hint = "Move the files in it further up."
        raise SourceError(f"lies more than {MAX_DEPTH} folders deep", where=printable(path), hint=hint)
    try:
        entries = {entry.name: entry for entry in os.scandir(folder) if not names or entry.name in names}
        files = [_entry(entries[name], path / normal(name)) for name in ordered(entries)]
    except OSError as error:
        raise SourceError(f"cannot be listed: {error.strerror}", where=printable(path)) from error
    if not files and path.parts:
        yield SourceFile(Source(folder, f"{printable(path)}/"), path, FileKind.FOLDER, refusal="an empty folder")
    for file in files:
        if file.kind is FileKind.FOLDER:
            yield from _walk(file.source.path, file.path)
        else:
            yield file


def _entry(entry: os.DirEntry[str], path: PurePosixPath) -> SourceFile:
    """Return a file, or a folder to look into."""
    source = Source(Path(entry.path), printable(path))
    is_junk = kind_of(entry.name) is FileKind.JUNK
    if entry.is_symlink():
        kind = FileKind.JUNK if is_junk else FileKind.LINK
        what = "folder" if source.path.is_dir() else "file"
        return SourceFile(source, path, kind, refusal=f"a link: put the {what} itself here")
    if entry.is_dir():
        folder = Source(source.path, f"{source.label}/")
        if is_junk:
            return SourceFile(folder, path, FileKind.JUNK, refusal=f"not looked into: {_SYSTEM_FILE}")
        mark = mark_of(source.path)
        if mark and mark is not FolderMark.BUNDLE:
            return SourceFile(folder, path, FileKind.GENERATED, refusal=f"not looked into: {mark}")
        return SourceFile(folder, path, FileKind.FOLDER)
    if entry.is_file():
        return _file(source, path, entry.stat().st_size, kind_of_path(path))
    return SourceFile(source, path, FileKind.JUNK, refusal="not a file")


def _file(source: Source, path: PurePosixPath, size_bytes: int, kind: FileKind) -> SourceFile:
    if kind is FileKind.JUNK:
        return SourceFile(source, path, kind, size_bytes, _SYSTEM_FILE)
    if not size_bytes and kind is not FileKind.PICTURE:  # which may be a page: that it is missing is shown in its place
        return SourceFile(source, path, FileKind.JUNK, refusal="an empty file")
    return SourceFile(source, path, kind, size_bytes)
