"""Pictures -> their renditions in memory: made in worker processes, or taken from what an earlier run has kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from packager import rendering
from packager.cache import Cache, key_of
from packager.errors import PackagerError, SourceError
from packager.model import Encoded, Missing, Picture, RenditionSpec, Role, Source
from packager.rendering import PageJob
from packager.workers import Failure, Workers

Specs = tuple[RenditionSpec, ...]
Pictures = tuple[Picture | Missing, ...]


@dataclass(frozen=True, slots=True)
class Damage:
    """A picture that could not be rendered, its index, why, and the roles in which it is missing."""

    source: Source
    first: int
    reason: str
    roles: frozenset[Role]


Made = tuple[Encoded, ...] | Damage


class Darkroom:
    """Hands pictures to the workers; with a cache, only those of which it has no renditions."""

    def __init__(self, workers: Workers, cache: Cache | None = None) -> None:
        self.workers = workers
        self._cache = cache
        self._digests: dict[Source, str] = {}

    def pages(self, jobs: list[PageJob]) -> Iterator[Made]:
        """The renditions of each picture, or its damage, in order."""
        return self._known_pages(self._cache, jobs) if self._cache else self._rendered(jobs)

    def strip(self, pictures: Pictures, wanted: Specs, edge: str) -> Iterator[Made]:
        """The slices of a strip as they are ready; where a tile is damaged, the strip ends, and another begins."""
        digests = self._digests_of([picture.source for picture in pictures]) if self._cache else []
        made = self._slices(pictures, wanted, edge, digests)
        if not self._cache or not all(digests):
            return made
        key = key_of("strip", self._engine, wanted, edge, _strip_width(pictures), *digests)
        return self._cache.read(key) or self._cache.keeping(key, made)

    def edge_colour(self, source: Source) -> str:
        """The colour beside a strip that this tile shows, as `#rrggbb`. Raises SourceError."""
        digest = self._digests_of([source])[0] if self._cache else ""
        key = key_of("edge", self._engine, digest) if digest else ""
        kept = self._cache.word(key) if self._cache and key else ""
        if kept:
            return kept
        colour = self.workers.submit(rendering.edge_colour, source).result()
        if self._cache and key:
            self._cache.keep_word(key, colour)
        return colour

    def _rendered(self, jobs: list[PageJob]) -> Iterator[Made]:
        for job, result in zip(jobs, self.workers.map(rendering.page, jobs), strict=True):
            yield _damage(job, result.error) if isinstance(result, Failure) else result

    def _known_pages(self, cache: Cache, jobs: list[PageJob]) -> Iterator[Made]:
        digests = self._digests_of([job.source for job in jobs])
        jobs = [replace(job, digest=digest) for job, digest in zip(jobs, digests, strict=True)]
        keys = [key_of("page", self._engine, job.digest, job.specs, job.half, job.is_cropped) for job in jobs]
        known = [bool(job.digest) and cache.has(key) for job, key in zip(jobs, keys, strict=True)]
        rendered = self._rendered([job for job, is_known in zip(jobs, known, strict=True) if not is_known])
        for job, key, is_known in zip(jobs, keys, known, strict=True):
            kept = cache.read(key) if is_known else None
            if kept:
                yield from (tuple(replace(each, first=job.first) for each in item) for item in kept)
            elif is_known:  # another run has removed it just now
                yield from self._rendered([job])
            elif job.digest:
                yield from cache.keeping(key, islice(rendered, 1))
            else:
                yield next(rendered)

    def _slices(self, pictures: Pictures, wanted: Specs, edge: str, digests: list[str]) -> Iterator[Made]:
        made: Counter[Role] = Counter()

        def begin() -> rendering.Strip:
            specs = tuple(spec.beginning_at(made[spec.role]) for spec in wanted)
            return self.workers.submit(rendering.begin_strip, _strip_width(pictures), specs, edge).result()

        def counted(slices: tuple[Encoded, ...]) -> tuple[Encoded, ...]:
            made.update(each.role for each in slices)
            return slices

        state = begin()
        for index, picture in enumerate(pictures):
            tile = rendering.Tile(picture.source, index, digests[index] if digests else "")
            try:
                state, slices = self.workers.submit(rendering.tile, state, tile).result()
                yield counted(slices)
            except SourceError as error:
                yield counted(self.workers.submit(rendering.end_strip, state).result())
                damage = _damage(PageJob(picture.source, wanted, index), error)
                made.update(damage.roles)
                yield damage
                state = begin()
        yield counted(self.workers.submit(rendering.end_strip, state).result())

    def _digests_of(self, sources: list[Source]) -> list[str]:
        """The SHA-256 of each source, "" where it cannot be read, which the job that needs it will say."""
        unknown = [source for source in dict.fromkeys(sources) if source not in self._digests]
        for source, digest in zip(unknown, self.workers.map(rendering.digest, unknown), strict=True):
            self._digests[source] = "" if isinstance(digest, Failure) else digest
        return [self._digests[source] for source in sources]

    @cached_property
    def _engine(self) -> str:
        return self.workers.submit(rendering.engine).result()


def _damage(job: PageJob, error: PackagerError) -> Damage:
    return Damage(job.source, job.first, error.what, frozenset(spec.role for spec in job.specs) - {Role.COVER})


def _strip_width(pictures: Iterable[Picture | Missing]) -> int:
    """The width that most of the strip's area has."""
    area = Counter[int]()
    for picture in pictures:
        if isinstance(picture, Picture):
            area[picture.width] += picture.width * picture.height
    return max(area, key=lambda width: (area[width], width), default=1)
