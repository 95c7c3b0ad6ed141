"""Rules, and how findings on them say what is wrong: sizes, counts, and text taken from files."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packager.model import Finding, Severity
from packager.text.spelling import first_of, size

LONGEST = 120
LONGEST_PATH = 400
# Control, format (bidi, zero width, tags), surrogate (bytes of names that are no text), private, line ends.
UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


@dataclass(frozen=True, slots=True)
class Rule:
    """A stable code; `summary` says what must hold, `remedy` what to do, `source` where the rule comes from.

    `proof` says how it is known that it holds, `cannot` what holds all the same and is not seen.

    A rule whose `severity` is a warning asks the organizer to look and to decide.
    """

    code: str
    summary: str
    remedy: str
    source: str
    severity: Severity
    proof: str
    cannot: str
    family: str


_TABLE = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
_FAMILIES = _TABLE.pop("families")


def _rule(code: str, rule: dict[str, str]) -> Rule:
    """A rule of the table; how it is proven, and what it cannot see, stand with its family where not with itself."""
    told: dict[str, Any] = {"severity": Severity.ERROR} | _FAMILIES[code[0]] | rule
    return Rule(**told | {"code": code, "severity": Severity(told["severity"])})


RULES = {code: _rule(code, rule) for code, rule in _TABLE.items()}


def finding(code: str, path: str, message: str, line: int | None = None) -> Finding:
    """Return a rule broken at `path`, in its `line` counted from 1; `message` says what is wrong there."""
    rule = RULES[code]
    return Finding(show(path, LONGEST_PATH), code, message, rule.remedy, rule.severity, line)


def show(text: str, longest: int = LONGEST) -> str:
    """Return `text` fit for a terminal: what cannot be seen is escaped, what is long is cut."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(_escaped(letter) if unicodedata.category(letter) in UNSEEN else letter for letter in cut)


def listed(names: Iterable[str], most: int = 5) -> str:
    """Return the first few of `names`, fit for a terminal, and how many more there are."""
    distinct = tuple(dict.fromkeys(names))
    return first_of([show(name) for name in distinct], most)


def size_against(measured: int, limit: int) -> str:
    """Return a size and the limit it passes, exact where rounding would make them look alike."""
    if size(measured) == size(limit):
        return f"{measured:,} bytes; at most {limit:,} bytes"
    return f"{size(measured)}; at most {size(limit)}"


def count_against(measured: int, limit: int, unit: str) -> str:
    """Return a count and the limit it passes."""
    return f"{measured:,} {unit}; at most {limit:,}"


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
