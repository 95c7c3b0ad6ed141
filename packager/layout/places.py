"""Where each publication stands in the tree: folders, file names, and the way from one document to another."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import PurePosixPath

from packager.model import Publication, Version

SHELF = 100  # publications in one numbered folder
SHELVES_ABOVE = 200  # publications; up to that many all stand in the top folder


@dataclass(frozen=True, slots=True)
class WorkPaths:
    """The places of one version: the folder of its site edition, its first phone file, its CBZ.

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
        return self.folder / "index.html"


VersionKey = tuple[str, str]  # of a version: publication id, language


def paths_of(publications: tuple[Publication, ...]) -> dict[VersionKey, WorkPaths]:
    """The place of every version, in the order of the publications."""
    shelved = len(publications) > SHELVES_ABOVE
    digits = max(3, len(str(sum(len(publication.versions) for publication in publications))))
    found: dict[VersionKey, WorkPaths] = {}
    for number, publication in enumerate(publications):
        shelf = PurePosixPath(str(number // SHELF + 1)) if shelved else PurePosixPath()
        for version in publication.versions:
            name = _name(publication, version)
            found[publication.id, version.language] = WorkPaths(
                folder=shelf / name,
                phone="phone" / shelf / f"{name}.html",
                cbz="cbz" / shelf / f"{name}.cbz",
                photo="photo" / shelf / name,
                number=PurePosixPath(f"{len(found) + 1:0{digits}}"),
            )
    return found


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


def _name(publication: Publication, version: Version) -> str:
    is_first = version is publication.versions[0]
    return publication.id if is_first else f"{publication.id}-{version.language.lower()}"
