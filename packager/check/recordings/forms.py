"""The table of all that containers of film and sound may hold, and how a box or a chunk is held against it."""

from __future__ import annotations

import re
import sys
import tomllib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from packager.check.containers import DamageError
from packager.check.findings import show

_TABLE: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("forms.toml").read_text(encoding="utf-8"))
_NAMES = re.compile(r"\w{3} ?\w?|AVI ")
_FIELD = re.compile(r"(?:(?P<name>\w+):(?P<size>\d+)(?P<fixed>=(?P<values>\S*))?|\*(?P<row>\d+))(?: |$)")


@dataclass(frozen=True, slots=True)
class _Field:
    """One number: its bytes, and those that it may be; () for one that follows from the rest of the file."""

    name: str
    size: int
    values: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    fields: tuple[_Field, ...]
    row: int | None

    @property
    def size(self) -> int:
        return sum(one.size for one in self.fields)


@dataclass(slots=True)
class ContainerPart:
    """A box of an MP4, or a chunk of an AVI: its numbers by name, the rows or bytes behind them, and what it holds."""

    name: str
    values: dict[str, int] = field(default_factory=dict)
    rows: array[int] = field(default_factory=lambda: array("I"))
    rest: bytes = b""
    inner: list[ContainerPart] = field(default_factory=list)

    def __getitem__(self, path: str) -> ContainerPart:
        """What lies in it at a path of names; DamageError where nothing does."""
        name, _, further = path.partition("/")
        found = next((one for one in self.inner if one.name == name), None)
        if found is None:
            raise DamageError(f"it has no {name.strip()} in its {self.name.strip()}")
        return found[further] if further else found

    def number(self, name: str) -> int:
        """One of its numbers; DamageError where it has no form with that number."""
        if name not in self.values:
            raise DamageError(f"its {self.name.strip()} says no {name}")
        return self.values[name]

    def all(self, name: str) -> list[ContainerPart]:
        """Each part of that name in it."""
        return [one for one in self.inner if one.name == name]


class Forms:
    """The forms of one kind of container."""

    def __init__(self, container: Literal["mp4", "avi"]) -> None:
        self.order: Literal["big", "little"] = "big" if container == "mp4" else "little"
        table = _TABLE[container]
        self._holds = {name: re.compile(pattern) for name, pattern in table["holds"].items()}
        self._places = {name: frozenset(_NAMES.findall(pattern)) for name, pattern in table["holds"].items()}
        forms = {name: [one] if isinstance(one, str) else one for name, one in table["fields"].items()}
        self._forms = {name: [_form(one, self.order) for one in texts] for name, texts in forms.items()}

    def holds_parts(self, name: str) -> bool:
        """Whether there may be parts in a part of this name."""
        return name in self._holds

    def has_place(self, name: str, outer: str) -> bool:
        """Whether a part of this name may lie in one of that name; such places go on for ever nowhere."""
        return name in self._places[outer]

    def size_before_parts(self, name: str) -> int:
        """The bytes of a part's own numbers, behind which the parts in it begin."""
        return self._forms[name][0].size if name in self._forms else 0

    def strangers(self, name: str, inner: list[str]) -> list[str]:
        """Return those of the parts in a part that have no place there, as people call them."""
        strangers = (one for one in inner if not self.has_place(one, name))
        return [f"{_TABLE['words'][one]} ({one})" if one in _TABLE["words"] else one for one in strangers]

    def are_in_order(self, name: str, inner: list[str]) -> bool:
        """Whether the parts in a part are all that must be there, each in its place."""
        return self._holds[name].fullmatch(" ".join(inner)) is not None

    def read(self, name: str, content: bytes) -> tuple[ContainerPart, tuple[str, ...]]:
        """Return the part whose own content this is, and what in it has not the value of the form."""
        forms = self._forms.get(name, (_Form((), None),))
        tried = [self._read(name, form, content) for form in forms if _fits(form, content)]
        if not tried:
            return ContainerPart(name), (f"its {show(name.strip())} is of another form ({len(content):,} bytes)",)
        return min(tried, key=lambda one: len(one[1]))

    def _read(self, name: str, form: _Form, content: bytes) -> tuple[ContainerPart, tuple[str, ...]]:
        part, wrong, at = ContainerPart(name), list[str](), 0
        for one in form.fields:
            value = content[at : at + one.size]
            at += one.size
            part.values[one.name] = int.from_bytes(value, self.order)
            if one.values and value not in one.values:
                wrong.append(f"{one.name} in its {name.strip()} is {_shown(value)}")
        if form.row:
            part.rows.frombytes(content[at:])
            if self.order != sys.byteorder:
                part.rows.byteswap()
        elif form.row == 0:
            part.rest = content[at:]
        return part, tuple(wrong)


@cache
def forms(container: Literal["mp4", "avi"]) -> Forms:
    """Return the forms of a container, read once."""
    return Forms(container)


def _shown(value: bytes) -> str:
    text = value.strip(b"\0")
    if text and all(0x20 <= byte < 0x7F for byte in text):
        return f'"{show(text.decode())}"'
    return f"0x{value.hex()}" if len(value) <= 8 else "not what it must be"


def _fits(form: _Form, content: bytes) -> bool:
    rest = len(content) - form.size
    return rest == 0 if form.row is None else rest >= 0 and (not form.row or rest % form.row == 0)


def _form(text: str, order: Literal["big", "little"]) -> _Form:
    parsed = list(_FIELD.finditer(text))
    numbers = tuple(_field(one, order) for one in parsed if one["name"])
    return _Form(numbers, next((int(one["row"]) for one in parsed if one["row"]), None))


def _field(one: re.Match[str], order: Literal["big", "little"]) -> _Field:
    size = int(one["size"])
    values = one["values"].split("|") if one["fixed"] else []
    return _Field(one["name"], size, tuple(_value(value, size, order) for value in values))


def _value(text: str, size: int, order: Literal["big", "little"]) -> bytes:
    return text.strip("'").encode() if text.startswith("'") else int(text or "0", 0).to_bytes(size, order)
