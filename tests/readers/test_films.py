"""Films, series and sound in a bundle: what is one work, what it is called, and what lies beside or in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from packager.errors import SourceError
from packager.model import Film, Library, Outcome, Sound, Version
from packager.readers.films.beside import language_beside, listed_chapters
from packager.sandbox.pool import Workers
from packager.text.spelling import title_of_film
from tests.helpers import films
from tests.helpers.reading import FINAL, make_files, read_bundle

SRT = "1\n00:00:00,100 --> 00:00:00,300\n{}\n"
SMI = "<SAMI><BODY><SYNC Start=100><P Class=KRCC>비가 옵니다<SYNC Start=300><P Class=KRCC>&nbsp;</BODY></SAMI>"
KOREAN, ENGLISH = SRT.format("비가 옵니다"), SRT.format("It is raining again, and we stay at home")


@cache
def film(ending: str = "mkv", *options: str) -> bytes:
    """A film of half a second."""
    return made(ending, "-f", "lavfi", "-i", "testsrc=size=64x48:duration=0.4", *TONE, "-c:v", "mpeg4", *options)


@cache
def sound(ending: str = "mp3") -> bytes:
    """Half a second of a tone."""
    return made(ending, *TONE)


TONE = ("-f", "lavfi", "-i", "sine=duration=0.4")


def made(ending: str, *options: str) -> bytes:
    """What ffmpeg writes into a file with this ending."""
    return films.run(*options, "-f", {"mkv": "matroska"}.get(ending, ending), "-movflags", "frag_keyframe", "pipe:1")


def embedded(folder: Path) -> bytes:
    """A film with sound in two languages, subtitles in two, chapters, and a title that is nobody's business."""
    files = make_files(folder, {"film.mkv": film(), "ko.srt": KOREAN, "en.srt": ENGLISH, "chapters": CHAPTERS})
    inputs = [word for name in ("film.mkv", "ko.srt", "en.srt", "chapters") for word in ("-i", str(files / name))]
    maps = ("-map", "0:v", "-map", "0:a", "-map", "0:a", "-map", "1", "-map", "2", "-map_metadata", "3", "-c", "copy")
    names = ("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=kor", "-metadata:s:s:0", "language=kor")
    return films.run(*inputs, *maps, *names, "-f", "matroska", "pipe:1")


CHAPTERS = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=200\ntitle=The harbour\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> Library:
    """A bundle with films and sound as people have them."""
    folder = tmp_path_factory.mktemp("films")
    return read_bundle(
        make_files(
            folder / "bundle",
            {
                "films/The.Kite.2014.1080p.WEB-DL.x264-GRP.mkv": film(),
                "films/The.Kite.2014.1080p.WEB-DL.x264-GRP.eng.srt": ENGLISH,
                "films/The.Kite.2014.1080p.WEB-DL.x264-GRP.jpg": "",
                "films/Harbour/a.mkv": film(),
                "films/Harbour/sample.mkv": film(),
                "films/Harbour/theme.mp3": sound(),
                "films/Harbour/Subs/Korean.smi": SMI.encode("cp949"),
                "films/Harbour/Subs/2_English.srt": ENGLISH,
                "films/Harbour/poster.jpg": "",
                "films/Harbour/fanart.jpg": "",
                "films/Harbour/about.en.md": "Made by the sea, in the rain, with what there was.",
                "films/Harbour/chapters.txt": "0:00 Start\n0:00:00.2 The boat\n",
                "films/Harbour/GRP.txt": "words",
                "films/In it.mkv": embedded(folder / "parts"),
                "films/Rain/Season 2/Rain.E1.mkv": film(),
                "films/Rain/Season 1/Rain.E10.mkv": film(),
                "films/Rain/Season 1/Rain.E1.mkv": film(),
                "films/Rain/Season 1/Rain.E1.srt": KOREAN,
                "films/Rain/Season 1/Rain.E10.srt": ENGLISH,
                "films/Rain/poster.png": "",
                "films/Two.ko.mkv": film(),
                "films/Two.en.mkv": film(),
                "films/no name": film(),
                "films/no picture.mp4": made("mp4", *TONE),
                "sound/Album/CD1/01 One.mp3": sound(),
                "sound/Album/CD2/02 Two.ogg": sound("ogg"),
                "sound/Album/cover.jpg": "",
                "sound/A poem.ko.mp3": sound(),
                "sound/A poem.ko.srt": KOREAN,
            },
        ),
        workers,
    )


