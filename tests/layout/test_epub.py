"""The EPUB edition: what it holds, what judges say of it, and that it reads back to the same publication."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from packager.archive.read import read_source
from packager.layout.epub import BOOK_BYTES
from packager.model import (
    About,
    Article,
    Block,
    Chapter,
    Comic,
    Direction,
    Figure,
    Flow,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    ListBlock,
    Marked,
    Missing,
    Paragraph,
    Picture,
    Quote,
    Source,
    Span,
    Text,
    Transcript,
    Version,
)
from packager.model.blocks import with_runs
from packager.readers.articles.article import read_article
from packager.readers.articles.reading import ReadArticle
from packager.sandbox.pool import Workers
from tests.helpers.articles import Shelf, open_lines
from tests.helpers.made_books import EPUBCHECK, EREADER, epubcheck, publication, write_books
from tests.helpers.reading import comic_of, only_version, read_bundle
from tests.readers.test_article_roundtrip import pages, read_in

_LINK = re.compile("</?a\\b[^>]*>")


class _Any(Shelf):
    """Finds whatever picture is asked for."""

    def find(self, reference: str) -> Picture | Missing | None:
        return Picture(Source(Path(reference), reference), 100, 100)


def book_of(article: ReadArticle, folder: Path, language: str = "en") -> Path:
    version = Version(
        article.language or language,
        article.title,
        Article(article.blocks, direction=article.direction),
        article.authors,
        article.summary,
        article.credit,
    )
    (book,) = write_books(folder, publication("w1", version))
    return book


def read_book(book: Path) -> ReadArticle:
    article = read_article(Source(book, "articles/it"), ".epub", _Any())
    assert open_lines(article.remarks) == []
    return article


def same(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with notes numbered as they come, and pictures by their order."""
    numbers: dict[str, str] = {}

    def run(children: tuple[Inline, ...]) -> tuple[Inline, ...]:
        flat: list[Inline] = []
        for child in children:
            match child:
                case FootnoteMark(label=label):
                    flat.append(FootnoteMark(numbers.setdefault(label, str(len(numbers) + 1))))
                case Text(text=text) if flat and isinstance(flat[-1], Text):
                    flat[-1] = Text(flat[-1].text + text)
                case Marked() | Span():
                    flat.append(replace(child, children=run(child.children)))
                case _:
                    flat.append(child)
        return tuple(flat)

    return tuple(_plain(with_runs(blocks, run), numbers))


def _plain(blocks: Iterable[Block], numbers: dict[str, str]) -> Iterator[Block]:
    for block in blocks:
        match block:
            case Figure():
                yield replace(block, picture=Missing(Source(Path(), "")))
            case Footnote(label=label):
                yield Footnote(numbers.get(label, label), tuple(_plain(block.blocks, numbers)))
            case Quote():
                yield Quote(tuple(_plain(block.blocks, numbers)))
            case ListBlock():
                yield replace(block, items=tuple(tuple(_plain(item, numbers)) for item in block.items))
            case _:
                yield block


def assert_reads_back(page: str) -> None:
    page = _LINK.sub("", page).replace("<br>", "a<br>a")  # words of links alone reach a book; no line is empty
    first = read_in(f"<title>A title</title>{page}", "a.html")
    with tempfile.TemporaryDirectory() as folder:
        again = read_book(book_of(first, Path(folder)))
    assert again.title == first.title
    assert same(again.blocks) == same(first.blocks)


@given(page=pages)
@settings(max_examples=40, deadline=None)
def test_an_article_reads_back_from_its_book(page: str) -> None:
    """Headings, lists, quotes, tables, figures, ruby, emphasis, languages and directions."""
    assert_reads_back(page)


def paragraph(text: str, *more: Inline) -> Paragraph:
    return Paragraph((Text(text), *more))


NOTES = Article(
    (
        Heading(2, (Text("One"),)),
        paragraph("It is so", FootnoteMark("x"), Text(", and so"), FootnoteMark("7")),
        paragraph("Once more", FootnoteMark("x")),
        Figure(Picture(Source(Path("a.png"), "a.png"), 120, 90), "A hill", (Text("The hill"),)),
        Heading(2, (Text("Two"),)),
        Quote((paragraph("Within", FootnoteMark("deep")),)),
        Footnote("x", (paragraph("A note"), paragraph("that goes on", FootnoteMark("inner")))),
        Footnote("7", (ListBlock((((paragraph("a list alone"),)),)),)),
        Footnote("deep", (paragraph("Of a quote"),)),
        Footnote("inner", (paragraph("Of a note"),)),
    ),
    cover=Picture(Source(Path("c.png"), "c.png"), 80, 120),
)
SAID = Version("en", "Notes", NOTES, ("Ju Ok", "A. Reader"), "What it is about.", "Written here.\nCopy it.")


