"""Pictures as they will be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from packager.model.terms import Role


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished of one encoding of a picture: its `quality` as libjpeg counts it, and how many bytes it may take.

    The best that takes at most `allotted_bytes` is wanted, and where that is less than `least_bytes`, a better one is
    tried. What else was encoded is kept as spares, as is the quality `spare`, but nothing with more than `max_bytes`.
    `is_dense` asks for the encoder that takes more time and fewer bytes, `is_judged` for the distance from the pixels;
    `trials` are dense qualities whose size and distance alone are wanted. 0 stands for no limit, for no spare, and for
    the quality of the profile.
    """

    quality: int
    max_bytes: int = 0
    allotted_bytes: int = 0
    least_bytes: int = 0
    is_dense: bool = False
    is_judged: bool = False
    spare: int = 0
    trials: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RenditionSpec:
    """How to encode a picture for a role. Pixels; `quality` as libjpeg counts it, 1 to 100.

    A page is shrunk to `width`, `max_side` and `max_pixels`, whichever is smallest, never enlarged. A strip is
    shrunk to `width` and cut into slices at most `slice_ratio` times as tall as wide and within the same limits.
    `wishes` are for the pictures or slices of a version in their order, and begin again at their end; what they leave
    open is `quality`, and none takes more than `max_bytes`.
    """

    role: Role
    width: int
    max_side: int
    max_pixels: int
    quality: int
    slice_ratio: float = 1.5
    max_bytes: int = 0
    wishes: tuple[Wish, ...] = ()

    def wish(self, position: int) -> Wish:
        """What is wished of the picture or slice at that position, from 0."""
        wish = self.wishes[position % len(self.wishes)] if self.wishes else Wish(0)
        return replace(wish, quality=wish.quality or self.quality, max_bytes=self.max_bytes)

    def at(self, position: int) -> RenditionSpec:
        """The same for a picture or slice at that position alone."""
        return replace(self, wishes=(self.wish(position),)) if self.wishes else self

    def beginning_at(self, position: int) -> RenditionSpec:
        """The same for the pictures or slices from that position on."""
        start = position % len(self.wishes) if self.wishes else 0
        return replace(self, wishes=self.wishes[start:] + self.wishes[:start]) if start else self


@dataclass(frozen=True, slots=True)
class Trial:
    """What one dense encoding at `quality` came to: its bytes, and its distance from the pixels."""

    quality: int
    size_bytes: int
    distance: float


@dataclass(frozen=True, slots=True)
class Encoded:
    """One encoded picture or slice, in pixels; `spares` are other encodings of the same pixels.

    `first` is the index of the source picture that its top row comes from. `is_forced_cut` says that the cut below it
    goes through something drawn. The `distance` is negative where nobody asked for it.
    """

    role: Role
    data: bytes
    width: int
    height: int
    first: int = 0
    is_forced_cut: bool = False
    quality: int = 0
    distance: float = -1
    spares: tuple[Encoded, ...] = ()
    trials: tuple[Trial, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoding of one picture or slice, lying in the scratch folder; `spares` are others of the same pixels.

    `first` is the index, from 0, of the source picture that its top row comes from. The `distance` is negative where
    nobody asked for it.
    """

    role: Role
    path: Path
    width: int
    height: int
    size_bytes: int
    first: int = 0
    quality: int = 0
    distance: float = -1
    spares: tuple[Rendition, ...] = ()
    trials: tuple[Trial, ...] = ()

    @property
    def is_tried_as_it_is(self) -> bool:
        """Whether it is itself one of its trials, and so comes from the dense encoder."""
        return any(trial.quality == self.quality for trial in self.trials)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The place of a picture that could not be rendered; `first` is its index among the source pictures."""

    first: int


Shown = Rendition | LeftOut


@dataclass(frozen=True, slots=True)
class RoleSet:
    """The renditions of one version for one role, in reading order; figures in the order of the text."""

    role: Role
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Renditions:
    """All renditions of one version; `edge` is the colour beside a strip as `#rrggbb`."""

    sets: tuple[RoleSet, ...]
    edge: str = "#ffffff"

    def of(self, role: Role) -> tuple[Shown, ...]:
        """The renditions for `role` in reading order; empty where none were asked for."""
        return next((group.shown for group in self.sets if group.role is role), ())
