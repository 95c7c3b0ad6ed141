"""What holds in a group of RTF: where its text goes, in which code page it is, and how it is set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

MARKS = {"b": "b", "i": "i", "strike": "s", "striked": "s", "super": "sup", "sub": "sub"}
HIDING = {"v": "hidden words", "deleted": "deleted words"}
OF_LETTERS = frozenset((*MARKS, *HIDING, "caps", "nosupersub"))
COUNTED = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "words of headers and footers"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "words of headers and footers"),
    "annotation": "comments",
}
# Groups without words of the text. A group that begins with `\*` and that is not known here is one too.
SILENT = frozenset(
    "colortbl info filetbl listtable listoverridetable revtbl rsidtbl generator xmlnstbl themedata colorschememapping "
    "datastore latentstyles mmathPr atnid atnauthor atndate atntime atnref atnicn bkmkstart bkmkend objdata objclass "
    "nonshppict shprslt ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn xe tc rxe private template nonesttables".split()
)
WORD_ART = "gtextUNICODE"
"""The property of a drawing that holds words which it shows in letters of its own."""
_TAGS = ("b", "i", "s", "sup", "sub")


class Into(Enum):
    """Where the text of a group goes."""

    TEXT = auto()
    NOWHERE = auto()
    COUNTED = auto()
    FONTS = auto()
    STYLES = auto()
    INSTRUCTION = auto()
    NUMBER = auto()
    PICTURE = auto()
    SHAPE = auto()
    PROPERTY = auto()
    VALUE = auto()


@dataclass(frozen=True, slots=True)
class RtfFont:
    """A font: the code page of its letters, its name, and whether it holds signs instead of letters."""

    codec: str
    name: str = ""
    is_of_signs: bool = False


class RtfFonts:
    """The fonts of one document by their numbers."""

    def __init__(self) -> None:
        self._by_number: dict[int, RtfFont] = {}

    def add(self, number: int, font: RtfFont) -> None:
        """Take a font for what the document means by a number."""
        self._by_number[number] = font

    def get(self, number: int, codec: str) -> RtfFont:
        """Return a font; `codec` is that of the document."""
        font = self._by_number.get(number, RtfFont(codec))
        # Where all fonts are said to be western, whoever wrote the document knew nothing of them.
        is_told = any(one.codec != "cp1252" and not one.is_of_signs for one in self._by_number.values())
        return font if is_told else replace(font, codec=codec)


@dataclass(frozen=True, slots=True)
class RtfSetting:
    """What holds in a group; `skip` is how many bytes stand in for a letter that is given by its number.

    `hides` and `counts_as` name what its words are counted as where they are not shown.
    """

    font: RtfFont
    into: Into = Into.TEXT
    marks: frozenset[str] = frozenset()
    hides: str = ""
    counts_as: str = ""
    is_upper: bool = False
    skip: int = 1
    link: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The elements of HTML around its text, the outermost first."""
        return tuple(tag for tag in _TAGS if tag in self.marks)

    def with_letters(self, name: str, *, is_on: bool) -> RtfSetting:
        """Return the setting after one of the words that set letters."""
        if name in MARKS:
            mark = {MARKS[name]}
            return replace(self, marks=self.marks | mark if is_on else self.marks - mark)
        if name in HIDING:
            return replace(self, hides=HIDING[name] if is_on else "")
        if name == "caps":
            return replace(self, is_upper=is_on)
        return replace(self, marks=self.marks - {"sup", "sub"})

    def plain(self, font: RtfFont) -> RtfSetting:
        """Return the setting without all that sets letters."""
        return replace(self, font=font, marks=frozenset(), hides="", is_upper=False)
