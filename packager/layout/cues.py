"""The words of a film as they change, and as the template of what lies over its pictures receives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from packager.layout.page_text import LEAST_TYPE, joined
from packager.model import Cue, Direction, Subtitles
from packager.text.spelling import is_right_to_left

_TYPES_IN_A_PICTURE = 20  # on the side of a square as large: lines take 8 % of a TV's height (BBC, Subtitle Guidelines)
_LINES = 4  # of two who speak at once
_LINE = 1.6  # its height, in the size of the type
MOST_LETTERS = 1_000  # far more than can be read, which makes them small
_MOST_AT_ONCE = 12  # cues
_DAY_MS = 24 * 3_600_000  # before which films end
_MARGIN = 0.05  # of the picture, which TVs may not show


@dataclass(frozen=True, slots=True)
class CuesView:
    """Words that lie over the lower edge of a film's pictures, one text for each change; lengths in pixels."""

    width: int
    height: int
    margin: int
    type_size: int
    language: str
    direction: Direction
    texts: tuple[str, ...]


def cues_view(texts: Iterable[str], language: str, width: int, height: int) -> CuesView:
    """Return the texts for a film whose pictures have this size."""
    size = max(LEAST_TYPE, round(sqrt(width * height) / _TYPES_IN_A_PICTURE))
    direction = Direction.RTL if is_right_to_left(language) else Direction.LTR
    tall = min(height // 2, round(_LINES * _LINE * size))
    words = tuple("\n".join(map(joined, text.split("\n"))) for text in texts)
    return CuesView(width, tall, round(width * _MARGIN), size, language, direction, words)


def bottom(height: int) -> int:
    """Return the pixels between words and the lower edge of a picture of that height."""
    return round(height * _MARGIN)


def in_order(subtitles: Iterable[Subtitles], languages: Sequence[str]) -> list[Subtitles]:
    """Return subtitles as readers of these languages want them, who see the first where there is one place."""
    wanted = [language.partition("-")[0] for language in languages]

    def place(one: Subtitles) -> int:
        language = one.language.partition("-")[0]
        return [*wanted, language].index(language)

    return sorted(subtitles, key=place)


def changes(cues: Iterable[Cue]) -> Iterator[tuple[int, str]]:
    """Yield each millisecond from which on other words are seen, and these; "" for none, as at the beginning.

    Words of several cues stand below one another, those that came first above; of very many the last are seen, and
    of very long ones the beginning.
    """
    coming = sorted((cue for cue in cues if cue.start_ms < _DAY_MS), key=lambda cue: cue.start_ms, reverse=True)
    seen: list[Cue] = []
    shown = None
    times = {0, *(cue.start_ms for cue in coming), *(cue.end_ms for cue in coming)}
    for time in sorted(time for time in times if time < _DAY_MS):
        seen = [cue for cue in seen if cue.end_ms > time]
        while coming and coming[-1].start_ms <= time:
            seen = [*seen, coming.pop()][-_MOST_AT_ONCE:]
        text = "\n".join(line for cue in seen for line in cue.lines)
        if len(text) > MOST_LETTERS:
            text = f"{text[:MOST_LETTERS]}…"
        if text != shown:
            yield time, text
            shown = text
