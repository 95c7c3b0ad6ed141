"""Books of pictures: every picture of an EPUB is a page, the cover, or named."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path

import pytest

from packager.model import Direction, Outcome
from packager.readers import epub
from packager.sandbox.pool import Workers
from tests.helpers.books import METADATA, XHTML, comic_book, package, page, png, write_epub
from tests.helpers.reading import comic_of, messages, only_version, page_names, read_bundle

ONE, TWO = "OEBPS/img/1.png", "OEBPS/img/2.png"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
SHAPE = '<path d="M0 0L9 9"/><text>A <tspan>word</tspan></text>'

WAYS = {
    "img": '<img src="../img/{}.png"/>',
    "name that is encoded": '<img src="../img/%3{}.png"/>',
    "other letter case": '<img src="../IMG/{}.PNG"/>',
    "name from the root of the book": '<img src="/OEBPS/img/{}.png"/>',
    "name from above the root": '<img src="../../../OEBPS/img/{}.png"/>',
    "name with backslashes": r'<img src="..\img\{}.png"/>',
    "loaded later": '<img src="../img/1.png" data-src="../img/{}.png"/>',
    "srcset alone": '<img srcset="../img/{}.png 2x"/>',
    "source of a picture": '<picture><source srcset="../img/{}.png 1x"/><img alt=""/></picture>',
    "background in the element": "<div style=\"width: 9px; background: #fff url('../img/{}.png') no-repeat\"></div>",
    "background of the body": '<table background="../img/{}.png"><tr><td/></tr></table>',
    "background in the page's styles": "<style>div.p{0} > b {{background-image: url(../img/{0}.png)}}</style>"
    '<div class="p{0}"><b/></div>',
    "background in a sheet": '<div id="p{}"/>',
    "object": '<object data="../img/{}.png" type="image/png"><p/></object>',
    "embed": '<embed src="../img/{}.png"/>',
    "poster of a film": '<video poster="../img/{}.png"/>',
    "button": '<input type="image" src="../img/{}.png"/>',
    "image of a drawing": SVG.format('<image xlink:href="../img/{}.png"/>'),
    "image of a drawing in SVG 2": SVG.format('<image href="../img/{}.png"/>'),
    "drawing in a file of its own": '<img src="../img/{}.svg"/>',
    "frame": '<iframe src="../img/{}.svg"/>',
}


def write_comic(path: Path, bodies: dict[str, str], **options: str) -> Path:
    """A book with these documents, and with two pictures, each also in a drawing."""
    documents = {f"text/{name}": XHTML.format(body) for name, body in bodies.items()}
    link = '<link rel="stylesheet" href="../a.css"/>'
    documents = {name: text.replace("<head>", f"<head>{link}") for name, text in documents.items()}
    drawings = {f"img/{n}.svg": SVG.format(f'<image xlink:href="{n}.png"/>') for n in (1, 2)}
    sheets = {
        "a.css": "@import url('b.css'); p { color: red }",
        "b.css": "@media screen { #p1 { background: url(img/1.png) } #p2:before { content: url('img/2.png') } }",
    }
    opf = package(list(documents), ["img/1.png", "img/2.png"], **options)
    pictures: dict[str, str | bytes] = {"img/1.png": png(), "img/2.png": png(colour="#345")}
    return write_epub(path, pictures | {"content.opf": opf} | documents | drawings | sheets)


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_a_picture_is_a_page_however_the_book_shows_it(tmp_path: Path, way: str) -> None:
    """In the order of the documents; a book of them is never one without text."""
    book = epub.read_book(write_comic(tmp_path / "a.epub", {"a.xhtml": way.format(2), "b.xhtml": way.format(1)}))
    assert book.is_of_pictures
    assert book.pages == (TWO, ONE)


def test_a_picture_that_the_manifest_does_not_list_is_a_page(tmp_path: Path) -> None:
    """The archive holds it, and a document shows it."""
    documents = {f"text/{n}.xhtml": XHTML.format(page(f"img/{n}.png")) for n in (1, 2)}
    files: dict[str, str | bytes] = {
        "content.opf": package(list(documents), ["img/1.png"]),
        **documents,
        "img/1.png": png(),
        "img/2.png": png(),
    }
    assert epub.read_book(write_epub(tmp_path / "a.epub", files)).pages == (ONE, TWO)


def test_a_picture_whose_bytes_stand_in_the_page_is_a_page(tmp_path: Path, workers: Workers) -> None:
    """As some programs write books of one file a page."""
    data = base64.b64encode(png()).decode()
    bodies = {"1.xhtml": page("img/a.png"), "2.xhtml": f'<img src="data:image/png;base64,{data}"/>'}
    comic_book(tmp_path / "comics/a.epub", bodies, ["img/a.png"])
    comic = comic_of(only_version(read_bundle(tmp_path, workers)))
    assert len(comic.pictures) == 2


def test_a_page_that_is_shown_again_is_there_again(tmp_path: Path) -> None:
    """Such as a blank page; a sign that stands beside pages is one page, and told."""
    pictures = [f"img/{name}.png" for name in ("1", "2", "blank", "sign")]
    shown = ["img/1.png", "img/blank.png", "img/2.png", "img/blank.png"]
    bodies = {f"{n}.xhtml": page(name) for n, name in enumerate(shown)}
    bodies |= {f"s{n}.xhtml": page(f"img/{n}.png") + page("img/sign.png") for n in (1, 2)}
    book = epub.read_book(comic_book(tmp_path / "a.epub", bodies, pictures))
    assert [name.removeprefix("OEBPS/") for name in book.pages] == [*shown, "img/1.png", "img/sign.png", "img/2.png"]
    assert list(book.ornaments) == ["OEBPS/img/sign.png"]


def test_a_page_shown_in_two_forms_is_one_page(tmp_path: Path) -> None:
    """As readers that magnify panels want it."""
    book = comic_book(tmp_path / "a.epub", {"1.xhtml": page("img/1.png") * 2}, ["img/1.png"])
    assert epub.read_book(book).pages == (ONE,)


def test_a_book_without_container_is_read_by_its_only_package(tmp_path: Path) -> None:
    """As where a program packed its folder anew."""
    whole = write_comic(tmp_path / "whole.epub", {"a.xhtml": WAYS["img"].format(1)})
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "a.epub", "w") as new:
        for name in old.namelist():
            if not name.startswith("META-INF/"):
                new.writestr(name, old.read(name))
    assert epub.read_book(tmp_path / "a.epub").pages == (ONE,)


def test_pictures_as_large_as_pages_that_no_page_shows_are_warned_of(tmp_path: Path, workers: Workers) -> None:
    """In one line; copies of pages and small ornaments are only named."""
    pictures = {"page": png((90, 90)), "copy": png((90, 90)), "small": png((2, 2)), "3": png((900, 901))}
    pictures["4"] = png((900, 1301))
    opf = package(["1.xhtml"], [f"img/{name}.png" for name in pictures])
    files: dict[str, str | bytes] = {f"img/{name}.png": data for name, data in pictures.items()}
    body = XHTML.format('<img src="img/page.png"/>')
    write_epub(tmp_path / "comics/a.epub", {"content.opf": opf, "1.xhtml": body, **files})
    (warning,) = messages(read_bundle(tmp_path, workers), Outcome.WARNING)
    assert warning.startswith(
        "comics/a.epub: 2 pictures as large as its pages are shown on none and not taken: 3.png, 4.png"
    )


COVERS = {
    "EPUB 3": '<item id="c" href="img/c.png" media-type="image/png" properties="cover-image"/>',
    "EPUB 2": '<item id="c" href="img/c.png" media-type="image/png"/>',
    "guide": '<item href="img/c.png" media-type="image/png"/><reference type="cover" href="img/c.png"/>',
}


@pytest.mark.parametrize("item", COVERS.values(), ids=list(COVERS))
@pytest.mark.parametrize("words", ["", "word " * 500], ids=["comic", "article"])
def test_the_declared_cover_is_the_cover(tmp_path: Path, workers: Workers, item: str, words: str) -> None:
    """Also where no document shows it, of a book of pictures and of one of text."""
    opf = package(["1.xhtml"], ["img/1.png"], f'{METADATA}<meta name="cover" content="c"/>', more=item)
    files: dict[str, str | bytes] = {
        "content.opf": opf,
        "1.xhtml": XHTML.format(page("img/1.png", words).replace("../", "")),
        "img/1.png": png(),
    }
    files["img/c.png"] = png((60, 90))
    write_epub(tmp_path / "articles/a.epub", files)
    work = only_version(read_bundle(tmp_path, workers)).work
    assert work.cover is not None
    assert (work.cover.source.member, work.cover.width) == ("OEBPS/img/c.png", 60)


@pytest.mark.parametrize(
    ("spine", "meta"),
    [('page-progression-direction="rtl"', ""), ("", '<meta name="primary-writing-mode" content="horizontal-rl"/>')],
    ids=["of the order", "as a shop writes it"],
)
def test_a_book_tells_its_direction_itself(tmp_path: Path, workers: Workers, spine: str, meta: str) -> None:
    """No other file is said to tell it."""
    comic_book(
        tmp_path / "comics/a.epub", {"1.xhtml": page("img/1.png")}, ["img/1.png"], metadata=METADATA + meta, spine=spine
    )
    library = read_bundle(tmp_path, workers)
    assert comic_of(only_version(library)).direction is Direction.RTL
    assert any("as the book says" in message for message in messages(library, Outcome.DECIDED))


def test_pages_that_are_drawn_are_named(tmp_path: Path, workers: Workers) -> None:
    """Their words become a transcript, and the pages around them are taken."""
    items = '<item id="s" href="s.svg" media-type="image/svg+xml"/>'
    opf = package(["1.xhtml"], ["img/1.png"], more=items).replace("<spine >", '<spine><itemref idref="s"/>')
    body = XHTML.format('<img src="img/1.png"/>')
    write_epub(
        tmp_path / "comics/a.epub",
        {"content.opf": opf, "1.xhtml": body, "s.svg": SVG.format(SHAPE), "img/1.png": png()},
    )
    library = read_bundle(tmp_path, workers)
    assert page_names(only_version(library)) == ["1.png"]
    assert [one.sections for one in comic_of(only_version(library)).transcripts] == [((0, ("A word",)),)]
    (warning,) = messages(library, Outcome.WARNING)
    assert warning.startswith("comics/a.epub: a page that is drawn (SVG) cannot be shown: s.svg")


def test_pictures_that_are_shown_by_other_means_are_taken(tmp_path: Path, workers: Workers) -> None:
    """With a warning, in the order of the manifest: a book of pictures is never one without text."""
    comic_book(tmp_path / "comics/a.epub", {"1.xhtml": "<script/>"}, ["img/b.png", "img/a.png"])
    library = read_bundle(tmp_path, workers)
    assert page_names(only_version(library)) == ["b.png", "a.png"]
    assert "its 2 pictures are taken" in messages(library, Outcome.WARNING)[0]


def test_a_picture_and_a_document_that_are_not_shown_are_named(tmp_path: Path, workers: Workers) -> None:
    """The picture by a line of its own."""
    opf = package(["1.xhtml", "2.xhtml"], ["img/1.png", "img/2.png"])
    body = XHTML.format('<img src="img/1.png"/><img src="img/gone.png"/>')
    write_epub(
        tmp_path / "comics/a.epub", {"content.opf": opf, "1.xhtml": body, "img/1.png": png(), "img/2.png": png()}
    )
    library = read_bundle(tmp_path, workers)
    assert "comics/a.epub/OEBPS/img/2.png: no page of the book shows it" in messages(library, Outcome.PASSED_OVER)
    assert messages(library, Outcome.WARNING) == [
        "comics/a.epub: documents of the book that are missing: 2.xhtml",
        "comics/a.epub: pictures that the book shows and does not hold: 1 (gone.png)",
    ]
