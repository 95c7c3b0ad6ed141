"""The words that everyone will read, for the report's page: how each text begins and ends, and what stands out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from packager.model import Article, Comic, Film, Version
from packager.model.blocks import words_of
from packager.readers.language import guess_by_words, language_name, same_language, script_doubt
from packager.text import private_notes
from packager.text.spelling import UNDETERMINED

BEGINNING, END = 320, 200  # letters
WHOLE = 20_000  # letters of one text that can be unfolded
MOST_WHOLE = 1_000_000  # of all texts
LEAST_TO_TELL, TOLD_BY = 300, 3000  # letters by whose words a language is told
MOST_MENTIONED = 500  # of one work
PASSAGES, AROUND = 10, 60  # of one text, and letters before and behind each


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A run of a text, and whether it stands out: an address, a name, a number, or what looks like a private note."""

    text: str
    is_marked: bool = False


TextPieces = tuple[TextPiece, ...]


@dataclass(frozen=True, slots=True)
class TextCard:
    """One text: what it is, its letters, how it begins and ends, the passages that stand out, and all of it or ().

    `notes` counts what looks like private notes; `doubt` says why it may be in another language than is said.
    """

    label: str
    language: str
    letters: int
    beginning: TextPieces
    end: TextPieces
    passages: tuple[TextPieces, ...]
    notes: int
    whole: TextPieces
    doubt: str


class TextCards:
    """Cards of texts, of which only so many letters can be unfolded in all."""

    def __init__(self) -> None:
        self._left = MOST_WHOLE

    def of(self, version: Version, mentioned: Collection[str]) -> Iterator[TextCard]:
        """Yield a card for each text of a version; what its readers found `mentioned` stands out."""
        longest_first = sorted(mentioned, key=lambda one: (-len(one), one))[:MOST_MENTIONED]
        known = re.compile("|".join(map(re.escape, longest_first))) if mentioned else None
        for label, language, text in _texts(version):
            if text.strip():
                yield self._card(label, language, text.strip(), known)

    def _card(self, label: str, language: str, text: str, known: re.Pattern[str] | None) -> TextCard:
        is_short = len(text) <= BEGINNING + END
        has_whole = not is_short and len(text) <= min(WHOLE, self._left)
        self._left -= len(text) if has_whole else 0
        notes = list(private_notes.spans(text))
        spans = list(_apart((*notes, *(match.span() for match in known.finditer(text))) if known else notes))
        return TextCard(
            f"{label} in {language_name(language)}",
            language,
            len(text),
            _pieces(text, spans, 0, len(text) if is_short else BEGINNING),
            () if is_short else _pieces(text, spans, len(text) - END, len(text)),
            () if is_short else tuple(_passages(text, spans)),
            len(notes),
            _pieces(text, spans, 0, len(text)) if has_whole else (),
            _doubt(label, language, text[:TOLD_BY]),
        )


def _texts(version: Version) -> Iterator[tuple[str, str, str]]:
    work, language = version.work, version.language
    if isinstance(work, Article):
        yield "Text", language, words_of(work.blocks, "\n")
    yield "By", language, ", ".join(version.authors)
    yield "Summary", language, version.summary
    yield "Credit", language, version.credit
    if isinstance(work, Comic):
        for transcript in work.transcripts:
            lines = (line for _, section in transcript.sections for line in section)
            yield "Transcript", transcript.language, "\n".join(lines)
    if isinstance(work, Film):
        for subtitles in work.subtitles:
            yield "Subtitles", subtitles.language, "\n".join(line for cue in subtitles.cues for line in cue.lines)
    yield "Titles", language, "\n".join(one.title for one in version.recordings if one.title)
    for about in () if isinstance(work, Article) else work.about:
        label = "About the artist" if isinstance(work, Comic) else "About the work"
        yield label, about.language, "\n".join(words_of([block]) for block in about.blocks)


def _doubt(label: str, language: str, text: str) -> str:
    """Return why a text may be in another language than is said, "" for no reason."""
    if letters := script_doubt(language, text):
        return f"{label}: said to be in {language_name(language)}, and its letters are {letters}"
    seeming = guess_by_words(text) if len(text) >= LEAST_TO_TELL and language != UNDETERMINED else UNDETERMINED
    if seeming == UNDETERMINED or same_language(seeming, language):
        return ""
    return f"{label}: said to be in {language_name(language)}, and seems to be in {language_name(seeming)}"


def _apart(found: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where something stands out, in order, none within another."""
    end = 0
    for first, last in sorted(found):
        if first >= end:
            yield first, last
            end = last


def _pieces(text: str, spans: list[tuple[int, int]], first: int, last: int) -> TextPieces:
    """Return the letters from `first` to `last`, in pieces."""
    pieces, at = [], first
    for start, end in spans:
        if end > first and start < last:
            pieces += [TextPiece(text[at : max(at, start)]), TextPiece(text[max(at, start) : min(end, last)], True)]
            at = min(end, last)
    pieces.append(TextPiece(text[at:last]))
    return tuple(piece for piece in pieces if piece.text)


def _passages(text: str, spans: list[tuple[int, int]]) -> Iterator[TextPieces]:
    """Yield what stands out with the words around it; what stands near to each other is one passage."""
    near: list[tuple[int, int]] = []
    for start, end in spans:
        first, last = max(0, start - AROUND), min(len(text), end + AROUND)
        if near and first <= near[-1][1]:
            near[-1] = near[-1][0], last
        elif len(near) < PASSAGES:
            near.append((first, last))
        else:
            break
    return (_pieces(text, spans, first, last) for first, last in near)
