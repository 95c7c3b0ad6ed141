"""The templates, and the scripts and styles that they put into documents."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

SCRIPTS, STYLES = "scripts.txt", "styles.txt"
SHEETS = ("article.css", "comic.css", "home.css", "film.css")  # each behind base.css
BOOK_SHEETS = ("epub/style.css", "epub/comic.css")
_CLASS = re.compile(r"\.([a-z]+)(?=[^{}]*\{)")

# What a style can do without: spaces, the last semicolon of a rule, the zero before a point, a fourth side that is as
# the second; and no style of ours has a background but a colour.
_SHORTER = (
    (r"\s*([{};])\s*|(?<=[:,])\s+|\s+(?=!)", r"\1"),
    (";}", "}"),
    (r"(?<=[\s:,(-])0(?=\.\d)", ""),
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


def script_hash(name: str) -> str:
    """Return the hash of a script as policies write it; Content Security Policy 2, 4.2.5."""
    return hash_of(script(name))


def hash_of(text: str) -> str:
    """Return the hash of a script as policies write it, or of a style."""
    digest = hashlib.sha256(text.encode(errors="replace")).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@cache
def style(name: str) -> str:
    """Return a style as documents carry it: without the spaces that only its authors need."""
    text = (folder() / name).read_text(encoding="utf-8")
    for long, short in _SHORTER:
        text = re.sub(long, short, text)
    return text


def whole_style(sheet: str) -> str:
    """Return what stands in the style element of documents that have this sheet."""
    return f"\n{style('base.css')}{style(sheet)}\n"


def is_own_style(text: str) -> bool:
    """Return whether `text` is, to the letter, a style that this version or an earlier one put into documents."""
    return hash_of(text) in _listed(STYLES)


@cache
def own_classes() -> frozenset[str]:
    """Return the names of classes that our stylesheets have rules for."""
    sheets = (path.read_text(encoding="utf-8") for path in folder().glob("*.css"))
    return frozenset(name for sheet in sheets for name in _CLASS.findall(sheet))


def own_scripts() -> frozenset[str]:
    """Return the hashes of all scripts that this version and earlier ones put into documents."""
    return _listed(SCRIPTS)


@cache
def _listed(name: str) -> frozenset[str]:
    lines = (folder() / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines if line and not line.startswith("#"))
