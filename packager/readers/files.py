"""The files of a bundle and the members of its archives, each with the kind that its name says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from pathlib import Path, PurePosixPath

from packager.errors import SourceError, on_one_line
from packager.files.traces import leftover
from packager.model import Outcome, Source
from packager.output.marks import FolderMark, is_laid_out_as_bundle, mark_of
from packager.text import endings
from packager.text.order import ordered
from packager.text.spelling import normal
from packager.text.terminal import escaped

MAX_DEPTH = 100
"""Of folders in one another: each level is a call of a function, and what lies deeper is a mistake."""


class FileKind(Enum):
    """The kinds of files that a bundle can hold; NAMELESS is a text whose name has no ending."""

    PICTURE = auto()
    TEXT = auto()
    TRANSCRIPT = auto()
    ABOUT = auto()
    COMIC_INFO = auto()
    CREDIT = auto()
    ARCHIVE = auto()
    VOLUME = auto()
    BOOK = auto()
    FILM = auto()
    SOUND = auto()
    SUBTITLES = auto()
    NOTICE = auto()
    FOLDER = auto()
    LINK = auto()
    HIDDEN = auto()
    JUNK = auto()
    GENERATED = auto()
    NAMELESS = auto()
    OTHER = auto()


# What programs keep for themselves under names that begin with a dot, beside what systems leave on drives.
_OF_PROGRAMS = (
    r"\.(git|svn|hg|bzr|cvs|cache|idea|vscode|comments|xvpics|picasaoriginals|thumb.*|nomedia|directory|git.*|tmp|temp"
    r"|sync.*|st(folder|versions|ignore).*|dropbox.*|versions|recycle|@__thumb|yacreaderlibrary|caltrash|calnotes|unwanted)"
    r"|@eadir|@__thumb|#recycle"
)

# The first pattern that matches the whole name, in lower case, decides; a name may hold line ends. What systems leave
# at the root of a drive only may be meant where it lies in a bundle: a comic may be called Android.
_NAMES = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rf"{_OF_PROGRAMS}|\$recycle\.bin|system volume information|.*\.(thm|thumb)", FileKind.JUNK),
        (r"comicinfo\.xml", FileKind.COMIC_INFO),
        (rf".*\.({endings.PICTURES})", FileKind.PICTURE),
        (r"transcript(\.[\w-]+)?\.(md|markdown|txt)", FileKind.TRANSCRIPT),
        (r"about(\.[\w-]+)?\.(md|markdown|txt|html?|xhtml)", FileKind.ABOUT),
        (r"(attribution|credits?)(\.(md|markdown|txt))?", FileKind.CREDIT),
        (r"(readme|licen[cs]e|copying|attribution|credits?)([._-].*)?", FileKind.NOTICE),
        (rf".*\.({endings.BOOKS})", FileKind.BOOK),
        (rf".*\.({endings.TEXTS})", FileKind.TEXT),
        (rf".*\.({endings.FILMS})", FileKind.FILM),
        (rf".*\.({endings.SOUND})", FileKind.SOUND),
        (rf".*\.({endings.SUBTITLES})", FileKind.SUBTITLES),
        (rf".*\.({endings.ARCHIVES})", FileKind.ARCHIVE),
        (rf".*\.({endings.ARCHIVES})\.\d{{2,3}}|.*\.[r-z]\d\d", FileKind.VOLUME),
    )
)
_DRIVE = re.compile(r"\A[A-Za-z]:(?=[/\\])")
# What Windows and iCloud leave in the place of a file that lies elsewhere.
_SHORTCUT = re.compile(
    rf"\.?.*\.(?:{endings.PICTURES}|{endings.ARCHIVES}|{endings.BOOKS}|{endings.FILMS}|{endings.SOUND})"
    r"(?: - [^.]*)?\.(?:lnk|icloud)",
    re.IGNORECASE | re.DOTALL,
)
_REMNANT = re.compile(r"(.*?)(~|\.(?:part|partial|crdownload|download|tmp|temp|swp|bak))", re.DOTALL)

# Files that hold what readers might miss, and what to do with them.
_UNREAD = {
    ending: advice
    for endings_of_names, advice in (
        ("doc hwp hwpx pages wps", "save it as DOCX, HTML or plain text"),
        (
            "gz bz2 xz zst alz egg lzh lha ace cba cab arj iso cpio dmg sit sitx",
            "unpack it into a folder, or make it a CBZ",
        ),
        ("svg psd kra clip jp2 ico tga", "save it as PNG or JPEG"),
        ("sub idx sup usf", "save subtitles as SRT"),
        ("ifo bup", "a part of a DVD: make one file of the film"),
        ("mobi azw azw3 djvu djv xps lit ibooks prc", "save it as EPUB or PDF"),
    )
    for ending in endings_of_names.split()
}
_NEVER_TAKEN = {
    **dict.fromkeys(("css", "js"), "styles and scripts are never included"),
    **dict.fromkeys(("nfo", "torrent", "sfv", "par2"), "it tells where something was copied from"),
    **dict.fromkeys(("m3u", "m3u8", "pls", "cue"), "the order of sound is that of its files"),
}
EMPTY_FILE = "an empty file"
OWN_BUNDLE = "is a bundle of its own"
_SYSTEM_FILE = "the system or a program keeps it for itself"
_HIDDEN = "its name begins with a dot, which hides it; take the dot away if it is for readers"
_FOR_READERS = (FileKind.PICTURE, FileKind.ARCHIVE, FileKind.BOOK, FileKind.FILM, FileKind.SOUND)
_MOST_LOOKED_AT = 500


MAY_BE_PICTURES = frozenset(
    (
        FileKind.TEXT,
        FileKind.TRANSCRIPT,
        FileKind.ABOUT,
        FileKind.CREDIT,
        FileKind.NOTICE,
        FileKind.FILM,
        FileKind.SOUND,
        FileKind.SUBTITLES,
        FileKind.OTHER,
    )
)
"""Kinds by name that first bytes may belie. An archive or a book that is none is refused by its reader."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file, or a folder that is empty or not looked into.

    `path` is relative to the bundle, that of a member to its archive; `refusal` says why it cannot be used, or is "".
    `volumes` are all parts of an archive that lies in several, in order.
    """

    source: Source
    path: PurePosixPath
    kind: FileKind
    size_bytes: int = 0
    refusal: str = ""
    volumes: tuple[Source, ...] = ()

    @property
    def is_called_picture(self) -> bool:
        """Whether it is a picture by its name or its first bytes, even where it cannot be used."""
        return self.kind is FileKind.PICTURE or kind_of_path(self.path) is FileKind.PICTURE


Files = Sequence[SourceFile]


def walk(folder: Path, names: frozenset[str] = frozenset()) -> tuple[SourceFile, ...]:
    """Return all files below `folder` in their order; system folders and empty folders as one each.

    Links are followed inside the folder, but not from one into the next; others are one LINK each.
    With `names`, only files and folders of these names in the folder itself are looked at. Raises SourceError for a
    folder that cannot be listed or lies deeper than MAX_DEPTH.
    """
    return tuple(_walk(folder, PurePosixPath(), Path(os.path.realpath(folder)), names))


def kind_of(name: str) -> FileKind:
    """Return the kind of the file or folder called `name`."""
    if leftover(name, at_root=name.startswith(".")):
        return FileKind.JUNK
    folded = name.casefold()
    return next((kind for pattern, kind in _NAMES if pattern.fullmatch(folded)), FileKind.OTHER)


def kind_of_path(path: PurePosixPath) -> FileKind:
    """Return the kind of the file at `path`: junk where it lies in a folder of junk."""
    is_junk = any(kind_of(part) is FileKind.JUNK for part in path.parts)
    return FileKind.JUNK if is_junk else kind_of(path.name)


def tells_nothing(path: PurePosixPath) -> bool:
    """Whether a name does not say what a file holds, so that its first bytes have to: they may be a picture's."""
    ending = path.suffix.lower().lstrip(".")
    unsure = (FileKind.OTHER, FileKind.NOTICE, FileKind.CREDIT)
    return kind_of_path(path) in unsure and not {ending} & (_UNREAD.keys() | _NEVER_TAKEN)


