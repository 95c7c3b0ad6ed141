"""Foreign HTML sanitized: what is left holds only what the typed tree can."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import nh3

from packager.readers.articles.pictures import embedded_bytes
from packager.text.terminal import clean

MAX_DEPTH = 100
"""Elements in one another; parsers need time that grows with the square of the depth."""

ROOT = "data-root"
HIDING, STRIKING = "display:none", "line-through"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


INLINE = _names(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark picture q rb rp rt rtc ruby s samp small span "
    "strike strong sub sup time tt u var br wbr img button"
)
BLOCK = _names(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hgroup legend li main menu nav ol p pre search section summary ul "
    "table caption colgroup tbody td tfoot th thead tr"
)
_VOID = _names("area base br col embed hr img input link meta param source track wbr")
_WITHOUT_END_TAG = _names("html head body p li dt dd option optgroup rb rp rt rtc tr td th thead tbody tfoot colgroup")
_WITH_CONTENT = _names(
    "applet audio canvas datalist embed frameset iframe math noembed noframes noscript object script select style svg "
    "template textarea video"
)
_RAW = _names("script style iframe noembed noframes textarea title xmp")
_TAGS = INLINE | BLOCK | {"hr", "meta", "title"}

LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-actualsrc")
_ATTRIBUTES = {
    "*": {"id", "data-marker", "lang", "xml:lang", "dir", "hidden", "role", "style", ROOT},
    "a": {"href", "name", "epub:type", "aria-hidden"},
    "dialog": {"open"},
    "img": {"src", "srcset", "alt", *LAZY},
    "meta": {"name", "property", "content"},
    "li": {"value"},
    "ol": {"start", "type", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_SCHEMES = {"http", "https", "ftp", "mailto", "tel", "data", "cid", "file"}
_STYLES = {
    HIDING: re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE),
    STRIKING: re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through\b", re.IGNORECASE),
    r"\1": re.compile(r"list-style(?:-type)?\s*:([a-z -]{1,80})", re.IGNORECASE),
}
"""What styles mean for a text, by what is kept of them."""
_TAG = re.compile(r"<!--|<(/?)([a-z][a-z0-9:-]*)", re.IGNORECASE)
_TAG_END = re.compile(">")
_COMMENT_END = re.compile("-->|--!>")
_RAW_END = {name: re.compile(f"(?=</{name})", re.IGNORECASE) for name in _RAW}


@dataclass(frozen=True, slots=True)
class SanitizedHtml:
    """HTML with nothing foreign in it; the pictures that stood in it by the `data:N` put in their place.

    `counts` says how many elements of each name the source had.
    """

    html: str
    pictures: tuple[bytes, ...]
    counts: Counter[str]


def sanitized(html: str, *, is_xml: bool = False) -> SanitizedHtml:
    """Return the HTML without what no article needs: scripts, styles, frames, drawings, forms' fields, comments."""
    thinning = _Thinning(html, is_xml=is_xml)
    pictures: list[bytes] = []

    def attribute(_: str, name: str, value: str) -> str | None:
        if name == "style":
            return _meaning(value)
        if name in ("src", *LAZY) and value.strip()[:5].lower() == "data:":
            data = embedded_bytes(value.strip())
            pictures.append(data)
            return f"data:{len(pictures) - 1}" if data else None
        return value

    cleaned = nh3.clean(
        thinning.html(),
        tags=set(_TAGS),
        clean_content_tags=set(_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    # What stood there as the number of a character can be unseen too.
    return SanitizedHtml(clean(cleaned), tuple(pictures), thinning.counts)


def _meaning(style: str) -> str | None:
    found = ((kept, pattern.search(style)) for kept, pattern in _STYLES.items())
    return " ".join(match.expand(kept).lower() for kept, match in found if match) or None


class _Thinning:
    """HTML no deeper than MAX_DEPTH, its outermost elements as divisions; its elements are counted.

    nh3 reads fragments, which have no `html` and `body`: as divisions they keep their language and direction.
    Too deep a block becomes a line break, so that its words stay apart from its neighbours'.
    """

    def __init__(self, html: str, *, is_xml: bool) -> None:
        self.counts: Counter[str] = Counter()
        self._html = html
        self._is_xml = is_xml
        self._next_end = 0
        self._depth = {True: 0, False: 0}
        self._beyond = {True: 0, False: 0}

    def html(self) -> str:
        pieces = []
        place = 0
        while match := _TAG.search(self._html, place):
            pieces.append(self._html[place : match.start()])
            piece, place = self._piece(match)
            pieces.append(piece)
        return "".join([*pieces, self._html[place:]])

    def _piece(self, match: re.Match[str]) -> tuple[str, int]:
        """What replaces a comment or the beginning of a tag, and where the source goes on."""
        if match[0] == "<!--":
            return "", self._after(_COMMENT_END, match.start() + 2)
        is_end, name = bool(match[1]), match[2].lower()
        if is_end:
            return self._closed(name, match), match.end()
        self.counts[name] += 1
        if self._is_xml and name not in _VOID:
            end = self._tag_end(match.end())
            if self._html.startswith("/>", end - 2):
                return f"{self._html[match.start() : end - 2]}></{name}>", end
        if name in _RAW:
            end = self._after(_RAW_END[name], match.end())
            return self._html[match.start() : end], end
        return self._opened(name, match), match.end()

    def _tag_end(self, place: int) -> int:
        """Where the tag ends; remembered, since many tags without an end have the same one behind them."""
        if self._next_end < place:
            self._next_end = self._after(_TAG_END, place)
        return self._next_end

    def _after(self, end: re.Pattern[str], place: int) -> int:
        match = end.search(self._html, place)
        return match.end() if match else len(self._html)

    def _opened(self, name: str, match: re.Match[str]) -> str:
        if name in ("html", "body") and self.counts[name] == 1:
            return f"<div {ROOT}={name} "
        if name in _VOID or name in _WITHOUT_END_TAG:
            return match[0]
        is_block = name in BLOCK
        if self._depth[is_block] < MAX_DEPTH:
            self._depth[is_block] += 1
            return match[0]
        self._beyond[is_block] += 1
        return "<br" if is_block else "<wbr"

    def _closed(self, name: str, match: re.Match[str]) -> str:
        if name in _VOID or name in _WITHOUT_END_TAG:
            return match[0]
        is_block = name in BLOCK
        if self._beyond[is_block]:
            self._beyond[is_block] -= 1
            return "<br" if is_block else "<wbr"
        self._depth[is_block] = max(0, self._depth[is_block] - 1)
        return match[0]
