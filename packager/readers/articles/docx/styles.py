"""What the styles of a document of Word say of paragraphs and of runs of text, inherited ones too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packager.archive.xml import local_name
from packager.readers.articles.office.parts import WordPart, child, inside, is_on, number, value

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEADING = re.compile("heading ([1-9])", re.IGNORECASE)
_QUOTES = ("quote", "block text", "intense quote")
_PREFORMATTED = ("html preformatted", "source code", "code block")
_DEEPEST = 20  # of styles that are based on others


@dataclass(frozen=True, slots=True)
class WordStyles:
    """The styles of one document by their ids."""

    by_id: dict[str, Element] = field(default_factory=dict)
    default: str = ""
    _marks: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def properties(self, own: Element | None, *names: str) -> Iterator[Element]:
        """Yield these properties, the text's own before those of its style and of what that is based on.

        `own` holds the properties of a paragraph or a run; a style is looked up where it names one.
        """
        chain = [own]
        kind = local_name(own.tag) if own is not None else "pPr"
        style = value(child(own, "pStyle" if kind == "pPr" else "rStyle"))
        chain += [child(style_element, kind) for style_element in self.chain(style or (self.default * (kind == "pPr")))]
        for element in chain:
            found = child(element, *names)
            if found is not None:
                yield found

    def property(self, own: Element | None, *names: str) -> Element | None:
        """Return the property that holds."""
        return next(self.properties(own, *names), None)

    def chain(self, style: str) -> Iterator[Element]:
        """Yield a style and those that it is based on."""
        for _ in range(_DEEPEST):
            element = self.by_id.get(style)
            if element is None:
                return
            yield element
            style = value(child(element, "basedOn"))

    def marks(self, own: Element | None, paragraph: str) -> frozenset[str]:
        """Return the properties that are on for a run in a paragraph of this style: `strike`, say, or `vanish`.

        What makes a heading or a title a heading is no mark of its words.
        """
        key = (value(child(own, "rStyle")), paragraph or self.default)
        if key not in self._marks:
            chain = (*self.chain(key[0]), *self.chain(key[1]))
            names = [value(child(style, "name")).lower() for style in self.chain(key[1])]
            of_heading = {"b", "i"} if any(name.startswith(("heading", "title")) for name in names) else set()
            marks = frozenset[str]()
            for style in reversed(chain):
                marks = _marked(marks, child(style, "rPr"))
            self._marks[key] = marks - of_heading
        return _marked(self._marks[key], own)

    def names(self, own: Element | None) -> tuple[str, ...]:
        """Return the names of a paragraph's style and of what it is based on: in English, whatever Word speaks."""
        return tuple(value(child(style, "name")).lower() for style in self.chain(value(child(own, "pStyle"))))

    def heading_level(self, own: Element | None) -> int:
        """Return the level of a paragraph that is a heading, from 1; 0 for another."""
        names = self.names(own)
        if names[:1] == ("title",):
            return 1
        outline = number(value(self.property(own, "outlineLvl")), -1)
        if outline >= 0:
            return outline + 1 if outline < 9 else 0
        levels = (match[1] for name in names if (match := _HEADING.fullmatch(name)))
        return int(next(levels, 0))

    def is_quote(self, own: Element | None) -> bool:
        """Whether a paragraph is quoted."""
        return any(name in _QUOTES for name in self.names(own))

    def is_preformatted(self, own: Element | None) -> bool:
        """Whether the spaces and line ends of a paragraph count."""
        return any(name in _PREFORMATTED for name in self.names(own))


def _marked(marks: frozenset[str], own: Element | None) -> frozenset[str]:
    """The marks of a style or a run, where these are those of what it is based on."""
    for one in inside(own):
        name = local_name(one.tag)
        if name == "vertAlign":
            marks = (marks - {"superscript", "subscript"}) | {value(one)}
        else:
            marks = marks | {name} if is_on(one) else marks - {name}
    return marks


def styles_of(part: WordPart | None) -> WordStyles:
    """Return the styles in their part."""
    if part is None:
        return WordStyles()
    styles = [one for one in part.root if local_name(one.tag) == "style"]
    defaults = (value(one, "styleId") for one in styles if value(one, "default") in ("1", "true"))
    paragraphs = {value(one, "styleId") for one in styles if value(one, "type") == "paragraph"}
    default = next((name for name in defaults if name in paragraphs), "")
    return WordStyles({value(one, "styleId"): one for one in styles}, default)
