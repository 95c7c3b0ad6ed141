"""Styles that browsers of 2009 do not know, outside `@supports`, which they skip."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packager.check.tables import words

# docs/devices.md section 3: CSS 2.1 without what lays boxes over each other, and word-wrap.
KNOWN = words(
    "background background-attachment background-color background-image background-position background-repeat",
    "border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse border-color",
    "border-left border-left-color border-left-style border-left-width border-right border-right-color",
    "border-right-style border-right-width border-spacing border-style border-top border-top-color border-top-style",
    "border-top-width border-width caption-side clear color content counter-increment counter-reset cursor direction",
    "display empty-cells float font font-family font-size font-style font-variant font-weight height letter-spacing",
    "line-height list-style list-style-image list-style-position list-style-type margin margin-bottom margin-left",
    "margin-right margin-top max-height max-width min-height min-width orphans outline outline-color outline-style",
    "outline-width overflow padding padding-bottom padding-left padding-right padding-top page-break-after",
    "page-break-before page-break-inside position quotes table-layout text-align text-decoration text-indent",
    "text-transform unicode-bidi vertical-align visibility white-space widows width word-spacing word-wrap",
)
DISPLAYS = words(
    "block inherit inline inline-block list-item none table table-caption table-cell table-column",
    "table-column-group table-footer-group table-header-group table-row table-row-group",
)
POSITIONS = words("inherit relative static")
RULES = ("@charset", "@import", "@media", "@page")  # @import has a rule of its own
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"?|' + r"'(?:[^'\\\n]|\\.)*'?", re.DOTALL)
BRACKETED = re.compile(r"url\([^)]*(?:\)|\Z)", re.IGNORECASE)
NEWER_VALUE = re.compile(
    r"(?<![\w#.-])[+-]?(?:\d+\.?\d*|\.\d+)(?:r(?:em|lh|ch)|[dsl]?v(?:w|h|min|max|i|b)|ch|fr|lh|cap|ic|dpcm|dppx)\b"
    r"|\b(?:calc|var|env|min|max|clamp|attr|rgba|hsla?|hwb|lab|lch|oklab|oklch|color(?:-mix)?|light-dark"
    r"|(?:repeating-)?(?:linear|radial|conic)-gradient|image-set|cross-fade|element|fit-content|minmax|repeat)\(",
    re.IGNORECASE,
)
PIECE = re.compile(r"[^{};]*[{};]?")


def newer_styles(sheet: str) -> Iterator[str]:
    """What in a stylesheet, its comments taken out, stands outside `@supports` and is newer than CSS 2.1."""
    for_newer: list[bool] = []  # of the blocks around: whether old browsers skip them
    for piece in PIECE.findall(BRACKETED.sub("url", STRING.sub("''", sheet))):
        words_of_it, end = piece.rstrip("{};").strip(), piece[-1:]
        is_skipped = bool(for_newer) and for_newer[-1]
        if not is_skipped:
            is_declaration = bool(for_newer) and end != "{"
            yield from newer_declarations(words_of_it) if is_declaration else _newer_rule(words_of_it.lower())
        if end == "{":
            for_newer.append(is_skipped or words_of_it.lower().startswith("@supports"))
        elif end == "}" and for_newer:
            for_newer.pop()


def newer_declarations(style: str) -> Iterator[str]:
    """What in the declarations of a style attribute is newer than CSS 2.1."""
    for declaration in BRACKETED.sub("url", STRING.sub("''", style)).split(";"):
        name, colon, value = (part.strip().lower() for part in declaration.partition(":"))
        if not colon:
            continue
        if name not in KNOWN:
            yield name
        elif _is_newer_value(name, value.removesuffix("!important").strip()):
            yield f"{name}: {value}"


def _newer_rule(prelude: str) -> Iterator[str]:
    if prelude.startswith("@") and not prelude.startswith(("@supports", *RULES)):
        yield prelude.split(maxsplit=1)[0]


def _is_newer_value(name: str, value: str) -> bool:
    if name == "display":
        return value not in DISPLAYS
    if name == "position":
        return value not in POSITIONS
    return NEWER_VALUE.search(value) is not None
