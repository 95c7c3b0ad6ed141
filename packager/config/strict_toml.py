"""TOML read strictly: what is wrong, unknown, missing or of the wrong type is named with its place, in plain words."""

from __future__ import annotations

import errno
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from packager.config.toml_syntax import refuse_long_keys, syntax_error
from packager.errors import DefinitionError, on_one_line
from packager.files.ownership import read_small_file
from packager.text.spelling import size_in_bytes

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

MAX_BYTES = 1 << 20
"""The largest file that is read: room for some thousand publications."""

MOST_PROBLEMS = 25
"""The problems of a table or list that are reported at once: for the line of each the whole text is searched."""

MOST_KNOWN = 20
"""The names that a hint lists: more than any table has keys."""

_LARGEST = (1 << 63) - 1  # that TOML has; Python's parser reads on, and what is larger cannot even be written
_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


@dataclass(frozen=True, slots=True)
class TomlPlace:
    """Where a value stands: its file, the file's text, and the keys and list positions that lead to it."""

    file: Path
    text: str
    keys: tuple[str | int, ...] = ()

    def at(self, key: str | int) -> TomlPlace:
        """The place of one entry of the table or list that stands here."""
        return replace(self, keys=(*self.keys, key))

    @property
    def line(self) -> int | None:
        """The number of the line that sets what stands here, None where it cannot be told."""
        return _line_of(self.keys, self.text)

    def error(self, what: str, hint: str = "") -> DefinitionError:
        """An error that says the file, the line where it can be told, and the key."""
        where = f"{self.file}, line {self.line}" if self.line else str(self.file)
        what = f"`{_dotted(self.keys)}` {what}" if self.keys else what
        return DefinitionError(on_one_line(what), where=where, hint=hint)


Reader = Callable[[object, TomlPlace], T]


def load(file: Path) -> tuple[dict[str, Any], TomlPlace]:
    """The table that `file` holds and the place to report its problems at; raises DefinitionError."""
    try:
        text = read_small_file(file, MAX_BYTES).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        reasons = {
            errno.EFBIG: f"is larger than {MAX_BYTES >> 20} MiB: no definition is",
            errno.EINVAL: "is not a file",
        }
        what = reasons.get(error.errno or 0, f"cannot be read: {error.strerror or error}")
        raise DefinitionError(what, where=file) from error
    except UnicodeDecodeError as error:
        raise DefinitionError("is not UTF-8 text", where=file, hint="Save it as UTF-8.") from error
    refuse_long_keys(file, text)
    try:
        return tomllib.loads(text), TomlPlace(file, text)
    except (ValueError, RecursionError) as error:
        raise syntax_error(file, text, error) from error


def fields(
    value: object,
    place: TomlPlace,
    readers: Mapping[str, Reader[Any]],
    *,
    required: Collection[str] = (),
    above: Collection[str] = (),
) -> dict[str, Any]:
    """Each entry of a table read by its reader; unknown and missing keys are refused, all that is wrong at once.

    Keys that belong `above` the table are told as such: whoever writes one at the end of a file puts it into the last.
    """
    entries = table(value, place)
    unknown = list(islice((key for key in entries if key not in readers), MOST_PROBLEMS))
    move = f"It belongs above the first [[{place.keys[0] if place.keys else ''}]]: move the line there."
    hints = {key: move if key in above else nearest(key, readers) for key in unknown}
    problems = [place.at(key).error("is not known here", hints[key]) for key in unknown]
    problems += [missing(key, place) for key in required if key not in entries]
    read = {}
    for key, entry in entries.items():
        if key in readers:
            with _gathered(problems):
                read[key] = readers[key](entry, place.at(key))
    _refuse(problems)
    return read


def missing(key: str, place: TomlPlace) -> DefinitionError:
    """Return the error that says that the table at `place` has no such key."""
    return place.error(f"lacks `{key}`" if place.keys else f"`{key}` is missing")


@contextmanager
def _gathered(problems: list[DefinitionError]) -> Iterator[None]:
    try:
        yield
    except DefinitionError as problem:
        problems += [problem, *problem.also]


def _refuse(problems: list[DefinitionError]) -> None:
    if problems:
        problems[0].also = tuple(problems[1:])
        raise problems[0]


def table(value: object, place: TomlPlace) -> dict[str, Any]:
    """A table as it is."""
    if not isinstance(value, dict):
        raise place.error(f"must be a table, not {_kind(value)}")
    return value


def text(value: object, place: TomlPlace) -> str:
    """A text."""
    if not isinstance(value, str):
        raise place.error(f"must be a text in quotes, not {_kind(value)}")
    return value


