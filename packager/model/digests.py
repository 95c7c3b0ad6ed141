"""Digests of works: equal where readers get the same, whatever the files are called that it comes from."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any, cast

from packager.model.terms import Source
from packager.model.works import Recording

_DIGITS = 16
PICTURE_DIGITS = 8


def digest(*values: object) -> str:
    """Return 16 hexadecimal digits for values of the model.

    Where pictures lie says nothing, nor what is empty or left as it is by default, so that a field more changes none.
    Of a recording its bytes count, and not what one version of ffmpeg or another tells of them.
    """
    return sha256("\0".join(_leaves(values)).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, Source):
        return
    if isinstance(value, Recording) and value.checksum:
        yield f"Recording({value.checksum},{value.heard})"
        return
    if isinstance(value, tuple):
        yield "("
        for one in value:
            yield from _leaves(one)
        yield ")"
    elif is_dataclass(value):
        yield f"{type(value).__name__}("
        for name in _field_names(cast(Hashable, type(value))):
            if inner := getattr(value, name):
                yield name
                yield from _leaves(inner)
        yield ")"
    else:
        yield str(value.value) if isinstance(value, Enum) else str(value)
