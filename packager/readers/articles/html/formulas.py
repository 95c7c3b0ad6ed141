"""Formulas as text: what the page itself keeps of them, else their signs in a row."""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from packager.readers.account import Words
from packager.readers.articles.html.nodes import NOT_SHOWN, attribute, spaced, text_of, verbatim

_DRAWN = re.compile(r"(?:^|\s)(?:MathJax|mjx-)", re.IGNORECASE)
_CONTAINERS = ".katex, mjx-container, .mwe-math-element, .MathJax, .MathJax_SVG"
_STYLE = re.compile(r"\{?\\(?:display|text|script)style\s*(.*)", re.DOTALL)
_NO_FORMULA = "p, div, b, i, a, table, svg, math math"
_PATTERNS = {
    "mfrac": "{}/{}",
    "msup": "{}^{}",
    "mover": "{}^{}",
    "msub": "{}_{}",
    "munder": "{}_{}",
    "msubsup": "{}_{}^{}",
    "munderover": "{}_{}^{}",
    "mroot": "{}^(1/{})",
}
_NOT_SAID = ("annotation", "annotation-xml", *NOT_SHOWN)
_BETWEEN = {"mtable": "; ", "mtr": ", "}


def write_out_formulas(tree: LexborHTMLParser) -> Words:
    """Put the text of each formula in its place; return the words of what drew it, which is taken away."""
    drawn: Words = Counter()
    for script in tree.css("script[type^='math/tex']"):
        before = script.prev
        while before is not None and _DRAWN.search(attribute(before, "class")):
            drawing, before = before, before.prev
            drawn.update(spaced(drawing))
            drawing.decompose()
        script.replace_with(_plain(script.text() or ""))
    for container in tree.css(_CONTAINERS):
        kept = attribute(container, "data-mathml")
        math = container.css_first("math") or (LexborHTMLParser(kept).css_first("math") if kept else None)
        if math is not None and container.parent is not None:
            drawn.update(spaced(container))
            container.replace_with(_text(math))
    for math in tree.css("math"):
        math.replace_with(_text(math))
    for picture in tree.css("img[class*='mwe-math'], img.tex"):
        picture.attrs["alt"] = _plain(attribute(picture, "alt"))
    return drawn


def _text(math: LexborNode) -> str:
    source = math.css_first("annotation[encoding*='tex' i]")
    told = attribute(math, "alttext") or (verbatim(source) if source is not None else "")
    # What is never closed swallows the text behind it.
    return _plain(told) if told.strip() and math.css_first(_NO_FORMULA) is None else _in_a_row(math)


def _plain(tex: str) -> str:
    """TeX without what only says how large it is set."""
    sized = _STYLE.fullmatch(tex.strip())
    if sized is None:
        return " ".join(tex.split())
    return " ".join((sized[1].removesuffix("}") if tex.strip().startswith("{") else sized[1]).split())


def _in_a_row(node: LexborNode) -> str:
    """The signs of a formula on one line, with `^` for what stands above and `_` for what stands below."""
    if node.is_text_node:
        return " ".join(text_of(node).split())
    children = (child for child in node.iter(include_text=True) if child.tag not in _NOT_SAID)
    parts = [part for child in children if (part := _in_a_row(child)) or child.is_element_node]
    pattern = _PATTERNS.get(node.tag or "")
    if pattern is not None and len(parts) == pattern.count("{}"):
        return pattern.format(*map(_grouped, parts))
    row = _BETWEEN.get(node.tag or "", "").join(parts)
    return f"√{_grouped(row)}" if node.tag == "msqrt" else row


def _grouped(part: str) -> str:
    return part if len(part) == 1 or part.isalnum() else f"({part})"
