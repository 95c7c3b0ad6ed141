"""Worker processes: what becomes of a job that fails, and of workers whose parent goes away."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from packager.errors import DamagedPicture, PackagerError, SourceError
from packager.sandbox.pool import Failure, Workers
from packager.sandbox.restrictions import Bounds
from tests.helpers import worker_jobs as jobs

TIMEOUT_S = 60
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="memory limits are set on Linux only")


def test_results_come_in_the_order_of_the_items() -> None:
    """The order of results does not depend on which worker was faster."""
    with Workers(2) as workers:
        assert list(workers.map(jobs.square, range(50))) == [number * number for number in range(50)]


def test_large_results_arrive_whole() -> None:
    """Results far larger than a pipe's buffer arrive byte for byte."""
    with Workers(2) as workers:
        assert list(workers.map(jobs.many_bytes, range(20))) == [jobs.many_bytes(number) for number in range(20)]


def test_items_are_taken_only_a_few_ahead() -> None:
    """An endless list of items can be mapped: nothing is taken long before its result is asked for."""
    taken = itertools.count()
    with Workers(2) as workers:
        results = workers.map(jobs.square, taken)
        assert list(itertools.islice(results, 5)) == [0, 1, 4, 9, 16]
        assert next(taken) <= 5 + 2 * 2


def test_workers_stay_for_the_next_job() -> None:
    """Jobs share the workers that the first ones started."""
    with Workers(2) as workers:
        processes = set(workers.map(jobs.process_id, range(20))) | set(workers.map(jobs.process_id, range(20)))
    assert len(processes) <= 2
    assert os.getpid() not in processes


def test_no_process_starts_before_the_first_job() -> None:
    """A pool that is never asked costs no process."""
    before = psutil.Process().children()
    with Workers(2):
        assert psutil.Process().children() == before


def test_jobs_can_follow_one_another() -> None:
    """The result of one job can be the argument of the next."""
    with Workers(2) as workers:
        first = workers.submit(jobs.add, 1, 2)
        assert workers.submit(jobs.add, first.result(), 10).result() == 13


def test_an_error_of_the_job_comes_back_as_itself() -> None:
    """A job's own error keeps its class, its place and its hint."""
    with Workers(1) as workers:
        (failure,) = workers.map(jobs.refuse, [7])
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, DamagedPicture)
    assert str(failure.error) == str(DamagedPicture("number 7 ends early", where="a.jpg", hint="Look at it."))


@pytest.mark.parametrize("deadly", [jobs.exit_on_odd, jobs.segfault_on_odd])
def test_a_worker_that_dies_fails_its_own_job_only(deadly: Callable[[int], int]) -> None:
    """Every second job kills its worker; the others, before and after it, are done."""
    with Workers(2) as workers:
        results = list(workers.map(deadly, range(8)))
    assert results[::2] == [0, 2, 4, 6]
    assert ["died" in _source_error(result).what for result in results[1::2]] == [True] * 4


def test_a_job_that_takes_too_long_is_ended() -> None:
    """A job past its time is a failure, and the worker is replaced."""
    with Workers(1, timeout_s=1) as workers:
        results = list(workers.map(jobs.loop_on_odd, range(3)))
    assert results[::2] == [0, 2]
    assert "longer than 1 seconds" in _source_error(results[1]).what


def test_submit_raises_what_map_would_return() -> None:
    """The error of a single job is raised where its result is asked for."""
    with Workers(1) as workers, pytest.raises(SourceError, match="died"):
        workers.submit(jobs.exit_on_odd, 1).result()


def test_an_internal_error_keeps_the_traceback_of_the_worker() -> None:
    """A bug in a job is raised in the parent and shows the line it happened on."""
    with Workers(1) as workers, pytest.raises(ZeroDivisionError) as caught:
        list(workers.map(jobs.stumble, [1]))
    assert "return number // 0" in "".join(caught.value.__notes__)


def test_an_error_that_cannot_be_sent_is_told_in_words() -> None:
    """An exception that cannot cross the border between processes still says what happened."""
    with Workers(1) as workers, pytest.raises(RuntimeError, match="UnsendableError: cannot be rebuilt"):
        list(workers.map(jobs.raise_what_cannot_be_sent, [1]))


def test_a_result_that_cannot_be_sent_is_an_internal_error() -> None:
    """The pool does not hang on a result that cannot be pickled, and works on."""
    with Workers(1) as workers:
        with pytest.raises((AttributeError, RuntimeError, TypeError)):
            workers.submit(jobs.return_what_cannot_be_sent, 1).result()
        assert workers.submit(jobs.square, 3).result() == 9


