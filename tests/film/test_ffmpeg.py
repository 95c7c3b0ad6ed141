"""ffmpeg is the system's or the extra's, and is tried for the encoders that are needed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from packager.config import extras
from packager.film.ffmpeg import Ffmpeg
from packager.film.probe import SourceFacts
from packager.sandbox.programs import MissingProgram, Programs
from tests.helpers.films import run

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


def test_of_many_sources_at_once_each_is_told_and_the_unreadable_ones_alone_are_refused(tmp_path: Path) -> None:
    """ffmpeg itself gives up on all of them at the first that it cannot read."""
    sources = [tmp_path / f"{number}.wav" for number in range(7)]
    for number, source in enumerate(sources):
        run("-f", "lavfi", "-i", f"sine=duration={number + 1}", str(source))
    for broken in (2, 5):
        sources[broken].write_bytes(b"no sound")
    found = Ffmpeg.found(Programs()).facts_of_each(sources)
    assert [one.seconds if isinstance(one, SourceFacts) else None for one in found] == [1, 2, None, 4, 5, None, 7]