def versions(library: Library) -> dict[str, Version]:
    """The first version of every work, by the title that it has there."""
    return {one.versions[0].title: one.versions[0] for one in library.publications}


def film_of(library: Library, title: str) -> Film:
    """The film of that title."""
    work = versions(library)[title].work
    assert isinstance(work, Film)
    return work


def test_files_and_folders_are_works_with_titles_of_their_own(library: Library) -> None:
    """Each file is a work, each folder a film, an album, or a series in the natural order."""
    assert [(one.series.in_language(""), one.versions[0].title) for one in library.publications] == [
        ("", "Harbour"),
        ("", "In it"),
        ("", "no name"),
        ("Rain", "Season 1 · Rain E1"),
        ("Rain", "Season 1 · Rain E10"),
        ("Rain", "Season 2 · Rain E1"),
        ("", "The Kite 2014"),
        ("", "Two"),
        ("", "no picture"),
        ("", "A poem"),
        ("", "Album"),
    ]
    (two,) = (one for one in library.publications if one.versions[0].title == "Two")
    assert [version.language for version in two.versions] == ["en", "ko"]


def test_everything_has_one_outcome(library: Library) -> None:
    """Each file is taken, passed over or warned of; what is not shown says why."""
    final = {remark.source: remark for remark in library.remarks if remark.outcome in (*FINAL, Outcome.WARNING)}
    passed = {name: remark.message for name, remark in final.items() if remark.outcome is not Outcome.TAKEN}
    assert passed == {
        "films/Harbour/sample.mkv": "a sample of the film",
        "films/Harbour/theme.mp3": "sound beside a film: put it into sound/ to include it",
        "films/Harbour/fanart.jpg": "one picture stands for the work, and this is another (`cover` chooses)",
        "films/Harbour/GRP.txt": "a text beside film or sound: call it about.<language>.md, or put it in articles/",
        "sound/A poem.ko.srt": "only films have subtitles: put the words of sound into about.<language>.md",
    }
    assert len(final) == 29


def test_content_decides_and_not_the_name(library: Library) -> None:
    """A film without an ending is one, and an MP4 without pictures is sound."""
    assert isinstance(versions(library)["no name"].work, Film)
    assert isinstance(versions(library)["no picture"].work, Sound)


@pytest.mark.parametrize(
    ("title", "languages"),
    [
        ("The Kite 2014", ["en"]),
        ("Harbour", ["en", "ko"]),
        ("In it", ["ko", "en"]),
        ("Season 1 · Rain E1", ["ko"]),
        ("Season 1 · Rain E10", ["en"]),
        ("Season 2 · Rain E1", []),
    ],
)
def test_subtitles_beside_and_inside_belong_to_their_film(library: Library, title: str, languages: list[str]) -> None:
    """They are found by the film's name, in its folder and in it, in the language of their names or their words."""
    assert sorted(one.language for one in film_of(library, title).subtitles) == sorted(languages)


def test_times_of_embedded_subtitles_stay(library: Library) -> None:
    """What lies in a film is shown when the film says, to the millisecond but for the first moment of a container."""
    cues = [cue for one in film_of(library, "In it").subtitles for cue in one.cues]
    assert {cue.end_ms - cue.start_ms for cue in cues} == {200}
    assert {cue.lines for cue in cues} == {("비가 옵니다",), ("It is raining again, and we stay at home",)}


