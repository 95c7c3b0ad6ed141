"""Addresses, @names and telephone numbers that stand in a text, so that an organizer can look at each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packager.model import Outcome, Remark

_ENDINGS = (
    "com|org|net|edu|gov|int|mil|info|biz|name|io|app|dev|me|tv|ly|gl|gg|blog|news|media|link|page|site|online|foundation|ngo|ong|"
    "co|kr|kp|cn|hk|tw|jp|uk|us|ca|au|de|fr|es|nl|be|ch|at|se|fi|dk|pl|cz|ru|ua|by|ir|sa|ae|eg|tr|br|mx|ar|asia|eu"
)
_HOST = rf"(?:[\w-]{{1,63}}\.){{1,8}}(?:{_ENDINGS})(?![A-Za-z0-9-]|\.[A-Za-z0-9])"
_PATH = r"(?:[/?#][^\s<>\"'“”‘’«»()\[\]{}。，、]*)?"
_KINDS = (
    ("e-mail", re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}@{_HOST}")),
    ("address", re.compile(r"\b(?:https?|ftp)://[^\s<>\"'“”‘’«»()\[\]{}。，、]+", re.IGNORECASE)),
    ("address", re.compile(rf"(?<![\w@.-])(?:{_HOST}|www(?:\.[\w-]{{1,63}}){{2,6}}){_PATH}")),
    ("@name", re.compile(r"(?<![\w@./+-])@(?=[\w.]*[^\W\d])\w[\w.]{1,49}")),
    (
        "phone",
        re.compile(
            r"(?<![\w.+-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,5}(?:[ .-]\d{2,5}){1,4}|\+\d{8,14}"
            r"|\(?0\d{1,4}\)?[ .-]\d{3,4}[ .-]\d{3,4}"
            r"|\(\d{3}\) ?\d{3}[ .-]\d{4}|(?:1[ .-])?\d{3}[.-]\d{3}[.-]\d{4})(?![\w-])"
        ),
    ),
)
_STYLE_RULES = {"@media", "@import", "@charset", "@font", "@keyframes", "@page", "@supports", "@namespace", "@layer"}


def scan(text: str, label: str) -> tuple[Remark, ...]:
    """One remark for each address, @name and number in each line, in reading order; `label` names the text."""
    return tuple(
        Remark(label, Outcome.SHOWN, message, number)
        for number, line in enumerate(text.split("\n"), start=1)
        for message in dict.fromkeys(_mentions(line))
    )


def _mentions(line: str) -> Iterator[str]:
    found: list[tuple[int, str]] = []
    for kind, pattern in _KINDS:
        for match in pattern.finditer(line):
            what = match[0].rstrip(".,;:!?…")
            if what not in _STYLE_RULES:
                found.append((match.start(), _message(kind, what)))
        # What is one thing already is not looked at again: the host of an e-mail address, the numbers of a path.
        line = pattern.sub(lambda match: "/" * len(match[0]), line)
    return (message for _, message in sorted(found))


def _message(kind: str, what: str) -> str:
    return f"@name: {what}" if kind == "@name" else f"{kind}: {re.sub('^https?://', '', what)}"
