"""The part of measuring that one of several machines does: its share of the pictures and films, kept in its cache."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from packager.build.films import DamagedRecordings, FilmMeasurer
from packager.build.finish import foreign
from packager.build.measurers import measurer_of
from packager.build.prepare import define, level_of, read, remarks_or_damage_error
from packager.build.request import Request, Settings
from packager.errors import OutputError
from packager.layout.build_input import BuildInput
from packager.model import Remark, Source
from packager.model.progress import SILENT, Progress
from packager.output import staging
from packager.plan import sizes
from packager.plan.plan import FULL
from packager.plan.rates import needs, rates_at
from packager.sandbox.pool import Workers


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` shares, by its `number` from 1: what belongs to it follows from where sources lie in the bundle.

    So every machine knows its share without reading those of others, and all shares together are everything, once.
    """

    number: int
    count: int

    def has(self, source: Source) -> bool:
        """Return whether what is made of a source belongs to it."""
        place = unicodedata.normalize("NFC", source.label)  # macOS writes letters with their marks apart
        digest = sha256(place.encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:8]) % self.count == self.number - 1


@dataclass(frozen=True, slots=True)
class MeasuredShare:
    """How many pictures and recordings a shard had, and of how many; and by what engine."""

    settings: Settings
    shard: Shard
    pictures: int
    all_pictures: int
    recordings: int
    all_recordings: int
    engine: str


def measure_share(request: Request, shard: Shard, workers: Workers, progress: Progress = SILENT) -> MeasuredShare:
    """Measure what belongs to a shard into the cache that the request names, as a build would; no tree is made.

    Raises what a build raises until then; SourceError for damaged pictures and films when all others are measured.
    """
    settings = define(request, progress)
    beside = settings.destination.with_name(f"{settings.destination.name}-shard-{shard.number}-of-{shard.count}")
    with staging.stage(beside, foreign=foreign) as stage:
        workers.only_read(settings.definition.folder, stage.scratch)
        whole = read(settings, stage.scratch, workers, progress)
        measurer, store = measurer_of(request, stage.scratch, workers, progress)
        level = level_of(request, whole, measurer)
        kept = measurer.keep(whole, sizes.qualities(whole, level) if level else {}, shard.has)
        recordings, damaged = _recorded(whole, measurer.films, shard)
        if store and store.problem:
            raise OutputError(f"what was measured could not be kept ({store.problem})", where=store.directory)
        remarks_or_damage_error((*kept.damaged, *damaged), whole, request)
        return MeasuredShare(
            settings, shard, kept.pictures, kept.all_pictures, recordings, len(needs(whole)), measurer.renderer.engine
        )


def _recorded(whole: BuildInput, films: FilmMeasurer, shard: Shard) -> tuple[int, tuple[Remark, ...]]:
    """Encode the films and sound of a shard at their best; how many they are, and remarks on damaged ones.

    None where the medium has a size: their rates are known only when all pictures are measured.
    """
    if whole.medium.payload_bytes:
        return 0, ()
    versions = dict(whole.library.versions)
    rates = rates_at(needs(whole), FULL)
    own = {place: one for place, one in rates.items() if shard.has(versions[place[0]].recordings[place[1]].source)}
    try:
        films.record(whole, own)
    except DamagedRecordings as error:
        return len(own), tuple(remark for _, remark in error.damaged)
    return len(own), ()
