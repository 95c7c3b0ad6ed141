"""The numbers that Word counts before paragraphs, in the many ways in which it writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packager.archive.xml import local_name
from packager.readers.articles.docx.styles import WordStyles
from packager.readers.articles.office.parts import WordPart, child, is_on, number, value
from packager.text.numbering import written_by_word

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LEVELS = 9


@dataclass(frozen=True, slots=True)
class ItemNumber:
    """What stands before a paragraph: its level from 0, its number, and the words that Word writes there.

    `words` are "" for the bullet of a list.
    """

    level: int
    number: int
    words: str

    @property
    def is_plain(self) -> bool:
        """Whether the words are the number with a full stop, as lists have them."""
        return self.words == f"{self.number}."


@dataclass(slots=True)
class Numbering:
    """Counts the paragraphs of one document, as they come."""

    styles: WordStyles
    abstract: dict[str, Element] = field(default_factory=dict)
    numbers: dict[str, Element] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next(self, own: Element | None) -> ItemNumber | None:
        """Return what Word counts before a paragraph with these properties; None where it counts nothing."""
        key = value(self.styles.property(own, "numPr", "numId"))
        instance = self.numbers.get(key)
        definition = self._definition(value(child(instance, "abstractNumId")))
        if instance is None or definition is None:
            return None
        level = self._level(own, definition)
        levels = {number(value(one, "ilvl"), 0): one for one in definition if local_name(one.tag) == "lvl"}
        overrides = {value(one, "ilvl"): one for one in instance if local_name(one.tag) == "lvlOverride"}
        override = overrides.get(str(level))
        replaced = child(override, "lvl")
        element = replaced if replaced is not None else levels.get(level)
        if element is None:
            return None
        counts = self._counts.setdefault(value(definition, "abstractNumId"), [None] * _LEVELS)
        restart = value(child(override, "startOverride"))
        if restart and (key, level) not in self._begun:
            counts[level] = None
        self._begun.add((key, level))
        start = number(restart, 0) if restart else number(value(child(element, "start")), 1)
        count = counts[level]
        counts[level] = count + 1 if count is not None else start
        for deeper in range(level + 1, _LEVELS):
            below = levels.get(deeper)
            if below is None or value(child(below, "lvlRestart")) != "0":
                counts[deeper] = None
        return ItemNumber(level, counts[level] or 0, self._words(element, levels, counts))

    def _definition(self, key: str) -> Element | None:
        """Return the definition of a list, which may be that of a style."""
        definition = self.abstract.get(key)
        style = value(child(definition, "numStyleLink"))
        if style:
            chain = (child(one, "pPr", "numPr", "numId") for one in self.styles.chain(style))
            number = self.numbers.get(value(next((one for one in chain if one is not None), None)))
            definition = self.abstract.get(value(child(number, "abstractNumId")), definition)
        return definition

    def _level(self, own: Element | None, definition: Element) -> int:
        said = value(self.styles.property(own, "numPr", "ilvl"))
        if child(own, "numPr", "ilvl") is None:  # a style has the level that names it
            style = value(child(own, "pStyle"))
            linked = (one for one in definition if style and value(child(one, "pStyle")) == style)
            said = next((value(one, "ilvl") for one in linked), said)
        return min(number(said, 0), _LEVELS - 1)

    def _words(self, element: Element, levels: dict[int, Element], counts: list[int | None]) -> str:
        form = value(child(element, "numFmt")) or "decimal"
        if form in ("bullet", "none"):
            return ""
        is_legal = is_on(child(element, "isLgl"))

        def count_of(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            level = levels.get(place)
            own = element if level is None or value(element, "ilvl") == str(place) else level
            count = counts[place]
            count = count if count is not None else number(value(child(own, "start")), 1)
            return written_by_word(count, "decimal" if is_legal else value(child(own, "numFmt")) or "decimal")

        text = value(child(element, "lvlText"))
        return re.sub("%([1-9])", count_of, text).strip()


def numbering_of(part: WordPart | None, styles: WordStyles) -> Numbering:
    """Return the lists that a document defines in their part."""
    if part is None:
        return Numbering(styles)
    abstract = {value(one, "abstractNumId"): one for one in part.root if local_name(one.tag) == "abstractNum"}
    numbers = {value(one, "numId"): one for one in part.root if local_name(one.tag) == "num"}
    return Numbering(styles, abstract, numbers)
