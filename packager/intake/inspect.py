"""What a source holds, what would happen to it, and what it betrays; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packager.archive.read import read_source
from packager.errors import SourceError
from packager.intake import betrayals, damage
from packager.intake.alone import Room, read_alone
from packager.layout.blocks import words_of
from packager.model import Article, Picture, Remark, Source, Version
from packager.readers.articles import html
from packager.readers.articles.article import READERS
from packager.readers.encodings.decoding import decoded
from packager.workers import Failure


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """One version of a work as it would be taken: pages or words, and the pixels of its pictures."""

    kind: str
    title: str
    language: str
    authors: tuple[str, ...]
    pages: int
    words: int
    pictures: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a source holds; `betrayed` has files and what each says of those who made it, `encodings` texts' codecs."""

    source: Path
    works: tuple[tuple[VersionSeen, ...], ...]
    damaged: tuple[Remark, ...]
    betrayed: tuple[tuple[str, str], ...]
    encodings: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...]


def inspect(source: Path, room: Room) -> Inspected:
    """Look at a file or folder as a build would; raises SourceError for a file that cannot be read at all."""
    library = read_alone(source, room)
    told = {remark.source for remark in library.remarks}
    texts = [(label, path) for label, path in _files(source) if label in told]
    of_texts = tuple((label, what) for label, path in texts for what in betrayals.of_document(path))
    return Inspected(
        source,
        tuple(tuple(map(_seen, publication.versions)) for publication in library.publications),
        tuple(damage.damaged(library, room)),
        (*of_texts, *_of_pictures(damage.sources_of(library), room)),
        tuple(_encodings(texts)),
        library.remarks,
    )


def _seen(version: Version) -> VersionSeen:
    work, shown = version.work, damage.shown(version)
    is_article = isinstance(work, Article)
    return VersionSeen(
        "article" if is_article else "comic",
        version.title,
        version.language,
        version.authors,
        pages=0 if is_article else len(shown),
        words=len(words_of(work.blocks).split()) if isinstance(work, Article) else 0,
        pictures=tuple((picture.width, picture.height) for picture in shown if isinstance(picture, Picture)),
    )


def _of_pictures(sources: Sequence[Source], room: Room) -> Iterator[tuple[str, str]]:
    for source, found in zip(sources, room.workers.map(betrayals.of_picture, sources), strict=True):
        if not isinstance(found, Failure):
            yield from ((source.label, what) for what in found)


def _files(source: Path) -> list[tuple[str, Path]]:
    """The files of a source as remarks call them."""
    if not source.is_dir():
        return [(source.name, source)]
    return sorted((path.relative_to(source).as_posix(), path) for path in source.rglob("*") if path.is_file())


def _encodings(texts: Sequence[tuple[str, Path]]) -> Iterator[tuple[str, str]]:
    for label, path in texts:
        reader = READERS.get(path.suffix.lower())
        try:
            data = read_source(Source(path, label)) if reader else b""
            declared = html.declared_encoding(data) if reader is html.read else ""
            if data:
                yield label, decoded(data, declared=declared).codec
        except SourceError:
            continue
