"""What the names of films say: a title, the episode it is, the day it was on the air; and what is no film for readers.

The words are those that releases carry (scene rules, Korean sites), and that Jellyfin, Plex and Kodi know extras by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from packager.text.numerals import NUMBER, plain
from packager.text.spelling import title_of_name

# Behind one of these stands nothing of a title.
_FORM = (
    r"\d{3,4}[pi]|\d{3,4}x\d{3,4}|[248]k|[xh][ .]?26[45]|hevc|avc|av1|xvid|divx|web-?(?:dl|rip)|blu-?ray|b[dr]-?rip"
    r"|dvd-?(?:rip|scr|\d)|f?hd-?(?:rip|tv|cam)|tv-?rip|cam-?rip|telesync|hdr10|10bit|ac3|dts(?:-hd)?|aac(?:\d\.\d)?"
    r"|dd[p+]?\d\.\d"
)
# These may stand in a title: they are none before a form or at the end behind a year.
_MAYBE_FORM = (
    r"korean|kor|english|eng|japanese|jpn|chinese|multi|dual|dubbed|subbed|repack|proper|rerip|internal|limited|uhd|hd"
    r"|hdr|web|dvd|nf|amzn|dsnp|tving|wavve"
)
_GAP = r"[\s._\-(\[]+"
_RELEASE = re.compile(
    rf"(?:{_GAP}(?:{_MAYBE_FORM})(?![^\W_]))*{_GAP}(?:{_FORM})(?![^\W_]).*"
    rf"|(?<=(?:19|20)\d\d)[)\]]?(?:{_GAP}(?:{_MAYBE_FORM})(?![^\W_]))+[\s)\]]*\Z",
    re.IGNORECASE | re.DOTALL,
)
_AROUND = (
    re.compile(r"\A[\[(]?www\.[a-z0-9-]+(?:\.(?:com|net|org|info|co|kr|me|to|tv|cc|ws|ru))+[\])]?[\s._-]+(?=.)", re.I),
    re.compile(r"\A\[[^\[\]]*\]\s*(?=.)"),
    re.compile(r"(?<=.)\.(?:avi|mkv|mp4|mov|wmv|mpe?g)\Z", re.IGNORECASE),
    re.compile(r"(?<=[^\s])\s*(?:\[[^\[\]]*\]\s*)+\Z"),
)

_EPISODES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![a-z\d])s(?P<season>\d{1,2}) ?e(?P<number>\d{1,4})",
        r"(?<![\w.])(?P<season>\d{1,2})x(?P<number>\d{1,3})(?!\d)",
        r"(?:season|시즌) ?(?P<season>\d{1,2})\D+?(?P<number>\d{1,4})(?!\d)",
        r"(?<![^\W\d_])(?:episode|episodio|épisode|folge|серия|ep?) ?(?P<number>\d{1,4})(?!\d)",
        r"第 ?(?P<number>\d{1,4}) ?[話话集回]|(?<!\d)(?P<korean>\d{1,4}) ?[화회](?![가-힣])",
    )
)
_SEASON = re.compile(
    r"(?<![^\W\d_])(?:season|saison|staffel|temporada|сезон|시즌|s) ?(\d{1,2})(?!\d)|第 ?(\d{1,2}) ?季"
)
_DAY = re.compile(r"(?<!\d)((?:19|20)?\d\d)[ .]?(0[1-9]|1[0-2])[ .]?(0[1-9]|[12]\d|3[01])(?!\d)")
_YEAR = re.compile(r"(?<=\w )(?:19|20)\d\d(?!\d)")

_DVD = re.compile(r"(?:video_ts|vts_\d\d_(\d))\.vob", re.IGNORECASE)  # DVD-Video, part 3: 0 and no number are menus
_SAMPLE = re.compile(r"(?:.* )?samples?(?: .*)?|샘플")
_EXTRAS = (
    "extras?|featurettes?|trailers?|teasers?|behind ?the ?scenes|deleted ?scenes?|interviews?|bonus|making ?of|outtakes"
    "|예고편|메이킹|특전|부가영상"
)
_EXTRA_FOLDER = re.compile(_EXTRAS)
_EXTRA_FILE = re.compile(
    rf"(?:.*-)?(?:{_EXTRAS}|featurette|deleted|behindthescenes|clip|scene|short|other)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Episode:
    """Which one of a series a film is; None where nothing says the season. Season 0 is that of specials."""

    season: int | None
    number: int


def title_of_film(name: str) -> str:
    """`The.Window.2012.1080p.WEB-DL.x264-Group` -> `The Window 2012`: nothing of how and by whom it was copied."""
    own = name
    for pattern in _AROUND:
        own = pattern.sub("", own, count=1)
    own = _RELEASE.split(own, maxsplit=1)[0] or own
    return title_of_name(own if " " in own else own.replace(".", " ")).strip(" -([")


@lru_cache(maxsize=10_000)  # all films of a folder are asked for each file beside them
def words_of_title(name: str) -> tuple[str, ...]:
    """Return the words of a film's title, such that names which people would call alike have equal ones."""
    return tuple(plain(title_of_film(name)).split())


def without_year(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a title without a year that stands behind others."""
    return tuple(_YEAR.sub("", " ".join(words)).split())


@lru_cache(maxsize=10_000)
def episode_of(name: str, folders: tuple[str, ...] = (), *, lone: bool = False) -> Episode | None:
    """Return the episode that a name says, its season that of the folders it lies in where it says none; None for none.

    With `lone` the only number of a title is one too, unless it is a year or a part of a day.
    """
    title = plain(title_of_film(name))
    season = next((int(found[1] or found[2]) for found in map(_SEASON.search, map(plain, folders)) if found), None)
    for pattern in _EPISODES:
        if found := pattern.search(title):
            told = found.groupdict()
            own = told.get("season")
            return Episode(int(own) if own else season, int(told["number"] or told["korean"]))
    numbers = NUMBER.findall(_YEAR.sub("", _DAY.sub("", title))) if lone else []
    return Episode(season, int(numbers[0])) if len(numbers) == 1 and numbers[0].isdigit() else None


def day_of(name: str) -> tuple[int, ...]:
    """Return the year, month and day that a name says; () for none."""
    found = _DAY.search(plain(title_of_film(name)))
    year, month, day = map(int, found.groups()) if found else (0, 0, 0)
    return (year + (2000 if year < 70 else 1900) * (year < 100), month, day) if found else ()


def is_sample(parts: Sequence[str]) -> bool:
    """Whether the folders and the name of a film say that it is a piece of another."""
    return any(_SAMPLE.fullmatch(plain(part)) for part in parts)


def is_extra(folders: Sequence[str], name: str) -> bool:
    """Whether the folders of a film, or its name without an ending, say that it comes with another."""
    return any(_EXTRA_FOLDER.fullmatch(plain(folder)) for folder in folders) or bool(_EXTRA_FILE.fullmatch(name))


def part_of_dvd(name: str) -> int | None:
    """Return which part of a title a file of a DVD holds, from 1, 0 for menus; None for any other file."""
    found = _DVD.fullmatch(name)
    return int(found[1] or 0) if found else None
