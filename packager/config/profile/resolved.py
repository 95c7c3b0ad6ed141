"""A profile written out whole, each value with where it comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

from packager.config.profile.chain import Link, chain
from packager.config.profile.values import Profile

# What follows the first # that stands in no text.
_COMMENT = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[^"'#])*#\s*(.*)""")
_COLUMN = 48


def resolved(name: str, folder: Path | None = None) -> str:
    """The profile as TOML that stands on its own; behind each value the profile and the words that it comes from.

    Expects a profile that `load` accepts.
    """
    links = chain(name, folder)
    tables = {key: kind for key, kind in get_type_hints(Profile).items() if is_dataclass(kind)}
    lines = ["# " + ", extends ".join(link.name for link in links)]
    lines += _lines(
        links, (), [field.name for field in fields(Profile) if field.name not in ("name", "ignore", *tables)]
    )
    for table, kind in tables.items():
        lines += ["", f"[{table}]", *_lines(links, (table,), [field.name for field in fields(kind)])]
    patterns = dict.fromkeys(pattern for link in reversed(links) for pattern in link.values.get("ignore", {}))
    if patterns:
        lines += ["", "[ignore]", *_lines(links, ("ignore",), patterns)]
    return "\n".join(lines)


def _lines(links: tuple[Link, ...], table: tuple[str, ...], keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        for link in links:
            values = link.values.get(table[0], {}) if table else link.values
            if key in values:
                said = f"{key if table != ('ignore',) else _toml(key)} = {_toml(values[key])}"
                yield f"{said:<{_COLUMN}}  # {_origin(link, (*table, key))}"
                break


def _origin(link: Link, keys: tuple[str, ...]) -> str:
    """The profile that says it, and why: the comment on its line, else the line's number."""
    place = link.place
    for key in keys:
        place = place.at(key)
    line = place.line or 0
    comment = _COMMENT.match(place.text.splitlines()[line - 1]) if line else None
    return f"{link.name}: {comment[1].strip() if comment else f'line {line}'}"


def _toml(value: Any) -> str:
    """A value as TOML writes it; JSON's texts are TOML's, but for the one control character that JSON lets stand."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:_}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
