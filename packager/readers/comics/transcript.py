"""A transcript: its sections and the pages they belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from packager.text.natural import Tokens, tokens

_HEADING = re.compile(r"#{1,6}\s+(.*?)[\s#]*")
_BULLET = re.compile(r"[-*+]\s+")


@dataclass(frozen=True, slots=True)
class Section:
    """The lines under one heading, which stands on `line`; "" and 1 for what comes before the first."""

    heading: str
    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A section with the index of its page; `is_guess` when its heading names no page."""

    index: int
    section: Section
    is_guess: bool


def sections(text: str) -> tuple[Section, ...]:
    """Return the sections that have lines, in order; list marks are taken off."""
    parts: list[tuple[str, int, list[str]]] = [("", 1, [])]
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _HEADING.fullmatch(line.strip()):
            parts.append((heading[1], number, []))
        elif line.strip():
            parts[-1][2].append(_BULLET.sub("", line.strip(), count=1))
    return tuple(Section(heading, number, tuple(lines)) for heading, number, lines in parts if lines)


def place(parts: Sequence[Section], pages: Sequence[PurePosixPath]) -> tuple[PlacedSection, ...]:
    """Return each section with its page: by name, else by what the name ends in, else the page of the one before.

    Of several pages that fit (chapters often count alike) the next one that has no section yet is meant.
    """
    index = _page_index(tuple(pages))
    used: set[int] = set()
    placed: list[PlacedSection] = []
    current = 0
    for part in parts:
        fitting = index.called(part.heading) if part.heading else []
        ahead = [page for page in fitting if page >= current and page not in used]
        current = (ahead or fitting or [current])[0]
        used.update({current} if fitting else ())
        placed.append(PlacedSection(current, part, is_guess=not fitting))
    return tuple(placed)


class _PageIndex:
    """The pages by their names, and by what their names end in: a transcript may have thousands of headings."""

    def __init__(self, pages: Sequence[PurePosixPath]) -> None:
        self._exact: dict[Tokens, list[int]] = {}
        self._stems = [tokens(str(page.with_suffix(""))) for page in pages]
        self._by_rest: dict[Tokens, list[int]] = {}
        for index, (page, stem) in enumerate(zip(pages, self._stems, strict=True)):
            for name in {tokens(str(page)), tokens(page.name)}:
                self._exact.setdefault(name, []).append(index)
            for start in range(len(stem)):
                self._by_rest.setdefault(stem[start + 1 :], []).append(index)

    def called(self, heading: str) -> list[int]:
        """Return the pages of that name, else those whose names end in it: `P1` fits `E06P01`, `1` not `11`."""
        wanted = tokens(heading)
        (_, first), rest = wanted[0], wanted[1:]
        return self._exact.get(wanted) or [
            index for index in self._by_rest.get(rest, ()) if self._stems[index][-len(wanted)][1].endswith(first)
        ]


_page_index = lru_cache(maxsize=4)(_PageIndex)  # many transcripts may lie beside the same pages
