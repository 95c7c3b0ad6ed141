"""Folders of archives, books and chapters: what is one series or one comic, and what its parts are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.model import Direction, Library, Outcome, Version
from packager.readers.comics.info import parse_comic_info
from packager.sandbox.pool import Workers
from tests.helpers.books import comic_book, jpeg, page, write_pdf
from tests.helpers.builders import write
from tests.helpers.reading import (
    comic_of,
    make_archive,
    make_files,
    messages,
    only_version,
    outcomes,
    page_names,
    read_bundle,
)


def shelf(library: Library) -> list[tuple[str, str]]:
    """The series and the title of each work in the library."""
    return [(one.series.in_language(""), one.versions[0].title) for one in library.publications]


def chapters(version: Version) -> list[tuple[str, int]]:
    """The titles of a comic's chapters, with the first page of each."""
    return [(chapter.title, chapter.first) for chapter in comic_of(version).chapters]


def info(**said: str) -> str:
    """A ComicInfo.xml."""
    return f"<ComicInfo>{''.join(f'<{name}>{text}</{name}>' for name, text in said.items())}</ComicInfo>"


# Series


def test_a_folder_of_archives_is_a_series(tmp_path: Path, workers: Workers) -> None:
    """Chapters of two series are often called alike."""
    for series in ("Harbour", "Lighthouse"):
        for number in (10, 9):
            make_archive(tmp_path / "comics" / series / f"Chapter {number}.cbz", {"1.png": ""})
    assert shelf(read_bundle(tmp_path, workers)) == [
        ("Harbour", "Chapter 9"),
        ("Harbour", "Chapter 10"),
        ("Lighthouse", "Chapter 9"),
        ("Lighthouse", "Chapter 10"),
    ]


def test_archives_in_folders_are_called_after_these_too(tmp_path: Path, workers: Workers) -> None:
    """What all lie in belongs to the name of the series."""
    for place in ("Vol 1/Chapter 1", "Vol 2/Chapter 2"):
        make_archive(tmp_path / "comics" / "An Author" / "Harbour" / f"{place}.cbz", {"1.png": ""})
    assert shelf(read_bundle(tmp_path, workers)) == [
        ("An Author · Harbour", "Vol 1 · Chapter 1"),
        ("An Author · Harbour", "Vol 2 · Chapter 2"),
    ]


@pytest.mark.parametrize(
    ("name", "expected"), [("Harbour 01 (2026)", ("", "Harbour 01 (2026)")), ("Chapter 1", ("Harbour", "Chapter 1"))]
)
def test_an_archive_alone_in_its_folder(tmp_path: Path, workers: Workers, name: str, expected: tuple[str, str]) -> None:
    """It needs no series where its own name says as much."""
    make_archive(tmp_path / "comics" / "Harbour" / f"{name}.cbz", {"1.png": ""})
    assert shelf(read_bundle(tmp_path, workers)) == [expected]


def test_books_beside_other_things_are_read(tmp_path: Path, workers: Workers) -> None:
    """Whatever lies beside: pages make a comic of their own, and a cover alone stands for the first book."""
    make_files(tmp_path / "comics", {"a/1.png": "", "a/2.png": "", "b/cover.png": ""})
    for number in (1, 3):
        write_pdf(tmp_path / "comics" / "b" / f"Vol {number}.pdf", [jpeg()])
    make_archive(tmp_path / "comics" / "b" / "Vol 2.cbz", {"1.png": ""})
    comic_book(tmp_path / "comics" / "a" / "Extra.epub", {"1.xhtml": page("a.png")}, ["a.png"])
    library = read_bundle(tmp_path, workers)
    assert shelf(library)[0] == ("", "a")
    assert [series for series, _ in shelf(library)] == ["", "a", "b", "b", "b"]
    assert [title for _, title in shelf(library)][2:] == ["Vol 1", "Vol 2", "Vol 3"]
    covers = [comic_of(one.versions[0]).cover for one in library.publications]
    assert [cover.source.label if cover else "" for cover in covers][2:] == ["comics/b/cover.png", "", ""]
    assert outcomes(library)["comics/b/cover.png"] is Outcome.TAKEN


