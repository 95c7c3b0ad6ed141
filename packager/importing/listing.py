"""`[[publication]]` entries added to a bundle.toml, all that stands in it kept as it is."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from packager.config.definition import FILE_NAME
from packager.errors import DefinitionError, OutputError
from packager.output.staging.file import put

_BEGINNING = "# What `packager import` put here is listed below; only what is listed is built.\n"
_BYTE_ORDER_MARK = "\ufeff"  # Windows' Notepad writes one, and the file keeps it


def require_room(bundle: Path, entries: Iterable[Mapping[str, object]]) -> None:
    """Raise what `add` raises where the file cannot be read or cannot take the entries."""
    _grown(bundle / FILE_NAME, entries)


def add(bundle: Path, entries: Iterable[Mapping[str, object]]) -> None:
    """Append the entries, in the file's own line ends.

    Raises DefinitionError where the file cannot take them, OutputError where it cannot be written.
    """
    file = bundle / FILE_NAME
    text = _grown(file, entries)
    try:
        put(place_of(bundle), text.encode())
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=file) from error


def _grown(file: Path, entries: Iterable[Mapping[str, object]]) -> str:
    """The text of the file with the entries behind it."""
    try:
        before = file.read_bytes().decode("utf-8") if file.exists() else _BEGINNING
    except OSError as error:
        raise OutputError(f"cannot be read: {error.strerror}", where=file) from error
    text = "".join(map(_entry, entries))
    text = text if before.endswith("\n") else f"\n{text}"
    text = before + (text.replace("\n", "\r\n") if "\r\n" in before else text)
    try:
        tomllib.loads(text.removeprefix(_BYTE_ORDER_MARK))
    except tomllib.TOMLDecodeError as error:
        hint = "Write its publications as [[publication]] tables, one below the other."
        raise DefinitionError(f"cannot take another publication ({error})", where=file, hint=hint) from error
    return text


def place_of(bundle: Path) -> Path:
    """Where the bundle's definition lies, links followed."""
    return Path(os.path.realpath(bundle / FILE_NAME))  # resolve() fails where links lead to each other


def _entry(said: Mapping[str, object]) -> str:
    lines = (f"{key} = {_value(value)}" for key, value in said.items())
    return "\n[[publication]]\n" + "".join(f"{line}\n" for line in lines)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(text)}" for key, text in value.items()) + " }"
    # What JSON calls a string is one in TOML.
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if key.replace("-", "").isalnum() else json.dumps(key)
