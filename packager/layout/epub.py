"""The EPUB edition: an article as a text that flows, a comic as pages of pictures, in a stored ZIP (EPUB 3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from uuid import UUID

from packager.layout import places
from packager.layout.book_text import BookText, HeadingView, texts_of
from packager.layout.build_input import BuildInput
from packager.layout.comic import lettering_of, stored_bytes
from packager.layout.interface_words import Words
from packager.layout.runs import Load, Numbered, chapters_begun, split
from packager.layout.views import LinkView, MissingPicture, Passage, PictureView
from packager.layout.works import WorkLayout, abouts, credit_lines, picture_entry, text_direction
from packager.model import Comic, Direction, Document, Entry, Flow, Rendition, RenditionOrGap, Role, StoredZip
from packager.model.blocks import standing_text
from packager.model.digests import digest

PAGE_BYTES = 1_200  # what a page takes beside its picture: its document, its lines in the package, headers
BOOK_BYTES = 100_000  # what a book takes beside its pages, generously
REFLOWABLE = "rendition:layout-reflowable"


@dataclass(frozen=True, slots=True)
class BookDocumentView:
    """A document in the order of a book: `place` is what the order says of it, such as the side of a spread."""

    id: str
    name: str
    content: Document
    place: str = ""


@dataclass(frozen=True, slots=True)
class BookView:
    """What a book says of itself; `shown_as` are its rendition properties, `cover` the id of a picture, "" for none."""

    identifier: str
    title: str
    language: str
    text_direction: Direction
    direction: Direction
    authors: tuple[str, ...]
    words: Words
    documents: tuple[BookDocumentView, ...]
    pictures: tuple[tuple[str, str], ...]
    contents: tuple[LinkView, ...]
    cover: str = ""
    shown_as: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LeafView:
    """A page of a comic in a book; its `size` is that of its picture, in pixels."""

    title: str
    language: str
    direction: Direction
    size: tuple[int, int]
    shown: PictureView | MissingPicture


@dataclass(frozen=True, slots=True)
class BackView:
    """What stands behind the last page of a comic in a book: transcripts, the artist, the credit."""

    title: str
    language: str
    direction: Direction
    words: Words
    passages: tuple[Passage, ...]
    credit: tuple[str, ...]


def epub(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The book of one version, in parts when it is larger than a file may be; none of a comic without pictures."""
    books = _comic(work, build) if isinstance(work.version.work, Comic) else iter((_article(work, build),))
    for number, (book, pictures) in enumerate(books, 1):
        members = tuple(_members(book, pictures, build))
        size = stored_bytes((str(member.path), member.size_bytes) for member in members)
        yield Entry(str(places.part_name(work.paths.epub, number)), StoredZip(members), size)


def _members(book: BookView, pictures: Iterable[Rendition], build: BuildInput) -> Iterator[Entry]:
    """The files of a book: first what must stand first, then what describes it, its documents, its pictures."""
    for name, template in (
        ("mimetype", "mimetype"),
        ("META-INF/container.xml", "container.xml"),
        ("book.opf", "package.opf"),
        ("nav.xhtml", "nav.xhtml"),
        ("toc.ncx", "toc.ncx"),
        ("style.css", "sheet.txt"),
    ):
        yield build.document(PurePosixPath(name), Document(f"epub/{template}", book))
    for document in book.documents:
        yield build.document(PurePosixPath(document.name), document.content)
    for (_, name), picture in zip(book.pictures, pictures, strict=True):
        yield picture_entry(PurePosixPath(name), picture)


def _book(work: WorkLayout, build: BuildInput, title: str, part: int) -> BookView:
    version = work.version
    direction = text_direction(version, build)
    return BookView(
        identifier=_identifier(work, part),
        title=title,
        language=version.language,
        text_direction=direction,
        direction=direction,
        authors=version.authors,
        words=build.words(version.language),
        documents=(),
        pictures=(),
        contents=(),
    )


