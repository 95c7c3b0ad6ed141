"""Which films, series and sound lie in a folder, and which files belong to each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import PurePosixPath

from packager.readers.files import FileKind, Files, SourceFile
from packager.readers.found import FoundWork, SeriesFolder, WorkKind
from packager.readers.language import split_language
from packager.text import endings
from packager.text.order import are_numbered_alike, is_numbered
from packager.text.spelling import joined_titles, title_of_film, title_of_name

RECORDED = (FileKind.FILM, FileKind.SOUND)
_BEHIND_NAME = " ._-([~"  # what stands between a film's name and what its subtitles say of themselves
_SAMPLE = re.compile(r"(?:.*[\W_])?sample(?:[\W_].*)?", re.IGNORECASE | re.DOTALL)


def is_recorded(files: Iterable[SourceFile]) -> bool:
    """Whether there is film or sound among the files."""
    return any(file.kind in RECORDED for file in files)


def is_album(work: FoundWork) -> bool:
    """Whether a work is a folder of sound."""
    return work.kind is WorkKind.SOUND and all(file.path != work.path for file in work.files)


def base_of(file: SourceFile) -> PurePosixPath:
    """Return the path of a file without its ending and its language."""
    return file.path.with_name(split_language(endings.stem(file.path.name))[0])


def recorded_in(
    root: PurePosixPath, files: Files, of_folder: Callable[[PurePosixPath, Files, str], Iterator[FoundWork]]
) -> Iterator[FoundWork]:
    """Yield the films and the sound in `root`: each file with what is called like it, and what each folder holds."""
    direct = [file for file in files if file.path.parent == root]
    groups = _by_name(direct, RECORDED)
    for name, group in groupby(files, key=lambda file: file.path.parts[len(root.parts)]):
        first, *_ = inner = tuple(group)
        if first.path.parent != root:
            yield from of_folder(root / name, inner, name)
        elif (base := base_of(first)) in groups and first is groups[base][0]:
            yield _of_files(groups[base], _called_like(base, direct, groups))


def recorded_in_bare_folder(files: Files, name: str) -> Iterator[FoundWork]:
    """Yield the films and the sound in a folder of anything, which may be one film, one series or one album itself."""
    root = PurePosixPath()
    tops: dict[str, list[SourceFile]] = {}
    for file in files:
        tops.setdefault(file.path.parts[0], []).append(file)
    recorded = {top: inner for top, inner in tops.items() if is_recorded(inner) and not has_pages(inner)}
    films = _by_name(_without_additions(files), (FileKind.FILM,))
    names = {base_of(inner[0]).name if inner[0].path.parent == root else top for top, inner in recorded.items()}
    is_one = len(films) < 2 or are_numbered_alike(names)
    if recorded and is_one and not has_pages(files) and not any(map(_is_article, files)):
        yield from films_of(root, files, name)
        return
    direct = [file for file in files if file.path.parent == root]
    yield from recorded_in(root, [file for file in files if file in direct or file.path.parts[0] in recorded], films_of)


def _is_article(file: SourceFile) -> bool:
    """Whether it is a text that may be read for itself, and not one that films come with."""
    return file.kind is FileKind.BOOK or (file.kind is FileKind.TEXT and file.path.suffix.lower() != ".txt")


def has_pages(files: Iterable[SourceFile]) -> bool:
    """Whether several pictures have numbers, as pages do, and not the posters of films."""
    return sum(file.kind is FileKind.PICTURE and is_numbered(file.path.name) for file in files) > 1


def films_of(folder: PurePosixPath, files: Files, name: str) -> Iterator[FoundWork]:
    """Yield the film in a folder of its own, or the episodes of a series; to the first belongs what is about all."""
    files = tuple(_without_additions(files))
    groups = _by_name(files, (FileKind.FILM,))
    if not groups:
        yield from sound_of(folder, files, name)
    elif len(groups) == 1:
        yield FoundWork(WorkKind.FILM, folder, files, name=title_of_film(name))
    else:
        series = SeriesFolder(folder, title_of_film(name))
        beside = {base: _called_like(base, files, groups) for base in groups}
        claimed = {file for each in (*groups.values(), *beside.values()) for file in each}
        rest = tuple(file for file in files if file not in claimed)
        for base, versions in groups.items():
            episode = joined_titles(map(title_of_film, base.relative_to(folder).parts))
            yield replace(_of_files(versions, (*beside[base], *rest)), series=series, name=episode)
            rest = ()


def _without_additions(files: Files) -> Iterator[SourceFile]:
    """Yield the files, samples of films and sound beside films with a reason why these are none themselves."""
    films = [file for file in files if file.kind is FileKind.FILM]
    wholes = [file for file in films if not _SAMPLE.fullmatch(file.path.name)] or films
    for file in files:
        if file.kind is FileKind.FILM and file not in wholes:
            yield replace(file, kind=FileKind.OTHER, refusal="a sample of the film")
        elif file.kind is FileKind.SOUND and films:
            yield replace(file, kind=FileKind.OTHER, refusal="sound beside a film: put it into sound/ to include it")
        else:
            yield file


def sound_of(folder: PurePosixPath, files: Files, name: str) -> Iterator[FoundWork]:
    """Yield the album or the programme in a folder; folders that are no numbered parts are albums of one series."""
    children: dict[str, list[SourceFile]] = {}
    for file in files:
        children.setdefault(file.path.parts[len(folder.parts)], []).append(file)
    albums = {child: inner for child, inner in children.items() if is_recorded(inner)}
    are_folders = all(inner[0].path != folder / child for child, inner in albums.items())
    if len(albums) > 1 and are_folders and not are_numbered_alike(albums):
        series = SeriesFolder(folder, title_of_name(name))
        for child, inner in albums.items():
            yield from (replace(work, series=series) for work in sound_of(folder / child, inner, child))
    elif albums:
        yield FoundWork(WorkKind.SOUND, folder, tuple(files), name=title_of_name(name))


def _by_name(files: Iterable[SourceFile], kinds: Sequence[FileKind]) -> dict[PurePosixPath, list[SourceFile]]:
    """Return the files of some kinds by their names without endings and languages, in their order."""
    groups: dict[PurePosixPath, list[SourceFile]] = {}
    for file in files:
        if file.kind in kinds:
            groups.setdefault(base_of(file), []).append(file)
    return groups


def _called_like(base: PurePosixPath, files: Files, bases: Iterable[PurePosixPath]) -> tuple[SourceFile, ...]:
    """Return what is called like a film, or lies in a folder that is, and not like another whose name is longer."""
    longer = [other.name for other in bases if other.name != base.name and is_called(other.name, base.name)]
    return tuple(
        file
        for file in files
        if file.kind not in RECORDED
        and file.path.is_relative_to(base.parent)
        and (names := [name for name in file.path.relative_to(base.parent).parts if is_called(name, base.name)])
        and not any(is_called(name, other) for name in names for other in longer)
    )


def is_called(name: str, film: str) -> bool:
    """Whether a file or folder is called as a film is, with what it says of itself behind that."""
    return name.startswith(film) and name[len(film) : len(film) + 1] in ("", *_BEHIND_NAME)


def _of_files(versions: Files, beside: Files) -> FoundWork:
    kind = WorkKind.FILM if any(file.kind is FileKind.FILM for file in versions) else WorkKind.SOUND
    return FoundWork(kind, versions[0].path, (*versions, *beside))