@pytest.mark.parametrize("folder", ["comics", "comics/Harbour"])
def test_a_picture_called_like_a_work_beside_it_is_its_cover(tmp_path: Path, workers: Workers, folder: str) -> None:
    """As programs that keep collections put them; it is no comic of one page, and no page of another."""
    for number in (1, 2):
        make_archive(tmp_path / folder / f"Vol {number}.cbz", {"1.png": ""})
    make_files(tmp_path / folder, {"Vol 1.png": "", "vol_2.PNG": ""})
    library = read_bundle(tmp_path, workers)
    assert [title for _, title in shelf(library)] == ["Vol 1", "Vol 2"]
    covers = [comic_of(one.versions[0]).cover for one in library.publications]
    assert [cover and cover.source.label for cover in covers] == [f"{folder}/Vol 1.png", f"{folder}/vol_2.PNG"]
    assert [page_names(one.versions[0]) for one in library.publications] == [["1.png"], ["1.png"]]


def test_a_picture_called_like_a_folder_beside_it_is_its_cover(tmp_path: Path, workers: Workers) -> None:
    """Pictures called otherwise are a comic of their own."""
    make_files(tmp_path / "comics", {"Boat.png": "", "Boat/1.png": "", "Boat/2.png": "", "x1.png": "", "x2.png": ""})
    library = read_bundle(tmp_path, workers)
    pages = {one.versions[0].title: page_names(one.versions[0]) for one in library.publications}
    assert pages == {"comics": ["x1.png", "x2.png"], "Boat": ["1.png", "2.png"]}
    assert outcomes(library)["comics/Boat.png"] is Outcome.TAKEN


def test_pages_beside_files_called_like_them_stay_pages(tmp_path: Path, workers: Workers) -> None:
    """What a program keeps of each page, also in folders, is no work."""
    beside = {"1.json": b"{}", "2.psd": b"8BPS", "._1.png": b"x", "1/a.json": b"{}"}
    make_files(tmp_path / "comics" / "a", {"1.png": "", "2.png": "", **beside})
    make_files(tmp_path / "comics", {"b/note.json": b"{}", "b.png": ""})
    (tmp_path / "comics" / "empty").mkdir()
    library = read_bundle(tmp_path, workers)
    pages = {one.versions[0].title: page_names(one.versions[0]) for one in library.publications}
    assert pages == {"a": ["1.png", "2.png"], "comics": ["b.png"]}


def test_series_in_one_folder_are_comics_each(tmp_path: Path, workers: Workers) -> None:
    """Whoever sorts by author has such folders; volumes that hold chapters are one comic."""
    for series in ("Harbour", "Lighthouse"):
        make_files(tmp_path / "comics" / "An Author" / series, {"Chapter 1/1.png": "", "Chapter 2/1.png": ""})
    make_files(tmp_path / "comics" / "One", {f"Vol {n}/Chapter {n}/1.png": "" for n in (1, 2)})
    make_files(tmp_path / "comics" / "Titles", {"The Door/1.png": "", "The End/1.png": ""})
    library = read_bundle(tmp_path, workers)
    assert shelf(library) == [("An Author", "Harbour"), ("An Author", "Lighthouse"), ("", "One"), ("", "Titles")]
    assert chapters(library.publications[1].versions[0]) == [("Chapter 1", 0), ("Chapter 2", 1)]
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/An Author/Harbour"\n')
    assert shelf(read_bundle(tmp_path, workers)) == [("An Author", "Harbour")]


