"""Which publications a bundle's files make: its listed sources, or everything that is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import groupby
from pathlib import Path, PurePosixPath

from packager.config.definition import Definition, PublicationDefinition
from packager.model import Chapter, Remark
from packager.readers.comics.comicinfo import ComicInfo
from packager.readers.files import File, told
from packager.readers.kinds import Kind
from packager.readers.language import known_language, split_language
from packager.readers.natural import is_numbered
from packager.text.spelling import normal

COMICS, ARTICLES = "comics", "articles"

# What browsers append to a page's name for the folder of what the page shows.
_PAGE_FOLDERS = ("_files", ".files", "-files", "_fichiers", "-Dateien", "_archivos", "_arquivos", "_파일", "_文件")

# What a comic takes from a folder that other works lie in too.
_LOOSE_KINDS = (Kind.PICTURE, Kind.TRANSCRIPT, Kind.ABOUT, Kind.COMIC_INFO)


class WorkKind(Enum):
    """What a work becomes."""

    COMIC = auto()
    ARTICLE = auto()


@dataclass(frozen=True, slots=True)
class Opening:
    """What came to light when archives and books were opened.

    `archives` are those that lay in the work's folder; `info` and `chapters` are what a book says of itself. The
    pictures of a PDF are larger than the words that they show.
    """

    archives: tuple[File, ...] = ()
    remarks: tuple[Remark, ...] = ()
    info: ComicInfo = ComicInfo()
    chapters: tuple[Chapter, ...] = ()
    is_pdf: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """The files that make one publication, and what the organizer says of it.

    `place`, relative to the bundle, is the folder, the archive or the first file that it comes from. An article's
    files are its versions; a comic's are everything in its folder, or in its archive once that has been opened:
    `opening` is what that gave beside files.
    """

    kind: WorkKind
    place: PurePosixPath
    files: tuple[File, ...]
    defined: PublicationDefinition
    archive: File | None = None
    opening: Opening = Opening()

    @property
    def label(self) -> str:
        """What people are told of the whole."""
        return told(self.place)


def discover(definition: Definition, files: Sequence[File]) -> tuple[Work, ...]:
    """The works among the bundle's files: those listed, in that order; else comics, then articles, naturally sorted.

    A listed source, or a folder in `comics/`, that holds nothing to read is a work without pictures.
    """
    if definition.publications is not None:
        return tuple(work for defined in definition.publications for work in _listed(definition, defined, files))
    found = _default_works(files)
    return tuple(replace(work, defined=PublicationDefinition(definition.folder / work.place)) for work in found)


def unlisted(files: Sequence[File], listed: Iterable[Work]) -> tuple[Work, ...]:
    """What would be taken if the bundle listed nothing, and is not among the `listed` works, not even in part."""
    told = {(work.kind, file.source) for work in listed for file in _own(work)}
    found = (
        work
        for work in _default_works(files)
        if work.archive or work.kind is WorkKind.ARTICLE or _has_pictures(work.files)
    )
    return tuple(work for work in found if told.isdisjoint((work.kind, file.source) for file in _own(work)))


def within(files: Iterable[File], folder: PurePosixPath) -> tuple[File, ...]:
    """The files below `folder`, in their order."""
    return tuple(file for file in files if file.path != folder and file.path.is_relative_to(folder))


def _default_works(files: Sequence[File]) -> list[Work]:
    files = [file for file in files if file.kind is not Kind.OURS]
    tops = {file.path.parts[0] for file in files if len(file.path.parts) > 1 or file.kind is Kind.FOLDER}
    named = {top.casefold(): PurePosixPath(top) for top in sorted(tops) if top.casefold() in (COMICS, ARTICLES)}
    if not named:
        return _bare_works(files)
    comics = within(files, named[COMICS]) if COMICS in named else ()
    articles = within(files, named[ARTICLES]) if ARTICLES in named else ()
    found = list(_comics_in(named[COMICS], comics, are_all_meant=True)) if comics else []
    return [*found, *_articles_among(articles), *_books(articles)]


def _bare_works(files: Sequence[File]) -> list[Work]:
    """The works of a folder without `comics/` and `articles/`: a comic of its own, or comics and texts as they come."""
    root = PurePosixPath()
    if _are_languages_of_one(files):
        return [_comic(root, files)]
    page_folders = _page_folders(files)
    comics = list(_comics_in(root, [file for file in files if not _is_below(file, page_folders)], are_all_meant=False))
    taken = {file.source for work in comics for file in (work.archive, *work.files) if file}
    return [*comics, *_articles_among([file for file in files if file.source not in taken])]


def _are_languages_of_one(files: Sequence[File]) -> bool:
    """Whether all folders with pictures are languages, and the pictures beside them are no pages of their own."""
    pictures = [file for file in files if file.kind is Kind.PICTURE]
    folders = {file.path.parts[0] for file in pictures if len(file.path.parts) > 1}
    beside = [file for file in pictures if len(file.path.parts) == 1]
    return bool(folders) and all(map(known_language, folders)) and not any(is_numbered(file.path) for file in beside)


def _comics_in(root: PurePosixPath, files: Sequence[File], *, are_all_meant: bool) -> Iterator[Work]:
    """The comics in `root`: the pictures that lie in it, its archives, its folders.

    Where all folders are meant as comics, one with nothing to read is an empty comic.
    """
    depth = len(root.parts)
    direct = [file for file in files if len(file.path.parts) == depth + 1 and file.kind is not Kind.FOLDER]
    if _has_pictures(direct):
        yield _comic(root, [file for file in direct if file.kind in _LOOSE_KINDS])
    for name, group in groupby(files, key=lambda file: file.path.parts[depth]):
        inner = tuple(group)
        archives = tuple(_archives(inner))
        is_folder = len(inner[0].path.parts) > depth + 1 or inner[0].kind is Kind.FOLDER
        if not is_folder or (archives and not _has_pictures(inner)):
            yield from archives
        elif are_all_meant or _has_pictures(inner):
            yield _comic(root / name, inner)


def _articles_among(files: Sequence[File]) -> Iterator[Work]:
    """The articles among `files`; names that differ in their language alone are versions of one."""
    page_folders = _page_folders(files)
    texts = [file for file in files if _is_article(file) and not _is_below(file, page_folders)]
    with_language = {_base(file) for file in texts if split_language(file.path.stem)[1]}
    groups: dict[PurePosixPath, list[File]] = {}
    for file in texts:
        base = _base(file)
        groups.setdefault(base if base in with_language else file.path, []).append(file)
    for versions in groups.values():
        yield _article(versions)


def _listed(definition: Definition, defined: PublicationDefinition, files: Sequence[File]) -> Iterator[Work]:
    """The work that one `[[publication]]` means; a folder of several articles means them all."""
    place = PurePosixPath(normal(defined.source.relative_to(definition.folder).as_posix()))
    is_folder = defined.source.is_dir()
    works = _works_of_folder(place, within(files, place)) if is_folder else _works_of_file(place, files)
    return (replace(work, defined=defined) for work in works)


def _works_of_folder(place: PurePosixPath, files: Sequence[File]) -> Iterator[Work]:
    texts, archives = tuple(_articles_among(files)), tuple(_archives(files))
    if texts and (not _has_pictures(files) or str(place).casefold().split("/")[0] == ARTICLES):
        yield from (*texts, *_books(files))
    elif archives and not _has_pictures(files):
        yield from archives
    else:
        yield _comic(place, files)


def _works_of_file(place: PurePosixPath, files: Sequence[File]) -> Iterator[Work]:
    beside = [file for file in files if file.path.parent == place.parent]
    file = next((file for file in beside if file.path == place), None)
    if file is None or not _is_article(file):
        own = [file] if file else []
        yield from tuple(_archives(own)) or (_comic(place, own),)
        return
    versions = [other for other in beside if _is_article(other) and _base(other) == _base(file)]
    has_versions = any(split_language(other.path.stem)[1] for other in versions)
    yield _article(versions if has_versions else [file])


def _own(work: Work) -> tuple[File, ...]:
    """The files of the bundle that make a work: the archive where it is one."""
    return (work.archive,) if work.archive else work.files


def _comic(place: PurePosixPath, files: Sequence[File]) -> Work:
    return Work(WorkKind.COMIC, place, tuple(files), _UNSAID)


def _archive(file: File) -> Work:
    return Work(WorkKind.COMIC, file.path, (), _UNSAID, archive=file)


def _article(versions: Sequence[File]) -> Work:
    return Work(WorkKind.ARTICLE, versions[0].path, tuple(versions), _UNSAID)


def _archives(files: Iterable[File]) -> Iterator[Work]:
    return (_archive(file) for file in files if file.kind in (Kind.ARCHIVE, Kind.BOOK))


def _books(files: Iterable[File]) -> Iterator[Work]:
    """EPUBs and PDFs: whether they are comics is seen when they are opened."""
    return (_archive(file) for file in files if file.kind is Kind.BOOK)


def _has_pictures(files: Iterable[File]) -> bool:
    return any(file.kind is Kind.PICTURE for file in files)


def _is_article(file: File) -> bool:
    """Outside a comic, `about.md` and `transcript.md` are articles like others."""
    return file.kind in (Kind.TEXT, Kind.ABOUT, Kind.TRANSCRIPT)


def _base(file: File) -> PurePosixPath:
    return file.path.with_name(split_language(file.path.stem)[0])


def _page_folders(files: Iterable[File]) -> frozenset[PurePosixPath]:
    """The folders in which a browser saved what a page shows: frames in them are no articles."""
    pages = (file.path for file in files if file.path.suffix.lower() in (".html", ".htm", ".xhtml"))
    return frozenset(page.with_name(page.stem + ending) for page in pages for ending in _PAGE_FOLDERS)


def _is_below(file: File, folders: frozenset[PurePosixPath]) -> bool:
    return any(parent in folders for parent in file.path.parents)


_UNSAID = PublicationDefinition(source=Path())
