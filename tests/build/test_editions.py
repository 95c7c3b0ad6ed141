"""The editions of a bundle: what stays from one to the next, what is new, and ledgers that are not whole."""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from packager.build.build import build as make
from packager.build.request import Request
from packager.build.result import BuildResult
from packager.config import profile
from packager.output.ledger import EDITIONS, Ledger
from packager.sandbox.pool import Workers
from tests.helpers.builders import contents, make_picture, packager, write
from tests.helpers.small_films import sound

WORDS_FOLDER = Path(__file__).parents[2] / "templates" / "words"
pytestmark = pytest.mark.slow

COLOURS = {"ant": (200, 30, 40), "bee": (30, 140, 60), "cat": (40, 60, 200), "dog": (230, 190, 20)}


def comic(bundle: Path, name: str, chapters: int = 1) -> None:
    """A comic of one colour, of two pages a chapter, no two pages of the same size."""
    for chapter in range(1, chapters + 1):
        for page in (1, 2):
            path = bundle / "comics" / name / f"chapter-{chapter}" / f"{page}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (150, 200 + 10 * chapter + page), COLOURS[name]).save(path)


def build(bundle: Path, output: Path, *options: object, code: int = 0) -> dict[str, Any]:
    """What a build answers as JSON, with what it says beside."""
    ended = packager("build", bundle, "-o", output, *options, "--output-format", "json")
    assert ended.returncode == code, ended.stderr
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def colour_of(folder: Path) -> str:
    """The name of the comic whose pages lie in the folder."""
    with Image.open(min(folder.glob("*.[jJ]*"))) as page:
        pixel = page.convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return min(COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(COLOURS[name], pixel, strict=True)))


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of a bundle, each built for any device and for players: `any-1`, `player-1`, `any-2`, `player-2`."""
    folder = tmp_path_factory.mktemp("months")
    bundle = folder / "window"
    comic(bundle, "bee")
    comic(bundle, "cat", chapters=2)
    write(bundle / "articles" / "boats.en.md", "---\ntitle: Boats\n---\n\nFold a sheet of paper.\n")
    build(bundle, folder / "any-1")
    build(bundle, folder / "player-1", "--profile", "player")
    shutil.rmtree(bundle / "comics" / "bee")
    comic(bundle, "ant")
    comic(bundle, "cat", chapters=3)
    write(bundle / "articles" / "boats.en.md", "---\ntitle: Boats\n---\n\nFold a sheet of good paper.\n")
    build(bundle, folder / "any-2")
    build(bundle, folder / "player-2", "--profile", "player")
    return folder


def works_of(months: Path, output: str) -> Mapping[str, str]:
    """The comics in what was built, by the names of their folders."""
    tree = months / output / "window"
    folders = (path for path in tree.iterdir() if re.fullmatch(r"[a-z]?\d+", path.name))
    return {path.name: colour_of(path) for path in folders if any(path.glob("*.[jJ]*"))}


def test_numbers_of_works_stay_when_others_come_first_and_leave(months: Path) -> None:
    """In the names of folders for any device; what is new comes behind, and no number is given twice."""
    assert list(works_of(months, "any-1").values()) == ["bee", "cat"]
    before, after = works_of(months, "any-1"), works_of(months, "any-2")
    (bee, cat), (ant,) = sorted(before), after.keys() - before.keys()
    assert after == {cat: "cat", ant: "ant"}
    assert bee < cat < ant


def test_numbered_folders_for_players_stay_too(months: Path) -> None:
    """And the list of them goes by their numbers."""

    def listed(output: str) -> list[str]:
        lines = (months / output / "window" / "000.TXT").read_text(encoding="utf-8-sig").splitlines()
        return [" ".join(line.split()) for line in lines if line[:1].isdigit()]

    assert listed("player-1") == ["001 bee", "002 cat", "003 Boats"]
    assert listed("player-2") == ["002 cat", "003 Boats", "004 ant"]
    works = works_of(months, "player-2")
    assert {name: works[name] for name in ("002", "004")} == {"002": "cat", "004": "ant"}


def test_the_same_trees_built_again_are_the_same_edition_for_each_profile(months: Path, tmp_path: Path) -> None:
    """Other trees are the next one, whose number, trees and works the ledger tells, with each file's hash."""
    bundle = months / "window"
    assert [edition.profile for edition in Ledger.read(bundle).editions] == ["any", "player", "any", "player"]
    assert build(bundle, tmp_path / "out")["numbered_edition"]["number"] == 3
    assert build(bundle, tmp_path / "out", "--profile", "player")["numbered_edition"]["number"] == 4
    ledger = Ledger.read(bundle)
    assert [edition.number for edition in ledger.editions] == [1, 2, 3, 4]
    kept = (months / "any-2" / "keep" / "manifest.tsv").read_text(encoding="utf-8")
    assert ledger.edition(3).manifest().table == kept
    assert [tree.name for tree in ledger.edition(3).trees] == ["window"]
    assert {work.title for work in ledger.edition(3).works} == {"ant", "cat", "Boats"}


