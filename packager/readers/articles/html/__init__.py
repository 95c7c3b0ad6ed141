"""An HTML page -> the article in it."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from packager.errors import SourceError
from packager.model import Block, Outcome, Remark, ThematicRule
from packager.readers import account
from packager.readers.account import Account, Words
from packager.readers.articles.html.nodes import spaced
from packager.readers.articles.html.notes import Notes
from packager.readers.articles.html.page import HtmlPage
from packager.readers.articles.html.sanitizing import sanitized
from packager.readers.articles.html.tree import Conversion
from packager.readers.articles.pictures import NO_ATTACHMENTS, Attachments, References
from packager.readers.articles.reading import PictureFinder, ReadArticle
from packager.sandbox.limits import LIMITS

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w-]+)", re.I
)
# Browsers read these names as wider encodings: https://encoding.spec.whatwg.org/#names-and-labels
_WIDER = {
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "us-ascii": "cp1252",
    "windows-874": "cp874",
}
_NOT_TAKEN: dict[Outcome, dict[str, tuple[str, ...]]] = {
    Outcome.PASSED_OVER: {
        "scripts": ("script",),
        "forms": ("form",),
        "drawings (svg, canvas)": ("svg", "canvas"),
        "frames": ("iframe", "frame", "object", "embed", "applet"),
    },
    Outcome.WARNING: {"videos": ("video",), "sounds": ("audio",), "formulas": ("math",)},
}


@dataclass(frozen=True, slots=True)
class PageOrigin:
    """What a page came in: pictures that came with it in one file, and the number of its first footnote.

    A page that is whole has no menus or neighbours.
    """

    attachments: Attachments = NO_ATTACHMENTS
    is_whole: bool = False
    first_note: int = 1


_ALONE = PageOrigin()
_MUCH, _MOST = 100, 3
"""Words that are passed over, and how often those that are shown, beyond which somebody should look at what was taken:
of the pages of public corpora one in fifty."""


def declared_encoding(data: bytes) -> str:
    """Return the Python codec that the head of a page names; "" where it names none that exists."""
    match = _DECLARED.search(data[:4096])
    return codec_called((match[1] or match[2]).decode("ascii")) if match else ""


def codec_called(name: str) -> str:
    """Return the Python codec that browsers read under this name; "" where there is none."""
    name = name.lower()
    try:
        codec = codecs.lookup(_WIDER.get(name, name)).name if name else ""
    except (LookupError, ValueError):
        return ""
    # A page whose head can be read byte by byte is not in an encoding of two or four bytes a letter.
    return "" if codec.startswith(("utf-16", "utf-32", "utf-7")) else codec


def read(source: str, label: str, finder: PictureFinder, title: str = "", origin: PageOrigin = _ALONE) -> ReadArticle:
    """Return the article in a page, with remarks on what was passed over; `title` goes before the page's own.

    Raises SourceError for a page of more tags than its tree has space for.
    """
    if source.count("<") > LIMITS.html_tags:
        raise SourceError(f"has more than {LIMITS.html_tags} tags", where=label, hint="Is it a text at all?")
    clean = sanitized(source, is_xml=source.lstrip().startswith("<?xml"))
    page = HtmlPage(clean.html)
    root, keeps_sides = (page.body, True) if origin.is_whole else page.article(source)
    page_title, heading = page.title(root, is_first=origin.is_whole)
    if title not in ("", page_title):
        heading = None
    references = References(finder, label, origin.attachments)
    language, direction = page.language_and_direction(root)
    notes = Notes(page.tree, root, origin.first_note)
    conversion = Conversion(clean.pictures, references, notes, (language, direction), keeps_sides, heading)
    blocks = list(conversion.blocks(root))
    if footnotes := list(conversion.footnotes()):
        if blocks and isinstance(blocks[-1], ThematicRule):  # which parts the text from its notes
            blocks.pop()
        blocks += footnotes
    outside = page.outside(root)
    return ReadArticle(
        title or page_title,
        tuple(blocks),
        language,
        direction,
        authors=page.authors,
        summary=page.summary,
        remarks=(
            *references.remarks(),
            *_dropped(clean.counts, label),
            *_passed_over(outside, conversion.hidden, root, label),
        ),
        account=Account(
            ((label, account.words(account.of_markup(source, is_whole=origin.is_whole))),),
            outside + conversion.hidden + conversion.note_marks,
        ),
    )


def blocks_of(source: str, references: References) -> tuple[Block, ...]:
    """Return the blocks in a piece of HTML that stands in another text."""
    clean = sanitized(source)
    page = HtmlPage(clean.html)
    conversion = Conversion(clean.pictures, references, Notes(page.tree, page.body))
    return tuple(conversion.blocks(page.body))


def _passed_over(outside: Words, hidden: Words, root: LexborNode, label: str) -> Iterator[Remark]:
    """Yield remarks on the words of the page that are not taken for the article's."""
    shown = spaced(root).total() - hidden.total()
    outside_it = "outside the article were passed over (menus, headers, neighbours)"
    for count, what in (
        (outside.total(), outside_it),
        (hidden.total(), "in the article were passed over (hidden ones, menus)"),
    ):
        is_much = count >= _MUCH and count > shown * _MOST
        if count:
            outcome = Outcome.WARNING if is_much else Outcome.PASSED_OVER
            yield Remark(label, outcome, f"{count} words {what}{': is all of it there?' if is_much else ''}")


def _dropped(counts: Counter[str], label: str) -> Iterator[Remark]:
    for outcome, kinds in _NOT_TAKEN.items():
        sums = {kind: sum(counts[name] for name in elements) for kind, elements in kinds.items()}
        if words := ", ".join(f"{kind}: {count}" for kind, count in sums.items() if count):
            yield Remark(label, outcome, f"not taken from the page: {words}")
