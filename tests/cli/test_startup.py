"""`packager --help` answers before anything heavy is loaded."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

_HEAVY = {
    "PIL",
    "anyascii",
    "chardet",
    "jinja2",
    "markdown_it",
    "py7zr",
    "pyvips",
    "rich",
    "selectolax",
    "yaml",
}


def _imported_by(*arguments: str) -> set[str]:
    """The modules that `packager` has loaded when it is done."""
    command = [sys.executable, "-X", "importtime", "-m", "packager", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line for line in ended.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_heavy_libraries_wait_until_they_are_needed(option: str) -> None:
    """What is only asked about itself loads click, and neither the libraries that make trees nor what is handed on."""
    imported = _imported_by(option)
    tops = {name.partition(".")[0] for name in imported}
    assert "click" in tops
    assert not tops & _HEAVY
    own = {name.split(".")[1] for name in imported if name.startswith("packager.")}
    assert own == {"cli", "errors", "sandbox", "text"}


_INTERRUPTED_AT_AN_IMPORT = """
import os, signal, sys
left = int(sys.argv.pop(1))
def interrupt(event, arguments):
    global left
    if event == "import":
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGINT)
from packager.__main__ import main
assert not {name for name in sys.modules if name.startswith("packager.")} - {"packager.__main__"}
sys.addaudithook(interrupt)
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
@pytest.mark.parametrize("imports", [1, 2, 3, 4, 5, 10, 20, 40, 80])
def test_an_interruption_while_it_is_loaded_is_one_line(imports: int) -> None:
    """Whatever is being loaded, there is no traceback; 130 says what it was."""
    command = [sys.executable, "-c", _INTERRUPTED_AT_AN_IMPORT, str(imports), "check", "--help"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (128 + signal.SIGINT, "packager: interrupted.\n")
