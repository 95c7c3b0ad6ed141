"""What a picture would take, and how far it would be from its pixels, in the dense encoder at any quality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from math import exp, fsum, log
from statistics import fmean

from packager.model import Rendition
from packager.pictures.quality import LEGIBLE, coarseness, quality_of

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

    `usual_coarseness` and `usual_distance` are those in the quality of the profile. On comics the lines miss by less
    than 2 % between the qualities 35 and 80. An empty page takes as little in any quality.
    """

    size: Line
    distance: Line
    usual_coarseness: float
    usual_distance: float
    is_empty: bool = False

    def size_bytes(self, quality: int) -> int:
        """The bytes at that quality."""
        return max(1, round(exp(self.size.at(log(coarseness(quality))))))

    def quality_for(self, distance: float) -> int:
        """The quality at which it is that far from its pixels, between the lowest and the highest there are."""
        coarse = exp((log(distance) - self.distance.offset) / self.distance.slope)
        return max(LEGIBLE, min(HIGHEST_QUALITY, quality_of(coarse)))


def curves(renditions: Sequence[Rendition], usual: int) -> tuple[Curve, ...]:
    """The curve of each rendition of one role, whose quality is `usual` in the profile: judged, some of them tried.

    Those with two trials or more tell their own curves. Those with one go through it, with slopes that are guessed;
    of the others, which are plain, all is guessed. The guesses are corrected by what the first ones tell of them.
    """
    guesses = {id(each): _guess(each) for each in renditions}
    told = {id(each): _told(each) for each in renditions if len(each.trials) > 1 and each.distance > _LEAST_DISTANCE}
    correction = _mean([shape - guesses[key] for key, shape in told.items()], len(told) + _DOUBT)
    return tuple(
        _curve(each, told.get(id(each)) or _through_trial(each, guesses[id(each)] + correction), usual)
        for each in renditions
    )


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
# pages, phone pictures and covers of painted and of inked comics (tests/research/study).
_SHAPES = (
    (0.000, 0.055, -0.003),
    (-0.990, -0.100, -0.136),
    (-1.527, 0.210, -0.660),
    (0.394, 0.071, -0.032),
)
# The same of the two slopes, for pictures that were seen in the dense encoder: also of photographs and line art.
_DENSE_SLOPES = (
    (-1.227, -0.093, -0.238),
    (0.344, 0.017, -0.062),
)
_BITS = (0.1, 4.0)  # a pixel, where the shapes were seen
_DISTANCES = (0.015, 0.2)
_EMPTY = 0.07  # bits a pixel: hardly more than the 0.06 of a JPEG of one colour
_DOUBT = 1  # as many more pictures might say that nothing is to be corrected
_GENTLEST = 0.15  # slope: below it, a small step in distance would ask for any quality


def _guess(seen: Rendition) -> _Shape:
    bits = log(_within(_BITS, 8 * seen.size_bytes / (seen.width * seen.height)))
    distance = log(_within(_DISTANCES, seen.distance))

    def of(factors: tuple[tuple[float, float, float], ...]) -> list[float]:
        return [constant + by_bits * bits + by_distance * distance for constant, by_bits, by_distance in factors]

    if seen.is_tried_as_it_is:
        size_slope, distance_slope = of(_DENSE_SLOPES)
        return _Shape(0, size_slope, 0, distance_slope)
    return _Shape(*of(_SHAPES))


def _through_trial(seen: Rendition, shape: _Shape) -> _Shape:
    """The shape through the only trial of a picture, where it has one."""
    if not seen.trials:
        return shape
    trial = seen.trials[0]
    x = log(coarseness(trial.quality) / coarseness(seen.quality))
    size = log(trial.size_bytes / seen.size_bytes)
    distance = log(max(trial.distance, _LEAST_DISTANCE) / max(seen.distance, _LEAST_DISTANCE))
    return replace(shape, size_offset=size - shape.size_slope * x, distance_offset=distance - shape.distance_slope * x)


def _told(seen: Rendition) -> _Shape:
    base = log(coarseness(seen.quality))
    x = [log(coarseness(trial.quality)) - base for trial in seen.trials]
    size = _fitted(x, [log(trial.size_bytes / seen.size_bytes) for trial in seen.trials])
    distance = _fitted(x, [log(max(trial.distance, _LEAST_DISTANCE) / seen.distance) for trial in seen.trials])
    return _Shape(size.offset, size.slope, distance.offset, distance.slope)


def _curve(seen: Rendition, shape: _Shape, usual: int) -> Curve:
    base = log(coarseness(seen.quality))
    size_slope, distance_slope = min(shape.size_slope, -_GENTLEST), max(shape.distance_slope, _GENTLEST)
    size = log(seen.size_bytes) + shape.size_offset
    distance = log(max(seen.distance, _LEAST_DISTANCE)) + shape.distance_offset
    line = Line(distance - distance_slope * base, distance_slope)
    at_usual = exp(line.at(log(coarseness(usual)))) if seen.is_tried_as_it_is else seen.distance
    return Curve(
        Line(size - size_slope * base, size_slope),
        line,
        coarseness(usual),
        max(at_usual, _LEAST_DISTANCE),
        8 * seen.size_bytes < _EMPTY * seen.width * seen.height,
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
