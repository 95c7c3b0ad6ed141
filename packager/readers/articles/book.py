"""An EPUB of text -> one article, its chapters under headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from packager.archive.read import read_member
from packager.errors import SourceError
from packager.model import Block, Figure, Footnote, Heading, Missing, Picture, Source, Text
from packager.readers import epub
from packager.readers.articles import html
from packager.readers.articles.reading import PictureFinder, ReadArticle
from packager.readers.encodings import decode

_NO_TITLE = "\0"
"""Said to be the title of each chapter, so that its own heading stays in it."""


def read(source: Source, finder: PictureFinder) -> ReadArticle:
    """Return the book as one article: a chapter begins with its heading, else with its line in the table of contents.

    All notes stand at the end. The finder is asked for pictures by the names of the archive's members.
    """
    try:
        package = epub.read_package(source.path)
        chapters: list[ReadArticle] = []
        notes: list[Block] = []
        for document in epub.documents(source.path, package):
            chapters.append(_chapter(source, document, package, finder, first_note=len(notes) + 1))
            notes += (block for block in chapters[-1].blocks if isinstance(block, Footnote))
    except SourceError as error:
        raise error.at(source.label) from error
    text = (block for chapter in chapters for block in chapter.blocks if not isinstance(block, Footnote))
    return ReadArticle(
        package.title,
        (*text, *notes),
        package.language or next((chapter.language for chapter in chapters if chapter.language), ""),
        package.direction,
        authors=package.authors,
        summary=package.summary,
        remarks=tuple(remark for chapter in chapters for remark in chapter.remarks),
    )


def _chapter(
    source: Source, document: epub.BookDocument, package: epub.EpubPackage, finder: PictureFinder, first_note: int
) -> ReadArticle:
    """What one document of the book holds, its headings raised so that the first is of level 1."""
    if package.types.get(document.name, "").startswith("image/"):
        return ReadArticle("", tuple(_figures(document.pictures, finder)))
    label = f"{source.label}/{document.name}"
    data = read_member(source.path, document.name)
    text = decode(data, declared=html.declared_encoding(data), label=label)
    beside = _ChapterFinder(document.name, package, finder)
    title = package.title or _NO_TITLE
    chapter = html.read(text, label, beside, title, html.PageOrigin(is_whole=True, first_note=first_note))
    # A picture may stand in a drawing alone, as covers do.
    blocks = chapter.blocks or tuple(_figures(document.pictures, finder))
    title = next((line.title for line in package.contents if line.name == document.name), "")
    if blocks and title not in ("", package.title) and not isinstance(blocks[0], Heading):
        blocks = (Heading(1, (Text(title),)), *blocks)
    first = next((block.level for block in blocks if isinstance(block, Heading)), 1)
    raised = (
        replace(block, level=max(1, block.level - first + 1)) if isinstance(block, Heading) else block
        for block in blocks
    )
    return replace(chapter, blocks=tuple(raised))


def _figures(pictures: Sequence[str], finder: PictureFinder) -> Iterator[Figure]:
    found = (finder.find(name) for name in pictures)
    return (Figure(picture) for picture in found if picture)


@dataclass(frozen=True, slots=True)
class _ChapterFinder:
    """Finds the pictures of one chapter by their place in the archive."""

    name: str
    package: epub.EpubPackage
    finder: PictureFinder

    def find(self, reference: str) -> Picture | Missing | None:
        """Return the picture at a path relative to the chapter."""
        member = epub.resolve(self.name, reference)
        return self.finder.find(member) if member in self.package.types else None

    def embedded(self, data: bytes, name: str) -> Picture | Missing | None:
        """Return the picture whose bytes stand in the chapter."""
        return self.finder.embedded(data, f"{self.name}/{name}")
