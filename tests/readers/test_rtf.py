"""Documents in RTF: letters of every code page, what is set and built as they say, and nothing that they hide."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.errors import SourceError
from packager.model import Figure, Footnote, Heading, ListBlock, Mark, Marked, Outcome, Paragraph, Ruby, Table, Text
from packager.model.blocks import plain_text, walk, words_of
from packager.readers.account import words
from packager.readers.articles.reading import ReadArticle
from packager.readers.articles.rtf.held import words_held
from tests.helpers.articles import LABEL, Shelf, open_lines, read
from tests.helpers.papers import png


def rtf(folder: Path, body: str | bytes, head: str = r"\ansi\ansicpg1252", finder: Shelf | None = None) -> ReadArticle:
    """The article in a document with this body."""
    inner = body if isinstance(body, bytes) else body.encode()
    return read(folder, "a.rtf", b"{\\rtf1" + head.encode() + b" " + inner + b"}", finder)


def coded(text: str, codec: str) -> str:
    """A text as RTF writes bytes of a code page."""
    return "".join(f"\\'{byte:02x}" for byte in text.encode(codec))


def fonts(*charsets: int) -> str:
    """A table of fonts with these character sets."""
    return "{\\fonttbl" + "".join(f"{{\\f{n}\\fnil\\fcharset{c} A;}}" for n, c in enumerate(charsets)) + "}"


PAGES = {
    "Korean": (129, "cp949", "종이배를 띄웠다"),
    "Japanese": (128, "cp932", "紙の舟表"),
    "Chinese": (134, "gb18030", "纸船"),
    "Chinese of Taiwan": (136, "cp950", "紙船"),
    "Johab": (130, "johab", "종이배"),
    "Russian": (204, "cp1251", "Кораблик"),
    "Greek": (161, "cp1253", "Βάρκα"),
    "Hebrew": (177, "cp1255", "סירה"),
    "Arabic": (178, "cp1256", "قارب"),
    "Polish": (238, "cp1250", "łódź"),
    "Turkish": (162, "cp1254", "ığş"),
    "Thai": (222, "cp874", "เรือ"),
}


@pytest.mark.parametrize(("charset", "codec", "words"), PAGES.values(), ids=list(PAGES))
def test_letters_are_in_the_code_page_of_their_font(tmp_path: Path, charset: int, codec: str, words: str) -> None:
    """Beside another font's."""
    text = f"{fonts(0, charset)}\\f1 {coded(words, codec)}\\par\\f0 {coded('café', 'cp1252')}\\par"
    assert words_of(rtf(tmp_path, text).blocks) == f"{words} café"


@pytest.mark.parametrize(
    ("head", "codec", "words"),
    [
        (r"\ansi\ansicpg1251", "cp1251", "Лодка"),
        (r"\ansi\ansicpg949", "cp949", "배"),
        (r"\ansi\ansicpg65001", "utf-8", "배"),
        (r"\mac", "mac_roman", "café"),
        (r"\pc", "cp437", "café"),
    ],
)
def test_without_fonts_letters_are_in_the_code_page_of_the_document(
    tmp_path: Path, head: str, codec: str, words: str
) -> None:
    """Written as numbers, or as bytes that stand there as they are."""
    assert words_of(rtf(tmp_path, coded(words, codec), head).blocks) == words
    assert words_of(rtf(tmp_path, words.encode(codec), head).blocks) == words


def test_fonts_that_are_all_western_say_nothing_of_a_document_that_is_not(tmp_path: Path) -> None:
    """Programs write so that know of no character sets; beside a Cyrillic font a western one is western."""
    head = r"\ansi\ansicpg1251"
    assert words_of(rtf(tmp_path, f"{fonts(0, 2)}\\f0 {coded('Лодка', 'cp1251')}", head).blocks) == "Лодка"
    assert words_of(rtf(tmp_path, f"{fonts(0, 204)}\\f0 {coded('café', 'cp1252')}", head).blocks) == "café"


NUMBERS = {
    "with a stand-in": (r"It\u8217?s", "It’s"),
    "with a byte for one": (r"\u8220\'93a\u8221\'94", "“a”"),
    "with two bytes for one": (r"\uc2\u-14203\'b1\'b1\u-17360\'b1\'b1", "종배"),
    "without any": (r"\uc0\u233 t\u233 .", "été."),
    "until the group ends": (r"{\u8217}s", "’s"),
    "beyond the first plane": (r"\u-10179?\u-9156?", "🐼"),
    "in groups of two forms": (r"{\upr{a?}{\*\ud{\uc0\u1073 }}}", "б"),
    "control words for one": (r"\u8211\endash x", "–x"),
}


