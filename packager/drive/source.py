"""The tree to copy, or the one that should lie on a drive, as a manifest tells."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from packager.config import definition
from packager.drive.ordered import files_of
from packager.drive.values import Source
from packager.errors import OutputError, PackagerError, SourceError
from packager.output import manifest, marks
from packager.output.manifest import File
from packager.output.marks import KEEP, Mark

_EXAMPLE = "Name the tree that a build made, with `keep` beside it: window-built/window"
_OF_OTHERS = "What others made, look at with `packager check`, then copy it with the file manager."


def load(tree: Path) -> Source:
    """The tree with its files in the order of the manifest beside it.

    Raises SourceError for what is no tree of ours or has no manifest beside it, and when the tree is not what its
    manifest says, as far as names and sizes tell.
    """
    folder = tree.resolve()
    if not folder.is_dir():
        raise SourceError("is not a folder", where=tree, hint=f"{_EXAMPLE}. Single files the file manager copies.")
    _refuse_other(tree, folder)
    return Source(folder.parent, folder.name, files_of(folder), folder.parent / KEEP)


def expected_on(drive: Path, given: Path | None, here: Path) -> Source:
    """What should lie on `drive`, by the manifest `given`, else by the only one found below `here` that fits.

    Raises OutputError when no manifest is found, or several fit.
    """
    if given:
        keeps = [given.parent if given.name in (manifest.TABLE_NAME, manifest.SUMS_NAME) else given]
    else:
        keeps = [*sorted(here.glob(f"*-built/{KEEP}")), here / KEEP]
    listed = [source for keep in keeps for source in _listed(keep)]
    sources = [source for source in listed if _lies_on(drive, source.name)]
    if given and not sources:
        sources = listed  # all of it is missing then, which is to be said
    if len(sources) == 1:
        return sources[0]
    what = "the manifests of several trees fit this drive" if sources else "no manifest is known for this drive"
    raise OutputError(what, where=drive, hint="Say which: --manifest window-built/keep/manifest.tsv")


def _refuse_other(tree: Path, folder: Path) -> None:
    """Have nothing copied but a whole tree that passed its check: not sources, nor what is for the organizer alone."""
    mark, place = marks.marked(folder) or (None, folder)
    if mark is Mark.BUNDLE or (mark is None and marks.holds_works(folder)):
        raise SourceError(f"is {Mark.BUNDLE}", where=tree, hint=_build_first(tree))
    if mark in (Mark.OUTPUT, Mark.KEEP):
        output = tree if mark is Mark.OUTPUT else tree.parent
        hint = next((f"Name the tree alone: {output / path.name}" for path in marks.trees_in(output)), _EXAMPLE)
        raise SourceError(f"is {mark}", where=tree, hint=hint)
    if mark and (mark is not Mark.TREE or place != folder):
        raise SourceError(f"{'is' if place == folder else 'lies in'} {mark}", where=tree, hint=_EXAMPLE)
    if folder not in marks.trees_in(folder.parent):
        raise SourceError("is no tree with its manifest beside it", where=tree, hint=f"{_EXAMPLE}. {_OF_OTHERS}")
    if marks.is_refused(folder.parent):
        hint = f"Mend what {folder.parent / KEEP / marks.REPORT_TEXT} names, and build again."
        raise SourceError("failed its check, and was kept to be looked at", where=tree, hint=hint)


def _build_first(bundle: Path) -> str:
    try:
        name = definition.load(bundle).name
    except PackagerError:  # the build says what is wrong with it
        name = "window"
    build = shlex.join(["packager", "build", str(bundle)])
    return f"Name the tree that a build makes of it: `{build}` makes {name}-built/{name}"


def _listed(keep: Path) -> Iterator[Source]:
    """The trees that the manifest in `keep` describes; a library on several media has one for each."""
    if not (keep / manifest.TABLE_NAME).is_file():
        return
    trees: dict[str, list[File]] = {}
    for file in manifest.read(keep).files:
        trees.setdefault(file.path.parts[0], []).append(file)
    for name, files in trees.items():
        yield Source(keep.parent, name, tuple(files), keep)


def _lies_on(drive: Path, name: str) -> bool:
    return any(entry.name.casefold() == name.casefold() for entry in os.scandir(drive))
