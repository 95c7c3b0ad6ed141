"""What the restrictions of worker processes cost: the pages of a comic with them, and in processes without any."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from packager.model import RenditionSpec, Role, Source
from packager.pictures import worker_jobs
from packager.pictures.worker_jobs import PageJob
from packager.sandbox.pool import Workers
from tests.research.bench.pages import FOLDER, make_pages
from tests.research.bench.ratio import Ratio, medians

RUNS = 3
PROCESSES = 2
SPEC = RenditionSpec(Role.PAGE, width=1220, max_side=2048, max_pixels=2_097_152, quality=80)


def measure() -> Iterator[Ratio]:
    """140 pages, decoded, shrunk and encoded by two processes; starting them is part of it on both sides."""
    pages = make_pages(FOLDER / "library" / "comics" / "pages")
    jobs = [PageJob(Source(page, page.name), (SPEC,), number) for number, page in enumerate(pages)]
    restricted, plain = medians(partial(_restricted, jobs, pages[0].parent), partial(_plain, jobs), runs=RUNS)
    yield Ratio(f"{len(pages)} restricted pages", "plain processes", restricted, plain, 1.1)


def _restricted(jobs: list[PageJob], folder: Path) -> None:
    with Workers(PROCESSES) as workers:
        workers.start(worker_jobs.load)
        workers.only_read(folder)
        assert all(
            isinstance(result, worker_jobs.Timed) and isinstance(result.value, tuple)
            for result in workers.map(worker_jobs.page, jobs)
        )
        assert not workers.missing_restrictions()


def _plain(jobs: list[PageJob]) -> None:
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=spawning, initializer=_one_thread) as processes:
        assert all(processes.map(worker_jobs.page, jobs))


def _one_thread() -> None:
    import os

    os.environ["VIPS_CONCURRENCY"] = "1"
    worker_jobs.load()
