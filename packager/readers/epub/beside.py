"""What books of ours say behind the pages of a comic: transcripts, the page about the artist, the credit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_SECTIONS = "section.transcript[lang], section.about[lang], section.credit[role=doc-credits]"


@dataclass(frozen=True, slots=True)
class BookSection:
    """One section: its `kind` is its class, its `lines` stand each with the member of the page that they are of."""

    kind: str
    language: str
    lines: tuple[tuple[str, str], ...] = ()
    html: str = ""

    def file(self, page_of: Callable[[str], int]) -> tuple[str, str]:
        """Return the name of the file that says the same beside a comic, and what stands in it."""
        if self.kind == "about":
            return f"about.{self.language}.html", f"<title>about</title>{self.html}"
        if self.kind == "credit":
            return "credits.md", "\n".join(line for _, line in self.lines)
        return f"transcript.{self.language}.md", "\n".join(self._by_page(page_of))

    def _by_page(self, page_of: Callable[[str], int]) -> Iterator[str]:
        told = ""
        for member, line in self.lines:
            if member != told:
                told = member
                yield f"\n## {page_of(member):05}\n"
            yield f"- {line}"


def take_sections(tree: LexborHTMLParser, member: Callable[[str], str]) -> Iterator[BookSection]:
    """Take the sections out of a document; `member` gives that which an address in it means."""
    for section in tree.css(_SECTIONS):
        kind, language = section.attributes.get("class") or "", section.attributes.get("lang") or ""
        for heading in section.css("h2"):
            heading.decompose()
        lines: list[tuple[str, str]] = []
        place = ""
        for node in section.css("h3 > a[href], p") if kind != "about" else ():
            if node.tag == "a":
                place = member(node.attributes.get("href") or "")
            elif words := " ".join(node.text().split()):
                lines.append((place, words))
        html = "".join(child.html or "" for child in section.iter(include_text=True)) if kind == "about" else ""
        section.decompose()
        yield BookSection(kind, language, tuple(lines), html)
