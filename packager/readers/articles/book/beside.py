"""What books of ours say beside the text of an article: who wrote it, what it is about, and the credit at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborHTMLParser

_AUTHORS, _SUMMARY, _CREDIT = "h1 + p.authors", "p.summary[role=doc-abstract]", "section.credit[role=doc-credits]"


@dataclass(slots=True)
class Beside:
    """What was taken out of the documents of a book; `named` are words that get lost with it."""

    summary: str = ""
    credit: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)

    def take(self, tree: LexborHTMLParser, authors: Sequence[str]) -> None:
        """Take it out of one document of a book by these authors."""
        byline = tree.css_first(_AUTHORS)
        if byline is not None and authors and _words(byline.text()) == ", ".join(authors):
            byline.decompose()
        summary = tree.css_first(_SUMMARY)
        if summary is not None and not self.summary:
            self.summary = _words(summary.text())
            summary.decompose()
        credit = tree.css_first(_CREDIT)
        if credit is not None:
            self.credit += [_words(line.text()) for line in credit.css("p")]
            self.named += [_words(heading.text()) for heading in credit.css("h2")]
            credit.decompose()


def _words(text: str) -> str:
    return " ".join(text.split())
