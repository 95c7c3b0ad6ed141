"""docs/proof.md has every long proof and benchmark of the project, and no figure that no run has measured."""

from __future__ import annotations

import re

import pytest
from _pytest.config import get_config

from tests.helpers import proofs


def test_the_page_lists_every_proof_and_no_other() -> None:
    """A proof that is new, renamed or gone shows: `make prove PART=...` or `make bench` writes the page again."""
    assert [(row.promise, row.file) for row in proofs.standing()] == [(row.promise, row.file) for row in proofs.known()]


def test_every_figure_has_a_run() -> None:
    """The day and the commit; and what was not run has no figure. There is no other table on the page."""
    for row in proofs.standing():
        assert re.fullmatch(r"\d{4}-\d\d-\d\d, [0-9a-f]{7,}\+?", row.run) if row.figures else row.run == proofs.NOT_RUN
    assert proofs.PAGE.read_text(encoding="utf-8").count("|---") == proofs.HEAD.count("|---")


@pytest.mark.parametrize(
    ("ends", "lines", "figures"),
    [
        (["passed"], ["12 of 12"], "12 of 12"),
        (["passed"], [], "holds"),
        (["passed", "failed", "passed"], ["a: 1", "b: 2"], "2 of 3 passed, 1 failed; a: 1; b: 2"),
        (["skipped"], ["no mtools"], "0 of 1 passed, 1 skipped; no mtools"),
    ],
)
def test_a_proof_that_did_not_hold_is_listed_so(ends: list[str], lines: list[str], figures: str) -> None:
    """Skipped cases and failed ones stand beside the figures of the others."""
    assert proofs.figures_of(ends, lines) == figures


RUNS = {
    "-m prove": True,
    "-m prove tests/drive": True,
    "-m prove -p no:cacheprovider": True,
    "-m prove tests/drive/test_drive_proof.py -v": True,
    "": False,
    "-m slow": False,
    "-m prove tests/drive/test_drive_proof.py::test_a_drive_that_vanishes_is_named_and_stops_no_other": False,
    "-m prove -k drive": False,
    "-m prove --lf": False,
    "-m prove --sw": False,
    "-m prove -x": False,
    "-m prove --maxfail=3": False,
    "-m prove --collect-only": False,
    "-m prove --deselect tests/drive/test_drive_proof.py": False,
}


@pytest.mark.parametrize("arguments", RUNS)
def test_only_runs_of_all_cases_are_written_down(arguments: str) -> None:
    """Where some were chosen, or a failure ended the run, the figures would be those of a part."""
    config = get_config(arguments.split())
    config.parse(arguments.split())
    assert proofs.are_whole(config) is RUNS[arguments]
