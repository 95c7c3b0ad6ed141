"""An HTML page -> the article in it."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packager.errors import SourceError
from packager.model import Block, Outcome, Remark, ThematicRule
from packager.model.blocks import words_of
from packager.readers import account
from packager.readers.account import Account, Words
from packager.readers.articles.html.finding import Found, find
from packager.readers.articles.html.markup import Frames, no_frames, prepared
from packager.readers.articles.html.nodes import has_struck, standing_words
from packager.readers.articles.html.notes import Notes
from packager.readers.articles.html.page import HtmlPage
from packager.readers.articles.html.places import PageParts
from packager.readers.articles.html.tree import Conversion
from packager.readers.articles.pictures import NO_ATTACHMENTS, Attachments, References
from packager.readers.articles.reading import PictureFinder, ReadArticle, not_taken
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
NOT_TAKEN = {
    Outcome.PASSED_OVER: ("scripts", "forms", "drawings (svg, canvas)", "frames"),
    Outcome.WARNING: ("videos", "sounds"),
}
"""What of a page no text can hold."""
_MUCH, _MOST = 100, 3
"""Words that are passed over, and how often those that are shown, beyond which somebody should look at what was taken:
of the pages of public corpora one in twenty-five."""


@dataclass(frozen=True, slots=True)
class PageOrigin:
    """What a page came in: the pictures, framed pages and style sheets that came with it, and its first note's number.

    A page that is whole has no menus or neighbours.
    """

    attachments: Attachments = NO_ATTACHMENTS
    is_whole: bool = False
    first_note: int = 1
    frame: Frames = no_frames
    sheets: tuple[str, ...] = ()


_ALONE = PageOrigin()


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
    try:
        return _read(source, label, finder, title, origin)
    except RecursionError:
        raise SourceError("its parts lie too deep in one another", where=label, hint="Save the page again.") from None


def _read(source: str, label: str, finder: PictureFinder, title: str, origin: PageOrigin) -> ReadArticle:
    page = HtmlPage(prepared(source, origin.frame, is_xml=source.lstrip().startswith("<?xml")), origin.sheets)
    found = Found(page.body) if origin.is_whole else find(page)
    page_title, heading = page.first_heading() if origin.is_whole else page.title(found.root)
    is_shown = heading is not None and title in ("", page_title)
    if heading is not None and has_struck(heading):  # it stays in the text, for a title cannot show what is struck
        page_title, is_shown = standing_words(heading), False
    references = References(finder, label, origin.attachments)
    language, direction = page.language_and_direction(found.root)
    notes = Notes(page.tree, found.root, origin.first_note, found.left_out)
    parts = PageParts(references, notes, page.shape, found.left_out, heading.mem_id if heading and is_shown else None)
    conversion = Conversion(parts, (language, direction))
    blocks = list(conversion.blocks(found.root))
    if footnotes := list(conversion.footnotes()):
        if blocks and isinstance(blocks[-1], ThematicRule):  # which parts the text from its notes
            blocks.pop()
        blocks += footnotes
    outside = page.outside(found.root) + conversion.left_out
    shown = sum(account.words(account.words_in(tuple(blocks))).values())
    return ReadArticle(
        title or page_title,
        tuple(blocks),
        language,
        direction,
        authors=page.authors,
        summary=page.summary,
        remarks=(
            *references.remarks(),
            *not_taken(label, page.counts, NOT_TAKEN, "page"),
            *_passed_over(outside, conversion.hidden, shown, label),
        ),
        account=Account(
            ((label, account.words(account.of_markup(source, is_whole=origin.is_whole))),),
            outside + conversion.hidden + conversion.note_marks + page.drawn_formulas,
        ),
    )


@dataclass(frozen=True, slots=True)
class HtmlPiece:
    """What a piece of HTML holds, its hidden words, and how many elements of each kind are not taken."""

    blocks: tuple[Block, ...]
    hidden: Words
    counts: Counter[str]


def piece_of(source: str, references: References, slots: Sequence[Sequence[Block]] = ()) -> HtmlPiece:
    """Return what a piece of HTML holds that stands in another text.

    An element `<div data-slot=N>` stands for the blocks of `slots[N]`, once.
    """
    page = HtmlPage(prepared(source))
    conversion = Conversion(PageParts(references, Notes(page.tree, page.body), page.shape))
    conversion.slots.update(enumerate(slots))
    blocks = tuple(conversion.blocks(page.body))
    unseen = account.words(words_of(block for slot in conversion.slots.values() for block in slot))
    return HtmlPiece(blocks, conversion.hidden + unseen, Counter(page.counts))


def _passed_over(outside: Words, hidden: Words, shown: int, label: str) -> Iterator[Remark]:
    """Yield remarks on the words of the page that are not taken for the article's."""
    outside_it = "outside the article passed over (menus, headers, neighbours)"
    for count, what in (
        (outside.total(), outside_it),
        (hidden.total(), "in the article passed over (hidden ones, menus)"),
    ):
        is_much = count >= _MUCH and count > shown * _MOST
        if count:
            told = f"{count} words" if count > 1 else "1 word"
            outcome = Outcome.WARNING if is_much else Outcome.PASSED_OVER
            yield Remark(label, outcome, f"{told} {what}{': is all of it there?' if is_much else ''}")
