"""What is fuzzed: one target for each reader, and the seeds that it begins with."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import py7zr

from packager.archive.read import iterate
from packager.model import Source
from packager.readers import epub, pdf
from packager.readers.articles.article import parse
from packager.readers.articles.pictures import Answers
from packager.readers.comics.info import parse_comic_info
from packager.readers.comics.texts import transcript_sections
from packager.readers.encodings import decode
from tests.helpers import papers
from tests.helpers.books import package, page, png, write_epub
from tests.helpers.hostile.bombs import small_pdf
from tests.helpers.hostile.pictures import KINDS, SPECS, whole
from tests.helpers.rars import rar4, rar5
from tests.helpers.zips import Part, deflated, zip_of


@dataclass(frozen=True, slots=True)
class Target:
    """A reader of one file: the file's ending, what reads it, and seeds of a kind."""

    ending: str
    read: Callable[[Path], object]
    seeds: Callable[[], Iterator[bytes]]


def _article(path: Path) -> None:
    parse(Source(path, path.name), path.suffix, Answers())


def _archive(path: Path) -> None:
    for _, stream in iterate(path):
        while stream.read(1 << 16):
            pass


def _picture(path: Path) -> None:
    from packager.pictures import vips

    data = path.read_bytes()
    vips.probe(data)
    vips.render_picture(data, SPECS)


def _book(path: Path) -> None:
    epub.read_book(path)


def _pdf(path: Path) -> None:
    for _, pieces in pdf.walk(path):
        for _ in pieces:
            pass


def _transcript(path: Path) -> None:
    transcript_sections(decode(path.read_bytes()))


def _comicinfo(path: Path) -> None:
    parse_comic_info(path.read_bytes())


MARKDOWN = """---
title: A window
authors: [Min Lee, Ju Ok]
language: ko
---

# A window

Some *words*, **strong** ones, `code`, a [link](https://example.org) and ![a picture](1.png "with a title").[^1]

> - a list
>   1. in a list

| a | b |
|---|---|
| 1 | 2 |

<!-- a note --> &amp; <br>

[^1]: A note.
"""
HTML = """<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>A window</title>
<meta name="author" content="Min Lee"></head><body><nav>menu</nav><article><h1>A window</h1><p>Some <em>words</em>,
<ruby>漢<rt>han</rt></ruby> <a href="https://example.org">a link</a><img src="1.png" alt="a picture"
srcset="1.png 2x"><ul><li>a<li>b</ul><table><tr><th>a<td>b</table><blockquote dir="rtl">q</blockquote><pre>p</pre>
<figure><img src="data:image/png;base64,{}"><figcaption>c</figcaption></figure><svg><path/></svg></article></body>
"""


COMICINFO = (
    b'<?xml version="1.0" encoding="utf-8"?><ComicInfo><Title>A window</Title><Series>S</Series><Number>1</Number>'
    b"<Writer>Min Lee, Ju Ok</Writer><LanguageISO>ko</LanguageISO><Manga>YesAndRightToLeft</Manga></ComicInfo>"
)


def _zips() -> Iterator[bytes]:
    yield zip_of(
        [Part(b"1.png", png()), Part("창/2.png".encode(), png(), stored=deflated(png()), method=8, flags=0x800)]
    )
    yield zip_of([])


def _tars() -> Iterator[bytes]:
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
            for name in ("1.png", "창/" + "a" * 90 + "/2.png"):
                info = tarfile.TarInfo(name)
                info.size = len(png())
                archive.addfile(info, io.BytesIO(png()))
        yield stream.getvalue()
        yield gzip.compress(stream.getvalue(), mtime=0)


def _sevenzips() -> Iterator[bytes]:
    for codec in (py7zr.FILTER_COPY, py7zr.FILTER_LZMA2, py7zr.FILTER_DEFLATE, py7zr.FILTER_BZIP2):
        stream = io.BytesIO()
        with py7zr.SevenZipFile(stream, "w", filters=[{"id": codec}]) as archive:
            archive.set_encoded_header_mode(codec == py7zr.FILTER_LZMA2)
            for name in ("1.png", "창/2.png"):
                archive.writestr(png(), name)
        yield stream.getvalue()


def _rars() -> Iterator[bytes]:
    yield rar5({"1.png": png(), "창/2.png": png()})
    yield rar4({"1.png": png(), "a/2.png": png()})


def _epubs() -> Iterator[bytes]:
    yield papers.epub({"1.xhtml": "<h1>One</h1><p>Words</p>"}, {"1.png": png()}, titles={"1.xhtml": "One"})


def _docxs() -> Iterator[bytes]:
    yield papers.docx(
        papers.paragraph("A", "Heading1") + papers.paragraph("words") + papers.shown("a"), {"a.png": png()}
    )


def _picture_books() -> Iterator[bytes]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        documents: dict[str, str | bytes] = {
            "t/1.xhtml": page("1.png"),
            "content.opf": package(["t/1.xhtml"], ["1.png"]),
            "1.png": png(),
        }
        yield write_epub(Path(folder, "a.epub"), documents).read_bytes()


TARGETS: dict[str, Target] = {
    "pictures": Target(".png", _picture, lambda: map(whole, range(len(KINDS)))),
    "zip": Target(".cbz", _archive, _zips),
    "tar": Target(".cbt", _archive, _tars),
    "7z": Target(".cb7", _archive, _sevenzips),
    "rar": Target(".cbr", _archive, _rars),
    "pdf": Target(".pdf", _pdf, lambda: iter((small_pdf(),))),
    "books": Target(".epub", _book, _picture_books),
    "markdown": Target(".md", _article, lambda: iter((MARKDOWN.encode(),))),
    "html": Target(".html", _article, lambda: iter((HTML.replace("{}", base64.b64encode(png()).decode()).encode(),))),
    "text": Target(".txt", _article, lambda: iter(("A window\n\nWords,\nmore.\n\n  - a\n  - b\n".encode("utf-16"),))),
    "docx": Target(".docx", _article, _docxs),
    "epub": Target(".epub", _article, _epubs),
    "mhtml": Target(".mhtml", _article, lambda: iter((papers.mhtml(HTML, {"cid:a": png()}),))),
    "transcript": Target(".txt", _transcript, lambda: iter((b"## 001\n\n- Hello\n\n## cover\n\nWords\n",))),
    "comicinfo": Target(".xml", _comicinfo, lambda: iter((COMICINFO,))),
}


if __name__ == "__main__":
    print(*TARGETS)
