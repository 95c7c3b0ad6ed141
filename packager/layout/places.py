"""Where each work stands in the tree: folders, file names, and the way from one document to another."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import PurePosixPath

from packager.model import Publication, VersionKey

FOLDER_WORKS = 100  # publications in one numbered folder
FOLDERS_ABOVE = 200  # publications; up to that many all stand in the top folder


@dataclass(frozen=True, slots=True)
class WorkPaths:
    """The paths of one version: the folder of its site edition, its first phone file, its CBZ.

    `photo` is its first folder beside other editions, `number` its first one in a tree that is all photo edition.
    """

    folder: PurePosixPath
    phone: PurePosixPath
    cbz: PurePosixPath
    photo: PurePosixPath
    number: PurePosixPath

    @property
    def index(self) -> PurePosixPath:
        """The first document of the site edition."""
        return self.document(1)

    def document(self, number: int) -> PurePosixPath:
        """Document `number`, from 1, of the site edition."""
        return self.folder / document_name(number)


def paths_of(publications: tuple[Publication, ...]) -> dict[VersionKey, WorkPaths]:
    """The paths of every version, numbered in the order of the publications."""
    has_folders = len(publications) > FOLDERS_ABOVE
    digits = max(3, len(str(sum(len(publication.versions) for publication in publications))))
    paths: dict[VersionKey, WorkPaths] = {}
    for index, publication in enumerate(publications):
        folder = PurePosixPath(str(index // FOLDER_WORKS + 1)) if has_folders else PurePosixPath()
        for version in publication.versions:
            is_first = version is publication.versions[0]
            name = publication.id if is_first else f"{publication.id}-{version.language.lower()}"
            paths[publication.id, version.language] = WorkPaths(
                folder=folder / name,
                phone="phone" / folder / f"{name}.html",
                cbz="cbz" / folder / f"{name}.cbz",
                photo="photo" / folder / name,
                number=PurePosixPath(f"{len(paths) + 1:0{digits}}"),
            )
    return paths


def home(language: str, languages: tuple[str, ...]) -> PurePosixPath:
    """The home document in `language`; the first language's, `index.html`, where there is none."""
    is_further = language in languages[1:]
    return PurePosixPath(f"index-{language.lower()}.html" if is_further else "index.html")


def list_page(language: str, languages: tuple[str, ...], name: str) -> PurePosixPath:
    """A further page of the library in `language`."""
    is_further = language in languages[1:]
    return PurePosixPath("list", f"{language.lower()}-{name}.html" if is_further else f"{name}.html")


def link(source: PurePosixPath, target: PurePosixPath) -> str:
    """The relative address of `target` in a document at `source`."""
    return posixpath.relpath(target, source.parent)


def part_name(first: PurePosixPath, number: int) -> PurePosixPath:
    """The file of part `number`, from 1, of an edition whose first part is `first`: w401.html, w401-2.html ..."""
    return first if number == 1 else first.with_name(f"{first.stem}-{number}{first.suffix}")


def document_name(number: int) -> str:
    """The file of a site edition's document `number`, from 1: index.html, 2.html ..."""
    return "index.html" if number == 1 else f"{number}.html"


def picture_names(count: int, most_in_folder: int) -> tuple[str, ...]:
    """The files of `count` pictures: 001.jpg, 002.jpg ..., so many in a folder, further ones in 2/, 3/ ..."""
    digits = max(3, len(str(count)))
    names = []
    for index in range(count):
        folder = PurePosixPath(str(index // most_in_folder + 1)) if index >= most_in_folder else PurePosixPath()
        names.append(str(folder / f"{index + 1:0{digits}}.jpg"))
    return tuple(names)
