"""The templates, and the scripts that they put into documents."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

# The script of a template, and in it what a page puts there: another file, or data as JSON.
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_BLANK = re.compile(r'{{ (?:script\("([\w.]+)"\) \| safe|[^}]+ \| tojson) }}')

# JSON that a script can read as it stands: a string, or an object of plain values.
_LETTERS = r'[^"\\\x00-\x1f\u2028\u2029]*+'
_STRING = rf'"{_LETTERS}(?:\\(?:["\\/bfnrt]|u[0-9a-f]{{4}}){_LETTERS})*"'
_PAIR = rf"{_STRING}:(?:{_STRING}|-?\d+|true|false)"
_JSON = rf"(?:{_STRING}|{{{_PAIR}(?:,{_PAIR})*}})"


@cache
def folder() -> Path:
    """Return where the templates lie: beside the package in a checkout, else inside the installed package."""
    package = Path(__file__).parents[1]
    for candidate in (package.parent / "templates", package / "templates"):
        if (candidate / "home.html").is_file():
            return candidate
    raise FileNotFoundError("templates are missing from this installation")


@cache
def script(name: str) -> str:
    """Return a script as documents carry it; `reader.min.js` is what `make minify` makes of `reader.js`."""
    return (folder() / name).read_text(encoding="utf-8").rstrip("\n")


def is_own_script(text: str) -> bool:
    """Return whether `text` is a script of this version's documents, whatever data it has of its page."""
    return any(pattern.fullmatch(text) for pattern in _own_scripts())


@cache
def _own_scripts() -> tuple[re.Pattern[str], ...]:
    sources = (path.read_text(encoding="utf-8") for path in sorted(folder().glob("*.html")))
    return tuple(re.compile(_pattern(found)) for source in sources for found in _SCRIPT.findall(source))


def _pattern(source: str) -> str:
    """Return what matches the script that a template holds, with any data in its blanks."""
    parts, at = [], 0
    for blank in _BLANK.finditer(source):
        parts += [re.escape(source[at : blank.start()]), re.escape(script(blank[1])) if blank[1] else _JSON]
        at = blank.end()
    return "".join((*parts, re.escape(source[at:])))
