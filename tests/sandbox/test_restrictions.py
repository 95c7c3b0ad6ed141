"""The restrictions of worker processes: what a job that was taken over by its source can still do."""

from __future__ import annotations

import fcntl
import re
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from packager.cli import cli
from packager.errors import PackagerError, SourceError
from packager.readers.context import missing_restrictions
from packager.sandbox.kernel import AARCH64, ALLOWED, CONDITIONAL, X86_64
from packager.sandbox.limits import LIMITS
from packager.sandbox.pool import Failure, Workers
from packager.sandbox.restrictions import Bounds, KernelFeatures, Restriction
from tests.helpers import restricted_jobs as jobs
from tests.helpers import worker_jobs
from tests.helpers.clean_tree import clean_tree, write
from tests.helpers.reading import make_files

MEGABYTE = 1 << 20


pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="they are Linux's")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that may be read, beside a file that may not."""
    folder = tmp_path_factory.mktemp("restricted") / "bundle"
    folder.mkdir()
    (folder / jobs.KEPT).write_text("kept")
    secret = folder.with_name("secret.txt")
    secret.write_text("secret")
    (folder / "to-the-secret").symlink_to(secret)
    return folder


# Debian 12 has version 2 of Landlock; what a version lacks, the filter of calls denies.
@pytest.fixture(scope="module", params=[1, 2, 4, 6, 7], ids=lambda version: f"Landlock {version}")
def confined(request: pytest.FixtureRequest, folder: Path) -> Iterator[Workers]:
    """A pool that may read that folder alone, on kernels of several ages."""
    with Workers(1, bounds=Bounds(kernel=KernelFeatures(landlock=request.param))) as workers:
        workers.only_read(folder)
        workers.submit(worker_jobs.square, 1).result()
        if missing := workers.missing_restrictions():
            pytest.skip(f"this system cannot keep a process from {', '.join(missing)}")
        yield workers


@pytest.mark.parametrize("attempt", jobs.ESCAPES, ids=lambda attempt: attempt.__name__)
def test_a_job_cannot_leave_its_process(confined: Workers, folder: Path, attempt: object) -> None:
    """Each attempt is refused, in the job and in a thread of it; the files are as they were, and the pool goes on."""
    number = [one.__name__ for one in jobs.ESCAPES].index(getattr(attempt, "__name__", ""))
    for tried in (jobs.tried, jobs.tried_in_a_thread):
        assert confined.submit(tried, number, folder).result() == ""
    assert sorted(path.name for path in folder.iterdir()) == [jobs.KEPT, "to-the-secret"]
    assert confined.submit(jobs.read_a_source, folder).result() == "kept"


def test_the_attempts_succeed_without_restrictions(folder: Path) -> None:
    """What the proof above refuses is possible here for an ordinary process: a file, a socket, a program."""
    script = (
        "import sys; from pathlib import Path; from tests.helpers import restricted_jobs as jobs\n"
        "for job in (jobs.read_the_home, jobs.fork, jobs.start_a_program, jobs.send_a_packet, jobs.change_its_time,\n"
        "            jobs.read_beside_the_sources, jobs.read_through_a_link, jobs.look_into_the_parent):\n"
        "    job(Path(sys.argv[1]))\n"
    )
    subprocess.run([sys.executable, "-c", script, folder], cwd=Path(__file__).parents[2], check=True)


def test_other_places_may_be_read_by_other_processes(confined: Workers, folder: Path) -> None:
    """A pool that is given other places starts other processes, and says what holds."""
    with Workers(1) as workers:
        workers.only_read(folder.parent)
        first = workers.submit(worker_jobs.process_id, 0).result()
        beside = jobs.ESCAPES.index(jobs.read_beside_the_sources)
        assert "was able" in workers.submit(jobs.tried, beside, folder).result()
        workers.only_read(folder)
        assert workers.submit(jobs.tried, beside, folder).result() == ""
        assert workers.submit(worker_jobs.process_id, 0).result() != first
        assert workers.missing_restrictions() == ()


def test_a_pool_says_which_restrictions_are_missing() -> None:
    """Without a word on what may be read, everything may be."""
    with Workers(1) as workers:
        workers.submit(worker_jobs.square, 1).result()
        assert Restriction.READING in workers.missing_restrictions()
        assert Restriction.MEMORY not in workers.missing_restrictions()
        (remark,) = missing_restrictions(workers)
    assert "could not be kept from reading other files than the sources" in remark.message


@pytest.mark.parametrize(
    ("kernel", "missing"),
    [
        (KernelFeatures(landlock=0), {Restriction.READING}),
        (
            KernelFeatures(landlock=2, has_filters=False),
            {Restriction.WRITING, Restriction.NETWORK, Restriction.PROGRAMS},
        ),
        (KernelFeatures(landlock=6, has_filters=False), {Restriction.NETWORK, Restriction.PROGRAMS}),
        (
            KernelFeatures(landlock=0, has_filters=False),
            {Restriction.READING, Restriction.WRITING, Restriction.NETWORK, Restriction.PROGRAMS},
        ),
    ],
    ids=["filters alone", "Landlock 2 alone", "Landlock 6 alone", "neither"],
)
def test_what_an_older_system_lacks_is_told(folder: Path, kernel: KernelFeatures, missing: set[Restriction]) -> None:
    """No restriction is claimed that the kernel does not hold."""
    with Workers(1, bounds=Bounds(kernel=kernel)) as workers:
        workers.only_read(folder)
        assert workers.submit(jobs.read_a_source, folder).result() == "kept"
        assert set(workers.missing_restrictions()) == missing


def test_a_check_says_what_the_system_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line beside the result, which stays as it is; not where nothing but problems is wanted."""
    write(clean_tree(), tmp_path / "tree")
    whole = CliRunner().invoke(cli, ["check", str(tmp_path / "tree")])
    monkeypatch.setitem(Workers.__init__.__kwdefaults__ or {}, "bounds", Bounds(kernel=KernelFeatures(landlock=0)))
    told, quiet = (CliRunner().invoke(cli, ["check", *more, str(tmp_path / "tree")]) for more in ((), ("-q",)))
    assert (told.exit_code, told.stdout) == (whole.exit_code, whole.stdout)
    (line,) = [line for line in told.stderr.splitlines() if "could not keep the processes that read it from" in line]
    assert "reading other files than the sources" in line
    assert "could not keep the processes that read it from" not in quiet.stderr