def is_for_picture(path: PurePosixPath) -> bool:
    """Whether a name may be that of a picture: it says so, or nothing."""
    return kind_of_path(path) is FileKind.PICTURE or tells_nothing(path)


def name_without_remnant(name: str) -> str:
    """Return what a file was called of which this is a copy or an unfinished download; "" for all others."""
    found = _REMNANT.fullmatch(name.casefold())
    return name[: found.end(1)] if found else ""


def member_file(archive: PurePosixPath, name: str, source: Source, size_bytes: int) -> SourceFile:
    """Return the file for a member of the archive at `archive`; its path is below it whatever its name says."""
    path = member_path(name)
    return _file(source, archive / path, size_bytes, kind_of_path(path))


def member_path(name: str) -> PurePosixPath:
    """Return where a member lies in its archive, without parts that lead out of it, slashes of either kind read.

    It is the one reading of members' names: `./1.jpg`, `a//1.jpg` and `C:\\a\\1.jpg` are like `1.jpg` and `a/1.jpg`.
    """
    parts = [normal(part) for part in re.split(r"[/\\]", _DRIVE.sub("", name)) if part not in ("", ".", "..")]
    return PurePosixPath(*parts or ("unnamed",))


def why_unused(path: PurePosixPath) -> tuple[Outcome, str]:
    """Return the outcome of a file that nothing asked for, and why: a warning where it may be meant for readers."""
    ending = path.suffix.lower().lstrip(".")
    if ending in _UNREAD:
        return Outcome.WARNING, f"not taken: {_UNREAD[ending]}"
    if name_without_remnant(path.name):
        return Outcome.PASSED_OVER, "it is a copy or an unfinished download that a program keeps"
    return Outcome.PASSED_OVER, _NEVER_TAKEN.get(ending, "it is neither a picture nor a text that packager reads")


