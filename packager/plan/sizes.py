"""What pictures will take: from their headers, from a sample of them, or from what they take in another quality (pure).

A level is how much coarser than in the profile all pictures are, in hundredths of a step: at 340, sixty of a hundred
pictures are three steps coarser and forty are four, spread evenly.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import cycle
from statistics import fmean

from packager.layout.build_input import BuildInput
from packager.model import (
    AllRenditions,
    Article,
    Comic,
    Edition,
    Encoded,
    Flow,
    Picture,
    Recording,
    Rendition,
    RenditionOrGap,
    RenditionSpec,
    Reused,
    Role,
    RoleRenditions,
    Version,
    VersionKey,
)
from packager.model.renditions import COVERS, STEEPNESS, coarseness, quality_of
from packager.plan.plan import OF_PAGES, specs

Qualities = Mapping[tuple[VersionKey, Role], tuple[int | None, ...]]
"""A quality for each picture or slice of a version in a role, None for one that stays as it is."""

LEGIBLE = 20  # docs/devices.md section 9: the lowest quality at which strokes of lettering hold together
LEVELS = 2_500  # the level at which all are as coarse as is legible, from whatever quality
_STEP = 1.25  # times coarser: an eighth fewer bytes
_PARTS = 100  # of a step
_STRIDE = 61  # has no divisor in common with _PARTS, so that pictures side by side change at levels far apart

# A disk is refused early only when it is surely too small, and a medium is taken for large only when it surely is.
_FEWEST_PER_PIXEL, _USUAL_PER_PIXEL, _MOST_PER_PIXEL = 0.1, 0.15, 0.7  # bytes: painted pages; noise at quality 80
_FEWEST_COPIES = 2  # of a rendition in the tree: a page for phones is one and a third
_BASE64 = 4 / 3
_SAMPLED = 8  # one picture in so many is in a sample
_FEWEST_SAMPLED = 8
_TILE_PIXELS, _TILE_SIDE = 1 << 24, 65_500  # of a tile in a sample, which is not cut into slices


def least_bytes(build: BuildInput) -> int:
    """Return a low estimate of what the renditions take, so that a disk too small is seen before the work begins."""
    return int(sum(pixels for _, _, pixels in _pixels(build)) * _FEWEST_PER_PIXEL)


def most_bytes(build: BuildInput) -> int:
    """Return more than the pictures of the tree can take: many a bundle surely fits before any of them is decoded."""
    every = (pixels * (_MOST_PER_PIXEL if spec.quality <= 80 else 3) for _, spec, pixels in _pixels(build))
    return int(max(_FEWEST_COPIES, len(OF_PAGES.intersection(build.editions))) * sum(every))


def sample(build: BuildInput, level: int) -> list[tuple[Picture, tuple[RenditionSpec, ...]]]:
    """Return some pictures from all over the library, and how to encode them at the level to know what all take."""
    every = [
        (picture, tuple(_sampled(spec, version, level) for spec in _coarsened(key, version, build)))
        for key, version in build.library.versions
        for picture in version.pictures
        if isinstance(picture, Picture)
    ]
    chosen = every[:: max(1, min(_SAMPLED, len(every) // _FEWEST_SAMPLED))]
    return [(picture, wanted) for picture, wanted in chosen if wanted]


Densities = Mapping[Role, float]
"""What a pixel takes in each role, in bytes in the quality of the profile."""


def densities(encoded: Iterable[tuple[RenditionSpec, Encoded | Reused]]) -> Densities:
    """Return what a pixel takes in those roles of which the sample has pictures."""
    sizes, pixels = defaultdict[Role, float](float), Counter[Role]()
    for spec, each in encoded:
        if each.quality is not None:
            growth = 1 if each.is_capped else _growth(each.quality, spec.quality)
            sizes[spec.role] += min(spec.max_bytes or each.size_bytes * growth, each.size_bytes * growth)
            pixels[spec.role] += each.width * each.height
    return {role: size / pixels[role] for role, size in sizes.items()}


def expected_bytes(build: BuildInput, level: int, densities: Densities) -> int:
    """Return about what all pictures take in their editions, with the parts of clusters that they leave empty."""
    total = 0.0
    for id_, spec, pixels in _pixels(build):
        size = pixels * densities.get(spec.role, _USUAL_PER_PIXEL)
        growth = fmean(_growth(spec.quality, quality_at(level, spec.quality, number)) for number in range(_PARTS))
        total += size * growth * _uses(spec.role, build.editions_of(id_))
    files = sum(len(version.pictures) for _, version in build.library.versions)
    return int(total + files * build.medium.cluster_bytes / 2)


def qualities(build: BuildInput, level: int) -> Qualities:
    """Return the qualities of all pictures at a level, a hundred of them, which begin again at their end.

    Covers keep theirs, and so do figures that become parts of the picture of a text.
    """
    return {
        (key, spec.role): tuple(quality_at(level, spec.quality, number + position) for position in range(_PARTS))
        for number, (key, version) in enumerate(build.library.versions)
        for spec in _coarsened(key, version, build)
    }


def quality_at(level: int, usual: int, number: int) -> int:
    """Return the quality at a level of a picture that has a number, and in the profile the `usual` quality."""
    steps, parts = divmod(level, _PARTS)
    steps += number * _STRIDE % _PARTS < parts
    return max(min(usual, LEGIBLE), quality_of(coarseness(usual) * _STEP**steps))


def changes(build: BuildInput, pictures: AllRenditions, level: int) -> Qualities:
    """Return the qualities of those pictures that have another one at the level; nothing for sets without any.

    What was lowered to take no more bytes than allowed has no higher one.
    """

    def changed(shown: RenditionOrGap, quality: int | None) -> int | None:
        if not isinstance(shown, Rendition) or shown.quality is None or quality is None or quality == shown.quality:
            return None
        return None if shown.is_capped and quality > shown.quality else quality

    wanted = {
        (key, role): tuple(map(changed, pictures[key].of(role), cycle(every)))
        for (key, role), every in qualities(build, level).items()
    }
    return {key: every for key, every in wanted.items() if any(every)}


def resized(build: BuildInput, pictures: AllRenditions, qualities: Qualities) -> AllRenditions:
    """Return the renditions about as large as they are in these qualities, and no larger than the profile allows."""

    most_bytes = build.profile.picture.max_bytes

    def as_large(shown: RenditionOrGap, quality: int | None) -> RenditionOrGap:
        if quality is None or not isinstance(shown, Rendition) or shown.quality is None:
            return shown
        size_bytes = max(1, round(shown.size_bytes * _growth(shown.quality, quality)))
        return replace(shown, quality=quality, size_bytes=min(size_bytes, most_bytes or size_bytes))

    def of_role(key: VersionKey, one: RoleRenditions) -> RoleRenditions:
        every = qualities.get((key, one.role))
        return replace(one, shown=tuple(map(as_large, one.shown, every))) if every else one

    return {
        key: replace(renditions, sets=tuple(of_role(key, one) for one in renditions.sets))
        for key, renditions in pictures.items()
    }


def _growth(quality: int, other: int) -> float:
    """How many times the bytes of a picture in one quality it takes in another."""
    return float((coarseness(other) / coarseness(quality)) ** -STEEPNESS)


def _coarsened(key: VersionKey, version: Version, build: BuildInput) -> Iterator[RenditionSpec]:
    for spec in specs(version.work, build.profile, build.editions_of(key[0])):
        if spec.role not in COVERS and not (spec.role is Role.PHOTO and isinstance(version.work, Article)):
            yield spec


def _sampled(spec: RenditionSpec, version: Version, level: int) -> RenditionSpec:
    if _is_strip(version):
        spec = replace(spec, max_side=_TILE_SIDE, max_pixels=_TILE_PIXELS)
    return replace(spec, qualities=(quality_at(level, spec.quality, 0),))


def _uses(role: Role, editions: tuple[Edition, ...]) -> float:
    """How many times the tree holds the bytes of a rendition."""
    if role is Role.PHONE:
        return _BASE64 * (Edition.PHONE in editions)
    if role is Role.PHOTO:
        return Edition.PHOTO in editions
    return len(OF_PAGES.intersection(editions))


def _pixels(build: BuildInput) -> Iterator[tuple[str, RenditionSpec, int]]:
    """Yield the pixels of all renditions for each publication and spec, as the headers of pictures let us expect."""
    for (id_, _), version in build.library.versions:
        pictures = [picture for picture in version.pictures if isinstance(picture, Picture)]
        for spec in specs(version.work, build.profile, build.editions_of(id_)):
            if spec.role not in COVERS:
                yield id_, spec, sum(_shrunk_pixels(picture, spec, _is_strip(version)) for picture in pictures)


def foretold_poster(recording: Recording, wanted: Iterable[RenditionSpec]) -> tuple[RoleRenditions, ...]:
    """Return what a picture of a film will probably take in the roles that a tree has it in, before it is made."""
    sets = []
    for spec in wanted:
        if spec.role is not Role.THUMBNAIL:
            width = min(recording.width, spec.width)
            height = max(1, recording.height * width // recording.width)
            size_bytes = round(width * height * _USUAL_PER_PIXEL)
            size_bytes = min(size_bytes, spec.max_bytes or size_bytes)
            sets.append(RoleRenditions(spec.role, (Rendition(spec.role, "", width, height, size_bytes),)))
    return tuple(sets)


def _shrunk_pixels(picture: Picture, spec: RenditionSpec, is_cut: bool) -> int:
    width = min(picture.width, spec.width)
    pixels = width * (picture.height * width // picture.width)
    return pixels if is_cut else min(pixels, spec.max_pixels)


def _is_strip(version: Version) -> bool:
    return isinstance(version.work, Comic) and version.work.flow is Flow.STRIP
