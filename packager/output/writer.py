"""Entries -> files, with the times and modes that a tree has."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from packager.archive import write as archive
from packager.model import Copy, Document, Entry, StoredZip
from packager.model.progress import SILENT, Progress
from packager.output import staging, templating
from packager.output.manifest import FIRST_MOMENT, hash_file, moment

BASE64_CHUNK = 3 * 256 * 1024  # bytes; a multiple of three, so that chunks join without padding


@dataclass(frozen=True, slots=True)
class HeldPicture:
    """Where in a file the picture with that SHA-256 lies, as it is or in base64."""

    sha256: str
    start: int
    size_bytes: int
    is_base64: bool


HeldPictures = dict[PurePosixPath, list[HeldPicture]]
"""The pictures that each document and archive holds."""


def write_tree(
    entries: Collection[Entry], tree: Path, progress: Progress = SILENT, standing: Path | None = None
) -> HeldPictures:
    """Write the entries below `tree`, in order, with times that rise from file to file and fixed modes.

    Files in the folder `standing` stay as they are. Returns where pictures lie that have no file of their own.
    """
    folders = [tree]
    copied = {entry.content.file for entry in entries if isinstance(entry.content, Copy)}
    pieces: HeldPictures = {}
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
                    if held := write_document(document, file):
                        pieces[entry.path] = held
            case Copy(path=path):
                is_standing = standing is not None and path.is_relative_to(standing)
                staging.place(path, target, moment(number).timestamp() if is_standing else None)
            case StoredZip(members=members):
                packed = [(str(member.path), _member(member)) for member in members]
                starts = archive.write_zip(target, packed, moment=FIRST_MOMENT)
                pieces[entry.path] = [
                    HeldPicture(hash_file(content), start, content.stat().st_size, is_base64=False)
                    for (_, content), start in zip(packed, starts, strict=True)
                    if isinstance(content, Path) and str(content) not in copied
                ]
        written = target.stat().st_size
        if written != entry.size_bytes:
            raise AssertionError(f"{entry.path} was planned as {entry.size_bytes} bytes and has {written}")
        _settle(target, 0o644, moment(number))
        progress.advance()
    for folder in reversed(folders):
        _settle(folder, 0o755, FIRST_MOMENT)
    return pieces


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


def _member(entry: Entry) -> Path | bytes:
    match entry.content:
        case Copy(path=path):
            return path
        case Document() as document:
            return b"".join(piece for piece in templating.render(document) if isinstance(piece, bytes))
        case StoredZip():
            raise TypeError("a stored ZIP holds none")


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