def test_the_only_folder_in_an_archive_is_no_part_of_a_chapters_title(tmp_path: Path, workers: Workers) -> None:
    """Programs pack folders with what is in them."""
    inner = {
        f"Ch 10.{number}.cbz": make_archive(tmp_path / "made" / f"{number}.cbz", {"images/1.png": ""}).read_bytes()
        for number in (1, 2)
    }
    make_files(tmp_path / "b" / "comics" / "a", inner | {"cover.png": ""})
    version = only_version(read_bundle(tmp_path / "b", workers))
    assert chapters(version) == [("Ch 10.1", 1), ("Ch 10.2", 2)]


def test_what_is_said_of_a_listed_series_holds_for_the_whole(tmp_path: Path, workers: Workers) -> None:
    """A title cannot be that of each chapter, nor an id."""
    for number in (1, 2):
        make_archive(tmp_path / "comics" / "h" / f"Chapter {number}.cbz", {"1.png": ""})
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/h"\nid = "h"\ntitle = "Harbour"\n')
    assert shelf(read_bundle(tmp_path, workers)) == [("Harbour", "Chapter 1"), ("Harbour", "Chapter 2")]
    listed = "".join(f'[[publication]]\nsource = "comics/h/Chapter {number}.cbz"\n' for number in (2, 1))
    write(tmp_path / "bundle.toml", listed)
    assert shelf(read_bundle(tmp_path, workers)) == [("h", "Chapter 2"), ("h", "Chapter 1")]


def test_the_archives_of_a_folder_are_one_series_under_the_name_that_they_say(tmp_path: Path, workers: Workers) -> None:
    """Also those that say none; where they say several, each has its own."""
    for name, said in {"h": ("Harbour", ""), "mixed": ("Harbour", "Lighthouse", "")}.items():
        for number, series in enumerate(said, start=1):
            files = {"1.png": "", "ComicInfo.xml": info(Title=f"Title {number}", Series=series)}
            make_archive(tmp_path / "comics" / name / f"Chapter {number}.cbz", files)
    assert shelf(read_bundle(tmp_path, workers)) == [
        ("Harbour", "Title 1"),
        ("Harbour", "Title 2"),
        ("Harbour", "Title 1"),
        ("Lighthouse", "Title 2"),
        ("mixed", "Title 3"),
    ]


def test_a_comicinfo_beside_archives_names_their_series(tmp_path: Path, workers: Workers) -> None:
    """Readers for telephones keep it there; a broken one is warned of."""
    folder = tmp_path / "comics" / "h"
    for number in (1, 2):
        make_archive(folder / f"Chapter {number}.cbz", {"1.png": ""})
    for said, series, outcome in ((info(Series="Harbour"), "Harbour", Outcome.TAKEN), ("<x>", "h", Outcome.WARNING)):
        write(folder / "ComicInfo.xml", said)
        library = read_bundle(tmp_path, workers)
        assert shelf(library) == [(series, "Chapter 1"), (series, "Chapter 2")]
        assert outcomes(library)["comics/h/ComicInfo.xml"] is outcome


def test_archives_without_numbers_stand_by_those_they_say(tmp_path: Path, workers: Workers) -> None:
    """Which is told; numbers in names go before, and a list before all."""
    folder = tmp_path / "comics" / "Harbour"
    for number, name in {"1": "The Door", "2": "Ants", "10": "Bees", "10.5": "A Cat"}.items():
        make_archive(folder / f"{name}.cbz", {"1.png": "", "ComicInfo.xml": info(Number=number)})
    library = read_bundle(tmp_path, workers)
    assert [title for _, title in shelf(library)] == ["The Door", "Ants", "Bees", "A Cat"]
    assert any("by the numbers in their ComicInfo.xml" in message for message in messages(library, Outcome.DECIDED))
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/Harbour"\n')
    assert [title for _, title in shelf(read_bundle(tmp_path, workers))] == ["A Cat", "Ants", "Bees", "The Door"]
    (tmp_path / "bundle.toml").unlink()
    (folder / "The Door.cbz").rename(folder / "3 The Door.cbz")
    assert [title for _, title in shelf(read_bundle(tmp_path, workers))] == ["3 The Door", "A Cat", "Ants", "Bees"]


