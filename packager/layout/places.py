"""Where each work stands in the tree: folders, file names, and the way from one document to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from packager.model import Film, KnownPlaces, Publication, Version, VersionKey, Wording, WorkPlace

FOLDER_WORKS = 100  # publications in one numbered folder
EPISODES = 33  # of a series in one numbered folder: 99 files where two of subtitles lie beside each
FOLDERS_ABOVE = 200  # publications; up to that many all stand in the top folder


@dataclass(frozen=True, slots=True)
class WorkPaths:
    """The paths of one version: the folder of its site edition, its first phone file, its first CBZ, EPUB and PDF.

    `photo` is its first folder beside other editions, `number` its first one in a tree that is all photo edition; a
    film is called `own_number` there, and the folder has the number of the first episode of a series.
    `languages` are those in which its documents speak to readers; in the first of them the one-file edition does. The
    `place` is what the names of numbered folders come from. All follow from its `name` and the folder `above` it,
    "" for the top one: thousands of paths take much memory.
    """

    above: str
    name: str
    number_name: str
    own_number: str
    languages: tuple[str, ...]
    place: WorkPlace

    @property
    def folder(self) -> PurePosixPath:
        return PurePosixPath(self.above, self.name)

    @property
    def phone(self) -> PurePosixPath:
        return self._file("phone", "html")

    @property
    def cbz(self) -> PurePosixPath:
        return self._file("cbz", "cbz")

    @property
    def epub(self) -> PurePosixPath:
        return self._file("epub", "epub")

    @property
    def pdf(self) -> PurePosixPath:
        return self._file("pdf", "pdf")

    @property
    def photo(self) -> PurePosixPath:
        return PurePosixPath("photo", self.above, self.name)

    @property
    def number(self) -> PurePosixPath:
        return PurePosixPath(self.number_name)

    def document(self, number: int, language: str) -> PurePosixPath:
        """Document `number`, from 1, of the site edition: for readers of `language`, else in the first of its own."""
        return self.folder / document_name(number, language, self.languages)

    def _file(self, top: str, ending: str) -> PurePosixPath:
        return PurePosixPath(top, self.above, f"{self.name}.{ending}")


def places_of(publications: tuple[Publication, ...], known: KnownPlaces) -> dict[VersionKey, WorkPlace]:
    """The places of every version: those `known`, all others behind these in the order of the publications."""
    taken = [place for of_work in known.values() for place in of_work.values()]
    works = max((place.work for place in taken), default=0)
    versions = max((place.version for place in taken), default=0)
    places: dict[VersionKey, WorkPlace] = {}
    for publication in publications:
        old = _known_places_of(publication, known.get(publication.number, {}))
        work = next((place.work for place in old if place), 0)
        if not work:
            work = works = works + 1
        for version, place in zip(publication.versions, old, strict=True):
            if place is None:
                versions += 1
            places[publication.id, version.language] = WorkPlace(work, place.version if place else versions)
    return places


def _known_places_of(publication: Publication, known: Mapping[str, WorkPlace]) -> list[WorkPlace | None]:
    """The places that versions have; one whose language is called otherwise now has that of one that is gone."""
    old = [known.get(version.language) for version in publication.versions]
    left = sorted({place.version: place for place in known.values() if place not in old}.items())
    return [place or (left.pop(0)[1] if left else None) for place in old]


def paths_of(
    publications: tuple[Publication, ...], languages: tuple[str, ...], known: KnownPlaces
) -> dict[VersionKey, WorkPaths]:
    """The paths of every version, for libraries in these languages, by the places that `known` and the order give."""
    has_folders = len(publications) > FOLDERS_ABOVE
    places = places_of(publications, known)
    digits = max(3, len(str(max((place.version for place in places.values()), default=0))))
    folders = _numbered_folders(publications, places)
    paths: dict[VersionKey, WorkPaths] = {}
    for publication in publications:
        for version in publication.versions:
            place = places[publication.id, version.language]
            is_first = version is publication.versions[0]
            name = publication.id if is_first else f"{publication.id}-{version.language.lower()}"
            paths[publication.id, version.language] = WorkPaths(
                above=str((place.work - 1) // FOLDER_WORKS + 1) if has_folders else "",
                name=name,
                number_name=f"{folders[publication.id, version.language]:0{digits}}",
                own_number=f"{place.version:0{digits}}",
                place=place,
                languages=_interface_languages(publication, version, languages),
            )
    return paths


def _numbered_folders(
    publications: tuple[Publication, ...], places: Mapping[VersionKey, WorkPlace]
) -> dict[VersionKey, int]:
    """The number of the folder in which players find each version: episodes lie together, and follow each other."""
    folders: dict[VersionKey, int] = {}
    episodes: dict[tuple[Wording, str], list[int]] = {}
    for publication in publications:
        for version in publication.versions:
            own = places[publication.id, version.language].version
            before = episodes.setdefault((publication.series, version.language), [])
            if publication.series and isinstance(version.work, Film):
                before.append(own)
                own = before[(len(before) - 1) // EPISODES * EPISODES]
            folders[publication.id, version.language] = own
    return folders


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
    here, there = source.parts[:-1], target.parts
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(here, there, strict=False)))
    return "/".join((*[".."] * (len(here) - shared), *there[shared:])) or "."


def part_name(first: PurePosixPath, number: int) -> PurePosixPath:
    """The file of part `number`, from 1, of an edition whose first part is `first`: w401.html, w401-2.html ..."""
    return first if number == 1 else first.with_name(f"{first.stem}-{number}{first.suffix}")


def document_name(number: int, language: str, languages: tuple[str, ...]) -> str:
    """The file of document `number`, from 1: index.html, 2.html ...; index-en.html in a further one of `languages`."""
    name = "index" if number == 1 else str(number)
    return f"{name}-{language.lower()}.html" if language in languages[1:] else f"{name}.html"


def numbered_names(count: int, most_in_folder: int, ending: str = "jpg") -> tuple[str, ...]:
    """The files of `count` pictures: 001.jpg, 002.jpg ..., so many in a folder, further ones in 2/, 3/ ..."""
    digits = max(3, len(str(count)))
    names = []
    for index in range(count):
        folder = PurePosixPath(str(index // most_in_folder + 1)) if index >= most_in_folder else PurePosixPath()
        names.append(str(folder / f"{index + 1:0{digits}}.{ending}"))
    return tuple(names)
