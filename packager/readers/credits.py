"""The credit that an ATTRIBUTION or CREDITS file offers to the works beside it."""

from __future__ import annotations

import re

from packager.model import Outcome, Remark
from packager.readers import mentions
from packager.readers.discovery import Work
from packager.readers.files import File, text_of
from packager.readers.kinds import Kind
from packager.readers.shelf import Shelf
from packager.sandbox.limits import LIMITS

Remarks = tuple[Remark, ...]

_MARK = re.compile(r"^\s*(#{1,6}|[-*+])\s+")


def credit_of(work: Work, language: str, shelf: Shelf, *, said: str = "") -> tuple[str, Remarks]:
    """The credit that the definition gives, else what the text has `said`, else the words of the nearest credit file.

    The remark names the file.
    """
    if work.defined.credit or said:
        return work.defined.credit.in_language(language) if work.defined.credit else said, ()
    file = _credit_file(work, shelf)
    if file is None:
        return "", ()
    if file.size_bytes > LIMITS.credit_bytes:
        message = f"not shown as the credit: it has {file.size_bytes:,} bytes, and {LIMITS.credit_bytes:,} are read"
        return "", (Remark(file.source.label, Outcome.WARNING, message),)
    message = (
        "its words are shown as the credit; `credit` in bundle.toml overrules them, and an empty one leaves them out"
    )
    text, label = shelf.ask(file.source, text_of, file.source), file.source.label
    return paragraphs(text), (Remark(label, Outcome.TAKEN, message), *mentions.scan(text, label))


def paragraphs(text: str) -> str:
    """The words of a credit file, one line a paragraph or list item, without Markdown's heading and list marks."""
    lines = (_MARK.sub("\n\n", line, count=1) for line in text.splitlines())
    blocks = re.split(r"\n\s*\n", "\n".join(lines))
    return "\n".join(filter(None, (" ".join(block.split()) for block in blocks)))


def _credit_file(work: Work, shelf: Shelf) -> File | None:
    """The credit file among a comic's own files, else in the nearest folder above the work."""
    own = [file for file in work.files if file.kind is Kind.CREDIT]
    above = (shelf.credit_by_folder.get(folder) for folder in (work.place, *work.place.parents))
    return own[0] if own else next(filter(None, above), None)