# A bundle that is the folder of a series


BARE = {
    "chapters beside a cover": ["cover.png", "Chapter 1/1.png", "Chapter 2/1.png", "Chapter 10/1.png"],
    "chapters alone": ["Chapter 1/1.png", "Chapter 2/1.png", "Chapter 10/1.png"],
    "numbers alone": ["1/1.png", "2/1.png", "10/1.png"],
    "with extras": ["第1話/1.png", "第2話/1.png", "番外編/1.png"],
    "titles beside a cover": ["cover.png", "The Door/1.png", "The End/1.png"],
}


@pytest.mark.parametrize("names", BARE.values(), ids=list(BARE))
def test_the_folder_of_a_series_as_bundle_is_one_comic(tmp_path: Path, workers: Workers, names: list[str]) -> None:
    """It is called after the folder, as it would be in `comics/`; texts beside are articles."""
    bundle = make_files(tmp_path / "Harbour", dict.fromkeys(names, "") | {"details.json": "{}"})
    write(bundle / "notes.md", "# Notes\n\nThe boat is on the lake.\n")
    library = read_bundle(bundle, workers)
    assert shelf(library) == [("", "Harbour"), ("", "Notes")]
    version = library.publications[0].versions[0]
    assert [picture.source.label for picture in version.pictures] == names
    assert [title for title, _ in chapters(version)] == [name.split("/")[0] for name in names if "/" in name]


SEVERAL = {
    "titles": ["Harbour/1.png", "Lighthouse/1.png"],
    "numbers before titles": ["01 Harbour/1.png", "02 Lighthouse/1.png"],
    "pages beside": ["1.png", "2.png", "Chapter 1/1.png", "Chapter 2/1.png"],
}


@pytest.mark.parametrize("names", SEVERAL.values(), ids=list(SEVERAL))
def test_other_folders_in_a_bare_bundle_are_comics_each(tmp_path: Path, workers: Workers, names: list[str]) -> None:
    """Nothing says that they belong together."""
    make_files(tmp_path / "b", dict.fromkeys(names, ""))
    assert len(read_bundle(tmp_path / "b", workers).publications) == len({name.rpartition("/")[0] for name in names})


def test_folders_around_all_chapters_are_in_the_title(tmp_path: Path, workers: Workers) -> None:
    """Author, series, volume: none of these words is lost."""
    names = ["An Author/Harbour/Vol 1/1.png", "An Author/Harbour/Vol 1/2.png", "An Author/Harbour/Vol 2/3.png"]
    for folder in ("bare", "usual/comics"):
        make_files(tmp_path / folder, dict.fromkeys(names, ""))
    for bundle in ("bare", "usual"):
        version = only_version(read_bundle(tmp_path / bundle, workers))
        assert version.title == "An Author · Harbour"
        assert chapters(version) == [("Vol 1", 0), ("Vol 2", 2)]


# ComicInfo.xml


def test_the_comicinfo_of_chapters_names_chapters(tmp_path: Path, workers: Workers) -> None:
    """The whole is called after its folder or archive, and is in the series that they agree on."""
    inner = {
        f"Vol 1 Ch {number}.cbz": make_archive(
            tmp_path / "made" / f"{number}.cbz",
            {"1.png": "", "ComicInfo.xml": info(Title=f"Title {number}", Series="Harbour", Writer=f"Writer {number}")},
        ).read_bytes()
        for number in (1, 2)
    }
    make_archive(tmp_path / "b" / "comics" / "Volume.zip", inner)
    make_files(tmp_path / "b" / "comics" / "Folder", inner | {"cover.png": ""})
    library = read_bundle(tmp_path / "b", workers)
    assert shelf(library) == [("Harbour", "Folder"), ("Harbour", "Volume")]
    folder, volume = (one.versions[0] for one in library.publications)
    assert chapters(volume) == [("Title 1", 0), ("Title 2", 1)]
    assert chapters(folder) == [("Title 1", 1), ("Title 2", 2)]
    assert volume.authors == ("Writer 1", "Writer 2")
    assert not [one for one in messages(library, Outcome.PASSED_OVER) if "ComicInfo" in one]


