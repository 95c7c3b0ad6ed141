"""A publication -> the files that stand for it in a bundle, before any of them is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from packager.archive.read import read_source
from packager.importing import names
from packager.importing.markdown import front_matter, markdown
from packager.model import Article, Comic, Figure, Publication, Source, Transcript, Version
from packager.readers.files import FileKind, kind_of
from packager.sandbox.pool import Workers

UNKNOWN = "und"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file to be: where in the bundle, and what is in it."""

    path: PurePosixPath
    content: str | Source


@dataclass(frozen=True, slots=True)
class Pieces:
    """The files of one publication; `source` is what bundle.toml calls it, `said` what else it says there."""

    source: PurePosixPath
    files: tuple[Piece, ...]
    pictures: int
    said: dict[str, object] = field(default_factory=dict)

    @property
    def tops(self) -> tuple[PurePosixPath, ...]:
        """What appears in the folder of comics or of articles."""
        return tuple(dict.fromkeys(PurePosixPath(*piece.path.parts[:2]) for piece in self.files))


def pieces_of(publication: Publication, name: str, workers: Workers) -> Pieces:
    """The files of a publication that is called `name` in the bundle; raises SourceError."""
    if isinstance(publication.versions[0].work, Comic):
        return _comic(publication, PurePosixPath("comics", name), workers)
    return _article(publication, PurePosixPath("articles"), name, workers)


def ending(source: Source) -> str:
    """The ending that the name of a picture should have. A job for a worker."""
    return names.ending_of(read_source(source))


def _article(publication: Publication, folder: PurePosixPath, name: str, workers: Workers) -> Pieces:
    files: list[Piece] = []
    texts: list[Piece] = []
    for version in publication.versions:
        assert isinstance(version.work, Article)
        tag = f".{version.language}" if len(publication.versions) > 1 else ""
        pictures = _Pictures(folder / f"{name}{tag}-pictures", f"{name}{tag}-pictures", workers)
        text = markdown(version.work.blocks, pictures.name_of)
        texts.append(Piece(folder / f"{name}{tag}.md", f"{front_matter(_said(version))}\n{text}"))
        files += pictures.pieces
    return Pieces(texts[0].path, (*files, *texts), len(files))


def _said(version: Version) -> dict[str, str | tuple[str, ...]]:
    assert isinstance(version.work, Article)
    return {
        "title": version.title,
        "authors": version.authors,
        "language": "" if version.language == UNKNOWN else version.language,
        "direction": version.work.direction or "",
        "summary": version.summary,
        "credit": version.credit,
    }


class _Pictures:
    """The pictures of a text, in a folder that the text knows as `called`; `known` lie elsewhere already."""

    def __init__(
        self, folder: PurePosixPath, called: str, workers: Workers, known: Mapping[Source, str] | None = None
    ) -> None:
        self._folder = folder
        self._called = called
        self._workers = workers
        self._names = dict(known or {})
        self._taken: list[str] = []
        self.pieces: list[Piece] = []

    def name_of(self, figure: Figure) -> str:
        """Where a figure's picture lies, relative to the text; one picture is one file."""
        source = figure.picture.source
        if source not in self._names:
            self._taken.append(_picture_name(source, self._taken, self._workers))
            self._names[source] = f"{self._called}/{self._taken[-1]}"
            self.pieces.append(Piece(self._folder / self._taken[-1], source))
        return self._names[source]


def _picture_name(source: Source, taken: list[str], workers: Workers) -> str:
    """The picture's own name where it has one."""
    name = names.portable(source.label.rpartition("/")[2].replace(" ", "-"))
    if kind_of(name) is not FileKind.PICTURE:
        name = names.portable(f"{name}{workers.submit(ending, source).result()}")
    stem, _, last = name.rpartition(".")
    stems = [other.rpartition(".")[0] for other in taken]
    return f"{names.free(stem, stems)}.{last}"


def _comic(publication: Publication, folder: PurePosixPath, workers: Workers) -> Pieces:
    files: list[Piece] = []
    for version in publication.versions:
        inner = folder / version.language if len(publication.versions) > 1 else folder
        files += _of_version(version, inner, workers)
    pictures = sum(isinstance(piece.content, Source) for piece in files)
    return Pieces(folder, tuple(files), pictures, _said_of_comic(publication))


def _of_version(version: Version, folder: PurePosixPath, workers: Workers) -> Iterator[Piece]:
    comic = version.work
    assert isinstance(comic, Comic)
    sources = [picture.source for picture in comic.pictures]
    pages = names.pages([_place(source) for source in sources])
    yield from (Piece(folder / page, source) for page, source in zip(pages, sources, strict=True))
    for transcript in comic.transcripts:
        yield Piece(folder / f"transcript.{transcript.language}.md", _transcript(transcript, pages))
    for about in comic.about:
        apart = PurePosixPath("pictures", folder.parts[1])
        known = {source: str(page) for source, page in zip(sources, pages, strict=True)}
        pictures = _Pictures(apart, f"{'../' * len(folder.parts)}{apart}", workers, known)
        yield Piece(folder / f"about.{about.language}.md", markdown(about.blocks, pictures.name_of))
        yield from pictures.pieces


def _place(source: Source) -> PurePosixPath:
    return PurePosixPath(source.member.replace("\\", "/") if source.member else source.label)


def _transcript(transcript: Transcript, pages: tuple[PurePosixPath, ...]) -> str:
    parts = []
    for index, lines in transcript.sections:
        parts.append("\n".join([f"## {pages[index]}", "", *(f"- {line}" for line in lines), ""]))
    return "\n".join(parts)


def _said_of_comic(publication: Publication) -> dict[str, object]:
    versions = publication.versions
    first = versions[0]
    comic = first.work
    assert isinstance(comic, Comic)
    said = {
        "title": _by_language(publication, "title"),
        "authors": list(first.authors),
        "language": first.language if len(versions) == 1 and first.language != UNKNOWN else "",
        "direction": str(comic.direction) if comic.direction != "ltr" else "",
        "summary": _by_language(publication, "summary"),
        "credit": _by_language(publication, "credit"),
    }
    return {key: value for key, value in said.items() if value}


def _by_language(publication: Publication, key: str) -> str | dict[str, str]:
    texts = {version.language: getattr(version, key) for version in publication.versions}
    return texts if len(texts) > 1 and all(texts.values()) else next(iter(texts.values()))
