"""PDF written in one form: objects in the order of their numbers, then their places, and nothing in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from packager.archive.pdf import HEADER, ends

Held = TypeVar("Held")  # what stands for bytes that lie elsewhere


def pdf_pieces(objects: Sequence[Sequence[bytes | tuple[Held, int]]], root: int, info: int) -> Iterator[bytes | Held]:
    """Yield the pieces of a PDF whose objects, from number 1 on, consist of bytes and of others' bytes with their size.

    `root` and `info` are the numbers of the catalog and of the document's information.
    """
    yield HEADER
    at = len(HEADER)
    places = []
    for number, parts in enumerate(objects, 1):
        places.append(at)
        for part in (b"%d 0 obj\n" % number, *parts, b"\nendobj\n"):
            if isinstance(part, bytes):
                yield part
                at += len(part)
            else:
                held, size_bytes = part
                yield held
                at += size_bytes
    yield ends(places, at, root, info)


def text_string(text: str) -> bytes:
    """Return a text as PDF has it in any language (ISO 32000-1, 7.9.2.2)."""
    printable = "".join(sign for sign in text if sign.isprintable())
    return b"<FEFF%s>" % printable.encode("utf-16-be", "replace").hex().upper().encode()


def ascii_string(text: str) -> bytes:
    """Return a name of a language, which has letters, digits and hyphens alone."""
    return b"(%s)" % text.encode("ascii")
