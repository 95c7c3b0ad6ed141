"""What workers say: every value of ours comes back as it was, and nothing else is built from an answer."""

from __future__ import annotations

import json
import os
import pickle
import struct
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path, PurePosixPath

import pytest

from packager.errors import DamagedPicture, PackagerError
from packager.model import Direction, Outcome, Picture, Remark, Source
from packager.sandbox import answers
from packager.sandbox.limits import LIMITS

SOURCE = "packager.model.sources:Source"
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
    date(2026, 11, 30),
    datetime(2026, 11, 30, 12, 0, 1, tzinfo=UTC),
    time(1, 2),
    timedelta(days=2, milliseconds=3),
)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_come_back_as_they_were(value: object) -> None:
    """The same value, of the same type."""
    back = answers.opened(answers.of(value))
    assert type(back) is type(value)
    assert repr(back) == repr(value)


@pytest.mark.parametrize("value", [print, object(), os, (1, lambda: 0), Path, memoryview(b"")], ids=repr)
def test_nothing_else_is_sent(value: object) -> None:
    """It is a fault of ours, told as one."""
    with pytest.raises(TypeError, match="is no value of ours"):
        answers.of(value)


def test_errors_are_raised_with_what_they_say() -> None:
    """Those of ours whole, those of Python by their name, others in words."""
    with pytest.raises(DamagedPicture) as ours:
        answers.opened(answers.of_error(DamagedPicture("what", where="where", hint="hint")))
    assert (ours.value.what, ours.value.where, ours.value.hint) == ("what", "where", "hint")
    with pytest.raises(ZeroDivisionError, match="by zero"):
        answers.opened(answers.of_error(ZeroDivisionError("division by zero")))
    with pytest.raises(RuntimeError, match="UnicodeDecodeError: 'utf-8' codec"):
        answers.opened(answers.of_error(UnicodeDecodeError("utf-8", b"x", 0, 1, "bad")))
    with pytest.raises(RuntimeError, match="StrangeError: strange"):
        answers.opened(answers.of_error(StrangeError("strange")))


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
    "no class": said([0], names=["packager.model.sources:Nothing"]),
    "a module that is not there": said([0], names=["packager.nothing:Nothing"]),
    "a path that is a number": said([0, 3, "a", None], names=[SOURCE]),
    "a path that is text": said([0, "/etc/passwd", "a", None], names=[SOURCE]),
    "a label that is none": said([0, ["path", "a"], ["path", "a"], None], names=[SOURCE]),
    "too few fields": said([0, ["path", "a"]], names=[SOURCE]),
    "too many fields": said([0, ["path", "a"], *"abcdefgh"], names=[SOURCE]),
    "an unknown word": said(["call", "os.system"]),
    "bytes that are not there": said(["bytes", 0]),
    "bytes beyond the end": said(["bytes", 0], sizes=[10], rest=b"x"),
    "bytes of less than none": said(["bytes", 0], sizes=[-1], rest=b"x"),
    "an enum that is none": said(["enum", "packager.model.sources:Source", 1]),
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
    with pytest.raises(answers.Foreign):
        answers.opened(answer)
    assert str(Path("a")) == "a"


def test_a_large_text_is_refused_before_it_is_read() -> None:
    """Its length is looked at first."""
    text = b'{"value":"' + b"x" * LIMITS.answer_text_bytes + b'"}'
    with pytest.raises(answers.Foreign, match="more values"):
        answers.opened(struct.pack("!Q", len(text)) + text)


def test_an_error_of_ours_is_none_of_its_subclasses_elsewhere() -> None:
    """A name of another module is refused, whatever it is."""
    with pytest.raises(answers.Foreign):
        answers.opened(said(["problem", "packager.sandbox.pool:PackagerError", "a", None, ""], trace="t"))
    with pytest.raises(PackagerError, match="a"):
        answers.opened(said(["problem", "packager.errors:PackagerError", "a", None, ""], trace="t"))
