"""Builders for tests that read articles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from packager.model import Block, Footnote, Inline, ListBlock, Missing, Picture, Quote, Remark, Source
from packager.readers.account import OPEN
from packager.readers.articles.article import read_article
from packager.readers.articles.reading import ReadArticle

LABEL = "articles/it"


@dataclass
class Shelf:
    """A finder over pictures that are said to be there: (width, height) by reference."""

    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    embedded_bytes: list[bytes] = field(default_factory=list)

    def find(self, reference: str) -> Picture | Missing | None:
        self.asked.append(reference)
        size = self.sizes.get(reference)
        return picture(reference, *size) if size else None

    def embedded(self, data: bytes, name: str) -> Picture | Missing | None:
        self.embedded_bytes.append(data)
        return picture(name, 100, 100)


def picture(reference: str, width: int = 100, height: int = 100) -> Picture:
    """The picture that a Shelf finds."""
    return Picture(Source(Path(reference), reference), width, height)


def shelf(*references: str) -> Shelf:
    """A finder that finds pictures of ordinary size at these references alone."""
    return Shelf(dict.fromkeys(references, (100, 100)))


def read(
    folder: Path, name: str, content: str | bytes, finder: Shelf | None = None, *, is_lossy: bool = False
) -> ReadArticle:
    """What is read from a file of this name and content; that words are lost unnamed is an error, unless expected."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    article = read_article(Source(path, LABEL), path.suffix.lower(), finder or shelf())
    assert is_lossy or open_lines(article.remarks) == []
    return article


def open_lines(remarks: Iterable[Remark]) -> list[str]:
    """What the accounts of texts say of words that no reader accounts for: an internal error."""
    return [f"{remark.source}: {remark.message}" for remark in remarks if OPEN in remark.message]


def depth(value: Block | Inline | ReadArticle) -> int:
    """How many quotes, lists, notes, marks, links and spans lie in one another."""
    match value:
        case ReadArticle(blocks=inner):
            return _deepest(inner)
        case Quote(blocks=inner) | Footnote(blocks=inner):
            return 1 + _deepest(inner)
        case ListBlock(items=items):
            return 1 + max(_deepest(item) for item in items)
        case _:
            return _depth_of_run(value)


def _depth_of_run(value: object) -> int:
    children = getattr(value, "children", None)
    if children is None:
        return 0
    own = 0 if type(value).__name__ in ("Paragraph", "Heading") else 1
    return own + max((_depth_of_run(child) for child in children), default=0)


def _deepest(blocks: Iterable[Block]) -> int:
    return max((depth(block) for block in blocks), default=0)