@pytest.mark.parametrize(("text", "expected"), NUMBERS.values(), ids=list(NUMBERS))
def test_letters_by_number_replace_what_stands_in_for_them(tmp_path: Path, text: str, expected: str) -> None:
    """And no letter behind them is lost."""
    assert words_of(rtf(tmp_path, text).blocks) == expected


def test_marks_are_kept_and_struck_words_are_struck(tmp_path: Path) -> None:
    """Within their group, or until they are switched off."""
    (block,) = rtf(tmp_path, r"Do {\strike not} \b pay\b0  H{\sub 2}O").blocks
    assert isinstance(block, Paragraph)
    marked = [(child.mark, plain_text(child.children)) for child in block.children if isinstance(child, Marked)]
    assert marked == [(Mark.STRUCK, "not"), (Mark.STRONG, "pay"), (Mark.SUB, "2")]


def test_what_is_hidden_stays_out_and_is_counted(tmp_path: Path) -> None:
    """Hidden and deleted words, comments, and what stands at the edge of every page."""
    shown = r"{\header A page}Seen.{\v two words}{\deleted three words too}"
    article = rtf(tmp_path, shown + r"{\*\annotation no}{\*\unknown no}{\info{\title -}}")
    assert (article.title, words_of(article.blocks)) == ("", "Seen.")
    (remark,) = article.remarks
    assert remark.outcome is Outcome.PASSED_OVER
    assert remark.message.removeprefix("not taken from the document: ").split(", ") == [
        *("comments: 1", "deleted words: 3", "hidden words: 2", "words of headers and footers: 2")
    ]


def test_paragraphs_headings_and_notes_are_what_they_are(tmp_path: Path) -> None:
    """By the names of their styles and their outline levels."""
    styles = r"{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2 Title;}{\*\cs9 no;}}"
    text = styles + r"\pard\s2 The boat\par\pard\s1 Paper\par\pard Fold it{\footnote\pard {\chftn} A note.\par}.\par"
    article = rtf(tmp_path, text + r"\pard\outlinelevel1 Inner\par\pard Last\line line.\par")
    assert article.title == "The boat"
    headings = [(block.level, plain_text(block.children)) for block in article.blocks if isinstance(block, Heading)]
    assert headings == [(2, "Paper"), (3, "Inner")]
    (note,) = [block for block in article.blocks if isinstance(block, Footnote)]
    assert words_of(note.blocks) == "A note."


def test_numbers_of_lists_are_those_that_the_document_shows(tmp_path: Path) -> None:
    """Plain ones and bullets as lists, others as words."""
    items = [r"{\listtext 3.\tab}\ilvl0 A", r"{\listtext\'b7\tab}\ilvl1 B", r"{\listtext 4.\tab}\ilvl0 C"]
    text = "".join(rf"\pard{item}\par" for item in items) + r"\pard Between\par\pard{\listtext (a)\tab}D\par"
    article = rtf(tmp_path, text)
    lists = [(block.start, len(block.items)) for block in walk(article.blocks) if isinstance(block, ListBlock)]
    assert lists == [(3, 2), (None, 1)]
    assert words_of(article.blocks[1:]) == "Between (a) D"


def test_tables_keep_their_cells(tmp_path: Path) -> None:
    """Merged ones too, and what stands behind the table is outside."""
    first = r"\trowd\clmgf\cellx1\clmrg\cellx2\clvmgf\cellx3\pard\intbl A\cell\cell B\cell\row"
    second = r"\trowd\cellx1\cellx2\clvmrg\cellx3\pard\intbl C\cell D\cell\cell\row"
    table, after = rtf(tmp_path, first + second + r"\pard After.\par").blocks
    assert isinstance(table, Table)
    assert [[(cell.columns, cell.rows) for cell in row] for row in table.rows] == [[(2, 1), (1, 2)], [(1, 1), (1, 1)]]
    assert words_of([table]).split() == ["A", "B", "C", "D"]
    assert words_of([after]) == "After."


def test_pictures_are_taken_once(tmp_path: Path) -> None:
    """In the form that is not for old programs; what is no picture of pixels is counted."""
    digits = png().hex()
    text = rf"A{{\*\shppict{{\pict\pngblip {digits[:40]}" + "\n" + rf"{digits[40:]}}}}}{{\nonshppict{{\pict 00}}}}"
    finder = Shelf()
    article = rtf(tmp_path, text + r"{\pict\emfblip 0102}", finder=finder)
    assert [type(block) for block in article.blocks] == [Paragraph, Figure]
    assert finder.embedded_bytes == [png()]
    assert [remark.message for remark in article.remarks] == ["not taken from the document: drawings: 1"]


