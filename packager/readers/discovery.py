"""Which publications a bundle's files make: its listed sources, or everything that is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, takewhile
from pathlib import PurePosixPath

from packager.config.definition import ARTICLES, COMICS, FILMS, FOLDERS, SOUND, Definition, PublicationDefinition
from packager.model import Wording
from packager.readers.files import FileKind, Files, SourceFile, kind_of
from packager.readers.found import UNDEFINED, FoundWork, SeriesFolder, WorkKind
from packager.readers.language import folder_language, split_language
from packager.readers.recorded import films_of, has_pages, is_recorded, recorded_in, recorded_in_bare_folder, sound_of
from packager.text import endings
from packager.text.numerals import plain
from packager.text.order import are_numbered_alike, is_called_cover, is_numbered
from packager.text.spelling import joined_titles, normal, title_of_name

# What browsers append to a page's name for the folder of what the page shows.
_PAGE_FOLDERS = ("_files", ".files", "-files", "_fichiers", "-Dateien", "_archivos", "_arquivos", "_파일", "_文件")

# What a comic takes from a folder that other works lie in too.
_LOOSE_KINDS = (FileKind.PICTURE, FileKind.TRANSCRIPT, FileKind.ABOUT, FileKind.COMIC_INFO)
# Outside a comic, `about.md` and `transcript.md` are articles like others.
_ARTICLE_KINDS = (FileKind.TEXT, FileKind.ABOUT, FileKind.TRANSCRIPT)
_PACKED_KINDS = (FileKind.ARCHIVE, FileKind.BOOK)


def discover(definition: Definition, files: Files) -> tuple[FoundWork, ...]:
    """Return the works among the bundle's files: those listed, in that order; else comics, articles, films, sound.

    A listed source, or a folder in `comics/`, that holds nothing to read is a work without pictures.
    """
    defaults = _default_works(files, definition.folder.name)
    if definition.publications is None:
        return tuple(as_found(work, definition) for work in defaults)
    known = {work.path: work for work in defaults if work.archive or work.series}
    works = []
    for defined in definition.publications:
        path = _path_of(defined, definition)
        if path in known:
            of_source: Iterable[FoundWork] = (known[path],)
        elif defined.source.is_dir():
            of_source = _works_of_folder(path, within(files, path), definition.folder.name)
        else:
            of_source = _works_of_file(path, files)
        works += [replace(work, defined=_defined(work, defined)) for work in of_source]
    return tuple(works)


def _defined(work: FoundWork, of_source: PublicationDefinition) -> PublicationDefinition:
    """Return what is said of a source for one of its works: a folder's title is that of its series, no work has its id.

    What the organizer says goes before what lies beside.
    """
    defined = replace(of_source, cover=of_source.cover or work.defined.cover)
    if work.series is None or work.path.name == of_source.source.name:
        return defined
    return replace(defined, id="", title=Wording(), series=defined.series or defined.title)


def as_found(work: FoundWork, definition: Definition) -> FoundWork:
    """Return a work that nobody has listed; a cover may lie beside it."""
    return replace(work, defined=PublicationDefinition(definition.folder / work.path, cover=work.defined.cover))


def unlisted(definition: Definition, files: Files, listed: Iterable[FoundWork]) -> tuple[FoundWork, ...]:
    """Return the works that would be found without a list, and of which no file is in one of the `listed` works."""
    if definition.publications is None:
        return ()
    used = {(work.kind, file.source) for work in listed for file in work.bundle_files}
    return tuple(
        work
        for work in _default_works(files, definition.folder.name)
        if (work.archive or work.kind is WorkKind.ARTICLE or _has_pictures(work.files))
        and used.isdisjoint((work.kind, file.source) for file in work.bundle_files)
    )


def links_of_works(definition: Definition, files: Files) -> tuple[SourceFile, ...]:
    """Return the links that lie where works do, or in their place: each may stand for one that would be lost."""
    tops = (PurePosixPath(file.path.parts[0]) for file in files)
    places = {top for top in tops if str(top).casefold() in FOLDERS} or {PurePosixPath()}
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


def shared_depth(folders: Sequence[tuple[str, ...]]) -> int:
    """Return how many folders all paths begin with: a cover may lie beside the one that holds everything."""
    return sum(1 for _ in takewhile(lambda names: len(set(names)) == 1, zip(*folders, strict=False)))


def _default_works(files: Files, bundle_name: str) -> list[FoundWork]:
    files = [file for file in files if file.kind is not FileKind.GENERATED]
    tops = {file.path.parts[0] for file in files if len(file.path.parts) > 1 or file.kind is FileKind.FOLDER}
    folders = {top.casefold(): PurePosixPath(top) for top in sorted(tops) if top.casefold() in FOLDERS}
    if not folders:
        return _works_of_bare_folder(files, bundle_name)
    works: list[FoundWork] = []
    if COMICS in folders:
        works += _comics_in(folders[COMICS], within(files, folders[COMICS]), are_all_meant=True)
    if ARTICLES in folders:
        articles = within(files, folders[ARTICLES])
        works += [*articles_among(articles), *packed_works(articles, FileKind.BOOK)]
    if FILMS in folders:
        works += recorded_in(folders[FILMS], within(files, folders[FILMS]), films_of)
    if SOUND in folders:
        works += recorded_in(folders[SOUND], within(files, folders[SOUND]), sound_of)
    return works


def _works_of_bare_folder(files: Files, bundle_name: str) -> list[FoundWork]:
    """Return what a folder without `comics/` and its like holds: one comic in languages or chapters, or several."""
    root, recorded = PurePosixPath(), list(recorded_in_bare_folder(files, bundle_name))
    claimed = {file for work in recorded for file in work.files}
    return [*_works_of_bare_texts(root, [file for file in files if file not in claimed], bundle_name), *recorded]


def _works_of_bare_texts(root: PurePosixPath, files: Files, bundle_name: str) -> list[FoundWork]:
    """Return what of it is comics and articles."""
    if _are_languages_of_one(files):
        return [FoundWork(WorkKind.COMIC, root, tuple(files))]
    outside = outside_saved_pages(files)
    if _are_chapters_of_one(outside):
        comics = list(comics_of(root, [file for file in outside if file.kind is not FileKind.TEXT], bundle_name))
    else:
        comics = list(_comics_in(root, outside, are_all_meant=False))
    used = {file.source for work in comics for file in work.bundle_files}
    return [*comics, *articles_among([file for file in files if file.source not in used])]


def _are_languages_of_one(files: Files) -> bool:
    """Whether all folders with pictures are languages, and the pictures beside them are no pages of their own."""
    pictures = [file.path for file in files if file.kind is FileKind.PICTURE]
    folders = {path.parts[0] for path in pictures if len(path.parts) > 1}
    beside = [path for path in pictures if len(path.parts) == 1]
    return bool(folders) and all(map(folder_language, folders)) and not any(is_numbered(path.name) for path in beside)


def _are_chapters_of_one(files: Files) -> bool:
    """Whether folders and archives are called like chapters, or lie beside a cover; no page lies beside them."""
    parts = [file.path.parts for file in files if file.kind in (FileKind.PICTURE, *_PACKED_KINDS)]
    beside = {path[0] for path in parts if len(path) == 1 and kind_of(path[0]) not in _PACKED_KINDS}
    chapters = {path[0] for path in parts} - beside
    if not chapters or any(map(is_numbered, beside)):
        return False
    return any(map(is_called_cover, beside)) or are_numbered_alike(chapters)


def _comics_in(root: PurePosixPath, files: Files, *, are_all_meant: bool) -> Iterator[FoundWork]:
    """Yield the comics in `root`: the pictures that lie in it, its archives, its folders.

    Where all folders are meant as comics, one with nothing to read is an empty comic.
    """
    depth = len(root.parts)
    direct = [file for file in files if len(file.path.parts) == depth + 1]
    covers = _covers_beside(files, depth)
    called = {cover.source for cover in covers.values()}
    loose = [file for file in direct if file.source not in called]
    if _has_pictures(loose):
        yield FoundWork(WorkKind.COMIC, root, tuple(file for file in loose if file.kind in _LOOSE_KINDS))
    for name, group in groupby(files, key=lambda file: file.path.parts[depth]):
        inner = tuple(group)
        if len(inner[0].path.parts) == depth + 1 and inner[0].kind is not FileKind.FOLDER:
            yield from _with_covers(packed_works(inner), covers)
        elif are_all_meant or _has_pictures(inner) or any(packed_works(inner)):
            comics = tuple(comics_of(root / name, inner, name))
            yield from _with_covers(comics, covers if len(comics) == 1 else {})


def _covers_beside(files: Files, depth: int) -> dict[str, SourceFile]:
    """Return the pictures `depth` folders deep that are called like archives, books or folders of some, by these."""
    pictures, works = dict[str, SourceFile](), dict[str, str]()
    for file in files:
        if len(file.path.parts) == depth + 1 and file.kind is FileKind.PICTURE:
            pictures[plain(endings.stem(file.path.name))] = file
        elif len(file.path.parts) == depth + 1 and _is_packed(file):
            works[file.path.name] = plain(endings.stem(file.path.name))
        elif len(file.path.parts) > depth + 1 and (_is_packed(file) or file.kind is FileKind.PICTURE):
            works[file.path.parts[depth]] = plain(file.path.parts[depth])
    return {name: pictures[called] for name, called in works.items() if called in pictures}


def _with_covers(works: Iterable[FoundWork], covers: Mapping[str, SourceFile]) -> Iterator[FoundWork]:
    """Yield the works with the pictures in `covers`, by the names of their files or folders, unless they have some."""
    for work in works:
        cover = None if work.defined.cover else covers.get(work.path.name)
        yield replace(work, defined=replace(UNDEFINED, cover=cover.source.path)) if cover else work


def comics_of(folder: PurePosixPath, files: Files, name: str) -> Iterator[FoundWork]:
    """Yield the comic in a folder of pictures, with archives as its chapters; books, or archives alone, are a series.

    Beside books a cover alone is no comic: the first of them gets it. Folders of chapters that are called like works of
    their own are works of one series.
    """
    if children := _folders_of_chapters(folder, files):
        for child, inner in children.items():
            series = SeriesFolder(folder, title_of_name(name))
            found = comics_of(folder / child, inner, child)
            yield from (replace(work, series=series, name=joined_titles([child, work.name])) for work in found)
        return
    covers = _covers_beside(files, len(folder.parts))
    called = {cover.source for cover in covers.values()}
    if any(file.kind is FileKind.PICTURE and file.source not in called for file in files):
        covers = {}  # beside pages they are pages
    else:
        files = tuple(file for file in files if file.source not in called)
    books = [file for file in files if file.kind is FileKind.BOOK]
    others = tuple(file for file in files if file.kind is not FileKind.BOOK)
    archives = [file for file in others if file.kind is FileKind.ARCHIVE]
    pictures = [file for file in others if file.kind is FileKind.PICTURE]
    is_cover = bool(books) and len(pictures) == 1 and not is_numbered(pictures[0].path.name)
    packed = books if pictures and not is_cover else [*books, *archives]
    if (pictures and not is_cover) or not packed:
        yield FoundWork(WorkKind.COMIC, folder, others)
    is_volume = {file.source for file in packed}
    volumes = _series(folder, [file for file in files if file.source in is_volume], name)
    for work in _with_covers(volumes, covers):
        cover = pictures.pop().source.path if is_cover and pictures else work.defined.cover
        yield replace(work, defined=replace(UNDEFINED, cover=cover))


def _folders_of_chapters(folder: PurePosixPath, files: Files) -> dict[str, list[SourceFile]]:
    """Return the folders in `folder` with their files if each holds chapters, and not all are chapters themselves."""
    depth = len(folder.parts)
    children: dict[str, list[SourceFile]] = {}
    for file in within(files, folder):
        if file.kind in (FileKind.PICTURE, *_PACKED_KINDS) and len(file.path.parts) == depth + 1:
            return {}
        children.setdefault(file.path.parts[depth], []).append(file)
    chapters = {
        child: {file.path.parts[depth + 1] for file in inner if len(file.path.parts) > depth + 2 or _is_packed(file)}
        for child, inner in children.items()
        if _has_pictures(inner) or any(map(_is_packed, inner))
    }
    are_works = len(chapters) > 1 and not are_numbered_alike(chapters) and not all(map(folder_language, chapters))
    return children if are_works and all(map(are_numbered_alike, chapters.values())) else {}


def _series(folder: PurePosixPath, packed: Files, name: str) -> Iterator[FoundWork]:
    """Yield the works of a series; one that is alone and called like its folder is none."""
    works = list(packed_works(packed))
    below = [work.path.parent.relative_to(folder).parts for work in works]
    shared = shared_depth(below)
    series = SeriesFolder(folder, joined_titles([name, *(below[0][:shared] if below else ())]))
    for work, folders in zip(works, below, strict=True):
        is_alone = len(works) == 1 and f" {plain(endings.stem(work.path.name))} ".startswith(f" {plain(name)} ")
        own = joined_titles([*folders[shared:], endings.stem(work.path.name)])
        yield work if is_alone else replace(work, series=series, name=own)


def articles_among(files: Files) -> Iterator[FoundWork]:
    """Yield the articles among `files`; names that differ in their language alone are versions of one."""
    texts = [file for file in outside_saved_pages(files) if file.kind in _ARTICLE_KINDS]
    with_language = {_base(file) for file in texts if split_language(file.path.stem)[1]}
    groups: dict[PurePosixPath, list[SourceFile]] = {}
    for file in texts:
        base = _base(file)
        groups.setdefault(base if base in with_language else file.path, []).append(file)
    return (_article(versions) for versions in groups.values())


def _works_of_folder(path: PurePosixPath, files: Files, bundle_name: str) -> Iterable[FoundWork]:
    """Return the works that a listed folder means: a folder of several articles means them all."""
    if is_recorded(files) and not has_pages(files):
        is_film = any(file.kind is FileKind.FILM for file in files)
        return (films_of if is_film else sound_of)(path, files, path.name or bundle_name)
    texts = tuple(articles_among(files))
    if texts and (not _has_pictures(files) or str(path).casefold().split("/")[0] == ARTICLES):
        return (*texts, *packed_works(files, FileKind.BOOK))
    return comics_of(path, files, path.name or bundle_name)


def _works_of_file(path: PurePosixPath, files: Files) -> Iterable[FoundWork]:
    file = next((file for file in files if file.path == path), None)
    if file and is_recorded([file]):
        beside = [other for other in files if other.path.parent == path.parent]
        return [work for work in recorded_in(path.parent, beside, films_of) if file in work.files]
    if file is None or file.kind not in _ARTICLE_KINDS:
        own = (file,) if file else ()
        return tuple(packed_works(own)) or (FoundWork(WorkKind.COMIC, path, own),)
    texts = (other for other in files if other.path.parent == path.parent and other.kind in _ARTICLE_KINDS)
    versions = [other for other in texts if _base(other) == _base(file)]
    has_versions = any(split_language(other.path.stem)[1] for other in versions)
    return (_article(versions if has_versions else [file]),)


def _article(versions: Files) -> FoundWork:
    return FoundWork(WorkKind.ARTICLE, versions[0].path, tuple(versions))


def packed_works(files: Iterable[SourceFile], *kinds: FileKind) -> Iterator[FoundWork]:
    """Yield the archives and books (EPUB, PDF): whether a book is a comic is seen when it is opened."""
    packed = (file for file in files if file.kind in (kinds or _PACKED_KINDS))
    return (FoundWork(WorkKind.COMIC, file.path, (), archive=file) for file in packed)


def _is_packed(file: SourceFile) -> bool:
    return file.kind in _PACKED_KINDS


def _has_pictures(files: Iterable[SourceFile]) -> bool:
    return any(file.kind is FileKind.PICTURE for file in files)


def _base(file: SourceFile) -> PurePosixPath:
    return file.path.with_name(split_language(file.path.stem)[0])


def outside_saved_pages(files: Files) -> list[SourceFile]:
    """Return the files outside the folders in which a browser saved what a page shows: frames are no articles."""
    pages = (file.path for file in files if file.path.suffix.lower() in (".html", ".htm", ".xhtml"))
    folders = frozenset(page.with_name(page.stem + ending) for page in pages for ending in _PAGE_FOLDERS)
    return [file for file in files if folders.isdisjoint(file.path.parents)]