def test_a_work_keeps_its_number_whatever_leaves_it_the_same(tmp_path: Path) -> None:
    """Another place in the bundle and in its order, another name of the bundle, a hundred works more."""
    bundle = tmp_path / "window"
    comic(bundle, "bee")
    comic(bundle, "cat")
    build(bundle, tmp_path / "out")
    before = works_of(tmp_path, "out")
    bundle = bundle.rename(tmp_path / "door")
    (bundle / "comics" / "cat").rename(bundle / "comics" / "a cat")
    for number in range(100):
        write(bundle / "articles" / f"{number}.en.md", f"---\ntitle: {number}\n---\n\nText {number}.\n")
    sources = (f'[[publication]]\nsource = "{name}"\n' for name in ("articles", "comics/a cat", "comics/bee"))
    write(bundle / "bundle.toml", 'folder = "window"\neditions = ["site"]\n' + "".join(sources))
    build(bundle, tmp_path / "out")
    assert works_of(tmp_path, "out") == before


def said(*arguments: object, code: int = 0) -> str:
    """What the command answers, in both streams."""
    ended = packager(*arguments)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout + ended.stderr


def test_changes_names_what_is_new_continued_changed_and_gone(months: Path) -> None:
    """With the chapters that are new, and the bytes of what an update writes; the report says the same."""
    lines = dict(line.split(maxsplit=1) for line in said("changes", months / "window").splitlines())
    assert lines["Edition"] == "4 of window, compared with 2"
    assert (lines["New"], lines["Gone"]) == ("ant", "bee")
    assert lines["Continued"] == "cat: chapter-3"
    assert lines["Changed"] == "Boats (en)"
    before, after = (contents(months / f"player-{month}" / "window") for month in (1, 2))
    written = sum(len(data) for path, data in after.items() if before.get(path) != data)
    told = json.loads(said("changes", months / "window", "--output-format", "json"))
    size = sum(map(len, after.values()))
    assert told["trees"] == [{"name": "window", "size_bytes": size, "written_bytes": written, "lost": []}]
    report = (months / "player-2" / "keep" / "report.txt").read_text(encoding="utf-8")
    assert "\nNew: ant\nContinued: cat: chapter-3\nChanged: Boats (en)\nGone: bee\n" in report
    kept = json.loads((months / "player-2" / "keep" / "report.json").read_text(encoding="utf-8"))
    assert kept["numbered_edition"] == told


def test_changes_compares_with_any_edition_by_its_number(months: Path) -> None:
    """One that there is not is named with those that there are."""
    assert "compared with 3\n" in said("changes", months / "window", 3)
    assert "has no edition 7" in (refused := said("changes", months / "window", 7, code=2))
    assert "1, 2, 3, 4" in refused
    assert "is the newest" in said("changes", months / "window", 4, code=2)


