"""What is wrong with a text that is not TOML, in plain words for the slips that people make most."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packager.errors import DefinitionError, on_one_line

_AT_LINE = re.compile(r"(.*) \(at line (\d+), column (\d+)\)", re.DOTALL)
_CURLY = frozenset("“”„‟«»‘’‚‛「」＂")
_CURLY_END = re.compile(rf"[{''.join(sorted(_CURLY))}](?:\s*[,\]}}])?$")
_TABLE = re.compile(r"\s*(\[\[?)\s*([\w.-]+)")
_NEVER = re.compile(r"(?!)")
_OPENING = {"Unclosed array": (re.compile(r"=\s*\["), "]"), "Unclosed inline table": (re.compile(r"=\s*\{"), "}")}
_COMPARE = "Compare it with the comments in the bundle.toml that `packager init` writes."


@dataclass(frozen=True, slots=True)
class Problem:
    """What the parser says, and where: lines and columns from 1, the end of the text where it says none."""

    words: str
    lines: Sequence[str]
    line: int
    column: int

    @property
    def text(self) -> str:
        """The line it stopped in."""
        return self.lines[self.line - 1] if self.line <= len(self.lines) else ""

    @property
    def sign(self) -> str:
        """The character it stopped at; "" behind the last."""
        return self.text[self.column - 1 : self.column]


Slip = tuple[int, str, str]  # line, what, hint


def refusal(file: Path, text: str, error: Exception) -> DefinitionError:
    """The error that says what to do about `error`, which the parser raised for `text`."""
    problem = _problem(text, error)
    slip = next(filter(None, (find(problem) for find in _SLIPS)), None)
    if slip is None:
        return DefinitionError(on_one_line(f"is not valid TOML: {error}"), where=file, hint=_COMPARE)
    line, what, hint = slip
    return DefinitionError(what, where=f"{file}, line {line}", hint=hint)


def _problem(text: str, error: Exception) -> Problem:
    lines = text.replace("\r\n", "\n").split("\n")
    match = _AT_LINE.fullmatch(str(error))
    if match:
        return Problem(match[1], lines, int(match[2]), int(match[3]))
    return Problem(str(error).removesuffix(" (at end of document)"), lines, len(lines), len(lines[-1]) + 1)


def _curly_quotes(problem: Problem) -> Slip | None:
    """Curly marks where a text begins or ends; between straight ones they are letters like others."""
    is_open = problem.text.count('"') % 2 == 1
    if problem.sign not in _CURLY and not (is_open and _CURLY_END.search(problem.text.rstrip())):
        return None
    return problem.line, "the quotation marks are curly ones", 'Write straight ones: "..."'


def _table_twice(problem: Problem) -> Slip | None:
    table = _TABLE.match(problem.text)
    if not table or not problem.words.startswith(("Cannot declare", "Cannot overwrite")):
        return None
    what = f"`{table[2]}` stands here again, and here or before without its second pair of brackets"
    return problem.line, what, f"Write [[{table[2]}]] each time where several may stand; else keep one."


def _open_table(problem: Problem) -> Slip | None:
    table = _TABLE.match(problem.text)
    if not table or not problem.words.startswith("Expected ']"):
        return None
    return problem.line, "a bracket is missing", f"Write {table[1]}{table[2]}{']' * len(table[1])}."


def _open_list(problem: Problem) -> Slip | None:
    opening, closing = _OPENING.get(problem.words, (_NEVER, ""))
    above = range(min(problem.line, len(problem.lines)), 0, -1)
    line = next((line for line in above if opening.search(problem.lines[line - 1])), None)
    return (line, f"a comma is missing, or the {closing} at the end", _COMPARE) if line else None


def _no_quotes(problem: Problem) -> Slip | None:
    if problem.words != "Invalid value" or not problem.sign.isalpha():
        return None
    return problem.line, "a text has no quotation marks", 'Write it as in title = "A window".'


def _backslash(problem: Problem) -> Slip | None:
    if not problem.words.startswith("Unescaped '\\'"):
        return None
    return problem.line, "a backslash has a meaning of its own here", "Write / between folders, as in comics/escape."


_SLIPS: Sequence[Callable[[Problem], Slip | None]] = (
    _curly_quotes,
    _table_twice,
    _open_table,
    _open_list,
    _no_quotes,
    _backslash,
)
