"""Profiles: what a class of devices can open, read from TOML."""

from __future__ import annotations

from dataclasses import dataclass

from packager.model import Edition


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """Limits and defaults for pictures: pixels, bytes, and libjpeg qualities from 1 to 100."""

    max_side: int
    max_pixels: int
    max_bytes: int
    width: int
    strip_width: int
    slice_ratio: float
    phone_width: int
    cover_width: int
    quality: int
    phone_quality: int
    cover_quality: int
    max_cover_bytes: int


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """`max_pixels` of all pictures one document shows; `max_single_file_bytes` of a one-file edition."""

    max_pixels: int
    max_single_file_bytes: int


@dataclass(frozen=True, slots=True)
class TreeLimits:
    """Limits of files and names; `max_depth` counts the folders above a file inside the tree."""

    max_file_bytes: int
    max_files: int
    max_files_in_folder: int
    max_depth: int
    max_path: int
    name_pattern: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One class of devices; `types` are file extensions without the dot."""

    name: str
    editions: tuple[Edition, ...]
    types: tuple[str, ...]
    picture: PictureLimits
    document: DocumentLimits
    tree: TreeLimits
