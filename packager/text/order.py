"""The order in which people put names that lie beside each other: 2 before 10, 10.5 behind 10, covers before pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TypeVar

from packager.text import chapters
from packager.text.endings import stem
from packager.text.numerals import MINUS, NUMBER, plain, with_digits

Item = TypeVar("Item")
Token = tuple[Decimal, str]
"""Of a text its place and itself; of a number its value, and its zeros where these count."""
Tokens = tuple[Token, ...]

_COVERS = (
    "(?:front |folder )?cover|cover front|frontcover|coverfront|folder|couverture|portada|capa|copertina|titelbild"
    "|titelseite|обложка|(?:ال)?غلاف|表紙(?:カバー)?|カバー|封面|[앞겉]?표지|커버"
)
_COVER = re.compile(rf"(?:{_COVERS})(?: ?\d+| [a-e])?")

# What has no number of its own but a place: words that say it wherever they stand, and words that may as well be part
# of a title, which say it at the end of a text alone.
_FIRST, _LAST, _BEHIND = -1, 1, 2
_PLACES = {
    _FIRST: (
        "prologue|prolog|prologo|prélude|prelude|preface|foreword|vorwort|пролог|предисловие|مقدمة|المقدمة|تمهيد"
        "|プロローグ|序章|序幕|序文|まえがき|前書き|前言|楔子|프롤로그|서장|서문|머리말",
        "intro|introduction|title page|titlepage|contents|toc|目次|もくじ|序|목차|차례",
    ),
    _LAST: (
        "epilogue|epilog|epilogo|épilogue|эпилог|خاتمة|エピローグ|終章|终章|最終話|最終回|最終章|大结局|尾声|에필로그|최종화|최종회|마지막화"
        "|종장|완결",
        "finale|final chapter|last chapter",
    ),
    _BEHIND: (
        "afterword|postscript|omake|gaiden|nachwort|послесловие|番外|特別編|特別篇|特別話|おまけ|オマケ|あとがき|後書き|外伝|外传|特典|后记|後記"
        "|외전|번외|특별편|특별화|부록|후기|작가후기|ملحق",
        "extras?|bonus|specials?|side stor(?:y|ies)|sidestor(?:y|ies)|appendix|credits?|(?:back|rear) ?cover|cover back"
        "|裏表紙|封底|뒷표지|뒤표지",
    ),
}
_PLACE_PATTERNS = tuple(
    (place, re.compile(rf"(?<![^\W_])(?:{strong})|(?:^| )(?:{weak})(?: chapters?| pages?| comics?)?$"))
    for place, (strong, weak) in _PLACES.items()
)

_RANDOM_NAME = re.compile(r"[\w=+-]{6,}", re.ASCII)


def ordered(names: Iterable[str]) -> list[str]:
    """Return the names of files and folders that lie beside each other in the order people expect, each once."""
    return list(_sorted(frozenset((name, True) for name in names)))


def in_order(items: Iterable[Item], path_of: Callable[[Item], PurePosixPath]) -> list[Item]:
    """Return what lies at paths in the order of reading: on each level the names beside each other count.

    On one level files and folders are mixed, `1.png` before a folder `1`; items at one path keep their order.
    """
    items = list(items)
    levels: defaultdict[tuple[str, ...], dict[str, bool]] = defaultdict(dict)
    for parts in {path_of(item).parts for item in items}:
        for depth, name in enumerate(parts):
            level = levels[parts[:depth]]
            level[name] = level.get(name, False) or depth == len(parts) - 1
    places = {
        above: {name: place for place, name in enumerate(_sorted(frozenset(level.items())))}
        for above, level in levels.items()
    }

    def key(item: Item) -> list[int]:
        parts = path_of(item).parts
        return [places[parts[:depth]][name] for depth, name in enumerate(parts)]

    return sorted(items, key=key)


def tokens(name: str) -> Tokens:
    """Return a name as texts and numbers in turn, texts first; names that differ only in form have equal tokens."""
    return tuple(_tokens(plain(name), are_parts=False))


def is_called_cover(name: str) -> bool:
    """Whether a picture's name says that it comes before all pages."""
    return bool(_COVER.fullmatch(plain(stem(name))))


def is_numbered(name: str) -> bool:
    """Whether a picture's name holds a number, which makes it a page."""
    return bool(NUMBER.search(plain(stem(name)))) and not is_called_cover(name)


def unnumbered(names: Iterable[str]) -> list[str]:
    """Return, in order, the names without a number; covers do not count."""
    all_names = ordered(names)
    plains = with_digits([plain(stem(name)) for name in all_names])
    without = (name for name, text in zip(all_names, plains, strict=True) if not NUMBER.search(text))
    return [name for name in without if not is_called_cover(name)]


