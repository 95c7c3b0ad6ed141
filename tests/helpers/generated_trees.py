"""Trees with nothing wrong in them, each of its own making: a number says which."""

from __future__ import annotations

import random
from html import escape

from PIL import Image, ImageDraw

from tests.helpers.clean_tree import INFO, Tree, cbz, data_uri, document, encoded, image

SENTENCES = (
    "창문을 열자 바람이 들어왔다.",
    "그는 2011년 12월에 강을 건넜다!",
    "The boat left at 7.30, e.g. before dawn; nobody saw it.",
    "Version 1.2.3 of 10,000 copies (no. 978-3-16-148410-0).",
    "他们逃离了家乡，寻找自由。",
    "نافذة على البحر، ونوافذ أخرى.",
    "Ünïcödé – “quoted” & <angled>, 3 € + 4 $.",
    "می‌خواهم بروم",
    "👩‍👩‍👧 and ❤️",
)


def generated_tree(number: int) -> Tree:
    """A home document with one to three comics, each a folder, a one-file document and a CBZ, and an article."""
    chance = random.Random(number)
    tree: Tree = {}
    links = []
    for comic in range(1, chance.randint(2, 4)):
        name = f"w{comic:03}"
        pages = [_page(chance) for _ in range(chance.randint(1, 5))]
        tree |= _comic(name, pages, chance)
        links.append(f'<p><a href="{name}/index.html">{name}</a>: phone/{name}.html, cbz/{name}.cbz</p>')
    tree["a001/index.html"] = document(_article(chance))
    tree["notes.txt"] = "\n".join(chance.choices(SENTENCES, k=9)).encode() + b"\n"
    links += ['<p><a href="a001/index.html">1</a> <a href="notes.txt">2</a></p>']
    return {"index.html": document("".join(links)), **tree}


def _page(chance: random.Random) -> tuple[bytes, int, int]:
    """A picture that is like no other, and its width and height."""
    width, height = chance.randint(40, 200), chance.randint(40, 300)
    picture = Image.new("RGB", (width, height), (chance.randrange(256), 255, 0))
    draw = ImageDraw.Draw(picture)
    for _ in range(chance.randint(3, 9)):
        left, top = chance.randrange(width - 20), chance.randrange(height - 20)
        draw.rectangle((left, top, left + chance.randint(15, 90), top + 19), fill=(0, chance.randrange(200), 255))
    return encoded(picture, quality=chance.randint(30, 95)), width, height


def _comic(name: str, pages: list[tuple[bytes, int, int]], chance: random.Random) -> Tree:
    numbered = [(f"{number:03}.jpg", *page) for number, page in enumerate(pages, start=1)]
    shown = "".join(f'<p id="p{file[:3]}">{image(file, width, height)}</p>' for file, _, width, height in numbered)
    inside = "".join(f"<p>{image(data_uri(content), width, height)}</p>" for content, width, height in pages)
    members = [(file, content) for file, content, *_ in numbered]
    info = [("ComicInfo.xml", INFO)] if chance.random() < 0.5 else []
    last = numbered[-1][0][:3]
    return {
        f"{name}/index.html": document(f'<p><a href="../index.html">up</a> <a href="#p{last}">end</a></p>{shown}'),
        **{f"{name}/{file}": content for file, content in members},
        f"phone/{name}.html": document(inside),
        f"cbz/{name}.cbz": cbz([*info, *members]),
    }


def _article(chance: random.Random) -> str:
    """Blocks of every kind that documents of ours have, in any order."""
    words = escape(chance.choice(SENTENCES))
    blocks = [
        f"<h2>{words}</h2>",
        f'<p dir="rtl" lang="fa">{escape(SENTENCES[7])}</p>',
        f"<ul><li>{words}</li><li><b>{words}</b></li></ul>",
        f'<ol start="{chance.randint(1, 9)}"><li>{words}</li></ol>',
        f"<blockquote><p>{words}<br>{words}</p></blockquote>",
        f'<table><tr><th scope="col">{words}</th></tr><tr><td colspan="1">1</td></tr></table>',
        "<p><ruby>窓<rp>(</rp><rt>まど</rt><rp>)</rp></ruby> x<sup>2</sup></p>",
        f"<pre>{words}</pre><hr>",
        f'<div class="figure"><p class="caption">{words}</p></div>',
    ]
    return "<h1>1</h1>" + "".join(chance.sample(blocks, chance.randint(1, len(blocks))))
