"""The library: complete in one file, in the order of the definition, and still of use with thousands of works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.model import Edition, Entry, Wording
from packager.readers.publications import ordered
from packager.text.initials import initial, sort_key
from tests.helpers.browsers import Browser, Chromium
from tests.helpers.large_library import large_library, make_large_library
from tests.layout.test_layout import by_path, comic, entries_of, text_of

MANY = 450
LIST_BYTES = 600_000

SHOWN = """[].filter.call(document.querySelectorAll(".work"), function (one) {
    return one.getClientRects().length;
}).map(function (one) { return one.querySelector(".title").textContent; })"""


def shown_after(browser: Browser, typed: str) -> list[str]:
    """The titles that stand on the page when that has been typed into the box."""
    browser.evaluate(f"""(function () {{
        var box = document.getElementById("find");
        box.focus();
        box.value = {typed!r};
        box.dispatchEvent(new Event("input"));
    }})()""")
    found: list[str] = browser.evaluate(SHOWN)
    return found


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Entry]:
    """The library's own documents for hundreds of works, by path."""
    return by_path(large_library(MANY, tmp_path_factory.mktemp("many") / "cover.jpg"))


def listed(entries: dict[str, Entry], pattern: str) -> Iterator[str]:
    """The texts of the documents whose path matches, in their order."""
    return (text_of(entry) for path, entry in entries.items() if re.fullmatch(pattern, path))


def test_the_home_document_of_a_large_library_names_every_work_and_what_to_open(many: dict[str, Entry]) -> None:
    """Phones show nothing beside it."""
    text = text_of(many["index.html"])
    assert text.count('class="work"') == MANY
    assert all(f">{number // 100 + 1}/w4{number:04}/<" in text for number in range(MANY))


def test_every_work_of_a_large_library_stands_once_with_its_cover(many: dict[str, Entry]) -> None:
    """On pages that a slow phone opens at once."""
    pages = list(listed(many, r"list/\d+\.html"))
    links = [link for page in pages for link in re.findall(r'<h3><a href="([^"]+)"><span class="cover"><img', page)]
    assert sorted(links) == sorted(f"../{number // 100 + 1}/w4{number:04}/index.html" for number in range(MANY))
    assert all(entry.size_bytes <= LIST_BYTES for path, entry in many.items() if path.startswith("list/"))


def test_every_title_of_a_large_library_stands_once_under_its_letter(many: dict[str, Entry]) -> None:
    """In the reader's alphabet."""
    korean = "".join(listed(many, r"list/a\d+\.html"))
    english = "".join(listed(many, r"list/en-a\d+\.html"))
    assert len(set(re.findall(r'href="(\.\./\d+/w4\d+/index\.html)"', korean))) == korean.count('class="work"') == MANY
    assert list(dict.fromkeys(re.findall("<h2>(.)</h2>", korean))) == list("가나다라마바사아자차카타파하")
    assert re.findall("<h2>(.)</h2>", english) == list("ABCDEFGHIJK")


def test_further_pages_lead_to_each_other_and_back(many: dict[str, Entry]) -> None:
    """Nobody gets stuck, and no link goes nowhere but to the works."""
    for path, entry in many.items():
        for link in re.findall(r'href="([^"]+)"', text_of(entry)):
            target = link.removeprefix("../") if link.startswith("../") else f"{path.rpartition('/')[0]}/{link}"
            assert target.lstrip("/") in many or re.fullmatch(r"\d+/w4\d+/index(-en)?\.html", target.lstrip("/")), (
                path,
                link,
            )
    english = [path for path in many if path.startswith("list/en-")]
    assert english
    assert all('href="../index-en.html"' in text_of(many[path]) for path in english)


def test_works_of_a_section_and_of_a_series_stand_together() -> None:
    """Each at the place of its first, in the library and from one to the next."""
    works = [
        replace(comic(f"w{number}", 1), section=Wording.plain(section), series=Wording.plain(series))
        for number, (section, series) in enumerate([("A", "s"), ("B", ""), ("A", ""), ("A", "s"), ("B", "")])
    ]
    entries = by_path(entries_of(*ordered(works), editions=(Edition.SITE,)))
    home = re.findall(r'<h3><a href="(w\d)/', text_of(entries["index.html"]))
    assert home == ["w0", "w3", "w2", "w1", "w4"]
    for here, after in pairwise(home):
        assert f'href="../{after}/index.html"' in text_of(entries[f"{here}/index.html"])


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["", "s", "t"])), max_size=8))
def test_ordering_loses_no_work(kinds: list[tuple[str, str]]) -> None:
    """Whatever sections and series there are."""
    works = [
        replace(comic(f"w{number}", 1), section=Wording.plain(section), series=Wording.plain(series))
        for number, (section, series) in enumerate(kinds)
    ]
    assert sorted(work.id for work in ordered(works)) == [work.id for work in works]
    assert ordered(ordered(works)) == ordered(works)


