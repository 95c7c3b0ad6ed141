"""Contents and the facts of their files put together as an inventory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from packager.check.containers import Contents
from packager.check.facts import FileFacts, Inventory, Node, Shape, TreeEntry, WordMatch
from packager.check.words import NO_WORDS, WordSearch, find_in_name, find_in_notes
from packager.files.traces import leftover


def assembled(contents: Contents, facts: Iterable[FileFacts], search: WordSearch = NO_WORDS) -> Inventory:
    """The inventory of `contents`: what systems left set apart, paths from where its tree begins, its names looked at.

    A tree on a drive or in an archive may lie in one folder, and begins there; several may lie
    side by side.
    """
    whole = Inventory(
        files=tuple(sorted(facts, key=lambda one: one.path)),
        folders=contents.folders,
        special_entries=contents.special_entries,
        shape=contents.shape,
        archive=contents.archive,
    )
    if contents.is_drive:
        whole = _without_leftovers(whole)
    may_have_top = contents.is_drive or contents.archive is not None
    whole = _from_top(whole) if contents.shape is Shape.TREE and may_have_top else whole
    return replace(whole, words=tuple(_words(whole, search)))


def _words(whole: Inventory, search: WordSearch) -> Iterator[tuple[str, WordMatch]]:
    """The words in names, each with the file or folder that has the name, and in what stands beside all files."""
    if search == NO_WORDS:
        return
    titles = "\n".join(one.document.title for one in whole.files if one.document)
    entries = (*(one.entry for one in whole.files), *whole.special_entries, *whole.leftovers)
    for path in (*(one.path for one in entries), *whole.folders):
        yield from ((path, match) for match in find_in_name(path, search, titles))
    yield from (("", match) for match in find_in_name(whole.top.rstrip("/"), search, titles))
    notes = whole.archive.notes if whole.archive else b""
    yield from (("", match) for match in (find_in_notes(notes, search) if notes else ()))


def _without_leftovers(whole: Inventory) -> Inventory:
    left: dict[str, TreeEntry] = {}
    for entry in (*(TreeEntry(path, Node.FOLDER) for path in whole.folders), *(one.entry for one in whole.files)):
        step = leftover_step(entry.path)
        if step == entry.path or (step and step not in left):
            left[step] = entry if step == entry.path else TreeEntry(step, Node.FOLDER)
    return replace(
        whole,
        files=tuple(one for one in whole.files if not leftover_step(one.path)),
        folders=tuple(path for path in whole.folders if not leftover_step(path)),
        special_entries=tuple(one for one in whole.special_entries if not leftover_step(one.path)),
        leftovers=tuple(left[step] for step in sorted(left)),
    )


def leftover_step(path: str) -> str:
    """The first step of `path`, as a path, that a system has left on the drive; "" where there is none."""
    steps = path.split("/")
    for depth, name in enumerate(steps):
        if leftover(name, at_root=depth == 0):
            return "/".join(steps[: depth + 1])
    return ""


def _from_top(whole: Inventory) -> Inventory:
    tops = {path.partition("/")[0] for path in whole.folders}
    others = [one.entry for one in whole.files] + list(whole.special_entries)
    if not tops or any("/" not in one.path for one in others):
        return whole
    if len(tops) > 1:
        starts = {f"{top}/{start}" for top in tops for start in whole.starts}
        has_all = starts <= {one.path for one in whole.files}
        return replace(whole, starts=tuple(sorted(starts))) if has_all else whole
    top = f"{tops.pop()}/"

    def inner(entry: TreeEntry) -> TreeEntry:
        return replace(entry, path=entry.path.removeprefix(top))

    return replace(
        whole,
        files=tuple(replace(one, entry=inner(one.entry)) for one in whole.files),
        folders=tuple(path.removeprefix(top) for path in whole.folders if path != top.rstrip("/")),
        special_entries=tuple(inner(one) for one in whole.special_entries),
        top=top,
    )
