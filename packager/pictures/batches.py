"""Pictures in batches for other machines: bytes there, renditions back. Nothing says where or of whom they are.

A batch is encoded as the answer of a worker is, so that it can name nothing but the two jobs below. Whoever renders it
has the same renderer, behind the same restrictions; what it cannot render is left to the machine that asked.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from packager.errors import PackagerError, SourceError
from packager.model import Encoded, Picture, Reused, Source
from packager.pictures import worker_jobs
from packager.pictures.cache import Cache, Item
from packager.pictures.renderer import PictureRenderer, SourcePictures, Specs
from packager.pictures.worker_jobs import PageJob
from packager.sandbox.answer_types import check_of
from packager.sandbox.answers import ForeignAnswer, decode, encode
from packager.sandbox.pool import Workers

_MOST_JOBS, _MOST_BYTES = 100, 8 << 20  # of a batch; Dask warns of more than 10 MB
_FEWEST_JOBS = 5
_ROUNDS = 2  # so many times each machine gets its part of the batches at the least
_LARGEST_JOB_BYTES = 64 << 20  # what is larger is rendered here
_NOWHERE = Source(Path(), "")


@dataclass(frozen=True, slots=True)
class PageOrder:
    """A picture to render, and the key of what comes of it."""

    key: str
    job: PageJob
    data: bytes


@dataclass(frozen=True, slots=True)
class StripOrder:
    """The pictures of a strip to render as one, and the key of what comes of them."""

    key: str
    pictures: tuple[Picture, ...]
    specs: Specs
    edge: str
    data: tuple[bytes, ...]


Order = PageOrder | StripOrder


@dataclass(frozen=True, slots=True)
class Batch:
    """Orders for a machine whose renditions are those of an `engine`."""

    engine: str
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of an order."""

    key: str
    items: tuple[Item, ...]


class BatchLost(Exception):
    """A batch that came to nothing, wherever it was tried; it says why."""


class Cluster(Protocol):
    """Whatever renders batches elsewhere: a `BatchRunner` at the other end of it."""

    @property
    def window(self) -> int:
        """How many batches keep all of it busy; 0 where it is gone, and the rest is rendered here."""

    def submit(self, batch: bytes) -> Future[bytes]:
        """Begin one, which is tried elsewhere where a machine dies; its result may be a BatchLost."""


class BatchRunner:
    """Renders batches in the worker processes of this machine; sources lie in `folder` meanwhile; each is told."""

    def __init__(self, workers: Workers, folder: Path, tell: Callable[[str], None]) -> None:
        workers.only_read(folder)
        self._tell = tell
        self._folder = folder
        self._renderer = PictureRenderer(workers)

    @property
    def engine(self) -> str:
        """What its renditions depend on beside their orders."""
        return self._renderer.engine

    def run(self, batch: bytes) -> bytes:
        """Return what came of a batch, as bytes; raises SourceError for one that is for another engine, or is none."""
        try:
            asked = decode(batch, check_of(Batch))
        except ForeignAnswer as error:
            raise SourceError("what was to be rendered is no batch of packager's") from error
        assert isinstance(asked, Batch)
        if asked.engine != self.engine:
            raise SourceError("it is for another version of packager or its libraries")
        pages = [order for order in asked.orders if isinstance(order, PageOrder)]
        strips = [order for order in asked.orders if isinstance(order, StripOrder)]
        started = time.monotonic()
        with TemporaryDirectory(dir=self._folder) as name:
            answer = encode((*self._pages(pages, Path(name)), *self._strips(strips, Path(name))))
        pictures, seconds = len(pages) + sum(len(strip.data) for strip in strips), time.monotonic() - started
        sizes = f"{len(batch) / 1e6:.1f} MB came, {len(answer) / 1e6:.1f} MB went"
        self._tell(f"{pictures} pictures in {seconds:.1f} s, {sizes}")
        return answer

    def _pages(self, orders: list[PageOrder], folder: Path) -> Iterator[Filled]:
        sources = [_put(folder / f"page-{number}", order.data) for number, order in enumerate(orders)]
        jobs = [replace(order.job, source=source) for order, source in zip(orders, sources, strict=True)]
        for order, item in zip(orders, self._renderer.pages(jobs), strict=True):
            if isinstance(item, tuple):
                yield Filled(order.key, (_encoded(item),))

    def _strips(self, orders: list[StripOrder], folder: Path) -> Iterator[Filled]:
        for number, order in enumerate(orders):
            sources = (_put(folder / f"strip-{number}-{tile}", data) for tile, data in enumerate(order.data))
            pictures = tuple(replace(one, source=source) for one, source in zip(order.pictures, sources, strict=True))
            items = list(self._renderer.strip(pictures, order.specs, order.edge))
            whole = tuple(_encoded(item) for item in items if isinstance(item, tuple))
            if len(whole) == len(items):
                yield Filled(order.key, whole)


