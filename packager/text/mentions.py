"""Addresses, @names, telephone numbers and calls for donations that stand in a text (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class MentionKind(StrEnum):
    """What a mention is; the value is how people are told."""

    EMAIL = "e-mail"
    ADDRESS = "address"
    NAME = "@name"
    PHONE = "phone"
    DONATION = "call for donations"
    PRIVATE = "private note"


@dataclass(frozen=True, slots=True)
class Mention:
    """One of them, as it stands in its line; lines count from 1, None where they are not the author's."""

    kind: MentionKind
    text: str
    line: int | None


_ENDINGS = (
    "com|org|net|edu|gov|int|mil|info|biz|name|io|app|dev|me|tv|ly|gl|gg|blog|news|media|link|page|site|online|foundation|ngo|ong|"
    "co|kr|kp|cn|hk|tw|jp|uk|us|ca|au|de|fr|es|nl|be|ch|at|se|fi|dk|pl|cz|ru|ua|by|ir|sa|ae|eg|tr|br|mx|ar|asia|eu"
)
_HOST = rf"(?:[\w-]{{1,63}}\.){{1,8}}(?:{_ENDINGS})(?![A-Za-z0-9-]|\.[A-Za-z0-9])"
_PATH = r"(?:[/?#][^\s<>\"'“”‘’«»()\[\]{}。，、]*)?"
_PATTERNS = (
    (MentionKind.EMAIL, re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}@{_HOST}")),
    (MentionKind.ADDRESS, re.compile(r"\b(?:https?|ftp)://[^\s<>\"'“”‘’«»()\[\]{}。，、]+", re.IGNORECASE)),
    (MentionKind.ADDRESS, re.compile(rf"(?<![\w@.-])(?:{_HOST}|www(?:\.[\w-]{{1,63}}){{2,6}}){_PATH}")),
    (MentionKind.NAME, re.compile(r"(?<![\w@./+-])@(?=[\w.]*[^\W\d])\w[\w.]{1,49}")),
    (
        MentionKind.PHONE,
        re.compile(
            r"(?<![\w.+-])(?:(?:\+|00 ?(?=[1-9](?:[ ./()-]*\d){7}))\d{1,3}[ ./-]?(?:\(\d{1,4}\)[ .-]?)?"
            r"\d{1,5}(?:[ ./-]\d{2,8}){1,5}|\+\d{8,14}"
            r"|\(?0\d{1,4}\)?[ .-]\d{3,4}[ .-]\d{3,4}|\(?0\d{2,4}\)?(?:[ -]| ?/ ?)\d{5,8}|0\d(?:[ .]\d{2}){4}"
            r"|1[3-9]\d[ -]\d{4}[ -]\d{4}|8 ?\(\d{3}\) ?\d{3}-\d{2}-\d{2}"
            r"|\(\d{3}\) ?\d{3}[ .-]\d{4}|(?:1[ .-])?\d{3}[.-]\d{3}[.-]\d{4})(?![\w-])"
        ),
    ),
    (
        MentionKind.DONATION,
        re.compile(
            r"\b(?:donate|donations? (?:to|are|is|can|welcome)|patreon|ko-fi|paypal|gofundme|buy me a coffee)\b"
            r"|\b(?:tip jar|IBAN)\b|\b(?:bc1[0-9a-z]{25,59}|0x[0-9a-f]{40})\b"
            r"|\b(?:donar|haz un donativo|spenden sie|faire un don)\b|пожертвуй"
            r"|후원 ?계좌|후원(?:해|하기)|기부(?:해|하기)|계좌 ?번호|捐款|捐助|寄付(?:して|する)|تبرع",
            re.IGNORECASE,
        ),
    ),
)
_STYLE_RULES = {"@media", "@import", "@charset", "@font", "@keyframes", "@page", "@supports", "@namespace", "@layer"}


def mentions(text: str) -> Iterator[Mention]:
    """What each line of `text` mentions, in reading order, each thing once a line."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > 1:  # a text may be nothing but ends of lines
            yield from dict.fromkeys(Mention(kind, what, number) for kind, what in _in_line(line))


def _in_line(line: str) -> Iterator[tuple[MentionKind, str]]:
    places: list[tuple[int, MentionKind, str]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(line):
            what = match[0].rstrip(".,;:!?…")
            if what not in _STYLE_RULES:
                places.append((match.start(), kind, re.sub("^https?://", "", what)))
        # What is one thing already is not looked at again: the host of an e-mail address, the numbers of a path.
        line = pattern.sub(lambda match: "/" * len(match[0]), line)
    return ((kind, what) for _, kind, what in sorted(places))
