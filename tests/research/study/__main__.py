"""Print how many bytes the dense encoder takes at equal butteraugli: `python -m tests.research.study`, some minutes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from packager.pictures.vips.encode import encode
from packager.pictures.vips.engine import Image
from tests.research.study import material
from tests.research.study.judges import butteraugli

FOLDER = Path(".study")
QUALITIES = (20, 30, 45, 65, 75)
Point = tuple[float, float]  # logarithms of the bytes of a JPEG, and of how far it is from its picture


def main() -> None:
    """Print a line for painted pages, one for inked strips, and one for pictures made up."""
    for name, pictures in material.kinds(FOLDER).items():
        logs = [change for picture in pictures for change in _changes(picture)]
        print(f"{name}, {len(pictures)} pictures: {100 * math.expm1(fmean(logs)):+.1f} % of bytes", flush=True)


def _changes(original: Path) -> Iterator[float]:
    """The logarithm of how many times as many bytes the dense encoder takes, at each quality of the plain one."""
    image = Image.new_from_file(str(original)).copy_memory()
    plain, dense = (sorted(_points(original, image, is_dense=is_dense)) for is_dense in (False, True))
    for size, distance in plain[1:-1]:
        yield _size_at(distance, dense) - size


def _points(original: Path, image: Image, *, is_dense: bool) -> Iterator[Point]:
    for quality in QUALITIES:
        data = encode(image, quality, is_dense=is_dense)
        jpeg = FOLDER / f"{original.stem}-{quality}-{is_dense:d}.jpg"
        jpeg.write_bytes(data)
        yield math.log(len(data)), math.log(butteraugli(original, jpeg))


def _size_at(distance: float, points: Sequence[Point]) -> float:
    """The size at a distance, on the straight line through the two points beside it, or through the last two."""
    segments = list(pairwise(points))
    (size, far), (larger, near) = next((each for each in segments if distance >= each[1][1]), segments[-1])
    return size + (distance - far) * (larger - size) / (near - far)


if __name__ == "__main__":
    main()
