"""Styles: ours as they are, and of others only what every browser since 2009 shows and what asks for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from packager.output.templates import is_own_style

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
URL = re.compile(r"(?<![\w-])url\(\s*+(?:\"([^\"\\\n]*+)\"|'([^'\\\n]*+)'|([^\"'()\\\s]*+))\s*+\)", re.IGNORECASE)
# Letters written as codes; what runs code; another style. Every function is forbidden but those that fetch nothing.
FORBIDDEN = re.compile(r"\\|@import\b|(?<![\w-])(?:(?:-ms-)?behavior|-moz-binding)(?=\s*:)", re.IGNORECASE)
FUNCTION = re.compile(r"(?<![\w-])([\w-]++)\(")
PREFIX = re.compile("-(?:webkit|moz|ms|o)-")
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
AT_RULE = re.compile(r"@[\w-]+")
DECLARATIONS = re.compile(r"\{([^{}]*)")
SIDE = "(?:top|right|bottom|left)"
PROPERTY = re.compile(
    rf"border(?:-{SIDE})?(?:-(?:color|style|width))?|border-(?:collapse|spacing)|(?:margin|padding)(?:-{SIDE})?"
    r"|background(?:-(?:attachment|color|image|position|repeat))?|caption-side|clear|color|content|cursor|direction"
    r"|display|empty-cells|float|font(?:-(?:family|size|style|variant|weight))?|(?:(?:max|min)-)?(?:height|width)"
    r"|(?:letter|word)-spacing|line-height|list-style(?:-(?:image|position|type))?|orphans|widows|outline"
    r"|overflow|page-break-(?:after|before|inside)|quotes|table-layout|text-(?:align|decoration|indent|transform)"
    r"|unicode-bidi|vertical-align|visibility|white-space|word-wrap"
)
PART_OF_VALUE = re.compile(
    r"#[\da-f]++(?!\w)|[+-]?(?:\d+\.?\d*|\.\d+)(?:%|px|em|ex|pt|pc|cm|mm|in)?(?![\w.])|-?[a-z][a-z-]*+(?![\w(])"
    r"|rgb\([\d\s,%.]*+\)|\"[^\"]*\"|'[^']*'|!\s*important|[\s,/]"
)
NEWER_DISPLAY = re.compile(r"\b(?:contents|flex|flow-root|grid|ruby)\b")


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """What a style asks for: `forbidden` is what may run code or fetch, `newer` what browsers of 2009 do not know."""

    addresses: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()


def style_facts(style: str, *, is_attribute: bool = False) -> StyleFacts:
    """Return what `style`, a stylesheet or a style attribute, asks for: nothing where it is one of ours.

    Comments and strings are read like the rest, for browsers do not agree where they end.
    """
    if is_own_style(style):
        return StyleFacts()
    addresses = tuple((one or two or bare).strip() for one, two, bare in URL.findall(style))
    text = URL.sub(" ", style)
    unknown = (f"{name}()" for name in FUNCTION.findall(text) if PREFIX.sub("", name.lower()) not in FUNCTIONS)
    forbidden = tuple(dict.fromkeys((*FORBIDDEN.findall(text), *unknown)))
    if addresses or forbidden:  # what must go need not also be older
        return StyleFacts(addresses, forbidden)
    return StyleFacts(newer=tuple(dict.fromkeys(_newer(COMMENT.sub(" ", style), is_attribute=is_attribute))))


def _newer(text: str, *, is_attribute: bool) -> Iterator[str]:
    yield from AT_RULE.findall(text)
    declarations = ";".join([text] if is_attribute else DECLARATIONS.findall(text))
    for declaration in filter(None, map(str.strip, declarations.lower().split(";"))):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if not PROPERTY.fullmatch(name):
            yield name
        elif not value or PART_OF_VALUE.sub("", value) or (name == "display" and NEWER_DISPLAY.search(value)):
            yield f"{name}: {value}"
