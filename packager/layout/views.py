"""What templates receive: finished values, with no decisions left to take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from packager.layout.interface_words import Words
from packager.model import Block, Direction, Figure, Flow, Footnote, ListBlock, Quote


@dataclass(frozen=True, slots=True)
class Embedded:
    """The place of a document's picture number `index`, which the writer sets in as a data URI."""

    index: int


Src = Callable[[int, int], str | Embedded]  # (position in the work, position in the document) -> what src holds


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link of ours: where it leads, "" for nowhere, its words, and whether it is this document."""

    href: str
    text: str
    language: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class TextView:
    """A text in a language of its own."""

    text: str
    language: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Lettering:
    """The words in a picture, in one language or in two beside each other.

    `languages` are (language, direction); a row holds for each of them lines that say the same. The `href` is that of
    the picture, where it stands elsewhere.
    """

    languages: tuple[tuple[str, Direction], ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture as a document shows it, with the words in it and the title of the chapter that it begins."""

    src: str | Embedded
    width: int
    height: int
    alt: str
    lettering: Lettering | None = None
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class MissingPicture:
    """What stands in the place of a picture that was left out, with the words that were in it."""

    text: str
    lettering: Lettering | None = None
    chapter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView(Figure):
    """A figure of an article, and what a document shows in the place of its picture."""

    shown: PictureView | MissingPicture


@dataclass(frozen=True, slots=True)
class PairView:
    """A block of a text with those that say the same in another language, at its side or after it."""

    block: Block
    others: tuple[Block, ...]
    language: str
    direction: Direction
    is_side: bool


BlockView = Block | PairView


def with_pictures(
    blocks: Iterable[Block], picture: Callable[[Figure], PictureView | MissingPicture]
) -> tuple[Block, ...]:
    """Return the blocks of a text as documents show them, each figure with what `picture` gives for it."""

    def with_picture(block: Block) -> Block:
        match block:
            case Figure():
                return FigureView(block.picture, block.alt, block.caption, shown=picture(block))
            case Quote() | Footnote():
                return replace(block, blocks=with_pictures(block.blocks, picture))
            case ListBlock():
                return replace(block, items=tuple(with_pictures(item, picture) for item in block.items))
            case _:
                return block

    return tuple(map(with_picture, blocks))


@dataclass(frozen=True, slots=True)
class Passage:
    """Text beside the work: a transcript's section or the page about the artist, in one language."""

    heading: str
    language: str
    direction: Direction
    blocks: tuple[BlockView, ...] = ()
    lettering: tuple[Lettering, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What every document has around its content.

    `reader` is the library's language that readers of this document chose. `title` is the document's <title>, `notice`
    what to open instead when pictures do not show, `part` such as "Part 2 of 3", `here` the number in `parts` that
    this document is, `contents` what the work's documents hold. `cover` stands in parts that do not begin with it,
    `next_file` names the next file where links do not work. `has_files` is true of documents whose pictures are files
    beside them.
    """

    words: Words
    reader: str
    title: str
    has_files: bool
    notice: str = ""
    part: str = ""
    here: str = ""
    next_file: str = ""
    previous: LinkView | None = None
    up: LinkView | None = None
    next: LinkView | None = None
    parts: tuple[LinkView, ...] = ()
    languages: tuple[LinkView, ...] = ()
    contents: tuple[LinkView, ...] = ()
    cover: PictureView | None = None

    @property
    def language(self) -> str:
        """The language of the document's own words."""
        return self.words.language

    @property
    def direction(self) -> Direction:
        """The direction of the language's letters."""
        return self.words.direction


@dataclass(frozen=True, slots=True)
class Byline:
    """What is said of a work in its documents; `spoken` names its language where that is not the document's.

    `language` and `direction` are those of its own texts.
    """

    heading: TextView
    language: str
    direction: Direction
    spoken: str
    authors: str
    summary: TextView
    length: str


@dataclass(frozen=True, slots=True)
class ComicView:
    """One document of a comic, read in the direction `reading`.

    `edge` is the colour beside a strip, `reader` what its script is told.
    """

    frame: Frame
    byline: Byline
    is_first: bool
    flow: Flow
    reading: Direction
    edge: str
    shown: tuple[PictureView | MissingPicture, ...]
    ending: str
    reader: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...] = ()
    credit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One document of an article; where it `has_places`, links lead to its blocks."""

    frame: Frame
    byline: Byline
    is_first: bool
    blocks: tuple[BlockView, ...]
    ending: str
    contents: tuple[str, ...] = ()
    notes: tuple[BlockView, ...] = ()
    credit: tuple[str, ...] = ()
    prints_links: bool = False
    is_parallel: bool = False
    has_places: bool = False


@dataclass(frozen=True, slots=True)
class WorkView:
    """One publication in the library; `spoken` names its language where that is not the library's.

    `files` are what to open on other devices, `other_titles` those that it has in other languages, to be found by.
    Among what is new, `chapters` are its new ones. `time` is what a film or sound takes, which lists say too.
    """

    title: str
    language: str
    direction: Direction
    href: str
    cover: PictureView | None
    authors: str
    series: str
    length: str
    summary: str
    files: tuple[LinkView, ...]
    spoken: str = ""
    languages: tuple[LinkView, ...] = ()
    other_titles: tuple[str, ...] = ()
    chapters: tuple[LinkView, ...] = ()
    time: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """Works under one heading; in a list each has a line, and `pages` show the same with covers.

    `is_flat` says that few covers are taller than wide, as with films; sound may have none.
    """

    heading: str
    works: tuple[WorkView, ...]
    pages: tuple[LinkView, ...] = ()
    is_list: bool = False

    @property
    def is_flat(self) -> bool:
        tall = sum(one.cover.height > one.cover.width if one.cover else not one.time for one in self.works)
        return 3 * tall <= len(self.works)


@dataclass(frozen=True, slots=True)
class ElsewhereView:
    """What is in another tree of the same library; `heading` says where."""

    heading: str
    titles: tuple[TextView, ...]


@dataclass(frozen=True, slots=True)
class HomeView:
    """The library, or a further page of it; `letters` lead to its titles, and have no address on their own page.

    `openings` say what to open on other devices, each with a work's file or folder for an example. With `has_search`
    words are found in the texts of works, too.
    """

    frame: Frame
    heading: str
    sections: tuple[SectionView, ...]
    letters: tuple[LinkView, ...] = ()
    openings: tuple[str, ...] = ()
    can_be_searched: bool = False
    elsewhere: tuple[ElsewhereView, ...] = ()
    has_search: bool = False


@dataclass(frozen=True, slots=True)
class ListingView:
    """A plain text: what is in which folder, or subtitles. Its `mark` tells devices that it is in UTF-8."""

    lines: tuple[str, ...]
    mark: str = "\ufeff"


@dataclass(frozen=True, slots=True)
class ComicInfoView:
    """What ComicInfo.xml says: `part` is (number, of how many), `images` are (width, height, bytes) of the pages."""

    title: str
    series: str
    part: tuple[int, int] | None
    summary: str
    writer: str
    language: str
    manga: str
    images: tuple[tuple[int, int, int], ...]
