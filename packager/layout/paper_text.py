"""A text as it is set on paper, in parts where it is very long; marks and notes lead to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from packager.layout.build_input import BuildInput
from packager.layout.page_text import JOINER, Flattener, Letters, PageItem, PagesView
from packager.layout.works import text_direction
from packager.model import Article, Footnote, LinkStyle, PaperSize, RenditionOrGap, Version

MAX_LETTERS_ON_PAPER = 200_000  # some 350 pages of A5: of a million letters Typst wants more memory than a worker has
MAX_ROWS, LETTERS_A_CELL = 500, 100  # of a table that is set as a whole; and what a cell takes, as letters

PAPERS = {PaperSize.A5: (420, 595, 340), PaperSize.A4: (595, 842, 455)}
"""Width, height and width of the text, in points."""
PAPER_TYPE = 11


def paper_view(version: Version, figures: tuple[RenditionOrGap, ...], build: BuildInput, root: Path) -> PagesView:
    """Return the same to be set on paper, with marks and notes that lead to each other; `root` holds the pictures."""
    assert isinstance(version.work, Article)
    width, height, text_width = PAPERS[build.definition.pdf]
    words = replace(build.words(version.language), end="")
    numbers = {note.label: number for number, note in enumerate(notes_in(version.work), 1)}
    prints_links = build.definition.links is LinkStyle.PRINT
    flattener = Flattener(words, iter(figures), prints_links, root, numbers)
    items = (*flattener.head(version), *flattener.text(version.work), *flattener.end(version))
    direction = text_direction(version, build)
    title = version.title or words.articles
    return PagesView(width, height, PAPER_TYPE, text_width, version.language, direction, items, title)


def notes_in(article: Article) -> Iterator[Footnote]:
    """The notes of an article."""
    return (block for block in article.blocks if isinstance(block, Footnote))


def paper_parts(view: PagesView) -> Iterator[PagesView]:
    """Return the text in parts that can be set as a whole; what would lead from one to another leads nowhere."""
    whole: list[list[PageItem]] = [[]]
    size = 0
    for item in chain.from_iterable(map(_pieces, map(_with_plain_heads, view.items))):
        most = MAX_LETTERS_ON_PAPER if item.is_heading else 3 * MAX_LETTERS_ON_PAPER // 2
        if size > most and not whole[-1][-1].is_heading:
            whole.append([])
            size = 0
        whole[-1].append(item)
        size += sum(len(each.text.replace(JOINER, "")) for each in _all_letters(item))
        size += LETTERS_A_CELL * sum(map(len, item.rows))
    for number, items in enumerate(whole, 1):
        names = {item.name for item in items} | {each.name for item in items for each in _all_letters(item)}
        title = view.title if len(whole) == 1 else f"{view.title} ({number})"
        yield replace(view, title=title, items=tuple(_within(item, names) for item in items))


def _all_letters(item: PageItem) -> Iterator[Letters]:
    yield from item.letters
    yield from (each for row in item.rows for cell in row for each in cell)


def _pieces(item: PageItem) -> Iterator[PageItem]:
    """Return a long table as several, each with the headings."""
    heads, rows = item.rows[: int(item.has_heads)], item.rows[int(item.has_heads) :]
    for start in range(0, max(1, len(rows)), MAX_ROWS):
        yield replace(item, rows=(*heads, *rows[start : start + MAX_ROWS]), name="" if start else item.name)


def _with_plain_heads(item: PageItem) -> PageItem:
    """Return a table whose headings are no places: they may be shown more than once."""
    if not item.has_heads:
        return item
    heads = tuple(tuple(replace(each, name="") for each in cell) for cell in item.rows[0])
    return replace(item, rows=(heads, *item.rows[1:]))


def _within(item: PageItem, names: set[str]) -> PageItem:
    def pruned(letters: tuple[Letters, ...]) -> tuple[Letters, ...]:
        return tuple(each if each.to in names else replace(each, to="") for each in letters)

    rows = tuple(tuple(map(pruned, row)) for row in item.rows)
    return replace(item, letters=pruned(item.letters), rows=rows, to=item.to if item.to in names else "")
