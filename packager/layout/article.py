"""The site edition of an article: documents and its pictures in one folder, complete when copied alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from packager.layout import blocks, places
from packager.layout.brief import Brief, Load, Work, picture_entry, pixels, site_frame, split
from packager.layout.comic import byline, credit_lines, picture_names
from packager.layout.views import (
    ArticleView,
    BlockView,
    Embedded,
    FootnoteView,
    Frame,
    Gap,
    PictureView,
)
from packager.layout.words import Words
from packager.model import (
    Article,
    Block,
    Copy,
    Document,
    Entry,
    Figure,
    Footnote,
    Heading,
    LinkStyle,
    Rendition,
    Role,
    Shown,
)

CONTENTS_FROM = 4  # headings; a shorter text needs no list of them


@dataclass(frozen=True, slots=True)
class Laid:
    """One top-level block, with (position in the work from 1, what is shown) for each figure inside it."""

    block: Block
    shown: tuple[tuple[int, Shown], ...]

    @property
    def pixels(self) -> int:
        """The pixels of the pictures inside it."""
        return sum(pixels(shown) for _, shown in self.shown)


Src = Callable[[int, int], str | Embedded]


def site(work: Work, brief: Brief) -> Iterator[Entry]:
    """The documents, then the pictures, of one version of an article."""
    shown = work.renditions.of(Role.PAGE)
    body, notes = laid(work, Role.PAGE)
    runs = split(body, lambda item: Load(item.pixels), Load(brief.profile.document.max_pixels))
    names = picture_names(len(shown), brief.profile.tree.max_files_in_folder - len(runs))
    for number, run in enumerate(runs, 1):
        frame = site_frame(work, brief, number, len(runs))
        view = article_view(work, brief, frame, (run, notes), lambda position, _: names[position - 1])
        yield brief.document(work.place.folder / places.document_name(number), Document("article.html", view))
    for name, picture in zip(names, shown, strict=True):
        if isinstance(picture, Rendition):
            yield picture_entry(work.place.folder / name, Copy(picture.path), picture.size_bytes)


def laid(work: Work, role: Role) -> tuple[tuple[Laid, ...], tuple[Laid, ...]]:
    """The top-level blocks of the text, and its footnotes, each with the pictures shown inside it."""
    article = work.version.work
    assert isinstance(article, Article)
    shown = iter(enumerate(work.renditions.of(role), 1))
    every = [Laid(block, tuple(islice(shown, len(tuple(blocks.figures((block,))))))) for block in article.blocks]
    body = tuple(item for item in every if not isinstance(item.block, Footnote))
    notes = tuple(item for item in every if isinstance(item.block, Footnote))
    return body, notes


def article_view(
    work: Work, brief: Brief, frame: Frame, text: tuple[tuple[Laid, ...], tuple[Laid, ...]], src: Src
) -> ArticleView:
    """The document that holds a run of the body and, of all footnotes, those that the run points to."""
    run, notes = text
    called = blocks.marks(item.block for item in run)
    beneath = tuple(item for item in notes if isinstance(item.block, Footnote) and item.block.label in called)
    settled = settle(run + beneath, frame.words, src)
    whole, _ = laid(work, Role.PAGE)
    is_first = not whole or (bool(run) and run[0].block is whole[0].block)
    is_last = not whole or (bool(run) and run[-1].block is whole[-1].block)
    body = tuple(block for block in settled if not isinstance(block, FootnoteView))
    return ArticleView(
        frame=frame,
        byline=byline(work, brief, frame.words),
        is_first=is_first,
        blocks=body,
        ending=frame.words.end if is_last else "",
        contents=_contents(body),
        notes=tuple(block for block in settled if isinstance(block, FootnoteView)),
        credit=credit_lines(work) if is_last else (),
        prints_links=brief.links is LinkStyle.PRINT,
    )


def settle(items: tuple[Laid, ...], words: Words, src: Src) -> tuple[BlockView, ...]:
    """The blocks with their figures as pictures of this document."""
    shown = iter([pair for item in items for pair in item.shown])
    embedded = iter(range(len(items) + sum(len(item.shown) for item in items)))

    def picture(figure: Figure) -> PictureView | Gap:
        position, rendition = next(shown)
        if not isinstance(rendition, Rendition):
            return Gap(words.missing_picture)
        alt = figure.alt or blocks.plain_text(figure.caption) or words.picture.format(n=position)
        return PictureView(src(position, next(embedded)), rendition.width, rendition.height, alt)

    return blocks.settle((item.block for item in items), picture)


def _contents(body: tuple[BlockView, ...]) -> tuple[str, ...]:
    """The headings of the highest level, as words: a click on a link within a document is kept in the history."""
    headings = [block for block in body if isinstance(block, Heading)]
    if len(headings) < CONTENTS_FROM:
        return ()
    top = min(heading.level for heading in headings)
    return tuple(blocks.plain_text(heading.children) for heading in headings if heading.level == top)
