"""Where real comics and texts lie, for the tests that want them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SAMPLES = Path(os.environ.get("PACKAGER_SAMPLES", Path(__file__).parents[3] / "shared" / "samples"))

needs_samples = pytest.mark.skipif(
    not (SAMPLES / "comics").is_dir(), reason="the real samples are not here (set PACKAGER_SAMPLES to their folder)"
)
