"""Libraries whose pictures are made up: their bytes at every quality, and encoders that count."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from packager.config import media
from packager.config.definition import Definition
from packager.config.filesystems import Filesystem
from packager.config.media import Format
from packager.config.profile import load
from packager.film.jobs import Rates
from packager.layout.build_input import BuildInput
from packager.model import (
    AllRenditions,
    Comic,
    Direction,
    Film,
    Flow,
    Library,
    Picture,
    Publication,
    Recording,
    Rendition,
    RenditionOrGap,
    Renditions,
    RenditionSpec,
    Role,
    RoleRenditions,
    Sound,
    Source,
    Version,
    VersionKey,
    Wording,
    Work,
)
from packager.model.renditions import coarseness
from packager.output import templating
from packager.plan import fitting
from packager.plan.plan import Plan, specs
from packager.plan.rates import RecordingKey, needs
from packager.plan.sizes import Qualities, quality_at

ANY = load("any")
WORDS = templating.dictionary()
WIDTH, HEIGHT = 1220, 1719
KIB = 1024


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as an encoder sees it: its bytes at quality 80, and how they fall with the quality."""

    size_bytes: int
    steepness: float

    def size(self, quality: int) -> int:
        """With a ripple that no straight line foretells."""
        coarse = math.log(coarseness(quality) / coarseness(80))
        ripple = 0.01 * math.sin(quality * self.size_bytes)
        return max(200, round(self.size_bytes * math.exp(-self.steepness * coarse + ripple)))


def drawn(count: int, seed: int = 0) -> tuple[Drawn, ...]:
    """Pictures as different as those of one library."""
    chance = random.Random(seed)
    return tuple(
        Drawn(size_bytes=chance.randrange(60_000, 400_000), steepness=chance.uniform(0.45, 0.7)) for _ in range(count)
    )


def case_of(
    counts: tuple[int, ...], fit_bytes: int, cluster: int = 4 * KIB, priorities: tuple[int, ...] = (), series: str = ""
) -> BuildInput:
    """One comic for each number of pages, in the profile `any`; `series` has a letter or a space for each comic."""
    publications = []
    for number, pages in enumerate(counts):
        pictures = tuple(Picture(Source(Path(f"{n}.png"), f"{n}.png"), WIDTH, HEIGHT) for n in range(pages))
        version = Version("ko", f"Comic {number}", Comic(Flow.PAGES, Direction.LTR, pictures))
        priority = priorities[number] if priorities else 1
        of_series = Wording.plain(series[number].strip()) if series else Wording()
        publications.append(Publication(f"w{number}", (version,), series=of_series, priority=priority))
    asked = Definition(folder=Path(), name="window", title=Wording.plain("A window"))
    space = media.space(fit_bytes, Format(Filesystem.FAT32, cluster))
    return BuildInput(asked, ANY, Library(tuple(publications), ()), WORDS, templating.size_of, space, ANY.editions)


def with_recordings(case: BuildInput, lengths: tuple[float, ...], *, tracks: int = 0) -> BuildInput:
    """The case with a film for each length in minutes, the second of which is of less priority, and an album."""
    works: list[tuple[str, Film | Sound]] = [
        (f"f{number}", Film(_recording(60 * minutes, 640, 480))) for number, minutes in enumerate(lengths)
    ]
    if tracks:
        works.append(("album", Sound(tuple(_recording(200 + 7 * number) for number in range(tracks)))))
    more = tuple(Publication(id_, (Version("ko", id_, work),), priority=2 if id_ == "f1" else 1) for id_, work in works)
    library = replace(case.library, publications=(*case.library.publications, *more))
    return replace(case, library=library)


def _recording(seconds: float, width: int = 0, height: int = 0) -> Recording:
    size_bytes = round(seconds * 400_000)  # 3.2 Mbit/s: more than any profile gives
    source = Source(Path("source"), "source")
    return Recording(source, seconds, width, height, 25 if width else 0, 1, channels=2, size_bytes=size_bytes)


