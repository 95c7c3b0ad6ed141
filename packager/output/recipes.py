"""What files of a tree are made from, in one hash: of the same recipe comes the same file."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from packager.model import Copy, Document, StoredZip

Digest = Callable[[str], str]
"""Returns the SHA-256 of a file."""


@dataclass(frozen=True, slots=True)
class HeldPicture:
    """Where in a file the picture with that SHA-256 lies, as it is or in base64."""

    sha256: str
    start: int
    size_bytes: int
    is_base64: bool


class Earlier(Protocol):
    """What a writer may take from the trees of an earlier build, which stay as they are in the folder `destination`."""

    @property
    def destination(self) -> Path:
        """Where they lie."""

    def digest_at(self, file: str) -> str:
        """Return the SHA-256 of a picture that is to be written."""

    def fetched(self, file: Path) -> Path:
        """Return the file of a picture, which is there from now on."""

    def made_from(self, recipe: str) -> Path | None:
        """Return the file that was made from a recipe; None for none."""

    def note(self, recipe: str, file: Path, pictures: Sequence[HeldPicture]) -> None:
        """Hear what a new file was made from, and of the pictures in it that have no file of their own."""


def recipe_of(content: Document | Copy | StoredZip, digest: Digest, copied: Collection[str]) -> str:
    """Return what stands for all that the bytes of a file follow from, but for our own code and templates.

    Of an archive it tells too which of its files are `copied` into the tree beside it.
    """
    match content:
        case Copy(file=file):
            return digest(file)
        case StoredZip(members=members):
            beside = [isinstance(one.content, Copy) and one.content.file in copied for one in members]
            parts = repr((beside, [(one.name, recipe_of(one.content, digest, copied)) for one in members]))
        case Document():
            shown = [(digest(one.file), one.size_bytes, one.width, one.height, one.is_grey) for one in content.pictures]
            parts = repr((text_key(content), shown))
    return sha256(parts.encode()).hexdigest()


def text_key(document: Document) -> bytes:
    """Return what stands for the text of a document; of equal ones it may differ."""
    return sha256(pickle.dumps((document.template, document.view, document.codec))).digest()
