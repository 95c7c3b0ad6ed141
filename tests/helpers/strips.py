"""Strips that are fed with sound tiles alone."""

from __future__ import annotations

from packager.model import Encoded
from packager.pictures.vips import StripState, feed_strip


def fed(state: StripState, data: bytes, index: int) -> tuple[StripState, tuple[Encoded, ...]]:
    """The strip with a tile, and the slices that are ready."""
    (state, slices), loss = feed_strip(state, data, index)
    assert not loss
    return state, slices
