"""Texts as pictures of pages: every word set, nothing cut, nothing read as code, in fonts of ours alone."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from packager.config import media, profile
from packager.config.definition import Definition
from packager.layout.build_input import BuildInput
from packager.layout.page_text import MAX_CHARS_PER_PART, column, pages_view, parts, type_size
from packager.model import (
    Article,
    Block,
    Break,
    Cell,
    Code,
    Direction,
    Edition,
    Figure,
    Footnote,
    Heading,
    Inline,
    Library,
    Link,
    LinkStyle,
    ListBlock,
    Mark,
    Marked,
    Missing,
    MissingRendition,
    Paragraph,
    Picture,
    Preformatted,
    Quote,
    Rendition,
    RenditionOrGap,
    RenditionSpec,
    Role,
    Ruby,
    Source,
    Span,
    Table,
    Text,
    ThematicRule,
    Version,
    Wording,
    blocks,
)
from packager.output import templating
from packager.pictures import typesetting
from packager.pictures.typesetting import DrawingJob, SetText, SettingJob

ROOT = Path(__file__).parents[2]
PICTURE = Source(ROOT / "docs" / "reader-phone.png", "reader-phone.png")
UNSEEN = dict.fromkeys(map(ord, "\u200b\u2060\u2066\u2067\u2069"))
WORDS = templating.dictionary()
ENGLISH = replace(WORDS["en"], end="")

TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zs", "Zl", "Zp", "Cn")), max_size=30)
LEAVES = st.builds(Text, TEXTS) | st.builds(Code, TEXTS) | st.builds(Ruby, TEXTS, TEXTS)


def _with_children(children: st.SearchStrategy[Inline]) -> st.SearchStrategy[Inline]:
    runs = st.lists(children, max_size=3).map(tuple)
    return (
        st.builds(Marked, st.sampled_from(Mark), runs)
        | st.builds(Link, TEXTS, runs)
        | st.builds(Span, runs, st.sampled_from(("", "ko", "zh-Hant")), st.sampled_from((None, *Direction)))
    )


INLINES = st.recursive(LEAVES, _with_children, max_leaves=8)


def build_input(links: LinkStyle = LinkStyle.DROP) -> BuildInput:
    """A tree for players that holds nothing as yet."""
    definition = Definition(folder=Path("window"), name="window", title=Wording.plain("Window"), links=links)
    medium = media.space(0, definition.format)
    player = profile.load("player")
    return BuildInput(definition, player, Library((), ()), WORDS, templating.size_of, medium, (Edition.PHOTO,))


def article(*inner: Block, language: str = "en", title: str = "Title") -> Version:
    return Version(language, title, Article(inner))


def view_of(version: Version, links: LinkStyle = LinkStyle.DROP) -> Any:
    assert isinstance(version.work, Article)
    figures = (block for block in version.work.blocks if isinstance(block, Figure))
    return pages_view(version, tuple(map(_rendered, figures)), ENGLISH, build_input(links))


def _rendered(figure: Figure) -> RenditionOrGap:
    """Pictures of articles are as their sources: no test of this file is about their encoding."""
    match figure.picture:
        case Picture(source=source, width=width, height=height):
            return Rendition(Role.PHOTO, str(source.path), width, height, source.path.stat().st_size)
        case _:
            return MissingRendition(0)


def job_of(version: Version) -> SettingJob:
    return SettingJob(templating.typeset("pages.typ"), templating.data(view_of(version)), PICTURE.path.parent)


def typeset(*inner: Block, language: str = "en", title: str = "Title") -> SetText:
    return typesetting.set_text(job_of(article(*inner, language=language, title=title)))


def lines_of(text: SetText) -> list[list[str]]:
    """The lines of each page, as another reader finds them."""
    with pypdfium2.PdfDocument(text.pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return [page.translate(UNSEEN).splitlines() for page in pages]


def plain(text: str) -> Paragraph:
    return Paragraph((Text(text),))


@settings(deadline=None)
@given(st.lists(INLINES, max_size=5).map(tuple))
def test_the_letters_of_a_page_are_those_of_the_text_in_order(children: tuple[Inline, ...]) -> None:
    """Whatever stands in a text; readings follow in brackets."""
    items = view_of(article(Paragraph(children))).items
    letters = next(item.letters for item in items if item.style == "paragraph")
    assert "".join(each.text for each in letters).translate(UNSEEN) == "".join(map(_said, children))


def _said(inline: Inline) -> str:
    match inline:
        case Ruby(base=base, reading=reading):
            return f"{base}({reading})"
        case Marked(children=children) | Link(children=children) | Span(children=children):
            return "".join(map(_said, children))
        case _:
            return blocks.plain_text((inline,))


def test_addresses_of_links_stand_behind_their_words_only_where_they_are_to_be_printed() -> None:
    """Like the documents of the site, by the bundle's `links`."""
    version = article(Paragraph((Link("https://example.org/?a=1&b=2", (Text("here"),)),)))
    assert "example" not in templating.data(view_of(version))
    assert "(https://example.org/?a=1&b=2)" in templating.data(view_of(version, LinkStyle.PRINT))


