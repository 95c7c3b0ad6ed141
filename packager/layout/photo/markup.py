"""Runs of text as Pango's markup: everything of the text escaped, its marks as attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packager.model import Break, Code, Direction, FootnoteMark, Inline, Link, Mark, Marked, Ruby, Span, Text

MONO = "Source Code Pro"
_SLANTED = re.compile(r"[\u0000-\u052f\u1e00-\u20cf]*")  # letters of which we have italics: Latin, Greek, Cyrillic

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
# Korean is broken between words only (docs/devices.md section 6): a word joiner between its syllables.
_INSIDE_A_WORD = re.compile(r"(?<=[\uac00-\ud7a3])(?=[\uac00-\ud7a3])")
_JOINER = "\u2060"
_ISOLATES = {Direction.LTR: "\u2066", Direction.RTL: "\u2067"}
_END_OF_ISOLATE = "\u2069"
_TAGS = {Mark.STRONG: "b", Mark.SUB: "sub", Mark.SUP: "sup"}


@dataclass(frozen=True, slots=True)
class Hand:
    """How runs are written: whether the addresses of links are printed, and which signs cannot be set."""

    prints_links: bool = False
    unset: frozenset[str] = frozenset()

    def markup(self, children: Iterable[Inline]) -> str:
        """The markup of a run of text."""
        return "".join(map(self._one, children))

    def words(self, text: str) -> str:
        """Plain text as markup, white space as single spaces."""
        return self.lines(re.sub(r"[ \t\r\n]+", " ", text))

    def lines(self, text: str) -> str:
        """Plain text as markup, white space as it stands; a sign that no font of ours has, as its number."""
        seen = "".join(f"[U+{ord(sign):04X}]" if sign in self.unset else sign for sign in text)
        return escaped(_INSIDE_A_WORD.sub(_JOINER, seen))

    def _one(self, inline: Inline) -> str:
        match inline:
            case Text(text=text):
                written = self.words(text)
            case Break():
                written = "\n"
            case Code(text=text):
                written = isolated(styled(self.words(text), font_family=MONO, size="90%"), Direction.LTR)
            case Marked(mark=mark, children=children):
                written = _marked(mark, self.markup(children))
            case Link(address=address, children=children):
                written = self.markup(children)
                if self.prints_links:
                    written += " " + isolated(f"({self.words(address)})", Direction.LTR)
            case Span(children=children, language=language, direction=direction):
                inner = styled(self.markup(children), lang=language) if language else self.markup(children)
                written = isolated(inner, direction) if direction else inner
            case Ruby(base=base, reading=reading):
                written = self.words(base) + styled(f"({self.words(reading)})", size="75%")
            case FootnoteMark(label=label):
                written = f"<sup>[{self.words(label)}]</sup>"
        return written


def escaped(text: str) -> str:
    """Text without a meaning in markup."""
    return "".join(_ESCAPES.get(sign, sign) for sign in text)


def styled(markup: str, **attributes: str) -> str:
    """The markup inside a span with these attributes."""
    said = "".join(f" {name}='{escaped(value)}'" for name, value in attributes.items())
    return f"<span{said}>{markup}</span>"


def isolated(markup: str, direction: Direction) -> str:
    """The markup as a run of its own direction."""
    return f"{_ISOLATES[direction]}{markup}{_END_OF_ISOLATE}"


def _marked(mark: Mark, inner: str) -> str:
    if mark is Mark.EMPHASIS:
        # Slanted letters are for scripts that have them; others emphasize by weight.
        return f"<i>{inner}</i>" if _SLANTED.fullmatch(inner) else styled(inner, weight="semibold")
    return f"<{_TAGS[mark]}>{inner}</{_TAGS[mark]}>"
