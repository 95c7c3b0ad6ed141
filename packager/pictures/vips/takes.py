"""Encodings of one picture as they are wished for: small enough, judged, tried at other qualities."""

from __future__ import annotations

from dataclasses import replace

from packager.model import Encoded, Role, Trial, Wish
from packager.pictures.quality import LEGIBLE, LOWEST, coarseness, quality_of
from packager.pictures.vips.distance import Reference
from packager.pictures.vips.encode import Encoder, encode
from packager.pictures.vips.engine import Image

_STEEPNESS = 0.6  # of the bytes over the coarseness of the quality, in logarithms: 0.45 to 0.7 on comics


def encoded_as_wished(image: Image, role: Role, wish: Wish) -> Encoded:
    """The picture, whose pixels can be had again, as it is wished for."""
    return streamed(image, role, wish) or _taken(image.copy_memory(), role, wish)


def streamed(image: Image, role: Role, wish: Wish) -> Encoded | None:
    """The picture, whose rows may be read but once, in one encoding; None where that does not do."""
    if wish.is_judged or wish.is_dense:
        return None
    data = encode(image, wish.quality)
    if _too_many(data, wish.max_bytes):
        return None
    return Encoded(role, data, image.width, image.height, quality=wish.quality)


def _taken(image: Image, role: Role, wish: Wish) -> Encoded:
    """Qualities are lowered until the bytes are those allowed; what was tried on the way may be of use as a spare."""
    reference = Reference.of(image) if wish.is_judged else None
    dense = Encoder.DENSE_FOR_INK if reference and reference.is_inked else Encoder.DENSE_FOR_PAINT

    def take(quality: int, *, is_dense: bool) -> Encoded:
        data = encode(image, quality, dense if is_dense else Encoder.PLAIN)
        distance = reference.distance(data) if reference else -1
        return Encoded(role, data, image.width, image.height, quality=quality, distance=distance)

    takes = [take(wish.quality, is_dense=wish.is_dense)]
    if wish.spare:
        takes.append(take(wish.spare, is_dense=wish.is_dense))
    elif len(takes[0].data) < wish.least_bytes:
        takes.append(take(_nearer(takes[0], wish.allotted_bytes), is_dense=wish.is_dense))
    lowest = takes[0]
    while quality := _lower_quality(lowest, wish):
        lowest = take(quality, is_dense=wish.is_dense)
        takes.append(lowest)
    usable = [each for each in takes if not _too_many(each.data, wish.max_bytes)] or [lowest]
    allotted = [each for each in usable if not _too_many(each.data, wish.allotted_bytes)] or [lowest]
    best = max(allotted, key=lambda each: each.quality) if wish.allotted_bytes else usable[0]
    trials = (
        best if wish.is_dense and quality == best.quality else take(quality, is_dense=True) for quality in wish.trials
    )
    return replace(
        best,
        spares=tuple(each for each in usable if each is not best),
        trials=tuple(Trial(each.quality, len(each.data), each.distance) for each in trials),
    )


def _lower_quality(taken: Encoded, wish: Wish) -> int:
    """The quality to try after one that took too many bytes, 0 for none; a file's limit alone may cost legibility."""
    for most_bytes, lowest in ((wish.max_bytes, LOWEST), (wish.allotted_bytes, LEGIBLE)):
        if _too_many(taken.data, most_bytes) and taken.quality > lowest:
            return max(lowest, min(taken.quality - 1, _nearer(taken, most_bytes)))
    return 0


def _nearer(taken: Encoded, bytes_wanted: int) -> int:
    """The quality to try next for so many bytes."""
    share = len(taken.data) / bytes_wanted
    return max(LOWEST, quality_of(coarseness(taken.quality) * share ** (1 / _STEEPNESS)))


def _too_many(data: bytes, most_bytes: int) -> bool:
    return 0 < most_bytes < len(data)