CODE = r"""#panic("read") #import "@preview/cetz:0.3.0" #read("/etc/passwd") $x^2$ *bold* _slanted_ `raw` @b \u{41}"""


def test_nothing_that_stands_in_a_text_is_read_as_code() -> None:
    """A text about Typst says on its pages what it says in its source."""
    text = typeset(plain(CODE), Quote((plain(CODE),)), Preformatted(CODE), title=CODE)
    found = "".join("".join(page) for page in lines_of(text)).replace(" ", "")
    assert found.count(CODE.replace(" ", "")) == 4


@pytest.mark.parametrize("path", ["../README.md", "/etc/passwd", "helpers/../../README.md"])
def test_a_template_opens_no_file_outside_the_folder_of_its_pictures(path: str) -> None:
    """Not even ours, which we wrote ourselves."""
    with pytest.raises(RuntimeError, match=r"escape|not found"):
        typesetting.set_text(SettingJob(f'#read("{path}")', "", ROOT / "tests"))


EVERY_KIND = (
    Heading(2, (Text("alpha"),)),
    Paragraph((Text("bravo"), Break(), Marked(Mark.STRONG, (Text("charlie "),)), Code("delta"))),
    Quote((plain("echo"), Quote((plain("foxtrot"),)))),
    ListBlock(((plain("golf"), ListBlock(((plain("hotel"),),))), (plain("india"),)), 1),
    Table(
        tuple(tuple(Cell((Text(word),), "jay" in row) for word in row) for row in (("jay", "kay"), ("ell", "emm"))),
        (Text("nectar"),),
    ),
    Table((tuple(Cell((Text("oscar and then some more"),)) for _ in range(9)),)),
    Preformatted("  papa\n    quebec"),
    Figure(Picture(PICTURE, 360, 740), caption=(Text("sierra"),)),
    Figure(Missing(Source(Path("a.png"), "a.png")), "tango", (Text("uniform"),)),
    Footnote("1", (plain("zulu"),)),
    plain("romeo"),
)


def test_every_kind_of_block_is_on_the_pages_once_and_in_order() -> None:
    """Footnotes come at the end; a table that is wider than the column becomes lines, a lost picture its words."""
    text = typeset(*EVERY_KIND)
    found = " ".join(" ".join(page) for page in lines_of(text))
    words = (
        "alpha bravo charlie delta echo foxtrot golf hotel india nectar jay kay ell emm oscar papa quebec"
        " sierra tango uniform romeo zulu"
    )
    places = [found.index(word) for word in words.split()]
    assert places == sorted(places)
    assert [found.count(word) for word in words.split()] == [9 if word == "oscar" else 1 for word in words.split()]
    with pypdfium2.PdfDocument(text.pdf) as document:
        kinds = [thing.type for page in document for thing in page.get_objects()]
    assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE) == 1
    assert {"1.", "2.", "[1]", "\N{BULLET}"} <= set(found.split())


SQUARE = Table((tuple(Cell((Text(word),)) for word in ("jay", "kay")),))