class BatchSender:
    """Has a cluster render what the cache lacks; what comes back is kept there, and all else is left to the build.

    So many batches are under way at a time as keep the cluster busy, however many pictures there are. `problems` say
    why batches were lost.
    """

    def __init__(self, cluster: Cluster, cache: Cache, renderer: PictureRenderer) -> None:
        self._cluster = cluster
        self._cache = cache
        self._renderer = renderer
        self._waiting: list[Order] = []
        self._waiting_bytes = 0
        self._most_jobs = _MOST_JOBS
        self._under_way: deque[tuple[frozenset[str], Future[bytes]]] = deque()
        self.problems: set[str] = set()

    def expect(self, pictures: int) -> None:
        """Make batches small enough for all machines to have a part of so many pictures."""
        self._most_jobs = max(_FEWEST_JOBS, min(_MOST_JOBS, pictures // (_ROUNDS * max(1, self._cluster.window))))

    def pages(self, jobs: list[PageJob]) -> None:
        """Send those of which nothing is kept."""
        if not self._cluster.window:
            return
        unknown = self._renderer.unknown_pages(jobs)
        contents = self._contents((job.source, job.digest) for _, job in unknown)
        for (key, job), data in zip(unknown, contents, strict=True):
            if data and len(data) <= _LARGEST_JOB_BYTES:
                self._add(PageOrder(key, replace(job, source=_NOWHERE), data), len(data))

    def strip(self, pictures: SourcePictures, specs: Specs, edge: str) -> None:
        """Send a strip, if nothing of it is kept."""
        if not self._cluster.window:
            return
        key, digests = self._renderer.unknown_strip(pictures, specs, edge)
        shown = tuple(one for one in pictures if isinstance(one, Picture))
        if not key or len(shown) < len(pictures):
            return
        data: list[bytes] = []
        for one in self._contents(zip((one.source for one in shown), digests, strict=True)):
            data.append(one)
            if not one or sum(map(len, data)) > _LARGEST_JOB_BYTES:
                return
        nowhere = tuple(replace(one, source=_NOWHERE) for one in shown)
        self._add(StripOrder(key, nowhere, specs, edge, tuple(data)), sum(map(len, data)))

    def finish(self) -> None:
        """Send what waits, and wait for all that is under way."""
        self._send()
        while self._under_way:
            self._keep()

    def _contents(self, sources: Iterable[tuple[Source, str]]) -> Iterator[bytes]:
        """The bytes of each source; none of one that cannot be read, which its job here will say."""
        for content in self._renderer.workers.map(worker_jobs.content, sources):
            yield content if isinstance(content, bytes) else b""

    def _add(self, order: Order, size_bytes: int) -> None:
        if self._waiting_bytes + size_bytes > _MOST_BYTES:
            self._send()
        self._waiting.append(order)
        self._waiting_bytes += size_bytes
        if len(self._waiting) >= self._most_jobs:
            self._send()

    def _send(self) -> None:
        if not self._waiting:
            return
        while self._under_way and len(self._under_way) >= self._cluster.window:
            self._keep()
        batch = encode(Batch(self._renderer.engine, tuple(self._waiting)))
        keys = frozenset(order.key for order in self._waiting)
        self._waiting, self._waiting_bytes = [], 0
        self._under_way.append((keys, self._cluster.submit(batch)))

    def _keep(self) -> None:
        """Wait for the batch that was sent first, and keep what came of it under the keys that it was asked for."""
        keys, batch = self._under_way.popleft()
        try:
            made = decode(batch.result(), check_of(tuple[Filled, ...]))
        except (BatchLost, ForeignAnswer, PackagerError) as error:
            self.problems.add(str(error))
            return
        assert isinstance(made, tuple)
        for filled in made:
            if filled.key in keys:
                for _ in self._cache.keeping(filled.key, filled.items):
                    pass


def _encoded(item: tuple[Encoded | Reused, ...]) -> Item:
    """An item of a renderer that has nothing to reuse."""
    return tuple(one for one in item if isinstance(one, Encoded))


def _put(path: Path, data: bytes) -> Source:
    path.write_bytes(data)
    return Source(path, path.name)
