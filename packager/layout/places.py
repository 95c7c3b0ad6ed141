"""Where each work stands in the tree: folders, file names, and the way from one document to another."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import PurePosixPath

from packager.model import Publication, Version, VersionKey

FOLDER_WORKS = 100  # publications in one numbered folder
FOLDERS_ABOVE = 200  # publications; up to that many all stand in the top folder


@dataclass(frozen=True, slots=True)
class WorkPaths:
    """The paths of one version: the folder of its site edition, its first phone file, its CBZ.

    `photo` is its first folder beside other editions, `number` its first one in a tree that is all photo edition.
    `languages` are those in which its documents speak to readers; in the first of them the one-file edition does.
    """

    folder: PurePosixPath
    phone: PurePosixPath
    cbz: PurePosixPath
    photo: PurePosixPath
    number: PurePosixPath
    languages: tuple[str, ...]

    def document(self, number: int, language: str) -> PurePosixPath:
        """Document `number`, from 1, of the site edition: for readers of `language`, else in the first of its own."""
        return self.folder / document_name(number, language, self.languages)


def paths_of(publications: tuple[Publication, ...], languages: tuple[str, ...]) -> dict[VersionKey, WorkPaths]:
    """The paths of every version, numbered in the order of the publications, for libraries in these languages."""
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
                languages=_interface_languages(publication, version, languages),
            )
    return paths


def _interface_languages(publication: Publication, version: Version, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Its own, then those whose library shows the version; all of them for one that is in no library's language."""
    if version.language not in languages:
        return languages
    shown = [language for language in languages if publication.version_for(language) is version]
    return tuple(sorted(shown, key=lambda language: language != version.language))


def home(language: str, languages: tuple[str, ...]) -> PurePosixPath:
    """The home document in `language`; the first language's, `index.html`, where there is none."""
    return PurePosixPath(document_name(1, language, languages))


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


def document_name(number: int, language: str, languages: tuple[str, ...]) -> str:
    """The file of document `number`, from 1: index.html, 2.html ...; index-en.html in a further one of `languages`."""
    name = "index" if number == 1 else str(number)
    return f"{name}-{language.lower()}.html" if language in languages[1:] else f"{name}.html"


def picture_names(count: int, most_in_folder: int) -> tuple[str, ...]:
    """The files of `count` pictures: 001.jpg, 002.jpg ..., so many in a folder, further ones in 2/, 3/ ..."""
    digits = max(3, len(str(count)))
    names = []
    for index in range(count):
        folder = PurePosixPath(str(index // most_in_folder + 1)) if index >= most_in_folder else PurePosixPath()
        names.append(str(folder / f"{index + 1:0{digits}}.jpg"))
    return tuple(names)
