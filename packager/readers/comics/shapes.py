"""How a comic reads, from the shapes of its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from packager.model import Flow, Picture

# Printed pages are 1.4 to 1.55 times as tall as wide; tiles of strips mostly two times and more.
_TALL = 1.8


def flow_of(pictures: Sequence[Picture]) -> tuple[Flow, str]:
    """The flow, and the reason as people can be told it."""
    if not pictures:
        return Flow.PAGES, "no picture could be measured"
    ratio = median(picture.height / picture.width for picture in pictures)
    shape = f"most pictures are about {ratio:.1f} times as tall as wide"
    if ratio >= _TALL:
        return Flow.STRIP, shape
    if _are_cut_from_one_strip(pictures):
        return Flow.STRIP, "the pictures are equally wide and differ in height"
    return Flow.PAGES, shape


def _are_cut_from_one_strip(pictures: Sequence[Picture]) -> bool:
    """Whether all have one width, and half of them a height that is not the usual one: pages have title pages too."""
    usual = median(picture.height for picture in pictures)
    differing = sum(abs(picture.height - usual) > usual / 10 for picture in pictures)
    return len(pictures) >= 3 and len({picture.width for picture in pictures}) == 1 and differing * 2 >= len(pictures)
