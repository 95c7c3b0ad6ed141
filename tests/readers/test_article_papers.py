"""Documents of word processors and pages saved as one file are read as the article in them, with their pictures."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from packager.errors import SourceError
from packager.model import Figure, Footnote, FootnoteMark, Heading, Outcome, Paragraph, Text
from packager.model.blocks import figures, words_of
from packager.readers.articles import pandoc
from packager.readers.articles.reading import ReadArticle
from packager.sandbox.programs import Programs
from tests.helpers.articles import LABEL, Shelf, read, shelf
from tests.helpers.builders import packager
from tests.helpers.papers import docx, epub, mhtml, paragraph, png, shown

MARKDOWN = """\
# Part

Words *with* emphasis, H~2~O.

![A boat](boat.png)

> The quote.

- a
- b

## Inner

Last words.
"""


def remarks(article: ReadArticle, outcome: Outcome) -> list[str]:
    return [remark.message for remark in article.remarks if remark.outcome is outcome]


def test_a_document_of_word_gives_title_headings_and_paragraphs(tmp_path: Path) -> None:
    """Its styles say what they are."""
    body = paragraph("The boat", "Title") + paragraph("Paper", "Heading1") + paragraph("Fold <it> & go.")
    article = read(tmp_path, "a.docx", docx(body))
    assert article.title == "The boat"
    assert words_of(article.blocks) == "Paper Fold <it> & go."


def test_the_pictures_of_a_document_come_along(tmp_path: Path) -> None:
    """With the words that describe them; drawings that are no pictures are named."""
    finder = Shelf()
    data = docx(
        paragraph("Words.") + shown("boat", "A boat") + shown("chart", "A chart"),
        {"boat.png": png(), "chart.emf": b"drawn"},
    )
    article = read(tmp_path, "a.docx", data, finder)
    assert [figure.alt for figure in figures(article.blocks)] == ["A boat"]
    assert finder.embedded_bytes == [png()]
    assert remarks(article, Outcome.WARNING) == ["not taken from the document: drawings: 1"]


def test_what_a_document_of_word_hides_is_dropped_and_counted(tmp_path: Path) -> None:
    """Deleted words and comments do not reach readers, and the organizer is told."""
    deleted = "<w:p><w:r><w:t>Kept.</w:t></w:r><w:del><w:r><w:delText>secret</w:delText></w:r></w:del></w:p>"
    comment = '<w:p><w:r><w:t>More.</w:t></w:r><w:r><w:commentReference w:id="1"/></w:r></w:p>'
    article = read(tmp_path, "a.docx", docx(deleted + comment))
    assert words_of(article.blocks) == "Kept. More."
    assert remarks(article, Outcome.PASSED_OVER) == [
        "not taken from the document: comments: 1, deleted passages: 1 (1 word)"
    ]


def drawn(blip: str, words: str = "A boat", *, click: str = "") -> str:
    """A paragraph with words around a picture that is drawn by this element."""
    return (
        shown("x", words)
        .replace('<a:blip r:embed="x"/>', blip)
        .replace(f'descr="{words}"/>', f'descr="{words}">{click}</wp:docPr>')
    )


def vml(imagedata: str, holder: str = "w:pict", more: str = "") -> str:
    """A paragraph with a picture as older versions of Word write it."""
    return f'<w:p><w:r><{holder}><v:shape alt="A boat">{imagedata}</v:shape>{more}</{holder}></w:r></w:p>'


ABSENT = {
    "linked": drawn('<a:blip r:link="far"/>'),
    "linked by the id of what is held": drawn('<a:blip r:embed="far"/>'),
    "linked, and held under an id that nothing has": drawn('<a:blip r:embed="none" r:link="far"/>'),
    "linked in VML": vml('<v:imagedata r:id="far"/>'),
    "linked in VML by its address": vml('<v:imagedata r:href="far" o:title="x"/>'),
    "named in VML": vml('<v:imagedata src="C:\\Users\\Mina\\boat.png"/>'),
    "the face of an object": vml('<v:imagedata r:id="far"/>', "w:object"),
    "without a relationship": drawn('<a:blip r:embed="none"/>'),
    "without a relationship in VML": vml('<v:imagedata r:id="none"/>'),
    "whose file is gone": drawn('<a:blip r:embed="gone"/>'),
    "without anything": drawn("<a:blip/>"),
}
TARGETS = (
    "file:///C:/Users/Mina/boat.png",
    "https://mina.example/a/boat.png?k=1#x",
    r"\\\\mina\\d\\boat.png",
    "boat.png",
)


@pytest.mark.parametrize("kind", ABSENT)
@pytest.mark.parametrize("target", TARGETS)
def test_a_picture_that_a_document_only_links_to_is_named(tmp_path: Path, kind: str, target: str) -> None:
    """By the name of its file alone; its words stand where it stood, and nothing is looked up or fetched."""
    (tmp_path / "boat.png").write_bytes(png())
    finder = Shelf()
    body = paragraph("Before.") + ABSENT[kind] + shown("own", "Held") + paragraph("After.")
    data = without_media(docx(body, {"own.png": png(), "gone.png": png()}, links={"far": target}), "gone.png")
    article = read(tmp_path, "a.docx", data, finder)
    assert words_of(article.blocks).split() == ["Before.", "A", "boat", "After."]
    assert [figure.alt for figure in figures(article.blocks)] == ["Held"]
    assert finder.embedded_bytes == [png()]
    [told] = remarks(article, Outcome.WARNING)
    named = {"without": "", "whose": " (gone.png)"}.get(kind.split(maxsplit=1)[0], " (boat.png)")
    assert told == f"pictures that the document only links to are not shown: 1{named}; put them into the document"


def without_media(document: bytes, name: str) -> bytes:
    """The document without one of its pictures, which is still listed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.namelist():
            if not member.endswith(f"/{name}"):
                new.writestr(member, old.read(member))
    return stream.getvalue()


