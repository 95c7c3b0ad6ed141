"""Films and sound that are imported: recordings as they are, all words as plain texts; and what inspection tells."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from packager.importing import ImportedSource, import_sources
from packager.importing.inspection import inspect
from packager.model import Film, Library, Sound
from packager.report.imported import inspected_text
from packager.sandbox.pool import Workers
from tests.helpers.builders import packager
from tests.helpers.reading import make_files, read_bundle
from tests.helpers.small_films import KOREAN, film, film_with_all, sound


def imported(bundle: Path, workers: Workers, *sources: Path) -> dict[str, Path]:
    """The files of a bundle into which sources have gone, by their paths in it."""
    told: list[ImportedSource] = []
    import_sources(sources, bundle, workers, told.append)
    assert not [one.refusal for one in told if one.refusal]
    return {path.relative_to(bundle).as_posix(): path for path in sorted(bundle.rglob("*")) if path.is_file()}


def read_again(bundle: Path) -> Library:
    """What a build reads of a bundle, by processes that did not import it: these may read nothing else."""
    with Workers(1) as workers:
        return read_bundle(bundle, workers)


def test_a_film_goes_in_with_all_that_is_in_it(tmp_path: Path, workers: Workers) -> None:
    """Subtitles and chapters inside it become texts beside it, and a build reads the same again."""
    source = tmp_path / "Harbour.mkv"
    source.write_bytes(film_with_all(tmp_path / "parts"))
    files = imported(tmp_path / "bundle", workers, source)
    assert set(files) == {
        "bundle.toml",
        "films/harbour/chapters.txt",
        "films/harbour/harbour.en.srt",
        "films/harbour/harbour.ko.srt",
        "films/harbour/harbour.mkv",
    }
    assert files["films/harbour/chapters.txt"].read_text("utf-8") == "0:00:00.000 The harbour\n"
    assert files["films/harbour/harbour.mkv"].read_bytes() == source.read_bytes()
    (work,) = read_again(tmp_path / "bundle").publications
    assert isinstance(work.versions[0].work, Film)
    assert {one.language for one in work.versions[0].work.subtitles} == {"en", "ko"}


def test_a_film_takes_no_space_again(tmp_path: Path, workers: Workers) -> None:
    """On one disk the bundle's file is the source's, under a second name or as a clone."""
    source = tmp_path / "Harbour.mkv"
    source.write_bytes(film())
    free = _free_blocks(tmp_path)
    files = imported(tmp_path / "bundle", workers, source)
    is_second_name = files["films/harbour/harbour.mkv"].samefile(source)
    assert is_second_name or _free_blocks(tmp_path) == free


def _free_blocks(folder: Path) -> int:
    return os.statvfs(folder).f_bfree


@pytest.mark.parametrize("kind", ["series", "album"])
def test_a_folder_goes_in_as_what_it_is(tmp_path: Path, workers: Workers, kind: str) -> None:
    """A series keeps its name and its order, an album its tracks."""
    if kind == "series":
        folder = make_files(
            tmp_path / "Rain", {"E1.mkv": film(), "E1.srt": KOREAN, "E10.mkv": film(), "E2.mkv": film()}
        )
        shelf = [("Rain", "E1", 1), ("Rain", "E2", 1), ("Rain", "E10", 1)]
    else:
        folder = make_files(tmp_path / "Songs", {"02 b.mp3": sound(), "01 a.mp3": sound(), "cover.jpg": ""})
        shelf = [("", "Songs", 2)]
    imported(tmp_path / "bundle", workers, folder)
    works = read_again(tmp_path / "bundle").publications
    found = [(one.series.in_language(""), one.versions[0].title, len(one.versions[0].recordings)) for one in works]
    assert found == shelf
    first = works[0].versions[0].work
    assert isinstance(first, Film | Sound)
    assert first.subtitles if isinstance(first, Film) else first.cover


def test_inspection_tells_length_streams_and_what_a_film_betrays(tmp_path: Path, workers: Workers) -> None:
    """Who made it, where and with what stands in its tags, and none of it goes on."""
    source = tmp_path / "Harbour.mkv"
    told = ("-metadata", "title=Kim's birthday", "-metadata", "location=+37.5+127.0/", "-metadata", "artist=Kim")
    source.write_bytes(film_with_all(tmp_path / "parts", *told))
    text = inspected_text(inspect(source, workers, tmp_path))
    assert 'a film in en, "Harbour": 0:00 min' in text
    assert "mpeg4 of 64 x 48 pixels, 25 pictures a second; vorbis in eng, 1 channel, 44100 Hz" in text
    assert "subtitles in ko, en" in text
    for trace in ("title: Kim's birthday", "location: +37.5+127.0/", "artist: Kim", "encoder: Lavf"):
        assert f"Betrays   {trace}" in text
        assert "reaches the tree, as" not in text


def test_a_folder_of_many_kinds_of_sound_goes_in_as_each(tmp_path: Path, workers: Workers) -> None:
    """An album in discs, a programme and loose recordings are four works, not one."""
    names = ("Songs/CD1/1 rain.mp3", "Songs/CD2/1 snow.mp3", "Hour/2031-03-08.mp3", "Hour/2031-03-15.mp3")
    downloads = make_files(tmp_path / "sound", dict.fromkeys((*names, "a memo.mp3", "REC 0041.mp3"), sound()))
    imported(tmp_path / "bundle", workers, downloads)
    works = {one.versions[0].title: one.versions[0].recordings for one in read_again(tmp_path / "bundle").publications}
    assert {title: len(recordings) for title, recordings in works.items()} == {
        "Songs": 2,
        "Hour": 2,
        "a memo": 1,
        "REC 0041": 1,
    }


def test_where_a_film_cannot_be_read_the_exit_code_says_so(tmp_path: Path) -> None:
    """The others go in."""
    downloads = make_files(tmp_path / "films", {"Rain.mkv": film(), "Harbour.mp4": b"\0\0\0\x18ftypmp42" + bytes(99)})
    ended = packager("import", downloads, tmp_path / "bundle")
    assert ended.returncode == 4, ended.stdout
    assert "Harbour.mp4" in ended.stdout
    assert [one.versions[0].title for one in read_again(tmp_path / "bundle").publications] == ["Rain"]


def test_what_is_imported_again_is_told(tmp_path: Path) -> None:
    """With where it lies already; another film beside it is none of that."""
    downloads = make_files(tmp_path / "downloads", {"Rain.mkv": film(), "Rain.ko.srt": KOREAN, "boats.en.md": "Fold."})
    for again in (False, True):
        for name in ("Rain.mkv", "boats.en.md"):
            ended = packager("import", downloads / name, tmp_path / "bundle")
            assert ended.returncode == 0
            assert ("the bundle has the same already" in ended.stdout) is again
    other = make_files(tmp_path / "other", {"Rain.mkv": film("mp4")})
    assert "already" not in packager("import", other / "Rain.mkv", tmp_path / "bundle").stdout
