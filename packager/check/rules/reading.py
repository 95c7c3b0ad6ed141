"""How rules read an inventory: files by path, and the pictures that a document shows."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.address import Reach, reach, resolve
from packager.check.facts import FileFacts, ImageFacts, Inventory, PictureFacts

Key = tuple[str, int]  # of a picture: path of its file, index in it


def in_tree(inventory: Inventory) -> dict[str, FileFacts]:
    """The files by path."""
    return {file.path: file for file in inventory.files}


def shown_pictures(document: FileFacts, files: dict[str, FileFacts]) -> Iterator[tuple[Key, PictureFacts]]:
    """Every picture that `document` shows and that is there, as often as it shows it."""
    if document.document is None:
        return
    for image in document.document.images:
        shown = shown_picture(document, image, files)
        if shown is not None:
            yield shown


def shown_picture(
    document: FileFacts, image: ImageFacts, files: dict[str, FileFacts]
) -> tuple[Key, PictureFacts] | None:
    """The picture that one `img` of `document` shows: inside the document, or a file of the tree."""
    if image.picture is not None:
        return (document.path, image.picture), document.pictures[image.picture]
    if reach(image.address) is not Reach.TREE:
        return None
    path, _ = resolve(document.path, image.address)
    file = files.get(path or "")
    return ((file.path, 0), file.pictures[0]) if file is not None and file.pictures else None