@pytest.mark.parametrize("greedy", [jobs.take_memory_in_pieces, jobs.take_memory_past_python])
def test_memory_ends_where_the_limit_says(greedy: object) -> None:
    """However it is asked for; the source is named by its limit, and the pool goes on."""
    assert callable(greedy)
    with Workers(1, bounds=Bounds(memory_bytes=200 * MEGABYTE)) as workers:
        results = list(workers.map(greedy, [1]))
        assert "more than 200 MB of memory" in refused(results[0]).what
        assert workers.submit(worker_jobs.square, 3).result() == 9


def test_a_job_that_spins_is_ended_by_processor_time() -> None:
    """Its own time, not the clock's: one that waits is not ended."""
    with Workers(1, bounds=Bounds(processor_s=1)) as workers:
        (result,) = workers.map(jobs.spin, [1])
        assert "more than 1 seconds of the processor" in refused(result).what
        assert workers.submit(worker_jobs.square, 3).result() == 9


def test_a_job_that_hears_no_signal_is_ended_all_the_same() -> None:
    """The parent keeps the time: nothing that a worker does to itself gives it more."""
    with Workers(1, bounds=Bounds(processor_s=1)) as workers:
        (result,) = workers.map(jobs.spin_deaf, [1])
        assert "more than 1 seconds of the processor" in refused(result).what


def test_the_file_without_a_name_has_a_limit() -> None:
    """What a worker may put aside does not fill the disk."""
    with Workers(1) as workers:
        assert workers.submit(jobs.fill_the_disk, 1).result() == LIMITS.spool_bytes


@pytest.mark.parametrize("job", [jobs.begin_an_answer, jobs.promise_an_answer])
def test_an_answer_has_a_time_and_a_length(job: object) -> None:
    """Half an answer and then silence, and one that says it is longer than all memory."""
    assert callable(job)
    with Workers(1, timeout_s=1) as workers:
        (result,) = workers.map(job, [1 << 50])
        assert re.search("longer than 1 seconds|more than 256 MB in one piece", refused(result).what)
        assert workers.submit(worker_jobs.square, 3).result() == 9


def test_a_worker_that_does_not_take_its_job_keeps_nobody_waiting() -> None:
    """The job is longer than what a pipe holds."""
    with Workers(1, timeout_s=1) as workers:
        assert workers.submit(jobs.answer_and_never_listen, 1).result() == 1
        (result,) = workers.map(worker_jobs.take_bytes, [bytes(50 << 20)])
        assert "longer than 1 seconds" in refused(result).what


