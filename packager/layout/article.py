"""The site edition of an article: documents and its pictures in one folder, complete when copied alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count, islice

from packager.layout import places
from packager.layout.build_input import BuildInput
from packager.layout.interface_words import Words
from packager.layout.runs import Load, pixels, split
from packager.layout.views import (
    ArticleView,
    BlockView,
    Frame,
    MissingPicture,
    PairView,
    PictureView,
    Src,
    with_pictures,
)
from packager.layout.works import WorkLayout, byline, credit_lines, picture_entry, site_frame, text_direction
from packager.model import (
    Article,
    Block,
    Document,
    Entry,
    Figure,
    Footnote,
    Heading,
    LinkStyle,
    Paragraph,
    Publication,
    Rendition,
    RenditionOrGap,
    Role,
    Version,
)
from packager.model.blocks import figures, marks, plain_text, standing_text

CONTENTS_FROM = 4  # headings; a shorter text needs no list of them


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One top-level block, with (position in the work from 1, what is shown) for each figure inside it.

    `others` say the same in the publication's other language, where the two are shown together: at the side of the
    block where they match, else after it.
    """

    block: Block
    others: tuple[Block, ...] = ()
    is_side: bool = True
    shown: tuple[tuple[int, RenditionOrGap], ...] = ()

    @property
    def pixels(self) -> int:
        """The pixels of the pictures inside it."""
        return sum(pixels(shown) for _, shown in self.shown)

    @property
    def label(self) -> str:
        """The label of a footnote, "" for what is none."""
        return self.block.label if isinstance(self.block, Footnote) else ""


Text = tuple[tuple[TextBlock, ...], tuple[TextBlock, ...]]  # the body, and the footnotes


