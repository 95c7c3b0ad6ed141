"""What a profile is: a class of devices in numbers, with words only where a number would say nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from packager.model import Edition


class Pages(StrEnum):
    """Whether the tree is a site, whose index.html leads to everything, or no document leads anywhere."""

    SITE = "site"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """Limits and defaults for pictures: pixels, bytes, and libjpeg qualities from 1 to 100.

    `baseline` asks for JPEGs that every decoder reads: baseline, three components, 4:2:0. `photo_width` is the width of
    the pages that texts are set on as pictures, which have the shape of a wide screen.
    """

    baseline: bool
    max_side: int
    max_pixels: int
    max_bytes: int
    width: int
    strip_width: int
    slice_ratio: float
    phone_width: int
    photo_width: int
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
    """Limits of files and names; `max_depth` counts the folders above a file inside the tree.

    A name matches `name_pattern` as a whole; `name_words` say the same to people.
    """

    max_file_bytes: int
    max_files: int
    max_files_in_folder: int
    max_depth: int
    max_path: int
    name_pattern: str
    name_words: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One class of devices; `types` are file extensions without the dot.

    `optional` are editions that are given up, in this order, before the quality of pictures is lowered.
    `ignore` holds (pattern of paths, codes of rules or their beginnings): findings that the profile does not want.
    """

    name: str
    summary: str
    editions: tuple[Edition, ...]
    pages: Pages
    types: tuple[str, ...]
    picture: PictureLimits
    document: DocumentLimits
    tree: TreeLimits
    ignore: tuple[tuple[str, tuple[str, ...]], ...] = ()
    optional: tuple[Edition, ...] = ()

    @property
    def can_be_built(self) -> bool:
        """Whether there is an edition for it, and a tree as we make it, with index.html on top where it has pages."""
        if self.pages is Pages.NONE:
            return Edition.PHOTO in self.editions
        return bool(self.editions) and re.fullmatch(self.tree.name_pattern, "index.html") is not None
