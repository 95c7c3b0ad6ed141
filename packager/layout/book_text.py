"""An article as the documents of a book: its own text alone, with places that the contents and notes lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from packager.layout.build_input import BuildInput
from packager.layout.interface_words import Words
from packager.layout.runs import Load, split, text_bytes
from packager.layout.views import MissingPicture, PictureView, with_pictures
from packager.layout.works import WorkLayout, credit_lines, text_direction
from packager.model import (
    Article,
    Block,
    Direction,
    Figure,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    Link,
    LinkStyle,
    Marked,
    Paragraph,
    Rendition,
    Role,
    Span,
)
from packager.model.blocks import marks, with_runs, words_of

DOCUMENT_BYTES = 250_000  # of text: readers with Adobe's engine open no document of more than 300 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingView(Heading):
    """A heading that the contents lead to."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkView(FootnoteMark):
    """The place that a note belongs to, which leads there; the first of several is where the note leads back."""

    number: int
    is_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLabelView(FootnoteMark):
    """The label of a note before its words, which leads back."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView(Footnote):
    """A note that its marks lead to."""

    number: int


@dataclass(frozen=True, slots=True)
class BookText:
    """One document of an article in a book."""

    title: str
    language: str
    direction: Direction
    words: Words
    is_first: bool
    authors: str
    summary: str
    blocks: tuple[Block, ...]
    notes: tuple[Block, ...]
    credit: tuple[str, ...]
    prints_links: bool


def texts_of(work: WorkLayout, build: BuildInput, names: tuple[str, ...]) -> tuple[BookText, ...]:
    """The documents of an article in a book; `names` are those of its pictures."""
    version = work.version
    assert isinstance(version.work, Article)
    words = build.words(version.language)
    blocks = _with_pictures(work, names, words)
    notes = tuple(block for block in blocks if isinstance(block, Footnote))
    body = tuple(block for block in blocks if not isinstance(block, Footnote))
    parts = split(_sections(body), _load, Load(size_bytes=DOCUMENT_BYTES))
    texts = []
    for number, part in enumerate(parts, 1):
        is_last = number == len(parts)
        text = tuple(block for section in part for block in section)
        linked, linked_notes = _linked(text, _notes_of(text, notes, every=parts, is_last=is_last))
        texts.append(
            BookText(
                title=version.title,
                language=version.language,
                direction=text_direction(version, build),
                words=words,
                is_first=number == 1,
                authors=", ".join(version.authors),
                summary=version.summary,
                blocks=linked,
                notes=linked_notes,
                credit=credit_lines(work) if is_last else (),
                prints_links=build.definition.links is LinkStyle.PRINT,
            )
        )
    return tuple(texts)


def _with_pictures(work: WorkLayout, names: tuple[str, ...], words: Words) -> tuple[Block, ...]:
    shown = iter(zip(names, work.renditions.of(Role.PAGE), strict=True))

    def picture(figure: Figure) -> PictureView | MissingPicture:
        name, rendition = next(shown)
        if not isinstance(rendition, Rendition):
            return MissingPicture(words.missing_picture)
        return PictureView(name, rendition.width, rendition.height, figure.alt)

    assert isinstance(work.version.work, Article)
    return with_pictures(work.version.work.blocks, picture)


def _sections(body: Iterable[Block]) -> list[tuple[Block, ...]]:
    """The text, parted before each heading of the highest level: a document never begins in the midst of a section."""
    blocks = tuple(body)
    top = min((block.level for block in blocks if isinstance(block, Heading)), default=0)
    starts = [
        index for index, block in enumerate(blocks) if index and isinstance(block, Heading) and block.level == top
    ]
    return [blocks[start:end] for start, end in zip([0, *starts], [*starts, len(blocks)], strict=True)]


def _load(section: tuple[Block, ...]) -> Load:
    return Load(size_bytes=text_bytes([words_of(section)]) // 6)


def _notes_of(
    text: tuple[Block, ...],
    notes: tuple[Footnote, ...],
    every: tuple[tuple[tuple[Block, ...], ...], ...],
    *,
    is_last: bool,
) -> tuple[Footnote, ...]:
    """The notes that a document points to, those that these point to, and in the last one those that nothing does."""
    by_label = {note.label: note for note in notes}

    def reached(blocks: Iterable[Block]) -> set[str]:
        found, new = set[str](), marks(blocks) & by_label.keys()
        while new:
            found |= new
            new = (marks(by_label[label] for label in new) & by_label.keys()) - found
        return found

    wanted = reached(text)
    if is_last:
        wanted |= by_label.keys() - reached(block for part in every for section in part for block in section)
    return tuple(note for note in notes if note.label in wanted)


def _linked(text: tuple[Block, ...], notes: tuple[Footnote, ...]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The text with links between its marks and its notes, and with names on its headings."""
    linker = _Linker({note.label: number for number, note in enumerate(notes, 1)})
    blocks = tuple(with_runs(_named(text), linker.run))
    return blocks, tuple(linker.note(note) for note in notes)


def _named(text: Iterable[Block]) -> Iterator[Block]:
    for number, block in enumerate(text, 1):
        yield HeadingView(block.level, block.children, id=f"h{number}") if isinstance(block, Heading) else block


class _Linker:
    """Makes links of the marks of notes, which have these numbers by their labels."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._numbers = numbers
        self._marked: set[str] = set()

    def run(self, children: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(map(self._linked, children))

    def note(self, note: Footnote) -> NoteView:
        number = self._numbers[note.label]
        label: Inline = (
            NoteLabelView(note.label, number=number) if note.label in self._marked else FootnoteMark(note.label)
        )
        blocks = tuple(with_runs(note.blocks, self.run))
        first = blocks[0] if blocks else None
        if isinstance(first, Paragraph):
            blocks = (Paragraph((label, *first.children)), *blocks[1:])
        else:
            blocks = (Paragraph((label,)), *blocks)
        return NoteView(note.label, blocks, number=number)

    def _linked(self, child: Inline) -> Inline:
        match child:
            case FootnoteMark(label=label) if label in self._numbers:
                is_first = label not in self._marked
                self._marked.add(label)
                return MarkView(label, number=self._numbers[label], is_first=is_first)
            case Marked() | Link() | Span():
                return replace(child, children=self.run(child.children))
            case _:
                return child
