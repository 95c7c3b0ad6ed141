"""The elements of a page that its readers see, with how much text each holds and what it is called."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from packager.readers.articles.html.markup import BLOCK, HEADINGS
from packager.readers.articles.html.nodes import attribute, is_hidden
from packager.readers.articles.html.shape import PageShape

_WIDE = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u2e80-\U0003ffff]")
_COMMAS = re.compile("[,،、，;；。]")
_END = re.compile(r"""[.!?…:。！？．।॥؟۔؛]["'”’»›」』)\]]*$""")
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
# What sites call the parts of a page that are not its text.
_COMMENTS = frozenset("comment comments disqus replies respond".split())
_FOREIGN = _COMMENTS | frozenset(
    "ad ads advert advertisement adsense breadcrumb breadcrumbs cookie cookies consent footer gdpr login menu modal "
    "nav navbar navigation newsletter outbrain pager pagination paywall popular popup promo promoted promotion recirc "
    "recirculation recommend recommended recommendations related share sharing sharebar sidebar signup skip social "
    "sponsor sponsored subscribe subscription taboola toolbar trending addthis sharedaddy shareaholic".split()
)
_FOREIGN_ROLES = frozenset("complementary banner contentinfo alert alertdialog menu menubar toolbar".split())
_NEVER_FOREIGN = frozenset("html body main article".split())
_LONG, _SHORT = 140, 40


@dataclass(eq=False, slots=True)
class Part:
    """An element of a page; `own_` counts what stands in no block inside it, the others count that too.

    Letters are those of Latin: wide ones, of which a few are a word, count twice. Prose are the letters of paragraphs
    that read as sentences, `items` are those of lists. Parts are numbered as they come, from `first` to `last` in one.
    """

    node: LexborNode
    parent: Part | None
    first: int
    last: int = 0
    children: list[Part] = field(default_factory=list)
    own_letters: int = 0
    own_linked: int = 0
    own_commas: int = 0
    own_end: str = ""
    letters: int = 0
    linked: int = 0
    prose: int = 0
    items: int = 0

    @property
    def tag(self) -> str:
        return self.node.tag or ""

    @property
    def role(self) -> str:
        return attribute(self.node, "role")

    @property
    def unlinked(self) -> int:
        return self.letters - self.linked

    @property
    def share_of_links(self) -> float:
        return self.linked / self.letters if self.letters else 0.0

    @property
    def names(self) -> frozenset[str]:
        """What those parts are called that it is called like."""
        called = f"{attribute(self.node, 'class')} {attribute(self.node, 'id')}"
        return _FOREIGN.intersection(map(str.lower, _NAME.findall(called)))

    @property
    def is_foreign(self) -> bool:
        """Whether it is called like parts of pages that are not their text."""
        if self.tag in _NEVER_FOREIGN:
            return False
        return bool(self.names) or self.role in _FOREIGN_ROLES

    @property
    def is_comments(self) -> bool:
        return not _COMMENTS.isdisjoint(self.names)

    def holds(self, other: Part) -> bool:
        return self.first <= other.first <= self.last

    def around(self) -> Iterator[Part]:
        """Yield the parts around it, the innermost first."""
        outer = self.parent
        while outer is not None:
            yield outer
            outer = outer.parent

    def walk(self, without: Container[Part] = ()) -> Iterator[Part]:
        """Yield the part and those in it as they come, without some and what is in those."""
        todo = [self]
        while todo:
            part = todo.pop()
            if part not in without:
                yield part
                todo.extend(reversed(part.children))

    def add(self, text: str, *, is_linked: bool) -> None:
        """Count a piece of its own text."""
        shown = " ".join(text.split())
        if shown:
            letters = len(shown) + (0 if shown.isascii() else len(_WIDE.findall(shown)))
            self.own_letters += letters
            self.own_linked += (
                letters if is_linked and self.tag not in HEADINGS else 0
            )  # which are often links to themselves
            self.own_commas += len(_COMMAS.findall(shown))
            self.own_end = shown[-4:]

    def sum_up(self) -> None:
        """Count what lies in it, after all its children have."""
        is_text = self.own_linked <= 0.3 * self.own_letters
        reads = self.own_letters >= _LONG or (self.own_letters >= _SHORT and _END.search(self.own_end))
        self.prose = self.own_letters if is_text and reads else 0
        self.letters, self.linked = self.own_letters, self.own_linked
        self.items = int(self.tag == "li")
        self.last = self.first
        for child in self.children:
            self.letters += child.letters
            self.linked += child.linked
            self.prose += child.prose
            self.items += child.items
            self.last = max(self.last, child.last)


def parts_of(body: LexborNode, shape: PageShape) -> Part:
    """Return the body of a page as a part, with those in it that are seen."""
    every = [Part(body, None, 0)]
    todo = [(child, every[0], False) for child in reversed(list(body.iter(include_text=True)))]
    while todo:
        node, around, is_linked = todo.pop()
        if node.is_text_node:
            around.add(node.text_content or "", is_linked=is_linked)
        elif not is_hidden(node) and node.tag != "svg":
            if node.tag in BLOCK or not shape.is_inline(node):
                part = Part(node, around, len(every))
                around.children.append(part)
                every.append(part)
                around = part
            is_linked = is_linked or (node.tag == "a" and "href" in node.attributes)
            todo.extend((child, around, is_linked) for child in reversed(list(node.iter(include_text=True))))
    for part in reversed(every):
        part.sum_up()
    return every[0]