class Recorder:
    """Makes files of films that miss what was asked of them, each time a little less, and of sound that do not.

    All take more by the part `greed`.
    """

    def __init__(self, case: BuildInput, seed: int, most: float = 0.05) -> None:
        self.needs = needs(case)
        self.chance = random.Random(seed)
        self.most = most
        self.greed = 0.0
        self.counts = Counter[RecordingKey]()

    def record(self, rates: Mapping[RecordingKey, Rates]) -> dict[RecordingKey, tuple[Rendition, ...]]:
        """One file for each."""
        return {key: (self._made(key, rates[key]),) for key in rates}

    def _made(self, key: RecordingKey, rates: Rates) -> Rendition:
        need = self.needs[key]
        self.counts[key] += 1
        missed = self.chance.uniform(-self.most, self.most) / self.counts[key] ** 2 if rates.pictures else 0
        size_bytes = round(need.size_bytes(rates) * (1 + missed + self.greed))
        file = f"{key[0][0]}-{key[1]}-{self.counts[key]}.mp4"
        return Rendition(need.role, file, need.width, need.height, size_bytes, first=key[1])


class Encodings:
    """Encodes drawn pictures in the qualities asked for, and counts how often each."""

    def __init__(self, pictures: tuple[Drawn, ...], most_bytes: int = 0) -> None:
        self.pictures = pictures
        self.most_bytes = most_bytes
        self.counts = Counter[tuple[VersionKey, Role, int]]()

    def first(self, case: BuildInput, level: int) -> AllRenditions:
        """All pictures at a level."""
        return {
            key: Renditions(
                tuple(
                    RoleRenditions(spec.role, tuple(self._renditions(key, version.work, spec, level)))
                    for spec in specs(version.work, ANY, case.editions)
                )
            )
            for key, version in case.library.versions
        }

    def encode(self, case: BuildInput, pictures: AllRenditions, qualities: Qualities) -> AllRenditions:
        """Those anew that have a quality, as a build does."""
        return {
            key: replace(
                pictures[key],
                sets=tuple(
                    replace(one, shown=tuple(self._anew(key, *each, qualities) for each in enumerate(one.shown)))
                    for one in pictures[key].sets
                ),
            )
            for key, _ in case.library.versions
        }

    def _renditions(self, key: VersionKey, work: Work, spec: RenditionSpec, level: int) -> Iterator[Rendition]:
        if spec.role is Role.COVER:
            yield self._encoded(key, spec.role, 0, spec.quality)
        elif isinstance(work, Comic):
            for number in range(len(work.pictures)):
                yield self._encoded(key, spec.role, number, quality_at(level, spec.quality, _number(key) + number))

    def _anew(self, key: VersionKey, number: int, shown: RenditionOrGap, qualities: Qualities) -> RenditionOrGap:
        assert isinstance(shown, Rendition)
        quality = qualities.get((key, shown.role), (None,) * (number + 1))[number]
        return self._encoded(key, shown.role, number, quality) if quality else shown

    def _encoded(self, key: VersionKey, role: Role, number: int, quality: int) -> Rendition:
        self.counts[key, role, number] += 1
        picture = self.pictures[(number + _number(key)) % len(self.pictures)]
        shrunk = 40 if role is Role.COVER else 1 + 2 * (role is Role.PHONE)
        lowered = quality
        while self.most_bytes and picture.size(lowered) // shrunk > self.most_bytes and lowered > 1:
            lowered -= 1
        size = max(100, picture.size(lowered) // shrunk)
        file = f"{key[0]}-{role}-{number}-{lowered}.jpg"
        return Rendition(role, file, 800, 1200, size, number, lowered, is_capped=lowered != quality)


def _number(key: VersionKey) -> int:
    return int(key[0][1:]) if key[0][1:].isdigit() else 0


def fit(case: BuildInput, encodings: Encodings, *, drops: bool = False, level: int = 0) -> Plan:
    """The plan after the pictures have been encoded at a level."""
    return fitting.fit(case, encodings.first(case, level), level, encodings.encode, drops=drops)[0]
