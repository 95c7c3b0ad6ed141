"""What a folder is to us, told by what lies in it: a bundle, what a build made, or what is for the organizer alone."""

from __future__ import annotations

import json
import os
import re
from enum import StrEnum
from pathlib import Path

from packager.config import definition
from packager.errors import OutputError, SourceError, UsageError
from packager.files.lock import is_work_folder
from packager.files.ownership import CACHE_FOLDER, read_small_file
from packager.output import manifest
from packager.output.ledger import EDITION_WORKS, EDITIONS
from packager.output.manifest import File

KEEP = definition.KEEP  # beside the trees
REPORT_TEXT, REPORT_JSON, REPORT_PAGE = "report.txt", "report.json", "report.html"
REMEMBERED = "made-from.bin"  # which file of the trees came from what, and what was checked
KEPT = (manifest.SUMS_NAME, manifest.TABLE_NAME, REPORT_TEXT, REPORT_JSON, REPORT_PAGE, REMEMBERED)

_UNFINISHED = "-unfinished"
STAGED = "new"  # in that folder: what was written and is not in its place yet

_HOME = "index.html"
# What stands in the head of every document of a tree, and hardly in another's (templates/head.html).
_PAGE_MARKS = (b'translate="no" class="notranslate"', b"default-src 'none'; img-src ", b"base-uri 'none'")
_HEAD_BYTES = 1024
_MOST_REPORT_BYTES = 32 << 20  # one of a tree of 65,535 files takes some 10 MB
_MOST_LOOKED_FOR = 1000  # of a manifest's files, in each folder above a source
_LIST = ("000.TXT", "000.JPG")  # what stands first in a tree of pictures for players
_EDITIONS = ("phone", "cbz", "epub", "pdf")
_WORK = re.compile(r"w\d+")

TEXT_HEAD_BYTES = 1 << 16  # the titles of all works stand in the second line of a report
# What stands at the beginning of what only the organizer may read, whatever it is called and however its lines end.
_KEPT_HEADS = (
    re.compile(rb"^\d+ files, \d+ bytes; on .{1,40} with clusters of \d+ KiB they occupy \d+ bytes\.\s*$", re.M),
    re.compile(rb'\A\{\s+"(?:advice": \[|archive": .*,\s+"cluster_bytes"|findings": \[)'),
    re.compile(rb"\A(?:0|[1-9]\d{0,17})\t[0-9a-f]{64}\t[^\t]+$", re.M),
    re.compile(rb"\A[0-9a-f]{64}  [^/\n]+/.+$", re.M),
    re.compile(rb"^edition\t[1-9]\d*\t[^\t\n]*\t[^\n]*\ntree\t", re.M),  # of a ledger
    re.compile(rb"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"),  # of its page
)


_SOURCES = (
    "Name your own comics and articles. Pictures that only a tree has go into a folder of their own first; `packager "
    "check` looks at trees."
)


class FolderMark(StrEnum):
    """What a folder is, in words that follow `is` and `lies in`."""

    KEEP = "what a build keeps for you alone"
    STAGE = "what a build that did not end has left"
    CACHE = "what --cache keeps"
    LEDGER = "the list of a bundle's editions, for you alone"
    BUNDLE = "a bundle, with your sources"
    OUTPUT = "what an earlier build made"
    TREE = "a tree that packager built"


def mark_of(folder: Path) -> FolderMark | None:
    """Return what the folder itself is; None for all that is not ours."""
    return next((mark for mark, bears in _TESTS.items() if bears(folder)), None)


def mark_of_text(head: bytes) -> FolderMark | None:
    """Return what a text is by its first TEXT_HEAD_BYTES: a page of a tree, or what a build keeps; None for others."""
    head = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe")
    if all(mark in head for mark in _PAGE_MARKS):
        return FolderMark.TREE
    return FolderMark.KEEP if any(kept.search(head) for kept in _KEPT_HEADS) else None


def marked(path: Path) -> tuple[FolderMark, Path] | None:
    """Return the mark that counts for a file or folder, and the folder that bears it: its own, else the nearest above.

    What lies in a bundle is not ours; nor is a folder that somebody put beside a tree.
    """
    whole = Path(os.path.realpath(path))
    if stage := next(filter(is_work_folder, (whole, *whole.parents)), None):
        return FolderMark.STAGE, stage
    if mark := mark_of(whole):
        return mark, whole
    for folder in whole.parents:
        mark = mark_of(folder)
        if mark is FolderMark.BUNDLE:
            return None
        if mark and (mark is not FolderMark.OUTPUT or (folder == whole.parent and not whole.is_dir())):
            return mark, folder
    return None


def refuse_ours(path: Path, use: str = "source") -> None:
    """Raise SourceError for a file or folder that lies in what a build made, or in what is for the organizer alone.

    UsageError for one that was named as a bundle.
    """
    mark, folder = marked(path) or (None, path)
    if mark and mark is not FolderMark.BUNDLE:
        is_or_lies = "is" if folder == Path(os.path.realpath(path)) else "lies in"
        kind = UsageError if use == "bundle" else SourceError
        raise kind(f"{is_or_lies} {mark}, and never a {use}", where=path, hint=_SOURCES)


def trees_in(output: Path) -> tuple[Path, ...]:
    """Return the trees in what a build made, as the manifest beside them lists them, whether they are there or not."""
    return tuple(dict.fromkeys(output / file.path.parts[0] for file in _listed(output)))


def is_built_tree(folder: Path) -> bool:
    """Return whether it is a tree where it was built, with its manifest beside it."""
    whole = Path(os.path.realpath(folder))
    return not whole.is_mount() and whole in trees_in(whole.parent)


