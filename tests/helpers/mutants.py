"""Mutants of a document: what a hostile hand, a careless program or another parser could make of it, by a number."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from tests.helpers.planted import FIRST_IN_HEAD, IN_BODY, IN_HEAD, IN_STYLE

TAG = re.compile(r"<[^<>]+>")
SIGNS = "<>=\"'/&;!-?[]{}()\\ \t\r\n\f\0\u00a0\u200b\u202e\ufeff\u2028"
NAMES = """
a A b svg math script style title p/ p template table tr td select option x:y html body head meta iframe xmp
""".split()
ATTRIBUTES = """
onclick="a()" style="x:expression(a())" href="//a" src="//a" srcset="//a" background="//a" class="zz" id="zz"
dir="x" lang='a' hidden title=a xlink:href="//a" ping="//a" style="background:url(//a)" formaction=javascript:a() is="a"
""".split()
CSS = """
url(//a) @import'//a'; } { ; : ! /* */ \\75 attr(a) image-set('a') <!-- --> ( ) [ ] ' " expression(a) --a:b; +
""".split()

Mutation = Callable[[str, random.Random], str]


def mutant(source: str, number: int) -> str:
    """The document with one to three things done to it."""
    chance = random.Random(number)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        source = chance.choice(MUTATIONS)(source, chance)
    return source


def _at(source: str, at: int, inserted: str, drop: int = 0) -> str:
    return source[:at] + inserted + source[at + drop :]


def _tag(source: str, chance: random.Random) -> re.Match[str]:
    return chance.choice(list(TAG.finditer(source)) or [re.match("", source)])  # type: ignore[list-item]


def _fragment(source: str, chance: random.Random) -> str:
    """Something hostile behind some tag, or anywhere."""
    inserted = chance.choice((*IN_BODY, *IN_HEAD, *FIRST_IN_HEAD))
    return _at(source, _tag(source, chance).end() if chance.random() < 0.7 else chance.randrange(len(source)), inserted)


def _attribute(source: str, chance: random.Random) -> str:
    tag = _tag(source, chance)
    return _at(source, max(tag.start(), tag.end() - 1), f" {chance.choice(ATTRIBUTES)}")


def _sign(source: str, chance: random.Random) -> str:
    """One sign more, less or another, at some tag or anywhere."""
    tag = _tag(source, chance)
    at = chance.randrange(tag.start(), tag.end() + 1) if chance.random() < 0.7 else chance.randrange(len(source))
    return _at(source, at, chance.choice(SIGNS))


def _name(source: str, chance: random.Random) -> str:
    """The name of a tag in another case, or another."""
    tag = _tag(source, chance)
    name = re.search(r"[a-z][a-z0-9]*", tag[0])
    if name is None:
        return source
    new = name[0].upper() if chance.random() < 0.4 else chance.choice(NAMES)
    return _at(source, tag.start() + name.start(), new, len(name[0]))


def _end(source: str, chance: random.Random) -> str:
    """An end twice, nowhere, or behind the next one."""
    ends = list(re.finditer(r"</[^<>]+>", source))
    if len(ends) < 2:
        return source
    number = chance.randrange(len(ends) - 1)
    end, after = ends[number], ends[number + 1]
    kind = chance.randrange(3)
    if kind == 0:
        return _at(source, end.end(), end[0])
    without = _at(source, end.start(), "", len(end[0]))
    return without if kind == 1 else _at(without, after.end() - len(end[0]), end[0])


def _quotes(source: str, chance: random.Random) -> str:
    values = list(re.finditer(r'="([^"]*)"', source))
    value = chance.choice(values)
    new = chance.choice((f"='{value[1]}'", f"={value[1]}", f' = "{value[1]}"', f'="{value[1]} "', f'="\n{value[1]}"'))
    return _at(source, value.start(), new, len(value[0]))


def _code(source: str, chance: random.Random) -> str:
    """A letter as a code."""
    at = chance.randrange(len(source))
    letter = ord(source[at])
    return _at(source, at, chance.choice((f"&#{letter};", f"&#x{letter:x}", f"\\{letter:x} ", f"%{letter:02x}")), 1)


def _style(source: str, chance: random.Random) -> str:
    sheet = re.search(r"<style[^>]*>(.*?)</style>", source, re.DOTALL)
    if sheet is None:
        return source
    at = chance.randrange(sheet.start(1), sheet.end(1) + 1)
    return _at(source, at, chance.choice((*CSS, *IN_STYLE)))


def _blank(source: str, chance: random.Random) -> str:
    """A line end or a space beside a tag, which may change nothing."""
    return _at(source, _tag(source, chance).end(), chance.choice((" ", "\n", "\t", "\r\n")))


def _moved(source: str, chance: random.Random) -> str:
    """A tag moved elsewhere."""
    tag = _tag(source, chance)
    without = _at(source, tag.start(), "", len(tag[0]))
    return _at(without, _tag(without, chance).end(), tag[0])


MUTATIONS: tuple[Mutation, ...] = (
    *(_fragment, _attribute, _sign, _style) * 2,
    *(_name, _end, _quotes, _code, _blank, _moved),
)
