"""Plain texts beside works: their words, the credit that they offer, and the addresses and names that they mention."""

from __future__ import annotations

import re
from collections import Counter

from packager.errors import SourceError
from packager.model import Outcome, Remark, Source
from packager.readers.context import ReadContext, Remarks
from packager.readers.discovery import FoundWork
from packager.readers.files import FileKind
from packager.sandbox.limits import LIMITS
from packager.text.mentions import MentionKind, mentions

_LIST_OR_HEADING_MARK = re.compile(r"^\s*(#{1,6}|[-*+])\s+")
_MOST_MENTIONS = 1_000
"""Of one text that are reported one by one: nobody reads a longer list."""


def text_of(source: Source) -> str:
    """Return the words of a plain text in any encoding; raises SourceError. A job for a worker."""
    from packager.archive.read import read_source
    from packager.readers.encodings import decode

    text = decode(read_source(source), label=source.label)
    if len(text.encode()) > LIMITS.text_bytes:
        what = f"has more than {LIMITS.text_bytes >> 20} MB of words"
        raise SourceError(what, where=source.label, hint="Split it into several texts.")
    return text


def mentions_in(text: str, label: str) -> Remarks:
    """Return a remark for each address, @name, number and call for donations in a text, so that each can be looked at.

    `label` names the text. Where there are very many, the others are counted.
    """
    remarks: list[Remark] = []
    others: Counter[MentionKind] = Counter()
    for mention in mentions(text):
        if len(remarks) < _MOST_MENTIONS:
            remarks.append(Remark(label, Outcome.SHOWN, f"{mention.kind}: {mention.text}", mention.line))
        else:
            others[mention.kind] += 1
    more = (Remark(label, Outcome.SHOWN, f"{kind}: and {count:,} more") for kind, count in others.items())
    return (*remarks, *more)


def credit_of(work: FoundWork, language: str, context: ReadContext, *, from_text: str = "") -> tuple[str, Remarks]:
    """Return the credit of a work, with remarks on the file that it comes from.

    It is the definition's, else the one that stands in its text, else the words of the nearest credit file.
    """
    if work.defined.credit or from_text:
        return work.defined.credit.in_language(language) if work.defined.credit else from_text, ()
    own = (file for file in work.files if file.kind is FileKind.CREDIT)
    file = next(own, None) or context.credit_file(work.path)
    if file is None:
        return "", ()
    label = file.source.label
    if file.size_bytes > LIMITS.credit_bytes:
        message = f"not shown as the credit: it has {file.size_bytes:,} bytes, and the limit is {LIMITS.credit_bytes:,}"
        return "", (Remark(label, Outcome.WARNING, message),)
    message = "its text is shown as the credit; set `credit` in bundle.toml to show another, or an empty one for none"
    text = context.ask(file.source, text_of, file.source)
    return paragraphs(text), (Remark(label, Outcome.TAKEN, message), *mentions_in(text, label))


def paragraphs(text: str) -> str:
    """Return the words of a credit file, one line a paragraph or list item, without Markdown's marks before them."""
    lines = (_LIST_OR_HEADING_MARK.sub("\n\n", line, count=1) for line in text.splitlines())
    blocks = re.split(r"\n\s*\n", "\n".join(lines))
    return "\n".join(filter(None, (" ".join(block.split()) for block in blocks)))