def test_changes_asks_for_a_bundle_and_no_tree(months: Path) -> None:
    """What was built of it has no list of editions."""
    for place in ("any-1", "any-1/window", "any-1/keep"):
        assert "never a bundle" in said("changes", months / place, code=2)


WORDS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(WORDS_FOLDER.glob("*.toml"))}


@pytest.fixture(scope="module")
def with_news(months: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second month again, with `news`, and libraries in every language that documents speak: `any`, `player`."""
    folder = tmp_path_factory.mktemp("news")
    bundle = Path(shutil.copytree(months / "window", folder / "window"))
    write(bundle / "bundle.toml", f'folder = "window"\nnews = true\nlanguages = {json.dumps(list(WORDS))}\n')
    build(bundle, folder / "any")
    build(bundle, folder / "player", "--profile", "player")
    return folder


@pytest.mark.parametrize("language", WORDS)
def test_the_library_begins_with_what_is_new(with_news: Path, language: str) -> None:
    """In each of its languages: works, and the chapters that others have more, as links to where they begin."""
    tree = with_news / "any" / "window"
    name = "index.html" if language == next(iter(WORDS)) else f"index-{language}.html"
    page = HTMLParser((tree / name).read_text(encoding="utf-8"))
    first = page.css_first(".section")
    assert first is not None
    heading = first.css_first("h2")
    assert heading is not None
    assert heading.text() == WORDS[language]["new"]
    lines = {work.css_first(".title").text(): work for work in first.css(".work")}  # type: ignore[union-attr]
    assert list(lines) == ["ant", "cat"]
    (chapter,) = lines["cat"].css("a.chapter")
    assert chapter.text() == "chapter-3"
    shown = (tree / str(chapter.attributes["href"])).read_text(encoding="utf-8")
    assert re.findall(r'src="(\d+)\.jpg"', shown) == ["005", "006"]
    assert lines["ant"].css("a.chapter") == []


def test_the_lists_for_players_begin_with_what_is_new(with_news: Path) -> None:
    """In each language too, with the folders to open."""
    text = (with_news / "player" / "window" / "000.TXT").read_text(encoding="utf-8-sig")
    for words in WORDS.values():
        listed = f"{words['new']}\n002\u2003cat \u00b7 chapter-3\n004\u2003ant\n\n{words['all_works']}\n002\u2003cat\n"
        assert listed in text.replace("\r\n", "\n")


def test_what_is_new_stays_so_while_it_is_corrected(tmp_path: Path) -> None:
    """It is new since the last edition that lacked it, or since the one that is named; the first has nothing new."""
    bundle = tmp_path / "window"

    def new(definition: str) -> list[str]:
        write(bundle / "bundle.toml", definition)
        build(bundle, tmp_path / "out", "--editions", "site")
        page = HTMLParser((tmp_path / "out" / "window" / "index.html").read_text(encoding="utf-8"))
        return [title.text() for title in page.css(".lines .title")]

    comic(bundle, "bee")
    assert new("news = true\n") == []
    comic(bundle, "cat")
    assert new("news = true\n") == ["cat"]
    comic(bundle, "dog")
    assert new("news = true\n") == ["dog"]
    assert new('news = true\ntitle = "Corrected"\n') == ["dog"]
    assert new("news = 1\n") == ["cat", "dog"]


def test_a_new_broadcast_of_a_programme_is_news(tmp_path: Path) -> None:
    """By its title, where the library begins, on players and in `packager changes`; the earlier ones are not."""
    bundle = tmp_path / "window"
    write(bundle / "bundle.toml", 'news = true\nlanguages = ["en"]\n')
    for month, day in enumerate(("2031-03-08", "2031-03-15"), 1):
        track = bundle / "sound" / "Hour" / f"{day}.mp3"
        track.parent.mkdir(parents=True, exist_ok=True)
        track.write_bytes(sound("mp3") * month)
        build(bundle, tmp_path / "any", "--editions", "site")
        build(bundle, tmp_path / "player", "--profile", "player")
    page = HTMLParser((tmp_path / "any" / "window" / "index.html").read_text(encoding="utf-8"))
    assert [title.text() for title in page.css(".lines .title")] == ["Hour"]
    assert [work.text().count("2031-03") for work in page.css(".lines .work")] == [1]
    listed = (tmp_path / "player" / "window" / "000.TXT").read_text(encoding="utf-8-sig").splitlines()
    assert [line for line in listed if "Hour" in line] == ["001\u2003Hour · 2031-03-15 · 0:01", "001\u2003Hour · 0:01"]
    assert "Continued Hour (en): 2031-03-15" in packager("changes", bundle).stdout.replace("  ", " ")


def test_nothing_is_called_new_where_nobody_asked(months: Path) -> None:
    """The library begins with its first section."""
    assert titles_of_sections(months / "any-2") == [WORDS["en"]["comics"], WORDS["en"]["articles"]]


def titles_of_sections(output: Path) -> list[str]:
    """The headings of the library that was built."""
    page = HTMLParser((output / "window" / "index.html").read_text(encoding="utf-8"))
    return [heading.text() for heading in page.css("h2")]


def test_news_of_an_edition_that_there_is_not_are_refused(tmp_path: Path) -> None:
    """With those that there are."""
    comic(tmp_path / "window", "bee")
    write(tmp_path / "window" / "bundle.toml", "news = 3\n")
    assert "`news`" in said("build", tmp_path / "window", "-o", tmp_path / "out", code=3)


def test_a_tree_of_what_is_new_holds_that_alone_and_is_complete(months: Path, tmp_path: Path) -> None:
    """New works, corrected ones, and of a comic the new chapters; under a name of its own, and no edition itself."""
    before = contents(months / "window" / EDITIONS)
    told = build(months / "window", tmp_path / "out", "--since", 1)
    assert (told["name"], told["numbered_edition"]) == ("window-since-1", None)
    assert contents(months / "window" / EDITIONS) == before
    tree = tmp_path / "out" / "window-since-1"
    page = HTMLParser((tree / "index.html").read_text(encoding="utf-8"))
    assert {title.text() for title in page.css(".title")} == {"ant", "cat", "Boats"}
    whole = works_of(months, "any-2")
    assert {name: colour_of(tree / name) for name in whole} == whole
    (cat,) = (tree / name for name, comic in whole.items() if comic == "cat")
    heights = []
    for path in sorted(cat.glob("*.jpg")):
        with Image.open(path) as picture:
            heights.append(picture.height)
    assert heights == [211, 231, 232]  # the first page, which is its cover, and the third chapter
    document = HTMLParser((cat / "index.html").read_text(encoding="utf-8"))
    assert "chapter-3" in document.text()
    assert "chapter-1" not in document.text()
    assert packager("check", tree).returncode == 0
    report = (tmp_path / "out" / "keep" / "report.txt").read_text(encoding="utf-8")
    assert "comics/cat/chapter-2/1.png: is in edition 1 already" in report


def test_of_what_is_not_in_a_tree_of_news_nothing_is_told_but_that(tmp_path: Path) -> None:
    """What stands in other texts was told when they were new."""
    bundle, out = tmp_path / "window", tmp_path / "out"
    write(bundle / "articles" / "old.en.md", "Write to www.example.org.\n\n![](gone.jpg)\n")
    build(bundle, out)
    write(bundle / "articles" / "new.en.md", "Write to www.example.com.\n")
    said("build", bundle, "-o", out, "--since", 1)
    told = (out / "keep" / "report.txt").read_text(encoding="utf-8")
    assert "example.com" in told
    assert [line.strip() for line in told.splitlines() if "old.en.md" in line] == [
        "articles/old.en.md: is in edition 1 already"
    ]


@pytest.mark.parametrize(("since", "says"), [(4, "nothing is new since edition 4"), (9, "has no edition 9")])
def test_a_tree_of_nothing_is_not_built(months: Path, tmp_path: Path, since: int, says: str) -> None:
    """Nor one of what is newer than what there never was."""
    assert says in said("build", months / "window", "-o", tmp_path / "out", "--since", since, code=2)
    assert list(tmp_path.iterdir()) == []


def harmed(bundle: Path, harm: str) -> Path:
    """A bundle of one edition, with a ledger that is not as it was left."""
    comic(bundle, "bee")
    if harm == "a file in its place":
        return write(bundle / EDITIONS, "notes of somebody")
    build(bundle, bundle.parent / "out")
    kept = bundle / EDITIONS / "1"
    if harm == "a page of a comic in it":
        shutil.rmtree(kept)
        return make_picture(kept / "001.png")
    if harm == "a manifest that is cut":
        os.truncate(kept / "manifest.tsv", 40)
        return kept / "manifest.tsv"
    os.truncate(kept / "works.tsv", 40)
    return kept / "works.tsv"


@pytest.mark.parametrize("harm", ["a file in its place", "a page of a comic in it", "a manifest that is cut"])
def test_a_bundle_is_built_whatever_lies_in_the_place_of_its_ledger(tmp_path: Path, harm: str) -> None:
    """What is there stays, and a line says what could not be kept."""
    bundle = tmp_path / "window"
    there = harmed(bundle, harm)
    held = there.read_bytes()
    printed = said("build", bundle, "-o", tmp_path / "out")
    assert (tmp_path / "out" / "window" / "index.html").is_file()
    assert there.read_bytes() == held
    assert ("could not be kept" in printed) == ("manifest" not in harm)
    assert ("manifest of edition 1 is damaged" in printed) == ("manifest" in harm)


def test_a_damaged_ledger_stops_a_build_before_it_begins(tmp_path: Path) -> None:
    """In one line with what to do; without that edition it is built as if for the first time."""
    works = harmed(tmp_path / "window", "a cut")
    before = contents(tmp_path / "out")
    for command in ("build", "plan", "changes"):
        options = () if command == "changes" else ("-o", tmp_path / "out")
        printed = said(command, tmp_path / "window", *options, code=4)
        assert printed.startswith(f"packager: {works.resolve()}: is damaged")
        assert len(printed.splitlines()) == 2
    assert contents(tmp_path / "out") == before
    shutil.rmtree(works.parent)
    assert build(tmp_path / "window", tmp_path / "out")["numbered_edition"] == {"number": 1}


def test_trees_that_never_reached_their_place_are_no_edition(tmp_path: Path) -> None:
    """Refused ones, those that do not fit, and those of a build that was interrupted at its end."""
    bundle = tmp_path / "window"
    comic(bundle, "bee")
    ours = (Path(profile.__file__).with_name("profiles") / "any.toml").read_text(encoding="utf-8")
    write(bundle / "strict.toml", re.sub(r"max_path = [0-9_]+", "max_path = 12", ours))
    said("build", bundle, "-o", tmp_path / "out", "--fit", "70KB", code=5)
    said("build", bundle, "-o", tmp_path / "out", "--profile", bundle / "strict.toml", code=1)

    def interrupted(_result: BuildResult, _keep: Path) -> None:
        raise KeyboardInterrupt

    with Workers(1) as workers, pytest.raises(KeyboardInterrupt):
        make(Request(bundle, output=tmp_path / "out"), interrupted, workers)
    assert not (bundle / EDITIONS).exists()
    assert not (tmp_path / "out").exists()


def test_sources_and_ledger_alone_lie_in_a_bundle_that_was_built(months: Path) -> None:
    """And of the ledger nothing reaches a tree, a report of sources or a drive."""
    listed = {path.name for path in (months / "window").iterdir()}
    assert listed == {"comics", "articles", EDITIONS}
    report = (months / "any-2" / "keep" / "report.txt").read_text(encoding="utf-8")
    assert EDITIONS + "/" not in report
    said("copy", months / "window" / EDITIONS, months, code=2)
