"""The credit that an ATTRIBUTION or CREDITS file offers to the works beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from packager.model import Outcome, Remark
from packager.readers.discovery import Work
from packager.readers.files import File, text_of
from packager.readers.kinds import Kind

Remarks = tuple[Remark, ...]

_MARK = re.compile(r"^\s*(#{1,6}|[-*+])\s+")


def credit_of(work: Work, language: str, bundle: Iterable[File], *, said: str = "") -> tuple[str, Remarks]:
    """The credit that the definition gives, else what the text has `said`, else the words of the nearest credit file.

    The remark names the file.
    """
    if work.defined.credit or said:
        return work.defined.credit.in_language(language) if work.defined.credit else said, ()
    file = _credit_file(work, bundle)
    if file is None:
        return "", ()
    message = (
        "its words are shown as the credit; `credit` in bundle.toml overrules them, and an empty one leaves them out"
    )
    return paragraphs(text_of(file)), (Remark(file.source.label, Outcome.TAKEN, message),)


def paragraphs(text: str) -> str:
    """The words of a credit file, one line a paragraph or list item, without Markdown's heading and list marks."""
    lines = (_MARK.sub("\n\n", line, count=1) for line in text.splitlines())
    blocks = re.split(r"\n\s*\n", "\n".join(lines))
    return "\n".join(filter(None, (" ".join(block.split()) for block in blocks)))


def _credit_file(work: Work, bundle: Iterable[File]) -> File | None:
    """The credit file among a comic's own files, else in the nearest folder above the work."""
    own = [file for file in work.files if file.kind is Kind.CREDIT]
    by_folder = {file.path.parent: file for file in bundle if file.kind is Kind.CREDIT}
    above = (by_folder[folder] for folder in (work.place, *work.place.parents) if folder in by_folder)
    return own[0] if own else next(above, None)
