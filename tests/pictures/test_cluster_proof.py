"""Two machines of a cluster do in half the time what one does, but for what the scheduler and the sender take."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from packager.files.store import Store
from packager.model import RenditionSpec, Role, Source
from packager.pictures.batches import BatchSender
from packager.pictures.cache import Cache
from packager.pictures.cluster import Scheduler, connected
from packager.pictures.renderer import PictureRenderer
from packager.pictures.worker_jobs import PageJob
from packager.sandbox.pool import Workers
from tests.helpers.builders import make_picture
from tests.helpers.clusters import scheduler, workers

PAGES = 240
SIZE = (1_600, 2_400)
SPECS = (RenditionSpec(Role.PAGE, 1_280, 4_000, 4_000_000, 80), RenditionSpec(Role.PHONE, 640, 2_000, 2_000_000, 70))
OWN_CORE, SHARED_CORE = 0, 1


@dataclass(frozen=True, slots=True)
class Spent:
    """The seconds of the clock, and those of the processor of the machine that had most, and of all that is none."""

    by_clock: float
    busiest: float
    beside: float


@pytest.mark.prove
@pytest.mark.skipif(sys.platform != "linux", reason="processes are bound to cores as Linux does it")
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="two machines need two cores")
def test_two_machines_measure_pictures_at_least_one_point_seven_times_as_fast_as_one(tmp_path: Path) -> None:
    """Each has a core of its own, and the second one shares it with the scheduler and the sender."""
    paths = [make_picture(tmp_path / "pages" / f"{number}.jpg", SIZE, seed=number) for number in range(PAGES)]
    jobs = [PageJob(Source(path, path.name), SPECS, number) for number, path in enumerate(paths)]
    one, two = (_spent(jobs, tmp_path / str(count), count) for count in (1, 2))
    by_clock, by_processor = one.by_clock / two.by_clock, one.busiest / two.busiest
    shares = f"beside the machines {two.beside / two.by_clock:.0%} of a core"
    print(f"{by_processor:.2f} times by the processor of the busiest machine, {by_clock:.2f} by the clock; {shares}")
    assert by_processor >= 1.7


def _spent(jobs: list[PageJob], folder: Path, count: int) -> Spent:
    """What so many machines take for the pictures, none of which is known."""
    folder.mkdir()
    cores = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {SHARED_CORE})  # and so all that starts now
        with (
            Workers(1) as own,
            scheduler("tcp", folder) as address,
            workers(count, folder, address) as machines,
            connected(Scheduler(address), lambda: PictureRenderer(own).engine) as cluster,
        ):
            roots = [psutil.Process(one.process.pid) for one in machines]
            _bind(roots[0], OWN_CORE)
            others = [one for one in psutil.Process().children() if one not in roots]
            cache = Cache(Store(folder / "kept"))
            sender = BatchSender(cluster, cache, PictureRenderer(own, cache))
            before, start = _seconds(others, roots), time.monotonic()
            sender.expect(len(jobs))
            sender.pages(jobs)
            sender.finish()
            by_clock, after = time.monotonic() - start, _seconds(others, roots)
            assert sender.problems == set()
            assert sum(sum(one.batches) for one in machines) == len(jobs)
            beside, *each = (late - early for late, early in zip(after, before, strict=True))
            return Spent(by_clock, max(each), beside)
    finally:
        os.sched_setaffinity(0, cores)


def _bind(machine: psutil.Process, core: int) -> None:
    for process in (machine, *machine.children(recursive=True)):
        for thread in process.threads():
            os.sched_setaffinity(thread.id, {core})


def _seconds(others: list[psutil.Process], machines: list[psutil.Process]) -> list[float]:
    """The seconds of the processor that this process and others took, and those of each machine."""
    return [time.process_time() + sum(map(_of_family, others)), *map(_of_family, machines)]


def _of_family(process: psutil.Process) -> float:
    """Those of a process and its children, the dead among them."""
    family = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(times.user + times.system + times.children_user + times.children_system for times in family)