def are_numbered_alike(names: Collection[str]) -> bool:
    """Whether several names are those of parts of one work: alike up to a number, or numbers alone.

    What has a place without a number, such as a prologue, does not count.
    """
    plains = with_digits([plain(stem(name)) for name in names])
    counted = [text for text in plains if not _text(text, with_places=True)[0]]
    found = [(text, NUMBER.search(text)) for text in counted]
    if len(found) < 2 or not all(number for _, number in found):
        return False
    before = {text[: number.start()] for text, number in found if number}
    are_alone = all(not text[number.end() :] for text, number in found if number)
    return len(before) == 1 and (before != {""} or are_alone)


@lru_cache(maxsize=1_000)  # the pages of a comic are asked for their order again and again
def _sorted(names: frozenset[tuple[str, bool]]) -> tuple[str, ...]:
    """Return the names in order; of names that are equal but in form those of files, which are True, come first."""
    is_file = dict(names)
    stems = {name: stem(name) for name in is_file}
    if _are_random(stems.values()):
        return tuple(sorted(is_file))
    level = _Level.of(stems)
    return tuple(sorted(is_file, key=lambda name: (level.key(name), not is_file[name], name)))


@dataclass(frozen=True, slots=True)
class _Level:
    """How the names of one level are written.

    `plains` are its names with digits for all that counts, `ranks` what they are sorted by first; `are_parts` says that
    in 1.9 and 1.10 the point parts two numbers.
    """

    plains: Mapping[str, str]
    ranks: Mapping[str, Decimal]
    are_parts: bool
    has_numbers: bool

    @classmethod
    def of(cls, stems: Mapping[str, str]) -> _Level:
        plains = with_digits(_with_signs([plain(one) for one in stems.values()]))
        has_numbers = any(NUMBER.search(text) for text in plains)
        names = {text for text in plains if not _COVER.fullmatch(text)}
        places = {text: int(_text(text, with_places=True)[0]) for text in names if not NUMBER.search(text)}
        ranks = chapters.ranks(names, places)
        return cls(dict(zip(stems, plains, strict=True)), ranks, _are_parts(plains), has_numbers)

    def key(self, name: str) -> tuple[object, ...]:
        """Return what a name of the level is sorted by."""
        text = self.plains[name]
        is_cover = bool(_COVER.fullmatch(text))
        places = self.has_numbers and not is_cover
        return not is_cover, self.ranks.get(text, Decimal(0)), tuple(_tokens(text, self.are_parts, with_places=places))


def _tokens(text: str, are_parts: bool, *, with_places: bool = False) -> Iterator[Token]:
    """Yield the tokens of a plain name; a number with several points, such as a date, is several numbers."""
    end = 0
    for number in NUMBER.finditer(text):
        yield _text(text[end : number.start()], with_places=with_places)
        sign, digits = ("-", number[0][1:]) if number[0].startswith(MINUS) else ("", number[0])
        parts = re.split("[.,]", digits)
        values = [".".join(parts)] if len(parts) == 2 and not are_parts else parts
        for position, value in enumerate(values):
            if position:
                yield Decimal(0), ""
            # Of what stands before page 1 the shorter zeros come first: 00a, 00b, 000.
            yield Decimal(sign + value), value if with_places and not value.strip("0") else ""
        end = number.end()
    yield _text(text[end:], with_places=with_places)


def _text(text: str, *, with_places: bool) -> Token:
    text = text.strip()
    if not with_places or not text:
        return Decimal(0), text
    place = next((place for place, pattern in _PLACE_PATTERNS if pattern.search(text)), 0)
    return Decimal(place), text


def _with_signs(plains: list[str]) -> list[str]:
    """Return the names without the minus before their first number, unless others beside have none in that place."""
    firsts = [NUMBER.search(text) for text in plains]
    before = [
        (text[: first.start()], first[0].startswith(MINUS)) for text, first in zip(plains, firsts, strict=True) if first
    ]
    counts = Counter(before)
    signed = {prefix for prefix, is_signed in counts if is_signed and counts[prefix, False] >= counts[prefix, True]}
    return [
        text if first and text[: first.start()] in signed else text.replace(MINUS, "")
        for text, first in zip(plains, firsts, strict=True)
    ]


def _are_parts(plains: Iterable[str]) -> bool:
    """Whether points part numbers: behind one number and a point they count 9, 10, or have both 1 and 10."""
    fractions: defaultdict[str, set[str]] = defaultdict(set)
    for text in plains:
        for number in NUMBER.finditer(text):
            whole, point, fraction = re.sub(",", ".", number[0]).partition(".")
            if point:
                fractions[text[: number.start()] + whole].add(fraction)
    return any("10" in found and found & {"1", "9"} for found in fractions.values())


def _are_random(stems: Collection[str]) -> bool:
    """Whether names are such as programs draw by lot: equally long, of letters and digits in no pattern."""
    if len({len(one) for one in stems}) > 1 or not all(map(_RANDOM_NAME.fullmatch, stems)):
        return False
    shapes = {re.sub(r"[^\d]", "a", re.sub(r"\d", "0", one)) for one in stems}
    letters = {re.sub(r"\d", "", one) for one in stems}
    return len(shapes) > 2 and len(letters) * 2 > len(stems)
