"""The account of a text: each word that its source holds is in the article, or a remark names it.

What a source holds is counted here, or beside the reader of its form, by other code than reads it, so that faults show.
Words count, not their order: what is moved is not lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from html import unescape

from packager.model import FootnoteMark, Inline, Link, Missing, Outcome, Picture, Remark

OPEN = "in no part of the article, and nothing says why"
"""Stands in the remark on an account that is not even: for users a warning, in tests an error."""

Words = Counter[str]

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # kana and Chinese characters: each is a word
_MARKS = "\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f"  # parts of words that Python takes for no letters
_WORD = re.compile(rf"[{_UNSPACED}]|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_MOST_NAMED = 5

# Nobody takes the quote of an attribute for the end of its tag; possessive, so that no sign is read twice.
_TAG = re.compile(r"<(/?[a-zA-Z][^\s/>]*+)(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*>|<!--|</?[a-zA-Z!?]")
_UNREAD = frozenset("script style title textarea select datalist noscript noembed noframes template math".split())
"""Elements without words for a reader of the text: programs, fields, what shows without scripts. Formulas are counted
by whoever reads them."""
_OF_PAGES = frozenset("svg iframe video audio canvas".split())
"""The same on pages of a site, where they hold icons, advertisements, and what old browsers are told."""
_SHADOW = re.compile(r"\sshadow(?:root)?mode", re.IGNORECASE)

_NUMBERS = re.compile(r"^(?:[ \t>]|[-*+](?=[ \t])|\d{1,9}[.)](?=\s))+", re.MULTILINE)  # of lists in one another
# No piece reaches over the sign that begins it, so that the time is linear.
_MARKDOWN = re.compile(
    r"(?<!\\)(?:\\\\)*\](?:\((?:[^()\n]++|\([^()\n]*+\))*\)|\[[^\[\]]{0,200}+\])"  # where a link leads
    r"|^ {0,3}\[(?!\^)[^\[\]\n]*+\]:[ \t]*+\n?.*"  # the same, told elsewhere
    r"|\[\^[^\[\]\n]++\](?!\()"  # the label of a note
    r"|\[\[[^\[\]|\n]*+\|"  # the page behind other words
    r"|^[ \t>]*(?:`{3}|~{3}).*"  # the name of a language of code
    r"|\{[#.:][^{}\n]*+\}"  # attributes
    r"|&#?\w{1,32};",  # letters by their names, which in code are shown as they are
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Account:
    """The words that each part of a source holds, by the part's label, and those of them that remarks name."""

    held: tuple[tuple[str, Words], ...] = ()
    named: Words = field(default_factory=Counter)

    def __add__(self, other: Account) -> Account:
        return Account((*self.held, *other.held), self.named + other.named)

    @property
    def total(self) -> int:
        """How many words the source holds."""
        return sum(words.total() for _, words in self.held)


def words(*texts: str) -> Words:
    """Return the words in texts, without case, each by how often it stands there."""
    folded = unicodedata.normalize("NFC", " ".join(texts)).translate(_UNSEEN).casefold()
    return Counter(_WORD.findall(folded))


def closed(account: Account, blocks: object, said: object = ()) -> Iterator[Remark]:
    """Yield a warning for the words that are neither in what was read nor named; nothing where all are.

    `blocks` are the text with its title, `said` is what is told of it, perhaps elsewhere: authors, a summary.
    """
    held: Words = Counter()
    place: dict[str, str] = {}
    for label, part in account.held:
        held.update(part)
        place |= dict.fromkeys(part.keys() - place.keys(), label)
    given = account.named + words(words_in(blocks))
    letters = Counter("".join((given - held).elements()))
    lost: dict[str, list[str]] = {}
    for word in _lost(held - given - words(words_in(said)), letters):
        lost.setdefault(place[word], []).append(word)
    for label, of_part in lost.items():
        different = list(dict.fromkeys(of_part))
        few = " ".join(different[:_MOST_NAMED]) + (" …" if len(different) > _MOST_NAMED else "")
        what = "1 word of it is" if len(of_part) == 1 else f"{len(of_part)} words of it are"
        message = f"{what} {OPEN} ({few}): compare the article with its source"
        yield Remark(label, Outcome.WARNING, message)


def _lost(lacking: Words, letters: Counter[str]) -> Iterator[str]:
    """Yield the words that are lacking but for those whose letters stand in others, which are parted elsewhere."""
    for word in lacking.elements():
        own = Counter(word)
        if all(letters[sign] >= count for sign, count in own.items()):
            letters.subtract(own)
        else:
            yield word


def words_in(value: object) -> str:
    """Return all that stands in a value of the model, whatever its parts are called."""
    match value:
        case str() if not isinstance(value, Enum):
            return value
        case Link(children=children):  # its address is no word of the text, or stands there too
            return words_in(children)
        case FootnoteMark(label=label):
            return f" {label} "
        case tuple():
            is_run = all(isinstance(item, Inline) for item in value)
            return ("" if is_run else " ").join(map(words_in, value))
        case _ if is_dataclass(value) and not isinstance(value, Picture | Missing | Remark | Account):
            return " ".join(words_in(getattr(value, part.name)) for part in fields(value)) or " "
    return " "


def of_markup(markup: str, *, is_whole: bool = False) -> str:
    """Return the words for readers in HTML or XHTML; a document that is no page of a site `is_whole`.

    Each tag parts words. The time is linear, whatever is not closed.
    """
    return unescape("".join(_pieces(markup, _UNREAD if is_whole else _UNREAD | _OF_PAGES, is_xml=is_whole)))


def _pieces(markup: str, unread: Iterable[str], *, is_xml: bool) -> Iterator[str]:
    place = 0
    ends = {name: re.compile(f"</{name}", re.IGNORECASE) for name in unread}
    while match := _TAG.search(markup, place):
        yield markup[place : match.start()]
        yield " "
        place, name = match.end(), (match[1] or "").lower()
        if match[0] == "<!--":
            place = _after(markup, "-->", place)
        elif not name:  # a tag without an end, a declaration
            place = _after(markup, ">", place)
        elif name in ends and not (match[0].endswith("/>") and (is_xml or name == "svg")):
            if name == "template" and _SHADOW.search(match[0]):
                continue
            if end := ends[name].search(markup, place):
                place = end.start()
            else:
                del ends[name]  # without an end, all behind it would be unread
    yield markup[place:]


def without(markup: str, name: str) -> str:
    """Return markup without the elements of a name and what lies in them."""
    first, *others = markup.split(f"<{name}")
    return first + "".join(other.partition(f"</{name}>")[2] for other in others)


def of_plain(text: str) -> str:
    """Return the words of a plain text: the numbers of lists become structure."""
    return _NUMBERS.sub(" ", text)


def of_markdown(text: str) -> str:
    """Return the words for readers in Markdown: neither marks nor addresses, HTML without its tags."""
    return of_markup(_MARKDOWN.sub(" ", of_plain(text)), is_whole=True)


def _after(markup: str, end: str, place: int) -> int:
    found = markup.find(end, place)
    return len(markup) if found < 0 else found + len(end)
