"""Pictures -> their renditions in memory: made in worker processes, or taken from what an earlier run has kept."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import islice
from math import ceil
from pathlib import Path
from typing import TypeVar

from packager.errors import PackagerError, SourceError, TakesTooLong
from packager.files.digests import FileDigests
from packager.files.store import key_of
from packager.model import Encoded, Missing, Picture, RenditionSpec, Reused, Role, Source
from packager.pictures import worker_jobs
from packager.pictures.cache import Cache
from packager.pictures.standing import StandingPictures
from packager.pictures.worker_jobs import PageJob, Timed
from packager.sandbox.limits import LIMITS
from packager.sandbox.pool import Failure, Workers

T = TypeVar("T")
_COLOUR = re.compile("#[0-9a-f]{6}")
Specs = tuple[RenditionSpec, ...]
SourcePictures = tuple[Picture | Missing, ...]


@dataclass(frozen=True, slots=True)
class Damage:
    """A picture that could not be rendered, its index, why, and the roles in which it is missing."""

    source: Source
    first: int
    reason: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Repeated:
    """The picture that stood `back` places before, once more: in the same roles, at the index `first`."""

    back: int
    first: int


@dataclass(frozen=True, slots=True)
class PartOfPicture:
    """What could be made of a damaged picture or tile, and in words what of it is lost."""

    source: Source
    encoded: tuple[Encoded, ...]
    loss: str


PictureResult = tuple[Encoded | Reused, ...] | PartOfPicture | Damage
Rendered = PictureResult | Repeated


class PictureRenderer:
    """Has pictures rendered by the workers; with a cache, only those of which it has no renditions.

    Damaged ones are shown as far as they can be where that is asked for; such renditions are not kept. Files that
    `hashed` has are not hashed again.
    """

    def __init__(
        self,
        workers: Workers,
        cache: Cache | StandingPictures | None = None,
        hashed: FileDigests | None = None,
        *,
        skip_damaged: bool = False,
    ) -> None:
        self.workers = workers
        self._cache = cache
        self._skip_damaged = skip_damaged
        self._hashed = hashed
        self._digests: dict[Source, str] = {}

    def pages(self, jobs: list[PageJob]) -> Iterator[Rendered]:
        """Yield the renditions of each picture, or its damage, in order; a picture that comes again is made once.

        Of a picture that is not to be encoded in any role nothing is read.
        """
        firsts: dict[object, int] = {}
        places = [firsts.setdefault(job.identity, place) for place, job in enumerate(jobs)]
        different = [jobs[place] for place in firsts.values() if not jobs[place].is_idle]
        made = self._known_pages(self._cache, different) if self._cache else self._rendered(different)
        for place, (first, job) in enumerate(zip(places, jobs, strict=True)):
            if job.is_idle:
                yield tuple(Encoded(spec.role, b"", 0, 0, job.first) for spec in job.specs)
            else:
                yield next(made) if first == place else Repeated(place - first, job.first)
        yield from made  # nothing more, but what keeps them is told that it was the last

    def strip(self, pictures: SourcePictures, wanted: Specs, edge: str) -> Iterator[PictureResult]:
        """Yield the slices of a strip as they are ready; at a damaged tile the strip ends, and another begins."""
        digests = self._digests_of([picture.source for picture in pictures]) if self._cache else []
        made = self._slices(pictures, wanted, edge, digests)
        if not self._cache or not all(digests):
            return made
        key = self._strip_key(pictures, wanted, edge, digests)
        return self._cache.read(key) or self._cache.keeping(key, made)

    def unknown_pages(self, jobs: list[PageJob]) -> list[tuple[str, PageJob]]:
        """Return those of different pictures of which the cache has nothing, each with its key; each has its digest."""
        assert self._cache
        different: dict[object, PageJob] = {}
        for job in jobs:
            if not job.is_idle:
                different.setdefault(job.identity, job)
        keyed = self._keyed(list(different.values()))
        return [(key, job) for key, job in keyed if job.digest and not self._cache.has(key)]

    def unknown_strip(self, pictures: SourcePictures, wanted: Specs, edge: str) -> tuple[str, list[str]]:
        """Return the key of a strip of which the cache has nothing, and the digests of its pictures; "" for others."""
        assert self._cache
        digests = self._digests_of([picture.source for picture in pictures])
        key = self._strip_key(pictures, wanted, edge, digests) if digests and all(digests) else ""
        return ("", []) if not key or self._cache.has(key) else (key, digests)

    def fetched(self, reused: Reused) -> Path:
        """Return the file of a rendition that was made before, which is there from now on."""
        return self._cache.fetched(reused.path) if isinstance(self._cache, StandingPictures) else reused.path

    def edge_colour(self, picture: Picture | Missing) -> str:
        """Return the colour beside a strip that this tile shows, as `#rrggbb`; raises SourceError."""
        source, page = picture.source, _page(picture)
        digest = self._digests_of([source])[0] if self._cache else ""
        key = key_of("edge", self.engine, digest, page) if digest else ""
        kept = self._cache.get_text(key) if self._cache and key else ""
        colour = kept or self.workers.submit(worker_jobs.edge_colour, source, page).result()
        if not _COLOUR.fullmatch(colour):  # it goes into a style, and its source may have taken over the worker
            raise SourceError("the process that read it did not answer as packager does", where=source.label)
        if self._cache and key and not kept:
            self._cache.put_text(key, colour)
        return colour

    def _rendered(self, jobs: list[PageJob]) -> Iterator[PictureResult]:
        allowance = _Allowance([job.source for job in jobs])
        remaining = iter(jobs)
        under_way: deque[Future[Timed[tuple[Encoded, ...]]]] = deque()
        for job in jobs:
            try:
                allowance.require()
                for next_job in islice(remaining, 2 * self.workers.jobs - len(under_way)):
                    under_way.append(
                        self.workers.submit_within(allowance.seconds, worker_jobs.page, next_job, self._skip_damaged)
                    )
                encoded, loss = allowance.result(under_way.popleft())
                yield PartOfPicture(job.source, encoded, loss) if loss else encoded
            except SourceError as error:
                for future in under_way if allowance.is_spent else ():
                    future.cancel()
                yield _damage(job, error)

    def _known_pages(self, cache: Cache | StandingPictures, jobs: list[PageJob]) -> Iterator[PictureResult]:
        keyed = self._keyed(jobs)
        known = [bool(job.digest) and cache.has(key) for key, job in keyed]
        rendered = self._rendered([job for (_, job), is_known in zip(keyed, known, strict=True) if not is_known])
        for (key, job), is_known in zip(keyed, known, strict=True):
            kept = cache.read(key) if is_known else None
            if kept:
                yield from (tuple(replace(each, first=job.first) for each in item) for item in kept)
            elif is_known:  # another run has removed it just now, or it is none of ours
                yield from cache.keeping(key, self._rendered([job]))
            elif job.digest:
                yield from cache.keeping(key, islice(rendered, 1))
            else:
                yield next(rendered)

    def _slices(
        self, pictures: SourcePictures, wanted: Specs, edge: str, digests: list[str]
    ) -> Iterator[PictureResult]:
        made: Counter[Role] = Counter()

        def begin() -> worker_jobs.Strip:
            specs = tuple(spec.beginning_at(made[spec.role]) for spec in wanted)
            return self.workers.submit(worker_jobs.begin_strip, _strip_width(pictures), specs, edge).result()

        def counted(slices: tuple[Encoded, ...]) -> tuple[Encoded, ...]:
            made.update(each.role for each in slices)
            return slices

        state, allowance = begin(), _Allowance([picture.source for picture in pictures])
        for index, picture in enumerate(pictures):
            tile = worker_jobs.Tile(picture.source, index, _page(picture), digests[index] if digests else "")
            try:
                allowance.require()
                job = self.workers.submit_within(allowance.seconds, worker_jobs.tile, state, tile, self._skip_damaged)
                (state, slices), loss = allowance.result(job)
                yield PartOfPicture(picture.source, counted(slices), loss) if loss else counted(slices)
            except SourceError as error:
                yield counted(self.workers.submit(worker_jobs.end_strip, state).result())
                damage = _damage(PageJob(picture.source, wanted, index), error)
                made.update(damage.roles)
                yield damage
                state = begin()
        yield counted(self.workers.submit(worker_jobs.end_strip, state).result())

    def _keyed(self, jobs: list[PageJob]) -> list[tuple[str, PageJob]]:
        """Each job with its digest, and the key of what comes of it."""
        digests = self._digests_of([job.source for job in jobs])
        digested = [replace(job, digest=digest) for job, digest in zip(jobs, digests, strict=True)]
        return [(key_of("page", self.engine, job.digest, *job.shown), job) for job in digested]

    def _strip_key(self, pictures: SourcePictures, wanted: Specs, edge: str, digests: list[str]) -> str:
        pages = [_page(picture) for picture in pictures]
        return key_of("strip", self.engine, wanted, edge, _strip_width(pictures), pages, *digests)

    def _digests_of(self, sources: list[Source]) -> list[str]:
        """The SHA-256 of each source, "" where it cannot be read, which the job that needs it will say."""
        unknown = [source for source in dict.fromkeys(sources) if source not in self._digests]
        files = (source for source in unknown if source.member is None)
        hashed = {source: self._hashed.of(source.path) for source in files} if self._hashed else {}
        self._digests |= {source: digest for source, digest in hashed.items() if digest}
        unknown = [source for source in unknown if source not in self._digests]
        for source, digest in zip(unknown, self.workers.map(worker_jobs.digest, unknown), strict=True):
            self._digests[source] = "" if isinstance(digest, Failure) else digest
        return [self._digests[source] for source in sources]

    @cached_property
    def engine(self) -> str:
        """What renditions depend on beside their sources and specs."""
        return self.workers.submit(worker_jobs.engine).result()


def short_engine(engine: str) -> str:
    """Return a few digits by which people tell one engine from another."""
    return sha256(engine.encode()).hexdigest()[:12]


class _Allowance:
    """The seconds of the processor that the pictures of one work may take, by the bytes that they are stored in."""

    def __init__(self, sources: Iterable[Source]) -> None:
        places = {(source.path, source.member) for source in sources}
        self._size_bytes = sum(_size_of(path) for path in {path for path, _ in places})
        self._most = ceil(LIMITS.rendering_seconds(self._size_bytes, len(places)))
        self._spent = 0.0

    @property
    def seconds(self) -> float:
        """What one picture may take."""
        return min(LIMITS.processor_seconds, self._most)

    @property
    def is_spent(self) -> bool:
        return self._spent > self._most

    def require(self) -> None:
        """Raise SourceError where all is spent."""
        if self.is_spent:
            what = f"the pictures take more than {self._most} seconds of the processor, too much for their"
            raise SourceError(f"{what} {self._size_bytes:,} bytes")

    def result(self, job: Future[Timed[T]]) -> tuple[T, str]:
        """Return what a job gave and what of its picture is lost, or raise its error; its time is spent."""
        try:
            timed = job.result()
        except TakesTooLong:
            self._spent += self.seconds  # its process died with the time that it took
            raise
        self._spent += max(0, timed.seconds)
        if isinstance(timed.value, PackagerError):
            raise timed.value
        return timed.value, timed.loss


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # the job that reads it will say so


def _damage(job: PageJob, error: PackagerError) -> Damage:
    return Damage(job.source, job.first, error.what, frozenset(spec.role for spec in job.specs) - {Role.COVER})


def _page(picture: Picture | Missing) -> int:
    return picture.page if isinstance(picture, Picture) else 0


def _strip_width(pictures: Iterable[Picture | Missing]) -> int:
    """The width that most of the strip's area has."""
    area = Counter[int]()
    for picture in pictures:
        if isinstance(picture, Picture):
            area[picture.width] += picture.width * picture.height
    return max(area, key=lambda width: (area[width], width), default=1)
