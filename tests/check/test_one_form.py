"""Pictures and archives in the one form in which a build writes them, and whatever is not of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from packager.config import profile as profiles
from packager.model import Finding
from tests.check.test_check import examined
from tests.helpers.planted_headers import PLANTED, Change

LAPTOP = profiles.load("laptop")
# What a tree of one file lacks beside.
OF_TREES = ("L101", "L107", "T101", "J103", "J104", "J301", "J302")


def found(file: Path) -> set[str]:
    """The codes of what is wrong with the file itself, as it lies in a folder or is checked alone."""
    findings: tuple[Finding, ...] = examined(file if file.suffix == ".7z" else file.parent, LAPTOP)
    return {finding.code for finding in findings} - {*OF_TREES}


@pytest.mark.parametrize(("name", "base", "changes"), PLANTED, ids=[name for name, *_ in PLANTED])
def test_whatever_is_changed_in_a_header_is_found(
    name: str, base: Callable[[], bytes], changes: dict[str, Change], tmp_path: Path
) -> None:
    """And nothing where all is as it was."""
    file = tmp_path / name
    file.write_bytes(base())
    assert found(file) == set()
    unfound = []
    for what, change in changes.items():
        file.write_bytes(change(base()))
        if not found(file):
            unfound.append(what)
    assert unfound == []
