"""Which films, series and sound lie in a folder, and which files belong to each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import PurePosixPath

from packager.readers.belonging import is_called, owner_of
from packager.readers.files import FileKind, Files, SourceFile
from packager.readers.found import FoundWork, SeriesFolder, WorkKind
from packager.readers.language import split_language
from packager.text import endings
from packager.text.film_names import day_of, episode_of, is_extra, is_sample, part_of_dvd, title_of_film
from packager.text.order import are_numbered_alike, is_numbered
from packager.text.spelling import first_of, joined_titles, title_of_name

RECORDED = (FileKind.FILM, FileKind.SOUND)
# Languages whose codes are words of titles too: alone they say nothing ("Dr.No", "Let.It", "Stephen.Kings.De").
_WORDS = frozenset(
    "am an as be da de do el en es et go ha he hi ho id ie in is it ki la li lo me mi mo my na ne no of oh om or os pa"
    " si so st su ta te to ty us ve vi we yo".split()
)
_SPECIAL = 10_000  # specials, which call themselves season 0, stand behind all seasons
_LOOSE = "not taken: its name is that of no film beside it, or of several: call it as its film is called"
_DVD_FOLDER = "VIDEO_TS"
_MENU = "a menu of a DVD"
_PARTS = "each part of a DVD is a film of its own here: make one file of them, as programs that copy DVDs do"
_SAMPLE, _EXTRA = (
    "a sample of the film",
    "not taken: it comes with a film: move it into films/ itself if it is for readers",
)


def is_recorded(files: Iterable[SourceFile]) -> bool:
    """Whether there is film or sound among the files."""
    return any(file.kind in RECORDED for file in files)


def is_album(work: FoundWork) -> bool:
    """Whether a work is a folder of sound."""
    return work.kind is WorkKind.SOUND and all(file.path != work.path for file in work.files)


def base_of(file: SourceFile, among: Iterable[SourceFile]) -> PurePosixPath:
    """Return the path of a film or sound without its ending and its language, which others `among` may tell."""
    return file.path.with_name(split_name(file, among)[0])


def split_name(file: SourceFile, among: Iterable[SourceFile]) -> tuple[str, str]:
    """Return the name of a film or sound without its ending and its language, and that; "" for none.

    What may be a word of a title is a language only where another file `among` has the same name in another one.
    """
    stem = _name(file)
    base, language = split_language(stem)
    if stem.rpartition(".")[2].lower() in _WORDS:
        others = (_name(one) for one in among if one.kind in RECORDED and one.path.parent == file.path.parent)
        if not any(split_language(one)[0] == base and split_language(one)[1] not in ("", language) for one in others):
            return stem, ""
    return base, language


def recorded_in(
    root: PurePosixPath, files: Files, of_folder: Callable[[PurePosixPath, Files, str], Iterator[FoundWork]]
) -> Iterator[FoundWork]:
    """Yield the films and the sound in `root`: each file with what is called like it, and what each folder holds."""
    direct = _without_additions(root, [file for file in files if file.path.parent == root], is_shelf=True)
    groups = _by_name(direct, RECORDED)
    owned = _owned(direct, groups)
    for name, group in groupby(files, key=lambda file: file.path.parts[len(root.parts)]):
        first, *_ = inner = tuple(group)
        if first.path.parent != root:
            yield from of_folder(root / name, inner, name)
        elif base := next((one for one, versions in groups.items() if versions[0].path == first.path), None):
            yield _of_files(groups[base], owned[base])


def recorded_in_bare_folder(files: Files, name: str) -> Iterator[FoundWork]:
    """Yield the films and the sound in a folder of anything, which may be one film, one series or one album itself."""
    root = PurePosixPath()
    tops: dict[str, list[SourceFile]] = {}
    wholes = _without_additions(root, files)
    for file in wholes:
        tops.setdefault(file.path.parts[0], []).append(file)
    recorded = {top: inner for top, inner in tops.items() if is_recorded(inner) and not has_pages(inner)}
    films = _by_name(wholes, (FileKind.FILM,))
    names = {base_of(inner[0], files).name if inner[0].path.parent == root else top for top, inner in recorded.items()}
    loose = [inner[0].path.name for inner in recorded.values() if inner[0].path.parent == root]
    folders = [top for top in recorded if top not in loose]
    are_several = not films and _are_works_and_memos(folders, loose)
    is_one = not are_several and (len(films) < 2 or are_numbered_alike(names))
    if recorded and is_one and not has_pages(files) and not any(map(_is_article, files)):
        yield from films_of(root, files, name)
        return
    direct = [file for file in files if file.path.parent == root]
    yield from recorded_in(root, [file for file in files if file in direct or file.path.parts[0] in recorded], films_of)


def _are_works_and_memos(folders: Sequence[str], loose: Sequence[str]) -> bool:
    """Whether folders of sound, and what lies beside them, are works each, and not an album in parts with a bonus."""
    are_apart = len(folders) > 1 or not all(map(is_numbered, loose))
    return bool(folders and loose) and are_apart and not are_numbered_alike(folders)


def _is_article(file: SourceFile) -> bool:
    """Whether it is a text that may be read for itself, and not one that films come with."""
    return file.kind is FileKind.BOOK or (file.kind is FileKind.TEXT and file.path.suffix.lower() != ".txt")


def has_pages(files: Iterable[SourceFile]) -> bool:
    """Whether several pictures have numbers, as pages do, and not the posters of films."""
    return sum(file.kind is FileKind.PICTURE and is_numbered(file.path.name) for file in files) > 1


def films_of(folder: PurePosixPath, files: Files, name: str) -> Iterator[FoundWork]:
    """Yield the film in a folder of its own, or the episodes of a series; to the first belongs what is about all."""
    files = _without_additions(folder, files)
    groups = _by_name(files, (FileKind.FILM,))
    if not groups:
        yield from sound_of(folder, files, name)
    elif len(groups) == 1:
        yield FoundWork(WorkKind.FILM, folder, files, name=title_of_film(name))
    else:
        bases, doubt = _in_order(groups, folder)
        is_dvd = any(part_of_dvd(file.path.name) for file in files if file.kind is FileKind.FILM)
        series = SeriesFolder(folder, title_of_film(name), _PARTS if is_dvd else doubt)
        owned = _owned(files, groups)
        claimed = {file for each in (*groups.values(), *owned.values()) for file in each}
        rest = tuple(_unowned(file) for file in files if file not in claimed)
        for base in bases:
            parts = (part for part in base.relative_to(folder).parts if part.upper() != _DVD_FOLDER)
            episode = joined_titles(map(title_of_film, parts))
            yield replace(_of_files(groups[base], (*owned[base], *rest)), series=series, name=episode)
            rest = ()


def _in_order(bases: Iterable[PurePosixPath], folder: PurePosixPath) -> tuple[list[PurePosixPath], str]:
    """Return the films of a series, those of each folder by the episodes or the days that they say; and what is open.

    Where names do not tell that they stay as they are.
    """
    ordered, doubts = list(bases), []
    for parent in dict.fromkeys(film.parent for film in ordered):
        places = [place for place, film in enumerate(ordered) if film.parent == parent]
        films = [ordered[place] for place in places]
        keys, doubt = _places(films, parent.relative_to(folder).parts)
        doubts += [doubt] if doubt else []
        for place, (_, film) in zip(places, sorted(zip(keys, films, strict=True)), strict=True):
            ordered[place] = film
    return ordered, "; ".join(doubts)


def _places(films: Sequence[PurePosixPath], folders: tuple[str, ...]) -> tuple[list[tuple[int, ...]], str]:
    """Return what the films of one folder are sorted by, and what their names leave open."""
    days = [day_of(film.name) for film in films]
    as_named: list[tuple[int, ...]] = [(place,) for place, _ in enumerate(films)]
    if not any(episode_of(film.name, folders) for film in films):
        is_told = all(days) and len(set(days)) == len(days)
        return (days if is_told else as_named), ""
    told = [episode_of(film.name, folders, lone=True) for film in films]
    seasons = {one.season for one in told if one and one.season is not None}
    season = min(seasons) if len(seasons) == 1 else 1
    keys: list[tuple[int, ...]] = [
        (season if one.season is None else one.season or _SPECIAL, one.number) if one else () for one in told
    ]
    open_ones = [film.name for film, key in zip(films, keys, strict=True) if not key or keys.count(key) > 1]
    if not open_ones:
        return keys, ""
    which = first_of(open_ones, 3)
    return as_named, f"its films stand in the order of their names: no episode of its own is told by {which}"


def _owned(files: Files, films: Iterable[PurePosixPath]) -> dict[PurePosixPath, tuple[SourceFile, ...]]:
    """Return for each film the files that belong to it by their names."""
    owned: dict[PurePosixPath, list[SourceFile]] = {film: [] for film in films}
    for file in files:
        if file.kind not in RECORDED and (film := owner_of(file, owned)) is not None:
            owned[film].append(file)
    return {film: tuple(beside) for film, beside in owned.items()}


def _unowned(file: SourceFile) -> SourceFile:
    """Return what no film of a series owns: of subtitles it is said, all else is about the series."""
    return replace(file, refusal=_LOOSE) if file.kind is FileKind.SUBTITLES and not file.refusal else file


def _without_additions(folder: PurePosixPath, files: Files, *, is_shelf: bool = False) -> tuple[SourceFile, ...]:
    """Return the files, samples, extras, and sound beside films with a reason why these are none themselves.

    On a shelf of films these are only what is called like one of them.
    """
    films = [file for file in files if file.kind is FileKind.FILM]
    additions = {file: reason for file in films if (reason := _addition(file, folder))}
    wholes = [file for file in films if file not in additions] or films
    names = list(map(_name, wholes))
    if is_shelf:
        additions = {
            file: why for file, why in additions.items() if any(is_called(_name(file), name) for name in names)
        }

    def told(file: SourceFile) -> SourceFile:
        if file in additions and file not in wholes:
            return replace(file, kind=FileKind.OTHER, refusal=additions[file])
        if file.kind is FileKind.SOUND and films and not is_shelf:
            return replace(file, kind=FileKind.OTHER, refusal="sound beside a film: put it into sound/ to include it")
        return file

    return tuple(map(told, files))


def _name(file: SourceFile) -> str:
    return endings.stem(file.path.name)


def _addition(file: SourceFile, folder: PurePosixPath) -> str:
    """Return why a film in a folder is none for itself, as its name and its folders say; "" where it is one."""
    name = _name(file)
    folders = file.path.parent.relative_to(folder).parts
    if part_of_dvd(file.path.name) == 0:
        return _MENU
    return _SAMPLE if is_sample((*folders, name)) else _EXTRA if is_extra(folders, name) else ""


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
    files = tuple(files)
    groups: dict[PurePosixPath, list[SourceFile]] = {}
    for file in files:
        if file.kind in kinds:
            groups.setdefault(base_of(file, files), []).append(file)
    return groups


def _of_files(versions: Files, beside: Files) -> FoundWork:
    kind = WorkKind.FILM if any(file.kind is FileKind.FILM for file in versions) else WorkKind.SOUND
    return FoundWork(kind, versions[0].path, (*versions, *beside))
