"""A publication -> the files that stand for it in a bundle, with names that every system can have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path, PurePosixPath

from packager.archive.read import read_source
from packager.config import definition
from packager.config.filesystems import DEVICE_NAME, FORBIDDEN_LETTERS
from packager.files.signatures import HEAD_BYTES, FileType, file_type
from packager.importing.markdown import front_matter, markdown
from packager.model import (
    About,
    Article,
    Comic,
    Direction,
    Figure,
    Library,
    Missing,
    Publication,
    Source,
    Version,
    Work,
)
from packager.readers.discovery import shared_depth
from packager.readers.files import FileKind, kind_of
from packager.readers.language import folder_language
from packager.sandbox.pool import Workers
from packager.text import endings
from packager.text.order import in_order
from packager.text.spelling import UNDETERMINED, normal, plain_name, unused_name

FOLDERS = (*definition.FOLDERS, "pictures")
"""The folders of a bundle that works are put into."""

_HIDDEN = r"[\x80-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069]"
_UNWELCOME = re.compile(f"(?:{FORBIDDEN_LETTERS.pattern}|{_HIDDEN})+")
_LONGEST = 80

# For pictures without a name that says what they are.
_ENDINGS = {
    FileType.JPEG: ".jpg",
    FileType.PNG: ".png",
    FileType.GIF: ".gif",
    FileType.WEBP: ".webp",
    FileType.AVIF: ".avif",
    FileType.HEIC: ".heic",
    FileType.JXL: ".jxl",
    FileType.TIFF: ".tif",
    FileType.BMP: ".bmp",
}


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file to be written: where in the bundle, and its text or the source of its bytes.

    What is large is not copied where the file system can share it (`is_shared`).
    """

    path: PurePosixPath
    content: str | Source
    is_shared: bool = False


EntryValue = str | Sequence[str] | dict[str, str]
"""A text, several, or one for each language."""


@dataclass(frozen=True, slots=True)
class PublicationEntry:
    """What bundle.toml says of a publication: its path in the bundle, and the keys that it needs, empty where none."""

    source: str
    title: EntryValue = ""
    authors: EntryValue = ()
    language: EntryValue = ""
    direction: EntryValue = ""
    summary: EntryValue = ""
    credit: EntryValue = ""
    series: EntryValue = ""


@dataclass(frozen=True, slots=True)
class ImportedWork:
    """One publication as an import puts it into a bundle: its entry in bundle.toml, and its files."""

    entry: PublicationEntry
    files: tuple[ImportFile, ...]

    @property
    def tops(self) -> tuple[PurePosixPath, ...]:
        """The files and folders that appear in FOLDERS."""
        return tuple(dict.fromkeys(PurePosixPath(*file.path.parts[:2]) for file in self.files))

    @property
    def pictures(self) -> int:
        """How many of the files are pictures."""
        return sum(isinstance(file.content, Source) and not file.is_shared for file in self.files)

    @property
    def recordings(self) -> int:
        """How many of the files are film or sound."""
        return sum(file.is_shared for file in self.files)


Maker = Callable[[Publication, str, Workers], ImportedWork]


def imported_works(
    library: Library, source: Path, bundle: Path, workers: Workers, makers: Mapping[type[Work], Maker]
) -> tuple[ImportedWork, ...]:
    """Return the files of each publication, as its maker has them, under names that nothing in the bundle has.

    Raises SourceError.
    """
    existing = [path.name for folder in FOLDERS for path in (bundle / folder).glob("*")]
    used = {name.partition(".")[0].removesuffix("-pictures") for name in existing} | set(existing)
    works = []
    for publication in library.publications:
        is_only = len(library.publications) == 1
        title = endings.stem(source.name) if is_only and source.is_file() else publication.versions[0].title
        name = unused_name(portable_name(plain_name(title, longest=32) or "work"), used, _LONGEST)
        used.add(name)
        works.append(makers[type(publication.versions[0].work)](publication, name, workers))
    return tuple(works)


def portable_name(name: str) -> str:
    """Return the name without what some system cannot have, or hides."""
    name = _UNWELCOME.sub("_", normal(name)).strip(" .~$")
    stem, dot, ending = name.rpartition(".")
    name = f"{stem[: _LONGEST - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else name[:_LONGEST]
    return f"_{name}" if not name or DEVICE_NAME.fullmatch(name) or kind_of(name) is FileKind.JUNK else name


def page_names(paths: Sequence[PurePosixPath]) -> tuple[PurePosixPath, ...]:
    """Return names for pages that sort in this order: their own, else numbers before them, in one folder."""
    depth = shared_depth([path.parts[:-1] for path in paths])
    own = tuple(PurePosixPath(*map(portable_name, path.parts[depth:])) for path in paths)
    is_distinct = len({str(path).casefold() for path in own}) == len(own)
    reads_as_languages = all(len(path.parts) > 1 and folder_language(path.parts[0]) for path in own)
    if is_distinct and not reads_as_languages and list(own) == in_order(own, lambda path: path):
        return own
    width = len(str(len(own)))
    return tuple(PurePosixPath(f"{number:0{width}}-{path.name}") for number, path in enumerate(own, start=1))


def picture_name(stem: str, source: Source, workers: Workers) -> str:
    """Return a name with this stem and the ending that a picture has, or else that its first bytes ask for."""
    ending = PurePosixPath(source.label).suffix.lower()
    is_told = kind_of(f"{stem}{ending}") is FileKind.PICTURE
    return f"{stem}{ending if is_told else workers.submit(picture_ending, source).result()}"


