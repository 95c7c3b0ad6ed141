"""Addresses, @names and telephone numbers in a source, reported so that an organizer can look at each."""

from __future__ import annotations

from collections import Counter

from packager.model import Outcome, Remark
from packager.text.mentions import MentionKind, mentions

_MOST = 1_000
"""Of a text are told one by one: a longer list is read by nobody."""


def scan(text: str, label: str) -> tuple[Remark, ...]:
    """One remark for each address, @name, number and call for donations in each line; `label` names the text.

    Where there are very many, the others are counted.
    """
    remarks: list[Remark] = []
    others: Counter[MentionKind] = Counter()
    for mention in mentions(text):
        if len(remarks) < _MOST:
            remarks.append(Remark(label, Outcome.SHOWN, f"{mention.kind}: {mention.text}", mention.line))
        else:
            others[mention.kind] += 1
    more = (Remark(label, Outcome.SHOWN, f"{kind}: and {count:,} more") for kind, count in others.items())
    return (*remarks, *more)
