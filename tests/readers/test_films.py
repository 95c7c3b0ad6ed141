"""Films, series and sound in a bundle: what is one work, what it is called, and what lies beside or in it."""

from __future__ import annotations

import struct
import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from packager.errors import SourceError
from packager.model import Film, Library, Outcome, Sound, Version
from packager.model.blocks import words_of
from packager.model.digests import digest
from packager.readers.belonging import language_beside
from packager.readers.films.beside import listed_chapters
from packager.sandbox.pool import Workers
from packager.sandbox.programs import MissingProgram
from packager.text.film_names import title_of_film
from tests.helpers import films
from tests.helpers.reading import FINAL, make_files, read_bundle
from tests.helpers.small_films import ENGLISH, KOREAN, film, film_with_all, sound

SMI = "<SAMI><BODY><SYNC Start=100><P Class=KRCC>비가 옵니다<SYNC Start=300><P Class=KRCC>&nbsp;</BODY></SAMI>"


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
                "films/In it.mkv": film_with_all(folder / "parts"),
                "films/Rain/Season 2/Rain.E1.mkv": film(),
                "films/Rain/Season 1/Rain.E10.mkv": film(),
                "films/Rain/Season 1/Rain.E1.mkv": film(),
                "films/Rain/Season 1/Rain.E1.srt": KOREAN,
                "films/Rain/Season 1/Subs/Rain.E10/2_English.srt": ENGLISH,
                "films/Rain/poster.png": "",
                "films/Two.ko.mkv": film(),
                "films/Two.en.mkv": film(),
                "films/no name": film(),
                "films/no picture.mp4": sound("mp4"),
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


def test_where_names_may_tell_a_folder_has_the_series_in_its_name(tmp_path: Path, workers: Workers) -> None:
    """So that the first episodes of two series are told apart, and no name says the same twice."""
    episodes = "Rain/Episode 1", "Rain/Episode 2", "Kite/Kite 1", "Kite/Kite 2"
    files: dict[str, str | bytes] = {f"films/{name}.mkv": film() for name in episodes}
    files["bundle.toml"] = 'title = "A shelf"\nlanguages = ["en"]\nnames = "titles"\n'
    ids = [one.id for one in read_bundle(make_files(tmp_path / "bundle", files), workers).publications]
    assert sorted(ids) == ["kite-1", "kite-2", "rain-episode-1", "rain-episode-2"]


