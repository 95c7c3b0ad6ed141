"""What a worker process says of its jobs: values and errors of ours, as bytes.

A worker may have been taken over by what it read. What it says is therefore data, and no program as a pickle is: JSON,
with the bytes of pictures behind it. Of that the parent builds plain values, paths, and the dataclasses, enums and
errors of this package, each from the fields that it declares. Nothing else is called, and nothing is changed.

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
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from packager.errors import PackagerError
from packager.sandbox.limits import LIMITS

_HEAD = struct.Struct("!Q")  # the length of the JSON
_AS_THEY_ARE = frozenset((str, int, float, bool, type(None)))
_COMPOUND = frozenset((list, dict))
# Its modules load what decodes pictures, which an answer cannot have the parent do.
_DECODING = "packager.pictures.vips."
# What a field holds that is declared so; fields of other types are whatever is made of them.
_DECLARED = {"str": (str,), "int": (int,), "float": (float, int), "bool": (bool,), "bytes": (bytes,), "Path": (Path,)}
_ORDERED, _OF_MEMBERS = frozenset(("tuple", "list")), frozenset(("set", "frozenset"))
_LARGEST_NUMBER = 1 << 40
_TIMES = {kind.__name__: kind for kind in (date, datetime, time)}

Json = Any


class Foreign(Exception):
    """An answer that is made of more than our own values."""


def of(value: object) -> bytes:
    """The answer that is a value; TypeError for one that is none of ours."""
    return _written(value, None)


def of_error(error: Exception) -> bytes:
    """The answer that is an error, with its traceback; a foreign one is told in words."""
    return _written(error, traceback.format_exc())


def opened(answer: bytes | bytearray) -> object:
    """The value, or the error raised; Foreign where the answer is none of ours."""
    try:
        value, trace = _read(answer)
    except Exception as problem:  # bytes of any kind raise errors of any kind
        raise Foreign(str(problem)) from problem
    if trace is None:
        return value
    if not isinstance(value, Exception):
        raise Foreign("an error that is none")
    if not isinstance(value, PackagerError):
        value.add_note(f"In a worker process:\n{trace}")
    raise value


def _written(value: object, trace: str | None) -> bytes:
    writer = _Writer()
    told = {"value": writer.told(value), "trace": trace, "names": list(writer.names), "sizes": writer.sizes()}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return b"".join((_HEAD.pack(len(text)), text, *writer.blobs))


def _read(answer: bytes | bytearray) -> tuple[object, str | None]:
    whole = memoryview(answer)
    (size,) = _HEAD.unpack_from(whole)
    text = bytes(whole[_HEAD.size : _HEAD.size + size])
    values = text.count(b"[") + text.count(b"{") + text.count(b",") // 4
    if len(text) > LIMITS.answer_text_bytes or values > LIMITS.answer_values:
        raise Foreign("more values than any of ours has")
    told = json.loads(text)
    reader = _Reader(told["names"], tuple(_parted(whole[_HEAD.size + size :], told["sizes"])))
    trace = told["trace"]
    return reader.value(told["value"]), None if trace is None else str(trace)


def _parted(rest: memoryview, sizes: Iterable[int]) -> Iterator[bytes]:
    for size in sizes:
        if not 0 <= size <= len(rest):
            raise Foreign("bytes that are not there")
        yield bytes(rest[:size])
        rest = rest[size:]


class _Writer:
    """Tells values as JSON; `names` are those of the dataclasses among them, `blobs` the bytes."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.blobs: list[bytes] = []

    def sizes(self) -> list[int]:
        """The length of each run of bytes."""
        return list(map(len, self.blobs))

    def told(self, value: Any) -> Json:
        """A value as JSON; TypeError for one that is none of ours."""
        kind = type(value)
        if kind in _AS_THEY_ARE:
            return value
        if kind in _WORDS:
            items = value.items() if isinstance(value, dict) else value
            return [_WORDS[kind], *map(self.told, items)]
        if is_dataclass(kind):
            number = self.names.setdefault(_name(kind), len(self.names))
            return [number, *(self.told(getattr(value, name)) for name, _ in _fields(kind))]
        if isinstance(value, Enum):
            return ["enum", _name(kind), self.told(value.value)]
        if isinstance(value, bytes | bytearray):
            self.blobs.append(bytes(value))
            return ["bytes", len(self.blobs) - 1]
        return _told_of_others(value)


