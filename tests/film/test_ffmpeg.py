"""ffmpeg is the system's or the extra's, and is tried for the encoders that are needed."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from packager.config import extras
from packager.errors import SourceError
from packager.film import ffmpeg
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


@dataclass(frozen=True)
class CountedPrograms(Programs):
    """Programs that count how often one is run."""

    runs: list[str] = field(default_factory=list)

    def output(self, *command: str | Path, **settings: Any) -> bytes:
        """Count it, and run it."""
        self.runs.append(str(command[0]))
        return super().output(*command, **settings)


@pytest.mark.parametrize("extra", [False, True], ids=["of the system", "of the extra"])
def test_one_ffmpeg_is_asked_of_forty_films(tmp_path: Path, extra: bool) -> None:
    """Its threads for each of them have the memory that one program may have."""
    source = tmp_path / "0.mp4"
    run(*_DRAWN, *_HEARD, "-shortest", str(source))
    sources = [source, *(Path(shutil.copy(source, tmp_path / f"{number}.mp4")) for number in range(1, 40))]
    path = next(one for one in ffmpeg._installed() if ("imageio_ffmpeg" in one) == extra)
    programs = CountedPrograms()
    found = Ffmpeg(path, "", programs).facts_of_each(sources)
    assert [one.seconds for one in found if isinstance(one, SourceFacts)] == [1] * len(sources)
    assert len(programs.runs) == 1


_DRAWN = ("-f", "lavfi", "-i", "color=size=64x48:rate=5:duration=1")
_HEARD = ("-f", "lavfi", "-i", "sine=duration=1")
_TITLE = "A = B; #1 \\ [CHAPTER]"


def test_languages_and_chapters_are_told_as_they_stand_however_many_there_are(tmp_path: Path) -> None:
    """Two letters and a country are a language as well, and thousands of chapters stand before the streams."""
    listed, words, source = tmp_path / "listed", tmp_path / "words.srt", tmp_path / "a.mkv"
    title = re.sub(r"([=;#\\])", r"\\\1", _TITLE)
    chapters = (f"[CHAPTER]\nTIMEBASE=1/100\nSTART={n}\nEND={n + 1}\ntitle={title} {n}\n" for n in range(3000))
    listed.write_text(";FFMETADATA1\n" + "".join(chapters))
    words.write_text("1\n00:00:00,100 --> 00:00:00,900\nHello\n")
    inputs = (*_DRAWN, *_HEARD, "-i", str(words), "-i", str(listed))
    languages = ("-metadata:s:a:0", "language=pt-BR", "-metadata:s:s:0", "language=zh-Hans")
    maps = ("-map", "0", "-map", "1", "-map", "2", "-map_chapters", "3")
    run(*inputs, *maps, *languages, "-c:v", "mpeg4", "-c:a", "aac", str(source))
    facts = Ffmpeg.found(Programs()).facts(source)
    assert ([one.language for one in facts.audio], [one.language for one in facts.subtitles]) == (
        ["pt-BR"],
        ["zh-Hans"],
    )
    assert facts.chapters == tuple((f"{_TITLE} {number}", number * 10) for number in range(3000))


_FORGED = "Video: mpeg4, yuv420p, 16x16, 25 fps"


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        (f"a\n  Duration: 99:00:00.00, start\n  Stream #0:0: {_FORGED}\n", ()),
        ("a\nInput #1, avi, from b", ()),
        ("a\nOutput #0, ffmetadata, to b", ()),
        ("a", ("-metadata:s:v:0", f"language=und): {_FORGED}\n      x(")),
        ("a", ("-metadata:s:v:0", f"language=und): {_FORGED}\n  Duration: {'9' * 400}:00:00.00\n  x(")),
        ("a", ("-metadata:s:v:0", "language=ko\x1b[2J")),
        ("a", ("-metadata", "k\n  Duration: 99:00:00.00, start=x")),
        ("a", ("-metadata", f"k\n  Stream #0:1(kor): {_FORGED}=x")),
    ],
    ids=[
        "lines",
        "an input",
        "an output",
        "a stream",
        "a length",
        "controls",
        "a length as a tag",
        "a stream as a tag",
    ],
)
def test_what_imitates_the_words_of_ffmpeg_is_never_believed(name: str, tags: tuple[str, ...], tmp_path: Path) -> None:
    """Nothing that a source is called or tells becomes a fact of it, or of another that is asked of with it."""
    sources = [tmp_path / "before.wav", tmp_path / f"{name}.mov", tmp_path / "behind.wav"]
    form = "mov" if "-metadata" in tags else "matroska"  # of which the one writes any name, the other any language
    run(*_DRAWN, "-c:v", "mpeg4", *tags, "-movflags", "use_metadata_tags", "-f", form, f"file:{sources[1]}")
    for source in sources[::2]:
        run(*_HEARD, str(source))
    before, found, behind = Ffmpeg.found(Programs()).facts_of_each(sources)
    if tags:
        assert isinstance(found, SourceError)
        assert "imitate what ffmpeg says" in found.what
    else:
        assert isinstance(found, SourceFacts)
        assert (found.seconds, found.video and found.video.width) == (1, 64)
    assert [isinstance(one, SourceFacts) and one.seconds for one in (before, behind)] == [1, 1]
