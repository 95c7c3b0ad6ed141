"""Finished films and sound, kept in a folder from one run to the next.

An entry is a line of JSON that names its files with their SHA-256; it comes into its place behind them. What does not
prove itself counts for nothing. Nothing is read but plain files of ours, out of a folder of ours.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from packager.errors import OutputError
from packager.files.ownership import CACHE_FOLDER, OwnFolder, opened_folder, own_folder, stranger_of_link

_FORMAT = 2  # counts up when the same job makes other files
_OURS_ALONE = 0o700  # entries tell what somebody works on
_PIECE_BYTES = 1 << 20
_MOST_ENTRY_BYTES = 1 << 20


def key_of(*parts: object) -> str:
    """Return the name under which to keep what these parts alone decide."""
    return sha256(json.dumps(["film", _FORMAT, *map(str, parts)]).encode()).hexdigest()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return _copied(file, None)


class FilmCache:
    """Entries in a folder below `directory`; both are made when there is something to keep.

    After the first failed write no more is tried, and `problem` says why; so it does where the folder is not ours.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.problem = ""

    def get(self, key: str, folder: Path) -> tuple[list[Path], str] | None:
        """Return the files that are kept under `key`, brought into `folder`, and what is said of them.

        None where no whole entry is.
        """
        try:
            with opened_folder(self.directory / CACHE_FOLDER) as kept:
                entry = _entry(kept, key)
                return list(_brought(kept, key, entry["files"], folder)), str(entry["about"])
        except OutputError as error:
            self.problem = f"{error.where} {error.what}"
        except (OSError, ValueError, TypeError, KeyError):
            pass  # there is none, or it is not whole
        return None

    def put(self, key: str, files: list[Path], about: str) -> None:
        """Keep finished files under `key`, and what is said of them."""
        if self.problem:
            return
        try:
            if stranger := stranger_of_link(self.directory):
                raise OutputError("is a link of another user of this computer", where=stranger.folder)
            self.directory.mkdir(_OURS_ALONE, parents=True, exist_ok=True)
            with own_folder(self.directory / CACHE_FOLDER) as folder:
                named: list[tuple[str, str]] = []
                for number, path in enumerate(files):
                    with path.open("rb") as file:
                        named.append((path.name, _put(folder, _name(key, number), file)))
                entry = {"files": named, "about": about}
                _put(folder, key, BytesIO(json.dumps(entry).encode()))
        except OutputError as error:
            self.problem = f"{error.where} {error.what}"
        except OSError as error:
            self.problem = error.strerror or str(error)


def _name(key: str, number: int) -> str:
    return f"{key}-{number}"


def _entry(kept: OwnFolder, key: str) -> Any:
    with os.fdopen(kept.open(key, os.O_RDONLY), "rb") as file:
        return json.loads(file.read(_MOST_ENTRY_BYTES))


def _brought(kept: OwnFolder, key: str, files: list[list[str]], folder: Path) -> Iterator[Path]:
    """Yield copies of files; ValueError for one that is not what was kept."""
    for number, (name, digest) in enumerate(files):
        path = folder / Path(name).name
        with os.fdopen(kept.open(_name(key, number), os.O_RDONLY), "rb") as file, path.open("wb") as copy:
            if _copied(file, copy) != digest:
                raise ValueError("another file")
        yield path


def _put(folder: OwnFolder, name: str, source: BinaryIO) -> str:
    """Copy a file into its place, and return its SHA-256."""
    draft = f".{secrets.token_hex(8)}"
    try:
        with os.fdopen(folder.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as copy:
            digest = _copied(source, copy)
        folder.rename(draft, name)
    except BaseException:
        folder.remove(draft)
        raise
    return digest


def _copied(file: BinaryIO, copy: BinaryIO | None) -> str:
    """Copy a file, if anywhere, and return its SHA-256."""
    found = sha256()
    while piece := file.read(_PIECE_BYTES):
        found.update(piece)
        if copy:
            copy.write(piece)
    return found.hexdigest()