@pytest.mark.parametrize(
    "block",
    [
        SQUARE,
        ThematicRule(),
        Figure(Missing(Source(Path("a.png"), "a.png"))),
        ListBlock(((plain("golf"),),)),
        Preformatted("papa"),
    ],
    ids=lambda block: type(block).__name__,
)
def test_a_number_stands_before_whatever_an_item_or_a_note_begins_with(block: Block) -> None:
    """Readers look for it, and a note is found by it."""
    inner = ((block, plain("sierra")),)
    blocks_ = (ListBlock(inner, 7), Footnote("n", inner[0]))
    view = pages_view(article(*blocks_), (MissingRendition(0), MissingRendition(1)), ENGLISH, build_input())
    markers = [item.marker for item in view.items if item.marker not in ("", "\N{BULLET}")]
    assert markers == ["7.", "[n]"]
    job = SettingJob(templating.typeset("pages.typ"), templating.data(view), ROOT / "tests")
    found = " ".join(" ".join(page) for page in lines_of(typesetting.set_text(job)))
    assert found.index("7.") < found.index("sierra") < found.index("[n]")


def test_tabs_in_code_have_their_width() -> None:
    """Otherwise all lines would begin at the edge."""
    letters = [item.letters[0].text for item in view_of(article(Preformatted("if a:\n\treturn 1\n1\t2"))).items[2:]]
    assert letters == ["if a:", "        return 1", "1       2"]


def test_a_long_paragraph_of_short_lines_takes_no_more_pages_than_its_lines_do() -> None:
    """It is parted where it is long, and not at each of its lines."""
    lines = (Text("words and words in a line of an old poem"), Break())
    long, short = (len(lines_of(typeset(Paragraph(lines * count)))) for count in (1_800, 450))
    assert 3 <= long / short <= 4.5


def test_the_headings_of_a_table_stand_on_each_page_of_it() -> None:
    """Nobody remembers them for ten pages."""
    heads = tuple(Cell((Text(word),), is_header=True) for word in ("jay", "kay"))
    rows = tuple((Cell((Text(str(number)),)), Cell((Text("ell"),))) for number in range(100))
    pages = lines_of(typeset(Table((heads, *rows))))
    assert len(pages) > 3
    assert all("jay" in " ".join(page) for page in pages if "ell" in " ".join(page))


def test_a_long_address_is_broken_behind_its_punctuation() -> None:
    """Not in the middle of a word, and nothing of it is lost."""
    address = "https://example.org/" + "/".join(f"folder-of-pictures-{number}" for number in range(20))
    lines = [line.strip() for page in lines_of(typeset(plain(address))) for line in page if line in address]
    assert len(lines) > 3
    assert "".join(lines) == address
    assert all(line[-1] in "/-" for line in lines[:-1])


def test_blocks_and_marks_however_deep_become_pages() -> None:
    """Thirty of each in one another, as readers allow."""
    run: Inline = Text("deep")
    for _ in range(30):
        run = Span((Marked(Mark.EMPHASIS, (run,)),), "ko", Direction.RTL)
    block: Block = Paragraph((run,))
    for _ in range(15):
        block = Quote((ListBlock(((block,),)),))
    assert "deep" in str(lines_of(typeset(block)))


