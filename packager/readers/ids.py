"""Ids of publications: the definition's, else numbers or titles."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from packager.config.definition import RESERVED_NAMES, Definition
from packager.errors import DefinitionError
from packager.model import NameStyle
from packager.readers.versions import Reading
from packager.text.spelling import plain_name

_LONGEST = 32


def ids_of(readings: Sequence[Reading], definition: Definition) -> tuple[str, ...]:
    """One id for each reading, in order; raises DefinitionError where two would have the same."""
    ids: list[str] = []
    given = {reading.work.defined.id for reading in readings}
    for position, reading in enumerate(readings, start=1):
        number = _number(position, len(readings), definition)
        if definition.names is NameStyle.TITLES:
            number = _unused(plain_name(reading.versions[0].version.title, _LONGEST) or number, given | set(ids))
        ids.append(reading.work.defined.id or number)
    _refuse_equals(ids, readings)
    return tuple(ids)


def prefix_of(definition: Definition) -> str:
    """The prefix of the numbers: the definition's, else one letter and two digits of the tree's name.

    Two trees that are copied into one folder then rarely mix.
    """
    digits = int.from_bytes(hashlib.sha256(definition.name.encode()).digest()) % 100
    letter = next((letter for letter in definition.name if "a" <= letter <= "z"), "p")
    return definition.prefix or f"{letter}{digits:02}"


def _number(position: int, total: int, definition: Definition) -> str:
    return f"{prefix_of(definition)}{position:0{max(2, len(str(total)))}}"


def _unused(name: str, used: set[str]) -> str:
    """`name`, with a number behind it where it is taken or has a meaning of its own."""
    candidate, count = name, 1
    while candidate in used or candidate in RESERVED_NAMES:
        count += 1
        candidate = f"{name[: _LONGEST - len(str(count)) - 1]}-{count}"
    return candidate


def _refuse_equals(ids: Sequence[str], readings: Sequence[Reading]) -> None:
    first: dict[str, Reading] = {}
    for name, reading in zip(ids, readings, strict=True):
        other = first.setdefault(name, reading)
        if other is not reading:
            raise DefinitionError(
                f"{other.work.label} and {reading.work.label} have the same id `{name}`",
                hint="Give one of them another `id` in bundle.toml.",
            )
