"""A bundle with every kind of document, made so that a screenshot tells which picture it shows."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

import packager
from tests.helpers.builders import make_picture, write

# One plain colour a page, far from one another and from every colour of ours.
COLOURS = ((200, 30, 40), (30, 140, 60), (40, 60, 200), (230, 190, 20), (140, 40, 150))
MISSING_PAGE = 3  # of the left-to-right comic, from 1: a file that is damaged
STRIP_SIZE = (400, 3000)
STRIP_TONES = (40, 220)  # of its first and its last row, between two white borders
BORDER = 20

_DEFINITION = """
title = { ko = "작은 책장", en = "A small shelf", ar = "رف صغير" }
languages = ["ko", "en", "ar"]
profile = "small.toml"

[[publication]]
source = "comics/strip"
id = "strip"
title = { ko = "긴 그림", en = "A long picture" }
summary = { ko = "위에서 아래로 읽는 만화.", en = "A comic that is read downwards." }
flow = "strip"
credit = "누구나 마음껏 베껴도 된다."

[[publication]]
source = "comics/pages"
id = "pages"
title = "Pages and averyveryverylongwordthatfitsonnophone_and_has_no_place_to_break"
language = "en"
authors = ["A. Author", "B. Author"]
flow = "pages"
parallel = ["en", "ko"]

[[publication]]
source = "comics/right"
id = "right"
title = "من اليمين إلى اليسار"
language = "ar"
summary = "قصة قصيرة تُقرأ من اليمين."
flow = "pages"
direction = "rtl"

[[publication]]
source = "articles/boats.ko.md"
id = "boats"
parallel = ["ko", "en"]

[[publication]]
source = "articles/plain.en.html"
id = "plain"
"""

_BOATS = {
    "ko": """---
title: 종이배 접는 법
summary: 종이 한 장이면 된다.
---

첫 문단. 한국의 종이로 접는다.[^불]

## 하나

![배 한 척](boat.jpg "물 위의 배.")

1. 접는다.
2. 편다.
   - 살살
   - 천천히

## 둘

> 강을 따라 저 멀리,\\
> 백 리도 더 먼 곳에서.

## 셋

| 종이 | 접을 때 | 물 위에서 | 값 | 아주 긴 이름을 가진 칸 |
|---|---|---|---|---|
| 신문지 | 부드럽다 | 금세 젖는다 | 싸다 | supercalifragilisticexpialidocious |

## 넷

    줄을 바꾸지 않는 글: 0123456789 0123456789 0123456789 0123456789 0123456789

---

마지막 문단.

[^불]: 물 한 그릇을 곁에 두자.
""",
    "en": """---
title: How to fold a paper boat
summary: One sheet is enough.
---

The first paragraph, with *weight* and `code`.[^fire]

## One

![A boat](boat.jpg "A boat on the water.")

- fold
- unfold

> Away down the river.

| Paper | Folding |
|---|---|
| News | soft |

The last paragraph.

[^fire]: Keep a cup of water at hand.
""",
}


_PLAIN = """<!DOCTYPE html><html lang="en"><head><title>A plain text</title></head><body>
<p>No pictures here.</p><p>Paper is old in <ruby>韓國<rt>한국</rt></ruby>.</p><p>Only words.</p></body></html>
"""


def make_every_kind(folder: Path) -> Path:
    """A strip and an article in Korean and English, pages in both directions, one of them damaged, and a plain text.

    Its profile makes documents so small that the strip takes several of each kind.
    """
    write(folder / "bundle.toml", _DEFINITION)
    write(folder / "small.toml", _small_profile())
    _make_comics(folder / "comics")
    for language, text in _BOATS.items():
        write(folder / "articles" / f"boats.{language}.md", text)
    make_picture(folder / "articles" / "boat.jpg", (900, 500), seed=9)
    write(folder / "articles" / "plain.en.html", _PLAIN)
    return folder


def _small_profile() -> str:
    text = Path(packager.__file__).with_name("config").joinpath("profiles", "any.toml").read_text(encoding="utf-8")
    text = text.replace("max_pixels = 40_000_000", "max_pixels = 800_000")
    return re.sub("max_single_file_bytes = .*", "max_single_file_bytes = 60_000", text)


def _make_comics(comics: Path) -> None:
    for language in ("ko", "en"):
        _make_strip(comics / "strip" / language)
        write(comics / "strip" / f"transcript.{language}.md", f"## 1\n\n첫 줄 {language}\n\n## 2\n\n끝 줄 {language}\n")
        write(comics / "strip" / f"about.{language}.md", f"그린이 {language}\n")
    for number, colour in enumerate(COLOURS, 1):
        _save(Image.new("RGB", (300, 420), colour), comics / "pages" / f"{number}.png")
    damaged = comics / "pages" / f"{MISSING_PAGE}.png"
    damaged.write_bytes(damaged.read_bytes()[:50])  # its size, and none of its rows
    for language in ("en", "ko"):
        write(
            comics / "pages" / f"transcript.{language}.md", f"## 1\n\nHello {language}\n\n## 2\n\nGoodbye {language}\n"
        )
    for number, colour in enumerate(COLOURS[:3], 1):
        _save(Image.new("RGB", (420, 300), colour), comics / "right" / f"{number}.png")
    write(comics / "right" / "transcript.ar.md", "## 1\n\nمرحبا\n\n## 2\n\nإلى اللقاء\n")


def _make_strip(folder: Path) -> None:
    """Two tiles of one strip whose tone changes so slowly that every edge within it would be seen."""
    width, height = STRIP_SIZE
    first, last = STRIP_TONES
    strip = Image.new("L", (1, height))
    strip.putdata([first + (last - first) * row // height for row in range(height)])
    whole = Image.new("RGB", STRIP_SIZE, "#ffffff")
    whole.paste(strip.resize((width - 2 * BORDER, height)), (BORDER, 0))
    for number in (1, 2):
        _save(whole.crop((0, (number - 1) * height // 2, width, number * height // 2)), folder / f"{number}.png")


def _save(image: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
