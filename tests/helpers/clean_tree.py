"""A small tree made by hand as the builder makes them, so that tests can put one thing wrong in it."""

from __future__ import annotations

import base64
import io
import os
import warnings
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw

from packager.output import templates

WRITTEN = 1_577_836_800  # the first second of 2020, UTC

Tree = dict[str, bytes]  # path -> content

OWN_SCRIPT = templates.script("find.js")
SCRIPT = f"<!--[if gt IE 9]><!-->\n<script>{OWN_SCRIPT}</script>\n<!--<![endif]-->"
SCRIPT_SOURCE = f"script-src '{templates.script_hash('find.js')}' 'unsafe-inline'; "
POLICY = (
    "default-src 'none'; img-src 'self' file: data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
INFO = b"""<?xml version="1.0" encoding="utf-8"?>
<ComicInfo>
<Title>A &amp; &#34;B&#34;</Title>
<PageCount>2</PageCount>
<Manga>No</Manga>
<Pages>
<Page Image="0" Type="FrontCover" ImageSize="2000" ImageWidth="120" ImageHeight="160" />
<Page Image="1" ImageSize="2100" ImageWidth="120" ImageHeight="160" />
</Pages>
</ComicInfo>"""


@cache
def jpeg(width: int = 120, height: int = 160, shade: int = 90, **options: object) -> bytes:
    """A baseline JPEG with something drawn in it; `options` go to Pillow's encoder."""
    return encoded(drawn(width, height, shade), **options)


def drawn(width: int = 120, height: int = 160, shade: int = 90) -> Image.Image:
    """A picture of one shape."""
    picture = Image.new("RGB", (width, height), (shade, 140, 200))
    ImageDraw.Draw(picture).ellipse((width // 6, height // 4, width * 4 // 5, height - 9), fill=(220, shade, 40))
    return picture


def drawn_as(kind: str) -> bytes:
    """The picture in another format, by Pillow's name of it."""
    file = io.BytesIO()
    drawn().save(file, kind)
    return file.getvalue()


def encoded(picture: Image.Image, **options: object) -> bytes:
    """`picture` as JPEG: baseline and 4:2:0 unless `options` say otherwise."""
    file = io.BytesIO()
    settings: dict[str, object] = {"format": "JPEG", "quality": 80, "subsampling": 2, **options}
    picture.save(file, **settings)  # type: ignore[arg-type]  # Pillow types the options of all formats as one
    return file.getvalue()


def data_uri(content: bytes, kind: str = "image/jpeg") -> str:
    """`content` as the address of a picture inside a document."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def image(source: str, width: int = 120, height: int = 160) -> str:
    """One picture in a document."""
    return f'<img src="{source}" width="{width}" height="{height}" alt="a window">'


def meta_policy(*, is_scripted: bool) -> str:
    """The policy of a document with or without a script of ours."""
    policy = POLICY.replace("base-uri", f"{SCRIPT_SOURCE}base-uri") if is_scripted else POLICY
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">'


def document(body: str, *, is_scripted: bool = False) -> bytes:
    """A document with everything that a document must have, around `body`, and perhaps with a script of ours."""
    return f"""<!DOCTYPE html>
<html lang="en" dir="ltr" translate="no">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
{meta_policy(is_scripted=is_scripted)}
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>index</title>
<style>{templates.whole_style("article.css")}</style>
</head>
<body>
{body}
{SCRIPT if is_scripted else ""}
</body>
</html>
""".encode()


def cbz(members: Iterable[tuple[str, bytes]], **options: object) -> bytes:
    """A stored ZIP, its headers as a build writes them; `options` are set on every member's ZipInfo."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of two members with one name
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            for option, value in options.items():
                setattr(info, option, value)
            archive.writestr(info, content)
    return file.getvalue()


def comic_pages() -> list[tuple[str, bytes]]:
    """The pages of the comic in the clean tree, by member name."""
    return [(f"{number:03}.jpg", jpeg(shade=60 + 30 * number)) for number in (1, 2, 3)]


def comic_cbz(**options: object) -> bytes:
    """The comic of the clean tree as CBZ."""
    return cbz([("ComicInfo.xml", INFO), *comic_pages()], **options)


def clean_tree() -> Tree:
    """A home document, a comic of two documents, an article, two phone files and a CBZ."""
    pages = comic_pages()
    cover = data_uri(jpeg(60, 80))
    return {
        "index.html": document(
            f'<p><a href="w401/index.html">{image(cover, 60, 80)}</a> phone: phone/w401.html, reader: cbz/w401.cbz</p>'
            '<p><a href="w402/index.html">An article</a></p>'
        ),
        "w401/index.html": document(
            '<p><a href="../index.html">up</a> <a href="2.html#p3">next</a></p>'
            f'<p>{image("001.jpg")}</p><p id="p2">{image("002.jpg")}</p>',
            is_scripted=True,
        ),
        "w401/2.html": document(f'<p><a href="index.html#p2">previous</a></p><p id="p3">{image("003.jpg")}</p>'),
        **{f"w401/{name}": content for name, content in pages},
        "w402/index.html": document(
            f"<h1>창</h1><p><ruby>窓<rp>(</rp><rt>まど</rt><rp>)</rp></ruby></p><p>{image('001.jpg', 60, 80)}</p>"
            "<table><tr><td>1</td></tr></table>"
        ),
        "w402/001.jpg": jpeg(),
        "phone/w401.html": document(f"<p>{image(data_uri(pages[0][1]))}</p><p>The next part is w401-2.html.</p>"),
        "phone/w401-2.html": document(f"<p>{image(data_uri(pages[1][1]), 119, 159)}</p>"),
        "cbz/w401.cbz": comic_cbz(),
    }


def write(tree: Tree, folder: Path) -> Path:
    """Put `tree` into `folder` on disk, all files with one time, as a build gives them: their order by time is none."""
    for path, content in tree.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (WRITTEN, WRITTEN))
    return folder


def segment(marker: int, body: bytes) -> bytes:
    """One JPEG segment."""
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def after_header(picture: bytes, inserted: bytes) -> bytes:
    """`picture` with `inserted` behind its JFIF header."""
    end = 4 + int.from_bytes(picture[4:6], "big")
    return picture[:end] + inserted + picture[end:]


def red_star_tag(records: int = 2) -> bytes:
    """The tag that Red Star OS appends: records of 24 bytes, their length, "EOF"."""
    return bytes(range(24)) * records + (24 * records).to_bytes(4, "little") + b"EOF"
