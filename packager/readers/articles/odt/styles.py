"""What the styles of an OpenDocument text say: marks of letters, kinds of paragraphs, numbers of lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packager.archive.xml import local_name
from packager.readers.articles.office.parts import child, number, value
from packager.text.numbering import written_by_word

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DEEPEST = 20  # of styles that are based on others
_FORMS = {
    **{"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"},
    **{"一": "japaneseCounting", "가": "ganada", "ㄱ": "chosung", "ア": "aiueoFullWidth", "①": "decimalEnclosedCircle"},
    **{"壱": "japaneseCounting", "甲": "ideographTraditional", "子": "ideographZodiac", "イ": "irohaFullWidth"},
    **{"А": "russianUpper", "а": "russianLower", "일": "koreanDigital", "하": "koreanDigital", "أ": "arabicAlpha"},
}
_QUOTES = ("Quotations", "Quote")
_PREFORMATTED = ("Preformatted_20_Text", "Source_20_Text")


@dataclass(frozen=True, slots=True)
class OdtStyles:
    """The styles of one document: by kind and name, of lists by name and level, of headings by level."""

    by_name: dict[tuple[str, str], Element] = field(default_factory=dict)
    lists: dict[str, dict[str, Element]] = field(default_factory=dict)
    headings: dict[str, Element] = field(default_factory=dict)
    _marks: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def add(self, root: Element) -> None:
        """Take the styles in a part."""
        for one in root.iter():
            name = local_name(one.tag)
            if name == "style":
                self.by_name[value(one, "family"), value(one, "name")] = one
            elif name == "list-style":
                self.lists[value(one, "name")] = {value(level, "level"): level for level in one}
            elif name == "outline-style":
                self.headings.update({value(level, "level"): level for level in one})

    def names(self, family: str, name: str) -> tuple[str, ...]:
        """Return a style and those that it is based on."""
        names: list[str] = []
        while name and len(names) < _DEEPEST:
            names.append(name)
            name = value(self.by_name.get((family, name)), "parent-style-name")
        return tuple(names)

    def marks(self, family: str, name: str) -> frozenset[str]:
        """Return the elements of HTML that a style makes of its words; "hidden" and "upper" are no elements."""
        if (family, name) not in self._marks:
            marks = frozenset[str]()
            for one in reversed(self.names(family, name)):
                marks = _marked(marks, child(self.by_name.get((family, one)), "text-properties"))
            is_title = family == "paragraph" and any(one in ("Title", "Heading") for one in self.names(family, name))
            self._marks[family, name] = marks - {"b", "i"} if is_title else marks
        return self._marks[family, name]

    def is_quote(self, name: str) -> bool:
        """Whether paragraphs of a style are quoted."""
        return any(one in _QUOTES for one in self.names("paragraph", name))

    def is_preformatted(self, name: str) -> bool:
        """Whether the line ends of paragraphs of a style count."""
        return any(one in _PREFORMATTED for one in self.names("paragraph", name))

    def is_title(self, name: str) -> bool:
        """Whether paragraphs of a style are the title."""
        return "Title" in self.names("paragraph", name)


def _marked(marks: frozenset[str], said: Element | None) -> frozenset[str]:
    if said is None:
        return marks
    place = value(said, "text-position")
    size = place.split("%")[0]
    above = place.startswith("super") or (number(size, 0) > 0)
    line = value(said, "text-line-through-style") or value(said, "text-line-through-type")
    changes = {
        "b": (weight := value(said, "font-weight")) and (weight == "bold" or weight >= "600"),
        "i": (slant := value(said, "font-style")) and slant != "normal",
        "s": line and line != "none",
        "sup": place and above,
        "sub": place and place.startswith(("sub", "-")),
        "hidden": (display := value(said, "display")) and display == "none",
        "upper": (case := value(said, "text-transform")) and case == "uppercase",
    }
    for mark, said_of_it in changes.items():
        if said_of_it != "":
            marks = marks | {mark} if said_of_it else marks - {mark}
    return marks


def label(level: Element | None, number: int) -> str | None:
    """Return what stands before an item with a number: None for nothing, "" for the bullet of a list."""
    if level is None or local_name(level.tag) == "list-level-style-bullet":
        return ""
    form = value(level, "num-format")
    if not form:
        return None
    shown = written_by_word(number, _FORMS.get(form[:1], "decimal"))
    return f"{value(level, 'num-prefix')}{shown}{value(level, 'num-suffix')}".strip()
