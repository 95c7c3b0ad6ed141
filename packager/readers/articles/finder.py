"""A text read together with the pictures that it shows: beside it, anywhere in the bundle, or inside the text."""

from __future__ import annotations

import posixpath
from pathlib import Path

from packager.layout.blocks import figures
from packager.model import Missing, Outcome, Picture, Remark
from packager.readers.articles.article import read_article
from packager.readers.articles.reading import ReadArticle
from packager.readers.files import File, bytes_of
from packager.readers.shelf import Shelf
from packager.spelling import normal


def read_with_pictures(text: File, shelf: Shelf) -> tuple[ReadArticle, tuple[Remark, ...]]:
    """What the text holds, and what became of it and of the pictures of the bundle that it shows.

    Raises SourceError for a text that cannot be read.
    """
    finder = Finder(text, shelf)
    read = read_article(_path(text, shelf), text.source.label, finder)
    shown = dict.fromkeys(figure.picture.source for figure in figures(read.blocks))
    taken = (
        Remark(source.label, Outcome.TAKEN, f"shown in {text.source.label}")
        for source in shown
        if source in shelf.pictures
    )
    return read, (*read.remarks, *finder.remarks, *taken)


class Finder:
    """Resolves the references of one text; `remarks` grows with what the organizer should know of them."""

    def __init__(self, text: File, shelf: Shelf) -> None:
        self._text = text
        self._shelf = shelf
        self.remarks: list[Remark] = []

    def find(self, reference: str) -> Picture | Missing | None:
        """The picture at a path relative to the text; None for what is not there or lies outside the bundle.

        A text in an archive finds none: its paths are the archive's.
        """
        path = self._path_of(reference)
        file = self._shelf.by_path.get(path) or self._shelf.by_folded_path.get(path.casefold())
        if file is None or self._text.source.member is not None:
            return None
        if str(file.path) != path:
            message = f"`{reference}` is called {file.path.name}: capital letters count on other systems"
            self.remarks.append(Remark(self._text.source.label, Outcome.WARNING, message))
        return self._shelf.pictures[file.source]

    def embedded(self, data: bytes, name: str) -> Picture | Missing | None:
        """The picture whose bytes stand in the text."""
        return self._shelf.look(self._shelf.keep(data, f"{self._text.source.label}/{name}"))

    def _path_of(self, reference: str) -> str:
        """The path inside the bundle, with `/` for the backslashes of Windows; one that leads out starts with `..`."""
        return posixpath.normpath(posixpath.join(self._text.path.parent, normal(reference).replace("\\", "/")))


def _path(text: File, shelf: Shelf) -> Path:
    """Where the text lies as a file: a member of an archive is unpacked for it."""
    if text.source.member is None:
        return text.source.path
    return shelf.keep(bytes_of(text), text.source.label).path
