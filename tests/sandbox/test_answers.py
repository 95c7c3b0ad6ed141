"""What workers say: every value of ours comes back as it was, and nothing else is built from an answer."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
import pickle
import pkgutil
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any, Generic, Literal, TypeVar

import pytest

import packager
from packager.errors import DamagedPicture, PackagerError
from packager.model import Direction, Outcome, Picture, Remark, Role, Source
from packager.sandbox import answers
from packager.sandbox.answer_types import answer_check, anything, check_of, field_checks
from packager.sandbox.limits import LIMITS

SOURCE = "packager.model.terms:Source"
REMARK, OUTCOME = "packager.model.outcomes:Remark", "packager.model.outcomes:Outcome"
TRANSCRIPT = "packager.model.works:Transcript"
VALUES = (
    None,
    True,
    -3,
    1 << 80,
    0.5,
    float("inf"),
    "text, 글, \ud800",
    b"bytes",
    (),
    (1, ("a", (b"x", b"y"))),
    [1, [2]],
    {"a": (1,), 2: None, ("t",): b""},
    {1, 2},
    frozenset({"a"}),
    Counter({"a": 2}),
    Path("/a/b"),
    PurePosixPath("a/b"),
    Direction.RTL,
    Outcome.WARNING,
    Picture(Source(Path("/a.png"), "a.png", member="m"), 3, 4),
    (Remark("a", Outcome.TAKEN, "b"), DamagedPicture("what", where="where", hint="hint")),
    datetime(2026, 11, 30, 12, 0, 1, tzinfo=UTC),
)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_come_back_as_they_were(value: object) -> None:
    """The same value, of the same type."""
    back = answers.decode(answers.encode(value))
    assert type(back) is type(value)
    assert repr(back) == repr(value)


@pytest.mark.parametrize(
    "value",
    [print, object(), os, (1, lambda: 0), Path, memoryview(b"")],
    ids=["function of C", "object", "module", "function in a tuple", "class", "view of bytes"],
)
def test_nothing_else_is_sent(value: object) -> None:
    """It is a fault of ours, told as one."""
    with pytest.raises(TypeError, match="is no value of ours"):
        answers.encode(value)


def test_errors_are_raised_with_what_they_say() -> None:
    """Those of ours whole, those of Python by their name, others in words."""
    with pytest.raises(DamagedPicture) as ours:
        answers.decode(answers.encode_error(DamagedPicture("what", where="where", hint="hint")))
    assert (ours.value.what, ours.value.where, ours.value.hint) == ("what", "where", "hint")
    with pytest.raises(ZeroDivisionError, match="by zero"):
        answers.decode(answers.encode_error(ZeroDivisionError("division by zero")))
    with pytest.raises(RuntimeError, match="UnicodeDecodeError: 'utf-8' codec"):
        answers.decode(answers.encode_error(UnicodeDecodeError("utf-8", b"x", 0, 1, "bad")))
    with pytest.raises(RuntimeError, match="StrangeError: strange"):
        answers.decode(answers.encode_error(StrangeError("strange")))


class StrangeError(Exception):
    pass


def said(value: object, *, names: object = (), sizes: object = (), trace: object = None, rest: bytes = b"") -> bytes:
    """An answer as a worker that was taken over could write it."""
    text = json.dumps({"value": value, "names": names, "sizes": sizes, "trace": trace}).encode()
    return struct.pack("!Q", len(text)) + text + rest


class Rewriting:
    """What pickle would do to a class of the parent: every path would be another file."""

    def __reduce__(self) -> tuple[object, ...]:
        return setattr, (Path, "_str", "/etc/passwd")


HOSTILE = {
    "a pickle that calls": pickle.dumps(Rewriting()),
    "nothing": b"",
    "half a head": b"\x00\x00",
    "less than it says": said("x")[:-4],
    "a function": said([0], names=["os:system"]),
    "a function of ours": said([0, "x"], names=["packager.text.terminal:clean"]),
    "a class that is no value": said([0], names=["packager.sandbox.pool:Workers"]),
    "a class through another module": said([0, "x"], names=["packager.sandbox.process:Bounds"]),
    "a value of what decodes": said([0, None, False], names=["packager.pictures.vips.trim:Part"]),
    "no class": said([0], names=["packager.model.terms:Nothing"]),
    "a module that is not there": said([0], names=["packager.nothing:Nothing"]),
    "a path that is a number": said([0, 3, "a", None], names=[SOURCE]),
    "a path that is text": said([0, "/etc/passwd", "a", None], names=[SOURCE]),
    "a label that is none": said([0, ["path", "a"], ["path", "a"], None], names=[SOURCE]),
    "a dataclass in the place of another": said([0, 1, 3, 4, None, False], names=["packager.model.terms:Picture"]),
    "another dataclass in a field": said(
        [0, [1, ["path", "a"], "a", None], 3, 4, None, False], names=["packager.model.terms:Picture", REMARK]
    ),
    "a remark for a source": said(
        [0, [1, "a", ["enum", OUTCOME, "taken"], "a", None], 3, 4, None, False],
        names=["packager.model.terms:Picture", REMARK],
    ),
    "a member of another enum": said(
        [0, "a", ["enum", "packager.model.terms:Role", "page"], "b", None], names=[REMARK]
    ),
    "text for a member": said([0, "a", "taken", "b", None], names=[REMARK]),
    "another dataclass in a tuple": said(
        [0, ["enum", "packager.model.terms:Role", "page"], ["tuple", [1, ["path", "a"], "a", None]]],
        names=["packager.model.renditions:RoleRenditions", SOURCE],
    ),
    "a tuple of other values": said([0, "ko", ["tuple", ["tuple", 0, "line"]]], names=[TRANSCRIPT]),
    "a tuple of another length": said([0, "ko", ["tuple", ["tuple", 0]]], names=[TRANSCRIPT]),
    "too few fields": said([0, ["path", "a"]], names=[SOURCE]),
    "too many fields": said([0, ["path", "a"], *"abcdefgh"], names=[SOURCE]),
    "an unknown word": said(["call", "os.system"]),
    "bytes that are not there": said(["bytes", 0]),
    "bytes beyond the end": said(["bytes", 0], sizes=[10], rest=b"x"),
    "bytes of less than none": said(["bytes", 0], sizes=[-1], rest=b"x"),
    "an enum that is none": said(["enum", "packager.model.terms:Source", 1]),
    "an enum without that member": said(["enum", "packager.model:Direction", "up"]),
    "an error that is a class": said(["fault", "print", "x"], trace="t"),
    "an error that ends the program": said(["fault", "SystemExit", "0"], trace="t"),
    "an error that is a value": said("x", trace="t"),
    "an object": said({"a": 1}),
    "an object in a tuple": said(["tuple", {"a": 1}]),
    "a set of lists": said(["set", ["list", 1]]),
    "a set of numbers of one hash": said(["set", *((2**61 - 1) * number for number in range(1, 50_000))]),
    "keys of one hash": said(["dict", *(["tuple", (2**61 - 1) * number, 0] for number in range(1, 50_000))]),
    "fractions as members": said(["frozenset", 0.5]),
    "large numbers in tuples": said(["set", ["tuple", 1, ["tuple", 2**61]]]),
    "millions of numbers": said(["tuple", 0])[:-2] + b"1," * (4 * LIMITS.answer_values + 4),
    "deep lists": struct.pack("!Q", 200_000) + b"[" * 200_000,
    "more values than any": said(0)[:-1] + b"[" * (LIMITS.answer_values + 1),
    "a long number": struct.pack("!Q", 100_000) + b"9" * 100_000,
}


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_answers_are_refused(answer: bytes) -> None:
    """Each in the same way, and the parent's own classes are as they were."""
    with pytest.raises(answers.ForeignAnswer):
        answers.decode(answer)
    assert str(Path("a")) == "a"


