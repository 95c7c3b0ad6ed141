"""Films and sound: ours have nothing that is found, and whatever is planted in them is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from struct import pack
from typing import Any

import pytest

from packager.check import ANY_TARGET, CheckTarget
from packager.check.findings import RULES
from packager.check.recordings import WALKERS, recording_facts
from packager.config import profile as profiles
from packager.config.profile import Profile
from packager.film.decode import decoder
from packager.sandbox.programs import MissingProgram, Programs
from tests.check.test_check import examined
from tests.check.test_one_form import mutated
from tests.helpers.planted_films import PLANTED, Change, Kind, at, behind_a_picture, mp4, others, own

pytestmark = pytest.mark.needs("ffmpeg")

KINDS: tuple[Kind, ...] = ("mp4", "avi", "mp3")
PROFILES = {kind: profiles.load("player" if kind == "avi" else "any") for kind in KINDS}


def decoded() -> CheckTarget:
    """With a decoder."""
    return CheckTarget(decode=decoder(Programs()))


def found(
    content: bytes, kind: Kind, folder: Path, target: CheckTarget = ANY_TARGET, profile: Profile | None = None
) -> dict[str, str]:
    """What is wrong with the film itself, by code."""
    name = f"1.{kind}".upper()
    (folder / name).write_bytes(content)
    findings = examined(folder, profile or PROFILES[kind], target)
    return {one.code: one.message for one in findings if one.path == name and one.code not in ("L107", "N102")}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_found_in_ours(kind: Kind, tmp_path: Path) -> None:
    """Neither by the walk nor by a decoder."""
    assert found(own(kind), kind, tmp_path, decoded()) == {}


@pytest.mark.parametrize(("kind", "what", "change"), PLANTED, ids=[f"{kind}: {what}" for kind, what, _ in PLANTED])
def test_whatever_is_planted_in_a_film_is_found(kind: Kind, what: str, change: Change, tmp_path: Path) -> None:
    """As something beside the film."""
    made = change(own(kind))
    assert made != own(kind), what
    assert "F103" in found(made, kind, tmp_path)


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("mp4", ("-c:v", "libx264", "-c:a", "aac"), "udta"),
        ("avi", ("-c:v", "mpeg4", "-c:a", "libmp3lame"), "INFO"),
        ("avi", ("-c:v", "mpeg4", "-c:a", "libmp3lame", "-fflags", "+bitexact", "-map_metadata", "-1"), "JUNK"),
        ("mp3", ("-vn", "-c:a", "libmp3lame"), "tag (ID3)"),
        ("mp3", ("-vn", "-c:a", "libmp3lame", "-id3v2_version", "0", "-write_xing", "0"), "LAME"),
    ],
)
def test_what_ffmpeg_leaves_is_found(kind: Kind, options: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """And named."""
    assert said in found(others(*options, kind=kind), kind, tmp_path)["F103"]


LIMITS: tuple[tuple[str, Kind, dict[str, Any]], ...] = (
    ("F201", "mp4", {"codec": "mpeg4"}),
    ("F201", "avi", {"sound_codec": "aac"}),
    ("F202", "mp4", {"codec_profiles": ("main",)}),
    ("F202", "avi", {"level": "0"}),
    ("F203", "mp4", {"width": 159}),
    ("F203", "avi", {"height": 100}),
    ("F204", "mp4", {"frame_rate": 24}),
    ("F205", "avi", {"max_bit_rate": 10_000}),
    ("F207", "mp4", {"channels": 1}),
    ("F207", "avi", {"sample_rate": 22_050}),
    ("F205", "mp4", {"sound_bit_rate": 2_000}),
    ("F205", "mp3", {"max_bit_rate": 48_000}),
    ("F207", "mp3", {"sample_rate": 22_050}),
    ("S101", "mp3", {"max_bytes": 10_000}),
    ("S101", "mp4", {"max_bytes": 10_000}),
)


@pytest.mark.parametrize(("code", "kind", "limit"), LIMITS)
def test_a_limit_of_the_profile_is_held(code: str, kind: Kind, limit: dict[str, Any], tmp_path: Path) -> None:
    """By what is in the file and not by what its headers say; nothing else is wrong with it."""
    table = "sound" if kind == "mp3" else "film"
    profile = replace(PROFILES[kind], **{table: replace(getattr(PROFILES[kind], table), **limit)})
    assert found(own(kind), kind, tmp_path, profile=profile).keys() == {code}


_MPEG4 = ("-c:v", "mpeg4", "-c:a", "libmp3lame")
_SILENT = ("-an", "-c:v")
CODED: tuple[tuple[str, Kind, Callable[[], bytes], str], ...] = (
    ("F206", "avi", lambda: others(*_MPEG4, "-bf", "2", kind="avi"), "B-frames"),
    ("F206", "avi", lambda: others(*_MPEG4, "-flags", "+qpel", kind="avi"), "quarter pixels"),
    ("F206", "avi", lambda: others(*_MPEG4, "-mpeg_quant", "1", kind="avi"), "MPEG quantizers"),
    ("F206", "avi", lambda: others(*_MPEG4, "-flags", "+ilme+ildct", kind="avi"), "interlaced"),
    ("F206", "avi", lambda: others(*_MPEG4, "-aspect", "16:9", kind="avi"), "stretched"),
    ("F207", "mp3", lambda: others("-vn", "-c:a", "libmp3lame", "-q:a", "4", kind="mp3"), "varies"),
    ("F208", "mp4", lambda: mp4("moov/trak/mdia/mdhd", at(12, pack(">I", 50)))(own("mp4")), "1.00 and 2."),
    ("F104", "mp4", lambda: others("-c:v", "libx264", "-c:a", "aac", kind="mp4"), "behind"),
    ("F104", "avi", lambda: own("avi").replace(b"00dc\x10\0\0\0", bytes(8), 1), "index"),
    ("F101", "mp4", lambda: own("mp4")[:9000], "end"),
    ("F101", "avi", lambda: own("avi")[:9000], "end"),
    ("F101", "mp3", lambda: own("mp3")[:9000], "cut off"),
    ("F201", "mp4", lambda: others(*_SILENT, "libx265", "-x265-params", "log-level=none", kind="mp4"), "HEVC"),
    ("F201", "mp4", lambda: others(*_SILENT, "libvpx-vp9", "-deadline", "realtime", kind="mp4"), "VP9"),
    ("F201", "mp4", lambda: others(*_SILENT, "libaom-av1", "-cpu-used", "8", "-frames:v", "2", kind="mp4"), "AV1"),
    ("F201", "mp4", lambda: others("-c:v", "libx264", "-c:a", "libopus", kind="mp4"), "Opus"),
    ("F103", "mp4", lambda: others("-c:v", "libx264", "-c:a", "dca", "-strict", "-2", kind="mp4"), "hdlr"),
    ("T102", "mp4", lambda: others("-c:v", "libx264", "-c:a", "aac", kind="mkv"), "Matroska"),
)


@pytest.mark.parametrize(("code", "kind", "make", "said"), CODED)
def test_what_old_devices_do_not_play_is_found(
    code: str, kind: Kind, make: Callable[[], bytes], said: str, tmp_path: Path
) -> None:
    """Whatever else is wrong with such a file."""
    assert said in found(make(), kind, tmp_path)[code]


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_decoded_is_found(kind: Kind, tmp_path: Path) -> None:
    """Where some bytes of the samples are others, and the container is whole."""
    made, noise = bytearray(own(kind)), random.Random(1)
    start = {"mp4": made.find(b"mdat"), "avi": made.find(b"00dc"), "mp3": 0}[kind]
    for place in range(start + 900, len(made) - 3000, 100):
        made[place] = noise.randrange(4, 255)
    assert {"F101", "F102", "F103"} & found(bytes(made), kind, tmp_path, decoded()).keys()


def test_words_behind_the_codes_of_a_picture_are_heard_from_the_decoder(tmp_path: Path) -> None:
    """For the walk reads no further than to the kind of a picture."""
    assert found(behind_a_picture(own("mp4")), "mp4", tmp_path, decoded()).keys() == {"F102"}


@pytest.mark.parametrize("what", ["file elsewhere", "rate of no frame", "XMP"])
def test_a_film_with_something_beside_it_is_not_decoded(what: str, tmp_path: Path) -> None:
    """So that no decoder follows what leads to another file or to the network, or believes what is not so."""
    asked: list[float] = []

    def decode(_: Path, seconds: float) -> str:
        asked.append(seconds)
        return ""

    change = next(change for kind, name, change in PLANTED if (kind, name) == ("mp4", what))
    assert "F103" in found(change(own("mp4")), "mp4", tmp_path, CheckTarget(decode=decode))
    found(own("mp4"), "mp4", tmp_path, CheckTarget(decode=decode))
    assert asked == [pytest.approx(2, abs=0.1)]


def test_a_film_that_is_not_looked_into_is_a_warning(tmp_path: Path) -> None:
    """Where a profile lists its type."""
    profile = replace(PROFILES["mp4"], types=(*PROFILES["mp4"].types, "mkv"))
    (tmp_path / "1.mkv").write_bytes(others("-c:v", "libx264", "-c:a", "aac", kind="mkv"))
    codes = {one.code for one in examined(tmp_path, profile) if one.path == "1.mkv"}
    assert codes - {"L107"} == {"F106"}


def test_without_ffmpeg_a_warning_says_what_was_not_decoded(tmp_path: Path) -> None:
    """The walk needs none."""

    def missing(_: Path, __: float) -> str:
        raise MissingProgram("is read with ffmpeg, which is not installed")

    assert found(own("mp4"), "mp4", tmp_path, CheckTarget(decode=missing)).keys() == {"F105"}
    assert RULES["F105"].severity == "warning"


def unfound(kind: Kind, count: int) -> list[int]:
    """Of so many mutants those that pass as the same streams, though more than pictures or sound is changed.

    How much of its beginning sound leaves out is another cut of it.
    """
    whole = own(kind)
    file_type = next(one for one in WALKERS if kind.upper() in one)
    streams = recording_facts(file_type, BytesIO(whole), len(whole)).streams
    samples = {"mp4": whole.find(b"mdat") + 4, "avi": whole.find(b"movi") + 4, "mp3": 0}[kind]
    left_out = whole.find(b"elst") + 16 if kind == "mp4" else samples
    passing = []
    for number in range(count):
        made = mutated(whole, number, range(len(whole) if number % 2 else samples or len(whole)))
        facts = recording_facts(file_type, BytesIO(made), len(made))
        if not facts.error and not facts.problems and facts.streams == streams:
            head = made[:left_out] + whole[left_out : left_out + 4] + made[left_out + 4 : samples]
            passing += [number] * (head[:samples] != whole[:samples])
    return passing


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_film_is_a_finding_and_no_error(kind: Kind) -> None:
    """Two hundred mutants of each."""
    assert unfound(kind, 200) == []


@pytest.mark.prove
@pytest.mark.parametrize("kind", KINDS)
def test_twenty_thousand_broken_films_are_findings_and_no_errors(kind: Kind) -> None:
    """A third of each."""
    assert unfound(kind, 7_000) == []


def test_every_rule_on_films_has_a_film_here() -> None:
    """No rule stands in the table that no test has seen at work."""
    seen = {code for code, *_ in (*LIMITS, *CODED)} | {"F102", "F105", "F106", "F301", "F302"}
    assert {code for code in RULES if code.startswith("F")} <= seen


def test_a_word_is_found_in_what_stands_beside_a_film(tmp_path: Path) -> None:
    """Which is a finding of its own, whatever is said there."""
    target = CheckTarget(never=("the well",))
    planted = [
        (kind, change) for kind, what, change in PLANTED if "tag at" in what or what in ("program", "unused space")
    ]
    assert len(planted) == 4
    for kind, change in planted:
        assert {"F103", "P301"} <= found(change(own(kind)), kind, tmp_path, target).keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_film_is_checked(kind: Kind, tmp_path: Path) -> None:
    """And decoded."""
    film = tmp_path / f"1.{kind}"
    film.write_bytes(own(kind))
    assert {one.code for one in examined(film, PROFILES[kind], decoded())} <= {"N102"}
    film.write_bytes(own(kind)[:9000])
    assert "F101" in {one.code for one in examined(film, PROFILES[kind], decoded())}


SRT = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n창문\r\n둘째 줄\r\n\r\n"
    "2\r\n00:00:02,500 --> 00:00:04,000\r\nA < B & <3\r\n\r\n"
)
SMI = (
    '<SAMI>\r\n<HEAD>\r\n<STYLE TYPE="text/css">\r\n<!--\r\nP { text-align: center; }\r\n'
    ".KRCC { Name: 한국어; lang: ko-KR; SAMIType: CC; }\r\n-->\r\n</STYLE>\r\n</HEAD>\r\n<BODY>\r\n"
    "<SYNC Start=1000><P Class=KRCC>\r\n뷁 창문<br>A < B &lt;b> &amp;lt; C & D\r\n"
    "<SYNC Start=2500><P Class=KRCC>\r\n&nbsp;\r\n"
    "</BODY>\r\n</SAMI>\r\n"
)
SUBTITLES: tuple[tuple[str, str, bytes, set[str]], ...] = (
    ("ours", "srt", SRT.encode(), set()),
    ("ours", "smi", SMI.encode("cp949"), set()),
    ("without the mark", "srt", SRT[1:].encode(), {"F301"}),
    ("in the code page", "srt", SRT[1:].encode("cp949"), {"F301"}),
    ("in UTF-8", "smi", SMI.encode(), {"F301"}),
    ("in UTF-16", "smi", SMI.encode("utf-16"), {"F301", "F302", "P201"}),
    ("cut in a cue", "srt", SRT.encode()[:-8], {"F302"}),
    ("out of order", "srt", SRT.replace("00:00:01", "00:00:02", 1).replace("02,500 -", "01,500 -").encode(), {"F302"}),
    ("numbered otherwise", "srt", SRT.replace("\n2\r", "\n3\r").encode(), {"F302"}),
    ("with something before it", "srt", SRT.replace("1\r\n", "hello\r\n1\r\n", 1).encode(), {"F302"}),
    ("with a comment", "smi", SMI.replace("<BODY>", "<!-- at 7 pm --><BODY>").encode("cp949"), {"F302"}),
    ("with a reference", "smi", SMI.replace("창문", '<img src="x.jpg">').encode("cp949"), {"F302"}),
    ("out of order", "smi", SMI.replace("Start=2500", "Start=900").encode("cp949"), {"F302"}),
    ("numbered without end", "srt", SRT.replace("\n2\r", f"\n{'2' * 5000}\r").encode(), {"F302"}),
    ("hours without end", "srt", SRT.replace("00:", f"{'1' * 5000}:", 1).encode(), {"F302"}),
    ("a time without end", "smi", SMI.replace("Start=2500", f"Start={'2' * 5000}").encode("cp949"), {"F302"}),
    ("with an address", "srt", SRT.replace("창문", "www.example.org").encode(), {"P401"}),
    ("with an address", "smi", SMI.replace("창문", "www.example.org").encode("cp949"), {"P401"}),
    ("a film", "srt", b"\0\0\0\x18ftypisom", {"T102"}),
)


@pytest.mark.parametrize(("what", "ending", "content", "codes"), SUBTITLES, ids=[f"{a}: {b}" for b, a, *_ in SUBTITLES])
def test_subtitles_are_held_to_form_and_encoding(
    what: str, ending: str, content: bytes, codes: set[str], tmp_path: Path
) -> None:
    """Letters that only CP949 has, and signs that begin no mark, are words."""
    (tmp_path / f"1.{ending}").write_bytes(content)
    found = {one.code for one in examined(tmp_path, PROFILES["mp4"]) if one.path and one.code != "L107"}
    assert found == codes, what


@pytest.mark.parametrize(("ending", "codec"), [("srt", "utf-8"), ("smi", "cp949")])
def test_a_word_is_found_in_subtitles(ending: str, codec: str, tmp_path: Path) -> None:
    """In the code page too."""
    (tmp_path / f"1.{ending}").write_bytes((SRT if ending == "srt" else SMI).encode(codec))
    assert "P301" in {one.code for one in examined(tmp_path, PROFILES["mp4"], CheckTarget(never=("창문",)))}
