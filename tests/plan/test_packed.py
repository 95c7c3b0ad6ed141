"""Values that are held as pickles come out as they went in, as often as somebody asks."""

from __future__ import annotations

import tracemalloc

from packager.model import Copy, Entry
from packager.model.packed import PackedValues


def entries(count: int) -> list[Entry]:
    names = (f"w{number // 50}/{number % 50:03}.jpg" for number in range(count))
    return [Entry(name, Copy(f"/scratch/{number}.jpg"), number) for number, name in enumerate(names)]


def test_values_come_out_in_their_order_each_time() -> None:
    """Also where they are more than one batch."""
    values = [*entries(12_000), *entries(1)]
    packed = PackedValues(iter(values))
    assert len(packed) == len(values)
    assert [*packed] == values
    assert [*packed] == values
    assert values[7_000] in packed
    assert packed == PackedValues(values) != PackedValues(values[1:])


def test_there_may_be_none() -> None:
    assert [*PackedValues[Entry]()] == []


def test_they_take_a_third_of_the_memory() -> None:
    """Of entries of a tree, which are many and alike."""
    tracemalloc.start()
    loose = entries(20_000)
    of_loose, _ = tracemalloc.get_traced_memory()
    packed = PackedValues(loose)
    of_both, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(packed) == len(loose)
    assert of_both - of_loose < of_loose / 3
