"""`keep/report.html`: whoever looks at it finds what went wrong, and nothing in it leads outside."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from packager.model import (
    About,
    Article,
    Chapter,
    Comic,
    Cue,
    Direction,
    Film,
    Flow,
    Library,
    Missing,
    Paragraph,
    Publication,
    Recording,
    Sound,
    Source,
    Subtitles,
    Text,
    Version,
)
from packager.plan import thumbnails
from packager.report.texts import TextCards
from tests.helpers.browsers import Chromium
from tests.helpers.builders import make_comic, make_picture, make_strip, packager, write

LONG = "Fold a sheet of paper along the middle and crease it well. " * 40
HOSTILE = "<script>alert(1)<!--\"'&\u202e" + "long " * 16 + "x" * 80


def make_library_with_mistakes(bundle: Path) -> None:
    """A bundle in which each work has one mistake of those that people make."""
    comics, articles = bundle / "comics", bundle / "articles"
    for number, name in enumerate(("beginning", "end", "middle")):
        make_picture(comics / "kites/en" / name / "1.jpg", seed=number)
    make_comic(comics / "harbour/en", pages=8)
    (comics / "harbour/en/5.jpg").unlink()
    write(comics / "harbour/en/9.psd", "8BPS")
    make_comic(comics / "bazaar/ja")
    for name in ("owl", "fox"):
        for number in range(1, 5):
            make_picture(comics / "mixed/en" / f"{name} {number}.jpg", seed=10 * len(name) + number)
    make_comic(comics / "garden/en")
    make_picture(comics / "garden.jpg", seed=90)
    make_strip(comics / "tower/en", tiles=2)
    shutil.copy(comics / "tower/en/000.png", comics / "tower/en/002.png")
    make_comic(comics / "winter/en", pages=5)
    shutil.copy(comics / "winter/en/2.jpg", comics / "winter/en/4.jpg")
    for number in (1, 2, 4):
        make_picture(comics / "walk/en" / f"Chapter {number}" / "1.jpg", seed=20 + number)
        make_picture(
            comics / "scans_final_v2/en" / f"gfx_Owl-and-Fox_by-Somebody_E06P{number:02}.jpg", seed=60 + number
        )
    shutil.copytree(comics / "walk", comics / "wander")
    write(
        articles / "boats.en.md",
        f"---\ntitle: Boats\n---\n\n{LONG}\n\nNote to self: ask Jin, 555-123-4567.\n\n{LONG}\n",
    )
    write(articles / "tea.es.md", f"---\ntitle: Tea\n---\n\n{LONG}\n")
    make_comic(comics / HOSTILE.replace("/", "").strip(), pages=1)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is made of the library with mistakes."""
    home = tmp_path_factory.mktemp("mistakes")
    make_library_with_mistakes(home / "window")
    done = packager("build", home / "window", "-o", home / "out")
    assert done.returncode == 0, done.stderr
    assert f"at {home}/out/keep/report.html before you copy" in done.stdout
    write(home / "said.txt", done.stdout)
    return home / "out"


@pytest.fixture(scope="module")
def opened(built: Path, chromium: Chromium) -> Chromium:
    """The page in a browser, as wide as a phone."""
    chromium.open(built / "keep/report.html", width=360)
    return chromium


def card(page: Chromium, title: str) -> str:
    """The words of a work's card, as they are seen."""
    words = page.evaluate(
        "[...document.querySelectorAll('.work')].filter(one => one.querySelector('h3').textContent == "
        f"'{title}').map(one => one.innerText).join()"
    )
    assert isinstance(words, str)
    return words


