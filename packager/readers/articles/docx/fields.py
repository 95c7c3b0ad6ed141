"""The fields that Word computes in a text: what they are computed from is not shown, their results are."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from packager.readers.articles.office.fields import link_in, reading_in
from packager.readers.articles.office.lines import ruby
from packager.readers.articles.office.parts import child, children, is_on, value

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MOST_OPEN = 20  # of fields in one another, as in Word


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    is_shown: bool = False


@dataclass(slots=True)
class WordFields:
    """The fields that are open at a place in the text, one in the other."""

    _open: list[_Field] = field(default_factory=list)

    @property
    def is_instruction(self) -> bool:
        """Whether the place lies in what some field is computed from."""
        return any(not one.is_shown for one in self._open)

    @property
    def link(self) -> str:
        """The address that the fields around the place link to."""
        return next(filter(None, (link_in(one.instruction) for one in reversed(self._open) if one.is_shown)), "")

    def add_instruction(self, words: str) -> None:
        """Read a piece of what the innermost field is computed from."""
        if self._open:
            self._open[-1].instruction += words

    def follow(self, element: Element) -> str:
        """Follow the beginning, the middle or the end of a field; return the HTML of what it shows by itself."""
        kind = value(element, "fldCharType")
        if kind == "begin":
            self._open = [*self._open[-_MOST_OPEN:], _Field()]
            return escape(_shown_by_form(element))
        if self._open and kind == "separate":
            self._open[-1].is_shown = True
        elif self._open and kind == "end" and (reading := reading_in(self._open.pop().instruction)):
            base, above = map(escape, reading)
            return ruby(base, above)
        return ""


def _shown_by_form(element: Element) -> str:
    box, choice = child(element, "ffData", "checkBox"), child(element, "ffData", "ddList")
    if box is not None:
        checked = child(box, "checked")
        return "☒" if is_on(checked if checked is not None else child(box, "default")) else "☐"
    entries = [value(one) for one in children(choice, "listEntry")]
    chosen = value(child(choice, "result")) or "0"
    return entries[int(chosen)] if chosen in map(str, range(len(entries))) else ""
