"""Everything that a tree follows from, but for its pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from packager.config.definition import Definition
from packager.config.media import Medium
from packager.config.profile import Pages, Profile
from packager.layout.interface_words import ENGLISH, Dictionary, Words, direction_in, language_in, words_for
from packager.layout.places import WorkPaths, paths_of
from packager.model import Direction, Document, Edition, Entry, KnownPlaces, Library, News, Publication, VersionKey


@dataclass(frozen=True, slots=True)
class OtherTree:
    """What of the same library is in another tree, on another medium: its folder, and the publications in it."""

    folder: str
    publications: tuple[Publication, ...]


@dataclass(frozen=True, slots=True)
class BuildInput:
    """Everything that a tree follows from, but for its pictures.

    It is made of the whole library as soon as that was read; a tree with fewer works has one of its own (`holding`).
    `size_of` tells the bytes of a document without its embedded pictures, `editions` are those that are made,
    `elsewhere` is what other trees hold of the same library; `lacking` are editions that publications, by their ids,
    do without for lack of space. `known_places` are those that earlier editions of a tree gave, by its name;
    `news` is what the library begins with; with `has_search` words are found in its texts.
    `languages` are those of the documents' own words, and `paths` tells where each version lies; whoever names a folder
    or a file looks it up there. `recorded` are the ids of films and sound.
    """

    definition: Definition
    profile: Profile
    library: Library
    dictionary: Dictionary
    size_of: Callable[[Document], int]
    medium: Medium
    editions: tuple[Edition, ...]
    elsewhere: tuple[OtherTree, ...] = ()
    lacking: frozenset[tuple[Edition, str]] = frozenset()
    known_places: Mapping[str, KnownPlaces] = field(default_factory=dict)
    news: News = field(default_factory=News)
    has_search: bool = False
    languages: tuple[str, ...] = field(init=False)
    paths: Mapping[VersionKey, WorkPaths] = field(init=False)
    recorded: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        of_works = dict.fromkeys(version.language for _, version in self.library.versions)
        with_words = tuple(language for language in of_works if language in self.dictionary)
        object.__setattr__(self, "languages", self.definition.languages or with_words or (ENGLISH,))
        recorded = (one.id for one in self.library.publications if one.versions[0].recordings)
        object.__setattr__(self, "recorded", frozenset(recorded))
        known = self.known_places.get(self.definition.name, {})
        object.__setattr__(self, "paths", paths_of(self.library.publications, self.languages, known))

    def editions_of(self, id_: str) -> tuple[Edition, ...]:
        """The editions in which a publication is made: films and sound are files beside one document, and no more."""
        if id_ in self.recorded:
            return (Edition.SITE,) if self.profile.pages is Pages.SITE else (Edition.PHOTO,)
        return tuple(edition for edition in self.editions if (edition, id_) not in self.lacking)

    def holding(self, publications: Iterable[Publication]) -> BuildInput:
        """The same for a tree that holds only these publications."""
        return replace(self, library=replace(self.library, publications=tuple(publications)))

    def without(self, ids: Iterable[str]) -> BuildInput:
        """The same for a tree that holds none of these publications."""
        left_out = frozenset(ids)
        return self.holding(each for each in self.library.publications if each.id not in left_out)

    def lasting(self, seconds: Mapping[VersionKey, Mapping[int, float]]) -> BuildInput:
        """The same with recordings, by version and number, that last so long."""
        return self.holding(
            replace(
                each, versions=tuple(one.lasting(seconds.get((each.id, one.language), {})) for one in each.versions)
            )
            for each in self.library.publications
        )

    def words(self, language: str) -> Words:
        """The words of a document for readers of `language`."""
        return words_for(language, self.dictionary, self.languages[0])

    def direction_of(self, language: str) -> Direction:
        """The direction of a language's letters."""
        return direction_in(language, self.dictionary)

    def name_of(self, language: str) -> str:
        """A language's name in itself, or its tag where there are no words in it."""
        return language_in(language, self.dictionary)

    def document(self, path: PurePosixPath, document: Document) -> Entry:
        """The entry of a document: its own bytes and, in base64, those of its pictures."""
        pictures = sum(base64_bytes(picture.size_bytes) for picture in document.pictures)
        return Entry(str(path), document, self.size_of(document) + pictures)


def base64_bytes(size_bytes: int) -> int:
    """The bytes of `size_bytes` in base64, with padding (RFC 4648)."""
    return -(-size_bytes // 3) * 4