def test_a_large_text_is_refused_before_it_is_read() -> None:
    """Its length is looked at first."""
    text = b'{"value":"' + b"x" * LIMITS.answer_text_bytes + b'"}'
    with pytest.raises(answers.ForeignAnswer, match="more values"):
        answers.decode(struct.pack("!Q", len(text)) + text)


def test_an_error_of_ours_is_none_of_its_subclasses_elsewhere() -> None:
    """A name of another module is refused, whatever it is."""
    with pytest.raises(answers.ForeignAnswer):
        answers.decode(said(["problem", "packager.sandbox.pool:PackagerError", "a", None, ""], trace="t"))
    with pytest.raises(PackagerError, match="a"):
        answers.decode(said(["problem", "packager.errors:PackagerError", "a", None, ""], trace="t"))


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """A generic value."""

    first: T
    others: tuple[T, ...]


def job_that_streams(_: int) -> Iterator[tuple[str, bytes]]:
    yield "a", b"b"


def job_with_an_option(number: int, *, option: bool) -> Role:
    return Role.PAGE if option else Role.COVER


@pytest.mark.parametrize(
    ("hint", "right", "wrong"),
    [
        (Any, 1, ()),
        (type(None), None, (0,)),
        (int | None, None, ("a", 0.5)),
        (float, 1, ("1",)),
        (Literal["a", 1], "a", ("b", True, [])),
        (tuple[int, str], (1, "a"), ((1,), ("a", 1), [1, "a"], (1, "a", 1))),
        (tuple[int, ...], (1, 2), ((1, "a"), [1])),
        (list[Role], [Role.PAGE], (["page"], (Role.PAGE,), [Direction.LTR])),
        (Sequence[str], ("a",), ((1,), "a", {"a"})),
        (frozenset[str], frozenset({"a"}), (frozenset({1}), {"a"})),
        (dict[str, tuple[int, ...]], {"a": (1,)}, ({1: (1,)}, {"a": 1}, [("a", (1,))])),
        (Counter[str], Counter("a"), ({"a": 1}, Counter([1]))),
        (Pair[int], Pair(1, (2,)), (Pair("a", (2,)), Pair(1, ("a",)), (1, (2,)))),
        (Pair[tuple[Role, ...]], Pair((Role.PAGE,), ()), (Pair((1,), ()), Pair((), (Role.PAGE,)))),
    ],
)
def test_an_answer_has_the_type_of_its_job(hint: object, right: object, wrong: tuple[object, ...]) -> None:
    """To the last element."""
    has_type = check_of(hint)
    assert has_type(right)
    assert not any(map(has_type, wrong))


