"""Whether what a worker answers has the type that its job, or the field of a dataclass, declares.

A dataclass in an answer is checked field by field when it is made; inside another value its class is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, partial
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Check = Callable[[Any], bool]


def anything(_: object) -> bool:
    """Accept every value."""
    return True


def answer_check(job: Callable[..., object]) -> Check:
    """Return the check of an answer to `job`, and of each answer where the job is an iterator of them."""
    while isinstance(job, partial):
        job = job.func
    return _answer_check(job)


@cache
def _answer_check(job: Callable[..., object]) -> Check:
    hint = get_type_hints(job).get("return", Any)
    return check_of(get_args(hint)[0] if get_origin(hint) in (Iterator, Generator) else hint)


@cache
def field_checks(kind: type) -> tuple[tuple[str, Check], ...]:
    """Return the fields that a dataclass is made from, each with its check; raises TypeError as `check_of`.

    What only a checker of types imports, such as elements of XML, is in no answer.
    """
    try:
        hints = get_type_hints(kind)
    except NameError as error:
        raise TypeError(f"an answer cannot hold a {error.name}") from error
    return tuple((field.name, check_of(hints[field.name])) for field in fields(kind) if field.init)


@cache
def check_of(hint: Any) -> Check:
    """Return the check of values of the type `hint`; raise TypeError where no answer can hold such values."""
    if hint is Any or isinstance(hint, TypeVar):
        return anything
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is None:
        kinds = (int, float) if hint is float else (hint,)
        return lambda value: isinstance(value, kinds)
    if origin in _CHECKS:
        return _CHECKS[origin](*arguments)
    if is_dataclass(origin):
        return _generic(origin, arguments)
    raise TypeError(f"an answer cannot hold a {hint}")


def _union(*hints: Any) -> Check:
    checks = tuple(map(check_of, hints))
    return lambda value: any(check(value) for check in checks)


def _literal(*choices: object) -> Check:
    return lambda value: any(type(value) is type(choice) and value == choice for choice in choices)


def _tuple(*hints: Any) -> Check:
    if hints[-1] is ...:
        return _collection((tuple,), hints[0])
    checks = tuple(map(check_of, hints))
    return lambda value: (
        isinstance(value, tuple)
        and len(value) == len(checks)
        and all(check(item) for check, item in zip(checks, value, strict=True))
    )


def _collection(kinds: tuple[type, ...], hint: Any) -> Check:
    check = check_of(hint)
    return lambda value: isinstance(value, kinds) and all(map(check, value))  # type: ignore[call-overload]


def _mapping(kind: type, key: Any, value: Any = int) -> Check:
    is_key, is_value = check_of(key), check_of(value)
    return lambda mapping: isinstance(mapping, kind) and all(is_key(k) and is_value(v) for k, v in mapping.items())  # type: ignore[attr-defined]


def _generic(kind: Any, arguments: tuple[Any, ...]) -> Check:
    """The check of a generic dataclass whose type variables stand for `arguments`."""
    types = dict(zip(kind.__parameters__, arguments, strict=True))
    checks = tuple((name, check_of(_substituted(hint, types))) for name, hint in get_type_hints(kind).items())
    return lambda value: isinstance(value, kind) and all(check(getattr(value, name)) for name, check in checks)


def _substituted(hint: Any, types: Mapping[Any, Any]) -> Any:
    if isinstance(hint, TypeVar):
        return types[hint]
    parameters = getattr(hint, "__parameters__", ())
    return hint[tuple(types[parameter] for parameter in parameters)] if parameters else hint


_CHECKS: dict[Any, Callable[..., Check]] = {
    Union: _union,
    UnionType: _union,
    Literal: _literal,
    tuple: _tuple,
    **{kind: partial(_collection, (kind,)) for kind in (list, set, frozenset)},
    Sequence: partial(_collection, (list, tuple)),
    **{kind: partial(_collection, (list, tuple, set, frozenset)) for kind in (Collection, Iterable)},
    dict: partial(_mapping, dict),
    Mapping: partial(_mapping, dict),
    Counter: partial(_mapping, Counter),
}
