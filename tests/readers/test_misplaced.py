"""What was put into the wrong folder is taken for what it is, and told; what only looks misplaced is not published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from packager.config import definition
from packager.errors import DefinitionError, SourceError
from packager.model import Article, Comic, Library, Outcome
from packager.sandbox.pool import Workers
from tests.helpers.builders import make_comic, write
from tests.helpers.reading import make_archive, make_files, read_bundle

WORDS = "The boat is on the lake and it is small."
PAGES = {"1.png": "", "2.png": ""}
RIGHT = {"comics/right/1.png": "", "comics/right/2.png": "", "articles/text.md": WORDS}


def kinds(library: Library) -> dict[str, type]:
    """What each work was taken for, by its title."""
    versions = [publication.versions[0] for publication in library.publications]
    return {version.title: type(version.work) for version in versions}


def told(library: Library) -> dict[str, str]:
    """All that an organizer is asked to look at."""
    return {remark.source: remark.message for remark in library.remarks if remark.outcome is Outcome.WARNING}


COMICS: Mapping[str, Mapping[str, str]] = {
    "articles/wrong": {f"articles/wrong/{name}": "" for name in PAGES},
    "articles/2026/wrong": {f"articles/2026/wrong/{name}": "" for name in PAGES} | {"articles/2026/a.md": WORDS},
    "articles/Wrong": {"articles/Wrong/ch 1/1.png": "", "articles/Wrong/ch 2/1.png": ""},
}


@pytest.mark.parametrize("place", COMICS)
def test_a_folder_of_pages_among_the_articles_is_a_comic(tmp_path: Path, workers: Workers, place: str) -> None:
    """Wherever it lies there, and in chapters too."""
    make_files(tmp_path, {**RIGHT, **COMICS[place]})
    library = read_bundle(tmp_path, workers)
    assert kinds(library)[Path(place).name] is Comic
    assert told(library) == {
        place: "lies in articles/ and is taken as a comic: move it into comics/, or out of the bundle"
    }


@pytest.mark.parametrize("name", ["wrong.cbz", "wrong.zip"])
def test_an_archive_of_pages_among_the_articles_is_a_comic(tmp_path: Path, workers: Workers, name: str) -> None:
    """By its ending, or by what it holds."""
    make_files(tmp_path, RIGHT)
    make_archive(tmp_path / "articles" / name, PAGES)
    library = read_bundle(tmp_path, workers)
    assert kinds(library) == {"right": Comic, "text": Article, "wrong": Comic}
    assert list(told(library)) == [f"articles/{name}"]


TEXTS: Mapping[str, Mapping[str, str]] = {
    "beside the comics": {"comics/wrong.md": WORDS},
    "in a folder of its own": {"comics/essay/wrong.txt": f"The boat\n\n{WORDS}\n"},
    "in folders in one another": {"comics/essays/2026/wrong.md": WORDS},
    "as a page saved from the web": {
        "comics/wrong.html": f"<p>{WORDS}</p><img src='wrong_files/1.png' alt='x'>",
        "comics/wrong_files/1.png": "",
        "comics/wrong_files/2.png": "",
    },
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_text_among_the_comics_is_an_article(tmp_path: Path, workers: Workers, case: str) -> None:
    """Nothing is left of it that stands for a comic."""
    make_files(tmp_path, {**RIGHT, **TEXTS[case]})
    library = read_bundle(tmp_path, workers)
    assert sorted(each.__name__ for each in kinds(library).values()) == ["Article", "Article", "Comic"]
    place = next(iter(TEXTS[case]))
    assert told(library) == {
        place: "lies in comics/ and is taken as an article: move it into articles/, or out of the bundle"
    }


ARTICLES_OWN: Mapping[str, Mapping[str, str]] = {
    "pictures that an article shows": {
        "articles/a.md": f"{WORDS}\n\n![x](boats/1.png)",
        "articles/boats/1.png": "",
        "articles/boats/2.png": "",
    },
    "a folder called for its pictures": {"articles/pictures/1.png": "", "articles/pictures/2.png": ""},
    "pictures beside a text": {"articles/a/a.md": WORDS, "articles/a/1.png": "", "articles/a/2.png": ""},
    "what a browser saved beside a page": {
        "articles/a.html": f"<p>{WORDS}</p>",
        "articles/a_files/1.png": "",
        "articles/a_files/2.png": "",
    },
    "pictures without numbers": {"articles/logos/red.png": "", "articles/logos/blue.png": ""},
    "one picture": {"articles/map/1.png": ""},
}


@pytest.mark.parametrize("case", ARTICLES_OWN)
def test_what_belongs_to_articles_does_not_become_a_comic(tmp_path: Path, workers: Workers, case: str) -> None:
    """What nobody meant as a comic is not published as one."""
    make_files(tmp_path, {**RIGHT, **ARTICLES_OWN[case]})
    library = read_bundle(tmp_path, workers)
    assert [each for each in kinds(library).values() if each is Comic] == [Comic]
    assert told(library) == {}


@pytest.mark.parametrize("is_shown", [True, False])
def test_pages_beside_the_articles_are_told(tmp_path: Path, workers: Workers, is_shown: bool) -> None:
    """Nobody knows which comic they are; where an article shows one they are its own."""
    make_files(tmp_path, {**RIGHT, "articles/1.png": "", "articles/2.png": ""})
    if is_shown:
        make_files(tmp_path, {"articles/shown.md": f"{WORDS}\n\n![x](1.png)"})
    why = "2 pictures with numbers lie in it, and no article shows one"
    expected = f"{why}: a comic goes into a folder of its own in comics/"
    assert told(read_bundle(tmp_path, workers)) == ({} if is_shown else {"articles/": expected})


def test_an_archive_without_pages_is_named_with_what_to_do(tmp_path: Path, workers: Workers) -> None:
    """Its texts are not looked for in it, and the build goes on."""
    make_files(tmp_path, RIGHT)
    make_archive(tmp_path / "articles" / "texts.zip", {"a.md": WORDS})
    library = read_bundle(tmp_path, workers)
    assert told(library) == {
        "articles/texts.zip": "not taken: it is not in comics/: move it there if it is a comic, else unpack it"
    }


def test_what_is_listed_is_as_the_organizer_says(tmp_path: Path, workers: Workers) -> None:
    """A list is meant: nothing is told of where its works lie, and nothing else is taken."""
    make_comic(tmp_path / "articles" / "wrong")
    make_files(tmp_path, RIGHT)
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "articles/wrong"\n')
    library = read_bundle(tmp_path, workers)
    assert list(kinds(library)) == ["wrong"]
    assert not any("lies in" in message for message in told(library).values())


@pytest.mark.parametrize("place", ["articles", "comics"])
@pytest.mark.parametrize("encoding", ["utf-8", "euc-kr"])
def test_a_text_without_an_ending_is_told_what_to_be_called(
    tmp_path: Path, workers: Workers, place: str, encoding: str
) -> None:
    """In whatever encoding; its name may hold a point."""
    make_files(tmp_path, RIGHT)
    for name in ("story", "2. 이야기"):
        (tmp_path / place / name).write_bytes("배가 호수 위에 있다. 작은 배다.\n".encode(encoding))
    assert told(read_bundle(tmp_path, workers)) == {
        f"{place}/{name}": f"not taken: a text without an ending: name it {name}.txt" for name in ("story", "2. 이야기")
    }


def test_what_is_no_text_without_an_ending_is_not_told_to_be_one(tmp_path: Path, workers: Workers) -> None:
    """Data and programs stay what they are."""
    make_files(tmp_path, RIGHT)
    (tmp_path / "articles" / "data").write_bytes(b"\x00\x01words")
    (tmp_path / "articles" / "tool").write_bytes(b"#!/bin/sh\necho\n")
    assert told(read_bundle(tmp_path, workers)) == {}


BUNDLES: Mapping[str, Mapping[str, str]] = {
    "with a definition": {"bundle.toml": 'title = "Other"', "comics/other/1.png": "", "comics/other/2.png": ""},
    "by its folders": {"comics/other/1.png": "", "articles/other.md": WORDS},
}


@pytest.mark.parametrize("case", BUNDLES)
@pytest.mark.parametrize("place", ["comics/window", "articles/window", "window"])
def test_a_bundle_in_a_bundle_is_not_read(tmp_path: Path, workers: Workers, place: str, case: str) -> None:
    """Its works are no chapters of another's, and it is told; alone in a folder it is to be named itself."""
    make_files(tmp_path / "outer", RIGHT)
    make_files(tmp_path / "outer" / place, BUNDLES[case])
    library = read_bundle(tmp_path / "outer", workers)
    assert kinds(library) == {"right": Comic, "text": Article}
    assert told(library) == {f"{place}/": "is a bundle of its own: its works are not taken"}
    with pytest.raises(SourceError, match="holds a bundle, and nothing else") as refusal:
        read_bundle(tmp_path, workers)
    assert str(tmp_path / "outer") in refusal.value.hint


@pytest.mark.parametrize("name", ["article", "Article", "artcles"])
def test_a_folder_that_is_nearly_called_as_one_of_works_is_told(tmp_path: Path, workers: Workers, name: str) -> None:
    """Its texts are missed otherwise when the stick is in somebody's hands."""
    make_files(tmp_path, {"comics/right/1.png": "", "comics/right/2.png": "", f"{name}/a.md": WORDS})
    assert told(read_bundle(tmp_path, workers)) == {
        f"{name}/": "is not called articles, and so not read as that folder: rename it, if you meant it"
    }


@pytest.mark.parametrize("name", ["bundle.toml.txt", "Bundle.toml"])
def test_a_definition_under_a_name_that_is_not_read_is_refused(tmp_path: Path, name: str) -> None:
    """What it says of names and titles would be passed over in silence."""
    write(tmp_path / name, 'folder = "library"\n')
    if (tmp_path / "bundle.toml").exists():
        pytest.skip("this file system takes both for one name")
    with pytest.raises(DefinitionError, match="would not be read"):
        definition.load(tmp_path)
