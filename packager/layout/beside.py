"""Two languages of one publication beside each other: which, and what of one text stands by what of the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from packager.model import Article, Block, Comic, Figure, Footnote, Heading, Paragraph, Publication, Transcript, Version


@dataclass(frozen=True, slots=True)
class Paired:
    """A block of a text, with those of the other language: at its side where they match, else after it."""

    block: Block
    others: tuple[Block, ...] = ()
    is_side: bool = True


def other_version(publication: Publication, version: Version) -> Version | None:
    """The version that readers of `version` have beside it."""
    if version.language not in publication.parallel:
        return None
    others = (each for each in publication.versions if each.language in publication.parallel and each is not version)
    return next((other for other in others if isinstance(other.work, Article)), None)


def together(publication: Publication, version: Version, comic: Comic) -> tuple[Transcript, ...]:
    """The transcripts that stand with the pictures: that in the version's language, or both beside each other."""
    own_first = sorted(comic.transcripts, key=lambda transcript: transcript.language != version.language)
    both = tuple(transcript for transcript in own_first if transcript.language in publication.parallel)
    return both if len(both) > 1 else tuple(own_first[:1])


def paired(own: Iterable[Block], other: Iterable[Block]) -> Iterator[Paired]:
    """The blocks of a text with those of its other language, footnotes apart, matched between their headings."""
    ours, theirs = _sections(own), _sections(other)
    # Words before a first heading must not get lost where the text itself begins with one.
    if len(ours) != len(theirs) or (theirs[0] and not ours[0]):
        ours, theirs = [list(chain(*ours))], [list(chain(*theirs))]
    for mine, yours in zip(ours, theirs, strict=True):
        yield from _matched(mine, yours)


def _sections(blocks: Iterable[Block]) -> list[list[Block]]:
    sections: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading):
            sections.append([])
        if not isinstance(block, Footnote):
            sections[-1].append(block)
    return sections


def _matched(mine: list[Block], yours: list[Block]) -> Iterator[Paired]:
    """One by one where there are as many of each, pictures counted or not; else all of the others after the last."""
    words = [block for block in mine if not isinstance(block, Figure)]
    other_words = [block for block in yours if not isinstance(block, Figure)]
    if len(mine) == len(yours):
        yield from (Paired(block, _without_picture(other)) for block, other in zip(mine, yours, strict=True))
    elif len(words) == len(other_words):
        others = iter(other_words)
        yield from (Paired(block, () if isinstance(block, Figure) else (next(others),)) for block in mine)
    else:
        if len(mine) > 1 and yours and isinstance(mine[0], Heading) and isinstance(yours[0], Heading):
            yield Paired(mine.pop(0), (other_words.pop(0),))
        yield from (Paired(block) for block in mine[:-1])
        yield from (Paired(block, tuple(other_words), is_side=False) for block in mine[-1:])


def _without_picture(block: Block) -> tuple[Block, ...]:
    """What a figure says: its picture stands in the text beside it already."""
    if isinstance(block, Figure):
        return (Paragraph(block.caption),) if block.caption else ()
    return (block,)