def outputs_in(folder: Path) -> tuple[Path, ...]:
    """Return the folders in `folder` that builds made."""
    try:
        return tuple(path for path in sorted(folder.iterdir()) if mark_of(path) is FolderMark.OUTPUT)
    except OSError:
        return ()


def is_refused(output: Path) -> bool:
    """Return whether what a build made failed its check, as the report in it tells."""
    try:
        report = json.loads(read_small_file(output / KEEP / REPORT_JSON, _MOST_REPORT_BYTES))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(report, dict) and report.get("is_refused") is True


def is_unfinished(folder: Path) -> bool:
    """Return whether an update of a tree works in the folder, or did not end there."""
    named, _, number = folder.name.rpartition("-")
    if number.isdigit() and named.endswith(_UNFINISHED):
        return os.path.isdir(folder) and os.path.isdir(folder.with_name(named))  # noqa: PTH112 - as in _holds
    try:
        names = [path.name for path in folder.iterdir()] if folder.name.endswith(_UNFINISHED) else None
    except OSError:
        return False
    return names is not None and (not names or STAGED in names)


def bundle_of(path: Path) -> Path | None:
    """Return the bundle that a file or folder is, or lies in; None for none.

    One without a definition is known by itself and by its folders of works alone.
    """
    whole = Path(os.path.realpath(path))
    near = (whole, *(folder.parent for folder in (whole, *whole.parents[:2]) if folder.name in definition.FOLDERS))
    return defined_bundle_of(path) or next(filter(holds_works, near), None)


def defined_bundle_of(path: Path) -> Path | None:
    """Return the bundle with a definition that a file or folder is, or lies in; None for none."""
    whole = Path(os.path.realpath(path))
    return next((folder for folder in (whole, *whole.parents) if mark_of(folder) is FolderMark.BUNDLE), None)


def unfinished(tree: str, number: int = 0) -> str:
    """Return what the folder is called on a drive in which an update of a tree works, from its beginning to its end.

    With a number, what the tree itself is called meanwhile, the old one and the new one.
    """
    return f"{tree}{_UNFINISHED}" + (f"-{number}" if number else "")


def is_laid_out_as_bundle(folder: Path) -> bool:
    """Return whether it holds several folders of a bundle, where one of them may be a work's."""
    return sum((folder / name).is_dir() for name in definition.FOLDERS) > 1


def holds_works(folder: Path) -> bool:
    """Return whether it is laid out as a bundle is that has no definition."""
    return any((folder / name).is_dir() for name in definition.FOLDERS)


def _is_keep(folder: Path) -> bool:
    held = [name for name in KEPT if _holds(folder, name)]
    if len(held) != 1:
        return bool(held)
    if manifest.is_table(folder / manifest.TABLE_NAME):
        return True
    try:
        return folder.name == KEEP and {path.name for path in folder.iterdir()} == set(held)
    except OSError:
        return False


def _is_ledger(folder: Path) -> bool:
    """Whether it holds editions and nothing else, each in a folder called by its number, or those of definitions."""
    try:
        first, *others = map(_is_of_ledger, os.scandir(folder))
    except (OSError, ValueError):  # it is none, or empty
        return False
    return first and all(others)


def _is_of_ledger(entry: os.DirEntry[str]) -> bool:
    folder = Path(entry.path)
    return _is_edition(folder) or (folder.parent.name == EDITIONS and _is_ledger(folder))


def _is_edition(folder: Path) -> bool:
    return folder.name.isdigit() and _holds(folder, EDITION_WORKS, manifest.TABLE_NAME)


def _is_output(folder: Path) -> bool:
    if listed := _listed(folder, _MOST_LOOKED_FOR):
        return any(_holds(folder, str(file.path)) for file in listed)
    return _holds(folder / KEEP, manifest.TABLE_NAME)  # which is damaged, and whatever it told of may be there


def _is_tree(folder: Path) -> bool:
    lists = (_LIST, [name.lower() for name in _LIST])
    if _is_page(folder / _HOME) or any(_holds(folder, *names) for names in lists) or _is_headless(folder):
        return True
    own = _listed(folder.parent, _MOST_LOOKED_FOR, tree=folder.name)
    return any(_holds(folder.parent, str(file.path)) for file in own)


def _is_headless(folder: Path) -> bool:
    """Whether it holds editions as a tree does of which the first page was taken away."""
    if not any(os.path.isdir(folder / name) for name in _EDITIONS):  # noqa: PTH112 - as in _holds
        return False
    try:
        works = [path / _HOME for path in folder.iterdir() if _WORK.fullmatch(path.name)]
        return any(map(_is_page, (*works, *(folder / _EDITIONS[0]).glob("w*.html"))))
    except OSError:
        return False


def _listed(output: Path, most_files: int | None = None, tree: str = "") -> tuple[File, ...]:
    try:
        return manifest.read(output / KEEP, most_files, tree).files
    except OutputError:
        return ()


def _holds(folder: Path, *names: str) -> bool:
    return all(os.path.isfile(folder / name) for name in names)  # noqa: PTH113 - is_file() fails in a locked folder


def _is_page(file: Path) -> bool:
    if not _holds(file.parent, file.name):
        return False
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD_BYTES)
    except OSError:
        return False
    return all(mark in head for mark in _PAGE_MARKS)


# The first that holds counts.
_TESTS = {
    FolderMark.KEEP: _is_keep,
    FolderMark.STAGE: is_work_folder,
    FolderMark.CACHE: lambda folder: folder.name == CACHE_FOLDER,
    FolderMark.LEDGER: _is_ledger,
    FolderMark.BUNDLE: lambda folder: _holds(folder, definition.FILE_NAME),
    FolderMark.OUTPUT: _is_output,
    FolderMark.TREE: _is_tree,
}