def test_an_answer_loads_no_module() -> None:
    """A worker names a value of the module that decodes pictures, which its parent has no use for."""
    code = (
        "import sys; from packager.errors import SourceError; from packager.sandbox.pool import Workers\n"
        "from tests.helpers import restricted_jobs\n"
        "if __name__ == '__main__':\n"
        "    with Workers(1) as workers:\n"
        "        try: workers.submit(restricted_jobs.answer_with_a_value_of_pictures, 1).result()\n"
        "        except SourceError as error: print(error.what)\n"
        "    print([name for name in sys.modules if name.startswith(('pyvips', 'packager.pictures'))])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert done.stdout == "the process that read it did not answer as packager does\n[]\n"


def test_a_worker_that_works_on_after_its_answer_is_ended() -> None:
    """It gets no other job."""
    with Workers(1) as workers:
        first = workers.submit(jobs.work_on, 1).result()
        spinning = psutil.Process(first)
        while sum(spinning.cpu_times()[:2]) < LIMITS.idle_processor_seconds + 1:
            pass
        assert workers.submit(worker_jobs.process_id, 1).result() != first


def test_a_job_has_few_threads() -> None:
    """They are counted, since no limit of the system holds root."""
    with Workers(1) as workers:
        (result,) = workers.map(jobs.start_threads, [200])
        assert "of the processor" in refused(result).what


@pytest.mark.parametrize("job", [jobs.say_nothing_for_ever, jobs.say_much_at_once])
def test_a_stream_has_an_end(job: object) -> None:
    """Pieces without end, and one that is none."""
    assert callable(job)
    with Workers(1) as workers:
        with pytest.raises(SourceError, match=r"more than (500,000 pieces|4 MB in one piece)"):
            deque(workers.stream(job, 1), maxlen=0)
        assert workers.submit(worker_jobs.square, 3).result() == 9
        assert list(workers.stream(jobs.stream_slowly, 2)) == [0, 1]


def test_a_job_may_have_less_time_than_the_others() -> None:
    """What one job has of the processor is its own; the next has that of the pool again, in the same process."""
    with Workers(1) as workers:
        process = workers.submit(worker_jobs.process_id, 0).result()
        with pytest.raises(SourceError, match="more than 1 seconds of the processor"):
            workers.submit_within(1, worker_jobs.loop_on_odd, 1).result()
        second = workers.submit(worker_jobs.process_id, 0).result()
        assert workers.submit_within(1, worker_jobs.process_id, 0).result() == second != process


def test_processor_time_begins_anew_with_each_answer() -> None:
    """Workers stay for thousands of jobs: six half-seconds of one stream are not three seconds of one job."""
    with Workers(1, bounds=Bounds(processor_s=2)) as workers:
        assert list(workers.stream(jobs.stream_slowly, 6)) == list(range(6))


@pytest.mark.parametrize("job", [jobs.answer_with_a_call, jobs.answer_with_an_error_that_calls])
def test_an_answer_cannot_make_the_parent_do_anything(tmp_path: Path, job: object) -> None:
    """What a worker says is read as values of ours; anything else is refused before it is built."""
    assert callable(job)
    with Workers(1) as workers:
        with pytest.raises((TypeError, RuntimeError), match=r"no value of ours|Call"):
            workers.submit(job, str(tmp_path / "marker")).result()
        assert workers.submit(worker_jobs.square, 3).result() == 9
    assert list(tmp_path.iterdir()) == []


def test_a_check_reads_nothing_beside_what_it_checks(tmp_path: Path) -> None:
    """A file that becomes a link while the tree is examined leads nowhere, not even to another temporary file.

    A lease tells when the worker opens the first file, and holds it there until the second has been exchanged.
    """
    with Workers(1) as workers:
        workers.only_read(tmp_path)
        workers.submit(worker_jobs.square, 1).result()
        if Restriction.READING in workers.missing_restrictions():
            pytest.skip("this system cannot keep a process from reading other files")
    tree, secret = tmp_path / "tree", Path(tempfile.gettempdir()) / "secret.txt"
    secret.write_text("nobody may read this word: danbi\n")
    make_files(tree, {"1.txt": "one\n", "2.txt": "x" * secret.stat().st_size})
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGIO})
    with (tree / "1.txt").open("r+b") as leased:
        fcntl.fcntl(leased, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        command = [sys.executable, "-m", "packager", "check", str(tree), "--never", "danbi", "--jobs", "1"]
        with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as checking:
            assert signal.sigtimedwait([signal.SIGIO], 30)
            (tree / "2.txt").unlink()
            (tree / "2.txt").symlink_to(secret)
            fcntl.fcntl(leased, fcntl.F_SETLEASE, fcntl.F_UNLCK)
            said, _ = checking.communicate(timeout=30)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGIO})
    assert "2.txt: T302 it was not read: Permission denied" in said
    assert "danbi" not in said


HEADERS = {
    X86_64: (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), r"__NR_(\w+)\s+(\d+)"),
    AARCH64: (Path("/usr/include/asm-generic/unistd.h"), r"__NR(?:3264)?_(\w+)\s+(\d+)"),
}


_OTHER_NAMES = {"newfstatat": "fstatat"}


@pytest.mark.needs("/usr/include/asm-generic/unistd.h")
@pytest.mark.parametrize("column", HEADERS, ids=["x86_64", "aarch64"])
def test_the_numbers_of_system_calls_are_those_of_the_kernel(column: int) -> None:
    """Those that a processor does not have included."""
    path, pattern = HEADERS[column]
    known = {name: int(number) for name, number in re.findall(pattern, path.read_text())}
    for name, numbers in (ALLOWED | CONDITIONAL).items():
        assert numbers[column] == known.get(name, known.get(_OTHER_NAMES.get(name, ""))), name


def refused(result: object) -> PackagerError:
    """The error in the place of a result."""
    assert isinstance(result, Failure)
    assert isinstance(result.error, SourceError)
    return result.error
