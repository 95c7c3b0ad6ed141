"""What a file is for us, by its name alone, and why it is passed over when it is nothing."""

from __future__ import annotations

import re
from enum import Enum, auto
from pathlib import PurePosixPath

from packager.model import Outcome


class Kind(Enum):
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
    OURS = auto()
    OTHER = auto()


# The first pattern that matches the whole name, in lower case, decides; a name may hold line ends.
_NAMES = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (r"\..*|~\$.*|.*~|thumbs\.db|ehthumbs\w*\.db|desktop\.ini|__macosx|@eadir|\$recycle\.bin", Kind.JUNK),
        (r"system volume information|.*\.(part|partial|crdownload|download|tmp|temp|swp|bak)", Kind.JUNK),
        (r"comicinfo\.xml", Kind.COMIC_INFO),
        (r"transcript(\.[\w-]+)?\.(md|markdown|txt)", Kind.TRANSCRIPT),
        (r"about(\.[\w-]+)?\.(md|markdown|txt|html?|xhtml)", Kind.ABOUT),
        (r"(attribution|credits?)(\.(md|markdown|txt))?", Kind.CREDIT),
        (r"(readme|licen[cs]e|copying|attribution|credits?)([._-].*)?", Kind.NOTICE),
        (r".*\.(jpe?g|jpe|jfif|png|webp|gif|avif|tiff?|bmp|hei[cf]|hif|jxl)", Kind.PICTURE),
        (r".*\.(epub|pdf)", Kind.BOOK),
        (
            r".*\.(md|markdown|txt|text|html?|xhtml|mht|mhtml|docx|odt|rtf|fb2|rst|org|textile|tex|docbook)",
            Kind.TEXT,
        ),
        (r".*\.(cbz|zip|cbr|rar|cb7|7z|cbt|tar|tar\.(gz|bz2|xz)|tgz|tbz2?|txz)", Kind.ARCHIVE),
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
    **dict.fromkeys(("mp4", "mkv", "webm", "mov", "avi", "mp3", "ogg", "wav", "m4a"), "sound and film are not taken"),
}

_NEVER_TAKEN = dict.fromkeys(("css", "js"), "styles and scripts are never taken")


def kind_of(name: str) -> Kind:
    """The kind of the file or folder called `name`."""
    folded = name.casefold()
    return next((kind for pattern, kind in _NAMES if pattern.fullmatch(folded)), Kind.OTHER)


def kind_of_path(path: str) -> Kind:
    """The kind of the file at `path`: junk where it lies in a folder of junk."""
    parts = path.replace("\\", "/").split("/")
    return Kind.JUNK if any(kind_of(part) is Kind.JUNK for part in parts if part) else kind_of(parts[-1])


def why_not(path: PurePosixPath) -> tuple[Outcome, str]:
    """What becomes of a file that nothing asked for, and why: a warning where it may be meant for readers."""
    ending = path.suffix.lower().lstrip(".")
    if ending in _UNREAD:
        return Outcome.WARNING, f"not taken: {_UNREAD[ending]}"
    return Outcome.PASSED_OVER, _NEVER_TAKEN.get(ending, "neither a picture nor a text that is read")
