"""The site edition of an article: documents and its pictures in one folder, complete when copied alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from packager.layout import places
from packager.layout.build_input import BuildInput
from packager.layout.comic import byline, credit_lines, text_direction
from packager.layout.parallel import Paired, other_version, paired
from packager.layout.parallel import settle as settle_blocks
from packager.layout.runs import Load, pixels, split
from packager.layout.views import (
    ArticleView,
    BlockView,
    Embedded,
    Frame,
    Gap,
    PairView,
    PictureView,
)
from packager.layout.words import Words
from packager.layout.works import WorkLayout, picture_entry, site_frame
from packager.model import (
    Article,
    Block,
    Direction,
    Document,
    Entry,
    Figure,
    Footnote,
    Heading,
    LinkStyle,
    Rendition,
    Role,
    Shown,
    Version,
)
from packager.model.blocks import figures, marks, plain_text

CONTENTS_FROM = 4  # headings; a shorter text needs no list of them


@dataclass(frozen=True, slots=True)
class Laid:
    """One top-level block, with (position in the work from 1, what is shown) for each figure inside it.

    `others` say the same in the publication's other language, where the two are shown together.
    """

    block: Block
    shown: tuple[tuple[int, Shown], ...]
    others: tuple[Block, ...] = ()
    is_side: bool = True

    @property
    def pixels(self) -> int:
        """The pixels of the pictures inside it."""
        return sum(pixels(shown) for _, shown in self.shown)


Src = Callable[[int, int], str | Embedded]


def site(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The documents, then the pictures, of one version of an article."""
    shown = work.renditions.of(Role.PAGE)
    body, notes = laid(work, Role.PAGE)
    runs = split(body, lambda item: Load(item.pixels), Load(build.profile.document.max_pixels))
    names = places.picture_names(len(shown), build.profile.tree.max_files_in_folder - len(runs))
    for number, run in enumerate(runs, 1):
        frame = site_frame(work, build, number, len(runs))
        view = article_view(work, build, frame, (run, notes), lambda position, _: names[position - 1])
        yield build.document(work.paths.document(number), Document("article.html", view))
    for name, picture in zip(names, shown, strict=True):
        if isinstance(picture, Rendition):
            yield picture_entry(work.paths.folder / name, picture)


def laid(work: WorkLayout, role: Role) -> tuple[tuple[Laid, ...], tuple[Laid, ...]]:
    """The top-level blocks of the text, and its footnotes, each with the pictures shown inside it."""
    article = _article(work.version)
    other = other_version(work.publication, work.version)
    theirs = _article(other).blocks if other else ()
    shown = iter(enumerate(work.renditions.of(role), 1))
    every = [(block, tuple(islice(shown, len(tuple(figures((block,))))))) for block in article.blocks]
    pairs = paired(article.blocks, theirs) if other else map(Paired, article.blocks)
    matched = {id(pair.block): pair for pair in pairs}
    body = tuple(
        Laid(block, pictures, matched[id(block)].others, matched[id(block)].is_side)
        for block, pictures in every
        if not isinstance(block, Footnote)
    )
    own = tuple(Laid(block, pictures) for block, pictures in every if isinstance(block, Footnote))
    return body, tuple(_notes(own, tuple(block for block in theirs if isinstance(block, Footnote))))


def _article(version: Version) -> Article:
    assert isinstance(version.work, Article)
    return version.work


def _notes(own: tuple[Laid, ...], others: tuple[Footnote, ...]) -> Iterator[Laid]:
    """The footnotes, each with that of the same label in the other language; then those that only the other has."""
    by_label = {note.label: note for note in others}
    for item in own:
        note = by_label.pop(_label(item), None)
        yield replace(item, others=(note,)) if note else item
    yield from (Laid(Footnote(label, ()), (), (note,)) for label, note in by_label.items())


def _label(item: Laid) -> str:
    return item.block.label if isinstance(item.block, Footnote) else ""


def called(run: tuple[Laid, ...], notes: tuple[Laid, ...]) -> tuple[Laid, ...]:
    """Of all footnotes those that a run of the body points to."""
    labels = marks(block for item in run for block in (item.block, *item.others))
    return tuple(note for note in notes if _label(note) in labels)


def article_view(
    work: WorkLayout, build: BuildInput, frame: Frame, text: tuple[tuple[Laid, ...], tuple[Laid, ...]], src: Src
) -> ArticleView:
    """The document that holds a run of the body and, of all footnotes, those that the run points to."""
    run, notes = text
    settled = settle(run + called(run, notes), frame.words, src)
    other = other_version(work.publication, work.version)
    tongue = (other.language, text_direction(other, build)) if other else None
    views = tuple(_with_other(item, view, tongue) for item, view in zip(run + called(run, notes), settled, strict=True))
    whole = [block for block in _article(work.version).blocks if not isinstance(block, Footnote)]
    is_first = not whole or (bool(run) and run[0].block is whole[0])
    is_last = not whole or (bool(run) and run[-1].block is whole[-1])
    return ArticleView(
        frame=frame,
        byline=byline(work, build, frame.words),
        is_first=is_first,
        blocks=views[: len(run)],
        ending=frame.words.end if is_last else "",
        contents=_contents(settled[: len(run)]),
        notes=views[len(run) :],
        credit=credit_lines(work) if is_last else (),
        prints_links=build.definition.links is LinkStyle.PRINT,
        is_parallel=tongue is not None,
    )


def _with_other(item: Laid, view: BlockView, tongue: tuple[str, Direction] | None) -> BlockView:
    if tongue is None or not item.others:
        return view
    others = settle_blocks(item.others, lambda figure: Gap(figure.alt))
    return PairView(view, others, *tongue, item.is_side)


def settle(items: tuple[Laid, ...], words: Words, src: Src) -> tuple[BlockView, ...]:
    """The blocks with their figures as pictures of this document."""
    shown = iter([pair for item in items for pair in item.shown])
    embedded = iter(range(len(items) + sum(len(item.shown) for item in items)))

    def picture(figure: Figure) -> PictureView | Gap:
        position, rendition = next(shown)
        if not isinstance(rendition, Rendition):
            return Gap(words.missing_picture)
        alt = figure.alt or plain_text(figure.caption) or words.picture.format(n=position)
        return PictureView(src(position, next(embedded)), rendition.width, rendition.height, alt)

    return settle_blocks((item.block for item in items), picture)


def _contents(body: tuple[BlockView, ...]) -> tuple[str, ...]:
    """The headings of the highest level, as words: a click on a link within a document is kept in the history."""
    headings = [block for block in body if isinstance(block, Heading)]
    if len(headings) < CONTENTS_FROM:
        return ()
    top = min(heading.level for heading in headings)
    return tuple(plain_text(heading.children) for heading in headings if heading.level == top)