def _identifier(work: WorkLayout, part: int) -> str:
    """A name of 128 bits that follows from what is in the book (RFC 9562, version 8: of one's own making)."""
    version = work.version
    said = (version.language, version.title, version.authors, version.summary, version.credit, version.work, part)
    digits = digest("epub", *said) + digest("book", *said)
    return UUID(f"{digits[:12]}8{digits[13:16]}8{digits[17:]}").urn


def _article(work: WorkLayout, build: BuildInput) -> tuple[BookView, tuple[Rendition, ...]]:
    """The book of an article; its cover is its own, else its first picture."""
    shown = work.renditions.of(Role.PAGE)
    cover = next(iter(_pictures(work.renditions.of(Role.BOOK_COVER))), None)
    names = places.numbered_names(len(shown), len(shown) + 1)
    texts = texts_of(work, build, names)
    documents = tuple(
        BookDocumentView(f"d{number}", f"{number}.xhtml", Document("epub/article.xhtml", text))
        for number, text in enumerate(texts, 1)
    )
    contents = (LinkView(documents[0].name, work.version.title), *_headings(texts, documents))
    listed = [(f"p{number}", name) for number, name in enumerate(names, 1) if isinstance(shown[number - 1], Rendition)]
    pictures = _pictures(shown)
    if cover:
        listed, pictures = [("p0", "cover.jpg"), *listed], (cover, *pictures)
    book = _book(work, build, work.version.title, 1)
    cover_id = listed[0][0] if listed else ""
    return replace(book, documents=documents, pictures=tuple(listed), contents=contents, cover=cover_id), pictures


def _headings(texts: tuple[BookText, ...], documents: tuple[BookDocumentView, ...]) -> Iterator[LinkView]:
    """The headings of the highest level as links to their places."""
    every = [
        (document.name, block)
        for text, document in zip(texts, documents, strict=True)
        for block in text.blocks
        if isinstance(block, HeadingView)
    ]
    top = min((block.level for _, block in every), default=0)
    for name, block in every:
        if block.level == top and (said := standing_text(block.children)):
            yield LinkView(f"{name}#{block.id}", said)


def _pictures(shown: Iterable[RenditionOrGap]) -> tuple[Rendition, ...]:
    return tuple(item for item in shown if isinstance(item, Rendition))


def _comic(work: WorkLayout, build: BuildInput) -> Iterator[tuple[BookView, tuple[Rendition, ...]]]:
    """The books of a comic: its words, and what is said of the artist, stand behind the last page."""
    parts = epub_parts(work, build)
    for number, numbered in enumerate(parts, 1):
        title = work.version.title if len(parts) == 1 else f"{work.version.title} ({number})"
        yield _part(work, build, _book(work, build, title, number), numbered, is_last=number == len(parts))


def epub_parts(work: WorkLayout, build: BuildInput) -> tuple[tuple[Numbered, ...], ...]:
    """The pages of each part of a comic's book."""
    shown = work.renditions.of(Role.PAGE)
    most = Load(size_bytes=build.profile.tree.max_file_bytes - BOOK_BYTES)
    return split(tuple(enumerate(shown, 1)), _load, most) if _pictures(shown) else ()


def _load(item: Numbered) -> Load:
    return Load(size_bytes=PAGE_BYTES + (item[1].size_bytes if isinstance(item[1], Rendition) else 0))


