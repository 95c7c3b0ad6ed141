"""What a picture would take, and how far it would be from its pixels, in the dense encoder at any quality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from math import exp, fsum, log
from statistics import fmean

from packager.model import Rendition
from packager.quality import LEGIBLE, coarseness, quality_of

HIGHEST_QUALITY = 95  # docs/devices.md section 9
_LEAST_DISTANCE = 1e-3  # of a picture of one colour, so that it has a logarithm


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line in logarithms."""

    offset: float
    slope: float

    def at(self, x: float) -> float:
        return self.offset + self.slope * x


@dataclass(frozen=True, slots=True)
class Curve:
    """Bytes and distance of one picture over the coarseness of the quality, both straight lines in logarithms.

    `seen_coarseness` and `seen_distance` are those of its plain encoding, in the quality of the profile. On comics the
    lines miss by less than 2 % between the qualities 35 and 80.
    """

    size: Line
    distance: Line
    seen_coarseness: float
    seen_distance: float

    def size_bytes(self, quality: int) -> int:
        """The bytes at that quality."""
        return max(1, round(exp(self.size.at(log(coarseness(quality))))))

    def quality_for(self, distance: float) -> int:
        """The quality at which it is that far from its pixels, between the lowest and the highest there are."""
        coarse = exp((log(distance) - self.distance.offset) / self.distance.slope)
        return max(LEGIBLE, min(HIGHEST_QUALITY, quality_of(coarse)))


def curves(renditions: Sequence[Rendition]) -> tuple[Curve, ...]:
    """The curve of each rendition of one role: plain and judged, some of them with two trials or more.

    Those with trials tell their own curves; from the others' bytes and distance theirs are guessed, and the guess is
    corrected by what the first ones tell of it.
    """
    told = {id(each): _told(each) for each in renditions if len(each.trials) > 1 and each.distance > _LEAST_DISTANCE}
    misses = [told[id(each)] - _guess(each) for each in renditions if id(each) in told]
    correction = _mean(misses, len(misses) + _DOUBT)
    return tuple(_curve(each, told.get(id(each)) or _guess(each) + correction) for each in renditions)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The two lines of a picture, relative to its plain encoding at the quality in which it was seen."""

    size_offset: float
    size_slope: float
    distance_offset: float
    distance_slope: float

    def __add__(self, other: _Shape) -> _Shape:
        return _Shape(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def __sub__(self, other: _Shape) -> _Shape:
        return _Shape(*(mine - theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


# How the shape follows from the logarithms of the bits a pixel and of the distance: constant, and factor of each. From
# pages, phone pictures and covers of painted and of inked comics (tests/study).
_SHAPES = (
    (-0.325, 0.022, -0.048),
    (-0.990, -0.100, -0.136),
    (-1.398, 0.233, -0.670),
    (0.394, 0.071, -0.032),
)
_BITS = (0.1, 4.0)  # a pixel, where the shapes were seen
_DISTANCES = (0.015, 0.2)
_DOUBT = 1  # as many more pictures might say that nothing is to be corrected
_GENTLEST = 0.15  # slope: below it, a small step in distance would ask for any quality


def _guess(seen: Rendition) -> _Shape:
    bits = log(_within(_BITS, 8 * seen.size_bytes / (seen.width * seen.height)))
    distance = log(_within(_DISTANCES, seen.distance))
    return _Shape(*(constant + by_bits * bits + by_distance * distance for constant, by_bits, by_distance in _SHAPES))


def _told(seen: Rendition) -> _Shape:
    base = log(coarseness(seen.quality))
    x = [log(coarseness(trial.quality)) - base for trial in seen.trials]
    size = _fitted(x, [log(trial.size_bytes / seen.size_bytes) for trial in seen.trials])
    distance = _fitted(x, [log(max(trial.distance, _LEAST_DISTANCE) / seen.distance) for trial in seen.trials])
    return _Shape(size.offset, size.slope, distance.offset, distance.slope)


def _curve(seen: Rendition, shape: _Shape) -> Curve:
    base = log(coarseness(seen.quality))
    size_slope, distance_slope = min(shape.size_slope, -_GENTLEST), max(shape.distance_slope, _GENTLEST)
    size = log(seen.size_bytes) + shape.size_offset
    distance = log(max(seen.distance, _LEAST_DISTANCE)) + shape.distance_offset
    return Curve(
        Line(size - size_slope * base, size_slope),
        Line(distance - distance_slope * base, distance_slope),
        coarseness(seen.quality),
        max(seen.distance, _LEAST_DISTANCE),
    )


def _mean(shapes: Sequence[_Shape], count: int) -> _Shape:
    return _Shape(*(fsum(values) / count for values in zip(*map(astuple, shapes), strict=True))) if shapes else _NONE


_NONE = _Shape(0, 0, 0, 0)


def _within(limits: tuple[float, float], value: float) -> float:
    return max(limits[0], min(limits[1], value))


def _fitted(x: Sequence[float], y: Sequence[float]) -> Line:
    """The line of least squares; `x` are not all the same."""
    mean_x, mean_y = fmean(x), fmean(y)
    spread = fsum((each - mean_x) ** 2 for each in x)
    slope = fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / spread
    return Line(mean_y - slope * mean_x, slope)
