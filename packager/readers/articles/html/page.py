"""A page as a tree: what stands in it, what it says of itself, and how it is called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from packager.model import Direction
from packager.readers.account import Words
from packager.readers.articles.html.formulas import write_out_formulas
from packager.readers.articles.html.images import join_pictures_without_scripts
from packager.readers.articles.html.markup import FRAME, HEADINGS
from packager.readers.articles.html.nodes import (
    attribute,
    is_hidden,
    outwards,
    seen_words,
    spaced,
    text_of,
    words,
)
from packager.readers.articles.html.notes import part_notes
from packager.readers.articles.html.shape import PageShape
from packager.readers.articles.html.styles import Styles
from packager.readers.articles.reading import direction_of, names
from packager.text.spelling import language_tag

COUNTED = {
    "scripts": "script",
    "forms": "form",
    "drawings (svg, canvas)": "svg, canvas",
    "frames": "iframe, frame, object, embed, applet",
    "videos": "video",
    "sounds": "audio",
}
"""What is not taken from a page, by the elements that hold it."""
_FIELDS = "input, select, textarea, button"
_NO_WORDS = "script, style, template, noembed, noframes, datalist, select, textarea"
_TEXT = "p, div, table, ul, h1, h2, h3"
_DISCLOSING = re.compile("accordion|collaps|faq|question|toggle", re.IGNORECASE)
_HEADINGS = f"{', '.join(HEADINGS)}, summary, dt, legend, [role=heading]"
_MENUS = ("nav", "header", "footer", "form")
_CELLS = ", ".join(f"[role={role}]" for role in ("cell", "gridcell", "columnheader", "rowheader"))
_LONGEST = 300
"""Letters of a title: a heading that is never closed holds the page."""
_HOME = re.compile(r"(?:https?:)?//[^/]+/?|/|\./|(?:\.\./)+|/?index\.html?")
_PARTED = re.compile(r"\s[|–—·•»/-]\s|: ")


class HtmlPage:
    """A page whose markup is prepared; `sheets` are style sheets that came with it."""

    def __init__(self, markup: str, sheets: Iterable[str] = ()) -> None:
        self.tree = LexborHTMLParser(markup)
        self.body = self.tree.body or self.tree.css("*")[0]
        self.counts = {name: self._count(selector) for name, selector in COUNTED.items()}
        styles = Styles(self.tree, sheets)
        styles.strike()
        _show_what_opens(self.tree)
        for node in self.tree.css(_CELLS):
            node.insert_before(" ")
        join_pictures_without_scripts(self.tree)
        part_notes(self.tree)
        self.drawn_formulas = write_out_formulas(self.tree)
        for node in self.tree.css(_NO_WORDS):
            if node.css_first(_TEXT) is None:  # one that is never closed swallows the text behind it
                node.decompose()
        self.shape = PageShape(self.body, styles)
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

    def outside(self, root: LexborNode) -> Words:
        """Return the words outside an element; what a broken title swallows is lost, and no word of these."""
        outside = spaced(self.body) - spaced(root)
        for title in self.body.css("title"):
            outside.subtract(spaced(title))
        return +outside

    def language_and_direction(self, root: LexborNode) -> tuple[str, Direction | None]:
        """Return the language and direction that the article's element or those around it name."""
        around = list(outwards(root))
        tags = (language_tag(attribute(node, "lang") or attribute(node, "xml:lang")) for node in around)
        directions = (direction_of(attribute(node, "dir")) for node in around)
        return next(filter(None, tags), ""), next(filter(None, directions), None)

    def first_heading(self) -> tuple[str, LexborNode | None]:
        """Return the title of a text that has nothing around it: the heading that it begins with, and its words."""
        heading = next((node for node in self.body.css("h1") if seen_words(node)), None)
        if heading is not None and len(title := seen_words(heading)) <= _LONGEST and _begins_with(self.body, heading):
            return title, heading
        return self._called(), None

    def title(self, root: LexborNode) -> tuple[str, LexborNode | None]:
        """Return the title, and the heading that shows it and is not to be shown again.

        It is the heading on which the page and what it calls itself agree; where none does, what it calls itself to
        others, else its only heading or its title, but never the name of the site.
        """
        site = _squeezed(self._meta_text("og:site_name"))
        told = [_without(site, text) for text in (self._meta_text("og:title", "twitter:title"), self._called())]
        told = [text for text in told if text]
        names = [_Name(text) for text in told]
        nodes = (node for node in self.tree.css("h1, h2, h3") if not _is_framed(node) and not _leads_home(node))
        headings = [_Title(node, said, _squeezed(said)) for node in nodes for said in [seen_words(node)]]
        headings = [one for one in headings if one.squeezed not in ("", site) and len(one.text) <= _LONGEST]
        agreed = [heading for heading in headings if any(name.is_shown_by(heading.squeezed) for name in names)]
        inside = {node.mem_id for node in root.css("h1, h2, h3")}
        if agreed:
            best = max(agreed, key=lambda one: (one.node.mem_id in inside, len(one.squeezed)))
            return best.text, best.node
        first = [one for one in headings if one.node.tag == "h1"]
        own = [one for one in first if one.node.mem_id in inside] or first
        if told and (len(told) > 1 or not own):
            return told[0], None
        return (own[0].text, own[0].node) if own else ("", None)

    def _count(self, selector: str) -> int:
        found = self.tree.css(selector)
        return len(found) if selector != "form" else sum(form.css_first(_FIELDS) is not None for form in found)

    def _called(self) -> str:
        title = next((node for node in self.tree.css("title") if words(node)), None)
        return words(title) if title is not None else ""

    def _meta_text(self, *keys: str) -> str:
        return next((text for key in keys for text in self._meta.get(key, ()) if text), "")


