"""How fast `packager` answers, against the import of click alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial

from tests.research.bench.ratio import Ratio, medians

_BASE = "python -c 'import click'"
_LIMIT = 2.0


def measure() -> Iterator[Ratio]:
    """One ratio for each option that only asks `packager` about itself."""
    for option in ("--version", "--help"):
        ours, theirs = medians(_python("-m", "packager", option), _python("-c", "import click"), runs=20)
        yield Ratio(f"packager {option}", _BASE, ours, theirs, _LIMIT)


def _python(*arguments: str) -> Callable[[], object]:
    return partial(subprocess.run, [sys.executable, *arguments], check=True, capture_output=True)
