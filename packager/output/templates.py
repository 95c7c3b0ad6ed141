"""The templates, and the scripts and styles that they put into documents."""

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

# What a style can do without: spaces, the last semicolon of a rule, the zero before a point, a fourth side that is as
# the second; and no style of ours has a background but a colour.
_SHORTER = (
    (r"\s*([{};])\s*|(?<=[:,])\s+", r"\1"),
    (";}", "}"),
    (r"(?<=[\s:,-])0(?=\.\d)", ""),
    (r"#(.)\1(.)\2(.)\3\b", r"#\1\2\3"),
    (r"(:\S+ (\S+) \S+) \2(?=[;}])", r"\1"),
    ("background-color:", "background:"),
)


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


@cache
def style(name: str) -> str:
    """Return a style as documents carry it: without the spaces that only its authors need."""
    text = (folder() / name).read_text(encoding="utf-8")
    for long, short in _SHORTER:
        text = re.sub(long, short, text)
    return text


def is_own_style(text: str) -> bool:
    """Return whether `text` is a stylesheet of this version's documents."""
    return text.strip() in _own_styles()


def is_own_script(text: str) -> bool:
    """Return whether `text` is a script of this version's documents, whatever data it has of its page."""
    return any(pattern.fullmatch(text) for pattern in _own_scripts())


@cache
def _own_styles() -> frozenset[str]:
    return frozenset((style("base.css") + style(path.name)).strip() for path in folder().glob("*.css"))


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