LONG: dict[str, list[Block]] = {
    "headings": [each for n in range(500) for each in (Heading(2, (Text(str(n)),)), plain("words " * 60))],
    "one paragraph": [
        Paragraph((Text("words " * 60_000), Marked(Mark.STRONG, (Text("bold"),)), Text("words " * 9_000)))
    ],
    "one table": [Table(tuple((Cell((Text(str(row)),)), Cell((Text("words " * 9),))) for row in range(3_000)))],
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_text_is_set_in_parts_none_of_which_ends_with_a_heading(name: str) -> None:
    """No word is lost, and no part is so long that a worker has no memory for it."""
    view = view_of(article(*LONG[name]))
    made = list(parts(view))
    assert len(made) > 2
    assert tuple(item for part in made for item in part.items) == view.items
    assert not any(part.items[-1].is_heading for part in made)
    assert all(len(repr(part.items)) < 3 * MAX_CHARS_PER_PART for part in made)
    words = sum(blocks.words_of((block,)).count("words") for block in LONG[name])
    assert repr(view.items).count("words") == words


def test_a_heading_is_never_the_last_of_its_page() -> None:
    """It goes to the next page with what it is about, whatever stands above it."""
    inner = [
        each for count in range(60) for each in (Heading(2, (Text(f"About {count}"),)), plain("words " * (7 * count)))
    ]
    pages = lines_of(typeset(*inner))
    assert len(pages) > 20
    assert not [page[-1] for page in pages if page[-1].startswith("About")]


def things_of(page: pypdfium2.PdfPage) -> list[Any]:
    """The runs of letters on a page."""
    return [thing for thing in page.get_objects() if thing.type == pypdfium2.raw.FPDF_PAGEOBJ_TEXT]


def box_of(text: SetText, page: int = 0) -> tuple[float, float, float, float]:
    """The edges of all letters on a page: left, bottom, right, top."""
    with pypdfium2.PdfDocument(text.pdf) as document:
        bounds = [thing.get_bounds() for thing in things_of(document[page])]
    lefts, bottoms, rights, tops = zip(*bounds, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def test_a_long_word_is_broken_rather_than_cut_off() -> None:
    """Nothing is drawn in the margins, whatever a text holds and however deep it is indented."""
    words = ("W" * 150, "가" * 150, "ب" * 150, "https://example.org/" + "a/" * 100, "ㅋ" * 150, "紙" * 150)
    for word in words:
        inner = (plain(word), Quote((Quote((ListBlock(((plain(word),),)),)),)), Preformatted(word))
        left, _, right, _ = box_of(typeset(Heading(2, (Text(word),)), *inner))
        assert (1280 - column(1280)) / 2 - 2 <= left
        assert right <= (1280 + column(1280)) / 2 + 2


def test_korean_lines_end_between_words() -> None:
    """Also where Latin letters and numbers stand in the words."""
    words = ["가나다라마바사아자차카타파하", "2024년에는", "USB메모리를", "서울(Seoul)에서"]
    lines = lines_of(typeset(plain(" ".join(words * 12)), language="ko"))[0]
    assert len(lines) > 10
    assert {word for line in lines[1:-1] for word in line.split()} == set(words)


@pytest.mark.parametrize("name", [name for name in profile.names() if profile.load(name).can_be_built])
def test_type_is_never_smaller_than_20_pixels_nor_larger_on_screen_than_a_page_needs(name: str) -> None:
    """On every profile's page the body's type has 24 in 1,280 of the width, on a small one 20 pixels."""
    width = profile.load(name).picture.photo_width
    assert type_size(width) >= 20
    assert type_size(width) / width == pytest.approx(max(20 / width, 24 / 1280))


def test_lines_have_some_seventy_letters_or_all_of_a_small_page() -> None:
    """Of Latin letters, two of which are as wide as the type is tall."""
    assert [2 * column(width) // type_size(width) for width in (1280, 1920)] == [78, 78]
    assert column(640) == 600


def test_a_square_letter_is_drawn_as_large_as_its_type() -> None:
    """A Hangul syllable fills nine tenths of its size: measured in what is set."""
    with pypdfium2.PdfDocument(typeset(plain("힣"), language="ko", title="").pdf) as document:
        heights = [thing.get_bounds()[3] - thing.get_bounds()[1] for thing in things_of(document[0])]
    assert 20 <= max(heights) <= 24


def test_right_to_left_text_begins_at_the_right_even_where_it_begins_with_latin_letters() -> None:
    """The direction is the text's, not that of its first letter."""
    left, _, right, _ = box_of(typeset(plain("USB ثم"), language="ar", title=""))
    assert left > 640
    assert right == pytest.approx((1280 + column(1280)) / 2, abs=4)


def test_signs_that_no_font_of_ours_has_stand_as_their_numbers() -> None:
    """Of letters, square signs, emoji and hieroglyphs only the hieroglyph is missing."""
    known = "aéЖ한漢あاא…“☃🙂\u2060\u00a0 \nनमस्ते สวัสดี ជំរាប ሰላም გამარჯობა"
    text = typeset(plain(known), plain("\U00013000"))
    assert text.unset == {"\U00013000"}
    assert "[U+13000]" in str(lines_of(text))


SPEC = RenditionSpec(Role.PHOTO, 1280, 1280, 1280 * 720, 80)


@pytest.mark.parametrize("width", [640, 1280, 1366, 1920])
def test_a_page_is_drawn_as_large_as_the_screen_with_its_number(tmp_path: Path, width: int) -> None:
    """Below the text, where it reaches no edge."""
    height = width * 9 // 16
    shape = {"width": width, "height": height, "type_size": type_size(width), "column": column(width)}
    view = replace(view_of(article(plain("Words."))), **shape)
    pdf = tmp_path / "pages.pdf"
    job = SettingJob(templating.typeset("pages.typ"), templating.data(view), tmp_path)
    pdf.write_bytes(typesetting.set_text(job).pdf)
    spec = RenditionSpec(Role.PHOTO, width, width, width * height, 80)
    with_number, without = (
        Image.open(BytesIO(typesetting.draw_page(DrawingJob(pdf, 0, number, spec)))) for number in ("1 / 2", "")
    )
    assert with_number.size == without.size == (width, height)
    below = (0, height * 8 // 9, width, height)
    assert min(without.convert("L").crop(below).tobytes()) > 240
    assert min(with_number.convert("L").crop(below).tobytes()) < 200


SET_AND_TELL = """
import hashlib, sys
from pathlib import Path
import pypdfium2
from tests.pictures.test_typesetting import DrawingJob, EVERY_KIND, SPEC, plain, typeset, typesetting
text = typeset(plain("종이배 قوارب 🙂 नमस्ते"), *EVERY_KIND, language="ko")
Path(sys.argv[1]).write_bytes(text.pdf)
pages = [typesetting.draw_page(DrawingJob(Path(sys.argv[1]), page, "1", SPEC)) for page in range(text.pages)]
with pypdfium2.PdfDocument(text.pdf) as document:
    things = [thing for page in document for thing in page.get_objects() if thing.type == 1]
    fonts = sorted({thing.get_font().get_base_name() for thing in things})
print(hashlib.sha256(b"".join(pages)).hexdigest(), *fonts, sep="\\n")
"""


def test_pages_do_not_depend_on_the_fonts_and_settings_of_a_machine(tmp_path: Path) -> None:
    """The same bytes under settings that ask for something else, and on one thread; no font of the system."""
    fonts = tmp_path / "home" / ".local" / "share" / "fonts"
    fonts.mkdir(parents=True)
    others = {"LC_ALL": "ja_JP.UTF-8", "TZ": "Asia/Seoul", "HOME": str(tmp_path / "home"), "RAYON_NUM_THREADS": "1"}
    others |= {"TYPST_FONT_PATHS": "/usr/share/fonts", "SOURCE_DATE_EPOCH": "1", "TYPST_ROOT": "/"}
    told = [_told(environment, tmp_path) for environment in ({}, others)]
    assert told[0] == told[1]
    assert all(re.search("Noto|DejaVuSansMono", font) for font in told[0][1:])
    assert len(told[0]) > 4


def _told(environment: dict[str, str], folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SET_AND_TELL, str(folder / "pages.pdf")],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


NOTHING: dict[str, Block] = {
    "paragraph": Paragraph(()),
    "heading": Heading(3, ()),
    "list": ListBlock(((), (Paragraph(()),)), 1),
    "quote": Quote(()),
    "table": Table(()),
    "row": Table(((), ())),
    "cell": Table(((Cell(()),), (Cell(()),))),
    "uneven rows": Table(((Cell(()), Cell(())), ())),
    "code": Preformatted(""),
    "note": Footnote("", ()),
    "marks": Paragraph((Marked(Mark.SUP, ()), Span((), "x-klingon"), Text(""), Code(""), Break())),
}


@pytest.mark.parametrize("name", NOTHING)
def test_blocks_that_hold_nothing_do_no_harm(name: str) -> None:
    """What stands before and after them is there."""
    text = " ".join(lines_of(typeset(plain("before"), NOTHING[name], plain("after"), title=""))[0])
    assert text.index("before") < text.index("after")


def test_items_have_the_numbers_that_their_text_gives_them() -> None:
    """Letters, numbers that count down, words; struck words are drawn and keep their place in the line."""
    items = tuple((Paragraph((Text(word),)),) for word in ("Alpha", "Beta"))
    struck = Paragraph((Text("You must "), Marked(Mark.STRUCK, (Text("not"),)), Text(" pay.")))
    lettered, counted = ListBlock(items, markers=("(a)", "(b)")), ListBlock(items, 4)
    (page,) = lines_of(typeset(lettered, counted, struck))
    told = [" ".join(line.split()) for line in page]
    assert [line for line in told if line.endswith(("Alpha", "Beta"))] == [
        "(a) Alpha",
        "(b) Beta",
        "4. Alpha",
        "5. Beta",
    ]
    assert "You must not pay." in told
    (looks,) = [item.letters for item in view_of(article(struck)).items if item.style == "paragraph"]
    assert [letters.marks for letters in looks] == [(), ("s",), ()]
