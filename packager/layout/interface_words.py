"""The interface words of one language, as documents need them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from packager.model import Direction
from packager.text.spelling import UNDETERMINED, is_right_to_left


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words; what stands in braces, such as `{n}` or `{file}`, is filled in."""

    language: str
    direction: Direction
    name: str  # of the language, in itself
    library: str
    comics: str
    articles: str
    films: str
    sound: str
    pictures: str
    minutes: str
    running_time: str
    tracks: str
    megabytes: str
    wordless: str
    previous: str
    next: str
    all_works: str
    new: str
    find: str
    nothing_found: str
    in_texts: str
    more: str
    with_covers: str
    by_title: str
    contents: str
    elsewhere: str
    part: str
    next_file: str
    on_a_phone: str
    on_a_player: str
    in_a_comic_app: str
    in_a_book_app: str
    on_paper: str
    in_a_media_app: str
    play: str
    if_not_playing: str
    no_pictures_file: str
    no_pictures_folder: str
    no_pictures_elsewhere: str
    missing_page: str
    missing_picture: str
    page: str
    picture: str
    transcript: str
    subtitles: str
    about: str
    about_work: str
    credit: str
    notes: str
    end: str
    fit_width: str
    fit_height: str
    fit_original: str
    two_pages: str
    view: str
    help: str
    keys: str
    taps_pages: str
    taps_strip: str
    retry: str


Dictionary = Mapping[str, Words]
ENGLISH = "en"


def direction_in(language: str, dictionary: Dictionary) -> Direction:
    """The direction of a language's letters: as its words say, else by what is known of the language."""
    known = dictionary.get(language) or dictionary.get(language.partition("-")[0].lower())
    if known:
        return known.direction
    return Direction.RTL if is_right_to_left(language) else Direction.LTR


def language_in(language: str, dictionary: Dictionary) -> str:
    """A language's name in itself, or its tag where we have no words in it; "?" for one that nobody knows."""
    known = dictionary.get(language) or dictionary.get(language.partition("-")[0])
    return known.name if known else "?" if language == UNDETERMINED else language


def words_for(language: str, dictionary: Dictionary, fallback: str) -> Words:
    """The words of a document for readers of `language`: in it where there are any, else in `fallback` or English."""
    candidates = (language, language.partition("-")[0], fallback, fallback.partition("-")[0], ENGLISH)
    return next(dictionary[candidate] for candidate in candidates if candidate in dictionary)
