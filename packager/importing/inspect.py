"""What a source holds, what would happen to it, and what it betrays; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packager.archive.read import read_source
from packager.importing import betrayals, damage
from packager.importing.alone import Room, read_alone
from packager.model import Article, Picture, Remark, Source, Version
from packager.model.blocks import words_of
from packager.sandbox.pool import Failure


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
    texts = [text for text in _files(source) if text.label in told]
    return Inspected(
        source,
        tuple(tuple(map(_seen, publication.versions)) for publication in library.publications),
        tuple(damage.damaged(library, room)),
        (*_said(betrayals.of_document, texts, room), *_said(betrayals.of_picture, damage.sources_of(library), room)),
        tuple(_said(encoding, texts, room)),
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


def _said(job: Callable[[Source], tuple[str, ...]], sources: Sequence[Source], room: Room) -> Iterator[tuple[str, str]]:
    """What workers say of each source; nothing of one that cannot be read, which is told elsewhere."""
    for source, found in zip(sources, room.workers.map(job, sources), strict=True):
        if not isinstance(found, Failure):
            yield from ((source.label, what) for what in found)


def _files(source: Path) -> list[Source]:
    """The files of a source as remarks call them."""
    if not source.is_dir():
        return [Source(source, source.name)]
    found = (Source(path, path.relative_to(source).as_posix()) for path in source.rglob("*") if path.is_file())
    return sorted(found, key=lambda one: one.label)


def encoding(source: Source) -> tuple[str, ...]:
    """The codec of a text; nothing for a file that is none. A job for a worker."""
    from packager.readers.articles import html
    from packager.readers.articles.article import READERS
    from packager.readers.encodings import decoded

    reader = READERS.get(source.path.suffix.lower())
    data = read_source(source) if reader else b""
    declared = html.declared_encoding(data) if reader is html.read else ""
    return (decoded(data, declared=declared).codec,) if data else ()
