"""Styles held to a narrow grammar: addresses in url() alone, known functions, no codes for letters.

What browsers of 2009 do not know must stand inside `@supports`, which they skip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# CSS Syntax 4.3: what may hold any sign. A string ends at the end of its line, the others at the end of the style.
DOUBLE, SINGLE, BARE = (rf"[^{end}]*+(?:\\.[^{end}]*+)*" for end in (r'"\\\n', r"'\\\n", r")\\"))
TOKEN = re.compile(
    rf"""(?P<comment>/\*.*?(?:\*/|\Z))"""
    rf"""|(?<![\w-])url\(\s*(?:"(?P<double>{DOUBLE})"?|'(?P<single>{SINGLE})'?|(?P<bare>{BARE}))\s*\)?"""
    rf"""|"{DOUBLE}"?|'{SINGLE}'?""",
    re.DOTALL | re.IGNORECASE,
)
ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\r\n\f]?|(.))", re.DOTALL)
IMPORT = re.compile(r"@import\b", re.IGNORECASE)
FUNCTION = re.compile(r"([\w-]+)\s*\(")
PREFIX = re.compile("-(?:webkit|moz|ms|o)-")
RUNNING = re.compile(r"(?<![\w-])((?:-ms-)?behavior|-moz-binding)\s*:", re.IGNORECASE)

# Functions that fetch nothing and run nothing, what selectors have in their place, and words before a bracket.
FUNCTIONS = frozenset(
    """
    url format local rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark calc min max clamp var
    env attr counter counters fit-content minmax repeat rect inset circle ellipse polygon matrix matrix3d
    perspective rotate rotate3d rotatex rotatey rotatez scale scale3d scalex scaley scalez skew skewx skewy
    translate translate3d translatex translatey translatez cubic-bezier steps blur brightness contrast drop-shadow
    grayscale hue-rotate invert opacity saturate sepia linear-gradient radial-gradient conic-gradient
    repeating-linear-gradient repeating-radial-gradient not is where has matches lang dir nth-child nth-last-child
    nth-of-type nth-last-of-type and or only media supports
    """.split()
)
# docs/devices.md section 3: CSS 2.1 without what lays boxes over each other, and word-wrap.
KNOWN = frozenset(
    """
    background background-attachment background-color background-image background-position background-repeat
    border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse border-color
    border-left border-left-color border-left-style border-left-width border-right border-right-color
    border-right-style border-right-width border-spacing border-style border-top border-top-color border-top-style
    border-top-width border-width caption-side clear color content counter-increment counter-reset cursor
    direction display empty-cells float font font-family font-size font-style font-variant font-weight height
    letter-spacing line-height list-style list-style-image list-style-position list-style-type margin
    margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width orphans outline
    outline-color outline-style outline-width overflow padding padding-bottom padding-left padding-right
    padding-top page-break-after page-break-before page-break-inside position quotes table-layout text-align
    text-decoration text-indent text-transform unicode-bidi vertical-align visibility white-space widows width
    word-spacing word-wrap
    """.split()
)
DISPLAYS = frozenset(
    """
    block inherit inline inline-block list-item none table table-caption table-cell table-column
    table-column-group table-footer-group table-header-group table-row table-row-group
    """.split()
)
POSITIONS = frozenset(("inherit", "relative", "static"))
AT_RULES = ("@charset", "@import", "@media", "@page")  # @import has a rule of its own
NEWER_VALUE = re.compile(
    r"(?<![\w#.-])[+-]?(?:\d+\.?\d*|\.\d+)(?:r(?:em|lh|ch)|[dsl]?v(?:w|h|min|max|i|b)|ch|fr|lh|cap|ic|dpcm|dppx)\b"
    r"|\b(?!(?:url|rgb|rect|counters?)\()[\w-]+\(",
    re.IGNORECASE,
)
PIECE = re.compile(r"[^{};]*[{};]?")


@dataclass(frozen=True, slots=True)
class StyleFacts:
    """What a style asks for: `forbidden` is what may run code or fetch, `newer` what browsers of 2009 do not know."""

    addresses: tuple[str, ...]
    imports: int
    forbidden: tuple[str, ...]
    newer: tuple[str, ...]


def style_facts(style: str, *, is_attribute: bool = False) -> StyleFacts:
    """Return what `style`, a stylesheet or a style attribute, asks for."""
    addresses: list[str] = []

    def plain(token: re.Match[str]) -> str:
        if token["comment"] is not None:
            return " "
        address = next((text for text in token.group("double", "single", "bare") if text is not None), None)
        if address is None:
            return "''"
        addresses.append(ESCAPE.sub(_letter, address).strip())
        return "url()"

    text = TOKEN.sub(plain, style)
    unknown = (f"{name}()" for name in FUNCTION.findall(text) if PREFIX.sub("", name.lower()) not in FUNCTIONS)
    codes = ("letters written as codes",) if "\\" in text else ()
    forbidden = tuple(dict.fromkeys((*codes, *RUNNING.findall(text), *unknown)))
    newer = _newer_declarations(text) if is_attribute else _newer_rules(text)
    return StyleFacts(
        addresses=tuple(addresses),
        imports=len(IMPORT.findall(text)),
        forbidden=forbidden,
        newer=() if forbidden else tuple(dict.fromkeys(newer)),  # what must go need not also be older
    )


def _letter(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return escape[2]
    code = int(escape[1], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _newer_rules(sheet: str) -> Iterator[str]:
    """Yield what stands outside `@supports` and is newer than CSS 2.1."""
    is_skipped: list[bool] = []  # of the blocks around a piece: whether old browsers skip them
    for piece in PIECE.findall(sheet):
        words, end = piece.rstrip("{};").strip(), piece[-1:]
        is_inside = bool(is_skipped) and is_skipped[-1]
        if not is_inside and is_skipped and end != "{":
            yield from _newer_declarations(words)
        elif not is_inside and words.startswith("@") and not words.lower().startswith(("@supports", *AT_RULES)):
            yield words.lower().split(maxsplit=1)[0]
        if end == "{":
            is_skipped.append(is_inside or words.lower().startswith("@supports"))
        elif end == "}" and is_skipped:
            is_skipped.pop()


def _newer_declarations(declarations: str) -> Iterator[str]:
    for declaration in declarations.split(";"):
        name, colon, value = (part.strip().lower() for part in declaration.partition(":"))
        if not colon:
            continue
        value = value.removesuffix("!important").strip()
        if name not in KNOWN:
            yield name
        elif _is_newer_value(name, value):
            yield f"{name}: {value}"


def _is_newer_value(name: str, value: str) -> bool:
    if name == "display":
        return value not in DISPLAYS
    if name == "position":
        return value not in POSITIONS
    return NEWER_VALUE.search(value) is not None
