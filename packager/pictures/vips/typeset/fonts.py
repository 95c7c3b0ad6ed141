"""The fonts that texts are set in: those of the packages named here, whatever the machine has."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from packager.pictures.fonts import files
from packager.pictures.vips.engine import Image

CONFIGURATION = Path(__file__).with_name("fonts.conf")
# What could make Pango, fontconfig and FreeType draw differently here than elsewhere.
_OURS = {"FONTCONFIG_FILE": str(CONFIGURATION), "PANGOCAIRO_BACKEND": "fc", "LC_ALL": "C"}
_THEIRS = ("FONTCONFIG_PATH", "FONTCONFIG_SYSROOT", "FREETYPE_PROPERTIES", "PANGO_LANGUAGE", "LANGUAGE")

# In Chinese, Japanese and Korean texts all letters come from one font, whose lines then have one height; which of its
# forms a Chinese character takes is the language's.
_LETTERS = "Noto Sans"
_SQUARE = "Noto Sans CJK {}"
_FORMS = {"ko": "KR", "ja": "JP", "zh": "SC", "zh-tw": "TC", "zh-hant": "TC", "zh-hk": "HK", "zh-mo": "HK"}
_DEFAULT_FORM = "KR"
_FURTHER = ("Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Symbols", "Noto Emoji")


def family(language: str) -> str:
    """The fonts for a text in `language`, the first that has a sign wins."""
    tag = language.lower()
    form = _FORMS.get(tag) or _FORMS.get("-".join(tag.split("-")[:2])) or _FORMS.get(tag.partition("-")[0])
    square = _SQUARE.format(form or _DEFAULT_FORM)
    return ", ".join((square, _LETTERS, *_FURTHER) if form else (_LETTERS, *_FURTHER[:1], square, *_FURTHER[1:]))


@cache
def ready() -> None:
    """Make Pango know the fonts, once a process, before it sets anything. Raises DefinitionError where they lack."""
    os.environ.update(_OURS)
    for name in _THEIRS:
        os.environ.pop(name, None)
    for file in files():
        Image.text("x", fontfile=str(file))


def unset(signs: frozenset[str]) -> frozenset[str]:
    """The signs that none of the fonts has."""
    return frozenset(sign for sign in signs if ord(sign) not in _covered() and not _is_unseen(ord(sign)))


@cache
def _covered() -> frozenset[int]:
    from fontTools.ttLib import TTCollection, TTFont

    covered: set[int] = set()
    for file in files():
        # The faces of a collection differ in the forms of signs only.
        font = TTCollection(file, lazy=True).fonts[0] if file.suffix == ".ttc" else TTFont(file, lazy=True)
        covered.update(font["cmap"].getBestCmap())
    return frozenset(covered)


def _is_unseen(code: int) -> bool:
    """Whether Pango draws nothing for a sign of its own accord: spaces, joiners, marks of direction, variants."""
    return (
        code <= 0x20
        or code in (0xA0, 0xAD, 0x61C, 0x180E, 0xFEFF)
        or 0x2000 <= code <= 0x200F
        or 0x2028 <= code <= 0x202F
        or 0x205F <= code <= 0x206F
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE0FFF
    )
