"""Entries -> files, with the times and modes that a tree has."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from packager.archive import write as archive
from packager.model import Copy, Document, Entry, StoredZip
from packager.model.progress import SILENT, Progress
from packager.output import staging, templating
from packager.output.manifest import FIRST_MOMENT, moment

BASE64_CHUNK = 3 * 256 * 1024  # bytes; a multiple of three, so that chunks join without padding


def write_tree(entries: tuple[Entry, ...], tree: Path, progress: Progress = SILENT) -> None:
    """Write the entries below `tree`, in order, with times that rise from file to file and fixed modes."""
    folders = [tree]
    tree.mkdir()
    for number, entry in enumerate(entries):
        target = tree / entry.path
        for folder in reversed(target.relative_to(tree).parents[:-1]):
            if not (tree / folder).is_dir():
                (tree / folder).mkdir()
                folders.append(tree / folder)
        match entry.content:
            case Document() as document:
                with target.open("xb") as file:
                    write_document(document, file)
            case Copy(path=path):
                staging.place(path, target)
            case StoredZip(members=members):
                packed = ((str(member.path), _member(member)) for member in members)
                archive.write_zip(target, packed, moment=FIRST_MOMENT)
        written = target.stat().st_size
        if written != entry.size_bytes:
            raise AssertionError(f"{entry.path} was planned as {entry.size_bytes} bytes and has {written}")
        _settle(target, 0o644, moment(number))
        progress.advance()
    for folder in reversed(folders):
        _settle(folder, 0o755, FIRST_MOMENT)


def write_document(document: Document, file: BinaryIO) -> None:
    """Write the document, its pictures one after the other."""
    for piece in templating.render(document):
        if isinstance(piece, bytes):
            file.write(piece)
        elif document.template == templating.PDF:
            file.write(piece.path.read_bytes())
        else:
            file.writelines(_base64(piece.path))


def _member(entry: Entry) -> Path | bytes:
    match entry.content:
        case Copy(path=path):
            return path
        case Document() as document:
            return b"".join(piece for piece in templating.render(document) if isinstance(piece, bytes))
        case StoredZip():
            raise TypeError("a stored ZIP holds none")


def _base64(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(BASE64_CHUNK):
            yield base64.b64encode(chunk)


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
