"""A build whose pictures are measured on other machines, here by processes of this one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.helpers.builders import contents, make_comic, make_strip, packager
from tests.helpers.clusters import ROOT, ClusterWorker, make_certificates, scheduler, workers

PAGES = 30


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many pages, and a strip."""
    folder = tmp_path_factory.mktemp("cluster") / "window"
    make_comic(folder / "comics" / "pages", PAGES)
    make_strip(folder / "comics" / "strip", tiles=2, size=(200, 1200))
    (folder / "bundle.toml").write_text('editions = ["site"]\n')
    return folder


@pytest.fixture(scope="module")
def alone(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tree that this machine builds alone."""
    return built(bundle, tmp_path_factory.mktemp("alone") / "out")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of one authority."""
    return make_certificates(tmp_path_factory.mktemp("tls") / "certificates")


def options(folder: Path) -> tuple[object, ...]:
    """What names the certificates."""
    files = {"ca": "ca.pem", "cert": "own.pem", "key": "own.key"}
    return tuple(word for name, file in files.items() for word in (f"--cluster-{name}", folder / file))


def built(bundle: Path, output: Path, *arguments: object) -> dict[str, bytes]:
    """The tree of a build."""
    result = packager("build", bundle, "-o", output, "--jobs", 1, *arguments)
    assert result.returncode == 0, result.stderr
    assert "lost pictures" not in result.stdout
    return contents(output / "window")


@pytest.mark.slow
@pytest.mark.needs("openssl")
def test_two_machines_give_the_tree_of_one(
    bundle: Path, alone: dict[str, bytes], certificates: Path, tmp_path: Path
) -> None:
    """By TLS; both have their part, each picture is rendered once, and what they made is kept for the next build."""
    with scheduler("tls", certificates) as address:
        tls = options(certificates)
        with workers(2, tmp_path, address, *tls) as every:
            kept = ("--cache", tmp_path / "kept")
            assert built(bundle, tmp_path / "out", "--cluster", address, *tls, *kept) == alone
            rendered = [sum(one.batches) for one in every]
            assert sum(rendered) == PAGES + 2
            assert all(rendered)
            assert built(bundle, tmp_path / "again", "--cluster", address, *tls, *kept) == alone
            assert sum(sum(one.batches) for one in every) == PAGES + 2
        unknown = packager("build", bundle, "-o", tmp_path / "none", "--cluster", address, *tls)
        assert unknown.returncode == 2
        assert "no worker is connected" in unknown.stderr


@pytest.mark.slow
def test_a_machine_that_dies_costs_no_more_than_its_batch(
    bundle: Path, alone: dict[str, bytes], tmp_path: Path
) -> None:
    """The tree is the same, and of what was finished no more than one batch is rendered again."""
    with scheduler("tcp", tmp_path) as address, workers(3, tmp_path, address) as every:
        command = [sys.executable, "-m", "packager", "build", str(bundle), "-o", str(tmp_path / "out"), "--jobs", "1"]
        with subprocess.Popen([*command, "--cluster", address], cwd=ROOT, stdout=subprocess.PIPE, text=True) as build:
            every[0].wait_for("pictures in")
            every[0].kill()
            told, _ = build.communicate()
        assert build.returncode == 0
        assert "lost pictures" not in told
        assert contents(tmp_path / "out" / "window") == alone
        batches = [number for one in every for number in one.batches]
        assert PAGES + 2 <= sum(batches) <= PAGES + 2 + max(batches)


@pytest.mark.slow
def test_a_scheduler_that_ends_leaves_the_rest_to_this_machine(
    bundle: Path, alone: dict[str, bytes], tmp_path: Path
) -> None:
    """The tree is the same, and the report says what was lost."""
    command = [sys.executable, "-m", "packager", "build", str(bundle), "-o", str(tmp_path / "out"), "--jobs", "1"]
    with ExitStack() as stack:
        address = stack.enter_context(scheduler("tcp", tmp_path))
        (worker,) = stack.enter_context(workers(1, tmp_path, address))
        with subprocess.Popen([*command, "--cluster", address], cwd=ROOT, stdout=subprocess.PIPE, text=True) as build:
            worker.wait_for("pictures in")
            stack.close()
            told, _ = build.communicate()
    assert build.returncode == 0
    assert "measured here: the scheduler has ended" in told
    assert contents(tmp_path / "out" / "window") == alone


@pytest.mark.slow
def test_a_machine_with_another_engine_is_refused(bundle: Path, tmp_path: Path) -> None:
    """Before anything is read, with its address."""
    other = shutil.copytree(ROOT / "packager", tmp_path / "other" / "packager")
    shutil.copytree(ROOT / "templates", tmp_path / "other" / "templates")
    encode = other / "pictures" / "vips" / "encode.py"
    encode.write_text(f"{encode.read_text()}\n# of another version\n")
    with scheduler("tcp", tmp_path) as address:
        worker = ClusterWorker(tmp_path / "worker.log", address, code=other.parent)
        try:
            worker.wait_for("work from")
            said = packager("build", bundle, "-o", tmp_path / "out", "--cluster", address)
        finally:
            worker.kill()
    assert (said.returncode, said.stdout) == (2, "")
    assert "has another version of packager or its libraries" in said.stderr
    assert "tcp://127.0.0.1:" in said.stderr
    assert not worker.batches


CERTIFICATES = ("--cluster-ca", "ca.pem", "--cluster-cert", "ca.pem", "--cluster-key", "ca.pem")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--cluster", "tcp://192.0.2.1:8786"), "run whatever they are sent"),
        (("--cluster", "tcp://127.0.0.1.example:8786"), "run whatever they are sent"),
        (("--cluster", "tcp://[2001:db8::1]:8786"), "run whatever they are sent"),
        (("--cluster", "ws://127.0.0.1:8786"), "is no address of a scheduler"),
        (("--cluster", "tls://window"), "Write it as tls://HOST:PORT"),
        (("--cluster", "tls://127.0.0.1:8786"), "needs certificates"),
        (("--cluster", "tls://127.0.0.1:8786", *CERTIFICATES), "--cluster-ca: there is no such file"),
        (("--cluster-ca", "ca.pem"), "say nothing without --cluster"),
        (("--cluster", "tcp://127.0.0.1:1", "--cluster", "3KiB"), "no size of clusters"),
        pytest.param(("--cluster", "tcp://127.0.0.1:1"), "no scheduler answers there", marks=pytest.mark.slow),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_what_is_no_safe_cluster_is_refused(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    """With the reason, before anything is sent anywhere."""
    make_comic(tmp_path / "b" / "comics" / "pages", 1)
    said = packager("build", "b", *arguments, cwd=tmp_path)
    assert (said.returncode, said.stdout) == (2, "")
    assert says in said.stderr
    assert len(said.stderr.splitlines()) <= 2


def test_a_worker_goes_to_no_unsafe_scheduler(tmp_path: Path) -> None:
    """It would run whatever comes from there."""
    said = packager("worker", "tcp://192.0.2.1:8786", cwd=tmp_path)
    assert (said.returncode, said.stdout) == (2, "")
    assert "run whatever they are sent" in said.stderr
