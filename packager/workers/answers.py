"""What a worker process says of its jobs: values and errors of ours, as bytes.

A worker may have been taken over by what it read. What it says is therefore unpickled with nothing in reach but our
own values and a few of the standard library: no bytes of its choosing can make the parent call anything else.
"""

from __future__ import annotations

import builtins
import io
import pickle
import traceback
from dataclasses import is_dataclass
from enum import Enum
from typing import Any

from packager.errors import PackagerError

_PLAIN = {
    ("builtins", "set"),
    ("builtins", "frozenset"),
    *(("pathlib", name) for name in ("PurePosixPath", "PureWindowsPath", "PosixPath", "WindowsPath")),
    *(("pathlib._local", name) for name in ("PurePosixPath", "PureWindowsPath", "PosixPath", "WindowsPath")),
    *(("collections", name) for name in ("Counter", "OrderedDict")),
    *(("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")),
    ("packager.errors", "_restore"),
}
"""Modules and names; Python 3.13 keeps its paths in another module. Nothing that a number makes large."""

_DECODING = "packager.images."  # whose modules load what decodes pictures, which an answer cannot have the parent do


class Foreign(Exception):
    """An answer that is made of more than our own values."""


def of(value: object) -> bytes:
    """The answer that is a value."""
    return _pickled((value, None, ""))


def of_error(error: Exception) -> bytes:
    """The answer that is an error, with its traceback; one that cannot be sent is told in words."""
    trace = traceback.format_exc()
    try:
        answer = _pickled((None, error, trace))
        _Values(io.BytesIO(answer)).load()  # exceptions that need arguments, or are foreign, fail only here
    except Exception:
        return _pickled((None, RuntimeError(f"{type(error).__name__}: {error}"), trace))
    return answer


def opened(answer: bytes | bytearray) -> object:
    """The value, or the error raised; Foreign where the answer is none of ours."""
    try:
        value, error, trace = _Values(io.BytesIO(answer)).load()
    except Exception as problem:  # bytes of any kind raise errors of any kind
        raise Foreign(str(problem)) from problem
    if error is None:
        return value
    if not isinstance(error, Exception):
        raise Foreign("an error that is none")
    if not isinstance(error, PackagerError):
        error.add_note(f"In a worker process:\n{trace}")
    raise error


def _pickled(answer: object) -> bytes:
    file = io.BytesIO()
    _Pickler(file, protocol=pickle.HIGHEST_PROTOCOL).dump(answer)
    return file.getvalue()


class _Pickler(pickle.Pickler):
    """Sends members of enums by their value: up to 3.11.3 Python asks for `getattr` to find them by name."""

    def reducer_override(self, value: object, /) -> Any:
        return (type(value), (value.value,)) if isinstance(value, Enum) else NotImplemented


class _Values(pickle.Unpickler):
    """Builds values of ours and nothing else."""

    def find_class(self, module: str, name: str, /) -> object:
        if (module, name) in _PLAIN or _is_builtin_error(module, name):
            return super().find_class(module, name)
        if module.partition(".")[0] == "packager" and not f"{module}.".startswith(_DECODING):
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum | PackagerError)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value of ours")


def _is_builtin_error(module: str, name: str) -> bool:
    found = getattr(builtins, name, None)
    return module == "builtins" and isinstance(found, type) and issubclass(found, Exception)
