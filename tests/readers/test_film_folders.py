"""Folders of films as they are downloaded: whose subtitles are whose, what is no episode, in which order they stand."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from packager.errors import SourceError
from packager.model import Film, Library, Outcome
from packager.readers.belonging import kind_beside, language_beside
from packager.sandbox.pool import Workers
from packager.text.film_names import Episode, day_of, episode_of, title_of_film
from tests.helpers.reading import make_files, read_bundle
from tests.helpers.small_films import ENGLISH, KOREAN, film

_LOOSE = "not taken: its name is that of no film beside it, or of several: call it as its film is called"
_OTHER_ENGLISH = ENGLISH.replace("again", "today")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Library:
    """One bundle with a folder for each way in which people name what lies together."""
    boats = {f"films/Boats/Boats.S01E0{number}.720p.x264-ABC.mkv": film() for number in (1, 2, 3)}
    return read_bundle(
        make_files(
            tmp_path_factory.mktemp("folders") / "bundle",
            {
                **boats,
                "films/Boats/boats s01e02.srt": KOREAN,
                "films/Boats/Boats.S01E02.1080p.WEB-OTHER.en.srt": ENGLISH,
                "films/Boats/3화.srt": KOREAN,
                "films/Boats/Boats.S02E01.srt": KOREAN,
                "films/Boats/other words.srt": KOREAN,
                "films/Boats/boats.s01e03.jpg": "",
                "films/Boats/Boats.S01E01.720p.x264-ABC.en.srt": ENGLISH,
                "films/Boats/Boats.S01E01.720p.x264-ABC.forced.en.srt": _OTHER_ENGLISH,
                "films/Boats/Boats.S01E01.720p.x264-ABC.eng.vtt": ENGLISH,
                "films/Lake/Season 1/Lake.1x01.mkv": film(),
                "films/Lake/Season 1/Lake.1x03.mkv": film(),
                "films/Lake/Season 1/[Team] 호수 02화 (1280x720).mkv": film(),
                "films/Lake/Season 2/Lake.2x01.mkv": film(),
                "films/Lake/sample/sample-lake.mkv": film(),
                "films/Lake/Extras/Making of.mkv": film(),
                "films/Mixed/E02 end.mkv": film(),
                "films/Mixed/begin.mkv": film(),
                "films/Days/Days 170512 late.mkv": film(),
                "films/Days/2016-03-01 early.mkv": film(),
                "films/The.Heron.2014.1080p.WEB-DL.x264-GRP.mkv": film(),
                "films/the heron 2014.srt": KOREAN,
                "films/HERON 2.srt": KOREAN,
                "films/the heron.jpg": "",
                "films/The.Heron.2014.1080p.WEB-DL.x264-GRP-trailer.mkv": film(),
                "films/Tape/VIDEO_TS/VIDEO_TS.VOB": film(),
                "films/Tape/VIDEO_TS/VTS_01_0.VOB": film(),
                "films/Tape/VIDEO_TS/VTS_01_1.VOB": film(),
                "films/Tape/VIDEO_TS/VTS_01_2.VOB": film(),
                "films/Dr.No.mkv": film(),
                "films/Same.2010.720p.mkv": film(),
                "films/Same.2010.1080p.mkv": film(),
                "films/same.2010.srt": KOREAN,
            },
        ),
        workers,
    )


def final(library: Library) -> dict[str, tuple[Outcome, str]]:
    """What became of each file that was not taken."""
    outcomes = (Outcome.WARNING, Outcome.PASSED_OVER)
    return {one.source: (one.outcome, one.message) for one in library.remarks if one.outcome in outcomes}


def test_subtitles_and_posters_go_to_the_film_that_their_names_mean(library: Library) -> None:
    """Case, points, groups and qualities make no difference, and a number is that of an episode."""
    subtitles, posters = {}, {}
    for one in library.publications:
        (version,) = one.versions
        assert isinstance(version.work, Film)
        subtitles[version.title] = sorted(each.language for each in version.work.subtitles)
        posters[version.title] = version.work.cover.source.label if version.work.cover else ""
    assert {title: found for title, found in subtitles.items() if found} == {
        "Boats S01E01": ["en"],
        "Boats S01E02": ["en", "ko"],
        "Boats S01E03": ["ko"],
        "The Heron 2014": ["ko"],
    }
    assert {title: found for title, found in posters.items() if found} == {
        "Boats S01E03": "films/Boats/boats.s01e03.jpg",
        "The Heron 2014": "films/the heron.jpg",
    }


def test_what_is_not_taken_is_named_with_its_reason(library: Library) -> None:
    """Subtitles of no film or of several are warned of, and only equal ones are called the same."""
    extra = "not taken: it comes with a film: move it into films/ itself if it is for readers"
    first = "films/Boats/Boats.S01E01.720p.x264-ABC"
    assert final(library) == {
        "films/Boats/Boats.S02E01.srt": (Outcome.WARNING, _LOOSE),
        "films/Boats/other words.srt": (Outcome.WARNING, _LOOSE),
        "films/HERON 2.srt": (Outcome.WARNING, _LOOSE),
        "films/same.2010.srt": (Outcome.WARNING, _LOOSE),
        f"{first}.forced.en.srt": (
            Outcome.PASSED_OVER,
            f"its subtitles in English (en), forced (1) are not shown: those of {first}.en.srt are (1)",
        ),
        f"{first}.eng.vtt": (
            Outcome.PASSED_OVER,
            "the same subtitles in English (en) are taken from another file",
        ),
        "films/Lake/sample/sample-lake.mkv": (Outcome.PASSED_OVER, "a sample of the film"),
        "films/Lake/Extras/Making of.mkv": (Outcome.WARNING, extra),
        "films/Tape/VIDEO_TS/VIDEO_TS.VOB": (Outcome.PASSED_OVER, "a menu of a DVD"),
        "films/Tape/VIDEO_TS/VTS_01_0.VOB": (Outcome.PASSED_OVER, "a menu of a DVD"),
        "films/The.Heron.2014.1080p.WEB-DL.x264-GRP-trailer.mkv": (Outcome.WARNING, extra),
    }


def test_series_stand_by_their_episodes_whatever_they_are_called(library: Library) -> None:
    """By season and number or by day; where names leave it open that is told."""
    series: dict[str, list[str]] = {}
    for one in library.publications:
        series.setdefault(one.series.in_language(""), []).append(one.versions[0].title)
    assert series["Lake"] == [
        "Season 1 · Lake 1x01",
        "Season 1 · 호수 02화",
        "Season 1 · Lake 1x03",
        "Season 2 · Lake 2x01",
    ]
    assert series["Days"] == ["2016-03-01 early", "Days 170512 late"]
    assert series["Tape"] == ["VTS 01 1", "VTS 01 2"]
    decided = {one.source: one.message for one in library.remarks if one.outcome is Outcome.DECIDED}
    assert decided["films/Mixed"] == (
        "its films stand in the order of their names: no episode of its own is told by begin"
    )
    assert decided["films/Tape"].startswith("each part of a DVD is a film of its own here")


def test_one_film_in_two_formats_says_what_to_do(tmp_path: Path, workers: Workers) -> None:
    """It stops with both names; where it is skipped nothing untrue is said of the other."""
    folder = make_files(tmp_path / "bundle", {"films/a.avi": film(), "films/a.mkv": film(), "films/b.mkv": film()})
    with pytest.raises(SourceError) as refusal:
        read_bundle(folder, workers)
    assert "Of one film in two formats remove one" in refusal.value.hint
    assert final(read_bundle(folder, workers, skip_damaged=True)) == {
        "films/a.mkv": (Outcome.WARNING, "not taken: it belongs to a work that cannot be read")
    }


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("1995.2017.KOREAN.1080p.BluRay.x264-GRP", "1995 2017"),
        ("Night.Train.2031.2017.REPACK.2160p.UHD.BluRay.x265-GRP", "Night Train 2031 2017"),
        ("바다.2019.KOR.FHDRip.H264.AAC-GRP", "바다 2019"),
        ("[Team] 호수 02화 (1280x720)", "호수 02화"),
        ("www.some-site.com_Old.Boat.avi", "Old Boat"),
        ("비.E03.170512.720p-NEXT", "비 E03 170512"),
        ("My DVD", "My DVD"),
        ("Lost in a web", "Lost in a web"),
        ("The English Teacher 2013", "The English Teacher 2013"),
        ("Boat - s2e4 - The end of HD", "Boat - s2e4 - The end of HD"),
    ],
)
def test_titles_have_no_word_of_a_copy_and_all_of_their_own(name: str, title: str) -> None:
    """What stands for quality, codec, source, site or group goes; words that a title may have stay."""
    assert title_of_film(name) == title


@pytest.mark.parametrize(
    ("name", "season", "number"),
    [
        ("Boat.S02E05.720p", 2, 5),
        ("Boat 1x07", 1, 7),
        ("Boat - Season 3 Episode 4", 3, 4),
        ("배 02화", None, 2),
        ("배 제10회", None, 10),
        ("船 第三話", None, 3),
        ("Boat.E540.170225.720p-NEXT", None, 540),
        ("[Team] Boat - 03 (720p) [ABCD1234]", None, 3),
    ],
)
def test_the_episode_that_a_name_says(name: str, season: int | None, number: int) -> None:
    """In the forms of libraries, of Korean and Japanese television, and as a lone number."""
    assert episode_of(name, lone=True) == Episode(season, number)


@pytest.mark.parametrize("name", ["Night Train 2017", "Boat 170512", "Boat", "Boat 2024-03-01", "Boat (1280x720)"])
def test_years_days_and_sizes_are_no_episodes(name: str) -> None:
    """They are numbers of something else."""
    assert episode_of(name, lone=True) is None


def test_days_in_two_forms_are_equal() -> None:
    """So that programmes stand in the order in which they were on the air."""
    assert day_of("Boat 170512") == day_of("2017-05-12 Boat") == (2017, 5, 12)


@pytest.mark.parametrize(
    ("name", "language", "kind"),
    [
        ("let it.srt", "", ""),
        ("let.it.en.forced.srt", "en", "forced"),
        ("LET IT_Korean SDH.srt", "ko", "sdh"),
        ("Let It (English).srt", "en", ""),
    ],
)
def test_language_and_kind_behind_a_title(name: str, language: str, kind: str) -> None:
    """No word of the title is one, however it is written."""
    path = PurePosixPath("films") / name
    assert (language_beside(path, ["Let It"]), kind_beside(path, ["Let It"])) == (language, kind)
