"""Entries -> files, with the times and modes that a tree has."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from packager.archive import write as archive
from packager.model import Copy, Document, Entry, StoredZip
from packager.model.progress import SILENT, Progress
from packager.output import staging, templating
from packager.output.manifest import FIRST_MOMENT, moment
from packager.output.recipes import Earlier, HeldPicture, recipe_of

BASE64_CHUNK = 3 * 256 * 1024  # bytes; a multiple of three, so that chunks join without padding

_MOST_DIGESTS = 5_000  # that are remembered: of an archive the recipe needs them first, and then its pictures


def write_tree(
    entries: Collection[Entry], tree: Path, progress: Progress = SILENT, earlier: Earlier | None = None
) -> list[str]:
    """Write the entries below `tree`, in order, with times that rise from file to file and fixed modes.

    What was made `earlier` from the same is not made again. Returns the names of the files.
    """
    folders, names = {"": tree}, []
    writer = _Writer(entries, earlier or _Nothing())
    tree.mkdir()
    for number, entry in enumerate(entries):
        target = _folder_of(entry.name, folders) / entry.name.rpartition("/")[2]
        time = moment(number)
        writer.write(entry, target, time.timestamp())
        written = target.stat().st_size
        if written != entry.size_bytes:
            raise AssertionError(f"{entry.path} was planned as {entry.size_bytes} bytes and has {written}")
        _settle(target, 0o644, time)
        names.append(entry.name)
        progress.advance()
    for folder in reversed(folders.values()):
        _settle(folder, 0o755, FIRST_MOMENT)
    return names


def _folder_of(name: str, folders: dict[str, Path]) -> Path:
    """Return the folder in which a file of that name lies, among `folders` by their names, which it is one of now."""
    folder = name.rpartition("/")[0]
    if folder not in folders:
        path = _folder_of(folder, folders) / folder.rpartition("/")[2]
        path.mkdir()
        folders[folder] = path
    return folders[folder]


class _Nothing:
    """Trees of which there are none."""

    destination = Path(os.devnull)

    def digest_at(self, _file: str) -> str:
        return ""

    def fetched(self, file: Path) -> Path:
        return file

    def made_from(self, _recipe: str) -> None: ...

    def note(self, _recipe: str, _file: Path, _pictures: Sequence[HeldPicture]) -> None: ...


class _Writer:
    """Writes single files, or takes them from what was made `earlier`."""

    def __init__(self, entries: Collection[Entry], earlier: Earlier) -> None:
        self._earlier = earlier
        self._standing = f"{earlier.destination}{os.sep}"
        self._copied = {entry.content.file for entry in entries if isinstance(entry.content, Copy)}
        self._digest = lru_cache(_MOST_DIGESTS)(earlier.digest_at)

    def write(self, entry: Entry, target: Path, time: float) -> None:
        content = entry.content
        if isinstance(content, Copy):
            is_standing = content.file.startswith(self._standing)
            staging.place(self._earlier.fetched(content.path), target, time if is_standing else None)
            return
        recipe = recipe_of(content, self._digest, self._copied)
        if standing := self._earlier.made_from(recipe):
            staging.place(standing, target, time)
            return
        pictures = self._document(content, target) if isinstance(content, Document) else self._archive(content, target)
        self._earlier.note(recipe, target, pictures)

    def _document(self, document: Document, target: Path) -> list[HeldPicture]:
        for picture in document.pictures:
            self._earlier.fetched(picture.path)
        with target.open("xb") as file:
            return write_document(document, file)

    def _archive(self, content: StoredZip, target: Path) -> list[HeldPicture]:
        packed = [(member.name, self._member(member)) for member in content.members]
        starts = archive.write_zip(target, packed, moment=FIRST_MOMENT)
        return [
            HeldPicture(self._digest(str(file)), start, file.stat().st_size, is_base64=False)
            for (_, file), start in zip(packed, starts, strict=True)
            if isinstance(file, Path) and str(file) not in self._copied
        ]

    def _member(self, entry: Entry) -> Path | bytes:
        match entry.content:
            case Copy(path=path):
                return self._earlier.fetched(path)
            case Document() as document:
                return b"".join(piece for piece in templating.render(document) if isinstance(piece, bytes))
            case StoredZip():
                raise TypeError("a stored ZIP holds none")


def write_document(document: Document, file: BinaryIO) -> list[HeldPicture]:
    """Write the document, its pictures one after the other, and return where these lie."""
    pieces = []
    for piece in templating.render(document):
        if isinstance(piece, bytes):
            file.write(piece)
            continue
        start, digest, is_base64 = file.tell(), sha256(), document.template != templating.PDF
        with piece.path.open("rb") as picture:
            while chunk := picture.read(BASE64_CHUNK):
                digest.update(chunk)
                file.write(base64.b64encode(chunk) if is_base64 else chunk)
        pieces.append(HeldPicture(digest.hexdigest(), start, file.tell() - start, is_base64))
    return pieces


def _settle(path: Path, mode: int, time: datetime) -> None:
    times = (time.timestamp(), time.timestamp())
    if sys.platform == "win32":
        os.utime(path, times)
        return
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # not what somebody may have put in its place
    try:
        os.fchmod(file, mode)
        os.utime(file, times)
    finally:
        os.close(file)
