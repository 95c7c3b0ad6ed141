"""Many values in little memory: those of a whole library, which are gone through one after the other."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from io import BytesIO
from operator import eq
from typing import Any, TypeVar, cast

T_co = TypeVar("T_co", covariant=True)

_BATCH_BYTES = 256 << 10  # of pickles that are made together, so that what they share takes no space twice


class PackedValues(Collection[T_co]):
    """Values in their order, of which a few are objects while somebody goes through them; all others are pickled."""

    def __init__(self, values: Iterable[T_co] = ()) -> None:
        self._batches: list[tuple[int, bytes]] = []
        each = iter(values)
        while batch := _batch(each):
            self._batches.append(batch)

    def __iter__(self) -> Iterator[T_co]:
        for count, data in self._batches:
            unpickler = pickle.Unpickler(BytesIO(data))  # noqa: S301 - has not left this process
            for _ in range(count):
                yield cast(T_co, unpickler.load())

    def __len__(self) -> int:
        return sum(count for count, _ in self._batches)

    def __contains__(self, value: object) -> bool:
        return any(value == one for one in self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PackedValues):
            return NotImplemented
        return self._batches == other._batches or (len(self) == len(other) and all(map(eq, self, other)))

    def __hash__(self) -> int:
        return hash((type(self), len(self)))


class _Pickler(pickle.Pickler):
    """Lists the fields of each dataclass once; by themselves those with slots list them for every value."""

    def reducer_override(self, obj: object) -> Any:
        if is_dataclass(obj) and not isinstance(obj, type):
            kind: Any = type(obj)
            return _made, (kind, *(getattr(obj, name) for name in _names(kind)))
        return NotImplemented


def _made(kind: Any, *values: object) -> object:
    made = object.__new__(kind)
    for name, value in zip(_names(kind), values, strict=True):
        object.__setattr__(made, name, value)
    return made


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _batch(values: Iterator[object]) -> tuple[int, bytes] | None:
    """Return how many of the next values, and these; None where there are no more."""
    pickled, count = BytesIO(), 0
    pickler = _Pickler(pickled, pickle.HIGHEST_PROTOCOL)
    for value in values:
        pickler.dump(value)
        count += 1
        if pickled.tell() >= _BATCH_BYTES:
            break
    return (count, pickled.getvalue()) if count else None
