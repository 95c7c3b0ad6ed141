"""Films and sound of ours, judged by the tools of others: these see what we see, and nothing that tells of anybody."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from packager.check.facts import StreamFacts
from packager.check.recordings import WALKERS, recording_facts
from tests.helpers.planted_films import Kind, others, own
from tests.system import tool

pytestmark = pytest.mark.needs("ffmpeg")

KINDS: tuple[Kind, ...] = ("mp4", "avi", "mp3")
# What exiftool and MediaInfo call what tells: of programs, people, places and times.
TELLING = re.compile(
    r"encod|writ|tool|software|vendor|handler(?!type)|compressorn|creat|modif|title|artist|author|comment|copyright(?!flag)"
    r"|gps|location|make|model|account|owner|purchas|tagged|id3|lame|xmp|uuid|language(?!code)|extra|padding|junk",
    re.IGNORECASE,
)
OF_THE_FILE = re.compile(r"^ExifTool:|File:File|File_(Created|Modified)_Date|Encoding$|BitRate_Mode|Source_Delay")
NEUTRAL = ("0000:00:00 00:00:00", "und", "")
NAMES = re.compile(rb"lav[cf]|lame|x26[45]|xvid0|ffmpeg|handler|encode|isom?edia|core \d", re.IGNORECASE)


def written(kind: Kind, folder: Path) -> Path:
    """A film of ours, or a piece of sound."""
    path = folder / f"1.{kind}"
    path.write_bytes(own(kind))
    return path


def answer(*command: str | Path) -> Any:
    """What a tool says in JSON."""
    done = subprocess.run([tool(str(command[0])), *command[1:]], capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


def exiftool(path: Path) -> dict[str, object]:
    """Each tag with its group."""
    tags: dict[str, object] = answer("exiftool", "-j", "-a", "-u", "-G", path)[0]
    return tags


def mediainfo(path: Path) -> dict[str, object]:
    """Each value, by the track and its name."""
    tracks = answer("mediainfo", "--Output=JSON", path)["media"]["track"]
    return {f"{track['@type']}:{name}": value for track in tracks for name, value in track.items()}


def telling(tags: dict[str, object]) -> dict[str, object]:
    """Those that could tell of somebody."""
    of_content = {name: value for name, value in tags.items() if not OF_THE_FILE.search(name)}
    return {name: value for name, value in of_content.items() if TELLING.search(name) and value not in NEUTRAL}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("judge", [exiftool, mediainfo])
def test_judges_find_nothing_that_tells(judge: Any, kind: Kind, tmp_path: Path) -> None:
    """But the delay of AAC, and the name of the box with the parameters."""
    extra = {"Video:extra": {"CodecConfigurationBox": "avcC"}}
    extra["Audio:extra"] = {"Source_Delay": "-23", "Source_Delay_Source": "Container"}
    found = telling(judge(written(kind, tmp_path)))
    assert {name: value for name, value in found.items() if extra.get(name) != value} == {}


def test_judges_find_what_ffmpeg_leaves(tmp_path: Path) -> None:
    """So that they would find it in ours."""
    path = tmp_path / "1.mp4"
    path.write_bytes(others("-c:v", "libx264", "-c:a", "aac", kind="mp4"))
    assert "QuickTime:CompressorName" in telling(exiftool(path))
    assert any(name.startswith("Video:Encoded_Library") for name in telling(mediainfo(path)))
    assert NAMES.search(path.read_bytes())


@pytest.mark.parametrize("kind", KINDS)
def test_no_program_is_named_in_any_byte(kind: Kind) -> None:
    """As `strings` would find it."""
    assert NAMES.search(own(kind)) is None


@pytest.mark.parametrize("kind", KINDS)
def test_the_walk_and_the_judges_see_the_same_streams(kind: Kind, tmp_path: Path) -> None:
    """How many pictures and frames, how large, how long, how coded."""
    path = written(kind, tmp_path)
    file_type = next(one for one in WALKERS if kind.upper() in one)
    with path.open("rb") as file:
        streams = recording_facts(file_type, file, path.stat().st_size).streams
    probed = answer("ffprobe", "-v", "error", "-count_packets", "-show_streams", "-of", "json", path)["streams"]
    tracks = [
        one
        for one in answer("mediainfo", "--Output=JSON", path)["media"]["track"]
        if "BitDepth" in one or "Channels" in one
    ]
    assert len(streams) == len(probed) == len(tracks)
    for stream, one, track in zip(streams, probed, tracks, strict=True):
        assert one["codec_name"] == stream.codec
        assert float(track["Duration"]) == pytest.approx(stream.seconds, abs=0.06)
        if stream.is_sound:
            assert (int(one["sample_rate"]), one["channels"]) == (stream.rate, stream.channels)
        else:
            same_pictures(stream, one, track)


def same_pictures(stream: StreamFacts, probed: dict[str, Any], track: dict[str, str]) -> None:
    """Assert that ffprobe and MediaInfo have the same numbers."""
    sizes = [
        (stream.width, stream.height),
        (probed["width"], probed["height"]),
        (int(track["Width"]), int(track["Height"])),
    ]
    assert len({*sizes}) == 1
    assert stream.samples == int(probed["nb_read_packets"]) == int(track["FrameCount"])
    assert stream.rate == pytest.approx(float(track["FrameRate"]), abs=0.001)
    assert stream.profile in track["Format_Profile"].lower()
    assert float(stream.level) == float(track["Format_Level"])
    assert probed["has_b_frames"] == 0
