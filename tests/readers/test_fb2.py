"""Books in FB2: in whatever encoding they declare, with their verse, notes, struck words and pictures."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from packager.errors import SourceError
from packager.model import Break, Figure, Footnote, Heading, Mark, Marked, Paragraph, Quote
from packager.model.blocks import plain_text, walk, words_of
from tests.helpers.articles import LABEL, Shelf, read
from tests.helpers.papers import png

BODY = """<body><title><p>Кораблик</p></title><section><title><p>Глава</p><p>первая</p></title>
<epigraph><p>Плыви.</p><text-author>Автор</text-author></epigraph>
<p>У реки<a l:href="#n1" type="note">[1]</a> <strikethrough>нет</strikethrough> <emphasis>лодки</emphasis>.</p>
<poem><title><p>Песня</p></title><stanza><v>Луна низка,</v><v>река тиха,</v></stanza>
<stanza><v>и всё.</v></stanza></poem>
<image l:href="#boat.png"/></section></body>
<body name="notes"><title><p>Примечания</p></title><section id="n1"><title><p>1</p></title><p>Она длинная.</p></section>
</body>"""
HEAD = """<description><title-info><author><first-name>Мин</first-name><last-name>Ли</last-name></author>
<book-title>Кораблик</book-title><annotation><p>О лодке.</p></annotation><lang>ru</lang><sequence name="Воды"/>
<coverpage><image l:href="#c.png"/></coverpage></title-info>
<document-info><author><nickname>scanner-kim</nickname></author></document-info></description>"""


def fb2(encoding: str = "utf-8", body: str = BODY) -> bytes:
    """A book with two pictures, one of them its cover."""
    pictures = "".join(
        f'<binary id="{name}" content-type="image/png">{base64.b64encode(png(colour)).decode()}</binary>'
        for name, colour in (("boat.png", "#123"), ("c.png", "#456"))
    )
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" '
        f'xmlns:l="http://www.w3.org/1999/xlink">{HEAD}{body}{pictures}</FictionBook>'
    )
    return text.encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r", "utf-16"])
def test_a_book_is_read_in_the_encoding_that_it_declares(tmp_path: Path, encoding: str) -> None:
    """With what it tells of itself, and nothing of who made the file."""
    article = read(tmp_path, "a.fb2", fb2(encoding), Shelf())
    assert (article.title, article.authors, article.language) == ("Кораблик", ("Мин Ли",), "ru")
    assert (article.summary, article.series) == ("О лодке.", "Воды")
    assert "У реки нет лодки." in words_of(article.blocks)
    assert "scanner" not in repr(article)


def test_chapters_verse_notes_and_pictures_are_what_they_are(tmp_path: Path) -> None:
    """A note is one, its number and the title of their list are not told again."""
    finder = Shelf()
    article = read(tmp_path, "a.fb2", fb2(), finder)
    heading, quote, line, poem, first, second, picture, note = article.blocks
    assert isinstance(heading, Heading)
    assert plain_text(heading.children) == "Глава первая"
    assert isinstance(quote, Quote)
    assert words_of([quote]) == "Плыви. Автор"
    assert isinstance(line, Paragraph)
    assert [child.mark for child in line.children if isinstance(child, Marked)] == [Mark.STRUCK, Mark.EMPHASIS]
    assert words_of([poem, second]) == "Песня и всё."
    assert isinstance(first, Paragraph)
    assert sum(isinstance(child, Break) for child in first.children) == 1
    assert isinstance(picture, Figure)
    assert isinstance(note, Footnote)
    assert words_of([note]) == "Она длинная."
    assert set(finder.embedded_bytes) == {png("#123"), png("#456")}
    assert article.cover is not None
    assert article.remarks == ()


def test_a_picture_that_the_book_does_not_show_is_named(tmp_path: Path) -> None:
    """It lies in the file."""
    article = read(tmp_path, "a.fb2", fb2(body="<body><section><p>Words.</p></section></body>"), Shelf())
    assert [remark.message for remark in article.remarks] == ["pictures that the book does not show: 1"]
    assert not any(isinstance(block, Figure) for block in walk(article.blocks))


@pytest.mark.parametrize(
    "text", ["no book", "<html><body><p>Words.</p></body></html>", "<FictionBook><p></FictionBook>"]
)
def test_what_is_no_book_is_refused(tmp_path: Path, text: str) -> None:
    """By its name, with what helps."""
    with pytest.raises(SourceError, match=LABEL) as refused:
        read(tmp_path, "a.fb2", text)
    assert refused.value.hint