def test_many_pictures_that_are_only_linked_are_counted_and_some_named(tmp_path: Path) -> None:
    """In the text and in its notes."""
    body = "".join(drawn(f'<a:blip r:link="far{number}"/>') for number in range(8))
    data = docx(paragraph("Words.") + body, links={f"far{number}": f"/home/mina/{number}.png" for number in range(8)})
    [told] = remarks(read(tmp_path, "a.docx", data), Outcome.WARNING)
    assert "not shown: 8 (0.png, 1.png, 2.png, 3.png, 4.png and 3 more)" in told
    assert "mina" not in told


def test_each_picture_that_is_only_linked_is_accounted_for(tmp_path: Path) -> None:
    """Also where two files have one name, and where an address has none or nothing names it."""
    targets = ("/a/river.jpg", "https://a.example/river.jpg", "https://b.example/v.png", "file:///C:/Users/Mina/")
    body = "".join(drawn(f'<a:blip r:link="far{number}"/>') for number in range(4)) + drawn("<a:blip/>")
    data = docx(paragraph("Words.") + body, links={f"far{number}": target for number, target in enumerate(targets)})
    [told] = remarks(read(tmp_path, "a.docx", data), Outcome.WARNING)
    assert "not shown: 5 (river.jpg 2 times, v.png, 2 without a name)" in told


UNTAKEN = {
    "charts": '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><c:chart xmlns:c="c" r:id="none"/>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
    "diagrams": '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><dgm:relIds r:dm="none"/>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
    "objects of other programs": vml('<v:imagedata r:id="own"/>', "w:object", '<o:OLEObject r:id="none"/>'),
    "parts of other documents": '<w:altChunk r:id="none"/>',
    "drawings": "<w:p><w:r><w:drawing><wps:wsp xmlns:wps='wps'><a:prstGeom/></wps:wsp></w:drawing></w:r></w:p>",
}


@pytest.mark.parametrize("kind", UNTAKEN)
def test_what_is_no_picture_of_a_document_is_counted(tmp_path: Path, kind: str) -> None:
    """What is drawn by other programs, or lies in other files, is named though its relationship is missing."""
    article = read(tmp_path, "a.docx", docx(paragraph("Words.") + UNTAKEN[kind], {"own.png": png()}))
    assert "Words." in words_of(article.blocks)
    assert remarks(article, Outcome.WARNING) == [f"not taken from the document: {kind}: 1"]


def test_a_picture_in_a_form_for_other_programs_is_not_told_twice(tmp_path: Path) -> None:
    """What stands in a choice is what its fallback shows; without one, it is counted."""
    choice = '<mc:Choice Requires="wps"><w:drawing><a:blip r:link="far"/></w:drawing></mc:Choice>'
    fallback = '<mc:Fallback><w:pict><v:shape><v:imagedata r:id="own"/></v:shape></w:pict></mc:Fallback>'
    body = paragraph("Words.") + f"<w:p><w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r></w:p>"
    article = read(tmp_path, "a.docx", docx(body, {"own.png": png()}, links={"far": "boat.png"}))
    assert len(tuple(figures(article.blocks))) == 1
    assert remarks(article, Outcome.WARNING) == []
    alone = read(tmp_path, "a.docx", docx(body.replace(fallback, ""), links={"far": "boat.png"}))
    assert "not shown: 1 (boat.png)" in remarks(alone, Outcome.WARNING)[0]