def whole(value: object, place: TomlPlace) -> int:
    """A whole number from 1 up."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _LARGEST:
        raise place.error(f"must be a whole number from 1 up, not {_kind(value)}")
    return value


def size(value: object, place: TomlPlace) -> int:
    """A number of bytes from 1 up, as one or as a text with a unit: 500MB, 2GiB."""
    count = whole(value, place) if isinstance(value, int) else size_in_bytes(text(value, place))
    if not count:
        raise place.error(f'"{value}" is not a size', "Write it as in `500MB`, `2GiB`, or as a number of bytes.")
    return count


def decimal(value: object, place: TomlPlace) -> float:
    """A number above 0."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= _LARGEST:
        raise place.error(f"must be a number above 0, not {_kind(value)}")
    return float(value)


def flag(value: object, place: TomlPlace) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise place.error(f"must be true or false, not {_kind(value)}")
    return value


def items(reader: Reader[T]) -> Reader[tuple[T, ...]]:
    """A reader of lists whose items `reader` reads."""

    def read(value: object, place: TomlPlace) -> tuple[T, ...]:
        if not isinstance(value, list):
            hint = f'Write {place.keys[-1]} = ["{value}"].' if isinstance(value, str) else ""
            raise place.error(f"must be a list, not {_kind(value)}", hint)
        problems: list[DefinitionError] = []
        read_items = []
        for position, item in enumerate(value):
            if len(problems) >= MOST_PROBLEMS:
                break
            with _gathered(problems):
                read_items.append(reader(item, place.at(position)))
        _refuse(problems)
        return tuple(read_items)

    return read


def choice(kind: type[E]) -> Reader[E]:
    """A reader of the values of an Enum."""

    def read(value: object, place: TomlPlace) -> E:
        known = [str(member) for member in kind]
        if not isinstance(value, str):
            raise place.error(f"must be a text in quotes, not {_kind(value)}", nearest("", known))
        if value not in known:
            raise place.error(f'"{value}" is not known here', nearest(value, known))
        return kind(value)

    return read


def matching(pattern: str, words: str) -> Reader[str]:
    """A reader of texts of a form that `words` describe."""

    def read(value: object, place: TomlPlace) -> str:
        word = text(value, place)
        if not re.fullmatch(pattern, word):
            raise place.error(f'"{word}" must be {words}')
        return word

    return read


def nearest(word: str, known: Collection[str]) -> str:
    """The hint that names what was probably meant, or else what is known; "" where nothing is."""
    close = meant(word, known)
    if close or not known:
        return close
    return f"Known: {', '.join(sorted(known)[:MOST_KNOWN])}{' and more' if len(known) > MOST_KNOWN else ''}."


def meant(word: str | Path, known: Collection[str]) -> str:
    """The hint that names what was probably meant, in whatever case; "" where nothing is close.

    Of a path its last name was; it is named with the folders before it, to be typed so.
    """
    by_fold = {name.casefold(): name for name in known}
    close = get_close_matches((word.name if isinstance(word, Path) else word).casefold(), by_fold, n=1)
    name = by_fold[close[0]] if close else ""
    return f"Did you mean `{word.with_name(name) if isinstance(word, Path) else name}`?" if close else ""


_KINDS = {bool: "true or false", str: "a text", dict: "a table", list: "a list"}


def _kind(value: object) -> str:
    if isinstance(value, int) and abs(value) > _LARGEST:
        return "one of so many digits"
    return _KINDS.get(type(value), str(value))


def _dotted(keys: tuple[str | int, ...]) -> str:
    """Keys as people read them: `publication[2].title`, positions counted from 1."""
    return "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")


def _line_of(keys: tuple[str | int, ...], toml: str) -> int | None:
    """The line that sets the last of `keys` it can find: tomllib keeps no positions, so headers are followed."""
    deepest: tuple[int, int | None] = (0, None)
    table_keys: tuple[str | int, ...] = ()
    tables_of: dict[str, int] = {}
    for number, line in enumerate(toml.splitlines(), start=1):
        if header := _HEADER.match(line):
            brackets, name = header[1], header[2].strip()
            position = tables_of[name] = tables_of.get(name, -1) + 1
            path = table_keys = (*_split(name), position) if brackets == "[[" else _split(name)
        elif key := _KEY.match(line):
            path = (*table_keys, *_split(key[1]))
        else:
            continue
        if path == keys[: len(path)] and len(path) > deepest[0]:
            deepest = (len(path), number)
    return deepest[1]


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
