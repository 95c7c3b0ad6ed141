"""A Dask cluster that renders batches, and a machine of it: the only module that knows Dask.

Dask runs what it is sent. So its scheduler is reached by TLS with certificates on both sides, or on this computer
itself; whoever has a certificate of the same authority is trusted by all machines of the cluster.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from packager.errors import UsageError
from packager.pictures.batches import BatchLost, BatchRunner

if TYPE_CHECKING:
    from distributed import Client, Security

_CONNECT_S, _NO_WORKER_S, _LOOK_S = 15, 60, 5
_INSTALL = "Install it: pip install 'bundle-packager[cluster]'"
_MOST_UNDER_WAY = 256  # batches: 2 GB of them
_AHEAD = 2  # batches a machine, and as many more: one is rendered while the next one comes


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Where a Dask scheduler listens, and the files with which we and it know each other."""

    address: str
    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def require_safe(self) -> None:
        """Raise UsageError for what others on the way could read or change, or put themselves in the place of."""
        with suppress(ValueError):
            parts = urlsplit(self.address)
            is_whole = bool(parts.hostname and parts.port) and not parts.path.strip("/")
            if is_whole and parts.scheme == "tcp":
                if _is_this_computer(parts.hostname or ""):
                    return None
                what = "is not encrypted, and a scheduler and its workers run whatever they are sent"
                raise UsageError(what, where=self.address, hint="Use tls:// with certificates; docs/scale.md says how.")
            if is_whole and parts.scheme == "tls":
                return self._require_files()
        hint = "Write it as tls://HOST:PORT."
        raise UsageError("is no address of a scheduler", where=self.address, hint=hint)

    def _require_files(self) -> None:
        for option, file in zip(("ca", "cert", "key"), (self.authority, self.certificate, self.key), strict=True):
            if file is None:
                what = "needs certificates: --cluster-ca, --cluster-cert and --cluster-key"
                raise UsageError(what, where=self.address, hint="docs/scale.md says how to make them.")
            if not file.is_file():
                raise UsageError(f"--cluster-{option}: there is no such file", where=file)

    @property
    def security(self) -> Security | None:
        """What Dask is told of the certificates: the same for every part that we play."""
        from distributed import Security

        if not self.address.startswith("tls"):
            return None
        files = {
            f"tls_{role}_{name}": str(file)
            for role in ("client", "worker")
            for name, file in (("cert", self.certificate), ("key", self.key))
        }
        return Security(require_encryption=True, tls_ca_file=str(self.authority), **files)


class DaskCluster:
    """A `Cluster`: the scheduler has no more than a window of batches at a time, and tries one elsewhere if need be.

    A thread waits for each, so that what is done leaves the machine that did it at once.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._is_gone = False
        self._threads = ThreadPoolExecutor(_MOST_UNDER_WAY, thread_name_prefix="cluster")

    @property
    def window(self) -> int:
        """How many batches keep all machines busy; 0 where the scheduler is gone."""
        machines = self._machines()
        return 0 if self._is_gone else min(_MOST_UNDER_WAY, _AHEAD * (machines + 1))

    def submit(self, batch: bytes) -> Future[bytes]:
        """Send a batch to whichever machine is free; BatchLost comes of it where none has been there for a minute."""
        return self._threads.submit(self._rendered, batch)

    def require_engine(self, engine: str) -> None:
        """Raise UsageError where there is no machine, or one of them renders otherwise than this one."""
        try:
            self._client.wait_for_workers(1, timeout=_CONNECT_S)
        except TimeoutError:
            hint = "On each machine: packager worker ADDRESS, with the same certificates."
            raise UsageError("no worker is connected to the scheduler", hint=hint) from None
        for machine, told in self._client.run(engine_of_worker, on_error="return").items():
            if told != engine:
                what = "has another version of packager or its libraries, or is no packager worker"
                raise UsageError(what, where=machine, hint="Install the same on all machines, and start it again.")

    def close(self) -> None:
        """Wait for nothing more; the client is closed by then."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _machines(self) -> int:
        try:
            return 0 if self._is_gone else len(self._client.nthreads())
        except Exception:  # Dask tells of a scheduler that ended in many ways
            self._is_gone = True
            return 0

    def _rendered(self, batch: bytes) -> bytes:
        alone_since: float | None = None
        try:
            under_way = self._client.submit(run_batch, batch, pure=False)
            while True:
                with suppress(TimeoutError):
                    answer = under_way.result(timeout=_LOOK_S)
                    return answer if isinstance(answer, bytes) else b""
                alone_since = None if self._machines() else alone_since or time.monotonic()
                if self._is_gone:
                    raise BatchLost("the scheduler has ended")
                if alone_since and time.monotonic() - alone_since > _NO_WORKER_S:
                    under_way.cancel()
                    raise BatchLost("no worker is left")
        except BatchLost:
            raise
        except Exception as error:  # what a machine raises, and what Dask does, is of any kind
            if not self.window:
                raise BatchLost("the scheduler has ended") from error
            raise BatchLost(str(error).partition("\n")[0] or type(error).__name__) from error


