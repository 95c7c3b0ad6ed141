"""The markup of a page before it is parsed: a slash ends an element, frames hold their pages, nothing lies deep."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html import escape, unescape

from selectolax.lexbor import LexborHTMLParser

from packager.text.terminal import clean

MAX_DEPTH = 100
"""Elements in one another; parsers need time that grows with the square of the depth, and walks one call a level."""
MAX_MARKS = 30
"""Marks such as `b` in one another: what a paragraph leaves open, the standard opens again in each that follows."""
MAX_FRAMES = 3
"""Pages in one another."""

SHADOW, FRAME = "shadow-tree", "framed-page"
"""The elements that stand in the markup for the shadow tree of another, and for the page that a frame shows."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCK = _names(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol optgroup option p pre search section summary "
    f"ul xmp table caption colgroup tbody td tfoot th thead tr {FRAME}"
)
INLINE = _names(
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark picture q rb rp rt rtc ruby s samp small span "
    "strike strong sub sup time tt u var br wbr img button"
)
"""What documents of books, which are written as their standard says, have in lines of text."""
_VOID = _names("area base br col embed hr img input link meta param source track wbr")
_WITHOUT_END_TAG = _names(
    "html head body p li dt dd option optgroup rb rp rt rtc tr td th thead tbody tfoot colgroup a"
)
_MARKS = _names("b code em i s strike strong tt")
# They mean nothing here, and as spans they are not opened again in each paragraph that follows.
_LOOKS = _names("font big small u nobr")
_RAW = _names("script style iframe noembed textarea title xmp")
_FRAMESET = _names("frameset frame noframes")
_BARRIERS = _names(f"table caption object applet marquee template foreignobject {SHADOW}")
_FOREIGN = _names("svg math")
# https://html.spec.whatwg.org/#html-integration-point
_HTML_IN_FOREIGN = _names("foreignobject desc annotation-xml mi mo mn ms mtext")

_TOKEN = re.compile(r"<!--|<!\[CDATA\[|<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
# No two of the alternatives match at one place, so that none is tried again.
_REST_OF_TAG = re.compile(r"""(?:[^>="']++|=(?!\s*+["'])|=\s*+(?:"[^"]*+"|'[^']*+')|["'])*>""")
_STEP_IN_TAG = re.compile(r""">|=\s*+(["'])""")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
_SLASH = re.compile(r"""(?:\A|[\s"'])/>\Z""")
_COMMENT_END = re.compile("--!?>")
_CDATA_END = re.compile("]]>")
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}
_SHADOW_ROOT = re.compile(r"\bshadow(?:root)?(?:mode)?\s*=", re.IGNORECASE)
_REFERENCE = re.compile("&(?:#(?:x[0-9a-f]{1,6}|[0-9]{1,7});?|[a-z]{2,31};|shy)", re.IGNORECASE)
_MARKUP_OR_SPACE = re.compile("[<>&\"'=`\\s\u0300-\u036f]")

Frames = Callable[[str], str]
"""Gives the page at the address of a frame, each once; "" for none."""


def no_frames(_: str) -> str:
    """Return nothing for any address."""
    return ""


def prepared(html: str, frames: Frames = no_frames, *, is_xml: bool = False) -> str:
    """Return the page so that a parser reads what its author meant, in time that grows with its length.

    Whatever ends in a slash is empty, be it `<path/>` or `<a id="n"/>`. Of elements that lie too deep only the words
    stay. The shadow tree of an element becomes SHADOW, a frame whose page is known FRAME. Characters that nobody sees
    are gone, also those that stood there as numbers.
    """
    return _Preparation(frames, is_xml=is_xml).of(_cleaned(html))


def _cleaned(html: str) -> str:
    return clean(_REFERENCE.sub(_sign, html) if "&" in html else html)


