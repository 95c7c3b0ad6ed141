"""Texts as pictures of pages: every word set, nothing cut, in fonts of ours alone."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from packager.config import profile
from packager.layout.photo.markup import Hand
from packager.layout.photo.pages import pages
from packager.layout.photo.parted import LONGEST, parted
from packager.model import (
    Code,
    Direction,
    Inline,
    Link,
    Mark,
    Marked,
    PicturePiece,
    Placed,
    Ruby,
    RulePiece,
    Sheet,
    SheetJob,
    Span,
    Text,
    TextPiece,
    Wish,
    blocks,
)
from packager.pictures import rendering

ROOT = Path(__file__).parents[2]
SHEET = Sheet(1280)
UNSEEN = dict.fromkeys(map(ord, "\u2060\u2066\u2067\u2069"))

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


def text_piece(markup: str, language: str = "en", **changes: object) -> TextPiece:
    direction = Direction.RTL if language == "ar" else Direction.LTR
    return TextPiece(markup, language, direction, 24, 43 if language == "ar" else 37, **changes)  # type: ignore[arg-type]


def page_of(*pieces: TextPiece, number: str = "") -> Image.Image:
    """The pieces on one page, one below the other."""
    placed, row = [], 0
    for piece in pieces:
        cuts = rendering.lines((piece, SHEET.column))
        placed.append(Placed(piece, row, cuts[0], cuts[-1], begins=True))
        row += cuts[-1] - cuts[0]
    return Image.open(BytesIO(rendering.sheet(SheetJob(SHEET, tuple(placed), number, Wish(80))))).convert("L")


@given(st.lists(INLINES, max_size=5).map(tuple))
def test_markup_holds_the_words_of_a_text_and_none_of_it_is_read_as_markup(children: tuple[Inline, ...]) -> None:
    """Whatever stands in a text, an XML reader finds its words again, in order; readings follow in brackets."""
    tree = ElementTree.fromstring(f"<all>{Hand().markup(children)}</all>")
    seen = "".join(tree.itertext()).translate(UNSEEN)
    assert seen == "".join(map(_said, children))


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
    link = Link("https://example.org/?a=1&b=2", (Text("here"),))
    assert Hand().markup((link,)) == "here"
    assert "https://example.org/?a=1&amp;b=2" in Hand(prints_links=True).markup((link,))


@given(st.text("ab. \n", max_size=40), st.integers(1, 400))
def test_a_long_run_is_parted_without_losing_a_sign(words: str, times: int) -> None:
    """The parts together are the run, and none is much longer than a part may be."""
    run = (Text(words * times), Marked(Mark.STRONG, (Text(words * times),)))
    parts = list(parted(run))
    assert "".join(blocks.plain_text(part) for part in parts) == words * times * 2
    assert all(len(blocks.plain_text(part)) <= LONGEST for part in parts)


@st.composite
def _laid(draw: st.DrawFn) -> list[tuple[TextPiece | PicturePiece | RulePiece, tuple[int, ...]]]:
    made: list[tuple[TextPiece | PicturePiece | RulePiece, tuple[int, ...]]] = []
    for _ in range(draw(st.integers(1, 12))):
        before = draw(st.integers(0, 60))
        stays = draw(st.booleans())
        kind = draw(st.sampled_from(("text", "text", "picture", "rule")))
        if kind == "text":
            lines, pitch, top = draw(st.integers(0, 50)), draw(st.integers(20, 60)), draw(st.integers(-5, 12))
            cuts = tuple(range(top, top + lines * pitch + 1, pitch)) if lines else ()
            made.append((text_piece("x", before=before, stays_with_next=stays), cuts))
        elif kind == "picture":
            height = draw(st.integers(1, SHEET.depth))
            made.append((PicturePiece(Path("x"), 2 * height, height, before, stays), (0, height)))
        else:
            made.append((RulePiece(before), (0, 1)))
    return made


@given(_laid())
@settings(max_examples=100)
def test_every_row_of_every_piece_stands_on_a_page_once_and_in_order(
    laid: list[tuple[TextPiece | PicturePiece | RulePiece, tuple[int, ...]]],
) -> None:
    """Texts are parted at their lines only, nothing lies on anything else or below the page."""
    pieces, cuts = [piece for piece, _ in laid], [own for _, own in laid]
    made = pages(pieces, cuts, SHEET)
    for page in made:
        assert all(placed.top + placed.last - placed.first <= SHEET.depth for placed in page)
        assert all(a.top + a.last - a.first <= b.top for a, b in pairwise(page))
    runs = [placed for page in made for placed in page]
    for piece, own in laid:
        if not own:
            continue
        first = runs[0].piece
        rows = [runs.pop(0)]
        assert rows[0].begins
        if isinstance(piece, PicturePiece):
            assert isinstance(first, PicturePiece)
            assert piece.height * 0.6 - 1 <= first.height <= piece.height
            continue
        while runs and not runs[0].begins:
            rows.append(runs.pop(0))
        edges = [rows[0].first, *(part.last for part in rows)]
        assert (edges[0], edges[-1]) == (own[0], own[-1])
        assert [part.first for part in rows] == edges[:-1]
        assert set(edges) <= set(own)
    assert not runs


@given(_laid())
@settings(max_examples=100)
def test_a_heading_is_never_the_last_of_its_page_when_what_follows_fits_below_it(
    laid: list[tuple[TextPiece | PicturePiece | RulePiece, tuple[int, ...]]],
) -> None:
    """Unless a page cannot hold both: one heading of one line, then any text."""
    heading = text_piece("h", stays_with_next=True, before=30)
    plain = [(piece, own) for piece, own in laid if isinstance(piece, TextPiece) and own]
    pieces = [each for piece, _ in plain for each in (heading, piece)]
    cuts = [each for _, own in plain for each in ((0, 40), own)]
    for page in pages([p if p is heading else text_piece("x") for p in pieces], cuts, SHEET):
        assert page[-1].piece is not heading


LINES = {
    "en": "The boats that children fold.",
    "ko": "아이들이 접은 종이배 하나",
    "ja": "紙の舟を折った子供たち、",
    "zh": "孩子们折的纸船，",
    "ru": "Бумажные кораблики — ёж",
    "ar": "القوارب التي طواها الأطفال",
    "vi": "Những chiếc thuyền ẤỄỘ",
    "he": "סירות הנייר של הילדים",
}


@pytest.mark.parametrize("language", LINES)
def test_lines_are_found_one_by_one_and_parted_where_nothing_is_drawn(language: str) -> None:
    """Six lines given are six lines found, about as far apart as asked, and no cut goes through a letter."""
    piece = text_piece("\n".join([LINES[language]] * 6), language)
    cuts = rendering.lines((piece, SHEET.column))
    assert len(cuts) == 7
    heights = [below - above for above, below in pairwise(cuts[1:-1])]
    assert all(abs(height - piece.pitch) <= piece.size // 2 for height in heights), heights
    page = page_of(piece)
    inner = [SHEET.top + cut - cuts[0] for cut in cuts[1:-1]]
    above = [_darkest(page, (0, row - 1, page.width, row)) > 200 for row in inner]
    below = [_darkest(page, (0, row, page.width, row + 1)) > 200 for row in inner]
    assert all(is_clear or is_clear_below for is_clear, is_clear_below in zip(above, below, strict=True))


def _darkest(page: Image.Image, box: tuple[int, int, int, int]) -> int:
    return min(page.crop(box).tobytes())


def test_a_long_word_is_broken_rather_than_cut_off() -> None:
    """Nothing is drawn in the margins, whatever a text holds."""
    page = page_of(text_piece("W" * 150), text_piece("가\u2060" * 150, "ko"), text_piece("ب" * 150, "ar"))
    for margin in ((0, 0, SHEET.left - 8, page.height), (page.width - SHEET.left + 8, 0, page.width, page.height)):
        assert _darkest(page, margin) > 240


def test_korean_lines_end_between_words() -> None:
    """In a column of one word and a half each line has one word; without joiners the words would run on."""
    word, times = "가나다라마바사아자차카타파하", 12
    narrow = SHEET.column - 24 * len(word) * 3 // 2
    joined = text_piece(Hand().words(f"{word} " * times), "ko", start=narrow)
    assert len(rendering.lines((joined, SHEET.column))) - 1 == times
    loose = text_piece(f"{word} " * times, "ko", start=narrow)
    assert len(rendering.lines((loose, SHEET.column))) - 1 < times


@pytest.mark.parametrize("name", [name for name in profile.names() if profile.load(name).can_be_built])
def test_type_is_never_smaller_than_20_pixels_nor_larger_on_screen_than_a_page_needs(name: str) -> None:
    """On every profile's page the body's type has 24 in 1,280 of the width."""
    sheet = Sheet(profile.load(name).picture.photo_width)
    assert sheet.type_size >= 20
    assert sheet.type_size / sheet.width == pytest.approx(24 / 1280)


def test_a_square_letter_is_drawn_as_large_as_its_type() -> None:
    """A Hangul syllable fills nine tenths of its size: measured in the picture."""
    page = page_of(text_piece("힣", "ko"))
    ink = page.point(lambda level: 255 * (level < 128)).getbbox()
    assert ink is not None
    assert 20 <= ink[3] - ink[1] <= 24


def test_right_to_left_text_begins_at_the_right_even_where_it_begins_with_latin_letters() -> None:
    """The direction is the text's, not that of its first letter."""
    page = page_of(text_piece("USB ثم", "ar"))
    ink = page.point(lambda level: 255 * (level < 128)).getbbox()
    assert ink is not None
    assert ink[0] > page.width // 2
    assert ink[2] <= page.width - SHEET.left + 4


