"""What layout is asked with, and the one work it looks at while it lays it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

from packager.config.profile import Profile
from packager.layout import places
from packager.layout.order import ordered
from packager.layout.places import Key
from packager.layout.places import Place as Where
from packager.layout.views import Frame, Place
from packager.layout.words import Dictionary, Words, language_in, words_for
from packager.model import (
    Copy,
    Document,
    Edition,
    Entry,
    LinkStyle,
    NameStyle,
    Publication,
    Rendition,
    Renditions,
    Shown,
    Version,
    Wording,
)

T = TypeVar("T")

HTML = "text/html"
JPEG = "image/jpeg"
CBZ = "application/vnd.comicbook+zip"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What of the same library is in another tree, on another medium: its folder, and the publications in it."""

    folder: str
    publications: tuple[Publication, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything the tree follows from. `size_of` tells the bytes of a document without its embedded pictures."""

    title: Wording
    languages: tuple[str, ...]
    names: NameStyle
    links: LinkStyle
    editions: tuple[Edition, ...]
    profile: Profile
    dictionary: Dictionary
    publications: tuple[Publication, ...]
    renditions: Mapping[Key, Renditions]
    size_of: Callable[[Document], int]
    elsewhere: tuple[Elsewhere, ...] = ()

    def words(self, language: str) -> tuple[str, Words]:
        """The language in which a document speaks to a reader of `language`, and its words."""
        return words_for(language, self.dictionary, self.languages[0])

    def document(self, path: PurePosixPath, document: Document, media_type: str = HTML) -> Entry:
        """The entry of a document: its own bytes and, in base64, those of its pictures."""
        pictures = sum(base64_bytes(picture.size_bytes) for picture in document.pictures)
        return Entry(path, media_type, document, self.size_of(document) + pictures)


@dataclass(frozen=True, slots=True)
class Work:
    """One version of a publication, its place, its renditions and its neighbours in the library.

    `others` are the publication's further versions: language and place. `unlisted` are those that no library shows,
    whose files are named beside this one.
    """

    publication: Publication
    version: Version
    place: Where
    renditions: Renditions
    previous: Where | None
    next: Where | None
    others: tuple[tuple[str, Where], ...] = ()
    unlisted: tuple[Work, ...] = ()


def works(brief: Brief) -> tuple[Work, ...]:
    """Every version of every publication, in the order of the library."""
    publications = ordered(brief.publications)
    where = places.places(publications)
    found = []
    for index, publication in enumerate(publications):
        for version in publication.versions:
            before = publications[index - 1] if index else None
            after = publications[index + 1] if index + 1 < len(publications) else None
            key = publication.id, version.language
            found.append(
                Work(
                    publication,
                    version,
                    where[key],
                    brief.renditions[key],
                    _neighbour(before, version.language, where),
                    _neighbour(after, version.language, where),
                    tuple(
                        (other.language, where[publication.id, other.language])
                        for other in publication.versions
                        if other is not version
                    ),
                )
            )
    return tuple(found)


def _neighbour(publication: Publication | None, language: str, where: Mapping[Key, Where]) -> Where | None:
    if publication is None:
        return None
    return where.get((publication.id, language), where[publication.id, publication.versions[0].language])


def site_frame(work: Work, brief: Brief, number: int, total: int) -> Frame:
    """The frame of document `number` of `total` of a site edition: its notice and its links."""
    language, words = brief.words(work.version.language)
    here = work.place.folder / places.document_name(number)
    homes = places.home(language, brief.languages)

    def document(target: int) -> PurePosixPath:
        return work.place.folder / places.document_name(target)

    before = document(number - 1) if number > 1 else work.previous and work.previous.index
    after = document(number + 1) if number < total else work.next and work.next.index
    return Frame(
        language=language,
        direction=words.direction,
        words=words,
        title=document_title(work, brief, number),
        has_files=True,
        notice=_site_notice(work, brief, words),
        part=words.part.format(n=number, total=total) if total > 1 else "",
        previous=Place(places.link(here, before), words.previous) if before else None,
        up=Place(places.link(here, homes), words.all_works),
        next=Place(places.link(here, after), words.next) if after else None,
        here=str(number),
        parts=tuple(Place(places.document_name(n), str(n)) for n in range(1, total + 1)) if total > 1 else (),
        languages=_other_versions(work, brief, here),
    )


def phone_frame(work: Work, brief: Brief, number: int, total: int) -> Frame:
    """The frame of part `number` of `total` of a one-file edition: no links, the next file by name."""
    language, words = brief.words(work.version.language)
    following = places.part_name(work.place.phone, number + 1).name
    return Frame(
        language=language,
        direction=words.direction,
        words=words,
        title=document_title(work, brief, number),
        has_files=False,
        notice=_phone_notice(work, brief, words),
        part=words.part.format(n=number, total=total) if total > 1 else "",
        next_file=words.next_file.format(file=following) if number < total else "",
    )


def document_title(work: Work, brief: Brief, number: int) -> str:
    """The <title>: the work's own, or only its number where names tell nothing."""
    name = work.version.title if brief.names is NameStyle.TITLES else work.publication.id
    return name if number == 1 else f"{name} - {number}"


def has_pictures(work: Work) -> bool:
    """Whether any picture of the work can be shown."""
    return any(isinstance(shown, Rendition) for group in work.renditions.sets for shown in group.shown)


def _site_notice(work: Work, brief: Brief, words: Words) -> str:
    if not has_pictures(work):
        return ""
    if Edition.PHONE in brief.editions:
        return words.no_pictures_file.format(file=work.place.phone)
    return words.no_pictures_folder.format(folder=work.place.folder)


def _phone_notice(work: Work, brief: Brief, words: Words) -> str:
    if not has_pictures(work):
        return ""
    folders = {Edition.SITE: work.place.folder, Edition.PHOTO: work.place.photo}
    folder = next((folder for edition, folder in folders.items() if edition in brief.editions), None)
    return words.no_pictures_folder.format(folder=folder) if folder else words.no_pictures_elsewhere


def _other_versions(work: Work, brief: Brief, here: PurePosixPath) -> tuple[Place, ...]:
    return tuple(
        Place(places.link(here, where.index), language_name(language, brief), language)
        for language, where in work.others
    )


def language_name(language: str, brief: Brief) -> str:
    """A language's name in itself, or its tag where we have no words in it."""
    return language_in(language, brief.dictionary)


def picture_entry(path: PurePosixPath, content: Copy, size_bytes: int) -> Entry:
    """The entry of a picture that lies in the scratch folder."""
    return Entry(path, JPEG, content, size_bytes)


@dataclass(frozen=True, slots=True)
class Load:
    """What items put on a document, or the most that one may bear: pixels of its pictures, and bytes."""

    pixels: int = 0
    size_bytes: int = 0

    def __add__(self, other: Load) -> Load:
        return Load(self.pixels + other.pixels, self.size_bytes + other.size_bytes)

    def fits(self, most: Load) -> bool:
        """Whether neither is more than in `most`."""
        return self.pixels <= most.pixels and self.size_bytes <= most.size_bytes


def split(items: Sequence[T], load: Callable[[T], Load], most: Load) -> tuple[tuple[T, ...], ...]:
    """`items` in order, in runs that load a document with at most `most`; one heavier item makes a run of its own.

    There is always at least one run, so that an empty work has a document too.
    """
    runs: list[list[T]] = [[]]
    filled = Load()
    for item in items:
        if runs[-1] and not (filled + load(item)).fits(most):
            runs.append([])
            filled = Load()
        runs[-1].append(item)
        filled += load(item)
    return tuple(tuple(run) for run in runs)


def pixels(shown: Shown) -> int:
    """The pixels that a document with this picture makes a browser hold."""
    return shown.width * shown.height if isinstance(shown, Rendition) else 0


def base64_bytes(size_bytes: int) -> int:
    """The bytes of `size_bytes` in base64, with padding (RFC 4648)."""
    return -(-size_bytes // 3) * 4


def text_bytes(texts: Iterable[str]) -> int:
    """An upper bound for what texts take in a document: UTF-8, every character escaped at worst."""
    return sum(6 * len(text.encode()) for text in texts)
