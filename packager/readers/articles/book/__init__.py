"""An EPUB of text -> one article, its chapters under headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packager.archive.read import read_member
from packager.errors import SourceError
from packager.model import (
    Block,
    Figure,
    Footnote,
    Heading,
    Missing,
    Outcome,
    Paragraph,
    Picture,
    Remark,
    Source,
    Text,
    warning,
)
from packager.model.blocks import plain_text, walk, with_headings
from packager.readers import epub
from packager.readers.account import Account, Words, of_markup, words
from packager.readers.articles import html
from packager.readers.articles.book.beside import Beside
from packager.readers.articles.book.contents import put_headings, same_words
from packager.readers.articles.book.notes import NotesElsewhere
from packager.readers.articles.book.pages import PageMender, marks_in
from packager.readers.articles.book.verse import set_lines
from packager.readers.articles.html.styles import strike
from packager.readers.articles.reading import PictureFinder, ReadArticle
from packager.readers.epub.documents import tree_of
from packager.readers.epub.styles import BookStyles
from packager.readers.epub.xhtml import html_of
from packager.sandbox.limits import LIMITS
from packager.text.spelling import first_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_NO_TITLE = "\0"
"""Said to be the title of each chapter, so that its own heading stays in it."""
_NEAR = 3  # blocks at the beginning of a chapter among which its title may stand
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Pages:
    """The documents of a book as HTML, by member, and how much in each is only drawn; the words that they held.

    `read` are those that were read, also where nothing is left of them for a page.
    """

    html: dict[str, str]
    drawn: dict[str, int]
    account: Account
    read: frozenset[str]
    beside: Beside


def read(source: Source, finder: PictureFinder) -> ReadArticle:
    """Return the book as one article: a chapter begins with its heading, else with its line in the table of contents.

    All notes stand at the end. The finder is asked for pictures by the names of the archive's members.
    """
    try:
        package = epub.read_package(source.path)
        pages = _pages(source, package)
        chapters: list[ReadArticle] = []
        notes: list[Block] = []
        shelf = _BookPictures(package, finder)
        for name, page in pages.html.items():
            chapters.append(_chapter(source, name, page, shelf, first_note=len(notes) + 1))
            notes += (block for block in chapters[-1].blocks if isinstance(block, Footnote))
    except SourceError as error:
        raise error.at(source.label) from error
    text = (block for chapter in chapters for block in chapter.blocks if not isinstance(block, Footnote))
    cover = finder.find(package.cover) if package.cover else None
    remarks = (remark for chapter in chapters for remark in chapter.remarks)
    return ReadArticle(
        package.title,
        (*text, *notes),
        package.language or next((chapter.language for chapter in chapters if chapter.language), ""),
        next((chapter.direction for chapter in chapters if chapter.direction), None),
        authors=package.authors,
        summary=package.summary or pages.beside.summary,
        credit="\n".join(pages.beside.credit),
        remarks=(*remarks, *_on_book(source.label, shelf, pages)),
        cover=cover if isinstance(cover, Picture) else None,
        account=sum((Account(named=chapter.account.named) for chapter in chapters), pages.account),
    )


def _pages(source: Source, package: epub.EpubPackage) -> _Pages:
    if len(package.spine) > LIMITS.pages:
        raise SourceError(f"has more than {LIMITS.pages} documents")
    styles = BookStyles(source.path, package)

    def html_of_member(name: str) -> str:
        return html_of(read_member(source.path, name), name)

    beside = Beside()
    mender = PageMender(package, styles, html_of_member)
    pages = {name: "" for name in package.spine if name != package.navigation}
    linked = NotesElsewhere(pages, package)
    held: dict[str, Words] = {}
    order = list(pages)
    for name in order:  # which grows with what is only linked to
        if package.is_picture(name):
            continue
        page = html_of_member(name)
        held[name] = words(of_markup(page, is_whole=True))
        tree = tree_of(page)
        held[name] -= marks_in(tree)
        for other in _linked_outside(tree, name, package):
            if other not in pages and len(order) < LIMITS.pages:
                pages[other] = ""
                order.append(other)
        for node in styles.struck(tree, name):
            strike(node)
        set_lines(tree, styles.lines(tree, name))
        mender.mend(tree, name)
        beside.take(tree, package.authors)
        put_headings(tree, (line for line in package.contents if line.name == name))
        linked.look_for_marks(tree, name)
        pages[name] = tree.html or ""
    headings = [pages.pop(name) for name in linked.move()]
    named = words(*map(of_markup, headings), *beside.named) + mender.instead
    account = Account(tuple((f"{source.label}/{name}", held[name]) for name in held), named)
    return _Pages(pages, mender.drawn, account, frozenset(order), beside)


def _linked_outside(tree: LexborHTMLParser, name: str, package: epub.EpubPackage) -> Iterator[str]:
    """The documents that a page links to and that the order of the book leaves out, such as those of notes."""
    for link in tree.css("a[href]"):
        other = package.member(name, link.attributes.get("href") or "")
        if package.is_document(other) and not package.is_drawing(other) and other != package.navigation:
            yield other


def _chapter(source: Source, name: str, page: str, pictures: _BookPictures, first_note: int) -> ReadArticle:
    """What one document of the book holds, its headings raised so that the highest is of level 1."""
    package = pictures.package
    if package.is_picture(name):
        picture = pictures.member(name)
        return ReadArticle("", (Figure(picture),) if picture else ())
    label = f"{source.label}/{name}"
    title = package.title or _NO_TITLE
    origin = html.PageOrigin(is_whole=True, first_note=first_note)
    chapter = html.read(page, label, _ChapterFinder(name, pictures), title, origin)
    lines = (line.title for line in package.contents if line.name == name and not line.fragment)
    blocks = _titled(chapter.blocks, next(lines, ""), package.title)
    highest = min((block.level for block in walk(blocks) if isinstance(block, Heading)), default=1)
    raised = with_headings(blocks, lambda heading: replace(heading, level=heading.level - highest + 1))
    return replace(chapter, blocks=tuple(raised))


def _titled(blocks: tuple[Block, ...], title: str, of_book: str) -> tuple[Block, ...]:
    """The chapter with its line of the table of contents as its heading, unless it begins with one."""
    if not blocks or title in ("", of_book):
        return blocks
    for index, block in enumerate(islice(blocks, _NEAR)):
        if isinstance(block, Heading):
            return blocks
        if isinstance(block, Paragraph) and same_words(plain_text(block.children), title):
            return (*blocks[:index], Heading(1, block.children), *blocks[index + 1 :])
        if not isinstance(block, Figure):
            break
    return (Heading(1, (Text(title),)), *blocks)


def _on_book(label: str, shelf: _BookPictures, pages: _Pages) -> Iterator[Remark]:
    """What is not in the article."""
    package = shelf.package
    if package.missing:
        yield warning(label, f"documents of the book that are missing: {_named(package.missing)}")
    if pages.drawn:
        message = f"drawings (SVG) that cannot be shown: {sum(pages.drawn.values())} ({_named(list(pages.drawn))})"
        yield warning(label, f"{message}; words in them stand in the text")
    beside = [name for name in package.types if package.is_document(name) and not package.is_drawing(name)]
    outside = [name for name in beside if name not in {*pages.read, package.navigation}]
    if outside:
        yield warning(label, f"documents that are not in the order of the book are left out: {_named(outside)}")
    unshown = [name for name in package.pictures if name not in {*shelf.found, package.cover, *pages.read}]
    if unshown:
        message = f"pictures of the book that no page shows: {len(unshown)} ({_named(unshown)})"
        yield Remark(label, Outcome.PASSED_OVER, message, pictures=len(unshown))


def _named(names: Sequence[str]) -> str:
    """The first names of a list, and how many more there are."""
    return first_of([PurePosixPath(name).name for name in names], _MOST_NAMED)


@dataclass(frozen=True, slots=True)
class _BookPictures:
    """The pictures of one book by their members; `found` are those that were asked for."""

    package: epub.EpubPackage
    finder: PictureFinder
    found: set[str] = field(default_factory=set)

    def member(self, name: str) -> Picture | Missing | None:
        self.found.add(name)
        return self.finder.find(name)


@dataclass(frozen=True, slots=True)
class _ChapterFinder:
    """Finds the pictures of one chapter by their place in the archive."""

    name: str
    pictures: _BookPictures

    def find(self, reference: str) -> Picture | Missing | None:
        """Return the picture at a path relative to the chapter."""
        member = self.pictures.package.member(self.name, reference)
        is_picture = member and not self.pictures.package.is_document(member)
        return self.pictures.member(member) if is_picture else None

    def embedded(self, data: bytes, name: str) -> Picture | Missing | None:
        """Return the picture whose bytes stand in the chapter."""
        return self.pictures.finder.embedded(data, f"{self.name}/{name}")
