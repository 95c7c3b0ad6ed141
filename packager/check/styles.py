"""Styles: ours as they are, and of others only what the table of allowed forms has.

They are parsed as CSS Syntax Module Level 3 has it, so that nothing hides behind a comment, a string or a bracket; what
a parser had to recover from is not allowed, for browsers do not agree on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from packager.check.allowed import IN_BOOKS, STYLES, words
from packager.output.templates import is_own_style

Node = Any  # of tinycss2, which has no types

MOST_LETTERS = 500_000  # some seconds for the parser
MOST_DIGITS = 100  # in a row: Python, and with it the parser, reads no number of some thousands
MOST_DEPTH = 100  # brackets in one another
RUNNING = frozenset(("behavior", "-ms-behavior", "-moz-binding"))  # properties that run code
PREFIX = re.compile("-(?:webkit|moz|ms|o)-")
BROKEN = "what browsers read in different ways"

AT_RULES = {name: re.compile(form) for name, form in STYLES["at-rules"].items()}
PROPERTIES, UNITS = words("properties"), words("units")
FUNCTIONS, VALUES, WITH_STRINGS = words("functions"), words("values"), words("with-strings")
NEWER_VALUES = {name: frozenset(values.split()) for name, values in STYLES["not-in"].items()}
COLOUR = re.compile(STYLES["hash"])
BLANKS = re.compile(r"\s+")
_TOO_MANY_DIGITS = re.compile(f"[0-9]{{{MOST_DIGITS + 1}}}")


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """What a style asks for: `forbidden` is what may run code or fetch, `newer` what else is not allowed."""

    addresses: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()
    has_comments: bool = False


def style_facts(style: str, *, is_attribute: bool = False) -> StyleFacts:
    """Return what `style`, a stylesheet or a style attribute, asks for: nothing where it is one of ours."""
    if is_own_style(style):
        return StyleFacts()
    if len(style) > MOST_LETTERS:
        return StyleFacts(forbidden=(f"{len(style):,} letters, too many to read",))
    if _TOO_MANY_DIGITS.search(style):
        return StyleFacts(forbidden=(f"a number of more than {MOST_DIGITS} digits",))
    import tinycss2

    addresses: list[str] = []
    forbidden = ["\\"] if "\\" in style else []  # letters may not be written as codes
    has_comments = False
    for node, depth in _nodes(tinycss2.parse_component_value_list(style)):
        if depth > MOST_DEPTH:
            return StyleFacts(tuple(addresses), (*forbidden, f"more than {MOST_DEPTH} brackets in one another"))
        has_comments = has_comments or node.type == "comment"
        if address := _address(node):
            addresses.append(address)
        elif reason := _reason(node):
            forbidden.append(reason)
    newer: Iterator[str] = iter(())
    if not forbidden and not addresses:  # what must go need not also be older
        parse = tinycss2.parse_blocks_contents if is_attribute else tinycss2.parse_stylesheet
        newer = (_declarations if is_attribute else _rules)(parse(style, True, True))
    return StyleFacts(tuple(addresses), tuple(dict.fromkeys(forbidden)), tuple(dict.fromkeys(newer)), has_comments)


def _nodes(nodes: list[Node]) -> Iterator[tuple[Node, int]]:
    """Yield every node, and in how many brackets it stands; no deeper ones than are looked at."""
    waiting = [(node, 0) for node in reversed(nodes)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        inner = getattr(node, "arguments" if node.type == "function" else "content", None)
        if isinstance(inner, list):
            waiting += [(each, depth + 1) for each in reversed(inner)]


def _address(node: Node) -> str:
    if node.type == "url":
        return str(node.value).strip() or "url()"
    if node.type == "function" and node.lower_name == "url":
        return "".join(str(each.value) for each in node.arguments if each.type == "string").strip() or "url()"
    return ""


def _reason(node: Node) -> str:
    """Return why no style with this node may stay, "" for a node that may."""
    if node.type == "function" and PREFIX.sub("", node.lower_name) not in IN_BOOKS["functions"]:
        return f"{node.lower_name}()"
    if node.type == "at-keyword" and node.lower_value == "import":
        return "@import"
    if node.type == "ident" and node.lower_value in RUNNING:
        return str(node.lower_value)
    if node.type == "error" and node.kind in ("bad-string", "bad-url"):
        return "a string or an address that does not end"
    is_comment_of_html = node.type == "literal" and node.value in ("<!--", "-->")
    return BROKEN if node.type == "error" or is_comment_of_html else ""


def _rules(rules: list[Node]) -> Iterator[str]:
    import tinycss2

    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = BLANKS.sub(" ", tinycss2.serialize(rule.prelude)).strip()
            if not all(_selector().fullmatch(one.strip()) for one in selectors.split(",")):
                yield f"the selector {selectors}"
            yield from _declarations(tinycss2.parse_blocks_contents(rule.content, True, True))
        elif rule.type != "at-rule":
            yield BROKEN
        elif rule.lower_at_keyword not in AT_RULES or rule.content is None:
            yield f"@{rule.lower_at_keyword}"
        else:
            condition = BLANKS.sub(" ", tinycss2.serialize(rule.prelude)).strip()
            if not AT_RULES[rule.lower_at_keyword].fullmatch(condition):
                yield f"@{rule.lower_at_keyword} {condition}"
            is_media = rule.lower_at_keyword == "media"
            inner = tinycss2.parse_rule_list if is_media else tinycss2.parse_blocks_contents
            yield from (_rules if is_media else _declarations)(inner(rule.content, True, True))


def _declarations(declarations: list[Node]) -> Iterator[str]:
    import tinycss2

    for node in declarations:
        if node.type != "declaration":
            yield "a rule within a rule" if node.type.endswith("rule") else "what is no declaration"
            continue
        newer = NEWER_VALUES.get(node.lower_name, ())
        has_strings = node.lower_name in WITH_STRINGS
        if node.lower_name not in PROPERTIES:
            yield node.lower_name
        elif not _are_allowed(node.value, has_strings) or any(
            getattr(each, "lower_value", "") in newer for each in node.value
        ):
            yield f"{node.lower_name}: {tinycss2.serialize(node.value).strip()}"


def _are_allowed(values: Iterable[Node], has_strings: bool) -> bool:
    return all(
        node.type in VALUES
        or (node.type == "hash" and COLOUR.fullmatch(node.value) is not None)
        or (node.type == "string" and has_strings)
        or (node.type == "dimension" and node.lower_unit in UNITS)
        or (node.type == "literal" and node.value in (",", "/"))
        or (node.type == "function" and node.lower_name in FUNCTIONS and _are_allowed(node.arguments, has_strings))
        or node.type == "comment"  # which has a finding of its own
        for node in values
    )


@cache
def _selector() -> re.Pattern[str]:
    """The form of one selector, its parts put in for their names."""
    form = STYLES["selector"]
    for part in ("simple", "part", "name"):
        form = form.replace(f"({part})", f"(?:{STYLES[part]})")
    return re.compile(form)