def test_signs_that_no_font_of_ours_has_are_named() -> None:
    """Of letters, square signs, emoji and hieroglyphs only the hieroglyph is missing."""
    signs = frozenset("aéЖ한漢あاא…“☃🙂\u2060\u00a0 \n\U00013000")
    assert rendering.unset_signs(signs) == {"\U00013000"}


SET_AND_TELL = """
import hashlib, sys
from packager.pictures import rendering
from packager.model import *
piece = TextPiece("Boats <b>bold</b> <i>slanted</i> 종이배 قوارب 🙂 <span font_family='Source Code Pro'>x = 1</span>",
                  "ko", Direction.LTR, 24, 37)
cuts = rendering.lines((piece, 900))
placed = Placed(piece, 0, cuts[0], cuts[-1], True)
data = rendering.sheet(SheetJob(Sheet(1280), (placed,), "1 / 2", Wish(80)))
maps = open("/proc/self/maps").read() if sys.platform == "linux" else ""
fonts = {line.split(maxsplit=5)[-1] for line in maps.splitlines() if line.endswith((".ttf", ".otf", ".ttc"))}
print(hashlib.sha256(data).hexdigest(), *sorted(fonts), sep="\\n")
"""


def test_pages_do_not_depend_on_the_fonts_and_settings_of_a_machine(tmp_path: Path) -> None:
    """The same bytes under settings of fontconfig and a language that ask for something else; no font of the system."""
    other = tmp_path / "fonts.conf"
    other.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/usr/share/fonts</dir>'
        '<match target="font"><edit name="embolden" mode="assign"><bool>true</bool></edit></match></fontconfig>'
    )
    environments: list[dict[str, str]] = [
        {},
        {
            "FONTCONFIG_FILE": str(other),
            "LC_ALL": "ja_JP.UTF-8",
            "PANGO_LANGUAGE": "ja",
            "FREETYPE_PROPERTIES": "x:y=1",
        },
    ]
    told = [_told(environment) for environment in environments]
    assert told[0] == told[1]
    assert not [font for font in told[0][1:] if font.startswith("/usr/share/fonts")]


def _told(environment: dict[str, str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SET_AND_TELL],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()