def printable(path: object) -> str:
    """Return a path for people: nothing in it moves the cursor, ends the line or cannot be encoded."""
    return escaped(on_one_line(str(path)))


def _walk(
    folder: Path, path: PurePosixPath, root: Path | None, names: frozenset[str] = frozenset()
) -> Iterator[SourceFile]:
    """Yield what lies in `folder`, which messages call `path`; links are followed inside `root`, if there is one."""
    if len(path.parts) > MAX_DEPTH:
        hint = "Move the files in it further up."
        raise SourceError(f"lies more than {MAX_DEPTH} folders deep", where=printable(path), hint=hint)
    try:
        entries = {entry.name: entry for entry in os.scandir(folder) if not names or entry.name in names}
        files = {name: _entry(entries[name], path / normal(name), root) for name in ordered(entries)}
    except OSError as error:
        raise SourceError(f"cannot be listed: {error.strerror}", where=printable(path)) from error
    if not files and path.parts:
        yield SourceFile(Source(folder, f"{printable(path)}/"), path, FileKind.FOLDER, refusal="an empty folder")
    for name, file in files.items():
        if file.kind is FileKind.FOLDER:
            yield from _walk(file.source.path, file.path, None if entries[name].is_symlink() else root)
        else:
            yield file


def _entry(entry: os.DirEntry[str], path: PurePosixPath, root: Path | None) -> SourceFile:
    """Return a file, or a folder to look into."""
    source = Source(Path(entry.path), printable(path))
    if _SHORTCUT.fullmatch(entry.name) and entry.is_file():
        return SourceFile(
            source, path, FileKind.LINK, refusal="a shortcut to a file elsewhere: put the file itself here"
        )
    if entry.is_symlink() and kind_of(entry.name) is not FileKind.JUNK:
        target = os.path.realpath(entry.path)
        if refusal := _why_not_followed(Path(target), source.path.parent, root):
            what = "folder" if source.path.is_dir() else "file"
            return SourceFile(source, path, FileKind.LINK, refusal=f"{refusal}: put the {what} itself here")
        source = Source(Path(target), source.label)
    if entry.is_dir():
        return _folder(source, path)
    if not entry.is_file():
        return SourceFile(source, path, FileKind.JUNK, refusal="not a file")
    kind = kind_of_path(path)
    if path.name.startswith("."):
        kind = FileKind.HIDDEN if kind in _FOR_READERS else FileKind.JUNK
        return SourceFile(source, path, kind, refusal=_HIDDEN if kind is FileKind.HIDDEN else _SYSTEM_FILE)
    return _file(source, path, entry.stat().st_size, kind)


def _why_not_followed(target: Path, folder: Path, root: Path | None) -> str:
    """Return why a link that lies in `folder` is not followed; "" where it is."""
    if not target.exists():
        return "a link to nothing"
    if root is None:
        return "a link in what another link leads to"
    if not target.is_relative_to(root):
        return "a link out of the bundle"
    return "a link to a folder that it lies in" if Path(os.path.realpath(folder)).is_relative_to(target) else ""


def _folder(source: Source, path: PurePosixPath) -> SourceFile:
    """Return a folder to look into, or one that is not looked into."""
    folder = Source(source.path, f"{source.label}/")
    is_junk, is_hidden = kind_of(path.name) is FileKind.JUNK, path.name.startswith(".")
    if is_hidden and not is_junk and _holds_pictures(source.path):
        return SourceFile(folder, path, FileKind.HIDDEN, refusal=f"not looked into: {_HIDDEN}")
    if is_junk or is_hidden or name_without_remnant(path.name):
        return SourceFile(folder, path, FileKind.JUNK, refusal=f"not looked into: {_SYSTEM_FILE}")
    mark = mark_of(source.path)
    if mark is FolderMark.BUNDLE or is_laid_out_as_bundle(source.path):
        return SourceFile(folder, path, FileKind.GENERATED, refusal=f"{OWN_BUNDLE}: its works are not taken")
    if mark:
        return SourceFile(folder, path, FileKind.GENERATED, refusal=f"not looked into: {mark}")
    return SourceFile(folder, path, FileKind.FOLDER)


def _holds_pictures(folder: Path) -> bool:
    """Whether some of the first files in a folder, or in those in it, are meant for readers by their names."""
    names = (name for _, _, files in os.walk(folder) for name in files)
    return any(kind_of(name) in _FOR_READERS for name in islice(names, _MOST_LOOKED_AT))


def _file(source: Source, path: PurePosixPath, size_bytes: int, kind: FileKind) -> SourceFile:
    if kind is FileKind.JUNK:
        return SourceFile(source, path, kind, size_bytes, _SYSTEM_FILE)
    if not size_bytes and kind is not FileKind.PICTURE:  # which may be a page: that it is missing is shown in its place
        return SourceFile(source, path, FileKind.JUNK, refusal=EMPTY_FILE)
    return SourceFile(source, path, kind, size_bytes)