def test_all_that_is_said_of_an_article_reads_back(tmp_path: Path) -> None:
    """Authors, summary, credit and cover, and notes in notes, in lists and in quotes."""
    (book,) = write_books(tmp_path, publication("w1", SAID))
    again = read_book(book)
    assert (again.title, again.authors, again.summary, again.credit, again.language) == (
        "Notes",
        ("Ju Ok", "A. Reader"),
        "What it is about.",
        "Written here.\nCopy it.",
        "en",
    )
    assert again.cover is not None
    assert again.cover.source.path.name == "cover.jpg"
    assert same(again.blocks) == same(NOTES.blocks)


def test_a_long_article_comes_in_documents_that_begin_with_chapters(tmp_path: Path) -> None:
    """Each has its own notes, and all together read back as one."""
    chapters = [
        (
            Heading(2, (Text(f"Chapter {number}"),)),
            paragraph("word " * 20_000 + "end", FootnoteMark(str(number))),
            Heading(3, (Text("A part"),)),
            paragraph("The end of it."),
        )
        for number in range(1, 8)
    ]
    notes = tuple(Footnote(str(number), (paragraph(f"Note {number}"),)) for number in range(1, 8))
    work = Article((*(block for chapter in chapters for block in chapter), *notes))
    (book,) = write_books(tmp_path, publication("w1", Version("en", "Long", work)))
    with zipfile.ZipFile(book) as archive:
        documents = [name for name in archive.namelist() if name[0].isdigit()]
        assert max(archive.getinfo(name).file_size for name in documents) < 300_000
    assert len(documents) > 1
    assert same(read_book(book).blocks) == same(work.blocks)


def sized(*sizes: tuple[int, int]) -> tuple[Picture, ...]:
    return tuple(Picture(Source(Path(f"{n}.png"), f"{n}.png"), *size) for n, size in enumerate(sizes))


COMIC = Comic(
    Flow.PAGES,
    Direction.RTL,
    sized(*[(90, 120)] * 3, (180, 120), *[(90, 120)] * 4),
    transcripts=(Transcript("ko", ((0, ("창", "비가 온다")), (3, ("끝",)))), Transcript("en", ((0, ("A window",)),))),
    about=(About("ko", (paragraph("그린이"),)),),
    chapters=(Chapter("하나", 0), Chapter("둘", 4)),
)
STRIP = Comic(Flow.STRIP, Direction.LTR, sized((100, 300), (100, 280)))
PAGES = Version("ko", "창", COMIC, ("주 옥",), credit="누구나 베껴도 된다.")


def order_of(book: Path) -> list[tuple[str, str]]:
    """The documents of a book in the order of reading, with what is said of the place of each."""
    with zipfile.ZipFile(book) as archive:
        package = archive.read("book.opf").decode()
    names = dict(re.findall(r'<item id="([^"]+)" href="([^"]+)"', package))
    return [
        (names[id_], place)
        for id_, place in re.findall(r'<itemref idref="([^"]+)"(?: properties="([^"]+)")?/>', package)
    ]


def test_pages_lie_in_spreads_from_the_side_that_they_are_read_from(tmp_path: Path) -> None:
    """The first one alone, one that shows two pages in the middle, and behind it a pair begins."""
    right, left, middle = "page-spread-right", "page-spread-left", "rendition:page-spread-center"
    (book,) = write_books(tmp_path, publication("w1", PAGES))
    places = [place for _, place in order_of(book)]
    assert places == [left, right, left, middle, right, left, right, left, "rendition:layout-reflowable"]
    assert 'page-progression-direction="rtl"' in zipfile.ZipFile(book).read("book.opf").decode()


def test_a_comic_reads_back_from_its_book(tmp_path: Path, workers: Workers) -> None:
    """Its pages to the byte, and all that is said of it and in it."""
    (book,) = write_books(tmp_path / "made", publication("w1", PAGES))
    (tmp_path / "bundle" / "comics").mkdir(parents=True)
    shutil.copy(book, tmp_path / "bundle" / "comics" / "book.epub")
    again = only_version(read_bundle(tmp_path / "bundle", workers))
    assert (again.title, again.authors, again.language) == (PAGES.title, PAGES.authors, PAGES.language)
    comic = comic_of(again)
    assert (comic.flow, comic.direction, comic.chapters) == (Flow.PAGES, Direction.RTL, COMIC.chapters)
    assert comic.transcripts == COMIC.transcripts
    assert comic.about == COMIC.about
    assert again.credit == PAGES.credit
    pages = [read_source(picture.source) for picture in comic.pictures]
    assert pages == [(tmp_path / "made" / "pictures" / f"w1-ko-{n}.jpg").read_bytes() for n in range(8)]


