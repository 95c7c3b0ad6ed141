"""Where bytes lie, and what a picture's header says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """Where bytes lie: a file, or a member of an archive file.

    `label` is what people are told: the path relative to the bundle, with `archive.cbz/member` for members.
    """

    path: Path
    label: str
    member: str | None = None


class Half(StrEnum):
    """One page of a picture that shows two beside each other."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Picture:
    """One source picture as its header describes it, turned as its EXIF orientation says; pixels.

    Of a spread that is split, it is one half; `is_cropped` says that empty borders are to be taken off.
    """

    source: Source
    width: int
    height: int
    half: Half | None = None
    is_cropped: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself: pixels after its EXIF orientation is obeyed, Pillow's name of its format."""

    width: int
    height: int
    format: str
    frames: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A picture that was left out because it is damaged; the reader says so in its place."""

    source: Source
