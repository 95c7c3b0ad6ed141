"""Which films, series and sound lie in a folder, and which files belong to each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import PurePosixPath

from packager.readers.files import FileKind, Files, SourceFile
from packager.readers.found import FoundWork, SeriesFolder, WorkKind
from packager.readers.language import split_language
from packager.text import endings
from packager.text.order import are_numbered_alike
from packager.text.spelling import joined_titles, title_of_name

RECORDED = (FileKind.FILM, FileKind.SOUND)
_BEHIND_NAME = " ._-([~"  # what stands between a film's name and what its subtitles say of themselves


def films_in(root: PurePosixPath, files: Files) -> Iterator[FoundWork]:
    """Yield the films in `root`: each file with what is called like it, and what each folder holds."""
    direct = [file for file in files if file.path.parent == root]
    groups = _by_name(direct, RECORDED)
    for name, group in groupby(files, key=lambda file: file.path.parts[len(root.parts)]):
        inner = tuple(group)
        if inner[0].path.parent != root or inner[0].kind is FileKind.FOLDER:
            yield from films_of(root / name, inner, name)
        elif (base := base_of(inner[0])) in groups and inner[0] is groups[base][0]:
            yield _of_files(WorkKind.FILM, groups[base], _called_like(base, direct, groups))


def films_of(folder: PurePosixPath, files: Files, name: str) -> Iterator[FoundWork]:
    """Yield the film in a folder of its own, or the episodes of a series; to the first belongs what is about all."""
    groups = _by_name(files, RECORDED)
    if len(groups) == 1:
        yield FoundWork(WorkKind.FILM, folder, tuple(files), name=title_of_name(name))
        return
    series = SeriesFolder(folder, title_of_name(name))
    beside = {base: _called_like(base, files, groups) for base in groups}
    claimed = {file for each in (*groups.values(), *beside.values()) for file in each}
    rest = tuple(file for file in files if file not in claimed)
    for base, versions in groups.items():
        episode = joined_titles([*base.parent.relative_to(folder).parts, base.name])
        yield replace(_of_files(WorkKind.FILM, versions, (*beside[base], *rest)), series=series, name=episode)
        rest = ()


def sound_in(root: PurePosixPath, files: Files) -> Iterator[FoundWork]:
    """Yield the sound in `root`: each file, and each folder as an album or a programme."""
    direct = [file for file in files if file.path.parent == root]
    groups = _by_name(direct, RECORDED)
    for name, group in groupby(files, key=lambda file: file.path.parts[len(root.parts)]):
        inner = tuple(group)
        if inner[0].path.parent != root or inner[0].kind is FileKind.FOLDER:
            yield from sound_of(root / name, inner, name)
        elif (base := base_of(inner[0])) in groups and inner[0] is groups[base][0]:
            yield _of_files(WorkKind.SOUND, groups[base], _called_like(base, direct, groups))


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


def is_recorded(files: Iterable[SourceFile]) -> bool:
    """Whether there is film or sound among the files."""
    return any(file.kind in RECORDED for file in files)


def base_of(file: SourceFile) -> PurePosixPath:
    """Return the path of a file without its ending and its language."""
    return file.path.with_name(split_language(endings.stem(file.path.name))[0])


def _by_name(files: Iterable[SourceFile], kinds: Sequence[FileKind]) -> dict[PurePosixPath, list[SourceFile]]:
    """Return the files of some kinds by their names without endings and languages, in their order."""
    groups: dict[PurePosixPath, list[SourceFile]] = {}
    for file in files:
        if file.kind in kinds:
            groups.setdefault(base_of(file), []).append(file)
    return groups


def _called_like(base: PurePosixPath, files: Files, bases: Iterable[PurePosixPath]) -> tuple[SourceFile, ...]:
    """Return what is called like a film, and not like another whose name is longer, in its folder or below."""
    longer = [other for other in bases if other != base and _is_called(other, base.name)]
    return tuple(
        file
        for file in files
        if file.kind not in RECORDED
        and file.path.is_relative_to(base.parent)
        and _is_called(file.path, base.name)
        and not any(_is_called(file.path, other.name) for other in longer)
    )


def _is_called(path: PurePosixPath, name: str) -> bool:
    return path.name.startswith(name) and path.name[len(name) : len(name) + 1] in ("", *_BEHIND_NAME)


def _of_files(kind: WorkKind, versions: Files, beside: Files) -> FoundWork:
    return FoundWork(kind, versions[0].path, (*versions, *beside))
