"""ffmpeg is the system's or the extra's, and is tried for the encoders that are needed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from packager.config import extras
from packager.film.ffmpeg import Ffmpeg
from packager.sandbox.programs import MissingProgram, Programs

pytestmark = pytest.mark.needs("ffmpeg")


def test_ffmpeg_of_the_system_comes_before_that_of_the_extra() -> None:
    """Its distributor mends it."""
    assert Ffmpeg.found(Programs()).path == shutil.which("ffmpeg")


def test_without_a_system_ffmpeg_that_of_the_extra_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It has the same encoders, and tells its version."""
    monkeypatch.setenv("PATH", str(tmp_path))
    found = Ffmpeg.found(Programs())
    assert "imageio_ffmpeg" in found.path
    assert found.version.startswith("ffmpeg version ")
    assert found.fingerprint != Ffmpeg(found.path, "ffmpeg version 5.1", Programs()).fingerprint


@pytest.mark.parametrize("program", ["", "true", "false"], ids=["none", "one without encoders", "one that fails"])
def test_where_no_ffmpeg_is_fit_one_line_says_what_to_install(
    program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The command is that of this very installation."""
    if program:
        shutil.copy(shutil.which(program) or "", tmp_path / "ffmpeg")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [])  # without the extra
    monkeypatch.delitem(sys.modules, "imageio_ffmpeg", raising=False)
    with pytest.raises(MissingProgram) as error:
        Ffmpeg.found(Programs())
    assert error.value.what.startswith("is read with ffmpeg 5 or newer, which is not installed")
    assert (str(tmp_path / "ffmpeg") in error.value.what) == bool(program)
    assert extras.command("film") in error.value.hint
