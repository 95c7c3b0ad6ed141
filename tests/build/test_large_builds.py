"""Builds of thousands of pages: what each of them leaves in memory."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.helpers.dry_bundle import make_dry_bundle
from tests.helpers.memory import peak_bytes

A_PAGE = 13_000  # bytes: some twenty values and their letters, from the source to the report
FEW, MANY = 200, 2_000


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="proportional memory is Linux's")
def test_a_page_takes_a_few_thousand_bytes_of_memory(tmp_path: Path) -> None:
    """With a fifth of an article; no picture, document or report is held while another is made."""
    few, many = (_held(tmp_path / str(pages), pages) for pages in (FEW, MANY))
    assert (many - few) / (MANY - FEW) < A_PAGE


def _held(folder: Path, pages: int) -> int:
    bundle = make_dry_bundle(folder / "dry", pages, 'profile = "laptop"\neditions = ["site"]\n')
    return peak_bytes("build", str(bundle), "-o", str(folder / "built"), with_workers=False)
