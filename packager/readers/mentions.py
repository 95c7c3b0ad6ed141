"""Addresses, @names and telephone numbers in a source, reported so that an organizer can look at each."""

from __future__ import annotations

from packager.mentions import mentions
from packager.model import Outcome, Remark


def scan(text: str, label: str) -> tuple[Remark, ...]:
    """One remark for each address, @name, number and call for donations in each line; `label` names the text."""
    return tuple(
        Remark(label, Outcome.SHOWN, f"{mention.kind}: {mention.text}", mention.line) for mention in mentions(text)
    )