LOST_LINKS = {
    "of words": '<w:p><w:hyperlink r:id="none"><w:r><w:t>The words.</w:t></w:r></w:hyperlink></w:p>',
    "of a picture": paragraph("The words.") + drawn('<a:blip r:embed="own"/>', click='<a:hlinkClick r:id="none"/>'),
}


@pytest.mark.parametrize("kind", LOST_LINKS)
def test_a_link_without_a_relationship_is_no_link(tmp_path: Path, kind: str) -> None:
    """And no reason to refuse the document."""
    article = read(tmp_path, "a.docx", docx(LOST_LINKS[kind], {"own.png": png()}))
    assert words_of(article.blocks).strip() == "The words."


BROKEN = [
    ("no archive", b"x" * 100),
    ("an archive cut short", docx("")[:-30]),
    ("XML cut short", docx("<w:p><w:r>")),
]


@pytest.mark.parametrize("data", [case[1] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_document_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    """And the hint says what helps."""
    with pytest.raises(SourceError, match=f"{LABEL}: is no document of Word") as refused:
        read(tmp_path, "a.docx", data)
    assert "save it again" in refused.value.hint


def test_entities_of_a_document_are_not_expanded(tmp_path: Path) -> None:
    """A document type is refused before anything reads it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(paragraph("a")))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "word/document.xml":
                text = text.replace(
                    b"<w:document", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document', 1
                )
            new.writestr(name, text)
    with pytest.raises(SourceError, match="declares a document type"):
        read(tmp_path, "a.docx", stream.getvalue())


def test_a_page_in_one_file_shows_the_pictures_in_it(tmp_path: Path) -> None:
    """By their whole address, relative to the page, and by the name of their part."""
    finder = Shelf()
    page = (
        "<h1>T</h1><p>a</p><img src='https://example.org/a/1.png'><p>b</p><img src='2.png'><img src='cid:three'>"
        "<p>c</p><img src='https://example.org/not-there.png' alt='d'>"
    )
    files = {
        "https://example.org/a/1.png": png("#111111"),
        "https://example.org/a/2.png": png("#222222"),
        "cid:three": png("#333333"),
    }
    article = read(tmp_path, "a.mhtml", mhtml(page, files), finder)
    assert finder.embedded_bytes == [png("#111111"), png("#222222"), png("#333333")]
    assert words_of(article.blocks).split() == ["a", "b", "c", "d"]
    assert remarks(article, Outcome.WARNING) == [
        "pictures that lie on the web are not shown: 1 (example.org/not-there.png); put them beside the text"
    ]


def test_a_page_in_one_file_says_nothing_of_who_saved_it(tmp_path: Path) -> None:
    """The head of the mail is not read."""
    data = mhtml("<title>T</title><p>a</p>").replace(b"<Saved by Blink>", b"Mina <mina@example.org>")
    assert "mina" not in repr(read(tmp_path, "a.mht", data)).lower()


def test_a_mail_without_a_page_is_refused(tmp_path: Path) -> None:
    """Anything may be called .mhtml."""
    with pytest.raises(SourceError, match=f"{LABEL}: holds no page"):
        read(tmp_path, "a.mhtml", b"Subject: x\n\nwords")


@pytest.mark.needs("pandoc")
@pytest.mark.parametrize("ending", [".docx", ".odt", ".rtf", ".fb2", ".rst", ".org", ".textile", ".tex", ".docbook"])
def test_documents_of_every_form_are_articles_with_their_pictures(tmp_path: Path, ending: str) -> None:
    """As pandoc writes them: headings, words and their order come through, whether pandoc reads them again or not."""
    (tmp_path / "boat.png").write_bytes(png())
    form = pandoc.FORMATS.get(ending, ending[1:])
    command = ["pandoc", "--standalone", "--from", "markdown", "--to", form, "--output", f"a{ending}"]
    subprocess.run(command, input=MARKDOWN.encode(), cwd=tmp_path, check=True)
    data = (tmp_path / f"a{ending}").read_bytes()
    if ending in pandoc.FORMATS:
        data, ending = pandoc.page_of(tmp_path / f"a{ending}", ending, Programs()).mail, ".mhtml"
    article = read(tmp_path, f"b{ending}", data, Shelf({"boat.png": (100, 100)}))
    words = iter(f"{article.title} {words_of(article.blocks)}".split())
    assert all(word in words for word in ("Part", "Words", "emphasis,", "quote.", "a", "b", "Inner", "Last", "words."))
    assert any(isinstance(block, Heading) and words_of([block]) == "Inner" for block in article.blocks)
    assert any(isinstance(block, Figure) for block in article.blocks)


def test_without_pandoc_the_package_to_install_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that cannot be read is a source with a hint, not a mystery."""
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.org").write_bytes(b"x")
    with pytest.raises(SourceError, match="is read with pandoc, which is not installed") as refused:
        pandoc.page_of(tmp_path / "a.org", ".org", Programs())
    assert "Install the package `pandoc`" in refused.value.hint


@pytest.mark.needs("pandoc")
def test_what_pandoc_cannot_read_is_refused_in_its_words(tmp_path: Path) -> None:
    """Its last line says why."""
    (tmp_path / "a.docbook").write_bytes(b"<article><para>no end")
    with pytest.raises(SourceError, match="pandoc cannot read it: "):
        pandoc.page_of(tmp_path / "a.docbook", ".docbook", Programs())


def test_no_finder_is_asked_where_nothing_is_shown(tmp_path: Path) -> None:
    """A document without pictures asks for none."""
    finder = shelf()
    read(tmp_path, "a.docx", docx(paragraph("Words.")), finder)
    assert finder.asked == []


def test_a_book_is_one_article_with_its_chapters_under_headings(tmp_path: Path) -> None:
    """A chapter begins with its own heading, else with its line in the table of contents."""
    chapters = {
        "1.xhtml": "<h2>One</h2><p>First words.</p><h3>Inside</h3><p>More.</p>",
        "2.xhtml": "<p>Second words.</p>",
        "3.xhtml": "<h1>Three</h1><p>Third words.</p>",
    }
    article = read(tmp_path, "a.epub", epub(chapters, titles={"2.xhtml": "Two"}))
    assert (article.title, article.authors, article.language) == ("The book", ("Min Lee",), "en")
    headings = [(block.level, words_of([block])) for block in article.blocks if isinstance(block, Heading)]
    assert headings == [(2, "One"), (3, "Inside"), (2, "Two"), (2, "Three")]
    assert words_of(article.blocks) == "One First words. Inside More. Two Second words. Three Third words."


def test_the_notes_of_a_books_chapters_are_numbered_through(tmp_path: Path) -> None:
    """Each mark keeps its own note."""
    chapter = (
        '<p>Word{0}<a xmlns:epub="http://www.idpf.org/2007/ops" epub:type="noteref" href="#n">1</a></p>'
        '<aside id="n"><p>Note {0}.</p></aside>'
    )
    article = read(tmp_path, "a.epub", epub({"1.xhtml": chapter.format("A"), "2.xhtml": chapter.format("B")}))
    assert article.blocks == (
        Paragraph((Text("WordA"), FootnoteMark("1"))),
        Paragraph((Text("WordB"), FootnoteMark("2"))),
        Footnote("1", (Paragraph((Text("Note A."),)),)),
        Footnote("2", (Paragraph((Text("Note B."),)),)),
    )


def test_a_book_asks_for_its_pictures_by_their_place_in_it(tmp_path: Path) -> None:
    """Whatever else its chapters point to is not asked for."""
    finder = shelf("book/boat.png")
    chapters = {"text/1.xhtml": "<p>a</p><img src='../boat.png'/><img src='../../../etc/passwd.png'/>"}
    article = read(tmp_path, "a.epub", epub(chapters, {"boat.png": png()}), finder)
    assert finder.asked == ["book/boat.png"]
    assert [figure.picture.source.label for figure in figures(article.blocks)] == ["book/boat.png"]


def test_papers_are_built_with_their_pictures(tmp_path: Path) -> None:
    """From the bundle to the tree: three documents, each with its picture."""
    (tmp_path / "b" / "articles").mkdir(parents=True)
    words = "<p>Words enough for a page that is read.</p>"
    files = {
        "a.docx": docx(
            paragraph("The boat", "Title") + paragraph("Words.") + shown("boat"), {"boat.png": png("#111111")}
        ),
        "b.mhtml": mhtml(f"<h1>T</h1>{words}<img src='cid:x'>", {"cid:x": png("#222222")}),
        "c.epub": epub({"1.xhtml": f"{words * 20}<img src='boat.png'/>"}, {"boat.png": png("#333333")}),
    }
    for name, data in files.items():
        (tmp_path / "b" / "articles" / name).write_bytes(data)
    done = packager("build", tmp_path / "b", "-o", tmp_path / "built", "--output-format", "json")
    assert done.returncode == 0, done.stderr
    taken = [source["source"] for source in json.loads(done.stdout)["sources"] if source["outcome"] == "taken"]
    assert taken == [f"articles/{name}" for name in files]
    site = [
        path for path in (tmp_path / "built" / "b").iterdir() if path.is_dir() and path.name not in ("phone", "cbz")
    ]
    assert [len(list(folder.glob("*.jpg"))) for folder in sorted(site)] == [1, 1, 1]
