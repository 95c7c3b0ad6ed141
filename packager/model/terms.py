"""The terms that everything speaks: how works read, in which forms they are made, texts in several languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Flow(StrEnum):
    """How a comic reads: one continuous vertical strip, or page by page."""

    STRIP = "strip"
    PAGES = "pages"


class Direction(StrEnum):
    """The direction of reading: of pages in a comic, of letters in a text."""

    LTR = "ltr"
    RTL = "rtl"


class Spreads(StrEnum):
    """What becomes of pictures that show two pages beside each other."""

    KEEP = "keep"
    SPLIT = "split"


class Edition(StrEnum):
    """A form in which a publication reaches the tree."""

    SITE = "site"
    PHONE = "phone"
    CBZ = "cbz"
    PHOTO = "photo"


class Role(StrEnum):
    """What a rendition of a picture is for."""

    PAGE = "page"
    PHONE = "phone"
    COVER = "cover"
    PHOTO = "photo"


class LinkStyle(StrEnum):
    """What remains of a link to the outside: its words only, or the address as text too."""

    DROP = "drop"
    PRINT = "print"


class NameStyle(StrEnum):
    """Whether folders, files and document titles tell nothing, or carry the works' titles."""

    NUMBERS = "numbers"
    TITLES = "titles"


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in one or several languages; the first form answers for languages it lacks.

    `forms` holds (language, text); the language is "" for a text given without one.
    """

    forms: tuple[tuple[str, str], ...] = ()

    @classmethod
    def plain(cls, text: str) -> Wording:
        """The same text for every language."""
        return cls((("", text),)) if text else cls()

    def in_language(self, language: str) -> str:
        """The form for `language`, else for its primary subtag, else the first; "" when there is none."""
        by_language = dict(self.forms)
        for candidate in (language, language.partition("-")[0]):
            if candidate in by_language:
                return by_language[candidate]
        return self.forms[0][1] if self.forms else ""

    def exactly(self, language: str) -> str:
        """The form given for `language` itself or for its primary subtag; "" where there is none."""
        by_language = dict(self.forms)
        return by_language.get(language) or by_language.get(language.partition("-")[0], "")

    def __bool__(self) -> bool:
        return bool(self.forms)