def picture_ending(source: Source) -> str:
    """Return the ending that the name of a picture should have, by its first bytes. A job for a worker."""
    return _ENDINGS.get(file_type(read_source(source)[:HEAD_BYTES]), ".png")


class _FigureFiles:
    """The pictures of a text as files of `folder`, which the text calls `called`; `known` pictures lie elsewhere."""

    def __init__(
        self, folder: PurePosixPath, called: str, workers: Workers, known: Mapping[Source, str] | None = None
    ) -> None:
        self._folder = folder
        self._called = called
        self._workers = workers
        self._paths = dict(known or {})
        self._stems: list[str] = []
        self.files: list[ImportFile] = []

    def path_of(self, figure: Figure) -> str:
        """Return where a figure's picture lies, relative to the text; one picture is one file."""
        source = figure.picture.source
        if source not in self._paths:
            name = portable_name(source.label.rpartition("/")[2].replace(" ", "-"))
            if kind_of(name) is not FileKind.PICTURE:
                name = portable_name(f"{name}{self._workers.submit(picture_ending, source).result()}")
            stem, _, ending = name.rpartition(".")
            self._stems.append(unused_name(stem, self._stems, _LONGEST))
            name = f"{self._stems[-1]}.{ending}"
            self._paths[source] = f"{self._called}/{name}"
            self.files.append(ImportFile(self._folder / name, source))
        return self._paths[source]


def article(publication: Publication, name: str, workers: Workers) -> ImportedWork:
    """Return an article as Markdown, with its pictures in a folder beside it."""
    folder = PurePosixPath("articles")
    files: list[ImportFile] = []
    texts: list[ImportFile] = []
    for version in publication.versions:
        article = version.work
        assert isinstance(article, Article)
        own_name = f"{name}.{version.language}" if len(publication.versions) > 1 else name
        pictures = _FigureFiles(folder / f"{own_name}-pictures", f"{own_name}-pictures", workers)
        text = markdown(article.blocks, pictures.path_of)
        keys: dict[str, str | Sequence[str]] = {
            "title": version.title,
            "authors": version.authors,
            "language": "" if version.language == UNDETERMINED else version.language,
            "direction": article.direction or "",
            "summary": version.summary,
            "credit": version.credit,
        }
        texts.append(ImportFile(folder / f"{own_name}.md", f"{front_matter(keys)}\n{text}"))
        files += pictures.files
    return ImportedWork(PublicationEntry(str(texts[0].path)), (*files, *texts))


def comic(publication: Publication, name: str, workers: Workers) -> ImportedWork:
    """Return a comic as a folder of its pictures, with its transcripts among them."""
    folder = PurePosixPath("comics", name)
    versions = publication.versions
    is_only = len(versions) == 1
    files = (file for version in versions for file in _comic_files(version, folder, workers, is_only_version=is_only))
    first, comic = versions[0], versions[0].work
    assert isinstance(comic, Comic)
    entry = PublicationEntry(
        str(folder),
        title=by_language(publication, "title"),
        authors=first.authors,
        language=first.language if is_only and first.language != UNDETERMINED else "",
        direction=str(comic.direction) if comic.direction is not Direction.LTR else "",
        summary=by_language(publication, "summary"),
        credit=by_language(publication, "credit"),
    )
    return ImportedWork(entry, tuple(files))


def _comic_files(
    version: Version, folder: PurePosixPath, workers: Workers, *, is_only_version: bool
) -> Iterator[ImportFile]:
    comic = version.work
    assert isinstance(comic, Comic)
    own_folder = folder if is_only_version else folder / version.language
    sources = [picture.source for picture in comic.pictures]
    paths = [source.member.replace("\\", "/") if source.member else source.label for source in sources]
    pages = page_names(list(map(PurePosixPath, paths)))
    # Pages behind the first of a TIFF lie in its file.
    firsts = [isinstance(picture, Missing) or not picture.page for picture in comic.pictures]
    yield from (
        ImportFile(own_folder / page, source) for page, source in compress(zip(pages, sources, strict=True), firsts)
    )
    for transcript in comic.transcripts:
        text = "\n".join(
            "\n".join((f"## {pages[index]}", "", *(f"- {line}" for line in lines), ""))
            for index, lines in transcript.sections
        )
        yield ImportFile(own_folder / f"transcript.{transcript.language}.md", text)
    known = {source: str(page) for page, source in compress(zip(pages, sources, strict=True), firsts)}
    yield from about_files(comic.about, folder, own_folder, known, workers)


def about_files(
    pages: Sequence[About],
    folder: PurePosixPath,
    own_folder: PurePosixPath,
    known: Mapping[Source, str],
    workers: Workers,
) -> Iterator[ImportFile]:
    """Yield the pages about whoever made what lies in `folder`, and their pictures, but those `known` in it.

    They lie apart: pictures in the folder itself would be pages, or posters.
    """
    apart = PurePosixPath("pictures", folder.name)
    for about in pages:
        pictures = _FigureFiles(apart, f"{'../' * len(own_folder.parts)}{apart}", workers, known)
        yield ImportFile(own_folder / f"about.{about.language}.md", markdown(about.blocks, pictures.path_of))
        yield from pictures.files


def by_language(publication: Publication, key: str) -> str | dict[str, str]:
    """Return what the versions say under a key of theirs: one text, or one for each language."""
    texts = {version.language: getattr(version, key) for version in publication.versions}
    return texts if len(texts) > 1 and all(texts.values()) else next(iter(texts.values()))
