"""TOML that no parser takes: the slips that people make most, named with their line and what to write instead."""

from __future__ import annotations

import re
from pathlib import Path

from packager.errors import DefinitionError, on_one_line

MOST_KEY_PARTS = 20
"""The parts of a key, `a.b.c`: of more, Python's parser takes time and memory by the square of their number."""

# What a TOML text consists of, in the order of trial; in strings and comments nothing is a key. What has no end goes on
# to the end of its line, or of the text.
_TOKENS = re.compile(
    r"""
    (?P<other>\#[^\n]*
        |"{3}[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*(?:"{3,5}|\Z)
        |'{3}[^']*+(?:'(?!'')[^']*+)*(?:'{3,5}|\Z))
    |(?P<part>"[^"\\\n]*+(?:\\.[^"\\\n]*+)*"?|'[^'\n]*'?|[^\s."'\[\]{},=\#]+)
    |(?P<dot>\.)
    |(?P<blank>[ \t]+)
    |.
    """,
    re.VERBOSE | re.DOTALL,
)
_POSITION = re.compile(r"(.*) \(at line (\d+), column (\d+)\)", re.DOTALL)
_CURLY = frozenset("“”„‟«»‘’‚‛「」＂")
_CURLY_END = re.compile(rf"[{''.join(sorted(_CURLY))}](?:\s*[,\]}}])?$")
_TABLE = re.compile(r"\s*(\[\[?)\s*([\w.-]+)")
_OPENING = {"Unclosed array": (re.compile(r"=\s*\["), "]"), "Unclosed inline table": (re.compile(r"=\s*\{"), "}")}
_YES_OR_NO = re.compile(r"(yes|no|on|off|true|false)\s*(#|$)", re.IGNORECASE)
_COMPARE = "Compare it with the comments in the bundle.toml that `packager init` writes."


def refuse_long_keys(file: Path, text: str) -> None:
    """Raise DefinitionError for the first key of more than MOST_KEY_PARTS parts."""
    parts, is_after_dot = 0, False
    for token in _TOKENS.finditer(text):
        kind = token.lastgroup
        if kind == "part":
            parts = parts + 1 if is_after_dot else 1
            is_after_dot = False
            if parts > MOST_KEY_PARTS:
                line = text.count("\n", 0, token.start()) + 1
                raise DefinitionError(f"a key has more than {MOST_KEY_PARTS} parts", where=f"{file}, line {line}")
        elif kind == "dot":
            is_after_dot = parts > 0 and not is_after_dot
        elif kind != "blank":
            parts, is_after_dot = 0, False


def syntax_error(file: Path, text: str, error: Exception) -> DefinitionError:
    """Return the error that says what to do about `error`, which the parser raised for `text`."""
    lines = text.split("\n")
    if position := _POSITION.fullmatch(str(error)):
        words, number, column = position[1], int(position[2]), int(position[3])
    else:
        words, number, column = str(error).removesuffix(" (at end of document)"), len(lines), len(lines[-1]) + 1
    slip = _slip(words, lines[number - 1] if number <= len(lines) else lines[-1], column)
    if slip is None and words in _OPENING:
        opening, closing = _OPENING[words]
        above = range(min(number, len(lines)), 0, -1)
        number = next((line for line in above if opening.search(lines[line - 1])), number)
        slip = f"a comma is missing, or the {closing} at the end", _COMPARE
    if slip is None:
        return DefinitionError(on_one_line(f"is not valid TOML: {error}"), where=file, hint=_COMPARE)
    return DefinitionError(slip[0], where=f"{file}, line {number}", hint=slip[1])


def _slip(words: str, line: str, column: int) -> tuple[str, str] | None:
    """What is wrong with a line, and what to do, for the slips that people make most; None for all others."""
    sign = line[column - 1 : column]  # where the parser stopped; "" behind the last character
    table = _TABLE.match(line)
    # Curly marks where a text begins or ends; between straight ones they are letters like others.
    if sign in _CURLY or (line.count('"') % 2 == 1 and _CURLY_END.search(line.rstrip())):
        return "the quotation marks are curly ones", 'Write straight ones: "..."'
    if table and words.startswith(("Cannot declare", "Cannot overwrite")):
        what = f"`{table[2]}` stands here again, and here or before without its second pair of brackets"
        return what, f"Write [[{table[2]}]] each time where several may stand; else keep one."
    if table and words.startswith("Expected ']"):
        return "a bracket is missing", f"Write {table[1]}{table[2]}{']' * len(table[1])}."
    if words == "Invalid value" and sign.isalpha():
        yes = " For yes and no write true and false, in small letters." * bool(_YES_OR_NO.match(line, column - 1))
        return "a text has no quotation marks", f'Write it as in title = "A window".{yes}'
    if words.startswith("Unescaped '\\'"):
        return "a backslash has a meaning of its own here", "Write / between folders, as in comics/escape."
    return None
