"""Styles: ours as they are, and of others only what CSS 2.1 has the rules, properties, units and functions for.

They are parsed as CSS Syntax Module Level 3 has it, so that nothing hides behind a comment, a string or a bracket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from packager.output.templates import is_own_style

Node = Any  # of tinycss2, which has no types

MOST_LETTERS = 500_000  # some seconds for the parser
MOST_DIGITS = 100  # in a row: Python, and with it the parser, reads no number of some thousands
MOST_DEPTH = 100  # brackets in one another
RUNNING = frozenset(("behavior", "-ms-behavior", "-moz-binding"))  # properties that run code
PREFIX = re.compile("-(?:webkit|moz|ms|o)-")
# Every function is forbidden but those that fetch nothing and run nothing.
FUNCTIONS = frozenset(
    """
    format local rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark calc min max clamp var env attr
    counter counters fit-content minmax repeat rect inset circle ellipse polygon matrix matrix3d perspective rotate
    rotate3d rotatex rotatey rotatez scale scale3d scalex scaley scalez skew skewx skewy translate translate3d
    translatex translatey translatez cubic-bezier steps blur brightness contrast drop-shadow grayscale hue-rotate
    invert opacity saturate sepia linear-gradient radial-gradient conic-gradient repeating-linear-gradient
    repeating-radial-gradient not is where has matches lang dir nth-child nth-last-child nth-of-type
    nth-last-of-type and or only media supports
    """.split()
)

# docs/devices.md section 3: CSS 2.1 without what lays boxes over each other, and word-wrap.
AT_RULES = frozenset(("charset", "media", "page", "supports"))
SIDE = "(?:top|right|bottom|left)"
PROPERTY = re.compile(
    rf"border(?:-{SIDE})?(?:-(?:color|style|width))?|border-(?:collapse|spacing)|(?:margin|padding)(?:-{SIDE})?"
    r"|background(?:-(?:attachment|color|image|position|repeat))?|caption-side|clear|color|content|counter-(?:increment|reset)"
    r"|cursor|direction"
    r"|display|empty-cells|float|font(?:-(?:family|size|style|variant|weight))?|(?:(?:max|min)-)?(?:height|width)"
    r"|(?:letter|word)-spacing|line-height|list-style(?:-(?:image|position|type))?|orphans|widows|outline"
    r"|overflow|page-break-(?:after|before|inside)|position|quotes|table-layout|text-(?:align|decoration|indent|transform)"
    r"|unicode-bidi|vertical-align|visibility|white-space|word-wrap"
)
UNITS = frozenset(("px", "em", "ex", "pt", "pc", "cm", "mm", "in"))
VALUES = frozenset(("ident", "number", "percentage", "hash", "string", "url", "whitespace", "comment"))
VALUE_FUNCTIONS = frozenset(("attr", "counter", "counters", "rect", "rgb", "url"))
NEWER_VALUES = {
    "display": frozenset("contents flex inline-flex flow-root grid inline-grid ruby".split()),
    "position": frozenset("absolute fixed sticky".split()),
}
_TOO_MANY_DIGITS = re.compile(f"[0-9]{{{MOST_DIGITS + 1}}}")


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """What a style asks for: `forbidden` is what may run code or fetch, `newer` what not every browser shows."""

    addresses: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()


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
    for node, depth in _nodes(tinycss2.parse_component_value_list(style)):
        if depth > MOST_DEPTH:
            return StyleFacts(tuple(addresses), (*forbidden, f"more than {MOST_DEPTH} brackets in one another"))
        if address := _address(node):
            addresses.append(address)
        elif reason := _reason(node):
            forbidden.append(reason)
    newer: Iterator[str] = iter(())
    if not forbidden:  # what must go need not also be older
        if is_attribute:
            newer = _newer_declarations(tinycss2.parse_blocks_contents(style, True, True))
        else:
            newer = _newer_rules(tinycss2.parse_stylesheet(style, True, True))
    return StyleFacts(tuple(addresses), tuple(dict.fromkeys(forbidden)), tuple(dict.fromkeys(newer)))


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
    """Return why a style with this node may not stay, "" for a node that may."""
    if node.type == "function" and PREFIX.sub("", node.lower_name) not in FUNCTIONS:
        return f"{node.lower_name}()"
    if node.type == "at-keyword" and node.lower_value == "import":
        return "@import"
    if node.type == "ident" and node.lower_value in RUNNING:
        return str(node.lower_value)
    if node.type == "error" and node.kind in ("bad-string", "bad-url"):  # where browsers end these, they do not agree
        return "a string or an address that does not end"
    return ""


def _newer_rules(rules: list[Node]) -> Iterator[str]:
    import tinycss2

    for rule in rules:
        if rule.type == "at-rule" and (rule.lower_at_keyword not in AT_RULES or PREFIX.match(rule.lower_at_keyword)):
            yield f"@{rule.lower_at_keyword}"
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content is not None:
            yield from _newer_rules(tinycss2.parse_rule_list(rule.content, True, True))
        elif rule.type == "qualified-rule" or (rule.type == "at-rule" and rule.lower_at_keyword == "page"):
            yield from _newer_declarations(tinycss2.parse_blocks_contents(rule.content or (), True, True))
        # What stands inside @supports is skipped by old browsers.


def _newer_declarations(declarations: list[Node]) -> Iterator[str]:
    import tinycss2

    for node in declarations:
        if node.type != "declaration":
            yield "a rule within a rule" if node.type.endswith("rule") else "what is no declaration"
            continue
        value = f"{node.lower_name}: {tinycss2.serialize(node.value).strip()}"
        newer = NEWER_VALUES.get(node.lower_name, ())
        if not PROPERTY.fullmatch(node.lower_name):
            yield node.lower_name
        elif not all(map(_is_known, node.value)) or any(
            getattr(each, "lower_value", "") in newer for each in node.value
        ):
            yield value


def _is_known(node: Node) -> bool:
    if node.type == "dimension":
        return node.lower_unit in UNITS
    if node.type == "function":
        return node.lower_name in VALUE_FUNCTIONS
    return node.type in VALUES or (node.type == "literal" and node.value in (",", "/"))