def _part(
    work: WorkLayout, build: BuildInput, book: BookView, numbered: tuple[Numbered, ...], *, is_last: bool
) -> tuple[BookView, tuple[Rendition, ...]]:
    comic = work.comic
    digits = max(3, len(str(numbered[-1][0])))
    pages = tuple(f"{position:0{digits}}" for position, _ in numbered)
    sides = _sides(comic, tuple(shown for _, shown in numbered))
    size = next((shown.width, shown.height) for _, shown in numbered if isinstance(shown, Rendition))
    documents = []
    for page, (position, shown), side in zip(pages, numbered, sides, strict=True):
        size = (shown.width, shown.height) if isinstance(shown, Rendition) else size
        leaf = LeafView(book.title, book.language, book.text_direction, size, _shown(page, position, shown, book.words))
        documents.append(BookDocumentView(f"d{page}", f"{page}.xhtml", Document("epub/page.xhtml", leaf), side))
    contents = tuple(_chapters(comic, numbered, documents)) or (LinkView(documents[0].name, book.title),)
    passages, credit = (_words(work, build, book.words), credit_lines(work)) if is_last else ((), ())
    if passages or credit:
        back = BackView(book.title, book.language, book.text_direction, book.words, passages, credit)
        documents.append(BookDocumentView("words", "words.xhtml", Document("epub/words.xhtml", back), REFLOWABLE))
    is_by_page = comic.flow is Flow.PAGES
    shown_as = [("layout", "pre-paginated"), ("spread", "landscape" if is_by_page else "none")]
    if comic.flow is Flow.STRIP:
        shown_as.append(("flow", "scrolled-continuous"))
    listed = tuple(
        (f"p{page}", f"{page}.jpg")
        for page, (_, shown) in zip(pages, numbered, strict=True)
        if isinstance(shown, Rendition)
    )
    book = replace(
        book,
        direction=Direction.LTR if comic.flow is Flow.STRIP else comic.direction,
        documents=tuple(documents),
        pictures=listed,
        contents=contents,
        cover=listed[0][0] if listed else "",
        shown_as=tuple(shown_as),
    )
    return book, _pictures(shown for _, shown in numbered)


def _words(work: WorkLayout, build: BuildInput, words: Words) -> tuple[Passage, ...]:
    """All that is said beside the pictures, for readers of the version: transcripts, then the artist."""
    shown = work.renditions.of(Role.PAGE)
    digits = max(3, len(str(len(shown))))
    passages = []
    for transcript in work.comic.transcripts:
        sections = []
        for source, _ in transcript.sections:
            # The last picture that begins in it, or before it: of a strip several sources may lie in one slice.
            position = max((at for at, item in enumerate(shown, 1) if item.first <= source), default=1)
            first = next((at for at, item in enumerate(shown, 1) if item.first == source), position)
            section = lettering_of((transcript,), source, build, words.page.format(n=first))
            sections += [replace(section, href=f"{first:0{digits}}.xhtml")] if section else []
        heading = f"{words.transcript} ({build.name_of(transcript.language)})"
        direction = build.direction_of(transcript.language)
        passages.append(Passage(heading, transcript.language, direction, lettering=tuple(sections)))
    return *passages, *abouts(work.comic.about, work, build, work.version.language, words.about)


def _shown(page: str, position: int, shown: RenditionOrGap, words: Words) -> PictureView | MissingPicture:
    if isinstance(shown, Rendition):
        return PictureView(f"{page}.jpg", shown.width, shown.height, words.page.format(n=position))
    return MissingPicture(words.missing_page.format(n=position))


def _chapters(comic: Comic, numbered: tuple[Numbered, ...], documents: list[BookDocumentView]) -> Iterator[LinkView]:
    """The chapters that begin in a part, as links to their first pages."""
    begun = chapters_begun(comic, numbered[0][1]) if numbered[0][0] > 1 else 0
    for (_, shown), document in zip(numbered, documents, strict=True):
        number = chapters_begun(comic, shown)
        if number > begun:
            yield LinkView(document.name, comic.chapters[number - 1].title)
        begun = number


def _sides(comic: Comic, every: tuple[RenditionOrGap, ...]) -> Iterator[str]:
    """The side of a spread that each page is on: the first is alone, and so is one that is wider than tall."""
    is_rtl = comic.direction is Direction.RTL
    first, second = ("page-spread-right", "page-spread-left") if is_rtl else ("page-spread-left", "page-spread-right")
    is_first = False
    for shown in every:
        if comic.flow is not Flow.PAGES:
            yield ""
        elif isinstance(shown, Rendition) and shown.width > shown.height:
            is_first = True
            yield "rendition:page-spread-center"
        else:
            yield first if is_first else second
            is_first = not is_first
