"""Run the benchmarks: `python -m tests.research.bench [NAME...]`; the exit code is 1 when a promise is not kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

from tests.helpers import proofs
from tests.research.bench import (
    checking,
    copying,
    documents,
    filming,
    fitting,
    pages,
    rebuilding,
    restrictions,
    scale,
    startup,
)
from tests.research.bench.ratio import Ratio

BENCHMARKS: dict[str, Callable[[], Iterable[Ratio]]] = {
    "startup": startup.measure,
    "pages": pages.measure,
    "fitting": fitting.measure,
    "rebuilding": rebuilding.measure,
    "copying": copying.measure,
    "checking": checking.measure,
    "documents": documents.measure,
    "restrictions": restrictions.measure,
    "filming": filming.measure,
    "scale": scale.measure,
}


def main(names: list[str]) -> int:
    """Run the benchmarks called `names`, or all; print each ratio as soon as it is known, and write docs/proof.md."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installs is compiled once and not at every start
    kept = True
    for name in names or BENCHMARKS:
        ratios = []
        for ratio in BENCHMARKS[name]():
            print(ratio, flush=True)
            ratios.append(ratio)
        kept &= all(ratio.holds for ratio in ratios)
        promise = (sys.modules[BENCHMARKS[name].__module__].__doc__ or "").partition("\n")[0]
        proofs.record({(f"tests/research/bench/{name}.py", promise): "; ".join(ratio.figure for ratio in ratios)})
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
