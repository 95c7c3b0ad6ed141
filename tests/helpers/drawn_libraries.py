"""Libraries whose pictures are made up: their bytes at every quality, and encoders that count."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from packager.config import media
from packager.config.definition import Definition
from packager.config.filesystems import Filesystem
from packager.config.media import Format
from packager.config.profile import load
from packager.layout.build_input import BuildInput
from packager.model import (
    AllRenditions,
    Comic,
    Direction,
    Flow,
    Library,
    Picture,
    Publication,
    Rendition,
    RenditionOrGap,
    Renditions,
    RenditionSpec,
    Role,
    RoleRenditions,
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
        assert isinstance(work, Comic)
        if spec.role is Role.COVER:
            yield self._encoded(key, spec.role, 0, spec.quality)
        else:
            for number in range(len(work.pictures)):
                yield self._encoded(key, spec.role, number, quality_at(level, spec.quality, int(key[0][1:]) + number))

    def _anew(self, key: VersionKey, number: int, shown: RenditionOrGap, qualities: Qualities) -> RenditionOrGap:
        assert isinstance(shown, Rendition)
        quality = qualities.get((key, shown.role), (None,) * (number + 1))[number]
        return self._encoded(key, shown.role, number, quality) if quality else shown

    def _encoded(self, key: VersionKey, role: Role, number: int, quality: int) -> Rendition:
        self.counts[key, role, number] += 1
        picture = self.pictures[(number + int(key[0][1:])) % len(self.pictures)]
        shrunk = 40 if role is Role.COVER else 1 + 2 * (role is Role.PHONE)
        lowered = quality
        while self.most_bytes and picture.size(lowered) // shrunk > self.most_bytes and lowered > 1:
            lowered -= 1
        size = max(100, picture.size(lowered) // shrunk)
        path = Path(f"{key[0]}-{role}-{number}-{lowered}.jpg")
        return Rendition(role, path, 800, 1200, size, number, lowered, is_capped=lowered != quality)


def fit(case: BuildInput, encodings: Encodings, *, drops: bool = False, level: int = 0) -> Plan:
    """The plan after the pictures have been encoded at a level."""
    return fitting.fit(case, encodings.first(case, level), level, encodings.encode, drops=drops)
