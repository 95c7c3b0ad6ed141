"""An HTML page -> the article in it."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from packager.errors import SourceError
from packager.model import Block, Direction, Outcome, Remark, ThematicRule
from packager.readers.articles.html.extraction import extracted, innermost
from packager.readers.articles.html.nodes import attribute, words
from packager.readers.articles.html.notes import Notes
from packager.readers.articles.html.pictures import Pictures
from packager.readers.articles.html.tree import Conversion, Sides
from packager.readers.articles.html.wall import ROOT, wall
from packager.readers.articles.reading import PictureFinder, ReadArticle, direction_of, names
from packager.readers.articles.references import NO_PARTS, Parts, References
from packager.sandbox.limits import LIMITS
from packager.text.spelling import language_tag

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
_MAIN_SHARE = 1 / 3
_WHOLE_SITE = 2_000
"""Letters: a page of a site has more, and a shorter one no room for neighbours."""
_COUNTED = {
    "scripts": ("script",),
    "forms": ("form",),
    "drawings (svg, canvas)": ("svg", "canvas"),
    "frames": ("iframe", "frame", "object", "embed", "applet"),
}
_MISSED = {"videos": ("video",), "sounds": ("audio",), "formulas": ("math",)}


def declared_encoding(data: bytes) -> str:
    """The Python codec that the head of a page names; "" where it names none that exists."""
    match = _DECLARED.search(data[:4096])
    return codec_called((match[1] or match[2]).decode("ascii")) if match else ""


def codec_called(name: str) -> str:
    """The Python codec that browsers read under this name; "" where there is none."""
    name = name.lower()
    try:
        codec = codecs.lookup(_WIDER.get(name, name)).name if name else ""
    except (LookupError, ValueError):
        return ""
    # A page whose head can be read byte by byte is not in an encoding of two or four bytes a letter.
    return "" if codec.startswith(("utf-16", "utf-32", "utf-7")) else codec


def read(
    source: str,
    label: str,
    finder: PictureFinder,
    title: str = "",
    *,
    parts: Parts = NO_PARTS,
    is_whole: bool = False,
) -> ReadArticle:
    """The article in a page and remarks on what was passed over; `title` goes before the page's own.

    `parts` are the pictures that came with the page in one file; a page that `is_whole` has no menus or neighbours.
    Raises SourceError for a page of more tags than its tree has room for.
    """
    if source.count("<") > LIMITS.html_tags:
        raise SourceError(f"has more than {LIMITS.html_tags} tags", where=label, hint="Is it a text at all?")
    walled = wall(source, is_xml=source.lstrip().startswith("<?xml"))
    page = _Page(LexborHTMLParser(walled.html))
    root, sides = (page.body, Sides.KEPT) if is_whole else page.article(source)
    shown, heading = page.title(root, is_first=is_whole)
    if title not in ("", shown):
        heading = None
    references = References(finder, label, parts)
    language, direction = page.tongue(root)
    pictures, notes = Pictures(walled.pictures, references), Notes(page.tree, root)
    conversion = Conversion(pictures, notes, (language, direction), sides, heading)
    blocks = list(conversion.blocks(root))
    if footnotes := list(conversion.footnotes()):
        blocks = [*_without_last_rule(blocks), *footnotes]
    return ReadArticle(
        title or shown,
        tuple(blocks),
        language,
        direction,
        authors=page.authors(),
        summary=page.said("description", "og:description"),
        remarks=(*references.remarks(), *_dropped(walled.counts, label), *page.passed_over(root, label)),
    )


def _without_last_rule(blocks: list[Block]) -> list[Block]:
    """The blocks without the rule that parts a text from its notes."""
    return blocks[:-1] if blocks and isinstance(blocks[-1], ThematicRule) else blocks


def blocks_of(source: str, references: References) -> tuple[Block, ...]:
    """The blocks in a piece of HTML that stands in another text."""
    walled = wall(source)
    page = _Page(LexborHTMLParser(walled.html))
    pictures, notes = Pictures(walled.pictures, references), Notes(page.tree, page.body)
    return tuple(Conversion(pictures, notes, ("", None), Sides.KEPT, None).blocks(page.body))


class _Page:
    """A page behind the wall, asked for its article and what it says of it."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.tree = tree
        self.body = _body(tree)
        self._meta: dict[str, list[str]] = {}
        for node in tree.css("meta"):
            name = (attribute(node, "name") or attribute(node, "property")).lower()
            self._meta.setdefault(name, []).append(" ".join(attribute(node, "content").split()))

    def said(self, *keys: str) -> str:
        return next((text for key in keys for text in self._meta.get(key, ()) if text), "")

    def authors(self) -> tuple[str, ...]:
        said = [text for key in ("author", "article:author") for text in self._meta.get(key, ()) if "://" not in text]
        return tuple(dict.fromkeys(name for text in said for name in names(text)))

    def article(self, source: str) -> tuple[LexborNode, Sides]:
        """The element that holds the article, and whether what lies at its sides belongs to it.

        The author's own element goes before what is found in the `source`.
        """
        whole = _length(self.body)
        for selector in ("article, [role=article]", "main, [role=main]"):
            candidates = sorted(self.tree.css(selector), key=_length)
            if candidates and _length(candidates[-1]) >= whole * _MAIN_SHARE:
                return candidates[-1], Sides.KEPT
        found = innermost(self.body, extracted(source)) if whole >= _WHOLE_SITE else self.body
        return (self.body, Sides.PASSED_OVER) if found.mem_id == self.body.mem_id else (found, Sides.KEPT)

    def title(self, root: LexborNode, *, is_first: bool) -> tuple[str, LexborNode | None]:
        """The title, and the heading that shows it and is not to be shown again.

        Where it must be the first thing in a text, a heading further on is one of the text's own.
        """
        headings = [node for node in root.css("h1") if words(node)]
        if is_first:
            headings = [node for node in headings[:1] if _squeezed(root).startswith(_squeezed(node))]
        if headings:
            return words(headings[0]), headings[0]
        alone = [words(node) for node in self.tree.css("h1") if words(node) and not is_first]
        page_title = self.tree.css_first("title")
        return self.said("og:title") or (alone[0] if len(alone) == 1 else words(page_title) if page_title else ""), None

    def tongue(self, root: LexborNode) -> tuple[str, Direction | None]:
        """The language and direction that the article's element or those around it say."""
        around = list(_outwards(root))
        tags = (language_tag(attribute(node, "lang") or attribute(node, "xml:lang")) for node in around)
        directions = (direction_of(attribute(node, "dir")) for node in around)
        return next(filter(None, tags), ""), next(filter(None, directions), None)

    def passed_over(self, root: LexborNode, label: str) -> Iterator[Remark]:
        count = len(self.body.text().split()) - len(root.text().split())
        if count > 0:
            message = f"{count} words outside the article were passed over (menus, headers, neighbours)"
            yield Remark(label, Outcome.PASSED_OVER, message)


def _body(tree: LexborHTMLParser) -> LexborNode:
    """What the page calls its body; all of it where words stand outside, as browsers show them."""
    whole = tree.css("body")[-1]
    called = tree.css(f"div[{ROOT}=body]")
    inside = [*called[-1:], *tree.css("title")]
    return called[-1] if called and sum(map(_letters, inside)) >= _letters(whole) else whole


def _letters(node: LexborNode) -> int:
    return len(_squeezed(node))


def _squeezed(node: LexborNode) -> str:
    return "".join(node.text().split())


def _dropped(counts: Counter[str], label: str) -> Iterator[Remark]:
    for kinds, outcome in ((_COUNTED, Outcome.PASSED_OVER), (_MISSED, Outcome.WARNING)):
        sums = {kind: sum(counts[name] for name in elements) for kind, elements in kinds.items()}
        words = ", ".join(f"{kind}: {count}" for kind, count in sums.items() if count)
        if words:
            yield Remark(label, outcome, f"not taken from the page: {words}")


def _outwards(node: LexborNode) -> Iterator[LexborNode]:
    outer: LexborNode | None = node
    while outer is not None:
        yield outer
        outer = outer.parent


def _length(node: LexborNode) -> int:
    return len(node.text())