def _told_of_others(value: object) -> Json:
    kind = type(value).__name__
    match value:
        case PurePath():
            return ["path" if isinstance(value, Path) else "name", str(value)]
        case PackagerError():
            return ["problem", _name(type(value)), value.what, value.where, value.hint]
        case Exception():
            is_known = getattr(builtins, kind, None) is type(value)
            return ["fault", kind, str(value)] if is_known else ["fault", "RuntimeError", f"{kind}: {value}"]
        case timedelta():
            return ["span", value.total_seconds()]
        case date() | time():
            return ["time", kind, value.isoformat()]
    raise TypeError(f"a {kind} is no value of ours")


class _Reader:
    """Builds the values that a `_Writer` has told."""

    def __init__(self, names: Sequence[str], blobs: tuple[bytes, ...]) -> None:
        self._kinds = [_class(name, is_dataclass) for name in names]
        self._blobs = blobs

    def value(self, told: Json) -> Any:
        """The value that the JSON stands for; it raises errors of any kind where it stands for none."""
        if type(told) is not list:
            if type(told) is dict:
                raise Foreign("an object, which stands for nothing")
            return told
        word, rest = told[0], told[1:]
        if type(word) is int:
            return _made(self._kinds[word], self._values(rest))
        if word in _COLLECTIONS:
            values = self._values(rest)
            if word not in _ORDERED:
                _refuse_colliding(values if word in _OF_MEMBERS else (pair[0] for pair in values))
            return _COLLECTIONS[word](values)
        if word == "bytes":
            return self._blobs[rest[0]]
        if word == "enum":
            return _class(rest[0], _is_enum)(self.value(rest[1]))
        return _BUILT[word](*rest)

    def _values(self, told: list[Json]) -> list[Any]:
        return [self.value(one) if type(one) in _COMPOUND else one for one in told]


def _refuse_colliding(values: Iterable[Any]) -> None:
    """Refuse numbers beyond those that ours have: of some, millions have one hash, and take days to tell apart."""
    for value in values:
        if isinstance(value, float) or (isinstance(value, int) and abs(value) > _LARGEST_NUMBER):
            raise Foreign("a number that is none of ours")
        if isinstance(value, tuple):
            _refuse_colliding(value)


def _made(kind: Any, values: list[object]) -> object:
    for value, (name, kinds) in zip(values, _fields(kind), strict=True):
        if kinds and not isinstance(value, kinds):
            raise Foreign(f"{kind.__name__}.{name} is none of its kind")
    return kind(*values)


@cache
def _fields(kind: Any) -> tuple[tuple[str, tuple[type, ...]], ...]:
    """The fields that a dataclass is made from, each with the types that it may have, () for any of ours."""
    return tuple((one.name, _kinds(str(one.type))) for one in fields(kind) if one.init)


def _kinds(declared: str) -> tuple[type, ...]:
    plain = declared.removesuffix(" | None")
    kinds = (tuple,) if plain.startswith("tuple[") else _DECLARED.get(plain, ())
    return (*kinds, type(None)) if kinds and plain != declared else kinds


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


@cache
def _class(name: str, is_of_kind: Callable[[type], bool]) -> Any:
    """A class of this package by its name."""
    module, _, called = name.partition(":")
    if not module.startswith("packager.") or f"{module}.".startswith(_DECODING):
        raise Foreign(f"{name} is no value of ours")
    found = vars(import_module(module)).get(called)
    if not isinstance(found, type) or found.__module__ != module or not is_of_kind(found):
        raise Foreign(f"{name} is no value of ours")
    return found


def _is_enum(kind: type) -> bool:
    return issubclass(kind, Enum)


def _is_problem(kind: type) -> bool:
    return issubclass(kind, PackagerError)


def _problem(name: str, what: str, where: str | None, hint: str) -> PackagerError:
    error: PackagerError = _class(name, _is_problem)(str(what), where=where, hint=str(hint))
    return error


def _fault(name: str, words: str) -> Exception:
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        raise Foreign(f"{name} is no error")
    try:
        return kind(str(words))
    except TypeError:  # some are made of more
        return RuntimeError(f"{name}: {words}")


def _counter(items: list[tuple[Any, int]]) -> Counter[Any]:
    return Counter(dict(items))


_COLLECTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "tuple": tuple,
    "list": list,
    "dict": dict,
    "set": set,
    "frozenset": frozenset,
    "counter": _counter,
}
_WORDS: dict[type, str] = {kind: kind.__name__ for kind in (tuple, list, dict, set, frozenset)} | {Counter: "counter"}
_BUILT: dict[str, Callable[..., object]] = {
    "path": Path,
    "name": PurePosixPath,
    "problem": _problem,
    "fault": _fault,
    "span": lambda seconds: timedelta(seconds=seconds),
    "time": lambda kind, words: _TIMES[kind].fromisoformat(words),
}
