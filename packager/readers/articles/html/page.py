"""A sanitized page: which part of it is the article, and what it says of itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from packager.model import Direction
from packager.readers.account import Words
from packager.readers.articles.html.nodes import attribute, outwards, spaced, words
from packager.readers.articles.html.sanitizing import BLOCK, ROOT
from packager.readers.articles.reading import direction_of, names
from packager.text.spelling import language_tag

_MAIN_SHARE = 1 / 3
_WHOLE_SITE = 2_000
"""Letters: a page of a site has more, and a shorter one no space for neighbours."""
_MAX_LETTERS = 4_000_000
"""Of a page, pictures inside it too; beyond it trafilatura takes minutes."""
_MIN_LINE = 20
_MIN_LETTERS = 200
_SHARE = 0.9


class HtmlPage:
    """A page whose HTML is sanitized."""

    def __init__(self, html: str) -> None:
        self.tree = LexborHTMLParser(html)
        self.body = _body(self.tree)
        self._meta: dict[str, list[str]] = {}
        for node in self.tree.css("meta"):
            name = (attribute(node, "name") or attribute(node, "property")).lower()
            self._meta.setdefault(name, []).append(" ".join(attribute(node, "content").split()))

    @property
    def summary(self) -> str:
        return self._meta_text("description", "og:description")

    @property
    def authors(self) -> tuple[str, ...]:
        texts = [*self._meta.get("author", ()), *self._meta.get("article:author", ())]
        return tuple(dict.fromkeys(name for text in texts if "://" not in text for name in names(text)))

    def _meta_text(self, *keys: str) -> str:
        return next((text for key in keys for text in self._meta.get(key, ()) if text), "")

    def article(self, source: str) -> tuple[LexborNode, bool]:
        """Return the element that holds the article, and whether headers, footers and asides in it belong to it.

        The author's own element goes before what trafilatura, where it is installed, finds in the `source`.
        """
        whole = _length(self.body)
        for selector in ("article, [role=article]", "main, [role=main]"):
            candidates = sorted(self.tree.css(selector), key=_length)
            if candidates and _length(candidates[-1]) >= whole * _MAIN_SHARE:
                return candidates[-1], True
        element = _innermost(self.body, _extracted(source)) if whole >= _WHOLE_SITE else self.body
        return element, element.mem_id != self.body.mem_id

    def title(self, root: LexborNode, *, is_first: bool) -> tuple[str, LexborNode | None]:
        """Return the title, and the heading that shows it and is not to be shown again.

        Where it must be the first thing in a text, a heading further on is one of the text's own.
        """
        headings = [node for node in root.css("h1") if words(node)]
        if is_first:
            headings = [node for node in headings[:1] if _squeezed(root).startswith(_squeezed(node))]
        if headings:
            return words(headings[0]), headings[0]
        alone = [words(node) for node in self.tree.css("h1") if words(node) and not is_first]
        page_title = self.tree.css_first("title")
        in_head = words(page_title) if page_title else ""
        return self._meta_text("og:title") or (alone[0] if len(alone) == 1 else in_head), None

    def language_and_direction(self, root: LexborNode) -> tuple[str, Direction | None]:
        """Return the language and direction that the article's element or those around it name."""
        around = list(outwards(root))
        tags = (language_tag(attribute(node, "lang") or attribute(node, "xml:lang")) for node in around)
        directions = (direction_of(attribute(node, "dir")) for node in around)
        return next(filter(None, tags), ""), next(filter(None, directions), None)

    def outside(self, root: LexborNode) -> Words:
        """Return the words outside the article and the page's title; what a broken title swallows is lost."""
        whole = self.tree.root or self.body
        outside = spaced(whole) - spaced(root)
        for title in self.tree.css("title"):
            outside.subtract(spaced(title))
        return +outside


def _body(tree: LexborHTMLParser) -> LexborNode:
    """What the page calls its body; all of it where words stand outside, as browsers show them."""
    whole = tree.css("body")[-1]
    called = tree.css(f"div[{ROOT}=body]")
    inside = [*called[-1:], *tree.css("title")]
    letters = sum(len(_squeezed(node)) for node in inside)
    return called[-1] if called and letters >= len(_squeezed(whole)) else whole


def _extracted(source: str) -> tuple[str, ...]:
    """Lines of the article as trafilatura sees it, without spaces; none where it is missing or finds nothing.

    Only these words are used, to find the element that holds them: what the library makes of markup goes nowhere.
    """
    extract = _trafilatura()
    if extract is None or len(source) > _MAX_LETTERS:
        return ()
    text = extract(source, include_comments=False, favor_recall=True) or ""
    lines = ("".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if len(line) >= _MIN_LINE))


@cache
def _trafilatura() -> Callable[..., str | None] | None:
    """Asked for once: looking for what is missing takes longer than reading a page."""
    try:
        from trafilatura import extract
    except ImportError:
        return None
    # What it cannot read it tells a log, which would go to the terminal.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    return extract


def _innermost(body: LexborNode, lines: Sequence[str]) -> LexborNode:
    """The deepest element that holds nearly all of the lines; the body where they are few."""

    def letters_held(block: LexborNode) -> int:
        text = _squeezed(block)
        return sum(len(line) for line in lines if line in text)

    total = sum(map(len, lines))
    node: LexborNode | None = body if total >= _MIN_LETTERS else None
    deepest = body
    while node is not None:
        deepest = node
        node = next(
            (child for child in node.iter() if child.tag in BLOCK and letters_held(child) >= total * _SHARE), None
        )
    return deepest


def _squeezed(node: LexborNode) -> str:
    return "".join(node.text().split())


def _length(node: LexborNode) -> int:
    return len(node.text())