@contextmanager
def connected(scheduler: Scheduler, engine: Callable[[], str]) -> Iterator[DaskCluster]:
    """Yield the cluster behind a scheduler, all of whose machines have this engine; raises UsageError."""
    scheduler.require_safe()
    require_dask()
    from distributed import Client

    _be_quiet()
    try:
        # Answers are bytes: nothing that comes back is unpickled.
        client = Client(
            scheduler.address,
            security=scheduler.security,
            timeout=_CONNECT_S,
            set_as_default=False,
            deserializers=["dask", "msgpack", "error"],
        )
    except (OSError, ValueError) as error:
        hint = "Is it running, and are the certificates of one authority?"
        raise UsageError("no scheduler answers there", where=scheduler.address, hint=hint) from error
    cluster = DaskCluster(client)
    try:
        with client:
            cluster.require_engine(engine())
            yield cluster
    finally:
        cluster.close()


def require_dask() -> None:
    """Raise UsageError where Dask is not installed."""
    os.environ["DASK_CONFIG"] = os.devnull  # no settings of the user's, which could send more than batches elsewhere
    try:
        import distributed

        assert distributed
    except ImportError as error:
        raise UsageError("a cluster needs Dask, which is not installed", hint=_INSTALL) from error


_machine: list[BatchRunner] = []  # of this process: Dask calls functions by their names


def run_batch(batch: bytes) -> bytes:
    """Render a batch on a machine of the cluster."""
    return _machine[0].run(batch)


def engine_of_worker() -> str:
    """What renditions of a machine of the cluster depend on."""
    return _machine[0].engine if _machine else ""


def serve(scheduler: Scheduler, machine: BatchRunner, folder: Path) -> None:
    """Work for a scheduler until it ends or this process does; raises UsageError where none answers."""
    scheduler.require_safe()
    require_dask()
    import dask
    from distributed import Worker

    _be_quiet()
    _machine[:] = [machine]

    async def work() -> None:
        async with Worker(
            scheduler.address,
            nthreads=1,
            security=scheduler.security,
            local_directory=str(folder),
            memory_limit=0,
            death_timeout=_CONNECT_S,
            dashboard_address="127.0.0.1:0",
        ) as worker:
            await worker.finished()

    try:
        with dask.config.set({"distributed.worker.http.routes": []}):  # nothing about its work for a browser
            asyncio.run(work())
    except (OSError, TimeoutError, ValueError) as error:
        hint = "Is it running, and are the certificates of one authority?"
        raise UsageError("no scheduler answers there", where=scheduler.address, hint=hint) from error


def _is_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _be_quiet() -> None:
    """Have Dask say nothing of its own: what users need to know is told by us."""
    for name in ("asyncio", *logging.root.manager.loggerDict):
        if name.partition(".")[0] in {"asyncio", "distributed", "tornado"}:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
