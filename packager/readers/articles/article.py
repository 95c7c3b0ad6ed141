"""A file that holds an article -> its typed tree and what its source says of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from packager.errors import SourceError
from packager.layout.blocks import figures, words_of
from packager.model import Remark
from packager.readers import mentions
from packager.readers.articles import front_matter, html, markdown, plain
from packager.readers.articles.reading import NoText, PictureFinder, ReadArticle, ranked
from packager.readers.encodings.decoding import decode

__all__ = ["PictureFinder", "ReadArticle", "read_article"]

MAX_BYTES = 64 * 1024 * 1024
"""A page with its pictures inside it is seldom larger; beyond this a file is hardly a text."""

Reader = Callable[[str, str, PictureFinder, str], ReadArticle]
READERS: dict[str, Reader] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": plain.read,
    ".text": plain.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
}
_LINK_TARGET = re.compile(r"(?<=\])\([^()\n]*\)|^ {0,3}\[(?!\^)[^\]\n]*\]:.*", re.MULTILINE)


def read_article(path: Path, label: str, finder: PictureFinder) -> ReadArticle:
    """The article in the file; what its front matter says goes before what the text shows.

    The file's name ends in one of READERS. Raises SourceError for a file that cannot be read or whose front matter
    cannot be read; NoText for one that holds no words.
    """
    kind = path.suffix.lower()
    data = _bytes(path, label)
    declared = html.declared_encoding(data) if READERS[kind] is html.read else ""
    front, body = front_matter.split(decode(data, declared=declared, label=label), label)
    # Empty lines in the place of the front matter keep the numbers of the lines right.
    body = "\n" * front.lines + body
    article = READERS[kind](body, label, finder, front.title)
    article = front_matter.apply(front, article, label)
    if not words_of(article.blocks).strip() and not any(figures(article.blocks)):
        raise _no_text(article, body, label)
    remarks = (*article.remarks, *_shown(kind, body, article, label))
    return replace(article, blocks=ranked(article.blocks), remarks=remarks)


def _no_text(article: ReadArticle, body: str, label: str) -> NoText:
    lines = [line for line in body.splitlines() if line.strip()]
    of_title = "holds one line only" if len(lines) == 1 else "holds a title but no text"
    what = of_title if article.title else "holds no text"
    return NoText(what, where=label, hint="Write the text under the title, or take the file out of the bundle.")


def _bytes(path: Path, label: str) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(f"is larger than {MAX_BYTES >> 20} MB", where=label, hint="Is it a text at all?")
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=label) from error


def _shown(kind: str, source: str, article: ReadArticle, label: str) -> tuple[Remark, ...]:
    """The addresses and names that readers will see, by line where the lines are the author's own."""
    if READERS[kind] is html.read:
        words = "\n".join([article.title, words_of(article.blocks)])
        return tuple(replace(remark, line=None) for remark in mentions.scan(words, label))
    return mentions.scan(_LINK_TARGET.sub("", source) if READERS[kind] is markdown.read else source, label)