def _sign(reference: re.Match[str]) -> str:
    """The sign that is there as a number or a name; the reference itself where the sign would be read as markup."""
    sign = unescape(reference[0])
    return reference[0] if _MARKUP_OR_SPACE.search(sign) else sign


class _Preparation:
    """Copies markup, and knows which elements are open where it has come to."""

    def __init__(self, frames: Frames, *, is_xml: bool = False, depth: int = 0, pages: int = 0) -> None:
        self._frames = frames
        self._is_xml = is_xml
        self._deepest = MAX_DEPTH - depth
        self._pages = pages
        self._open: list[str] = []
        self._count: Counter[str] = Counter()  # of what is open, marks too
        self._marks = 0
        self._left_out: Counter[str] = Counter()  # and still open in the source
        self._never_closed: set[str] = set()
        self._has_frames = False

    def of(self, html: str) -> str:
        pieces = []
        copied = place = 0
        while token := _TOKEN.search(html, place):
            piece, place = self._piece(html, token)
            if piece is not None:
                pieces += [html[copied : token.start()], piece]
                copied = place
        return "".join([*pieces, html[copied:]])

    def _piece(self, html: str, token: re.Match[str]) -> tuple[str | None, int]:
        """What replaces a tag, None where it may stay, and where the source goes on."""
        if token[2] is None:
            return self._without_name(html, token)
        after = _tag_end(html, token.end())
        return (None, len(html)) if after < 0 else self._tag(html, token, after)  # no tag ends from here on

    def _tag(self, html: str, token: re.Match[str], after: int) -> tuple[str | None, int]:
        name, attributes = token[2].lower(), html[token.end() : after]
        if name in _FRAMESET:
            return self._of_frameset(name, attributes, is_end=bool(token[1])), after
        if token[1]:
            return self._closed(name), after
        is_empty = name not in _VOID and _SLASH.search(attributes) is not None
        if name in _RAW:
            return self._raw(html, name, attributes, after, is_empty=is_empty)
        if name == "plaintext":
            return f"<pre>{escape(html[after:])}</pre>", len(html)
        piece = f"<{name}{attributes[:-2]}></{name}>" if is_empty else self._opened(name, attributes)
        return piece, after

    def _without_name(self, html: str, token: re.Match[str]) -> tuple[str | None, int]:
        if token[0] == "<!--":
            return None, _after(_COMMENT_END, html, token.start() + 2)
        if not self._is_xml:
            return None, token.end()
        after = _after(_CDATA_END, html, token.end())
        return escape(html[token.end() : after].removesuffix("]]>")), after

    def _raw(self, html: str, name: str, attributes: str, after: int, *, is_empty: bool) -> tuple[str | None, int]:
        """An element whose content holds no elements; one that never ends is empty, but for code."""
        following = html.find("<", after)
        if is_empty and not _RAW_END[name].match(html, following):
            return f"<{name}{attributes[:-2]}></{name}>", after
        end = None if name in self._never_closed else _RAW_END[name].search(html, after)
        if name == "iframe" and (page := self._framed(attributes)):
            return page, end.start() if end else after
        if end is not None:
            return None, end.start()
        self._never_closed.add(name)
        return (None, len(html)) if name in ("script", "style") else (f"<{name}{attributes}</{name}>", after)

    def _of_frameset(self, name: str, attributes: str, *, is_end: bool) -> str:
        """A page of frames as others: what they show, and what stands there for want of them, is in divisions."""
        if is_end:
            return (self._closed("div") or "</div>") if name == "noframes" else ""
        if name == "noframes":
            return self._opened("div", "") or ("<div hidden>" if self._has_frames else "<div>")
        page = self._framed(attributes) if name == "frame" else ""
        self._has_frames |= bool(page)
        return page or ("<iframe></iframe>" if name == "frame" else "")

    def _framed(self, attributes: str) -> str:
        """The element that holds the page of a frame; "" where there is none."""
        found = _ATTRIBUTE.finditer(attributes) if self._pages < MAX_FRAMES else ()
        values = {match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in found}
        page = values.get("srcdoc") or self._frames(values.get("src", ""))
        if not page:
            return ""
        inner = _Preparation(self._frames, depth=len(self._open), pages=self._pages + 1).of(_cleaned(page))
        body = LexborHTMLParser(inner).body  # as a tree, so that what the page leaves open ends with it
        return f"<{FRAME}>{body.inner_html or ''}</{FRAME}>" if body else ""

    def _opened(self, name: str, attributes: str) -> str | None:
        if self._count["svg"] or self._count["math"]:
            self._leave_foreign(name)
        if name in _VOID or name in _WITHOUT_END_TAG:
            return None
        if name in _MARKS:
            is_too_deep = self._marks >= MAX_MARKS
            self._marks += not is_too_deep
        else:
            is_too_deep = len(self._open) >= self._deepest
        if is_too_deep:
            self._left_out[name] += 1
            return _left_out(name)
        replacement = None
        if name in _LOOKS:
            name, replacement = "span", f"<span{attributes}"
        elif name == "template" and _SHADOW_ROOT.search(attributes):
            name, replacement = SHADOW, f"<{SHADOW}>"
        self._count[_kind(name)] += 1
        if name not in _MARKS:
            self._open.append(_kind(name))
        return replacement

    def _closed(self, name: str) -> str | None:
        if self._left_out[name]:
            self._left_out[name] -= 1
            return _left_out(name)
        if name in _MARKS:
            is_open = self._count[name] > 0
            self._count[name] -= is_open
            self._marks -= is_open
            return None
        if name in _LOOKS:
            self._close("span")
            return "</span>"
        if name == "template" and self._count[SHADOW]:
            shadow, template = (_last(self._open, kind) for kind in (SHADOW, "template"))
            if shadow > template:
                inside = self._open[shadow + 1 :]
                self._shorten(shadow)
                return "".join(f"</{kind}>" for kind in [*reversed(inside), SHADOW])
        self._close(_kind(name))
        return None

    def _close(self, kind: str) -> None:
        """Forget what an end tag closes: https://html.spec.whatwg.org/#has-an-element-in-the-specific-scope."""
        if not self._count[kind]:
            return
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index] == kind:
                self._shorten(index)
                return
            if self._open[index] in _BARRIERS or (self._open[index] in BLOCK and kind not in BLOCK):
                return

    def _leave_foreign(self, name: str) -> None:
        """Forget the drawing or formula that an element of HTML ends."""
        if name not in BLOCK and name not in _MARKS and name not in _LOOKS and name not in ("span", "img", "br"):
            return
        outermost = None
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index] in _HTML_IN_FOREIGN:
                break
            if self._open[index] in _FOREIGN:
                outermost = index
        if outermost is not None:
            self._shorten(outermost)

    def _shorten(self, index: int) -> None:
        self._count.subtract(self._open[index:])
        del self._open[index:]
        self._left_out.clear()


def _tag_end(html: str, place: int) -> int:
    """Where a tag ends; a quote that nothing closes is a sign as others. -1 where none ends."""
    if rest := _REST_OF_TAG.match(html, place):
        return rest.end()
    while (step := _STEP_IN_TAG.search(html, place)) and step[1]:
        closing = html.find(step[1], step.end())
        place = step.end() if closing < 0 else closing + 1
    return step.end() if step else -1


def _after(end: re.Pattern[str], html: str, place: int) -> int:
    match = end.search(html, place)
    return match.end() if match else len(html)


def _left_out(name: str) -> str:
    """What keeps the words before and behind a tag apart as the tag did."""
    return "<br>" if name in BLOCK else ""


def _kind(name: str) -> str:
    return "h1" if name in HEADINGS else name


def _last(kinds: list[str], kind: str) -> int:
    return next((index for index in range(len(kinds) - 1, -1, -1) if kinds[index] == kind), -1)
