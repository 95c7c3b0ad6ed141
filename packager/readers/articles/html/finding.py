"""The article in a page: the element that holds its paragraphs, without what stands in it for other ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from selectolax.lexbor import LexborNode

from packager.readers.articles.html.markup import HEADINGS
from packager.readers.articles.html.nodes import attribute
from packager.readers.articles.html.page import HtmlPage
from packager.readers.articles.html.parts import Part, parts_of

_LEVELS = 5
"""Elements around a paragraph that it speaks for."""
_MIN_LETTERS = 25
_SIMILAR = 0.2
"""Of the best element's score: a neighbour with as much is another part of the article."""
_MUCH = 0.35
"""Of a page's prose: whatever an element is called, it is no small matter."""
_TWICE = 2
"""Times the prose of its best part: what the page calls an article holds the whole of it, not a list of several."""
_LIKE = 0.3
"""Of the prose of an article: another that is called the same and has as much is another post of one page."""
_MOST = 0.8
"""Of a page's prose: what holds less is a part of the article."""
_WHOLE_SITE = 2_000
"""Letters: a page of a site has more, and a shorter one no space for neighbours."""
_NAMED = {"article": 1 / 3, "main": 1 / 2}
"""How much of a short page's prose must be in what it calls so."""
_LINKS = 0.5
"""Of the letters of an element: more, and it leads elsewhere."""
_LITTLE = 0.2
"""Of the letters of what leads elsewhere: so much prose, and not all of it does."""
_SOURCE = 100
"""Letters of an item in a list of sources."""
_CREDIT, _CREDIT_LINKS = 100, 2
"""Letters and links beside one picture: the picture may lead to a larger one, and the words to whose it is."""
_TOO_LITTLE = 0.05
"""Of a page's letters in no link: whoever finds no more has found nothing."""
_SIDES = frozenset("aside footer header".split())
_PARAGRAPHS = frozenset(("p", "pre", "td", "li", "dd", "blockquote", *HEADINGS))
_LISTS = frozenset(("ul", "ol", "dl"))


@dataclass(frozen=True, slots=True)
class Found:
    """The element that an article lies in, and the nodes in it that are no part of it, by their identities."""

    root: LexborNode
    left_out: frozenset[int] = frozenset()


def find(page: HtmlPage) -> Found:
    """Return the article of a page; recall goes before precision: a menu is passed by, what is lost is lost."""
    return _Search(page).found()


