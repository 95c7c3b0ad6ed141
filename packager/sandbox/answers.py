"""The answers of worker processes: values and errors of this package, encoded as bytes.

A worker may have been taken over by what it read. Its answers are therefore data, not programs as pickles are: JSON,
with the bytes of pictures behind it. From that the parent builds plain values, paths, and the dataclasses, enums and
errors of this package, from the fields that they declare and values of the declared types. Nothing else is called.

In the JSON every list is a value that JSON does not have: it begins with the number of a dataclass in a table of names,
or with a word that says what it is.
"""

from __future__ import annotations

import builtins
import json
import struct
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path, PurePath, PurePosixPath
from sys import intern
from typing import Any

from packager.errors import PackagerError
from packager.sandbox.answer_types import Check, anything, field_checks
from packager.sandbox.limits import LIMITS

_HEAD = struct.Struct("!Q")  # the length of the JSON
_AS_THEY_ARE = frozenset((str, int, float, bool, type(None)))
_COMPOUND = frozenset((list, dict))
# Its modules load what decodes pictures, which an answer cannot have the parent do.
_DECODING = ("packager.pictures.vips.", "packager.archive.sevenzip.")
_ORDERED, _OF_MEMBERS = frozenset(("tuple", "list")), frozenset(("set", "frozenset"))
_LARGEST_NUMBER = 1 << 40
_SHORT = 16  # letters

Json = Any


class ForeignAnswer(Exception):
    """An answer that is made of more than our own values."""


def encode(value: object) -> bytes:
    """Return the answer that stands for `value`; raise TypeError where it is no value of this package."""
    return _encoded(value, None)


def encode_error(error: Exception) -> bytes:
    """Return the answer that stands for `error` and its traceback; errors of libraries become RuntimeErrors."""
    return _encoded(error, traceback.format_exc())


def decode(answer: bytes | bytearray, is_expected: Check = anything) -> object:
    """Return the value of an answer, or raise the error that it stands for.

    Raises ForeignAnswer for all that `encode` does not write, and for a value that is not `is_expected`.
    """
    try:
        value, trace = _decoded(answer)
    except Exception as problem:  # bytes of any kind raise errors of any kind
        raise ForeignAnswer(str(problem)) from problem
    if trace is None:
        if not is_expected(value):
            raise ForeignAnswer("a value of another type than the job's")
        return value
    if not isinstance(value, Exception):
        raise ForeignAnswer("an error that is no exception")
    if not isinstance(value, PackagerError):
        value.add_note(f"In a worker process:\n{trace}")
    raise value


def moved(answer: bytes, old: str, new: str) -> bytes:
    """Return an answer of which paths below the folder `old` are below `new`."""
    (size,) = _HEAD.unpack_from(answer)
    text = answer[_HEAD.size : _HEAD.size + size].replace(_path_below(old), _path_below(new))
    return b"".join((_HEAD.pack(len(text)), text, answer[_HEAD.size + size :]))


def _path_below(folder: str) -> bytes:
    """How the paths in a folder begin in the JSON of an answer, and no text does, whose marks are written otherwise."""
    return _json(["path", f"{folder}/"]).removesuffix(b'"]')


