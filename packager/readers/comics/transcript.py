"""A transcript: its sections and the pages they belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from packager.readers.natural import Tokens, tokens

_HEADING = re.compile(r"#{1,6}\s+(.*?)[\s#]*")
_BULLET = re.compile(r"[-*+]\s+")


@dataclass(frozen=True, slots=True)
class Section:
    """The lines under one heading, which stands on `line`; "" and 1 for what stands before the first."""

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
    """The sections that have lines, in order; list marks are taken off."""
    found: list[tuple[str, int, list[str]]] = [("", 1, [])]
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _HEADING.fullmatch(line.strip()):
            found.append((heading[1], number, []))
        elif line.strip():
            found[-1][2].append(_BULLET.sub("", line.strip(), count=1))
    return tuple(Section(heading, number, tuple(lines)) for heading, number, lines in found if lines)


def place(parts: Sequence[Section], pages: Sequence[PurePosixPath]) -> tuple[PlacedSection, ...]:
    """Each section with its page: by name, else by what the name ends in, else the page of the section before.

    Of several pages that fit (chapters often count alike) the next one that has no section yet is meant.
    """
    used: set[int] = set()
    placed: list[PlacedSection] = []
    here = 0
    for part in parts:
        fitting = _pages_called(part.heading, pages) if part.heading else []
        ahead = [index for index in fitting if index >= here and index not in used]
        here = (ahead or fitting or [here])[0]
        used.update({here} if fitting else ())
        placed.append(PlacedSection(here, part, is_guess=not fitting))
    return tuple(placed)


def _pages_called(heading: str, pages: Sequence[PurePosixPath]) -> list[int]:
    wanted = tokens(heading)
    exact = [index for index, page in enumerate(pages) if wanted in (tokens(str(page)), tokens(page.name))]
    return exact or [index for index, page in enumerate(pages) if _ends_in(tokens(str(page.with_suffix(""))), wanted)]


def _ends_in(name: Tokens, ending: Tokens) -> bool:
    """Whether a name ends in `ending`, numbers compared as numbers: `P1` fits `E06P01`, `1` does not fit `11`."""
    if len(ending) > len(name):
        return False
    first, *rest = name[len(name) - len(ending) :]
    return first[1].endswith(ending[0][1]) and tuple(rest) == ending[1:]
