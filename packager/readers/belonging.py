"""Which film of a folder something beside it belongs to, by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath

from packager.readers.files import FileKind, SourceFile
from packager.readers.language import folder_language
from packager.text import endings
from packager.text.film_names import Episode, episode_of, without_year, words_of_title
from packager.text.spelling import language_tag

KINDS = ("full", "sdh", "cc", "hi", "forced", "foreign", "signs", "songs")
"""What names of subtitles say that they are: all that is said, that with noises, or the rest, in the order of use."""
_ALSO_CALLED = {"chs": "zh-Hans", "sc": "zh-Hans", "cht": "zh-Hant", "tc": "zh-Hant", "kr": "ko", "jp": "ja"}
_PART = re.compile(r"[\W_]+")
_BEHIND_NAME = " ._-([~"  # what stands between a film's name and what its subtitles say of themselves
_COUNTED = (FileKind.SUBTITLES, FileKind.TRANSCRIPT)
"""Of which a number alone tells the episode; of pictures it may count them."""

Test = Callable[[PurePosixPath], bool]


def is_called(name: str, film: str) -> bool:
    """Whether a file or folder is called as a film is, with what it says of itself behind that."""
    return name.startswith(film) and name[len(film) : len(film) + 1] in ("", *_BEHIND_NAME)


def owner_of(file: SourceFile, films: Collection[PurePosixPath]) -> PurePosixPath | None:
    """Return which of the films, by their paths without endings, a file belongs to; None for none, or for several.

    That is the one whose name it has, else whose title, else whose episode: the first of these that any film has
    decides. A film lies where the file does or below, or where a folder of the file's does.
    """
    exact = [film for film in films if _is_exactly(file.path, film)]
    if exact:
        longest = max(len(film.name) for film in exact)
        exact = [film for film in exact if len(film.name) == longest]
        return exact[0] if len(exact) == 1 else None
    near = next(
        (found for folder in file.path.parents if (found := [one for one in films if one.is_relative_to(folder)])), []
    )
    for test in _tests(file):
        if found := [film for film in near if test(film)]:
            return found[0] if len(found) == 1 else None
    return None


def _is_exactly(path: PurePosixPath, film: PurePosixPath) -> bool:
    below = path.relative_to(film.parent).parts if path.is_relative_to(film.parent) else ()
    return any(is_called(name, film.name) for name in below)


def _tests(file: SourceFile) -> Iterator[Test]:
    """Yield what may tell that a film is meant, the surest first."""
    stem, folders = endings.stem(file.path.name), file.path.parent.parts
    names = [stem, *reversed(folders)]
    titles = [title for name in names for title in _titles(name)]
    yield from (partial(_has_title, title=title) for title in titles)
    yield from (partial(_has_title, title=title, is_exact=False) for title in titles)
    yield from (partial(_is_episode, meant=one) for one in (episode_of(name, folders) for name in names) if one)
    if file.kind in _COUNTED and (alone := episode_of(" ".join(_titles(stem)[-1]), folders, lone=True)):
        yield partial(_is_episode, meant=alone)


def _has_title(film: PurePosixPath, title: tuple[str, ...], *, is_exact: bool = True) -> bool:
    own = words_of_title(film.name)
    return own == title if is_exact else without_year(own) == without_year(title)


def _is_episode(film: PurePosixPath, meant: Episode) -> bool:
    told = episode_of(film.name, film.parent.parts, lone=True)
    if told is None or told.number != meant.number:
        return False
    return told.season == meant.season or None in (told.season, meant.season)


def _titles(name: str) -> list[tuple[str, ...]]:
    """Return what may be the title that a name says: all of its words, or those before languages and kinds."""
    words = words_of_title(name)
    return [words[:end] for end in range(len(words), max(1, _before_tail(words)) - 1, -1)]


def said_behind(name: str, films: Sequence[str]) -> list[str]:
    """Return the words that the name of subtitles, without its ending, has behind the title of its film."""
    film = max((film for film in films if is_called(name, film)), key=len, default="")
    if film:
        return _PART.split(name[len(film) :])
    words = _PART.split(name)
    own = words_of_title(name)
    is_title = len(own) == len(words) and own in map(words_of_title, films)
    return words[_before_tail(words) :] if not is_title else []


def _before_tail(words: Sequence[str]) -> int:
    """Return how many of the words stand before the languages and kinds at their end."""
    told = len(words)
    while told and (words[told - 1].lower() in KINDS or _language(words[told - 1])):
        told -= 1
    return told


def language_beside(path: PurePosixPath, films: Sequence[str]) -> str:
    """Return the language that subtitles say behind a film's name, as in `film.ko.srt` and `Film_Korean.forced.srt`."""
    told = map(_language, reversed(said_behind(endings.stem(path.name), films)))
    return next(filter(None, (*told, folder_language(path.parent.name))), "")


def kind_beside(path: PurePosixPath, films: Sequence[str]) -> str:
    """Return which kind of subtitles their name says behind a film's, as `forced`; "" where it says none."""
    return next((word for word in map(str.lower, said_behind(endings.stem(path.name), films)) if word in KINDS), "")


def _language(word: str) -> str:
    return _ALSO_CALLED.get(word.lower()) or folder_language(word) or _by_three_letters(word)


def _by_three_letters(word: str) -> str:
    tag = language_tag(word) if len(word) == 3 else ""
    return tag if len(tag) == 2 else ""
