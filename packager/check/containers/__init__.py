"""What can be checked: folders, drives, archives, images and single documents, each listed in the same form.

A container is listed once, as Contents: names, and for each file where its bytes lie. Bytes are read as streams, by the
worker that judges them; nothing is ever written to a path that a container names.
"""

from __future__ import annotations

from dataclasses import dataclass

from packager.check.containers.origin import Origin
from packager.check.facts import Found, Shape
from packager.check.packed_facts import ArchiveFacts, BookFacts, VolumeFacts


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in a container; a file without an origin is there and must not be read, a finding says why.

    `beside` are the bytes of an image that are in none of its files.
    """

    files: tuple[tuple[Found, Origin | None], ...] = ()
    folders: tuple[str, ...] = ()
    oddities: tuple[Found, ...] = ()
    shape: Shape = Shape.TREE
    is_drive: bool = False
    archive: ArchiveFacts | None = None
    book: BookFacts | None = None
    volume: VolumeFacts | None = None
    beside: tuple[Origin, ...] = ()