@linux_only
def test_a_job_that_takes_too_much_memory_is_a_failure() -> None:
    """A job that asks for more memory than allowed fails by itself; the next one works."""
    with Workers(1, bounds=Bounds(memory_bytes=256 << 20)) as workers:
        results = list(workers.map(jobs.take_memory, [2 << 30, 1000]))
    assert "memory" in _source_error(results[0]).what
    assert results[1] == 1000


def test_libvips_works_within_the_limits() -> None:
    """A picture of 16 megapixels is read under the default limit on memory, with one thread."""
    with Workers(1) as workers:
        assert workers.submit(jobs.shrink_a_picture, 4000).result() > 1000
        assert workers.submit(jobs.libvips_threads, 0).result() == "1"


def test_leaving_early_ends_the_workers() -> None:
    """Whoever leaves the pool does not wait for the jobs under way."""
    with Workers(2) as workers:
        endless = workers.submit(jobs.wait_for_good, 0)
        process = psutil.Process(workers.submit(jobs.process_id, 0).result())
    assert endless.done()
    assert not process.is_running()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("job", ["wait_for_good", "loop_on_odd"])
def test_workers_end_with_a_killed_parent(job: str) -> None:
    """When the parent is killed, busy workers end by themselves."""
    with _parent_with_busy_workers(job) as parent:
        workers = _worker_processes(psutil.Process(parent.pid))
        assert len(workers) == 2
        parent.kill()
    assert _still_running(workers) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups that share signals")
def test_ctrl_c_is_answered_by_the_parent_alone() -> None:
    """Ctrl-C reaches the whole process group; the workers keep silent and end with the parent."""
    with _parent_with_busy_workers("wait_for_good") as parent:
        workers = _worker_processes(psutil.Process(parent.pid))
        os.killpg(parent.pid, signal.SIGINT)
        _, errors = parent.communicate(timeout=TIMEOUT_S)
    assert _still_running(workers) == []
    assert errors.count("KeyboardInterrupt") == 1


def _source_error(result: object) -> PackagerError:
    assert isinstance(result, Failure)
    assert isinstance(result.error, SourceError)
    return result.error


def _worker_processes(parent: psutil.Process) -> list[psutil.Process]:
    return [child for child in parent.children() if "spawn_main" in " ".join(child.cmdline())]


def _still_running(processes: list[psutil.Process]) -> list[psutil.Process]:
    _, left = psutil.wait_procs(processes, timeout=TIMEOUT_S)
    return [process for process in left if process.status() != psutil.STATUS_ZOMBIE]


def _parent_with_busy_workers(job: str) -> subprocess.Popen[str]:
    """A process of its own group whose two workers are busy with `job`; it said so on its standard output."""
    script = (
        "from packager.sandbox.pool import Workers\n"
        "from tests.helpers import worker_jobs as jobs\n"
        "with Workers(2) as workers:\n"
        "    list(workers.map(jobs.square, range(2)))\n"
        f"    busy = [workers.submit(jobs.{job}, 1) for _ in range(2)]\n"
        "    print('busy', flush=True)\n"
        "    busy[0].result()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "busy\n"
    return parent


# Streams


def test_a_stream_gives_what_its_job_yields() -> None:
    """In order and whole; the process is then free for the next."""
    with Workers(1) as workers:
        assert list(workers.stream(jobs.count_to, 1000)) == list(range(1000))
        assert list(workers.stream(jobs.count_to, 0)) == []
        assert list(workers.stream(jobs.count_to, 2)) == [0, 1]


@pytest.mark.parametrize(("job", "words"), [(jobs.count_and_refuse, "ends after 3"), (jobs.count_and_die, "died")])
def test_a_stream_that_fails_gives_what_came_before(job: Callable[[int], Iterator[int]], words: str) -> None:
    """The failure is named, and the next stream works."""
    with Workers(1) as workers:
        stream = workers.stream(job, 3)
        assert list(itertools.islice(stream, 3)) == [0, 1, 2]
        with pytest.raises(SourceError, match=words):
            next(stream)
        assert list(workers.stream(jobs.count_to, 2)) == [0, 1]


def test_a_stream_that_is_left_does_not_run_into_the_next() -> None:
    """What it had still to say is lost with its process."""
    with Workers(1) as workers:
        closed, kept = workers.stream(jobs.count_to, 1_000_000), workers.stream(jobs.count_to, 1_000_000)
        assert next(closed) == 0
        closed.close()
        assert next(kept) == 0
        last = workers.stream(jobs.count_to, 2)
        assert next(last) == 0
        kept.close()
        assert list(last) == [1]
