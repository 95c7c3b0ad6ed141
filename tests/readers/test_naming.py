"""What lies in a bundle under names that say little: links, pictures without an ending, what a dot hides."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest

from packager.errors import SourceError
from packager.model import Comic, Library, Missing, Outcome
from packager.sandbox.pool import Workers
from tests.helpers.builders import make_picture
from tests.helpers.reading import make_archive, make_files, only_version, outcomes, page_names, read_bundle

TEXT = "The boat is on the lake and it is small.\n"


def damaged(library: Library) -> set[str]:
    """The sources that were skipped."""
    return {remark.source for remark in library.remarks if remark.outcome is Outcome.DAMAGED}


# Links


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A bundle with a comic, which lies beside one that is not in it."""
    make_files(tmp_path, {"elsewhere/1.png": "", "b/comics/a/1.png": "", "b/articles/t.md": TEXT})
    return tmp_path / "b"


def test_links_inside_the_bundle_are_followed(linked: Path, workers: Workers) -> None:
    """Folders, archives and pages, under the names of the links."""
    make_files(linked, {"store/c/1.png": "", "store/c/2.png": ""})
    make_archive(linked / "store" / "d.cbz", {"1.png": ""})
    (linked / "comics" / "c").symlink_to("../store/c")
    (linked / "comics" / "d.cbz").symlink_to("../store/d.cbz")
    (linked / "comics" / "a" / "2.png").symlink_to("../../store/c/2.png")
    (linked / "articles" / "all").symlink_to(".")
    library = read_bundle(linked, workers, skip_damaged=True)
    comics = [one.versions[0] for one in library.publications if isinstance(one.versions[0].work, Comic)]
    assert [(comic.title, len(comic.pictures)) for comic in comics] == [("a", 2), ("c", 2), ("d", 1)]
    assert damaged(library) == {"articles/all"}


def test_a_link_is_not_followed_from_another(linked: Path, workers: Workers) -> None:
    """Else folders that link to each other would make more files than any disk holds."""
    for number in range(60):
        (linked / "store" / f"{number}" / "x").mkdir(parents=True)
        for name in ("y", "z"):
            (linked / "store" / f"{number}" / name).symlink_to(f"../{number + 1}")
    (linked / "comics" / "c").symlink_to("../store")
    assert len(read_bundle(linked, workers, skip_damaged=True).publications) == 2


LINKS = {
    "comics/linked": "elsewhere",
    "comics/a/2.png": "elsewhere/1.png",
    "comics/one.cbz": "one.cbz",
    "articles/u.md": "u.md",
    "comics/gone": "nothing",
}


@pytest.mark.parametrize("name", LINKS)
def test_a_link_out_of_the_bundle_stops_the_build(linked: Path, workers: Workers, name: str) -> None:
    """What it leads to is never read; it would be missing without a word."""
    (linked / name).symlink_to(linked.parent / LINKS[name])
    with pytest.raises(SourceError) as refused:
        read_bundle(linked, workers)
    message = str(refused.value)
    assert f"{name}: is a link" in message
    assert "itself here" in message
    library = read_bundle(linked, workers, skip_damaged=True)
    assert damaged(library) == {name}
    missing = [one for one in library.publications[0].versions[0].pictures if isinstance(one, Missing)]
    assert [one.source.label for one in missing] == [name] * name.endswith(".png")


def test_a_linked_folder_of_comics_is_named(linked: Path, workers: Workers) -> None:
    """All comics of a bundle may be elsewhere."""
    (linked / "comics").rename(linked.parent / "comics")
    (linked / "comics").symlink_to(linked.parent / "comics")
    with pytest.raises(SourceError, match="comics: is a link out of the bundle"):
        read_bundle(linked, workers)


# Names that say little


UNTOLD = {
    "no ending": "1",
    "an ending of a download": "1.jpg_large",
    "an address": "1.png?x=1",
    "digits behind the ending": "1.image.png257861",
    "a space": "1.png ",
    "Windows' short name": "1.JPG~1",
    "an unfinished download": "1.png.part",
    "a temporary file": "1.tmp",
    "another ending": "1.image",
    "the name of a note": "readme",
    "the name of a note with an ending": "License_2",
    "the name of a credit": "credits.png",
    "the name of a credit without an ending": "credits",
    "a plate": "license-plate.png",
    "the ending of a text": "1.txt",
    "the ending of a page of the web": "1.html",
    "the name of a transcript": "transcript.en.md",
    "the ending of what is never taken": "1.nfo",
    "the ending of what is not read": "1.psd",
    "the ending of a film": "1.mp4",
    "the ending of subtitles": "1.srt",
}


@pytest.mark.parametrize("name", UNTOLD.values(), ids=list(UNTOLD))
@pytest.mark.parametrize("is_packed", [False, True], ids=["folder", "tar"])
def test_a_picture_is_one_by_its_bytes(tmp_path: Path, workers: Workers, name: str, is_packed: bool) -> None:
    """Whatever it is called, in folders and in archives."""
    data = make_picture(tmp_path / "x.png", (30, 42)).read_bytes()
    files = {name: data, "2.png": data, "3": b"no picture"}
    folder = make_files(tmp_path / "comics" / "a", files)
    if is_packed:
        with tarfile.open(tmp_path / "comics" / "a.cbt", "w") as packed:
            packed.add(folder, ".")
        shutil.rmtree(folder)
    library = read_bundle(tmp_path, workers)
    assert sorted(page_names(only_version(library))) == sorted([name, "2.png"])
    assert len(library.pictures) == 3  # with x.png


def test_an_archive_without_an_ending_is_one(tmp_path: Path, workers: Workers) -> None:
    """But a document that is packed like one is none."""
    make_archive(tmp_path / "comics" / "a", {"1.png": ""})
    make_archive(tmp_path / "comics" / "b", {"mimetype": b"application/epub+zip", "1.png": ""})
    assert only_version(read_bundle(tmp_path, workers)).title == "a"


def test_a_copy_beside_its_original_is_no_second_page(tmp_path: Path, workers: Workers) -> None:
    """Editors keep the last state beside."""
    data = make_picture(tmp_path / "x.png", (30, 42)).read_bytes()
    make_files(tmp_path / "comics" / "a", {"1.png": data, "1.png~": data, "1.png.bak": data, "2.png.bak": data})
    library = read_bundle(tmp_path, workers)
    assert page_names(only_version(library)) == ["1.png", "2.png.bak"]
    assert outcomes(library)["comics/a/1.png~"] is Outcome.PASSED_OVER


def test_what_a_dot_hides_is_named_where_it_may_be_meant(tmp_path: Path, workers: Workers) -> None:
    """In a folder; in an archive, which shows all names alike, it is taken, but for what programs leave."""
    make_files(
        tmp_path / "comics",
        {
            ".hack/1.png": "",
            "a/1.png": "",
            "a/.2.png": "",
            "a/.git/3.png": "",
            "a/.nomedia": b"",
            ".old/notes.txt": "x",
        },
    )
    make_archive(
        tmp_path / "comics" / "b.cbz", {".hack/1.png": "", ".2.png": "", "__MACOSX/._1.png": b"\0", ".git/3.png": ""}
    )
    library = read_bundle(tmp_path, workers)
    assert [len(one.versions[0].pictures) for one in library.publications] == [1, 2]
    told = outcomes(library)
    assert {name for name in told if told[name] is Outcome.WARNING} == {"comics/.hack/", "comics/a/.2.png"}
