"""Articles on paper: set by Typst, written in the form of ours, and read by programs of others."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.check.paper import paper_facts
from packager.check.pictures import MOST_UNPAID
from packager.layout.page_text import Letters, PageItem, PagesView
from packager.layout.paper_text import paper_parts
from packager.model import (
    Article,
    Block,
    Cell,
    Direction,
    FootnoteMark,
    Heading,
    Mark,
    Marked,
    PaperSize,
    Role,
    Ruby,
    Span,
    Table,
    Text,
    Version,
)
from packager.model.blocks import words_of
from packager.model.renditions import Rendition
from packager.sandbox.pool import Workers
from tests.helpers.made_books import set_on_paper
from tests.layout.test_epub import NOTES, SAID, paragraph
from tests.readers.test_article_roundtrip import pages, read_in

KOREAN = "사람들은 오래전부터 종이로 이야기를 주고받았습니다. 창문을 열자 바람이 들어왔다고 그는 말했다. "
ENGLISH = "People have sent one another stories on paper for as long as there has been paper. "
TEXTS = {
    "ko": (KOREAN, "종이배"),
    "en": (ENGLISH, "A paper boat"),
    "ja": ("紙の舟を折るのに、糊も鋏もいらない。窓を開けると風が入ってきた。", "紙の舟"),
    "he": ("חלון אל הים, וחלונות אחרים. הלילה היה ארוך והעיר ישנה. ", "חלון"),
}


def long_text(language: str) -> Version:
    text, title = TEXTS[language]
    blocks: list[Block] = [Heading(2, (Text(title),)), *(paragraph(text * 12) for _ in range(8))]
    return Version(language, title, Article((*blocks, Table(((Cell((Text("1"),)), Cell((Text(text[:9]),))),)))))


def letters(text: str) -> str:
    """What a text says, without the spaces between and the marks that nobody sees."""
    return re.sub(r"[\s\u200b\u200e\u200f\u2060-\u2069\ufeff]+", "", text)


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> tuple[Path, list[bytes]]:
    """An article with notes and a picture, and the picture."""
    pdf, renditions, _ = set_on_paper(tmp_path_factory.mktemp("noted"), SAID, workers)
    shown = [one.path.read_bytes() for one in renditions.of(Role.PAGE) if isinstance(one, Rendition)]
    return pdf, shown


def test_pictures_are_those_of_the_pages_to_the_byte(noted: tuple[Path, list[bytes]]) -> None:
    """As JPEG, not encoded again."""
    pdf, shown = noted
    data = pdf.read_bytes()
    assert shown
    assert all(data.count(jpeg) == 1 for jpeg in shown)
    assert data.count(b"/DCTDecode") == len(shown)


def test_it_says_its_title_and_nothing_of_who_made_it_or_when(noted: tuple[Path, list[bytes]]) -> None:
    """No producer, date, metadata or identifier; its language, its structure and words for pictures are there."""
    data = noted[0].read_bytes()
    with pypdfium2.PdfDocument(data) as document:
        assert document.get_metadata_dict(skip_empty=True) == {"Title": "Notes"}
        assert document.is_tagged()
    for word in (b"Typst", b"typst", b"Creat", b"ModDate", b"/Metadata", b"xpacket", b"/ID["):
        assert word not in data, word
    assert b"/Lang(en)" in data
    assert b"/Alt(A hill)" in data


def test_marks_lead_to_notes_and_back(noted: tuple[Path, list[bytes]]) -> None:
    """Inside the document; nothing leads out of it."""
    data = noted[0].read_bytes()
    marks = 4 + 1  # of which one note has two
    notes = 4
    assert data.count(b"/Subtype/Link") == marks + notes
    assert b"/URI" not in data


def test_headings_are_the_outline(noted: tuple[Path, list[bytes]]) -> None:
    """Below the title."""
    with pypdfium2.PdfDocument(noted[0]) as document:
        lines = [(one.level, one.get_title()) for one in document.get_toc()]
    assert lines == [(0, "Notes"), (1, "One"), (1, "Two"), (1, "Notes")]


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("language", TEXTS)
def test_its_letters_can_be_copied_in_order(language: str, tmp_path: Path, workers: Workers) -> None:
    """As many as 999 of a thousand, of languages from either side; numbers of pages aside."""
    version = long_text(language)
    pdf, _, remarks = set_on_paper(tmp_path, version, workers)
    assert remarks == ()
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) > 1
    run = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True, timeout=60)
    copied = letters(re.sub(r"^\d+\s*$", "", run.stdout.replace("\f", "\n"), flags=re.MULTILINE))
    assert isinstance(version.work, Article)
    expected = letters(version.title + words_of(version.work.blocks, ""))
    assert alike(copied, expected) >= 0.999, copied[:300]


def alike(copied: str, expected: str) -> float:
    """The share of the letters that stand in the copy in their order."""
    found = at = 0
    for letter in expected:
        place = copied.find(letter, at, at + 40)
        found, at = (found + 1, place + 1) if place >= 0 else (found, at)
    return found / len(expected)


@pytest.mark.needs("pdftotext")
def test_lines_of_korean_end_between_words(tmp_path: Path, workers: Workers) -> None:
    """On A5 and on A4."""
    for size in PaperSize:
        (tmp_path / size).mkdir()
        pdf, _, _ = set_on_paper(tmp_path / size, long_text("ko"), workers, size)
        run = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True, timeout=60)
        words = set(KOREAN.split())
        lines = [line for line in run.stdout.splitlines() if len(line) > 12]
        assert len(lines) > 20
        assert {word for line in lines for word in line.split()} <= words
        with pypdfium2.PdfDocument(pdf) as document:
            assert tuple(map(round, document[0].get_size())) == ((420, 595) if size is PaperSize.A5 else (595, 842))


def test_the_same_article_gives_the_same_bytes(tmp_path: Path, workers: Workers) -> None:
    """From another folder, by another process."""
    made = []
    for name in "ab":
        (tmp_path / name).mkdir()
        with Workers(1) as other:
            made.append(set_on_paper(tmp_path / name, SAID, other)[0].read_bytes())
    assert made[0] == made[1]


def found_in(page: str, folder: Path, workers: Workers) -> tuple[object, ...]:
    article = read_in(f"<title>A title</title>{page}", "a.html")
    pdf, _, _ = set_on_paper(folder, Version("en", article.title, Article(article.blocks)), workers)
    facts = paper_facts(pdf.read_bytes(), MOST_UNPAID)
    return (*facts.problems, *(one.error for one in facts.pictures if one.error))


@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_the_check_finds_nothing_in_what_is_set(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, workers: Workers
) -> None:
    """Whatever blocks stand in one another."""
    assert found_in(data.draw(pages), tmp_path_factory.mktemp("any"), workers) == ()


@pytest.mark.needs("qpdf", "pdftoppm", "mutool", "gs")
def test_viewers_of_others_open_it(noted: tuple[Path, list[bytes]], tmp_path: Path) -> None:
    """qpdf finds nothing, and three renderers draw every page without a word."""
    pdf = noted[0]
    commands: list[list[str | Path]] = [
        ["qpdf", "--check", pdf],
        ["pdftoppm", "-r", "30", "-png", pdf, tmp_path / "a"],
        ["mutool", "draw", "-q", "-r", "30", "-o", tmp_path / "b%d.png", pdf],
        ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=png16m", "-r30", f"-o{tmp_path / 'c%d.png'}", pdf],
    ]
    for command in commands:
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        said = run.stderr.replace("warning: ICC support is not available\n", "")
        assert (run.returncode, said) == (0, ""), command[0]


def test_what_is_said_otherwise_is_set_too(tmp_path: Path, workers: Workers) -> None:
    """Readings, other languages, signs of code and of Typst: all words are letters, and none is a command."""
    run = (
        Ruby("漢字", "かんじ"),
        Span((Text("창문"),), "ko"),
        Marked(Mark.STRUCK, (Text("#panic() $x$ @a <b> \\ * _"),)),
    )
    wide = tuple(Cell((Text(f"{name} " * 9), FootnoteMark("7")), is_header=True) for name in "abcdef")
    table = Table((wide, *((Cell((Text("words " * 9), FootnoteMark("deep"))),) * 6 for _ in range(2))))
    blocks = (table, Heading(2, (Text("a (b"),)), paragraph("x) (y) \\(", *run), *NOTES.blocks)
    version = replace(SAID, title="A (title) /Creator(b)", work=replace(NOTES, blocks=blocks))
    pdf, _, _ = set_on_paper(tmp_path, version, workers)
    facts = paper_facts(pdf.read_bytes(), MOST_UNPAID)
    assert facts.problems == ()
    assert "#panic() $x$ @a <b> \\ * _" in facts.text
    assert "창문" in facts.text
    with pypdfium2.PdfDocument(pdf) as document:
        assert document.get_metadata_dict(skip_empty=True) == {"Title": version.title}


def test_a_text_of_many_pages_comes_in_parts() -> None:
    """Of which each begins with a heading and is numbered; what would lead into another leads nowhere."""
    chapter = (PageItem("heading-2", (Letters("One"),)), PageItem("paragraph", (Letters("x" * 140_000),)))
    mark = PageItem("paragraph", (Letters("[1]", to="note-1", name="mark-1"),))
    last = PageItem("paragraph", (Letters("[2]", to="note-2", name="mark-2"),))
    notes = tuple(PageItem("paragraph", to=f"mark-{number}", name=f"note-{number}") for number in (1, 2))
    view = PagesView(420, 595, 11, 340, "en", Direction.LTR, (mark, *chapter * 4, last, *notes), "Long")
    first, second = paper_parts(view)
    assert (first.title, second.title) == ("Long (1)", "Long (2)")
    assert first.items + second.items != view.items
    assert [item.style for item in (*first.items, *second.items)] == [item.style for item in view.items]
    assert second.items[0].is_heading
    assert first.items[0].letters[0].to == ""
    assert second.items[-3].letters[0].to == "note-2"
    assert [item.to for item in second.items[-2:]] == ["", "mark-2"]
    short = replace(view, items=view.items[1:3])
    assert list(paper_parts(short)) == [short]


def test_a_table_without_an_end_comes_in_parts_with_its_headings() -> None:
    """Every row of it once, in order."""
    rows = [((Letters(f"{number}"),),) * 6 for number in range(4_000)]
    table = PageItem("table", rows=tuple(rows), has_heads=True)
    parts = list(paper_parts(PagesView(420, 595, 11, 340, "en", Direction.LTR, (table,), "Long")))
    assert len(parts) > 1
    set_apart = [item for part in parts for item in part.items]
    assert {item.rows[0] for item in set_apart} == {rows[0]}
    assert [row for item in set_apart for row in item.rows[1:]] == rows[1:]


def test_a_word_of_korean_without_an_end_is_set(tmp_path: Path, workers: Workers) -> None:
    """All its letters, over the whole width of lines."""
    word = "가나다라마바사" * 150
    pdf, _, _ = set_on_paper(tmp_path, Version("ko", "창", Article((paragraph(word),))), workers)
    facts = paper_facts(pdf.read_bytes(), MOST_UNPAID)
    assert facts.text.count("가나다") + facts.text.count("가나\n다") + facts.text.count("가\n나다") == 150
