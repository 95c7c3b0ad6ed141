"""What a style asks for: addresses, imports, code, and a browser newer than those of 2009."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packager.check.newer import newer_declarations, newer_styles

COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\r\n\f]?|(.))", re.DOTALL)
ADDRESS = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))""", re.IGNORECASE)
# Functions that take an address as a plain string, and addresses wherever else they stand.
BARE = re.compile(r"""(?:image-set|image|src)\(\s*["']([^"']*)|["']\s*((?:[a-z]+:)?//[^"'\s]*)""", re.IGNORECASE)
IMPORT = re.compile(r"@import\b", re.IGNORECASE)
CODE = re.compile(r"\bexpression\s*\(|\bbehavior\s*:|-moz-binding\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StyleFacts:
    addresses: tuple[str, ...]
    imports: int
    code: tuple[str, ...]
    newer: tuple[str, ...]


def style_facts(style: str, *, is_attribute: bool = False) -> StyleFacts:
    """What `style`, a stylesheet or a style attribute, asks for; escapes undone, comments apart."""
    plain = COMMENT.sub(" ", style)
    text = ESCAPE.sub(_unescaped, plain)
    named = [next((part for part in match.groups() if part), "") for match in ADDRESS.finditer(text)]
    rest = ADDRESS.sub(" ", text)
    bare = [match[1] or match[2] or "" for match in BARE.finditer(rest)]
    return StyleFacts(
        addresses=tuple(address.strip() for address in (*named, *bare)),
        imports=len(IMPORT.findall(text)),
        code=tuple(match.strip(" :(").lower() for match in CODE.findall(text)),
        newer=tuple(dict.fromkeys(newer_declarations(plain) if is_attribute else newer_styles(plain))),
    )


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[2]
    code = int(match[1], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
