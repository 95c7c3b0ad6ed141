"""What can be checked: folders, drives, archives and single documents, each listed in the same form.

A container is listed once, as Contents: names, and for each file where its bytes lie. Bytes are read as streams, by the
worker that judges them; nothing is ever written to a path that a container names.
"""

from __future__ import annotations

from dataclasses import dataclass

from packager.check.containers.origin import Origin
from packager.check.facts import Found, Shape
from packager.check.packed_facts import ArchiveFacts, BookFacts


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in a container; a file without an origin is there and must not be read, a finding says why."""

    files: tuple[tuple[Found, Origin | None], ...] = ()
    folders: tuple[str, ...] = ()
    oddities: tuple[Found, ...] = ()
    shape: Shape = Shape.TREE
    is_drive: bool = False
    archive: ArchiveFacts | None = None
    book: BookFacts | None = None
