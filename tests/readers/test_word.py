"""Documents of Word: every word that Word shows is read, and what it does not show stays out and is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.model import Heading, ListBlock, Mark, Marked, Outcome, Paragraph, Ruby, Table, Text
from packager.model.blocks import figures, plain_text, walk, words_of
from tests.helpers.articles import read, shelf
from tests.helpers.papers import docx, mhtml, paragraph, png, shown


def run(words: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def char(kind: str, more: str = "") -> str:
    """The beginning, the middle or the end of a field."""
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{more}</w:fldChar></w:r>'


FORM = '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked w:val="{}"/></w:checkBox></w:ffData>'
CHOICE = (
    '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="no"/><w:listEntry w:val="yes"/></w:ddList></w:ffData>'
)
CODE = "<w:r><w:instrText>{}</w:instrText></w:r>"
BOX = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
LINES = {
    "a simple field": (f'<w:fldSimple w:instr="SEQ x">{run("3")}</w:fldSimple>', "3"),
    "a field": (char("begin") + CODE.format("PAGE") + char("separate") + run("3") + char("end"), "3"),
    "a field without its beginning": (CODE.format("PAGE") + char("separate") + run("3") + char("end"), "3"),
    "a field that another is computed from": (
        char("begin")
        + CODE.format("IF")
        + char("begin")
        + char("separate")
        + run("secret")
        + char("end")
        + char("end"),
        "",
    ),
    "a box that is checked": (char("begin", FORM.format(1)) + char("end"), "☒"),
    "a box that is not": (char("begin", FORM.format(0)) + char("end"), "☐"),
    "a choice": (char("begin", CHOICE) + char("end"), "yes"),
    "direction": (f'<w:bdo w:val="rtl">{run("3")}</w:bdo><w:dir w:val="rtl">{run("4")}</w:dir>', "34"),
    "smart tags": (f"<w:smartTag>{run('3')}</w:smartTag><w:customXml>{run('4')}</w:customXml>", "34"),
    "what nobody knows yet": (f"<w:novelty>{run('3')}</w:novelty>", "3"),
    "what was moved here": (f"<w:moveFrom>{run('3')}</w:moveFrom><w:moveTo>{run('3')}</w:moveTo>", "3"),
    "capitals": (run("stop", "<w:caps/>"), "STOP"),
    "a sign of a font": ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "✓"),
    "letters in a font of signs": (run("ab", '<w:rFonts w:ascii="Symbol"/>'), "αβ"),
    "hyphens": ("<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:t>c</w:t></w:r>", "a\u2011bc"),
    "a box of text": (f"<w:r><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></w:r>", "boxed"),
    "a box of text in two forms": (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{BOX}</w:drawing></mc:Choice><mc:Fallback><w:pict>{BOX}"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        "boxed",
    ),
    "word art": ('<w:r><w:pict><v:shape><v:textpath string="curved"/></v:shape></w:pict></w:r>', "curved"),
}


@pytest.mark.parametrize(("inner", "expected"), LINES.values(), ids=list(LINES))
def test_what_word_shows_is_read(tmp_path: Path, inner: str, expected: str) -> None:
    """In its place, and nothing is told of as lost."""
    article = read(tmp_path, "a.docx", docx(paragraph("Before.") + f"<w:p>{inner}</w:p>" + paragraph("After.")))
    assert words_of(article.blocks).split() == ["Before.", *expected.split(), "After."]
    assert [remark for remark in article.remarks if remark.outcome is Outcome.WARNING] == []


def test_a_word_keeps_its_reading(tmp_path: Path) -> None:
    """Base and reading are runs of their own."""
    ruby = f"<w:ruby><w:rubyPr/><w:rt>{run('むてっぽう')}</w:rt><w:rubyBase>{run('無鉄砲')}</w:rubyBase></w:ruby>"
    (block,) = read(tmp_path, "a.docx", docx(f"<w:p><w:r>{ruby}</w:r>{run('であった')}</w:p>")).blocks
    assert isinstance(block, Paragraph)
    assert block.children[0] == Ruby("無鉄砲", "むてっぽう")


def math(inner: str) -> str:
    """A formula in a paragraph."""
    return f"<w:p><m:oMath>{inner}</m:oMath></w:p>"


def sign(words: str, name: str = "e") -> str:
    """A part of a formula."""
    return f"<m:{name}><m:r><m:t>{words}</m:t></m:r></m:{name}>"


FORMULAS = {
    "power": (f"<m:sSup>{sign('c')}{sign('2', 'sup')}</m:sSup>", "c2"),
    "fraction": (f"<m:f>{sign('a+b', 'num')}{sign('c', 'den')}</m:f>", "(a+b)/c"),
    "root": (f"<m:rad>{sign('3', 'deg')}{sign('x')}</m:rad>", "3√x"),
    "brackets": (
        f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr>{sign('x')}{sign('y')}</m:d>",
        "[x|y]",
    ),
    "sum": (
        f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>{sign('i', 'sub')}{sign('n', 'sup')}{sign('x')}</m:nary>",
        "∑in x",
    ),
    "matrix": (f"<m:m><m:mr>{sign('a')}{sign('b')}</m:mr><m:mr>{sign('c')}{sign('d')}</m:mr></m:m>", "a b; c d"),
    "what nobody knows yet": (f"<m:novelty>{sign('x')}</m:novelty>", "x"),
}


@pytest.mark.parametrize(("inner", "expected"), FORMULAS.values(), ids=list(FORMULAS))
def test_a_formula_is_written_in_a_line(tmp_path: Path, inner: str, expected: str) -> None:
    """With every sign of it."""
    assert words_of(read(tmp_path, "a.docx", docx(math(inner))).blocks) == expected


HIDDEN_STYLE = (
    '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="P"><w:name w:val="Note"/><w:rPr><w:vanish/></w:rPr></w:style>'
)
STYLED, UNHIDDEN = '<w:rStyle w:val="H"/>', '<w:vanish w:val="0"/>'
HIDDEN = {
    "a run": f"<w:p>{run('a secret', '<w:vanish/>')}{run('Seen.')}</w:p>",
    "by the style of a run": f"<w:p>{run('a secret', STYLED)}{run('Seen.')}</w:p>",
    "by the style of a paragraph": paragraph("a secret", "P") + paragraph("Seen."),
    "but not what is said to be seen": f"<w:p>{run('a secret', STYLED)}{run('Seen.', STYLED + UNHIDDEN)}</w:p>",
}


@pytest.mark.parametrize("body", HIDDEN.values(), ids=list(HIDDEN))
def test_hidden_text_stays_out_and_is_counted(tmp_path: Path, body: str) -> None:
    """The number of its words is told, and none of them."""
    article = read(tmp_path, "a.docx", docx(body, styles=HIDDEN_STYLE))
    assert words_of(article.blocks) == "Seen."
    assert [remark.message for remark in article.remarks] == ["not taken from the document: hidden words: 2"]


def test_what_was_not_meant_to_be_seen_is_counted_in_words(tmp_path: Path) -> None:
    """Comments, deleted passages and rows, and what stands at the edge of every page."""
    body = f"<w:p>{run('Seen.')}<w:del>{run('two words')}</w:del><w:r><w:commentReference/></w:r></w:p>"
    body += f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('a row')}</w:tc></w:tr></w:tbl>"
    parts = {"comments": f"<w:comment>{paragraph('is it so')}</w:comment>", "header": paragraph("Page")}
    article = read(tmp_path, "a.docx", docx(body, parts=parts))
    assert words_of(article.blocks) == "Seen."
    assert [remark.message for remark in article.remarks] == [
        "not taken from the document: comments: 1 (3 words), deleted passages: 2 (4 words), "
        "headers and footers: 1 (1 word)"
    ]


@pytest.mark.parametrize("main", ["document2.xml", "text/main.xml"])
def test_the_text_is_found_by_its_relationship(tmp_path: Path, main: str) -> None:
    """Whatever its part is called."""
    article = read(tmp_path, "a.docx", docx(paragraph("Words."), main=main.rpartition("/")[2]))
    assert words_of(article.blocks) == "Words."


def numbered(words: str, level: int = 0, style: str = "", key: int = 1) -> str:
    """A paragraph that Word numbers."""
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{key}"/></w:numPr>'
    return paragraph(words, style, properties=properties)


def numbering(*levels: tuple[str, str], start: int = 1) -> dict[str, str]:
    """A list whose levels have these forms and texts."""
    inner = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(levels)
    )
    numbers = '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride>'
    numbers += f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{restart}</w:num>'
    return {"numbering": f'<w:abstractNum w:abstractNumId="7">{inner}</w:abstractNum>{numbers}'}


def test_numbers_that_word_counts_are_words_of_the_text(tmp_path: Path) -> None:
    """Of headings and clauses, in their forms, through what stands between, and each level by itself."""
    levels = numbering(("decimal", "Article %1."), ("lowerLetter", "(%2)"), ("lowerRoman", "%1.%2.%3"))
    body = numbered("Boats", style="Heading1") + numbered("A.", 1) + numbered("B.", 1) + paragraph("Between.")
    body += numbered("C.", 1) + numbered("Deep.", 2) + numbered("Hats", style="Heading1") + numbered("D.", 1)
    article = read(tmp_path, "a.docx", docx(paragraph("The rules", "Title") + body, parts=levels))
    lines = [plain_text(block.children) for block in article.blocks if isinstance(block, Paragraph | Heading)]
    assert lines == [
        *("Article 1. Boats", "(a) A.", "(b) B.", "Between.", "(c) C.", "1.c.i Deep."),
        *("Article 2. Hats", "(a) D."),
    ]


@pytest.mark.parametrize("written", ["9" * 5000, "-1", "two", "²"])
def test_numbers_that_are_none_lose_no_word(tmp_path: Path, written: str) -> None:
    """Whoever writes a document by hand may write anything where a number belongs."""
    heading = paragraph("One", properties=f'<w:outlineLvl w:val="{written}"/>')
    levels = f'<w:lvl w:ilvl="{written}"><w:start w:val="{written}"/><w:lvlText w:val="%1."/></w:lvl>'
    lists = f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
    lists += '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    item = paragraph("Two", properties=f'<w:numPr><w:ilvl w:val="{written}"/><w:numId w:val="1"/></w:numPr>')
    wide = f'<w:tcPr><w:gridSpan w:val="{written}"/></w:tcPr>'
    table = f"<w:tbl><w:tr><w:tc>{wide}{paragraph('Three')}</w:tc></w:tr></w:tbl>"
    made = read(tmp_path, "a.docx", docx(paragraph("Before.") + heading + item + table, parts={"numbering": lists}))
    assert [word in words_of(made.blocks) for word in ("One", "Two", "Three")] == [True] * 3


def test_plain_numbers_and_bullets_are_lists(tmp_path: Path) -> None:
    """That begin with their number, count on behind other text, and begin anew where Word does."""
    levels = numbering(("decimal", "%1."), ("bullet", "•"), start=3)
    body = numbered("A") + numbered("in A", 1) + numbered("B") + paragraph("Between.") + numbered("C")
    body += paragraph("Anew.") + numbered("D", key=2)
    article = read(tmp_path, "a.docx", docx(body, parts=levels))
    lists = [(block.start, len(block.items)) for block in walk(article.blocks) if isinstance(block, ListBlock)]
    assert lists == [(3, 2), (None, 1), (5, 1), (4, 1)]


def test_a_list_of_a_deeper_level_alone_has_no_empty_item(tmp_path: Path) -> None:
    """Nothing stands above it."""
    article = read(
        tmp_path,
        "a.docx",
        docx(numbered("A", 1) + numbered("B", 1), parts=numbering(("decimal", "%1."), ("bullet", "•"))),
    )
    (block,) = article.blocks
    assert isinstance(block, ListBlock)
    assert len(block.items) == 2


def test_outline_levels_are_headings(tmp_path: Path) -> None:
    """Of a paragraph, and of a style that has another name in every language."""
    styles = '<w:style w:type="paragraph" w:styleId="X"><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    body = paragraph("Before.") + paragraph("One", properties='<w:outlineLvl w:val="0"/>') + paragraph("Two", "X")
    article = read(
        tmp_path, "a.docx", docx(body + paragraph("Text", properties='<w:outlineLvl w:val="9"/>'), styles=styles)
    )
    headings = [(block.level, plain_text(block.children)) for block in article.blocks if isinstance(block, Heading)]
    assert headings == [(2, "One"), (3, "Two")]


def test_merged_cells_of_a_table_are_one(tmp_path: Path) -> None:
    """Over columns and over rows; a row that Word repeats on every page is a head."""

    def cell(words: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(words)}</w:tc>"

    wide, down, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [cell("A", wide), cell("B", down) + cell("C"), cell("", on) + cell("D")]
    body = "".join(
        f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if n == 0 else ''}{row}</w:tr>" for n, row in enumerate(rows)
    )
    (table,) = read(tmp_path, "a.docx", docx(f"<w:tbl>{body}</w:tbl>")).blocks
    assert isinstance(table, Table)
    assert [[(cell.columns, cell.rows, cell.is_header) for cell in row] for row in table.rows] == [
        [(2, 1, True)],
        [(1, 2, False), (1, 1, False)],
        [(1, 1, False)],
    ]


def test_pictures_of_a_group_are_shown(tmp_path: Path) -> None:
    """Each of them, however they are drawn together."""
    group = shown("a").replace("<pic:pic>", "<wpg><pic:pic>").replace("</pic:pic>", "</pic:pic></wpg>")
    article = read(tmp_path, "a.docx", docx(paragraph("Words.") + group, {"a.png": png()}))
    assert len(tuple(figures(article.blocks))) == 1


def test_a_linked_picture_that_lies_beside_the_document_is_shown(tmp_path: Path) -> None:
    """Found by the name of its file alone."""
    body = paragraph("Words.") + shown("far", "A boat").replace("r:embed", "r:link")
    data = docx(body, links={"far": "file:///C:/Users/Mina/boat.png"})
    article = read(tmp_path, "a.docx", data, shelf("boat.png"))
    assert [figure.alt for figure in figures(article.blocks)] == ["A boat"]
    assert article.remarks == ()


CHUNK = (
    "<html><head><style>.c{text-decoration:line-through}</style></head><body><p>All <span class=c>5</span> of it.</p>"
)
CHUNKS = {
    "a page": (CHUNK.encode(), 0),
    "a page with the mark of its encoding": (b"\xef\xbb\xbf" + CHUNK.encode(), 0),
    "a saved page with its picture": (mhtml(f'{CHUNK}<img src="cid:a">', {"cid:a": png()}), 1),
}


@pytest.mark.parametrize(("chunk", "pictures"), CHUNKS.values(), ids=list(CHUNKS))
def test_a_page_that_is_a_part_of_a_document_is_read(tmp_path: Path, chunk: bytes, pictures: int) -> None:
    """As programs of the web write documents: the whole text is one, and struck words in it are struck."""
    body = paragraph("Before.") + '<w:altChunk r:id="chunk"/>' + paragraph("After.")
    article = read(tmp_path, "a.docx", docx(body, {"chunk.mht": chunk}))
    paragraphs = [block.children for block in article.blocks if isinstance(block, Paragraph)]
    struck = Marked(Mark.STRUCK, (Text("5"),))
    assert paragraphs == [(Text("Before."),), (Text("All "), struck, Text(" of it.")), (Text("After."),)]
    assert len(tuple(figures(article.blocks))) == pictures
    assert list(article.remarks) == []


def test_a_part_in_another_form_or_shown_again_is_counted(tmp_path: Path) -> None:
    """A document of Word in one, and a page the second time."""
    body = "".join(f'<w:altChunk r:id="{key}"/>' for key in ("page", "page", "other"))
    files = {"page.html": b"<p>Words.</p>", "other.docx": docx(paragraph("Inner."))}
    article = read(tmp_path, "a.docx", docx(body, files))
    assert words_of(article.blocks) == "Words."
    assert [remark.message for remark in article.remarks] == [
        "not taken from the document: parts of other documents: 2"
    ]
