"""Spreads that are split and borders that are taken off, where the organizer asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from packager.model import Column, Flow, Missing, Outcome, Picture, Version
from packager.pictures.vips import PictureRegion, render_picture
from packager.sandbox.pool import Workers
from tests.helpers.builders import make_picture, packager, write
from tests.helpers.reading import comic_of, make_files, messages, only_version, read_bundle
from tests.pictures.test_images import BLACK, BLUE, GREEN, PAGE, RED, WHITE, corners, quarters, saved, seen

LEFT, RIGHT = Column(0, 2), Column(1, 2)


def bundle(folder: Path, keys: str) -> Path:
    """A comic of a cover, a spread and a page, with words to each."""
    for name, size in (("1.png", (60, 90)), ("2.png", (120, 90)), ("3.png", (60, 90))):
        make_picture(folder / "comics" / "a" / name, size)
    write(folder / "comics" / "a" / "transcript.en.md", "## 1\n- one\n\n## 2\n- two\n\n## 3\n- three\n")
    write(folder / "bundle.toml", f'[[publication]]\nsource = "comics/a"\n{keys}\n')
    return folder


def halves(version: Version) -> list[tuple[int, str]]:
    """The width of each page, and which half it is."""
    pages = [page for page in comic_of(version).pictures if isinstance(page, Picture)]
    return [(page.width, str(page.column or "")) for page in pages]


@pytest.mark.parametrize(("direction", "order"), [("ltr", ["left", "right"]), ("rtl", ["right", "left"])])
def test_a_spread_is_two_pages_in_the_order_of_reading(
    tmp_path: Path, workers: Workers, direction: str, order: list[str]
) -> None:
    """Pages that are no spreads stay, and words stay with theirs."""
    version = only_version(read_bundle(bundle(tmp_path, f'spreads = "split"\ndirection = "{direction}"'), workers))
    assert halves(version) == [(60, ""), *((60, half) for half in order), (60, "")]
    (transcript,) = comic_of(version).transcripts
    assert transcript.sections == ((0, ("one",)), (1, ("two",)), (3, ("three",)))


def test_chapters_begin_where_they_began(tmp_path: Path, workers: Workers) -> None:
    """Also behind spreads."""
    for name in ("1/1.png", "2/1.png"):
        make_picture(tmp_path / "comics" / "a" / name, (120, 90))
    write(tmp_path / "bundle.toml", '[[publication]]\nsource = "comics/a"\nspreads = "split"\n')
    version = only_version(read_bundle(tmp_path, workers))
    assert [chapter.first for chapter in comic_of(version).chapters] == [0, 2]


def test_a_damaged_spread_is_one_missing_page(tmp_path: Path, workers: Workers) -> None:
    """Nobody knows that it was one."""
    bundle(tmp_path, 'spreads = "split"')
    (tmp_path / "comics" / "a" / "2.png").write_bytes(b"cut")
    pages = comic_of(only_version(read_bundle(tmp_path, workers))).pictures
    assert [isinstance(page, Missing) for page in pages] == [False, True, False]


def test_nothing_is_split_or_cropped_unasked(tmp_path: Path, workers: Workers) -> None:
    """As it lies, so it is shown."""
    pages = comic_of(only_version(read_bundle(bundle(tmp_path, ""), workers))).pictures
    assert [isinstance(page, Picture) and (page.column, page.is_cropped) for page in pages] == [(None, False)] * 3


def test_what_does_nothing_is_said(tmp_path: Path, workers: Workers) -> None:
    """A strip has no pages, and an article none either."""
    bundle(tmp_path, 'flow = "strip"\nspreads = "split"\ncrop = true\n\n[[publication]]\nsource = "t.md"\ncrop = true')
    make_files(tmp_path, {"t.md": "# Boats\n\nThe boat is on the lake and it is small.\n"})
    said = messages(read_bundle(tmp_path, workers), Outcome.WARNING)
    assert [message.split("`")[1] for message in said] == ["spreads", "crop", "crop"]


# What workers do


@pytest.mark.parametrize(("half", "colours"), [(LEFT, [RED, RED, BLUE, BLUE]), (RIGHT, [GREEN, GREEN, WHITE, WHITE])])
def test_a_half_is_half_of_the_pixels(half: Column, colours: list[object]) -> None:
    """An odd column belongs to the right one."""
    data = saved(corners((65, 96)), "PNG")
    (page,) = render_picture(data, (PAGE,), PictureRegion(half))
    assert (page.width, page.height) == (32 if half is LEFT else 33, 96)
    assert quarters(seen(page)) == colours


@given(width=st.integers(1, 5000), count=st.integers(1, 50))
def test_columns_are_the_whole_picture(width: int, count: int) -> None:
    """Each begins where the one before ends, and none is more than a pixel wider than another."""
    edges = [Column(number, count).edges(width) for number in range(count)]
    assert [left for left, _ in edges] == [0, *(right for _, right in edges[:-1])]
    assert edges[-1][1] == width
    widths = [right - left for left, right in edges]
    assert max(widths) - min(widths) <= 1


@pytest.mark.parametrize(
    ("keys", "size", "wanted"),
    [
        ('language = "ja"', (600, 100), [5, 4, 3, 2, 1, 0]),
        ('language = "en"', (600, 100), [0, 1, 2, 3, 4, 5]),
        ('language = "ja"\ndirection = "ltr"', (600, 100), [0, 1, 2, 3, 4, 5]),
        ('language = "en"\nflow = "scroll"\ndirection = "rtl"', (300, 100), [2, 1, 0]),
        ('language = "en"', (400, 100), None),
        ('language = "ja"\nflow = "pages"', (600, 100), None),
    ],
    ids=["from Japan", "from elsewhere", "as the organizer says", "less wide, asked for", "four panels", "unasked for"],
)
def test_a_scroll_painting_is_read_sideways(
    tmp_path: Path, workers: Workers, keys: str, size: tuple[int, int], wanted: list[int] | None
) -> None:
    """In columns about as wide as tall, in the order in which one goes along it; four panels in a row are a page."""
    make_picture(tmp_path / "comics" / "a" / "1.png", size)
    write(tmp_path / "bundle.toml", f'[[publication]]\nsource = "comics/a"\n{keys}\n')
    comic = comic_of(only_version(read_bundle(tmp_path, workers)))
    assert (comic.flow is Flow.SCROLL) is (wanted is not None)
    columns = [picture.column for picture in comic.pictures if isinstance(picture, Picture)]
    assert columns == ([Column(number, len(wanted)) for number in wanted] if wanted else [None])


@pytest.mark.parametrize("border", [WHITE, BLACK], ids=["white", "black"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_empty_borders_are_taken_off(border: tuple[int, int, int], kind: str) -> None:
    """Of whatever colour; the noise of a JPEG does not keep them."""
    picture = Image.new("RGB", (300, 420), border)
    picture.paste((200, 80, 40), (24, 32, 280, 400))
    (page,) = render_picture(saved(picture, kind), (PAGE,), PictureRegion(is_cropped=True))
    assert abs(page.width - 256) <= 2
    assert abs(page.height - 368) <= 2


def test_what_is_mostly_empty_is_hardly_cropped() -> None:
    """A page with one word in its middle stays a page, and an empty one as it is."""
    empty = Image.new("RGB", (300, 420), WHITE)
    (page,) = render_picture(saved(empty, "PNG"), (PAGE,), PictureRegion(is_cropped=True))
    assert (page.width, page.height) == (300, 420)
    empty.paste(BLACK, (140, 200, 160, 220))
    (page,) = render_picture(saved(empty, "PNG"), (PAGE,), PictureRegion(is_cropped=True))
    assert (page.width, page.height) == (210, 294)


def test_a_built_comic_shows_both_halves(tmp_path: Path) -> None:
    """Borders go before a spread is halved."""
    bundle(tmp_path / "b", 'spreads = "split"\ncrop = true')
    ended = packager("build", "b", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert len(list((tmp_path / "b-built" / "b").glob("*/00?.jpg"))) == 4