@dataclass(frozen=True, slots=True)
class _Title:
    """A heading that may show the title."""

    node: LexborNode
    text: str
    squeezed: str


class _Name:
    """What a page calls itself, with the name of its site or without."""

    def __init__(self, text: str) -> None:
        self._whole = _squeezed(text)
        self._parts = {_squeezed(part) for part in _PARTED.split(text)}

    def is_shown_by(self, heading: str) -> bool:
        """Whether a heading says the same, or all but the name of the site."""
        if heading in self._parts or (self._whole in heading and 2 * len(self._whole) > len(heading)):
            return True
        return heading in self._whole and 2 * len(heading) > len(self._whole)


def _without(site: str, text: str) -> str:
    """A title without the name of the site at its end or beginning."""
    parts = list(_PARTED.finditer(text))
    if parts and _squeezed(text[parts[-1].end() :]) == site:
        return text[: parts[-1].start()]
    if parts and _squeezed(text[: parts[0].start()]) == site:
        return text[parts[0].end() :]
    return text if _squeezed(text) != site else ""


def _leads_home(heading: LexborNode) -> bool:
    """Whether a heading is the name of the site: a link to its first page."""
    link = heading.css_first("a[href]")
    return link is not None and _HOME.fullmatch(attribute(link, "href").strip()) is not None


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _is_framed(node: LexborNode) -> bool:
    return any(outer.tag == FRAME for outer in outwards(node))


def _begins_with(body: LexborNode, heading: LexborNode) -> bool:
    """Whether no words stand before a heading."""
    for node in body.traverse(include_text=True):
        if node.mem_id == heading.mem_id:
            return True
        if node.is_text_node and text_of(node).strip() and not any(is_hidden(outer) for outer in outwards(node)):
            return False
    return False


def _show_what_opens(tree: LexborHTMLParser) -> None:
    """Let buttons that are headings be text, and open what a press on a tab, heading or button would."""
    for heading in tree.css(_HEADINGS):
        buttons = heading.css("button")
        if len(buttons) == 1 and seen_words(heading) == "" != _of_button(buttons[0]):
            buttons[0].unwrap()
        _open_panel_behind(heading)
    for button in tree.css("button"):
        opens = "aria-expanded" in button.attributes or _DISCLOSING.search(attribute(button, "class"))
        said = _of_button(button)
        is_question = opens and (len(said.split()) > 2 or said.endswith(("?", "？"))) and not _is_in_menu(button)
        if _open_panel_behind(button) or is_question:
            button.unwrap()
    _put_tabs_before_panels(tree)
    controlled = {name for node in tree.css("[aria-controls]") for name in attribute(node, "aria-controls").split()}
    for panel in tree.css("[hidden], [style]"):
        if attribute(panel, "role") == "tabpanel" or attribute(panel, "id") in controlled:
            _open(panel)


def _put_tabs_before_panels(tree: LexborHTMLParser) -> None:
    """Let the words of each tab stand above what it shows, since all panels of a page are read one after the other."""
    panels = tree.css("[role=tabpanel]")
    by_name = {attribute(panel, "id"): panel for panel in panels}
    by_tab = {attribute(panel, "aria-labelledby"): panel for panel in panels}
    for tab in tree.css("[role=tab]") if panels else ():
        panel = by_name.get(attribute(tab, "aria-controls") or "-") or by_tab.get(attribute(tab, "id") or "-")
        said = _of_button(tab)
        if panel is None or panel.first_child is None or not said:
            continue
        if not _of_button(panel).startswith(said):
            title = tree.create_node("p")
            title.insert_child(said)
            panel.first_child.insert_before(title)
        tab.decompose()


def _open_panel_behind(button: LexborNode) -> bool:
    """Open the text that stands hidden behind what is pressed for it; return whether there was one."""
    panel = button.next
    while panel is not None and panel.is_text_node and not (panel.text_content or "").strip():
        panel = panel.next
    return panel is not None and panel.is_element_node and _open(panel)


def _open(panel: LexborNode) -> bool:
    """Show a hidden element that holds text, unless it belongs to a menu; return whether it did."""
    is_hiding = "hidden" in panel.attributes or "style" in panel.attributes
    if not is_hiding or not is_hidden(panel) or panel.css_first("p") is None or _is_in_menu(panel):
        return False
    for name in {"hidden", "style"} & panel.attributes.keys():
        del panel.attrs[name]
    return True


def _of_button(button: LexborNode) -> str:
    return " ".join(button.text().split())


def _is_in_menu(node: LexborNode) -> bool:
    return any(outer.tag in _MENUS or attribute(outer, "role") in ("navigation", "dialog") for outer in outwards(node))
