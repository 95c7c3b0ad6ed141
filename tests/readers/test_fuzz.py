"""Every reader against bytes that change: seconds of libFuzzer for each; `make fuzz` takes longer."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.research.fuzz.targets import TARGETS

has_atheris = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris is not installed: pip install --group fuzz"
)


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_is_read(tmp_path: Path, name: str) -> None:
    """What fuzzing begins with leads through the reader, not to its first refusal."""
    target = TARGETS[name]
    path = tmp_path / f"seed{target.ending}"
    seeds = list(target.seeds())
    for seed in seeds:
        path.write_bytes(seed)
        target.read(path)
    assert seeds


@has_atheris
@pytest.mark.slow
def test_no_reader_stumbles_within_a_second(tmp_path: Path) -> None:
    """A sample of the proof, since most of its time goes into preparing the libraries."""
    assert fuzzed(tmp_path, "tar", seconds=1)


@has_atheris
@pytest.mark.prove
@pytest.mark.parametrize("name", TARGETS)
def test_no_reader_stumbles_within_twenty_seconds(tmp_path: Path, name: str) -> None:
    """An error that is no PackagerError ends the run with the bytes that led to it; so do 20 s and a gigabyte."""
    print(f"{name}: {fuzzed(tmp_path, name, seconds=20)} inputs")


def fuzzed(folder: Path, name: str, *, seconds: int) -> int:
    """How many inputs the reader was given."""
    # A program inherits the peak of memory of the process that starts it, which libFuzzer takes for its own: this one
    # may be large by now, a shell between them is not.
    fuzzing = [sys.executable, "-m", "tests.research.fuzz", name, str(seconds), str(folder)]
    done = subprocess.run(
        ["sh", "-c", '"$@"; exit $?', "sh", *fuzzing],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    runs = re.search(r"stat::number_of_executed_units: (\d+)", done.stderr)
    assert runs
    return int(runs[1])