@pytest.mark.parametrize(
    ("title", "language", "letter"),
    [
        ("까치", "ko", "가"),
        ("힣", "en", "하"),
        ("“Étoile”", "fr", "E"),
        ("Øre", "en", "O"),
        ("中国", "zh", "Z"),
        ("ガラス", "ja", "か"),
        ("ゃ", "ja", "や"),
        ("ёлка", "ru", "Е"),
        ("أهلا", "ar", "ا"),
        ("2001", "ko", "0-9"),
        ("...", "ko", "#"),
        ("", "ko", "#"),
    ],
)
def test_titles_stand_under_the_letter_that_readers_look_for(title: str, language: str, letter: str) -> None:
    """In eight scripts."""
    assert initial(title, language).label == letter


def test_the_readers_own_alphabet_comes_first() -> None:
    """Before that of the neighbour."""
    titles = ["Banana", "가방", "12", "Über", "나비"]
    assert sorted(titles, key=lambda title: sort_key(title, "ko")) == ["12", "가방", "나비", "Banana", "Über"]
    assert sorted(titles, key=lambda title: sort_key(title, "en")) == ["12", "Banana", "Über", "가방", "나비"]


@given(st.text(max_size=6), st.sampled_from(["ko", "en", "ja", "zh", "ru", "ar", "und"]))
def test_every_title_has_a_letter(title: str, language: str) -> None:
    """Whatever it is made of."""
    first = initial(title, language)
    assert len(first.label) in (1, 3)
    assert sort_key(title, language)[0] == first


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """Each engine with the home document of a small library open."""
    engine: Browser = request.getfixturevalue(request.param)
    engine.open(make_large_library(tmp_path_factory.mktemp("few") / "책 (1)", 30) / "index.html", 360)
    return engine


def test_the_box_finds_titles_authors_and_summaries_as_one_types(browser: Browser) -> None:
    """Korean too, also half a syllable and first consonants alone; nothing found is said, and the address stays."""
    address, steps = browser.evaluate("[location.href, history.length]")
    everything = shown_after(browser, "")
    assert len(everything) == 30
    assert shown_after(browser, "하늘 13") == ["하늘 이야기 13"]
    assert len(shown_after(browser, "박 작가")) == 10
    for typed in ("ㅎ", "하", "한", "하느", "하늘"):
        assert "하늘 이야기 27" in shown_after(browser, typed), typed
    assert shown_after(browser, "ㅎㄴ") == ["하늘 이야기 13", "하늘 이야기 27"]
    assert shown_after(browser, "nothing like it") == []
    assert browser.evaluate('document.querySelector("[role=status]").getClientRects().length') == 1
    assert shown_after(browser, "") == everything
    assert browser.evaluate("[location.href, history.length]") == [address, steps]


def test_the_box_asks_the_browser_to_remember_and_to_check_nothing(browser: Browser) -> None:
    """No list of earlier words, no spelling service; and no form that could be sent."""
    assert browser.evaluate("""(function () {
        var box = document.getElementById("find");
        return [box.autocomplete, box.spellcheck, box.name, box.form];
    })()""") == ["off", False, "", None]


def test_a_reader_without_scripts_sees_no_box(chromium: Chromium, tmp_path: Path) -> None:
    """What would do nothing is not there, nor what it is called."""
    page = make_large_library(tmp_path / "shelf", 3) / "index.html"
    with chromium.without_scripts():
        chromium.open(page, 360)
        assert chromium.evaluate('document.getElementById("find").getClientRects().length') == 0
        assert "찾" not in chromium.evaluate("document.body.innerText")


def test_a_cover_page_of_real_covers_stays_small(tmp_path: Path) -> None:
    """As it lies on the stick."""
    tree = make_large_library(tmp_path / "shelf", 250)
    sizes = [path.stat().st_size for path in tree.glob("list/*.html")]
    assert sizes
    assert max(sizes) <= LIST_BYTES


def test_every_file_is_named_by_a_library_that_is_in_none_of_its_languages() -> None:
    """A version that no library shows is linked, and its comic book named."""
    work = comic("w401", 1, ("ko", "en"))
    text = text_of(by_path(entries_of(work, languages=("ja",)))["index.html"])
    assert all(f">{name}<" in text for name in ("phone/w401-en.html", "cbz/w401.cbz", "cbz/w401-en.cbz"))
    assert 'href="w401-en/index.html"' in text


def test_names_of_files_run_from_the_left_in_documents_that_run_from_the_right() -> None:
    """Whatever stands beside them; in others no element is spent on it."""
    entries = by_path(entries_of(comic("w401", 1, ("ar", "en")), languages=("ar", "en")))
    assert 'مثل <span dir="ltr">phone/w401.html</span></p>' in text_of(entries["index.html"])
    assert '<a class="file" dir="ltr" href="phone/w401.html">phone/w401.html</a>' in text_of(entries["index.html"])
    assert '<span dir="ltr">phone/w401.html</span></p>' in text_of(entries["w401/index.html"])
    assert "such as phone/w401-en.html.</p>" in text_of(entries["index-en.html"])
