"""What operating systems leave on a drive that they have seen: by which name, what it tells, how to be rid of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class System(StrEnum):
    """What left it."""

    WINDOWS = "Windows"
    MACOS = "macOS"
    ANDROID = "Android"
    LINUX = "Linux"


@dataclass(frozen=True, slots=True)
class Leftover:
    """One thing that a system leaves; `pattern` fits the whole name of a file or folder, whatever its case.

    One that lies `at_root` is none anywhere else, and where it lies is the root of a drive.
    """

    system: System
    pattern: re.Pattern[str]
    tells: str
    removal: str
    at_root: bool


_UNHIDE = "delete it; a file manager shows it once hidden files are shown"
_MAC = "delete it; on macOS, run: dot_clean and mdutil -i off, then eject the drive"
_WINDOWS_ROOT = "delete it on Linux or macOS, or on Windows as administrator; Windows makes it anew at each visit"
_ANDROID_ROOT = "delete it; Android makes it anew"
_BIN = "empty the recycle bin and delete the folder, or copy to a freshly formatted drive"
_FORMAT = "format the drive and copy again: what was deleted can still be read"

# Whoever wants a name added: what the system calls it, what a finder learns from it.
_TABLE: tuple[tuple[System, str, str, str, bool], ...] = (
    (
        System.WINDOWS,
        r"system volume information",
        "a Windows computer has opened the drive, and when it first did; it holds a number of the drive",
        _WINDOWS_ROOT,
        True,
    ),
    (
        System.WINDOWS,
        r"\$recycle\.bin|recycler|recycled",
        "files were deleted here, when, by which user account, and what they held",
        _BIN,
        True,
    ),
    (System.WINDOWS, r"found\.\d{3}|file\d{4}\.chk", "pieces of files that were lost, whole texts among them", _FORMAT,
     True),
    (System.WINDOWS, r"thumbs\.db|ehthumbs(_vista)?\.db", "small copies of pictures, also of those deleted since",
     _UNHIDE, False),
    (System.WINDOWS, r"desktop\.ini", "how a Windows user set up the folder", _UNHIDE, False),
    (System.WINDOWS, r"~\$.+", "the name of whoever had the document open", _UNHIDE, False),
    (System.MACOS, r"\.ds_store", "the names of files in the folder, also of those deleted since", _MAC, False),
    (System.MACOS, r"\._.+", "where a file was downloaded from, and when", _MAC, False),
    (System.MACOS, r"\.trashes|\.trash", "files were deleted here, and what they held", _BIN, True),
    (System.MACOS, r"\.fseventsd", "which files were written, renamed and deleted, in order", _MAC, True),
    (System.MACOS, r"\.spotlight-v100", "an index of the words in all files, also of those deleted since", _MAC, True),
    (
        System.MACOS,
        r"\.temporaryitems|\.documentrevisions-v100|\.apdisk|\.volumeicon\.icns|\.metadata_never_index",
        "a Mac has opened the drive",
        _MAC,
        True,
    ),
    (System.MACOS, r"__macosx|\.appledouble|icon\r", "a Mac has packed or opened it", _MAC, False),
    (System.ANDROID, r"lost\.dir", "an Android device has opened the drive; pieces of lost files may lie in it",
     _ANDROID_ROOT, True),
    (System.ANDROID, r"(?-i:Android)|\.android_secure", "which apps an Android device has", _ANDROID_ROOT,
     True),
    (System.ANDROID, r"\.thumbnails|\.thumbdata.*", "small copies of pictures, also of those deleted since", _UNHIDE,
     False),
    (System.ANDROID, r"\.(?:trashed|pending)-\d+-.+", "a file that was deleted, whole, and when", _FORMAT, False),
    (System.LINUX, r"\.trash-\d+", "files were deleted here, when, and what they held", _BIN, True),
    (System.LINUX, r"lost\+found", "a Linux computer has formatted the drive", _FORMAT, True),
    (System.LINUX, r"\.directory|\.fuse_hidden.*|\.nfs.*|\.goutputstream-.*", "a Linux user has opened the folder",
     _UNHIDE, False),
    (System.LINUX, r"\.~lock\..*#", "the name and the computer of whoever had the document open", _UNHIDE, False),
)  # fmt: skip

LEFTOVERS = tuple(
    Leftover(system, re.compile(pattern, re.IGNORECASE | re.DOTALL), tells, removal, at_root)
    for system, pattern, tells, removal, at_root in _TABLE
)


def leftover(name: str, *, at_root: bool) -> Leftover | None:
    """What `name`, of a file or folder that lies at a drive's root or deeper, is left by; None for all others."""
    return next((one for one in LEFTOVERS if (at_root or not one.at_root) and one.pattern.fullmatch(name)), None)


# Red Star OS puts a tag behind pictures and pages that it opens: a mark for each computer, a little-endian number with
# the length of all marks, then the end (docs/devices.md section 6).
_RED_STAR_MARK_BYTES = 24
_RED_STAR_END = b"EOF"
_RED_STAR_CLOSING_BYTES = 4 + len(_RED_STAR_END)


def red_star_marks(data: bytes) -> int:
    """How many marks the tag has that `data` ends with; 0 where there is no tag."""
    length = int.from_bytes(data[-_RED_STAR_CLOSING_BYTES : -len(_RED_STAR_END)], "little")
    is_within = 0 < length <= len(data) - _RED_STAR_CLOSING_BYTES and length % _RED_STAR_MARK_BYTES == 0
    return length // _RED_STAR_MARK_BYTES if is_within and data.endswith(_RED_STAR_END) else 0


def red_star_tag_bytes(data: bytes) -> int:
    """The length of the tag that `data` ends with; 0 where there is none."""
    marks = red_star_marks(data)
    return marks * _RED_STAR_MARK_BYTES + _RED_STAR_CLOSING_BYTES if marks else 0
