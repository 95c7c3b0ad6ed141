"""The scale behind libjpeg's qualities: how coarse a quality is, and which quality is that coarse."""

from __future__ import annotations

LOWEST, HIGHEST = 1, 100


def coarseness(quality: int) -> float:
    """Return the percentage by which a JPEG encoder multiplies its tables (libjpeg, jcparam.c); 1 at quality 100."""
    return max(1, 5000 / quality if quality < 50 else 200 - 2 * quality)


def quality_of(coarseness: float) -> int:
    """Return the quality nearest to being that coarse."""
    quality = 5000 / coarseness if coarseness > 100 else (200 - coarseness) / 2
    return max(LOWEST, min(HIGHEST, round(quality)))
