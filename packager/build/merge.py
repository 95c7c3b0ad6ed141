"""What several machines have measured -> one cache, of which a build then takes everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packager.errors import DoesNotFit, OutputError, SourceError, os_errors
from packager.files.ownership import CACHE_FOLDER
from packager.files.store import Draft, Store
from packager.film.kept import holds_files
from packager.pictures.cache import holds_pictures
from packager.text.spelling import size

_KEY = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that lay in a cache and was not taken, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Merged:
    """How many entries were taken, how many were there already, and what was left out."""

    taken: int
    known: int
    left_out: tuple[LeftOut, ...]


def merge(sources: Sequence[Path], into: Store, most_bytes: int) -> Merged:
    """Copy the entries of other caches, each proven whole and ours before it is taken.

    Raises SourceError where one of them is no cache, DoesNotFit where all together take more than `most_bytes`, both
    before anything is copied, and OutputError where nothing can be written.
    """
    left_out: list[LeftOut] = []
    every: dict[Store, dict[str, int]] = {}
    for store in map(Store, sources):
        try:
            every[store] = _sizes(store)
        except OutputError as error:
            left_out.append(LeftOut(store.directory / CACHE_FOLDER, error.what))
    _require_room([*every.values(), *_there(into)], most_bytes, into.directory)
    taken = known = 0
    for store, name in ((store, name) for store, sizes in every.items() for name in sizes):
        if reason := _flaw(store, name):
            left_out.append(LeftOut(store.directory / CACHE_FOLDER / name, reason))
        elif _is_known(into, name):
            known += 1
        else:
            _copy(store, into, name)
            taken += 1
    return Merged(taken, known, tuple(left_out))


def _sizes(store: Store) -> dict[str, int]:
    try:
        return store.sizes()
    except FileNotFoundError as error:
        hint = "Name a folder that was given to --cache."
        raise SourceError("holds no cache", where=store.directory, hint=hint) from error


def _there(into: Store) -> Iterator[dict[str, int]]:
    if (into.directory / CACHE_FOLDER).exists():
        yield into.sizes()


def _require_room(every: Sequence[dict[str, int]], most_bytes: int, folder: Path) -> None:
    """What is merged first would go again for what is merged last."""
    all_bytes = sum({name: taken for sizes in every for name, taken in sizes.items()}.values())
    if all_bytes > most_bytes * 9 // 10:
        what = f"all together take {size(all_bytes)}, too much for a cache that may hold {size(most_bytes)}"
        more = f"--cache-size {-(-all_bytes * 5 // (4 * 10**9))}GB"
        raise DoesNotFit(what, where=folder, hint=f"Add {more} here, and to the build that follows.")


def _flaw(store: Store, name: str) -> str:
    """Why a file is not taken; "" for a whole entry of ours."""
    if name.startswith("."):
        return "was not finished"
    if not _KEY.fullmatch(name):
        return "is no entry of a cache"
    file = store.entry(name)
    if file is None:
        return "is cut short, was changed, or belongs to another user"
    with file:
        if holds_pictures(file):
            return ""
        file.seek(0)
        return "" if holds_files(file) else "holds nothing that packager keeps"


def _is_known(into: Store, name: str) -> bool:
    file = into.entry(name)
    if file:
        file.close()
    return file is not None


def _copy(store: Store, into: Store, name: str) -> None:
    file = store.entry(name)
    if file is None:
        raise SourceError("was removed while it was read", where=store.directory / CACHE_FOLDER / name)
    with file, os_errors(OutputError, "an entry could not be copied there", into.directory):
        draft = Draft(into, name)
        try:
            draft.add_rest(file)
            draft.place()
        finally:
            draft.end()
