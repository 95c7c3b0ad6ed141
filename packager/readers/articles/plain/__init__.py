"""Plain text -> the article in it, as a careful reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from packager.model import Remark
from packager.readers.articles.inlines import joined_lines
from packager.readers.articles.plain.blocks import blocks_of
from packager.readers.articles.plain.lines import Line, byline, ends_sentence, lines_of, runs, underline_level
from packager.readers.articles.plain.pieces import pieces_of
from packager.readers.articles.plain.runs import Piece
from packager.readers.articles.plain.several import beginnings
from packager.readers.articles.reading import PictureFinder, ReadArticle, names, warning
from packager.readers.titles import beginning

_MAX_TITLE_WIDTH = 160
_BYLINE_GAP = 2
_PICTURE_GAP = 6
_TITLE_SIGNS = re.compile(r"#{1,6}\s+|(?:title|제목|标题|標題|タイトル)\s*[:：]\s*", re.IGNORECASE)


def read(source: str, label: str, finder: PictureFinder, title: str = "") -> ReadArticle:
    """The article in a plain text; its first line is the title, unless `title` says another.

    A plain text shows no pictures, so that nothing is asked of the finder.
    """
    lines = list(lines_of(source))
    shown, first, rest = _title(lines)
    if title not in ("", shown):
        first, rest = None, lines
    authors, rest = _authors(rest)
    pieces = pieces_of(rest)
    return ReadArticle(
        title or shown,
        tuple(blocks_of(pieces)),
        authors=authors,
        remarks=(*_several(pieces, first, label), *_gaps(pieces, label)),
    )


def _title(lines: Sequence[Line]) -> tuple[str, Line | None, Sequence[Line]]:
    """The title, the line it begins on, and the lines after it; "" and all lines where the text begins without one."""
    run = next((run for _, run in runs(lines)), [])
    if not run:
        return "", None, []
    count = 1 if len(run) == 1 or not _goes_on(run) else len(run)
    text = _TITLE_SIGNS.sub("", joined_lines(line.text for line in run[:count]), count=1)
    is_title = run[0].width <= _MAX_TITLE_WIDTH and (count == 1 or (count == 2 and not ends_sentence(text)))
    if not is_title:
        return "", None, lines
    rest = lines[run[0].number - lines[0].number + count :]
    if rest and underline_level(rest[0].text):
        rest = rest[1:]
    return text, run[0], rest


def _goes_on(run: Sequence[Line]) -> bool:
    """Whether the text's first sentence runs over the end of its first line."""
    return run[1].text[:1].islower() and not (ends_sentence(run[0].text) or byline(run[1].text))


def _authors(lines: Sequence[Line]) -> tuple[tuple[str, ...], Sequence[Line]]:
    """Those whom a line soon after the title names, and the text without that line."""
    index = next((index for index, line in enumerate(lines) if line.text), 0)
    name = byline(lines[index].text) if lines and index <= _BYLINE_GAP else ""
    return (names(name), lines[index + 1 :]) if name else ((), lines)


def _several(pieces: Sequence[Piece], first: Line | None, label: str) -> Iterator[Remark]:
    found = beginnings(pieces)
    if found:
        starts = [first, *found] if first else list(found)
        places = " and ".join(f"line {line.number} ({beginning(line.text)})" for line in starts)
        message = f"looks like several articles, beginning at {places}: cut it into one file each"
        yield warning(label, message, found[0].number)


def _gaps(pieces: Sequence[Piece], label: str) -> Iterator[Remark]:
    """Where text was copied from a page, empty lines stand for its pictures."""
    for piece in pieces:
        line = piece.lines[0].number - piece.gap
        if piece.gap >= _PICTURE_GAP and line > 1:
            message = (
                f"{piece.gap} empty lines in a row: if a picture stood here where the text was copied from, it is not "
                "in this file; a web page saved whole, or a Markdown file, shows its pictures"
            )
            yield warning(label, message, line)