def _json(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _encoded(value: object, trace: str | None) -> bytes:
    writer = _Writer()
    message = {
        "value": writer.json(value),
        "trace": trace,
        "names": list(writer.names),
        "sizes": [*map(len, writer.blobs)],
    }
    text = _json(message)
    return b"".join((_HEAD.pack(len(text)), text, *writer.blobs))


def _decoded(answer: bytes | bytearray) -> tuple[object, str | None]:
    whole = memoryview(answer)
    (size,) = _HEAD.unpack_from(whole)
    text = bytes(whole[_HEAD.size : _HEAD.size + size])
    values = text.count(b"[") + text.count(b"{") + text.count(b",") // 4
    if len(text) > LIMITS.answer_text_bytes or values > LIMITS.answer_values:
        raise ForeignAnswer("more values than any of ours has")
    message = json.loads(text)
    reader = _Reader(message["names"], tuple(_split(whole[_HEAD.size + size :], message["sizes"])))
    trace = message["trace"]
    return reader.value(message["value"]), None if trace is None else str(trace)


def _split(rest: memoryview, sizes: Iterable[int]) -> Iterator[bytes]:
    for size in sizes:
        if not 0 <= size <= len(rest):
            raise ForeignAnswer("bytes that are not there")
        yield bytes(rest[:size])
        rest = rest[size:]


class _Writer:
    """Turns values into JSON; `names` holds those of the dataclasses among them, `blobs` the bytes."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.blobs: list[bytes] = []

    def json(self, value: Any) -> Json:
        """A value as JSON; TypeError for one that is none of ours."""
        kind = type(value)
        if kind in _AS_THEY_ARE:
            return value
        if kind in _WORDS:
            items = value.items() if isinstance(value, dict) else value
            return [_WORDS[kind], *map(self.json, items)]
        if is_dataclass(kind):
            number = self.names.setdefault(_name(kind), len(self.names))
            return [number, *(self.json(getattr(value, name)) for name, _ in field_checks(kind))]
        if isinstance(value, Enum):
            return ["enum", _name(kind), self.json(value.value)]
        if isinstance(value, bytes | bytearray):
            self.blobs.append(bytes(value))
            return ["bytes", len(self.blobs) - 1]
        return _json_of_others(value)


def _json_of_others(value: object) -> Json:
    kind = type(value).__name__
    match value:
        case PurePath():
            return ["path" if isinstance(value, Path) else "name", str(value)]
        case PackagerError():
            return ["problem", _name(type(value)), value.what, value.where, value.hint]
        case Exception():
            is_known = getattr(builtins, kind, None) is type(value)
            return ["fault", kind, str(value)] if is_known else ["fault", "RuntimeError", f"{kind}: {value}"]
        case datetime():
            return ["time", value.isoformat()]
    raise TypeError(f"a {kind} is no value of ours")


class _Reader:
    """Builds the values that a `_Writer` encoded."""

    def __init__(self, names: Sequence[str], blobs: tuple[bytes, ...]) -> None:
        self._kinds = [_class(name) for name in names]
        self._blobs = blobs

    def value(self, data: Json) -> Any:
        """The value that the JSON stands for; it raises errors of any kind where it stands for none."""
        if type(data) is not list:
            if type(data) is dict:
                raise ForeignAnswer("an object, which stands for nothing")
            return data
        word, rest = data[0], data[1:]
        if type(word) is int:
            return _instance(self._kinds[word], self._values(rest))
        if word in _COLLECTIONS:
            values = self._values(rest)
            if word not in _ORDERED:
                _refuse_colliding(values if word in _OF_MEMBERS else (pair[0] for pair in values))
            return _COLLECTIONS[word](values)
        if word == "bytes":
            return self._blobs[rest[0]]
        if word == "enum":
            return _class(rest[0], Enum)(self.value(rest[1]))
        return _BUILT[word](*rest)

    def _values(self, data: list[Json]) -> list[Any]:
        return [self.value(one) if type(one) in _COMPOUND else _once(one) for one in data]


def _once(value: Json) -> Json:
    """The same letters in the same memory: the names of markers and elements come with every file that is checked."""
    return intern(value) if type(value) is str and len(value) <= _SHORT else value


def _refuse_colliding(values: Iterable[Any]) -> None:
    """Refuse numbers beyond those that ours have: of some, millions have one hash, and take days to tell apart."""
    for value in values:
        if isinstance(value, float) or (isinstance(value, int) and abs(value) > _LARGEST_NUMBER):
            raise ForeignAnswer("a number that is none of ours")
        if isinstance(value, tuple):
            _refuse_colliding(value)


def _instance(kind: Any, values: list[object]) -> object:
    for value, (name, has_type) in zip(values, field_checks(kind), strict=True):
        if not has_type(value):
            raise ForeignAnswer(f"{kind.__name__}.{name} has a value of another type")
    return kind(*values)


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


@cache
def _class(name: str, base: type = object) -> Any:
    """A class of this package by its name: one derived from `base`, or a dataclass."""
    module, _, class_name = name.partition(":")
    if not module.startswith("packager.") or f"{module}.".startswith(_DECODING):
        raise ForeignAnswer(f"{name} is no value of ours")
    kind = vars(import_module(module)).get(class_name)
    if not isinstance(kind, type) or kind.__module__ != module or not issubclass(kind, base):
        raise ForeignAnswer(f"{name} is no value of ours")
    if base is object and not is_dataclass(kind):
        raise ForeignAnswer(f"{name} is no value of ours")
    return kind


def _problem(name: str, what: str, where: str | None, hint: str) -> PackagerError:
    error: PackagerError = _class(name, PackagerError)(str(what), where=where, hint=str(hint))
    return error


def _fault(name: str, words: str) -> Exception:
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        raise ForeignAnswer(f"{name} is no error")
    try:
        return kind(str(words))
    except TypeError:  # some are made of more
        return RuntimeError(f"{name}: {words}")


_COLLECTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "tuple": tuple,
    "list": list,
    "dict": dict,
    "set": set,
    "frozenset": frozenset,
    "counter": lambda items: Counter(dict(items)),
}
_WORDS: dict[type, str] = {kind: kind.__name__ for kind in (tuple, list, dict, set, frozenset)} | {Counter: "counter"}
_BUILT: dict[str, Callable[..., object]] = {
    "path": Path,
    "name": PurePosixPath,
    "problem": _problem,
    "fault": _fault,
    "time": datetime.fromisoformat,
}
