"""A Dask scheduler and workers of packager's, each a process of this computer."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SCHEDULER = """
import asyncio, sys
from distributed import Scheduler, Security

async def main():
    scheme, folder = sys.argv[1:]
    role = dict(tls_scheduler_cert=f"{folder}/own.pem", tls_scheduler_key=f"{folder}/own.key")
    security = Security(tls_ca_file=f"{folder}/ca.pem", require_encryption=True, **role) if scheme == "tls" else None
    local = dict(host="127.0.0.1", port=0, dashboard=False, dashboard_address="127.0.0.1:0")
    async with Scheduler(protocol=scheme, security=security, **local) as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()

asyncio.run(main())
"""


class ClusterWorker:
    """One `packager worker`, and what it says."""

    def __init__(self, log: Path, *arguments: object, code: Path = ROOT) -> None:
        self._log = log
        command = [sys.executable, "-m", "packager", "worker", *map(str, arguments), "--jobs", "1"]
        with log.open("w") as said:
            self.process = subprocess.Popen(command, cwd=code, stdout=said, stderr=said)

    @property
    def said(self) -> str:
        """All that it has said."""
        return self._log.read_text()

    @property
    def batches(self) -> list[int]:
        """How many pictures each batch had that it has rendered."""
        return [int(number) for number in re.findall(r"^(\d+) pictures", self.said, re.MULTILINE)]

    def wait_for(self, words: str) -> None:
        """Until it has said these words; fails where it ends without."""
        while words not in self.said:
            assert self.process.poll() is None, self.said
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait()


@contextmanager
def scheduler(scheme: str, certificates: Path) -> Iterator[str]:
    """The address of a scheduler, which ends with the block."""
    command = [sys.executable, "-c", _SCHEDULER, scheme, str(certificates)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


@contextmanager
def workers(count: int, folder: Path, *arguments: object) -> Iterator[list[ClusterWorker]]:
    """So many workers, once each of them waits for work; killed at the end of the block."""
    every = [ClusterWorker(folder / f"worker-{number}.log", *arguments) for number in range(count)]
    try:
        for one in every:
            one.wait_for("work from")
        yield every
    finally:
        for one in every:
            with suppress(OSError):
                one.kill()


def make_certificates(folder: Path) -> Path:
    """An authority of our own, and a certificate of it, as docs/scale.md says."""
    folder.mkdir()

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "90", "-subj", "/CN=window")
    openssl("req", *key, "-keyout", "own.key", "-out", "own.csr", "-subj", "/CN=machine")
    openssl("x509", "-req", "-in", "own.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "90", "-out", "own.pem")
    return folder
