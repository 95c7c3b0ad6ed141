"""The editions of a bundle, in its folder `editions/`: what each held, so that the next can go on from there.

Each lies in a folder called by its number: `manifest.tsv` has every file of its trees, `works.tsv` its works. Both are
plain text; in the second, lines that begin with # are the organizer's. There are no dates in them. Whoever removes a
folder takes that edition back.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from packager.config.definition import FILE_NAME
from packager.errors import OutputError, SourceError, UsageError
from packager.files.lock import locked, work_folder
from packager.files.ownership import read_small_file
from packager.model import KnownPlaces, WorkPlace
from packager.output import manifest
from packager.output.atomic import put
from packager.output.manifest import Manifest

EDITIONS = "editions"
EDITION_WORKS = "works.tsv"
_MOST_BYTES = 64 << 20  # as of manifests
_HEAD = (
    "# What packager knows of this edition. Lines that begin with # are yours: write there when it was, and for whom."
)
_ERRORS = "surrogatepass"  # titles may come from names of files that nobody can read
_IN_ONE_CELL = str.maketrans({"\t": "<U+0009>", "\n": "<U+000A>", "\r": "<U+000D>"})


@dataclass(frozen=True, slots=True)
class ChapterRecord:
    """A chapter of a comic as an edition held it: its title, and of each of its pictures eight digits of a digest."""

    title: str
    pictures: str


@dataclass(frozen=True, slots=True)
class WorkRecord:
    """A version of a work as an edition held it.

    `number` is that of the work, and no other work of the bundle ever has it; `id` is what its folder was called.
    `content` is a digest of its text and pictures, `card` one of what is said of it. `origins` are the paths in the
    bundle that it came from.
    """

    number: int
    id: str
    language: str
    content: str
    card: str
    title: str
    origins: tuple[str, ...] = ()
    chapters: tuple[ChapterRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """The place of a version of the work with that number in a tree, which is called as `tree_of` says."""

    tree: str
    number: int
    language: str
    place: WorkPlace


@dataclass(frozen=True, slots=True)
class TreeRecord:
    """One tree of an edition: the name of its folder, its files and their bytes."""

    name: str
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class NumberedEdition:
    """One edition of a bundle: a build whose trees reached their place, or one that is about to be.

    `language` is the one that was asked for, "" for all. `gone` are works of earlier editions; `places` has those of
    all editions up to this one. Only what is in the ledger has a `folder`.
    """

    number: int
    profile: str
    language: str
    trees: tuple[TreeRecord, ...]
    works: tuple[WorkRecord, ...]
    gone: tuple[WorkRecord, ...] = ()
    places: tuple[PlaceRecord, ...] = ()
    folder: Path | None = None

    def manifest(self, tree: str = "") -> Manifest:
        """Return every file of its trees, or of the one of that name; raises OutputError where it is damaged."""
        if not self.folder:
            return Manifest(())
        listed = manifest.read(self.folder, tree=tree)
        held = {name: (len(files), sum(file.size_bytes for file in files)) for name, files in listed.by_tree().items()}
        for one in self.trees:
            if tree in ("", one.name) and held.get(one.name) != (one.files, one.size_bytes):
                hint = f"Restore it from a copy, or remove {self.folder}."
                raise OutputError(
                    f"does not name all files of {one.name}", where=self.folder / manifest.TABLE_NAME, hint=hint
                )
        return listed


@dataclass(frozen=True, slots=True)
class Ledger:
    """The editions of one definition of a bundle, the newest last."""

    folder: Path
    editions: tuple[NumberedEdition, ...] = ()

    @classmethod
    def read(cls, bundle: Path) -> Ledger:
        """Return the ledger of a bundle, which is named as for a build; without editions where it has none.

        Raises SourceError for an edition that cannot be read.
        """
        folder = _folder_of(bundle)
        numbers = sorted(int(path.name) for path in _entries(folder) if _is_number(path.name))
        folders = (folder / str(number) for number in numbers)
        return cls(folder, tuple(_read(each) for each in folders if os.path.lexists(each / EDITION_WORKS)))

    @property
    def newest(self) -> NumberedEdition | None:
        """The edition with the highest number."""
        return self.editions[-1] if self.editions else None

    @property
    def known(self) -> tuple[WorkRecord, ...]:
        """The versions of all works that any edition held, as the last that did."""
        return (*self.newest.works, *self.newest.gone) if self.newest else ()

    @property
    def place_records(self) -> tuple[PlaceRecord, ...]:
        """The places that works had in the trees of all editions."""
        return self.newest.places if self.newest else ()

    def places(self, profile: str, language: str) -> Mapping[str, KnownPlaces]:
        """Return those of one profile and the language that was asked for, by the names of the trees."""
        by_tree: dict[str, dict[int, dict[str, WorkPlace]]] = {}
        for record in self.place_records:
            name = record.tree.rpartition("/")[2]
            if record.tree == tree_of(profile, language, name):
                by_tree.setdefault(name, {}).setdefault(record.number, {})[record.language] = record.place
        return by_tree

    def edition(self, number: int) -> NumberedEdition:
        """Return the edition of that number; raises UsageError where there is none."""
        for edition in self.editions:
            if edition.number == number:
                return edition
        known = ", ".join(str(edition.number) for edition in self.editions)
        hint = f"Its editions: {known}." if known else "Each build of the bundle is one; it has none yet."
        raise UsageError(f"{self.folder} has no edition {number}", hint=hint)

    def record(self, edition: NumberedEdition, files: Manifest) -> NumberedEdition:
        """Keep an edition with the manifest of its trees: whole or not at all. Raises OutputError or OSError."""
        if not _is_number(str(edition.number)):
            raise OutputError("has no number left", where=self.folder, hint="Remove the edition with the highest.")
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(work_folder(self.folder), self.folder, "record of an edition"):
            return self._record(edition, files)

    def _record(self, edition: NumberedEdition, files: Manifest) -> NumberedEdition:
        folder = self.folder / str(edition.number)
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            raise OutputError("is a link, which is not followed", where=folder)
        if others := sorted({path.name for path in folder.iterdir()} - {manifest.TABLE_NAME, EDITION_WORKS}):
            raise OutputError(f"holds something that packager did not make: {others[0]}", where=folder)
        if (folder / EDITION_WORKS).exists():
            raise OutputError("was made by another build at the same time", where=folder, hint="Build again.")
        put(folder / manifest.TABLE_NAME, files.table.encode())
        put(folder / EDITION_WORKS, _text(edition).encode(errors=_ERRORS))  # without it the folder counts for nothing
        return replace(edition, folder=folder)


def tree_of(profile: str, language: str, name: str) -> str:
    """Return what a tree is called among those for several profiles and languages: player/ko/window."""
    return "/".join(filter(None, (profile, language, name)))


def is_of_ledger(path: PurePosixPath) -> bool:
    """Whether a path in a bundle is that of an edition, or of a file in one."""
    return path.parts[0] == EDITIONS and any(map(_is_number, path.parts[1:3]))


def _folder_of(bundle: Path) -> Path:
    """Return where the editions of a bundle lie: of a definition that is not called bundle.toml, in one of its own."""
    if bundle.is_dir() or bundle.name == FILE_NAME:
        return (bundle if bundle.is_dir() else bundle.parent).resolve() / EDITIONS
    return bundle.parent.resolve() / EDITIONS / bundle.stem


def _entries(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return list(folder.iterdir())
    return []


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit() and name == str(int(name)) and name != "0" and len(name) < 10


def _text(edition: NumberedEdition) -> str:
    rows = list(_rows(edition))
    lines = ["\t".join(str(cell).translate(_IN_ONE_CELL) for cell in row) for row in rows]
    return "".join(f"{line}\n" for line in (_HEAD, *lines, f"end\t{len(lines)}"))


def _rows(edition: NumberedEdition) -> Iterator[tuple[object, ...]]:
    yield "edition", edition.number, edition.profile, edition.language
    for tree in edition.trees:
        yield "tree", tree.name, tree.files, tree.size_bytes
    for kind, works in (("work", edition.works), ("gone", edition.gone)):
        for work in works:
            yield kind, work.number, work.id, work.language, work.content, work.card, work.title
            yield from (("origin", origin) for origin in work.origins)
            yield from (("chapter", each.title, each.pictures) for each in work.chapters)
    for record in edition.places:
        yield "place", record.tree, record.number, record.language, record.place.work, record.place.version


def _read(folder: Path) -> NumberedEdition:
    file = folder / EDITION_WORKS
    hint = f"Restore it from a copy, or remove {folder}: what only this edition knows is then forgotten."
    try:
        lines = read_small_file(file, _MOST_BYTES).decode(errors=_ERRORS).removeprefix("\ufeff").split("\n")
        edition = _Draft(folder)
        rows = 0
        for number, line in enumerate(lines, start=1):
            if line.strip() and not line.startswith("#"):
                try:
                    edition.add(line.rstrip("\r").split("\t"), rows)
                except (ValueError, TypeError, LookupError) as error:
                    raise SourceError(f"line {number} is damaged", where=file, hint=hint) from error
                rows += 1
        return edition.whole()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=file, hint=hint) from error
    except ValueError as error:
        raise SourceError("is damaged: it ends too early, or is no text", where=file, hint=hint) from error


@dataclass(slots=True)
class _Draft:
    """An edition on its way from lines: each begins with the kind of what it tells."""

    folder: Path
    head: tuple[int, str, str] | None = None
    trees: list[TreeRecord] = field(default_factory=list)
    works: list[WorkRecord] = field(default_factory=list)
    gone: list[WorkRecord] = field(default_factory=list)
    places: list[PlaceRecord] = field(default_factory=list)
    open: list[WorkRecord] = field(default_factory=list)  # the list whose last work the next lines are about
    is_ended: bool = False

    def add(self, cells: list[str], rows: int) -> None:
        """Take a line, before which there were so many others."""
        if self.is_ended:
            raise ValueError("behind the end")
        kinds: dict[str, Callable[..., None]] = {
            "edition": self._edition,
            "tree": lambda *row: self.trees.append(TreeRecord(*_typed(row, str, int, int))),
            "work": lambda *row: self._work(self.works, row),
            "gone": lambda *row: self._work(self.gone, row),
            "origin": self._origin,
            "chapter": self._chapter,
            "place": self._place,
            "end": lambda count: self._end(int(count) == rows),
        }
        kinds[cells[0]](*cells[1:])

    def whole(self) -> NumberedEdition:
        """Return the edition; raises ValueError where its end is missing."""
        if self.head is None or not self.is_ended:
            raise ValueError("no end")
        trees, works, gone = tuple(self.trees), tuple(self.works), tuple(self.gone)
        return NumberedEdition(*self.head, trees, works, gone, tuple(self.places), self.folder)

    def _edition(self, number: str, profile: str, language: str) -> None:
        if number != self.folder.name:
            raise ValueError("the number of another edition")
        self.head = int(number), profile, language

    def _work(self, works: list[WorkRecord], row: tuple[str, ...]) -> None:
        works.append(WorkRecord(*_typed(row, int, str, str, str, str, str)))
        self.open = works

    def _origin(self, path: str) -> None:
        self.open[-1] = replace(self.open[-1], origins=(*self.open[-1].origins, path))

    def _chapter(self, title: str, pictures: str) -> None:
        self.open[-1] = replace(self.open[-1], chapters=(*self.open[-1].chapters, ChapterRecord(title, pictures)))

    def _place(self, *row: str) -> None:
        tree, number, language, *places = _typed(row, str, int, str, int, int)
        self.places.append(PlaceRecord(tree, number, language, WorkPlace(*places)))

    def _end(self, is_whole: bool) -> None:
        if not is_whole:
            raise ValueError("lines are missing")
        self.is_ended = True


def _typed(row: Iterable[str], *kinds: type) -> list[Any]:
    return [kind(cell) for cell, kind in zip(row, kinds, strict=True)]