def test_a_comicinfo_around_all_pages_names_the_whole(tmp_path: Path, workers: Workers) -> None:
    """Wherever it lies, in the folder that holds everything too."""
    make_archive(
        tmp_path / "comics" / "a.cbz",
        {"A/1.png": "", "A/ComicInfo.xml": info(Title="The Door"), "cover.png": "", "A/b/2.png": ""},
    )
    assert only_version(read_bundle(tmp_path, workers)).title == "The Door"


DIRECTIONS = {
    "as it says": (info(Manga="YesAndRightToLeft"), Direction.RTL, "as ComicInfo.xml says"),
    "in small letters": (info(manga=" yesandrighttoleft\n"), Direction.RTL, "as ComicInfo.xml says"),
    "a manga in Japanese": (info(Manga="Yes", LanguageISO="ja"), Direction.RTL, "as manga do"),
    "Japanese, and nothing else": (info(LanguageISO="ja"), Direction.LTR, "nothing says how they do"),
    "a manga in French": (info(Manga="Yes", LanguageISO="fr"), Direction.LTR, ""),
}


@pytest.mark.parametrize(("xml", "direction", "reason"), DIRECTIONS.values(), ids=list(DIRECTIONS))
def test_the_direction_of_a_manga_is_told(
    tmp_path: Path, workers: Workers, xml: str, direction: Direction, reason: str
) -> None:
    """A guess is a decision that the organizer can overrule."""
    make_files(tmp_path / "comics" / "a", {"1.png": "", "2.png": "", "ComicInfo.xml": xml})
    library = read_bundle(tmp_path, workers)
    assert comic_of(only_version(library)).direction is direction
    told = [message for message in messages(library, Outcome.DECIDED) if "(`direction`)" in message]
    assert len(told) == bool(reason)
    assert all(reason in message for message in told)


def test_the_pages_that_a_comicinfo_marks_are_known(tmp_path: Path, workers: Workers) -> None:
    """The front cover stands for the comic, and a double page is split though it is not wide."""
    marks = '<Page Image="0" Type="Other"/><page image="1" type="frontcover"/><Page Image="2" DoublePage="True"/>'
    said = f"<ComicInfo><Pages>{marks}</Pages></ComicInfo>"
    files = {"1.png": "", "2.png": "", "3.png": "", "ComicInfo.xml": said}
    make_archive(tmp_path / "comics" / "a.cbz", files)
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/a.cbz"\nspreads = "split"\nflow = "pages"\n')
    version = only_version(read_bundle(tmp_path, workers))
    assert page_names(version) == ["1.png", "2.png", "3.png", "3.png"]
    cover = comic_of(version).cover
    assert cover is not None
    assert cover.source.label.endswith("/2.png")


@pytest.mark.parametrize(
    ("xml", "name"),
    [
        (info(Series="Harbour", Number="3"), "Harbour 3"),
        (info(Series="Harbour", Volume="2"), "Harbour Vol. 2"),
        (info(Series="Harbour", Volume="2", Number="3"), "Harbour Vol. 2 3"),
        (info(Series="Harbour", Volume="2026", Number="3"), "Harbour 3"),
        (info(Series="Harbour", Volume="-1", Number="3"), "Harbour 3"),
        (info(Title="The Door", Series="Harbour", Number="3"), "The Door"),
        (info(Number="3"), ""),
    ],
)
def test_a_comic_without_a_title_is_called_after_its_place_in_the_series(xml: str, name: str) -> None:
    """Volumes that are years are none."""
    assert parse_comic_info(xml.encode()).name == name
