"""The files of a comic -> its languages, each with its pages in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from packager.readers import language
from packager.readers.discovery import Work
from packager.readers.files import File
from packager.readers.kinds import Kind
from packager.readers.natural import is_called_cover, is_numbered, page_key


@dataclass(frozen=True, slots=True)
class Part:
    """The pages of one version, and the texts beside them; `language` is "" where `folder` does not say it."""

    folder: PurePosixPath
    language: str
    pages: tuple[File, ...]
    texts: tuple[File, ...]


def pages_of(work: Work) -> tuple[File, ...]:
    """The pictures of a comic in reading order."""
    pictures = (file for file in work.files if file.kind is Kind.PICTURE)
    return tuple(sorted(pictures, key=lambda file: page_key(file.path)))


def parts(work: Work) -> tuple[Part, ...]:
    """The languages of a comic; one part where not every picture lies in a folder named after a language.

    Beside several such folders pictures may lie that no number makes a page: a cover stands before the pages of each.
    """
    pages = pages_of(work)
    texts = tuple(file for file in work.files if file.kind is not Kind.PICTURE)
    depth = _language_depth(work, pages)
    if depth is None:
        return (Part(work.place, "", pages, texts),)
    loose = [page for page in pages if len(page.path.parts) == depth + 1]
    folders = sorted({PurePosixPath(*page.path.parts[: depth + 1]) for page in pages if page not in loose})
    covers = tuple(page for page in loose if is_called_cover(page.path))
    return tuple(
        Part(
            folder,
            language.known_language(folder.name),
            (*covers, *(page for page in pages if page.path.is_relative_to(folder))),
            tuple(text for text in texts if not _is_in_another(text, folder, folders)),
        )
        for folder in folders
    )


def are_languages(work: Work) -> bool:
    """Whether the folders at the top of a comic are several, and each is named after a language."""
    top = _top(work)
    names = {page.path.parts[top] for page in pages_of(work) if len(page.path.parts) > top + 1}
    return len(names) > 1 and all(language.known_language(name) for name in names)


def _language_depth(work: Work, pages: Sequence[File]) -> int | None:
    """How deep the language folders lie: at the top of the comic, or below folders that hold everything."""
    top = _top(work)
    beside = [page for page in pages if len(page.path.parts) == top + 1]
    if are_languages(work) and not any(is_numbered(page.path) for page in beside):
        return top
    for depth in range(top, min(len(page.path.parts) for page in pages) - 1):
        names = {page.path.parts[depth] for page in pages}
        if all(language.known_language(name) for name in names):
            return depth
        if len(names) > 1:
            return None
    return None


def _top(work: Work) -> int:
    """How many folders the paths of a comic's own files begin with; an archive is one."""
    return len(work.place.parts)


def _is_in_another(text: File, folder: PurePosixPath, folders: Sequence[PurePosixPath]) -> bool:
    return any(other != folder and text.path.is_relative_to(other) for other in folders)