class _Search:
    """Looks for the article among the parts of a page."""

    def __init__(self, page: HtmlPage) -> None:
        self._page = page
        self._body = parts_of(page.body, page.shape)
        self._foreign = self._called_foreign()
        self._scores = self._scored()
        self._best = max(self._scores, key=lambda part: self._scores[part], default=self._body)

    def found(self) -> Found:
        chosen = self._chosen()
        chosen = [*self._leads(chosen), *chosen]
        first, last = min(part.first for part in chosen), max(part.last for part in chosen)
        root = next(part for part in (chosen[0], *chosen[0].around()) if part.first <= first and part.last >= last)
        kept = set(chosen)
        paths = {outer for part in chosen for outer in part.around()}
        left_out: set[int] = set()
        letters = 0
        todo = [(root, root in kept)]
        while todo:
            part, is_chosen = todo.pop()
            if is_chosen:
                letters += part.own_letters
            else:  # it only lies around what is
                left_out.update(_own_nodes(part))
            for child in part.children:
                is_child_chosen = is_chosen or child in kept
                if (is_child_chosen and not self._is_side(child)) or child in paths:
                    todo.append((child, is_child_chosen))
                else:
                    left_out.add(child.node.mem_id)
        if letters <= self._body.unlinked * _TOO_LITTLE:
            return Found(self._body.node)
        return Found(root.node, frozenset(left_out))

    def _called_foreign(self) -> set[Part]:
        """The parts that are called like those that are no text, unless little is left without them."""
        called = {part for part in self._body.walk() if part.is_foreign}
        small = {part for part in called if self._is_small(part) or part.is_comments}
        for foreign in (small, {part for part in small if not part.is_comments}):
            prose = sum(_own_prose(part) for part in self._body.walk(foreign))
            letters = sum(part.own_letters - part.own_linked for part in self._body.walk(foreign))
            if prose >= self._body.prose * _MUCH and letters >= self._body.unlinked * _LITTLE:
                return foreign
        return set()

    def _is_small(self, part: Part) -> bool:
        return part.prose <= self._body.prose * _MUCH and part.unlinked <= self._body.unlinked * _MOST

    def _scored(self) -> dict[Part, float]:
        """How much the paragraphs in and near each part speak for it."""
        scores: dict[Part, float] = {}
        for part in self._body.walk(self._foreign):
            if part.own_letters < _MIN_LETTERS or part.own_linked > _LINKS * part.own_letters:
                continue
            worth = 1 + part.own_commas + min(part.own_letters / 100, 3)
            around = part.around() if part.tag in _PARAGRAPHS else (part, *part.around())
            for level, outer in zip(range(_LEVELS), around, strict=False):
                scores[outer] = scores.get(outer, 0) + worth / (level + 1 if level < 2 else 3 * level)
        return {part: score * (1 - part.share_of_links) for part, score in scores.items()}

    def _chosen(self) -> list[Part]:
        """The parts that hold the article."""
        if not self._scores or self._body.letters < _WHOLE_SITE:
            return [self._named() or self._body]
        best = self._best
        for name in _NAMED:
            named = next((part for part in (best, *best.around()) if name in (part.tag, part.role)), None)
            if named is not None and self._prose(named) <= _TWICE * self._prose(best):
                return self._posts(named)
        chosen = [best, *self._neighbours(best)]
        whole = self._prose(self._body)
        while sum(map(self._prose, chosen)) < whole * _MOST and chosen[0].parent is not None:
            chosen = [chosen[0].parent]
        return sorted(chosen, key=lambda part: part.first)

    def _posts(self, named: Part) -> list[Part]:
        """The article, with those beside it where they are posts that make up the page together."""
        called = attribute(named.node, "class")
        every = [part for part in self._body.walk(self._foreign) if part.tag == named.tag]
        posts = [part for part in every if attribute(part.node, "class") == called]
        others = [part for part in posts if part is not named and part.prose >= _LIKE * named.prose]
        return posts if others and not any(one.holds(two) for one, two in pairwise(posts)) else [named]

    def _neighbours(self, best: Part) -> Iterator[Part]:
        """The parts beside the best that go on with it, and the headings between them."""
        least = max(10, _SIMILAR * self._scores[best])
        beside = [part for part in (best.parent.children if best.parent else ()) if part not in self._foreign]
        like_it = {part for part in beside if self._scores.get(part, 0) >= least or _reads(part)} | {best}
        first, last = min(part.first for part in like_it), max(part.first for part in like_it)
        for part in beside:
            is_between = first < part.first < last and part.tag in HEADINGS
            if part is not best and (part in like_it or is_between):
                yield part

    def _leads(self, chosen: list[Part]) -> Iterator[Part]:
        """What stands between the title and the text: a lead, a picture."""
        titles = [part for part in self._body.walk() if part.tag == "h1" and part.first < chosen[0].first]
        if not titles or any(part.holds(titles[-1]) for part in chosen):
            return
        todo = [self._body]
        while todo:
            part = todo.pop()
            for child in part.children:
                if child.first <= titles[-1].first or child.first >= chosen[0].first or child in self._foreign:
                    todo += [child] if child.holds(titles[-1]) or child.holds(chosen[0]) else []
                elif child.holds(chosen[0]):
                    todo.append(child)
                elif (_reads(child) or child.tag == "figure") and not self._is_side(child):
                    yield child

    def _is_side(self, part: Part) -> bool:
        """Whether a part of the article is none of its text."""
        if part in self._foreign:
            return True
        if part.tag in _SIDES:
            is_titled = part.tag == "header" and part.node.css_first(", ".join(HEADINGS)) is not None
            is_quoted = any(outer.tag == "blockquote" for outer in part.around())
            is_quote = is_quoted or part.node.css_first("blockquote") is not None
            # What stands in an article for itself: a box, words pulled out of it.
            headed = sum(inner.letters for inner in part.walk() if inner.tag in HEADINGS)
            is_told = (
                part.share_of_links < _LITTLE and part.letters > 2 * headed and part.node.css_first("form") is None
            )
            is_box = part.tag == "aside" and is_told and part.parent is not self._body  # where it is of the page
            return not (part.prose or is_titled or is_quote or is_box or part.role.startswith("doc-"))
        if part.tag in _PARAGRAPHS or part.holds(self._best) or _lists_sources(part):
            return False
        # A list of links among paragraphs is a list of theirs; menus have elements of their own around them.
        if part.tag in _LISTS and part.parent is not None and any(beside.prose for beside in part.parent.children):
            return False
        leads_elsewhere = part.share_of_links > _LINKS and part.prose < _LITTLE * part.letters
        is_picture = _is_picture(part) or (part.parent is not None and _is_picture(part.parent))
        return part.letters > 0 and leads_elsewhere and not is_picture

    def _prose(self, part: Part) -> int:
        return sum(_own_prose(inner) for inner in part.walk(self._foreign))

    def _named(self) -> Part | None:
        """The longest part that the page calls its article."""
        for name, share in _NAMED.items():
            parts = [part for part in self._body.walk() if name in (part.tag, part.role)]
            longest = max(parts, key=lambda part: part.letters, default=self._body)
            if longest.letters >= self._body.letters / 3 and longest.prose >= self._body.prose * share:
                return longest
        return None


def _own_prose(part: Part) -> int:
    return part.prose - sum(child.prose for child in part.children)


def _reads(part: Part) -> bool:
    """Whether most of a part is prose."""
    return part.prose > _LINKS * part.letters


def _is_picture(part: Part) -> bool:
    """Whether a part is a picture with what is said of it, such as a link to whose it is."""
    if part.tag in ("figure", "figcaption") or "caption" in attribute(part.node, "class").lower():
        return True
    return part.letters <= _CREDIT and len(part.node.css("img")) == 1 and len(part.node.css("a")) <= _CREDIT_LINKS


def _lists_sources(part: Part) -> bool:
    """Whether a part is links in sentences, as sources are: those of menus and neighbours are short."""
    return part.items > 0 and part.letters > _SOURCE * part.items


def _own_nodes(part: Part) -> Iterator[int]:
    """What lies in an element and in none of its blocks."""
    blocks = {child.node.mem_id for child in part.children}
    return (node.mem_id for node in part.node.iter(include_text=True) if node.mem_id not in blocks)