def test_a_picture_as_it_is_ends_where_it_says(tmp_path: Path) -> None:
    """Whatever stands in its bytes."""
    data, finder = png(), Shelf()
    article = rtf(tmp_path, b"A{\\pict\\pngblip\\bin%d " % len(data) + data + b"} b", finder=finder)
    assert finder.embedded_bytes == [data]
    assert words_of(article.blocks).split() == ["A", "b"]


def test_fields_show_their_results_and_boxes_their_words(tmp_path: Path) -> None:
    """Links to the outside are links; a word keeps its reading."""
    link = r'{\field{\*\fldinst HYPERLINK "https://example.org/"}{\fldrslt there}}'
    reading = r"{\field{\*\fldinst EQ \\* jc2 \\o\\ad(\\s\\up 9(\'82\'a9),\'98\'62)}{\fldrslt }}"
    box = r"{\shp{\*\shpinst{\sp{\sn a}{\sv no}}{\shptxt \pard Boxed.\par}}{\shprslt no}}"
    article = rtf(tmp_path, rf"Go {link}{reading}{box}.", r"\ansi\ansicpg932")
    assert sorted(words_of(article.blocks).split()) == ["Boxed.", "Go", "there話."]
    rubies = [child for block in article.blocks if isinstance(block, Paragraph) for child in block.children]
    assert Ruby("話", "か") in rubies


def test_words_that_are_drawn_in_letters_of_their_own_are_read(tmp_path: Path) -> None:
    """They stand among the properties of a drawing, of which the others are no words."""
    shape = r"{\shp{\*\shpinst{\sp{\sn gtextUNICODE}{\sv Free \u51060?}}{\sp{\sn gtextFont}{\sv Arial}}}}"
    assert words_of(rtf(tmp_path, rf"Be {shape} now").blocks).split() == ["Be", "Free", "이", "now"]


@pytest.mark.parametrize("text", [b"no rtf", b"", b"{\\rtf1 " + b"{" * 2000])
def test_what_is_no_rtf_is_refused(tmp_path: Path, text: bytes) -> None:
    """By its name, with what helps."""
    with pytest.raises(SourceError, match=LABEL) as refused:
        read(tmp_path, "a.rtf", text)
    assert refused.value.hint


def test_a_document_that_is_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """Whatever is open."""
    (block,) = read(tmp_path, "a.rtf", b"{\\rtf1 Words {\\b here").blocks
    assert isinstance(block, Paragraph)
    assert block.children[0] == Text("Words ")


@pytest.mark.parametrize(
    "inner", [r"{\footnote Inner", r"{\shp{\shptxt Inner", r"\trowd\cellx1\pard\intbl{\footnote Inner"]
)
def test_a_document_that_is_cut_short_in_a_note_or_a_box_keeps_what_stands_around_it(
    tmp_path: Path, inner: str
) -> None:
    """Of which the note is only a part."""
    article = read(tmp_path, "a.rtf", b"{\\rtf1 Words around it" + inner.encode())
    assert sorted(words_of(article.blocks).split()) == ["Inner", "Words", "around", "it"]


def test_words_that_the_reader_does_not_reach_are_named(tmp_path: Path) -> None:
    """They are counted by other means than those that read them: here a picture is said to go on behind the end."""
    text = r"{\rtf1 Seen.{\pict\bin9999 } Unread words.\par}"
    (line,) = open_lines(read(tmp_path, "a.rtf", text, is_lossy=True).remarks)
    assert "(unread words)" in line


HELD = {
    "words of several code pages": (fonts(0, 129) + rf"caf\'e9 \f1 {coded('종이배', 'cp949')}", "café 종이배"),
    "marks inside a word": (r"na{\b \'efve} bo\i a\i0 t soft\-ly", "naïve boat softly"),
    "letters by number": (r"\u51333?\u51060?\u-10179?\u-9156? x", "종이 x"),
    "two forms": (r"{\upr{a?}{\*\ud{\uc0\u1073 }}}", "б"),
    "notes and boxes": (r"one{\footnote two}{\shp{\*\shpinst{\sp{\sv no}}{\shptxt three\par}}}", "one two three"),
    "hidden words and headers": (r"{\header one}two{\v  three}", "one two three"),
    "numbers of lists": (r"{\listtext 1.\tab}one\par{\listtext (b)\tab}two\par", "1 one b two"),
    "what is no text": (r"one{\*\x no}{\pict ff}{\info{\title no}}{\field{\*\fldinst no}{\fldrslt two}}", "one two"),
}


@pytest.mark.parametrize(("text", "expected"), HELD.values(), ids=list(HELD))
def test_the_words_of_a_document_are_counted_without_its_reader(text: str, expected: str) -> None:
    """Those that are hidden too, for the reader names them."""
    held = words(words_held(b"{\\rtf1\\ansi\\ansicpg1252 " + text.encode() + b"}"))
    assert held == words(expected)