def test_everything_has_one_outcome(library: Library) -> None:
    """Each file is taken, passed over or warned of; what is not shown says why."""
    final = {remark.source: remark for remark in library.remarks if remark.outcome in (*FINAL, Outcome.WARNING)}
    passed = {name: remark.message for name, remark in final.items() if remark.outcome is not Outcome.TAKEN}
    assert passed == {
        "films/Harbour/sample.mkv": "a sample of the film",
        "films/Harbour/theme.mp3": "sound beside a film: put it into sound/ to include it",
        "films/Harbour/fanart.jpg": "one picture stands for the work, and this is another (`cover` chooses)",
        "films/Harbour/GRP.txt": "a text beside film or sound: call it about.<language>.md, or put it in articles/",
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
    """Folders of one album are gone through in their order, whatever form the files have, and named."""
    titles = [track.title for track in versions(library)["Album"].recordings]
    assert titles == ["CD1 · 01 One", "CD2 · 02 Two"]


def test_a_cover_in_sound_stands_for_it(tmp_path: Path, workers: Workers) -> None:
    """Albums mostly carry their covers inside their tracks."""
    parts = make_files(tmp_path / "parts", {"a.mp3": sound(), "cover.jpg": ""})
    inputs = ("-i", str(parts / "a.mp3"), "-i", str(parts / "cover.jpg"), "-map", "0", "-map", "1", "-c", "copy")
    films.run(*inputs, str(parts / "track.mp3"))
    track = (parts / "track.mp3").read_bytes()
    library = read_bundle(make_files(tmp_path / "bundle", {"sound/Songs/1.mp3": track}), workers)
    cover = versions(library)["Songs"].work.cover
    assert cover is not None
    assert (cover.width, cover.height) == (30, 42)


def test_what_lies_among_comics_and_texts_is_named(tmp_path: Path, workers: Workers) -> None:
    """A film in the wrong folder is a warning with what to do about it, and what comes with copies says so."""
    folder = make_files(
        tmp_path / "bundle",
        {
            "comics/a/1.jpg": "",
            "comics/a/2.jpg": "",
            "comics/a/trailer.mkv": film(),
            "comics/b.mkv": film(),
            "articles/c.mp3": sound(),
            "films/d.mkv": film(),
            "films/d.idx": "x",
            "films/d.nfo": "x",
            "films/e.mkv.part": film(),
            "films/other.srt": KOREAN,
        },
    )
    final = {one.source: (one.outcome, one.message) for one in read_bundle(folder, workers).remarks}
    assert (
        final["comics/a/trailer.mkv"]
        == final["comics/b.mkv"]
        == (
            Outcome.WARNING,
            "not taken: it is not in films/: move it there to include it",
        )
    )
    assert final["articles/c.mp3"] == (
        Outcome.WARNING,
        "not taken: it is not in sound/: move it there to include it",
    )
    assert final["films/d.idx"] == (Outcome.WARNING, "not taken: save subtitles as SRT")
    assert final["films/d.nfo"] == (Outcome.PASSED_OVER, "it tells where something was copied from")
    assert final["films/e.mkv.part"] == (
        Outcome.PASSED_OVER,
        "it is a copy or an unfinished download that a program keeps",
    )
    assert final["films/other.srt"] == (
        Outcome.WARNING,
        "not taken: its name is that of no film beside it, or of several: call it as its film is called",
    )


def test_a_silent_film_is_no_track(tmp_path: Path, workers: Workers) -> None:
    """In an album it is named and left out."""
    silent = films.run("-f", "lavfi", "-i", "testsrc=size=64x48:duration=0.4", "-f", "matroska", "pipe:1")
    files = make_files(tmp_path / "bundle", {"sound/Songs/1.mp3": sound(), "sound/Songs/2.mkv": silent})
    library = read_bundle(files, workers)
    assert [track.title for track in versions(library)["Songs"].recordings] == ["1"]
    warnings = [(one.source, one.message) for one in library.remarks if one.outcome is Outcome.WARNING]
    assert warnings == [("sound/Songs/2.mkv", "holds no sound: not taken")]


def test_subtitles_of_another_cut_are_named(tmp_path: Path, workers: Workers) -> None:
    """What comes behind the end of a film is never seen; a line that only stays on to the end or past it is."""
    late = KOREAN + "\n2\n00:10:00,000 --> 00:10:02,000\n아직도 비가 옵니다\n"
    seen = KOREAN.replace("00:00:00,300", "00:00:09,000")
    files: dict[str, str | bytes] = {
        "films/a.mkv": film(),
        "films/a.srt": late,
        "films/b.mkv": film(),
        "films/b.srt": seen,
    }
    library = read_bundle(make_files(tmp_path / "bundle", files), workers)
    assert [(one.source, one.message) for one in library.remarks if one.outcome is Outcome.WARNING] == [
        (
            "films/a.srt",
            "1 of its 2 subtitles in Korean (ko) come behind the film's end (0:00): are they those of another cut?",
        )
    ]


def test_words_of_sound_can_be_read(library: Library) -> None:
    """What is subtitles beside a film is a page beside sound."""
    poem = versions(library)["A poem"].work
    assert isinstance(poem, Sound)
    assert [(page.language, words_of(page.blocks)) for page in poem.about] == [("ko", "비가 옵니다")]


def test_two_files_of_one_film_in_one_language_are_refused(tmp_path: Path, workers: Workers) -> None:
    """The message says how names tell them apart."""
    folder = make_files(tmp_path / "bundle", {"films/a.ko.mkv": film(), "films/a.ko.mp4": film("mp4")})
    with pytest.raises(SourceError) as refusal:
        read_bundle(folder, workers)
    assert "`name.ko.mp4`" in refusal.value.hint


def test_sound_is_chosen_by_language(tmp_path: Path, workers: Workers) -> None:
    """Of several tracks the one that the definition asks for is played, and it says the film's language."""
    folder = make_files(
        tmp_path / "bundle",
        {
            "in it.mkv": film_with_all(tmp_path / "parts"),
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


@pytest.mark.parametrize(
    ("files", "shelf"),
    [
        (("E1.mkv", "E2.mkv", "E10.mkv"), [("bundle", "E1"), ("bundle", "E2"), ("bundle", "E10")]),
        (("a.mkv", "sample.mkv", "Subs/ko.srt", "note.txt"), [("", "bundle")]),
        (("Harbour.mkv", "Rain.mkv"), [("", "Harbour"), ("", "Rain")]),
        (("1.mp3", "2.mp3"), [("", "bundle")]),
        (("Harbour.mkv", "words.md"), [("", "words"), ("", "Harbour")]),
        (("1.jpg", "2.jpg", "trailer.mkv"), [("", "bundle"), ("", "trailer")]),
    ],
)
def test_bare_folder_is_what_it_holds(
    tmp_path: Path, workers: Workers, files: tuple[str, ...], shelf: list[tuple[str, str]]
) -> None:
    """Without folders of works it is one film, a series or an album itself, or holds several works."""
    contents: dict[str, str | bytes] = {
        "mkv": film(),
        "mp3": sound(),
        "jpg": "",
        "srt": KOREAN,
        "md": "Words of some length.",
        "txt": "x",
    }
    folder = make_files(tmp_path / "bundle", {name: contents[name.rpartition(".")[2]] for name in files})
    works = read_bundle(folder, workers).publications
    assert [(one.series.in_language(""), one.versions[0].title) for one in works] == shelf


def test_listed_sources_are_films_wherever_they_lie(tmp_path: Path, workers: Workers) -> None:
    """A file with what is called like it, a folder as a series; what is not listed is named."""
    folder = make_files(
        tmp_path,
        {
            "x/a.mkv": film(),
            "x/a.ko.srt": KOREAN,
            "x/b.mkv": film(),
            "y/E1.mkv": film(),
            "y/E2.mkv": film(),
            "bundle.toml": '[[publication]]\nsource = "x/a.mkv"\ntitle = "A"\n'
            '[[publication]]\nsource = "y"\nflow = "pages"\n',
        },
    )
    library = read_bundle(folder, workers)
    assert [(one.series.in_language(""), one.versions[0].title) for one in library.publications] == [
        ("x", "A"),
        ("y", "E1"),
        ("y", "E2"),
    ]
    assert len(film_of(library, "A").subtitles) == 1
    warnings = {remark.source: remark.message for remark in library.remarks if remark.outcome is Outcome.WARNING}
    assert warnings == {
        "y/E1.mkv": "`flow` in bundle.toml does nothing for film and sound",
        "y/E2.mkv": "`flow` in bundle.toml does nothing for film and sound",
    }
    assert [one.source for one in library.remarks if one.outcome is Outcome.PASSED_OVER] == ["x/b.mkv"]


@pytest.fixture
def films_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle with three films and a text, on a computer without ffmpeg."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)  # without the extra
    videos: dict[str, str | bytes] = {f"films/{number}.mkv": b"\x1aE\xdf\xa3" for number in range(3)}
    return make_files(tmp_path / "bundle", videos | {"articles/rain.en.md": "It rained for nine days."})


def test_without_ffmpeg_one_line_says_what_to_install(films_alone: Path, workers: Workers) -> None:
    """A hundred films are no hundred lines; the first is named."""
    with pytest.raises(MissingProgram) as refusal:
        read_bundle(films_alone, workers)
    assert refusal.value.where == "films/0.mkv"
    assert "ffmpeg" in refusal.value.what
    assert refusal.value.hint.startswith("Install ffmpeg")


def test_without_ffmpeg_films_may_be_left_out(films_alone: Path, workers: Workers) -> None:
    """As all that cannot be read, each named with its reason."""
    library = read_bundle(films_alone, workers, skip_damaged=True)
    assert [one.versions[0].title for one in library.publications] == ["rain"]
    damaged = [remark for remark in library.remarks if remark.outcome is Outcome.DAMAGED]
    assert [remark.source for remark in damaged] == ["films/0.mkv", "films/1.mkv", "films/2.mkv"]
    assert all("ffmpeg" in remark.message for remark in damaged)


def test_a_work_is_the_same_whatever_ffmpeg_tells_of_it(library: Library) -> None:
    """Another version of ffmpeg may round a length otherwise: for that no edition is new, and for other bytes it is."""
    work = film_of(library, "Harbour")
    told = replace(work, recording=replace(work.recording, seconds=0.41, codec="mpeg4 (Simple)"))
    other = replace(work, recording=replace(work.recording, checksum=work.recording.checksum + 1))
    assert digest(told) == digest(work) != digest(other)


def test_a_film_that_does_not_say_how_long_it_is_is_gone_through(tmp_path: Path, workers: Workers) -> None:
    """What was recorded from the air often says nothing."""
    source = ("-f", "lavfi", "-i", "testsrc=size=64x48:duration=2", "-c:v", "mpeg4")
    told = films.run(*source, "-f", "matroska", "-live", "1", "pipe:1")
    (work,) = read_bundle(make_files(tmp_path / "bundle", {"films/a.mkv": told}), workers).publications
    assert work.versions[0].recordings[0].seconds == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize(("hours", "words"), [(87_600, "12:00:00 are read"), (11, "hold very little")])
def test_a_length_that_cannot_be_is_refused_by_the_name_of_the_film(
    tmp_path: Path, workers: Workers, hours: int, words: str
) -> None:
    """A plan would reserve space for it, of which nobody knew what takes it."""
    films.run("-f", "lavfi", "-i", "testsrc=size=64x48:duration=1", "-c:v", "mpeg4", str(tmp_path / "a.mkv"))
    told = bytearray((tmp_path / "a.mkv").read_bytes())
    place = told.index(b"\x44\x89\x88") + 3  # Matroska's Duration, of eight bytes, in milliseconds
    told[place : place + 8] = struct.pack(">d", hours * 3_600_000)
    with pytest.raises(SourceError) as error:
        read_bundle(make_files(tmp_path / "bundle", {"films/Rain.mkv": bytes(told)}), workers)
    assert f"says that it lasts {hours}:00:00" in error.value.what
    assert words in error.value.what
    assert error.value.where == "films/Rain.mkv"


def test_a_stream_that_cannot_be_read_is_named(tmp_path: Path, workers: Workers) -> None:
    """The sound behind it is heard."""
    source = ("-f", "lavfi", "-i", "testsrc=size=64x48:duration=1", "-f", "lavfi", "-i", "sine=duration=1")
    codecs = ("-map", "0", "-map", "1", "-map", "1", "-c:v", "mpeg4", "-c:a:0", "ac3", "-c:a:1", "libmp3lame")
    told = films.run(*source, *codecs, "-f", "matroska", "pipe:1").replace(b"A_AC3", b"A_XYZ")
    library = read_bundle(make_files(tmp_path / "bundle", {"films/a.mkv": told}), workers)
    ((version,),) = (work.versions for work in library.publications)
    assert (version.recordings[0].sound, version.recordings[0].heard) == (1, 0)
    assert any(one.message.startswith("a stream of pictures or sound in it cannot be read") for one in library.remarks)
