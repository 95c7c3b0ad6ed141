"""How large a film is shown and how many pictures a second it has, on a class of devices; never more than it has."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from packager.config.film_limits import FilmCodec, FilmLimits

_EVENLY = Fraction(4, 5)  # of the most pictures a second are worth more, each as long as the next, than the most
_BLOCK = 16  # pixels: chips that decode MPEG-4 part 2 hold whole blocks, and some show what is beside a film
_EVEN = 2  # as 4:2:0 has it


@dataclass(frozen=True, slots=True)
class FrameShape:
    """Pixels of a film's pictures, of what is drawn in their middle, and pictures a second."""

    width: int
    height: int
    drawn_width: int
    drawn_height: int
    rate: Fraction


def shape_in(width: int, height: int, rate: Fraction, limits: FilmLimits) -> FrameShape:
    """Return the shape for what is `width` x `height` pixels as it is to be seen, at `rate` pictures a second."""
    scale = min(1.0, limits.width / width, limits.height / height)
    step = _BLOCK if limits.codec is FilmCodec.MPEG4 and not limits.padded else _EVEN
    drawn_width, drawn_height = (max(step, int(side * scale) // step * step) for side in (width, height))
    shown = (limits.width, limits.height) if limits.padded else (drawn_width, drawn_height)
    return FrameShape(*shown, drawn_width, drawn_height, _rate_in(rate, Fraction(limits.frame_rate)))


def _rate_in(rate: Fraction, most: Fraction) -> Fraction:
    """The film's own rate, an even part of it, or the most that is allowed."""
    even = rate / ceil(rate / most)
    return even if even == rate or even >= _EVENLY * most else most