def test_posters_chapters_and_pages_about(library: Library) -> None:
    """A poster is called so or like the film, or lies in the series' folder; chapters and words come from files."""
    harbour = film_of(library, "Harbour")
    posters = {title: one.work.cover.source.label for title, one in versions(library).items() if one.work.cover}
    assert posters == {
        "Harbour": "films/Harbour/poster.jpg",
        "The Kite 2014": "films/The.Kite.2014.1080p.WEB-DL.x264-GRP.jpg",
        "Season 1 · Rain E1": "films/Rain/poster.png",
        "Album": "sound/Album/cover.jpg",
    }
    assert harbour.chapters == (("Start", 0), ("The boat", 200))
    assert [page.language for page in harbour.about] == ["en"]
    assert film_of(library, "In it").chapters == (("The harbour", 0),)


def test_album_is_one_work_with_its_tracks_in_order(library: Library) -> None:
    """Folders of one album are gone through in their order, whatever form the files have."""
    assert [track.title for track in versions(library)["Album"].recordings] == ["01 One", "02 Two"]


def test_sound_is_chosen_by_language(tmp_path: Path, workers: Workers) -> None:
    """Of several tracks the one that the definition asks for is played, and it says the film's language."""
    folder = make_files(
        tmp_path / "bundle",
        {
            "in it.mkv": embedded(tmp_path / "parts"),
            "bundle.toml": '[[publication]]\nsource = "in it.mkv"\nsound = "ko"\n',
        },
    )
    (work,) = read_bundle(folder, workers).publications
    assert (work.versions[0].language, work.versions[0].recordings[0].heard) == ("ko", 1)


@pytest.mark.parametrize("files", [{"films/a.mkv": b"no film"}, {"films/a.avi": b"RIFF\x20\0\0\0AVI LIST" + bytes(99)}])
def test_what_is_no_film_is_named(tmp_path: Path, workers: Workers, files: dict[str, bytes]) -> None:
    """What ffmpeg cannot read stops the build with its name."""
    with pytest.raises(SourceError) as refusal:
        read_bundle(make_files(tmp_path, files), workers)
    assert str(refusal.value.where) == next(iter(files))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("The.Window.2012.1080p.BluRay.x264-GRP", "The Window 2012"),
        ("[SubGroup] Rain - 01 (720p) [ABCD1234]", "Rain - 01"),
        ("Rain.E01.150101.HDTV.H264.720p-NEXT", "Rain E01 150101"),
        ("비.E01.720p", "비 E01"),
        ("A web of rain", "A web of rain"),
        ("1080p", "1080p"),
        ("Mr. Kim", "Mr. Kim"),
    ],
)
def test_titles_do_not_tell_who_copied_a_film(name: str, title: str) -> None:
    """Of a file's name the title is what stands before its form, with the words that points join."""
    assert title_of_film(name) == title


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Film.ko.srt", "ko"),
        ("Film_Korean.forced.srt", "ko"),
        ("Film.kor.srt", "ko"),
        ("Film.chs.ass", "zh-Hans"),
        ("Korean/Film.srt", "ko"),
        ("Film.srt", ""),
        ("2_English.srt", "en"),
        ("Leave it.srt", ""),
    ],
)
def test_language_of_subtitles_by_name(name: str, language: str) -> None:
    """What stands behind the film's name may say the language, in two letters, three or in full."""
    assert language_beside(PurePosixPath("films") / name, ["Film", "Leave it"]) == language


@pytest.mark.parametrize(
    "text",
    [
        "0:00 Start\n12:30 - The harbour\n1:02:03.5 End\n",
        "CHAPTER01=00:00:00.000\nCHAPTER01NAME=Start\nCHAPTER02=00:12:30.000\nCHAPTER02NAME=The harbour\n"
        "CHAPTER03=01:02:03.500\nCHAPTER03NAME=End\n",
    ],
)
def test_chapters_are_listed_in_two_forms(text: str) -> None:
    """A line each as people write them, or OGM's two."""
    assert listed_chapters(text) == (("Start", 0), ("The harbour", 750_000), ("End", 3_723_500))
