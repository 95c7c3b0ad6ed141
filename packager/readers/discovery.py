"""Which publications a bundle's files make: its listed sources, or everything that is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby
from pathlib import Path, PurePosixPath

from packager.config.definition import Definition, PublicationDefinition
from packager.model import Chapter, Remark, Source
from packager.readers.files import FileKind, Files, SourceFile, printable
from packager.readers.language import known_language, split_language
from packager.text.order import is_numbered
from packager.text.spelling import normal

COMICS, ARTICLES = "comics", "articles"

# What browsers append to a page's name for the folder of what the page shows.
_PAGE_FOLDERS = ("_files", ".files", "-files", "_fichiers", "-Dateien", "_archivos", "_arquivos", "_파일", "_文件")

# What a comic takes from a folder that other works lie in too.
_LOOSE_KINDS = (FileKind.PICTURE, FileKind.TRANSCRIPT, FileKind.ABOUT, FileKind.COMIC_INFO)
# Outside a comic, `about.md` and `transcript.md` are articles like others.
_ARTICLE_KINDS = (FileKind.TEXT, FileKind.ABOUT, FileKind.TRANSCRIPT)
_PACKED_KINDS = (FileKind.ARCHIVE, FileKind.BOOK)


_UNDEFINED = PublicationDefinition(source=Path())


class WorkKind(Enum):
    """What a work becomes."""

    COMIC = auto()
    ARTICLE = auto()


@dataclass(frozen=True, slots=True)
class ComicInfo:
    """What a ComicInfo.xml or a book says of a comic; "" where it says nothing. `origin` names it in remarks."""

    title: str = ""
    series: str = ""
    writers: tuple[str, ...] = ()
    summary: str = ""
    language: str = ""
    is_right_to_left: bool = False
    origin: str = "ComicInfo.xml"


@dataclass(frozen=True, slots=True)
class OpenedContents:
    """What opened archives and books say besides their files.

    `archives` are those that lay in the work's folder; `info`, `chapters` and `cover` are what a book says of itself.
    The pictures of a PDF are larger than the words that they show.
    """

    archives: tuple[SourceFile, ...] = ()
    remarks: tuple[Remark, ...] = ()
    info: ComicInfo = ComicInfo()
    chapters: tuple[Chapter, ...] = ()
    cover: Source | None = None
    is_pdf: bool = False


@dataclass(frozen=True, slots=True)
class FoundWork:
    """The files that make one publication, and what the organizer says of it.

    `path`, relative to the bundle, is the folder, the archive or the first file that it comes from. An article's files
    are its versions; a comic's are everything in its folder, or in its `archive` once that has been opened: `contents`
    is what that gave besides files.
    """

    kind: WorkKind
    path: PurePosixPath
    files: tuple[SourceFile, ...]
    defined: PublicationDefinition = _UNDEFINED
    archive: SourceFile | None = None
    contents: OpenedContents = OpenedContents()

    @property
    def label(self) -> str:
        """Its path as messages name it."""
        return printable(self.path)

    @property
    def archives(self) -> tuple[SourceFile, ...]:
        """The archive that it is, or those that lay in its folder."""
        return (self.archive,) if self.archive else self.contents.archives

    @property
    def bundle_files(self) -> tuple[SourceFile, ...]:
        """The files of the bundle that make it: the archive where it is one."""
        return (self.archive,) if self.archive else self.files

    @property
    def stored_bytes(self) -> int:
        """The size, in bytes, of what it was found in: its archive, or its files."""
        return sum(file.size_bytes for file in self.bundle_files)


def discover(definition: Definition, files: Files) -> tuple[FoundWork, ...]:
    """Return the works among the bundle's files: those listed, in that order; else comics, then articles.

    A listed source, or a folder in `comics/`, that holds nothing to read is a work without pictures.
    """
    if definition.publications is None:
        works = _default_works(files)
        return tuple(replace(work, defined=PublicationDefinition(definition.folder / work.path)) for work in works)
    works = []
    for defined in definition.publications:
        path = _path_of(defined, definition)
        is_folder = defined.source.is_dir()
        of_source = _works_of_folder(path, within(files, path)) if is_folder else _works_of_file(path, files)
        works += [replace(work, defined=defined) for work in of_source]
    return tuple(works)


def unlisted(definition: Definition, files: Files, listed: Iterable[FoundWork]) -> tuple[FoundWork, ...]:
    """Return the works that would be found without a list, and of which no file is in one of the `listed` works."""
    if definition.publications is None:
        return ()
    used = {(work.kind, file.source) for work in listed for file in work.bundle_files}
    return tuple(
        work
        for work in _default_works(files)
        if (work.archive or work.kind is WorkKind.ARTICLE or _has_pictures(work.files))
        and used.isdisjoint((work.kind, file.source) for file in work.bundle_files)
    )


def links_of_works(definition: Definition, files: Files) -> tuple[SourceFile, ...]:
    """Return the links that lie where works do, or in their place: each may stand for one that would be lost."""
    tops = (PurePosixPath(file.path.parts[0]) for file in files)
    places = {top for top in tops if str(top).casefold() in (COMICS, ARTICLES)} or {PurePosixPath()}
    if definition.publications is not None:
        places = {_path_of(defined, definition) for defined in definition.publications}
    return tuple(
        file for file in files if file.kind is FileKind.LINK and not places.isdisjoint((file.path, *file.path.parents))
    )


def within(files: Iterable[SourceFile], folder: PurePosixPath) -> tuple[SourceFile, ...]:
    """Return the files below `folder`, in their order."""
    return tuple(file for file in files if file.path != folder and file.path.is_relative_to(folder))


def _path_of(defined: PublicationDefinition, definition: Definition) -> PurePosixPath:
    return PurePosixPath(normal(defined.source.relative_to(definition.folder).as_posix()))


def _default_works(files: Files) -> list[FoundWork]:
    files = [file for file in files if file.kind is not FileKind.GENERATED]
    tops = {file.path.parts[0] for file in files if len(file.path.parts) > 1 or file.kind is FileKind.FOLDER}
    folders = {top.casefold(): PurePosixPath(top) for top in sorted(tops) if top.casefold() in (COMICS, ARTICLES)}
    if not folders:
        return _works_of_bare_folder(files)
    works: list[FoundWork] = []
    if COMICS in folders:
        works += _comics_in(folders[COMICS], within(files, folders[COMICS]), are_all_meant=True)
    if ARTICLES in folders:
        articles = within(files, folders[ARTICLES])
        works += [*_articles_among(articles), *_packed(articles, FileKind.BOOK)]
    return works


def _works_of_bare_folder(files: Files) -> list[FoundWork]:
    """Return what a folder without `comics/` and `articles/` holds: one comic in languages, or comics and texts."""
    root = PurePosixPath()
    if _are_languages_of_one(files):
        return [FoundWork(WorkKind.COMIC, root, tuple(files))]
    comics = list(_comics_in(root, _outside_saved_pages(files), are_all_meant=False))
    used = {file.source for work in comics for file in work.bundle_files}
    return [*comics, *_articles_among([file for file in files if file.source not in used])]


def _are_languages_of_one(files: Files) -> bool:
    """Whether all folders with pictures are languages, and the pictures beside them are no pages of their own."""
    pictures = [file.path for file in files if file.kind is FileKind.PICTURE]
    folders = {path.parts[0] for path in pictures if len(path.parts) > 1}
    beside = [path for path in pictures if len(path.parts) == 1]
    return bool(folders) and all(map(known_language, folders)) and not any(is_numbered(path.name) for path in beside)


def _comics_in(root: PurePosixPath, files: Files, *, are_all_meant: bool) -> Iterator[FoundWork]:
    """Yield the comics in `root`: the pictures that lie in it, its archives, its folders.

    Where all folders are meant as comics, one with nothing to read is an empty comic.
    """
    depth = len(root.parts)
    direct = [file for file in files if len(file.path.parts) == depth + 1]
    if _has_pictures(direct):
        yield FoundWork(WorkKind.COMIC, root, tuple(file for file in direct if file.kind in _LOOSE_KINDS))
    for name, group in groupby(files, key=lambda file: file.path.parts[depth]):
        inner = tuple(group)
        is_folder = len(inner[0].path.parts) > depth + 1 or inner[0].kind is FileKind.FOLDER
        archives = tuple(_packed(inner))
        if not is_folder or (archives and not _has_pictures(inner)):
            yield from archives
        elif are_all_meant or _has_pictures(inner):
            yield FoundWork(WorkKind.COMIC, root / name, inner)


def _articles_among(files: Files) -> Iterator[FoundWork]:
    """Yield the articles among `files`; names that differ in their language alone are versions of one."""
    texts = [file for file in _outside_saved_pages(files) if file.kind in _ARTICLE_KINDS]
    with_language = {_base(file) for file in texts if split_language(file.path.stem)[1]}
    groups: dict[PurePosixPath, list[SourceFile]] = {}
    for file in texts:
        base = _base(file)
        groups.setdefault(base if base in with_language else file.path, []).append(file)
    return (_article(versions) for versions in groups.values())


def _works_of_folder(path: PurePosixPath, files: Files) -> Iterable[FoundWork]:
    """Return the works that a listed folder means: a folder of several articles means them all."""
    texts, archives = tuple(_articles_among(files)), tuple(_packed(files))
    if texts and (not _has_pictures(files) or str(path).casefold().split("/")[0] == ARTICLES):
        return (*texts, *_packed(files, FileKind.BOOK))
    if archives and not _has_pictures(files):
        return archives
    return (FoundWork(WorkKind.COMIC, path, tuple(files)),)


def _works_of_file(path: PurePosixPath, files: Files) -> Iterable[FoundWork]:
    file = next((file for file in files if file.path == path), None)
    if file is None or file.kind not in _ARTICLE_KINDS:
        own = (file,) if file else ()
        return tuple(_packed(own)) or (FoundWork(WorkKind.COMIC, path, own),)
    texts = (other for other in files if other.path.parent == path.parent and other.kind in _ARTICLE_KINDS)
    versions = [other for other in texts if _base(other) == _base(file)]
    has_versions = any(split_language(other.path.stem)[1] for other in versions)
    return (_article(versions if has_versions else [file]),)


def _article(versions: Files) -> FoundWork:
    return FoundWork(WorkKind.ARTICLE, versions[0].path, tuple(versions))


def _packed(files: Iterable[SourceFile], *kinds: FileKind) -> Iterator[FoundWork]:
    """Yield the archives and books (EPUB, PDF): whether a book is a comic is seen when it is opened."""
    packed = (file for file in files if file.kind in (kinds or _PACKED_KINDS))
    return (FoundWork(WorkKind.COMIC, file.path, (), archive=file) for file in packed)


def _has_pictures(files: Iterable[SourceFile]) -> bool:
    return any(file.kind is FileKind.PICTURE for file in files)


def _base(file: SourceFile) -> PurePosixPath:
    return file.path.with_name(split_language(file.path.stem)[0])


def _outside_saved_pages(files: Files) -> list[SourceFile]:
    """Return the files outside the folders in which a browser saved what a page shows: frames are no articles."""
    pages = (file.path for file in files if file.path.suffix.lower() in (".html", ".htm", ".xhtml"))
    folders = frozenset(page.with_name(page.stem + ending) for page in pages for ending in _PAGE_FOLDERS)
    return [file for file in files if folders.isdisjoint(file.path.parents)]
