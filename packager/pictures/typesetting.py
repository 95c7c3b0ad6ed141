"""Texts -> pictures of their pages: set by Typst in a worker process, in fonts of packages and in no others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from packager.config import extras
from packager.errors import DefinitionError
from packager.model import RenditionSpec
from packager.pictures.paper import without_maker

if TYPE_CHECKING:
    import typst

_FONTS = ("manimgx_fonts", "manimgx_fonts_cjk")
_LIBRARIES = ("fontTools", "typst")
_RUNS_REMEMBERED = 11
_ENDINGS = (".ttf", ".otf", ".ttc")
# Spaces, joiners, marks of direction, variants.
_DRAWN_IN_NO_FONT = re.compile(
    "[\x00-\x20\xa0\xad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)


@dataclass(frozen=True, slots=True)
class SettingJob:
    """A text to be set: the `template` in Typst's language, and what it receives as JSON.

    Its pictures lie in `folder`; the template can open no other file.
    """

    template: str
    view: str
    folder: Path


@dataclass(frozen=True, slots=True)
class SetText:
    """The pages of a text as a PDF, how many there are, and the signs of the text that none of our fonts has."""

    pdf: bytes
    pages: int
    unset: frozenset[str]


@dataclass(frozen=True, slots=True)
class SetCues:
    """Words as pictures, PNGs whose ground is clear, and the signs of them that none of our fonts has."""

    pictures: tuple[bytes, ...]
    unset: frozenset[str]


@dataclass(frozen=True, slots=True)
class DrawingJob:
    """One page of a PDF of ours, from 0, to be drawn with a pixel for each point; its `number` comes below the text."""

    pdf: Path
    page: int
    number: str
    spec: RenditionSpec


def require() -> None:
    """Raise DefinitionError when what texts are set with is not installed."""
    if not all(map(find_spec, (*_FONTS, *_LIBRARIES))):
        raise DefinitionError(
            "texts and subtitles are set with Typst and fonts, which are not installed",
            hint=f"Install them: {extras.command('photo')}",
        )


def engine() -> str:
    """Return what set texts depend on beside their words and templates: the versions of what they are set with."""
    from importlib.metadata import version  # it loads zipfile, which the parent otherwise does without

    return " ".join(f"{package} {version(package)}" for package in extras.PACKAGES["photo"])


def set_text(job: SettingJob) -> SetText:
    """Set the text, with the number of each sign that has no font in its place, such as [U+13000]."""
    import pypdfium2

    compiler, unset = _compiler(job)
    pdf = compiler.compile(format="pdf", pdf_tags=False, timestamp=0)
    assert isinstance(pdf, bytes)
    with pypdfium2.PdfDocument(pdf) as document:
        return SetText(pdf, len(document), unset)


def set_paper(job: SettingJob) -> SetText:
    """Set the text on paper, with what says its order to those who do not see it, and nothing of who set it or when."""
    import pypdfium2

    compiler, unset = _compiler(job)
    made = compiler.compile(format="pdf", timestamp=0)
    assert isinstance(made, bytes)
    _forget(job.folder)
    pdf = without_maker(made)
    with pypdfium2.PdfDocument(pdf) as document:
        return SetText(pdf, len(document), unset)


def _forget(folder: Path) -> None:
    """Have Typst forget what it set: it keeps in memory what its last ten runs made, and a long text fills that."""
    import typst

    for _ in range(_RUNS_REMEMBERED):
        typst.Compiler(b"#none", folder, _fonts()).compile(format="pdf")


def set_cues(job: SettingJob) -> SetCues:
    """Draw each page of the text with a pixel for each point, with numbers in the place of signs as `set_text` does."""
    compiler, unset = _compiler(job)
    drawn = compiler.compile(format="png", ppi=72)
    pages = drawn if isinstance(drawn, list) else [drawn]  # as there are several, or one
    return SetCues(tuple(filter(None, pages)), unset)


def _compiler(job: SettingJob) -> tuple[typst.Compiler, frozenset[str]]:
    """What sets a text, and the signs of it that have no font."""
    import typst

    view = job.view
    unset = frozenset(sign for sign in _DRAWN_IN_NO_FONT.sub("", view) if ord(sign) not in _covered())
    for sign in sorted(unset):
        view = view.replace(sign, f"[U+{ord(sign):04X}]")
    families = sorted({font.family for font in _fonts().fonts() if font.path})
    inputs = {"view": view, "families": ",".join(families)}
    return typst.Compiler(job.template.encode(), job.folder, _fonts(), sys_inputs=inputs), unset


def draw_page(job: DrawingJob) -> bytes:
    """Return the page as a JPEG."""
    import pypdfium2
    from PIL import ImageDraw, ImageFont

    from packager.pictures import vips

    with pypdfium2.PdfDocument(job.pdf) as document:
        page = document[job.page].render(scale=1).to_pil()
    size = page.height // 40
    font = ImageFont.truetype(_font_folders()[0] / "NotoSans[wght].ttf", size)
    ImageDraw.Draw(page).text((page.width // 2, page.height * 15 // 16), job.number, "#7c7b76", font, "ms")
    drawn = BytesIO()
    page.save(drawn, "BMP")
    return vips.render_picture(drawn.getvalue(), (job.spec,))[0].data


@cache
def _fonts() -> typst.Fonts:
    import typst

    # Of those that Typst brings along the template asks for DejaVu Sans Mono.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=_font_folders())


def _font_folders() -> list[Path]:
    specs = (find_spec(package) for package in _FONTS)
    return [Path(folder) for spec in specs if spec for folder in spec.submodule_search_locations or ()]


@cache
def _covered() -> frozenset[int]:
    from fontTools.ttLib import TTCollection, TTFont

    covered: set[int] = set()
    for file in (path for folder in _font_folders() for path in folder.rglob("*") if path.suffix in _ENDINGS):
        # The faces of a collection differ in the forms of signs only.
        font = TTCollection(file, lazy=True).fonts[0] if file.suffix == ".ttc" else TTFont(file, lazy=True)
        covered.update(font["cmap"].getBestCmap())
    return frozenset(covered)