def test_an_answer_of_another_type_is_refused() -> None:
    """Though it is made of values of ours alone."""
    answer = answers.encode((1, "a"))
    assert answers.decode(answer, check_of(tuple[int, str])) == (1, "a")
    with pytest.raises(answers.ForeignAnswer, match="type"):
        answers.decode(answer, check_of(tuple[int, int]))


def test_the_type_is_the_one_that_the_job_declares() -> None:
    """Of a stream that of its items, of a partial function that of the function."""
    assert answer_check(job_that_streams)(("a", b"b"))
    assert not answer_check(job_that_streams)([("a", b"b")])
    assert answer_check(partial(job_with_an_option, option=True))(Role.PAGE)
    assert not answer_check(partial(job_with_an_option, option=True))("page")


def test_every_job_has_a_type_that_answers_are_checked_for() -> None:
    """Each function that is handed to workers by name, wherever that is done."""
    jobs = [job for module in _modules() for job in _jobs(module)]
    assert len(jobs) > 20
    for job in jobs:
        assert answer_check(job) is not anything, job


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(packager.__path__, "packager."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def _jobs(module: ModuleType) -> Iterator[Callable[..., object]]:
    source = inspect.getsource(module)
    for call in ast.walk(ast.parse(source)) if "ask(" in source or "workers." in source else ():
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _GIVES_A_JOB:
            for argument in call.args[:2]:
                named = eval(ast.unparse(argument), vars(module)) if _is_global(argument, module) else None
                if inspect.isfunction(named) and named.__module__.startswith("packager."):
                    yield named


def _is_global(argument: ast.expr, module: ModuleType) -> bool:
    first = ast.unparse(argument).partition(".")[0]
    return isinstance(argument, ast.Name | ast.Attribute) and hasattr(module, first)


_GIVES_A_JOB = ("map", "submit", "submit_within", "stream", "ask")


def test_the_fields_of_every_value_have_types_that_are_checked() -> None:
    """But for those that no answer can hold, since they hold functions, patterns or arrays, or are a command's."""
    held = {}
    for module in _modules():
        if module.__name__.startswith("packager.cli"):
            continue
        for kind in vars(module).values():
            if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__:
                try:
                    assert len(field_checks(kind)) == len([field for field in fields(kind) if field.init])
                except TypeError as error:
                    held[kind.__name__] = str(error)
    assert all("cannot hold" in why or "array" in why for why in held.values()), held
