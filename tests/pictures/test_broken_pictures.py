"""Pictures broken at random, and the collection on which Pillow tests itself: shown or refused, nothing in between."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

import pytest

from packager.errors import SourceError
from packager.model import Missing, Source
from packager.pictures.renderer import PictureRenderer
from packager.pictures.worker_jobs import load
from packager.sandbox.pool import Failure, Workers
from tests.helpers.hostile.pictures import tried, tried_file
from tests.helpers.sdists import unpack

LONGEST_S = 20
R = TypeVar("R")
Arguments = TypeVarTuple("Arguments")


def test_broken_pictures_are_shown_or_refused() -> None:
    """A sample of the proof: the first six hundred seeds."""
    outcomes = outcomes_of(tried, range(600))
    assert sum(outcomes.values()) == 600
    assert outcomes["shown"] >= 60
    assert outcomes["refused"] >= 60


@pytest.mark.prove
def test_twenty_thousand_broken_pictures_are_shown_or_refused() -> None:
    """No process died, none ran out of time or memory, and every picture has one of two outcomes."""
    outcomes = outcomes_of(tried, range(20_000))
    print(f"20,000 broken pictures: {outcomes}")
    assert outcomes["shown"] + outcomes["refused"] == 20_000


@pytest.mark.prove
def test_the_pictures_on_which_pillow_tests_itself(tmp_path: Path) -> None:
    """Its sources ship them; among them are those that once crashed it or libraries below it."""
    folder = pillows_pictures(tmp_path)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    outcomes = outcomes_of(tried_file, files)
    print(f"{len(files)} files of Pillow's Tests/images: {outcomes}")
    assert outcomes["shown"] + outcomes["refused"] == len(files) > 500


def outcomes_of(job: Callable[..., str], items: Iterable[object]) -> Counter[str]:
    """How many were shown and how many refused; whatever else became of one is an outcome of its own."""
    outcomes = Counter[str]()
    items = list(items)
    with Workers(timeout_s=LONGEST_S) as workers:
        workers.start(load)
        for item, result in zip(items, workers.map(job, items), strict=True):
            if isinstance(result, Failure):
                print(f"{item}: {result.error}")
                outcomes[result.error.what] += 1
            else:
                outcomes["shown" if result == "shown" else "refused"] += 1
    return outcomes


def pillows_pictures(scratch: Path) -> Path:
    """The pictures in Pillow's source distribution, which pip brings; skipped where it cannot."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "pillow", "pillow"]
    done = subprocess.run([*command, "-d", scratch], capture_output=True, check=False)
    archives = list(scratch.glob("pillow-*.tar.gz"))
    if not archives:
        pytest.skip(f"pip brings no sources of Pillow here: {done.stderr.decode()[-200:]}")
    unpack(archives[0], scratch / "pillow", holding="/Tests/images/")
    return scratch / "pillow"


class Lying(Workers):
    """Workers that a picture has taken over, and that say something else in the place of a colour."""

    def submit(self, function: Callable[[*Arguments], R], *arguments: *Arguments) -> Future[R]:
        future: Future[Any] = Future()
        future.set_result("red;background:url(//example.org)")
        return future


def test_what_is_no_colour_does_not_get_into_a_style(tmp_path: Path) -> None:
    """A worker's answer is what its source may have made of it."""
    with Lying(1) as workers, pytest.raises(SourceError, match="did not answer as packager does"):
        PictureRenderer(workers).edge_colour(Missing(Source(tmp_path / "1.jpg", "1.jpg")))