MISTAKES = {
    "chapters in the wrong order": ("kites", "its folders are chapters of one comic.*beginning.*end.*middle"),
    "a page that was not taken": ("harbour", "9.psd not taken"),
    "a number that is missing": ("harbour", "4.jpg\\s+no page\\s+5\\s+6.jpg"),
    "a direction that nobody told": ("bazaar", "→ pages, from left to right guessed"),
    "two comics in one folder": ("mixed", "fox 1.jpg … fox 4.jpg\\s*owl 1.jpg … owl 4.jpg"),
    "another picture as the cover": ("garden", "cover: garden.jpg"),
    "a strip that was guessed": ("tower", "↓ one strip, read downwards guessed"),
    "a page that is there twice": ("winter", "page 4 is the same as page 2"),
    "a page that is there twice in a strip": ("tower", "page 3 is the same as page 1"),
    "a work that is there twice": ("wander", "3 of its 3 pictures are in “walk” too"),
    "a long name": ("scans final v2", "1\\s+…E06P01.jpg"),
    "a chapter that was forgotten": ("walk", "no chapter between “Chapter 2” and “Chapter 4”"),
    "a title that is a file's name": ("scans final v2", "called after its file or folder"),
    "a private note": ("Boats", "1 passage may be a private note.*Note to self: ask Jin, 555-123-4567"),
    "a wrong language": ("Tea", "said to be in Spanish \\(es\\), and seems to be in English \\(en\\)"),
}


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("title", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_stands_in_the_card_of_its_work(opened: Chromium, title: str, words: str) -> None:
    """In words that are seen without opening anything."""
    assert re.search(words, card(opened, title), re.DOTALL)


@pytest.mark.needs("chromium")
def test_the_page_fits_a_phone_and_shows_pictures(opened: Chromium) -> None:
    """Whatever names are in it; of them nothing is more than words."""
    assert opened.evaluate("document.documentElement.scrollWidth") == 360
    opened.evaluate("document.images[0].scrollIntoView()")
    shown = "document.images[0].decode().then(() => document.images[0].naturalWidth)"
    assert opened.evaluate(shown) == thumbnails.WIDTH
    kites = "[...document.querySelectorAll('.work')].find(one => one.innerText.includes('kites'))"
    assert opened.evaluate(f"{kites}.querySelectorAll('.page img').length") == 3
    assert opened.evaluate("document.querySelectorAll('script, [onerror]').length") == 0
    assert "<script>alert(1)<!--" in str(opened.evaluate("document.body.innerText"))


def test_nothing_in_the_page_leads_outside_or_tells_of_the_computer(built: Path) -> None:
    """Links lead to the works in the tree beside it, and these are there."""
    page = (built / "keep/report.html").read_text(encoding="utf-8")
    links = set(re.findall('href="([^#"][^"]*)"', page))
    assert len(links) == 13
    assert [link for link in links if not (built / "keep" / link).is_file()] == []
    assert {source.partition(",")[0] for source in re.findall('src="([^"]*)"', page)} == {"data:image/jpeg;base64"}
    assert str(built.parent) not in page


def test_what_may_be_a_private_note_is_told_wherever_an_organizer_reads(built: Path) -> None:
    """In the last lines of a build, of a plan and of an inspection, and before all else in both reports."""
    note = "articles/boats.en.md, line 7: may be a private note: “Note to self: ask Jin, 555-123-4567.”"
    planned = packager("plan", built.parent / "window", "-o", built.parent / "other").stdout
    inspected = packager("inspect", built.parent / "window/articles/boats.en.md").stdout
    text = (built / "keep/report.txt").read_text(encoding="utf-8")
    page = (built / "keep/report.html").read_text(encoding="utf-8")
    first = re.search("<h2>Look at this first.*?<h4>([^<]*).*?</ul>", page, re.DOTALL)
    assert f"Private   {note}" in (built.parent / "said.txt").read_text(encoding="utf-8").splitlines()
    assert f"Private   {note}" in planned.splitlines()
    assert f"Private   {note.removeprefix('articles/')}" in inspected.splitlines()
    assert text.index(note) < text.index("Please look at") < text.index("What the check says")
    assert first
    assert first[1].startswith("May be private notes")
    assert "Note to self: ask Jin" in first[0]


def test_a_number_that_stands_in_a_text_is_told_once_to_look_at_first(built: Path) -> None:
    """By the name of the source, and not by that of each document of the tree again."""
    page = (built / "keep/report.html").read_text(encoding="utf-8")
    first = page.partition("<h2>Look at this first")[2].partition("<h2>Works")[0]
    assert "phone: 555-123-4567" in first
    assert "it shows" not in first


def test_a_plan_shows_the_same_but_for_what_is_not_built(built: Path, tmp_path: Path) -> None:
    """The cards are the same, without ways to what is not there, and without what the check says."""
    done = packager("plan", built.parent / "window", "-o", tmp_path / "out", "--html", tmp_path / "plan.html")
    assert done.returncode == 0, done.stderr
    assert f"Look      at {tmp_path}/plan.html" in done.stdout.splitlines()
    planned = (tmp_path / "plan.html").read_text(encoding="utf-8")
    report = (built / "keep/report.html").read_text(encoding="utf-8")
    cards = [re.findall('<section class="work".*?</section>', page, re.DOTALL) for page in (planned, report)]
    without_links = [re.sub('<p><a href="[.][^\n]*\n', "", each) for each in cards[1]]
    assert cards[0] == without_links
    assert "The check warns" in report.partition("<h2>Works")[0]
    assert "The check" not in planned


def _comic(chapters: int, pages: int) -> Version:
    pictures = tuple(Missing(Source(Path(), f"{number}.jpg")) for number in range(chapters * pages))
    parts = tuple(Chapter(f"Chapter {number}", number * pages) for number in range(chapters))
    return Version("en", "A comic", Comic(Flow.PAGES, Direction.LTR, pictures, chapters=parts))


COUNTS: dict[str, tuple[int, int, Callable[[int], bool]]] = {
    "all of a small library": (3, 5, lambda number: number == 15),
    "some of each chapter of a large one": (100, 200, lambda number: 1900 <= number <= 2000),
    "the first of some chapters": (4000, 2, lambda number: number == 2000),
}


@pytest.mark.parametrize(("chapters", "pages", "is_right"), COUNTS.values(), ids=COUNTS.keys())
def test_so_many_pages_have_a_thumbnail(chapters: int, pages: int, is_right: Callable[[int], bool]) -> None:
    """However many a library has; the first page of a chapter is always among them where there is room for all."""
    library = Library((Publication("a", (_comic(chapters, pages),)),), ())
    chosen = thumbnails.chosen(library)["a", "en"]
    assert is_right(len(chosen))
    assert 0 in chosen
    assert chapters > 2000 or {number * pages for number in range(chapters)} <= chosen


def test_the_words_of_a_film_and_of_sound_are_read_with_the_others() -> None:
    """Subtitles, the page about it and the titles of tracks: recipients will read them."""
    source = Source(Path(), "a")
    subtitles = (Subtitles("en", (Cue(0, 900, ("Where were you?",)), Cue(900, 2000, ("At sea.",)))),)
    about = (About("en", (Paragraph((Text("Filmed in one summer."),)),)),)
    film = Version("en", "A film", Film(Recording(source, 2), subtitles=subtitles, about=about))
    sound = Version("en", "Songs", Sound((Recording(source, 60, title="Morning"), Recording(source, 60))))
    cards = TextCards()
    told = {
        one.label: "".join(piece.text for piece in one.beginning)
        for each in (film, sound)
        for one in cards.of(each, ())
    }
    assert told == {
        "Subtitles in English (en)": "Where were you?\nAt sea.",
        "About the work in English (en)": "Filmed in one summer.",
        "Titles in English (en)": "Morning",
    }


def test_so_many_letters_can_be_unfolded() -> None:
    """However many texts there are; of the others the beginning and the end are shown."""
    article = Version("en", "An article", Article((Paragraph((Text("word " * 3000),)),)))
    cards = TextCards()
    shown = [sum(len(piece.text) for piece in text.whole) for _ in range(100) for text in cards.of(article, ())]
    assert 900_000 < sum(shown) <= 1_000_000