def site(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The documents, then the pictures, of one version of an article."""
    shown = work.renditions.of(Role.PAGE)
    body, notes = text_of(work, Role.PAGE)
    runs = split(body, lambda item: Load(item.pixels), Load(build.profile.document.max_pixels))
    languages = work.paths.languages
    names = places.numbered_names(len(shown), build.profile.tree.max_files_in_folder - len(runs) * len(languages))
    for language in languages:
        for number, run in enumerate(runs, 1):
            frame = site_frame(work, build, number, len(runs), language)
            view = article_view(work, build, frame, (run, notes), lambda position, _: names[position - 1])
            yield build.document(work.paths.document(number, language), Document("article.html", view))
    for name, picture in zip(names, shown, strict=True):
        if isinstance(picture, Rendition):
            yield picture_entry(work.paths.folder / name, picture)


def text_of(work: WorkLayout, role: Role) -> Text:
    """The top-level blocks of the text, and its footnotes, each with the pictures shown inside it."""
    own, other = _blocks(work.version), other_version(work.publication, work.version)
    theirs = _blocks(other) if other else ()
    shown = iter(enumerate(work.renditions.of(role), 1))
    pictures = {id(block): tuple(islice(shown, len(tuple(figures((block,)))))) for block in own}
    notes = _notes(own, theirs)
    body = paired(own, theirs) if other else [TextBlock(block) for block in own if not isinstance(block, Footnote)]
    return tuple(replace(item, shown=pictures[id(item.block)]) for item in body), tuple(
        replace(item, shown=pictures.get(id(item.block), ())) for item in notes
    )


def other_version(publication: Publication, version: Version) -> Version | None:
    """The version that readers of `version` have beside it."""
    if version.language not in publication.parallel:
        return None
    others = (each for each in publication.versions if each.language in publication.parallel and each is not version)
    return next((other for other in others if isinstance(other.work, Article)), None)


def _blocks(version: Version) -> tuple[Block, ...]:
    assert isinstance(version.work, Article)
    return version.work.blocks


def _notes(own: Iterable[Block], theirs: Iterable[Block]) -> Iterator[TextBlock]:
    """The footnotes, each with that of the same label in the other language; then those that only the other has."""
    by_label = {note.label: note for note in theirs if isinstance(note, Footnote)}
    for block in own:
        if isinstance(block, Footnote):
            note = by_label.pop(block.label, None)
            yield TextBlock(block, (note,) if note else ())
    yield from (TextBlock(Footnote(label, ()), (note,)) for label, note in by_label.items())


def paired(own: Iterable[Block], theirs: Iterable[Block]) -> Iterator[TextBlock]:
    """The blocks of a text with those of its other language, footnotes apart, matched between their headings."""
    ours, others = _sections(own), _sections(theirs)
    # Words before a first heading must not get lost where the text itself begins with one.
    if len(ours) != len(others) or (others[0] and not ours[0]):
        ours, others = [list(chain(*ours))], [list(chain(*others))]
    for mine, yours in zip(ours, others, strict=True):
        yield from _matched(mine, yours)


def _sections(blocks: Iterable[Block]) -> list[list[Block]]:
    sections: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading):
            sections.append([])
        if not isinstance(block, Footnote):
            sections[-1].append(block)
    return sections


def _matched(mine: list[Block], yours: list[Block]) -> Iterator[TextBlock]:
    """One by one where there are as many of each, pictures counted or not; else all of the others after the last."""
    words = [block for block in mine if not isinstance(block, Figure)]
    other_words = [block for block in yours if not isinstance(block, Figure)]
    if len(mine) == len(yours):
        yield from (TextBlock(block, _without_picture(other)) for block, other in zip(mine, yours, strict=True))
    elif len(words) == len(other_words):
        others = iter(other_words)
        yield from (TextBlock(block, () if isinstance(block, Figure) else (next(others),)) for block in mine)
    else:
        if len(mine) > 1 and yours and isinstance(mine[0], Heading) and isinstance(yours[0], Heading):
            yield TextBlock(mine.pop(0), (other_words.pop(0),))
        yield from (TextBlock(block) for block in mine[:-1])
        yield from (TextBlock(block, tuple(other_words), is_side=False) for block in mine[-1:])


def _without_picture(block: Block) -> tuple[Block, ...]:
    """What a figure says: its picture stands in the text beside it already."""
    if isinstance(block, Figure):
        return (Paragraph(block.caption),) if block.caption else ()
    return (block,)


def notes_of(run: tuple[TextBlock, ...], notes: tuple[TextBlock, ...]) -> tuple[TextBlock, ...]:
    """Of all footnotes those that a run of the body points to."""
    labels = marks(block for item in run for block in (item.block, *item.others))
    return tuple(note for note in notes if note.label in labels)


def article_view(work: WorkLayout, build: BuildInput, frame: Frame, text: Text, src: Src) -> ArticleView:
    """The document that holds a run of the body and, of all footnotes, those that the run points to."""
    run, notes = text
    items = run + notes_of(run, notes)
    own = _with_pictures(items, frame.words, src)
    other = other_version(work.publication, work.version)
    beside = (other.language, text_direction(other, build)) if other else None
    views: list[BlockView] = []
    for item, view in zip(items, own, strict=True):
        if beside and item.others:
            others = with_pictures(item.others, lambda figure: MissingPicture(figure.alt))
            views.append(PairView(view, others, *beside, item.is_side))
        else:
            views.append(view)
    whole = [block for block in _blocks(work.version) if not isinstance(block, Footnote)]
    is_first = not whole or (bool(run) and run[0].block is whole[0])
    is_last = not whole or (bool(run) and run[-1].block is whole[-1])
    return ArticleView(
        frame=frame,
        byline=byline(work, build, frame.reader, is_first=is_first),
        is_first=is_first,
        blocks=tuple(views[: len(run)]),
        ending=frame.words.end if is_last else "",
        contents=_contents(own[: len(run)]),
        notes=tuple(views[len(run) :]),
        credit=credit_lines(work) if is_last else (),
        prints_links=build.definition.links is LinkStyle.PRINT,
        is_parallel=beside is not None,
        has_places=build.has_search and frame.has_files,
    )


def _with_pictures(items: tuple[TextBlock, ...], words: Words, src: Src) -> tuple[Block, ...]:
    """The blocks with their figures as pictures of this document."""
    shown = iter([pair for item in items for pair in item.shown])
    embedded = count()

    def picture(figure: Figure) -> PictureView | MissingPicture:
        position, rendition = next(shown)
        if not isinstance(rendition, Rendition):
            return MissingPicture(words.missing_picture)
        alt = figure.alt or plain_text(figure.caption) or words.picture.format(n=position)
        return PictureView(src(position, next(embedded)), rendition.width, rendition.height, alt)

    return with_pictures((item.block for item in items), picture)


def _contents(body: tuple[Block, ...]) -> tuple[str, ...]:
    """The headings of the highest level, as words: a click on a link within a document is kept in the history."""
    headings = [block for block in body if isinstance(block, Heading)]
    if len(headings) < CONTENTS_FROM:
        return ()
    top = min(heading.level for heading in headings)
    return tuple(standing_text(heading.children) for heading in headings if heading.level == top)
