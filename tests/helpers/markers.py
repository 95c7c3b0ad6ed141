"""A bundle whose pictures can be told apart, and found whole, on any screenshot; what each document must show of it.

Every picture is one plain colour between a cyan edge on its left and a magenta edge on its right: a row of pixels that
runs from cyan through one colour to magenta shows a picture in its whole width.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath

from PIL import Image, ImageDraw

from packager.output import templates
from tests.helpers.builders import write

Colour = tuple[int, int, int]
LANGUAGES = ("ko", "en", "ar")


@dataclass(frozen=True, slots=True)
class Found:
    """A picture on a screenshot: its colour, its corner, and what is shown of it, in pixels."""

    colour: Colour
    left: int
    top: int
    width: int
    height: int


INTERFACE_LANGUAGES = tuple(sorted(path.stem for path in (templates.folder() / "words").glob("*.toml")))
LEFT, RIGHT = (0, 255, 255), (255, 0, 255)
RED, GREEN, BLUE, GOLD, PLUM = COLOURS = ((200, 30, 40), (30, 140, 60), (40, 60, 200), (230, 190, 20), (140, 40, 150))

# What each publication shows, a comic its cover first. Those of a strip are panels between white gutters.
SHOWN = {
    "strip": (PLUM, GREEN, RED, BLUE, GOLD, PLUM, RED),
    "pages": (GOLD, RED, GREEN, BLUE),
    "right": (GREEN, PLUM, GOLD, BLUE),
    "boats": (BLUE, PLUM),
}
FLOWS = {"strip": ("strip", "ltr"), "pages": ("pages", "ltr"), "right": ("pages", "rtl")}
TITLES = {
    "strip": {"ko": "긴 그림", "en": "A long picture", "ar": "صورة طويلة"},
    "pages": {"ko": "쪽 만화", "en": "Pages", "ar": "صفحات"},
    "right": {"ko": "오른쪽에서", "en": "From the right", "ar": "من اليمين"},
    "boats": {"ko": "종이배", "en": "Paper boats", "ar": "قوارب من ورق"},
}
WORDS = {
    "ko": ("물 위의 배", "첫 문단은 짧다", "마지막 문단도 짧다"),
    "en": ("A boat on the water", "The first words are few", "So are the last"),
    "ar": ("قارب على الماء", "الكلمات الأولى قليلة", "وكذلك الأخيرة"),
}
_STEP, _LEAST_STEPS = 4, 4  # rows; what is less tall is no picture
_LEAST = 40  # pixels: what is narrower is no picture
_AROUND = ((255, 255, 255), (250, 248, 244), (25, 23, 21), (0, 0, 0), (128, 128, 128), (107, 101, 92), (122, 59, 18))
COVER = (400, 532)  # as wide as the strip, which has its edge colour beside what is narrower
SIZES = {"strip": (400, 440), "pages": (300, 420), "right": (420, 300), "boats": (600, 300)}


def make_marked(folder: Path, languages: tuple[str, ...] = LANGUAGES) -> Path:
    """A strip, pages in both directions and an article, each in these languages, some of them with English words."""
    lines = ['title = "Shelf"', f"languages = {list(languages)}", 'editions = ["site", "phone"]']
    for name, (flow, direction) in FLOWS.items():
        lines += ["", "[[publication]]", f'source = "comics/{name}"', f'id = "{name}"', f'flow = "{flow}"']
        lines += [f'direction = "{direction}"', f"title = {_inline(TITLES[name])}", f'cover = "covers/{name}.png"']
        _marked(folder / "covers" / f"{name}.png", COVER, SHOWN[name][0])
        for language in languages:
            _make_comic(folder / "comics" / name, name, language)
    lines += ["", "[[publication]]", 'source = "articles/boats.ko.md"', 'id = "boats"']
    for number, colour in enumerate(SHOWN["boats"], 1):
        _marked(folder / "articles" / f"{number}.png", SIZES["boats"], colour)
    for language in languages:
        caption, first, last = WORDS.get(language, WORDS["en"])
        figures = [f'![{caption}]({number}.png "{caption}")' for number, _ in enumerate(SHOWN["boats"], 1)]
        text = [f"---\ntitle: {TITLES['boats'].get(language, 'Paper boats')}\n---", first, *figures, last]
        write(folder / "articles" / f"boats.{language}.md", "\n\n".join(text) + "\n")
    write(folder / "bundle.toml", "\n".join(lines) + "\n")
    return folder


def expected(document: PurePosixPath) -> tuple[Colour, ...]:
    """The colours that a document of the tree must show, in order: of the library the covers."""
    name, _ = _publication(document)
    return SHOWN[name] if name in SHOWN else tuple(shown[0] for shown in SHOWN.values())


def words(document: PurePosixPath) -> tuple[str, ...]:
    """Words that a document of the tree must tell, in order."""
    name, language = _publication(document)
    if name not in SHOWN:
        return tuple(titles[language] for titles in TITLES.values())
    caption, first, last = WORDS[language]
    return (TITLES[name][language], first, *([caption] if name == "boats" else []), last)


def targets(document: PurePosixPath, tree: Path) -> set[Path]:
    """The files that a document of the tree must lead to: from the library, every publication in its language."""
    name, language = _publication(document)
    ending = "" if language == LANGUAGES[0] else f"-{language}"
    if document.parent.name == "phone":
        return set()
    if name in SHOWN:
        return {tree / f"index{ending}.html"}
    return {tree / f"{publication}{ending}" / "index.html" for publication in SHOWN}


def _publication(document: PurePosixPath) -> tuple[str, str]:
    """The publication that a document shows, or `index`, and its language."""
    is_named = document.name != "index.html" or not document.parent.name
    name, _, language = (document.stem if is_named else document.parent.name).partition("-")
    return name, language or LANGUAGES[0]


def seen(picture: Image.Image) -> tuple[Colour, ...]:
    """The colours of the pictures that a screenshot shows in their whole width, from top to bottom."""
    return tuple(found.colour for found in places(picture))


def places(picture: Image.Image) -> list[Found]:
    """Where a screenshot shows pictures in their whole width, from top to bottom."""
    width, plain = picture.width, picture.quantize(palette=_palette(), dither=Image.Dither.NONE).tobytes()
    rows = [_marked_run(plain[top * width : (top + 1) * width]) for top in range(0, picture.height, _STEP)]
    found, place = [], 0
    for colour, run in groupby(rows, key=lambda row: row[0]):
        lines = list(run)
        if colour is not None and len(lines) >= _LEAST_STEPS:
            _, start, end = lines[len(lines) // 2]
            found.append(Found(COLOURS[colour], start, place * _STEP, end - start + 1, len(lines) * _STEP))
        place += len(lines)
    return found


def is_in_shape(found: Found, document: PurePosixPath, index: int) -> bool:
    """Whether a picture, the one of that number on its document, is as tall for its width as it was made."""
    name, _ = _publication(document)
    shown = name if name in SHOWN else list(SHOWN)[index]
    is_cover = shown in FLOWS and (shown != name or index == 0)
    width, height = COVER if is_cover else SIZES[shown]
    return abs(found.height - found.width * height / width) <= 0.05 * found.height + 3 * _STEP


def _palette() -> Image.Image:
    """The colours of the pictures, of their edges, and of pages around them."""
    image = Image.new("P", (1, 1))
    image.putpalette([part for colour in (*COLOURS, LEFT, RIGHT, *_AROUND) for part in colour])
    return image


def _marked_run(row: bytes) -> tuple[int | None, int, int]:
    """The one colour between the edges in a row of pixels, and where they are; None where there is none."""
    start, end = row.find(len(COLOURS)), row.rfind(len(COLOURS) + 1)
    if start < 0 or end - start < _LEAST:
        return None, 0, 0
    colour = row[(start + end) // 2]
    is_one = colour < len(COLOURS) and row.count(colour, start, end) > 0.7 * (end - start)
    return (colour if is_one else None), start, end


def _make_comic(folder: Path, name: str, language: str) -> None:
    if name == "strip":
        _make_strip(folder / language)
    else:
        for number, colour in enumerate(SHOWN[name][1:], 1):
            _marked(folder / language / f"{number}.png", SIZES[name], colour)
    _, first, last = WORDS.get(language, WORDS["en"])
    write(folder / f"transcript.{language}.md", f"## 1\n\n{first}\n\n## 2\n\n{last}\n")


def _make_strip(folder: Path) -> None:
    """Two tiles, each of panels with quiet rows between them."""
    for number in (1, 2):
        tile = Image.new("RGB", (400, 1500), "#ffffff")
        for place, colour in enumerate(SHOWN["strip"][number * 3 - 2 : number * 3 + 1]):
            tile.paste(_picture(SIZES["strip"], colour), (0, 30 + place * 500))
        _save(tile, folder / f"{number}.png")


def _marked(path: Path, size: tuple[int, int], colour: Colour) -> None:
    _save(_picture(size, colour), path)


def _picture(size: tuple[int, int], colour: Colour) -> Image.Image:
    picture = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(picture)
    edge = size[0] // 12
    draw.rectangle((0, 0, edge, size[1]), fill=LEFT)
    draw.rectangle((size[0] - edge, 0, size[0], size[1]), fill=RIGHT)
    return picture


def _save(picture: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)


def _inline(words: dict[str, str]) -> str:
    return "{ " + ", ".join(f'{language} = "{word}"' for language, word in words.items()) + " }"
