"""The files of the tree, settled before a byte is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packager.model.renditions import Rendition


@dataclass(frozen=True, slots=True)
class Document:
    """An HTML, XML or text file made from a template; `pictures` are set in as data URIs, in order."""

    template: str
    view: object
    pictures: tuple[Rendition, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that lies in the scratch folder already."""

    path: Path


@dataclass(frozen=True, slots=True)
class Cbz:
    """A stored ZIP of other entries, whose paths are the member names."""

    members: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the tree: path relative to the tree, content and exact size."""

    path: PurePosixPath
    content: Document | Copy | Cbz
    size_bytes: int
