"""`packager --help` answers before anything heavy is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

_HEAVY = {
    "PIL",
    "anyascii",
    "charset_normalizer",
    "jinja2",
    "markdown_it",
    "nh3",
    "py7zr",
    "pyvips",
    "rich",
    "selectolax",
    "yaml",
}


def _imported_by(*arguments: str) -> set[str]:
    """The top-level modules that `packager` has loaded when it is done."""
    command = [sys.executable, "-X", "importtime", "-m", "packager", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line for line in ended.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_heavy_libraries_wait_until_they_are_needed(option: str) -> None:
    """What is only asked about itself loads click, and none of the libraries that make trees."""
    imported = _imported_by(option)
    assert "click" in imported
    assert not imported & _HEAVY
