"""Words found in the texts of a site: an index and the texts themselves, in files that the library's script loads.

`find.txt` is the script that searches. A file of the index is `found(number, "data");` with data that a string of
JavaScript can hold. File 0 tells what lies in the others: pairs of signs, words (`text/search_terms.py`), and texts,
each as its documents show it, in units of one document. Their names end so that no system
runs them when they are opened. The texts lie in the tree twice: no document opened from a drive may read another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count
from pathlib import PurePosixPath

from packager.layout.build_input import BuildInput
from packager.layout.film_views import FilmView
from packager.layout.views import ArticleView, BlockView, ComicView, Lettering, PairView
from packager.layout.works import WorkLayout
from packager.model import Article, Comic, Document, Entry, Version
from packager.model.blocks import words_of
from packager.model.packed import PackedValues
from packager.text.search_terms import is_dense, packed, places

FOLDER = "find"
MOST_BYTES = 64_000  # of a file, so that a slow device reads it at once
MOST_FILES = 500  # in a folder of them
UNIT_BYTES = 8_000  # of a text; smaller units make the index larger, larger ones are longer to look through
FROM_ARTICLES = 20  # fewer are looked through by their titles
SEPARATOR = "\t"
_NOT_IN_STRINGS = str.maketrans({"\\": "\\\\", '"': '\\"', "\u2028": " ", "\u2029": " "})


@dataclass(frozen=True, slots=True)
class Unit:
    """Texts of one document that follow each other, each with the number of its place in it, 0 for none."""

    href: str
    title: str
    texts: tuple[tuple[int, str], ...]
    begins_work: bool


Units = PackedValues[Unit]
"""Those of a work: the texts of a whole library take much memory."""


@dataclass(frozen=True, slots=True)
class SearchView:
    """One file of the index."""

    number: int
    data: str


def search(works: Iterable[Units], build: BuildInput) -> Iterator[Entry]:
    """The files of the index over the texts of all works of the site edition."""
    yield build.document(PurePosixPath(FOLDER, "find.txt"), Document("find.txt", None))
    for number, data in enumerate(_files(tuple(works))):
        path = PurePosixPath(FOLDER, str(number // MOST_FILES), f"{number % MOST_FILES}.txt")
        yield build.document(path, Document("index.txt", SearchView(number, data)))


def units_of(work: WorkLayout, entries: Iterable[Entry]) -> Units:
    """The texts of a work, whose entries these are in the site edition."""
    return PackedValues(_units(work, entries))


def _units(work: WorkLayout, entries: Iterable[Entry]) -> Iterator[Unit]:
    begins_work = True
    apart = _said_elsewhere(work)
    for entry in entries:
        view = entry.content.view if isinstance(entry.content, Document) else None
        if not isinstance(view, ArticleView | ComicView | FilmView) or view.frame.reader != work.paths.languages[0]:
            continue
        for texts in _cut(_texts(view, apart)):
            yield Unit(str(entry.path), view.byline.heading.text, texts, begins_work)
            begins_work = False


def _cut(texts: Iterable[tuple[int, str]]) -> Iterator[tuple[tuple[int, str], ...]]:
    """The texts that are not empty, in stretches of at most UNIT_BYTES or of one text."""
    stretch: list[tuple[int, str]] = []
    size = 0
    for place, words in texts:
        text = " ".join(words.split())
        length = len(text.encode())
        if stretch and size + length > UNIT_BYTES:
            yield tuple(stretch)
            stretch, size = [], 0
        if text:
            stretch.append((place, text))
            size += length
    if stretch:
        yield tuple(stretch)


def _said_elsewhere(work: WorkLayout) -> frozenset[str]:
    """The languages whose words stand beside those of a version, and in documents of a version of their own."""
    others = (version for version in work.publication.versions if version is not work.version)
    return frozenset(version.language for version in others if _has_words_of(version, work.version))


def _has_words_of(version: Version, other: Version) -> bool:
    """Whether all that another version says in the language of this one stands in this one."""
    if not (isinstance(version.work, Comic) and isinstance(other.work, Comic)):
        return isinstance(version.work, Article) and isinstance(other.work, Article)
    wanted = [one for one in other.work.transcripts if one.language == version.language]
    return all(one in version.work.transcripts for one in wanted)


def _texts(view: ArticleView | ComicView | FilmView, apart: frozenset[str]) -> Iterator[tuple[int, str]]:
    """What a document says, with the numbers of its places, but for the languages that are found `apart`."""
    if isinstance(view, ArticleView):
        for number, block in enumerate((*view.blocks, *view.notes), 1):
            yield number, _said(block, apart)
        return
    if isinstance(view, ComicView):
        yield from ((0, line) for shown in view.shown if shown.lettering for line in _lettered(shown.lettering, apart))
    else:
        cues = (cue for one in view.transcripts for _, cues in one.minutes for cue in cues)
        yield from ((0, " ".join(cue.lines)) for cue in cues)
    for passage in view.passages:
        yield from ((0, line) for section in passage.lettering for line in _lettered(section, apart))
        yield from ((0, _said(block, frozenset())) for block in passage.blocks)


def _said(block: BlockView, apart: frozenset[str]) -> str:
    if not isinstance(block, PairView):
        return words_of((block,))
    return words_of((block.block, *(block.others if block.language not in apart else ())))


def _lettered(section: Lettering, apart: frozenset[str]) -> Iterator[str]:
    for row in section.rows:
        for (language, _), lines in zip(section.languages, row, strict=True):
            yield from lines if language not in apart else ()


@lru_cache(maxsize=2)  # a plan is made again and again, in other qualities of pictures
def _files(works: tuple[Units, ...]) -> PackedValues[str]:
    """The data of all files."""
    every = places(" ".join(text for _, text in unit.texts) for unit in chain.from_iterable(works))
    pairs = list(_filled((key, _pair(key, code)) for key, code in every if is_dense(key)))
    words = list(_filled((key, f"{key} {code} ") for key, code in every if not is_dense(key)))
    texts = list(_filled(zip(map(str, count()), map(_text, chain.from_iterable(works)), strict=False)))
    begun = [number for number, unit in enumerate(chain.from_iterable(works)) if unit.begins_work]
    directory = (
        " ".join(first for first, _ in pairs),
        " ".join(first for first, _ in words),
        " ".join(first for first, _ in texts),
        packed(begun) if begun else "",
    )
    return PackedValues((SEPARATOR.join(directory), *(data for _, data in chain(pairs, words, texts))))


def _pair(key: str, code: str) -> str:
    """The places of a pair stand behind its second sign, those of a single sign behind a mark and the sign."""
    return f"{key[1]}{code}" if len(key) > 1 else f"!{key}{code}"


def _text(unit: Unit) -> str:
    fields = (unit.href, unit.title, *(part for place, text in unit.texts for part in (str(place), text)))
    return SEPARATOR.join(field.translate(_NOT_IN_STRINGS) for field in fields) + 2 * SEPARATOR


def _filled(records: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The first key and the data of each file; pairs in the middle of a group begin with its sign again."""
    first, size = "", 0
    pieces: list[str] = []
    for key, record in records:
        length = len(record.encode())
        if pieces and size + length > MOST_BYTES:
            yield first, "".join(pieces)
            pieces, size = [], 0
        if not pieces:
            first = key
            pieces += [f"!{key[0]}"] * (is_dense(key) and len(key) > 1)
        pieces.append(record)
        size += length
    if pieces:
        yield first, "".join(pieces)
