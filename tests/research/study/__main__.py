"""Run the study and print its table: `python -m tests.research.study`, some ten minutes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.research.study import equal_bytes, material, ranking

FOLDER = Path(".study")
QUALITIES = (35, 50, 65)


def main() -> None:
    """The ranks, then the comparison for comics and for a mixture."""
    comics, mixture = material.comics(FOLDER), material.mixture(FOLDER)
    ours, theirs, others = zip(*ranking.measure(comics, FOLDER), strict=True)
    print(f"{len(ours)} encodings of {len(comics)} pictures, Spearman's coefficient of ranks")
    print(f"  distance : butteraugli 3-norm   {ranking.spearman(ours, theirs):.3f}")
    print(f"  distance : ssimulacra           {ranking.spearman(ours, others):.3f}")
    print(f"  butteraugli : ssimulacra        {ranking.spearman(theirs, others):.3f}", flush=True)
    for name, pictures in (("comics", comics), ("mixture", mixture)):
        _compare(name, pictures)


def _compare(name: str, pictures: Sequence[Path]) -> None:
    print(f"{name}, {len(pictures)} pictures: one quality for all, and as many bytes as a build gives them")
    for quality in QUALITIES:
        told = equal_bytes.compare(pictures, quality, FOLDER)
        print(
            f"  quality {quality}: {told.uniform_bytes} and {told.our_bytes} bytes; butteraugli 3-norm "
            f"mean {100 * told.mean:+.1f} % better, worst picture {100 * told.worst:+.1f} % better "
            f"({max(told.uniform):.2f} and {max(told.ours):.2f})",
            flush=True,
        )


if __name__ == "__main__":
    main()
