"""Archives that lead elsewhere: no path outside the work folder is touched, judged by the kernel's own calls."""

from __future__ import annotations

import itertools
import json
import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from packager.files.lock import work_folder
from tests.helpers.hostile.archives import Hostile, hostile
from tests.helpers.hostile.names import MARK
from tests.helpers.hostile.traced import Traced, traced

BATCH = 120
# What Python, multiprocessing and libraries write by themselves, wherever one stands.
OWN = re.compile(r"/dev/(null|tty|shm/\S*)|/proc/self/\S*|/tmp|.*/temporary(/\S*)?")


@pytest.mark.needs("strace")
def test_hostile_archives_touch_nothing_outside(tmp_path: Path) -> None:
    """A sample of the proof: every fifteenth of all archives."""
    proof = proven(tmp_path, tuple(itertools.islice(hostile(), 0, None, 15)))
    assert proof.archives >= 90
    assert proof.built > 0


@pytest.mark.needs("strace")
@pytest.mark.prove
def test_a_thousand_hostile_archives_touch_nothing_outside(tmp_path: Path) -> None:
    """Batch by batch: refused by name, or built from numbered files; no links or devices come out."""
    everything = tuple(hostile())
    proofs = [
        proven(tmp_path / str(start), everything[start : start + BATCH]) for start in range(0, len(everything), BATCH)
    ]
    archives, built, calls = (sum(getattr(one, name) for one in proofs) for name in ("archives", "built", "calls"))
    print(f"{archives} archives, {archives - built} refused, {built} built; 0 of {calls} calls outside; 0 links")
    assert archives >= 1000


@dataclass(frozen=True, slots=True)
class Proof:
    """How many archives were tried, how many of them were built, and how many system calls were looked at."""

    archives: int
    built: int
    calls: int


def proven(folder: Path, archives: Sequence[Hostile]) -> Proof:
    """Build them all, watched; those that are refused are named in the report."""
    bundle, out = folder / "bundle", folder / "out"
    placed = {}
    for number, archive in enumerate(archives):
        path = bundle / archive.folder / f"{number:04}.{archive.ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive.data)
        placed[path.relative_to(bundle).as_posix()] = archive
    done = run(folder, bundle, out)
    assert done.code == 0, done.said
    refuse_links(out)
    sources = json.loads((out / "keep" / "report.json").read_text(encoding="utf-8"))["sources"]
    refused = {label for label in placed if is_refused(label, sources)}
    return Proof(len(placed), len(placed) - len(refused), len(done.touches))


def is_refused(label: str, sources: Sequence[dict[str, str]]) -> bool:
    """Whether the report says of an archive, of which it must say something, that nothing is shown of it."""
    outcomes = {one["outcome"] for one in sources if one["source"].startswith(label)}
    assert outcomes, f"nothing is said of {label}"
    return "taken" not in outcomes


def run(folder: Path, bundle: Path, out: Path) -> Traced:
    """A build under strace that touched nothing it may not touch."""
    done = traced(folder / "log", "build", bundle, "-o", out, "--jobs", "2", "--skip-damaged")
    assert "Traceback" not in done.said, done.said
    assert done.touches
    assert [touch for touch in done.touches if MARK in touch.path] == []
    staging = out.with_name(f".{out.name}.packager")
    allowed = tuple(f"{place}/" for place in (out, staging, bundle / "editions", work_folder(bundle / "editions")))
    outside = {path for path in done.written() if not f"{path}/".startswith(allowed) and not OWN.fullmatch(path)}
    outside.discard(str(folder))  # made where it is not there yet
    assert outside == set()
    (folder / "log").unlink()
    return done


def refuse_links(out: Path) -> None:
    """Files and folders is all there is, in the tree and in its comic books."""
    for place, folders, files in os.walk(out):
        for name in (*folders, *files):
            path = Path(place, name)
            assert not path.is_symlink()
            assert path.is_file() or path.is_dir()
            assert MARK not in name
            if path.suffix == ".cbz":
                with zipfile.ZipFile(path) as book:
                    assert {info.external_attr >> 28 for info in book.infolist()} <= {0, 8}, name
