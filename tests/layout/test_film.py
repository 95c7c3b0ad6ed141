"""Films and sound in the tree: what their documents say and lead to, and where players find them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from packager.check.document import document_facts
from packager.config import media
from packager.config.definition import Definition
from packager.config.profile import load
from packager.layout import lay_out
from packager.layout.build_input import BuildInput, OtherTree
from packager.layout.photo import listings
from packager.layout.works import clock
from packager.model import (
    About,
    AllRenditions,
    Article,
    Cue,
    Entry,
    Film,
    Library,
    MissingRendition,
    Paragraph,
    Picture,
    Publication,
    Recording,
    Rendition,
    Renditions,
    Role,
    RoleRenditions,
    Sound,
    Source,
    Subtitles,
    Text,
    Version,
    Wording,
)
from packager.model.blocks import words_of
from packager.output import templating
from tests.layout.test_layout import by_path, text_of

WORDS = templating.dictionary()
SERIES = Wording.plain("파도")


def source(name: str) -> Source:
    return Source(Path(name), name)


def film(id_: str, seconds: float = 3_910, series: Wording = Wording()) -> Publication:
    """One of an hour, five minutes and ten seconds, with subtitles in two languages."""
    subtitles = tuple(Subtitles(language, (Cue(0, 1000, ("가",)),)) for language in ("ko", "en"))
    about = (About("ko", (Paragraph((Text("어느 바닷가에서."),)),)),)
    recording = Recording(source(f"{id_}.mkv"), seconds, 640, 360, 25, 1)
    work = Film(recording, None, subtitles, (("시작", 0), ("끝", 3_600_500)), about)
    return Publication(id_, (Version("ko", f"영화 {id_}", work),), series=series)


def album(id_: str, tracks: int) -> Publication:
    recorded = tuple(Recording(source(f"{n}.mp3"), 61, title="" if n else "서곡") for n in range(tracks))
    return Publication(id_, (Version("ko", "노래들", Sound(recorded)),))


def files(role: Role, count: int, ending: str, size_bytes: int, seconds: float) -> RoleRenditions:
    width, height = (640, 360) if role is Role.FILM else (0, 0)
    paths = (Path(f"{role}-{n}.{ending}") for n in range(count))
    made = (Rendition(role, str(path), width, height, size_bytes, seconds=seconds) for path in paths)
    return RoleRenditions(role, tuple(made))


def made(publication: Publication, parts: int = 1, ending: str = "mp4") -> Renditions:
    """The files of a film in so many parts, or those of sound, and a picture that stands for it."""
    poster = RoleRenditions(Role.PAGE, (Rendition(Role.PAGE, "p.jpg", 640, 360, 40_000),))
    picture = RoleRenditions(Role.PHOTO, (Rendition(Role.PHOTO, "p.jpg", 640, 360, 40_000),))
    work = publication.versions[0].work
    if isinstance(work, Sound):
        return Renditions((files(Role.TRACK, len(work.tracks), "mp3", 3_000_000, 61), poster, picture))
    seconds = publication.versions[0].recordings[0].seconds / parts
    return Renditions((files(Role.FILM, parts, ending, 120_000_000, seconds), poster, picture))


def build_of(*publications: Publication, profile: str = "any") -> BuildInput:
    definition = Definition(Path(), "window", Wording.plain("A window"), ("ko", "en"))
    chosen, library = load(profile), Library(publications, ())
    return BuildInput(definition, chosen, library, WORDS, templating.size_of, media.space(0), chosen.editions)


def tree(*publications: Publication, profile: str = "any", parts: int = 1) -> dict[str, Entry]:
    """The files of a tree by their paths."""
    build = build_of(*publications, profile=profile)
    ending = build.profile.film.container.value
    shown = {(one.id, "ko"): made(one, parts, ending) for one in publications}
    if profile == "player":
        shown |= {("", language): Renditions(()) for language in ("ko", "en")}
    return laid_out(build, shown)


def laid_out(build: BuildInput, shown: AllRenditions) -> dict[str, Entry]:
    return by_path(tuple(chain.from_iterable(group.entries for group in lay_out(build, shown))))


def test_a_film_has_a_folder_with_its_documents_its_poster_and_its_file() -> None:
    """Called as the folder, and in that order."""
    paths = ["film/index.html", "film/index-en.html", "film/poster.jpg", "film/film.mp4"]
    paths += ["film/film.srt", "film/film_en.srt", "film/film.smi"]
    assert list(tree(film("film"))) == ["index.html", "index-en.html", *paths]


def test_a_film_is_as_long_as_what_is_in_the_tree() -> None:
    """Of a source that breaks off that is less than it says of itself."""
    shorter = Renditions((files(Role.FILM, 1, "mp4", 1_000_000, 65),))
    entries = laid_out(build_of(film("film")), {("film", "ko"): shorter})
    for name in ("film/index.html", "index.html"):
        assert "1:05" in text_of(entries[name])
        assert "1:05:10" not in text_of(entries[name])


def test_the_document_of_a_film_leads_to_it_without_script_and_says_what_it_is() -> None:
    """A plain link, the poster as another where the browser knows no films, and the same inside a player."""
    text = text_of(tree(film("film"))["film/index.html"])
    assert text.count('href="film.mp4"') == 2
    player = re.search("<video [^>]*>(.*)</video>", text)
    assert player is not None
    assert {'preload="none"', 'poster="poster.jpg"', 'src="film.mp4"'} <= set(player[0].split(">")[0].split())
    assert '<a href="film.mp4"><img' in player[1]
    assert "autoplay" not in text
    for said in ("길이 1:05:10", "120MB", "자막: 한국어, English", "1:00:00 끝", "어느 바닷가에서.", "film/film.mp4"):
        assert said in text
    assert document_facts(text.encode())[0].problems == ()


@pytest.mark.parametrize(("profile", "ending"), [("player", "avi"), ("phone-old", "mp4")])
def test_what_browsers_do_not_play_has_a_link_alone(profile: str, ending: str) -> None:
    """An AVI, or MPEG-4 part 2: no player that would stay black."""
    build = build_of(film("film"))
    build = replace(build, profile=replace(build.profile, film=load(profile).film))
    text = text_of(laid_out(build, {("film", "ko"): made(film("film"), ending=ending)})["film/index.html"])
    assert "<video" not in text
    assert "media-src" not in text
    assert text.count(f'href="film.{ending}"') == 2


def test_parts_and_tracks_are_named_in_their_order() -> None:
    """A film in parts keeps its name; tracks have numbers, 99 in a folder, and their own names in the document."""
    assert {"film/film.mp4", "film/film_2.mp4", "film/film_3.mp4"} <= tree(film("film"), parts=3).keys()
    entries = tree(album("songs", 101))
    paths = [path for path in entries if path.endswith(".mp3")]
    assert paths == [f"songs/{n:03}.mp3" for n in range(1, 100)] + ["songs/2/100.mp3", "songs/2/101.mp3"]
    text = text_of(entries["songs/index.html"])
    assert text.count("<audio") == text.count("</audio>") == 101
    assert 'href="2/101.mp3"' in text
    for said in (">서곡</h2>", ">2</h2>", "1:01", "모두 101개", "길이 1:42:41"):
        assert said in text
    assert document_facts(text.encode())[0].problems == ()


def test_a_track_that_is_damaged_leaves_the_names_of_the_others() -> None:
    """The second of three: the third is still the third."""
    songs = album("songs", 3)
    whole = made(songs)
    tracks = (whole.of(Role.TRACK)[0], MissingRendition(1), whole.of(Role.TRACK)[2])
    shown = {("songs", "ko"): Renditions((RoleRenditions(Role.TRACK, tracks),))}
    entries = laid_out(build_of(songs), shown)
    assert [path for path in entries if path.endswith(".mp3")] == ["songs/001.mp3", "songs/003.mp3"]
    assert ">3</h2>" in text_of(entries["songs/index.html"])


def test_an_episode_says_its_number_and_what_comes_next() -> None:
    """And leads to all the others; a film of no series says nothing of the kind."""
    entries = tree(*(film(f"wave{n}", series=SERIES) for n in (1, 2, 3)), film("alone"))
    text = text_of(entries["wave2/index.html"])
    assert "파도 · 2/3" in text
    assert '다음 <a href="../wave3/index.html" lang="ko">영화 wave3</a>' in text
    assert 'href="../wave1/index.html"' in text
    assert 'class="coming"' not in text_of(entries["wave3/index.html"])
    assert "/4" not in text_of(entries["alone/index.html"])


def test_a_very_long_series_lists_the_nearest() -> None:
    """A document must stay light: fifty before and fifty behind."""
    entries = tree(*(film(f"wave{n}", series=SERIES) for n in range(1, 131)))
    text = text_of(entries["wave65/index.html"])
    listed = text.partition('class="contents"')[2].partition("</ul>")[0]
    assert listed.count("<li>") == 101
    assert "파도 · 65/130" in text
    assert text_of(entries["wave130/index.html"]).partition('class="contents"')[2].count("<li>") == 51


def part_of_series(*numbers: int) -> tuple[Publication, ...]:
    return tuple(replace(film(f"wave{number}", series=SERIES), number=number) for number in numbers)


def on_two_sticks(here: tuple[Publication, ...], there: tuple[Publication, ...]) -> dict[str, Entry]:
    """The files of the tree that has the works `here`."""
    build = replace(build_of(*here), elsewhere=(OtherTree("window-2", there),))
    return laid_out(build, {(one.id, "ko"): made(one) for one in here})


def test_a_series_on_two_sticks_is_told_whole_and_goes_on_there() -> None:
    """By the numbers of the works: with the place in all of it, and the folder of what comes next."""
    entries = on_two_sticks(part_of_series(1, 2), part_of_series(3))
    text = text_of(entries["wave2/index.html"])
    assert "파도 · 2/3" in text
    assert '다음 <span lang="ko">영화 wave3 (window-2/)</span>' in text
    assert "<li>파도 · 영화 wave3</li>" in re.sub("<li [^>]*>", "<li>", text_of(entries["index.html"]))


def test_no_number_is_told_where_the_order_of_a_series_on_two_sticks_is_not_known() -> None:
    """This tree shows its own in another order than they were numbered in."""
    text = text_of(on_two_sticks(part_of_series(9, 8), part_of_series(1))["wave8/index.html"])
    assert "파도" in text
    assert "파도 · " not in text
    assert "wave1" not in text


def test_the_library_lists_films_and_sound_with_their_lengths_and_files() -> None:
    """Each kind under its heading, and what to open elsewhere."""
    text = text_of(tree(film("film"), album("songs", 2))["index.html"])
    assert [text.index(said) for said in ("<h2>영화</h2>", "길이 1:05:10", "<h2>음악과 방송</h2>", "길이 2:02")]
    assert 'href="film/film.mp4"' in text
    assert 'href="songs/001.mp3"' in text
    assert "보기: film/film.mp4" in text
    assert "phone/film.html" not in text


def test_a_list_of_many_works_and_what_is_new_say_how_long_films_are() -> None:
    """In a line each, as a library of more than 200 works has them."""
    works = [film(f"f{n}") for n in range(201)]
    text = text_of(tree(*works)["index.html"])
    assert text.count("<span>1:05:10</span>") == 201


def test_players_get_numbered_files_and_episodes_in_one_folder() -> None:
    """So that one follows another; 33 of them, as a TV may have two files of subtitles beside each."""
    works = [film("a"), *(film(f"wave{n}", series=SERIES) for n in range(1, 36)), album("songs", 2)]
    paths = [path for path in tree(*works, profile="player") if not path.startswith("000")]
    assert paths[:3] == ["001/001.AVI", "002/002.AVI", "002/003.AVI"]
    assert paths[33:] == ["002/034.AVI", "035/035.AVI", "035/036.AVI", "037/001.MP3", "037/002.MP3"]


def test_the_contents_of_players_tell_where_each_film_is_and_how_long() -> None:
    """Folder, and of an episode its file and, where its title does not tell, its series; tracks and texts too."""
    credited = replace(film("a").versions[0], credit="그림: 이수진\nCC BY 4.0")
    works = replace(film("a"), versions=(credited,)), film("wave1", series=SERIES), film("wave2", 45, SERIES)
    (text, *_) = listings(build_of(*works, album("songs", 2), profile="player"))
    assert isinstance(text.work, Article)
    assert [words_of((line,)) for line in text.work.blocks] == [
        "001\u2003영화 a · 1:05:10",
        "002/002\u2003파도 · 영화 wave1 · 1:05:10",
        "002/003\u2003파도 · 영화 wave2 · 0:45",
        "004\u2003노래들 · 2:02",
        "004/001\u2003서곡 · 1:01",
        "004/002\u20031:01",
        "001 · 영화 a",
        "어느 바닷가에서.",
        "그림: 이수진",
        "CC BY 4.0",
        "002/002 · 영화 wave1",
        "어느 바닷가에서.",
        "002/003 · 영화 wave2",
        "어느 바닷가에서.",
    ]


def test_the_organizers_poster_lies_beside_what_players_show() -> None:
    """As a picture of the film's folder, or of the album's; the folder of a series has its episodes alone."""
    cover = Picture(source("poster.jpg"), 640, 360)
    works = [film("a"), album("songs", 2), album("long", 99), film("wave", series=SERIES)]
    shown = [
        replace(one, versions=tuple(replace(each, work=replace(each.work, cover=cover)) for each in one.versions))
        for one in works
    ]
    paths = tree(*shown, profile="player")
    assert [path for path in paths if path.endswith("JPG")] == ["001/001.JPG", "002/002.JPG"]


@pytest.mark.parametrize(("seconds", "shown"), [(0.4, "0:00"), (59.6, "1:00"), (3_599.4, "59:59"), (3_600, "1:00:00")])
def test_times_are_told_as_players_show_them(seconds: float, shown: str) -> None:
    """Rounded to a second."""
    assert clock(seconds) == shown