def test_the_same_work_gives_the_same_book_and_another_one_another_number(tmp_path: Path) -> None:
    """Nothing in a book but what it is made of, and all of it in the number that it is known by."""
    first, again, other = (
        write_books(tmp_path / name, publication("w1", version))[0]
        for name, version in (("a", SAID), ("b", SAID), ("c", replace(SAID, summary="Else.")))
    )
    assert first.read_bytes() == again.read_bytes()
    numbers = [
        re.findall("urn:uuid:[0-9a-f-]{36}", zipfile.ZipFile(book).read("book.opf").decode()) for book in (first, other)
    ]
    assert numbers[0] != numbers[1]
    assert [len(found) for found in numbers] == [1, 1]


def test_a_book_that_is_larger_than_a_file_may_be_comes_in_parts(tmp_path: Path) -> None:
    """Each with its own chapters and number; the words stand in the last one."""
    small = replace(EREADER, tree=replace(EREADER.tree, max_file_bytes=BOOK_BYTES + 12_000))
    books = write_books(tmp_path, publication("w1", PAGES), profile=small)
    assert [book.name for book in books] == ["w1.epub", "w1-2.epub"]
    assert [name for book in books for name, _ in order_of(book)] == [
        *(f"{number:03}.xhtml" for number in range(1, 9)),
        "words.xhtml",
    ]


EVERY_KIND = {
    "an article": SAID,
    "pages": PAGES,
    "a strip": Version("en", "A strip", STRIP),
    "a scroll": Version("zxx", "A scroll", replace(STRIP, flow=Flow.SCROLL, direction=Direction.RTL)),
    "a missing page": Version("fa", "پنجره", replace(COMIC, pictures=(Missing(Source(Path(), "")), *COMIC.pictures))),
    "a text from the right": Version("ar", "نافذة", Article((paragraph("نافذة على البحر"),))),
    "signs": Version("und", "A <b> & \"c\" 'd' ]]>", Article((paragraph('<p> & "x" lang="en" <br> \'y\''),))),
}


@pytest.mark.needs("mutool")
def test_a_reader_of_books_of_another_make_shows_it(tmp_path: Path) -> None:
    """All words of an article, and each page of a comic."""
    works = (publication("w1", SAID), publication("w2", PAGES))
    article, comic = write_books(tmp_path, *works)
    text = _mutool("text", article)
    assert all(words in text for words in ("Notes", "Ju Ok", "Once more", "The hill", "Of a quote", "Written here."))
    assert "창" in _mutool("text", comic)
    shown = re.findall(r"page .* (\d+)", _mutool("png", comic, tmp_path / "%d.png"))
    assert len(shown) > len(COMIC.pictures)


def _mutool(form: str, book: Path, *output: Path) -> str:
    command = ["mutool", "draw", "-r", "20", "-F", form, *(["-o", *map(str, output)] if output else []), str(book)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return run.stderr if output else run.stdout


IN_BRIEF = ("an article", "a missing page")


@pytest.mark.slow
@pytest.mark.needs("java", str(EPUBCHECK))
def test_epubcheck_finds_nothing(tmp_path: Path) -> None:
    """In the book of an article and of a comic with all that may be in one."""
    every = [publication(f"w{number}", EVERY_KIND[kind]) for number, kind in enumerate(IN_BRIEF, 1)]
    assert epubcheck(write_books(tmp_path, *every)) == []


@pytest.mark.prove
@pytest.mark.needs("java", str(EPUBCHECK))
def test_epubcheck_finds_nothing_in_two_hundred_books(tmp_path: Path) -> None:
    """Of every kind, and of articles with whatever blocks in one another."""
    works = list(EVERY_KIND.values())

    @given(page=pages)
    @settings(max_examples=200 - len(works), deadline=None, database=None)
    def gather(page: str) -> None:
        read = read_in(f"<title>A title</title>{page}", "a.html")
        works.append(Version("en", read.title, Article(read.blocks)))

    gather()
    books = write_books(tmp_path, *(publication(f"w{number}", work) for number, work in enumerate(works, 1)))
    found = epubcheck(books)
    print(f"{len(books)} books, {len(found)} with findings")
    assert len(books) >= 200
    assert found == []
