"""Whether our distance ranks encodings as the slow judges do: Spearman's coefficient over pictures and qualities."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packager.pictures.vips.distance import Reference
from packager.pictures.vips.encode import Encoder, encode
from packager.pictures.vips.engine import Image
from tests.research.study.judges import butteraugli, ssimulacra

PLAIN = (84, 76, 55, 33)
DENSE = (92, 66, 44, 22)


def measure(originals: Sequence[Path], folder: Path) -> list[tuple[float, float, float]]:
    """Our distance, butteraugli and ssimulacra of every picture in every quality."""
    rows = []
    for original in originals:
        image = Image.new_from_file(str(original)).copy_memory()
        reference = Reference.of(image)
        for quality in (*PLAIN, *DENSE):
            data = encode(image, quality, Encoder.DENSE_FOR_PAINT if quality in DENSE else Encoder.PLAIN)
            jpeg = folder / f"{original.stem}-{quality}.jpg"
            jpeg.write_bytes(data)
            rows.append((reference.distance(data), butteraugli(original, jpeg), ssimulacra(original, jpeg)))
    return rows


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """The correlation of the ranks; no two values are taken for equal."""
    a, b, mean = _ranks(one), _ranks(other), (len(one) - 1) / 2
    together = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    return together / sum((x - mean) ** 2 for x in a)


def _ranks(values: Sequence[float]) -> list[int]:
    ranks = [0] * len(values)
    for rank, index in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        ranks[index] = rank
    return ranks
