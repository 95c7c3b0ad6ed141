"""What players pass over in a film, and so never show, is found: by the walk, or by a decoder that forgives nothing."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from struct import pack

import pytest

from packager.film.decode import decoder
from packager.sandbox.programs import Programs
from tests.check.test_check import examined
from tests.check.test_recordings import PROFILES, SMI, SRT, decoded, found
from tests.helpers.planted_films import Change, Kind, at, avi, mp4, own
from tests.helpers.rewoven_films import BEHIND, H264, MPEG4, SETS, coded
from tests.helpers.rewoven_films import Change as CodedChange
from tests.helpers.rewoven_films import Kind as FilmKind

pytestmark = pytest.mark.needs("ffmpeg")

RATES = ("25", "25/2", "24000/1001", "10")
FORGED: tuple[tuple[FilmKind, str, CodedChange], ...] = (
    *(("mp4", what, change) for what, change in {**H264, **SETS}.items()),
    *(("avi", what, change) for what, change in MPEG4.items()),
)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("kind", ["mp4", "avi"])
def test_nothing_is_found_in_pictures_that_are_woven_again(kind: FilmKind, rate: str, tmp_path: Path) -> None:
    """Without a change, at whatever rate."""
    film = replace(coded(kind, f"-r {rate}"), rate=Fraction(rate))
    assert found(film.woven(), kind, tmp_path, decoded()) == {}


@pytest.mark.parametrize(("kind", "what", "change"), FORGED, ids=[f"{kind}: {what}" for kind, what, _ in FORGED])
def test_what_no_player_shows_of_pictures_is_found(
    kind: FilmKind, what: str, change: CodedChange, tmp_path: Path
) -> None:
    """In the container nothing is wrong."""
    assert found(change(coded(kind)).woven(), kind, tmp_path).keys() == {"F103"}, what


def test_bytes_behind_a_picture_are_heard_from_the_decoder(tmp_path: Path) -> None:
    """Though it forgives some encoders when nobody says otherwise."""
    assert found(BEHIND(coded("avi")).woven(), "avi", tmp_path, decoded()).keys() == {"F102"}


def _as_sound(data: bytes) -> bytes:
    """The header of an AVI's pictures, as those of sound have it."""
    return pack("<4s4x3I2I4xI2Ii", b"auds", 0, 0, 0, 1, 25, 50, 0, 0, -1) + pack("<I8x", 1)


_ENTRY = "moov/trak/mdia/minf/stbl/stsd"
UNREAD: tuple[tuple[Kind, str, Change], ...] = (
    ("mp4", "sound that says it is pictures", lambda data: data.replace(b"\x40\x15", b"\x20\x11", 1)),
    ("mp4", "pictures that say they are sound", mp4(f"{_ENTRY}/avc1", at(-4, b"mp4a"))),
    ("mp4", "stream without samples", mp4("moov/trak/mdia/minf/stbl/stsz", at(8, bytes(4)))),
    ("avi", "pictures that say they are sound", avi("hdrl/strl/strh", _as_sound)),
    ("avi", "stream without a form", avi("hdrl/strl/strf", lambda _: b"")),
)


@pytest.mark.parametrize(("kind", "what", "change"), UNREAD, ids=[f"{kind}: {what}" for kind, what, _ in UNREAD])
def test_what_is_not_read_of_a_film_is_a_finding(kind: Kind, what: str, change: Change, tmp_path: Path) -> None:
    """Never nothing, in whatever stream it lies."""
    made = change(own(kind))
    assert made != own(kind)
    assert {"F101", "F103"} & found(made, kind, tmp_path).keys(), what


def _without_sound(data: bytes) -> bytes:
    """An AVI whose headers have no sound, with its chunks."""
    start = data.index(b"LIST", data.index(b"strl"))
    end = data.index(b"LIST", start + 4)
    head = data[12:start]
    size = pack("<I", int.from_bytes(head[4:8], "little") - (end - start))
    return data[:4] + pack("<I", len(data) - 8 - (end - start)) + data[8:12] + head[:4] + size + head[8:] + data[end:]


FIELDS: tuple[tuple[Kind, str, Change], ...] = (
    ("avi", "chunks of no stream", _without_sound),
    ("avi", "rate with a factor", avi("hdrl/strl/strh", at(20, pack("<2I", 7, 175)))),
    ("mp3", "stereo that is joined in one channel", lambda data: data[:3] + bytes((data[3] | 0x20,)) + data[4:]),
    ("mp3", "copy", lambda data: data[:3] + bytes((data[3] ^ 4,)) + data[4:]),
)


@pytest.mark.parametrize(("kind", "what", "change"), FIELDS, ids=[what for _, what, _ in FIELDS])
def test_a_field_that_no_player_heeds_has_one_value(kind: Kind, what: str, change: Change, tmp_path: Path) -> None:
    """Or follows from the rest of the file."""
    made = change(own(kind))
    assert made != own(kind)
    assert "F103" in found(made, kind, tmp_path), what


def test_a_film_is_decoded_wherever_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is told from the current folder is one for the decoder too."""
    (tmp_path / "1.mp4").write_bytes(own("mp4"))
    monkeypatch.chdir(tmp_path)
    assert decoder(Programs())(Path("1.mp4"), 2) == ""


_ENGLISH = ".ENCC { Name: English; lang: en-US; SAMIType: CC; }\r\n-->"
HIDDEN: tuple[tuple[str, str, str], ...] = (
    ("a number of many digits", "srt", SRT.replace("\n2\r", f"\n{'2' * 5000}\r")),
    ("hours of many digits", "srt", SRT.replace("00:00:04", f"{'0' * 5000}:00:04")),
    ("a number with zeros before it", "srt", SRT.replace("\n2\r", "\n02\r")),
    ("spaces behind a line", "srt", SRT.replace("창문\r", "창문 \t \r")),
    ("a mark with words in it", "srt", SRT.replace("창문", '<font face="at the well">창문</font>')),
    ("a comment", "srt", SRT.replace("창문", "창문<!-- at the well -->")),
    ("a place", "srt", SRT.replace("창문", "{\\an8}창문")),
    ("line ends of two kinds", "srt", SRT.replace("\r\n", "\n", 2)),
    ("a time of many digits", "smi", SMI.replace("2500", "2" * 5000)),
    ("a language that no style names", "smi", SMI.replace("=KRCC>\r\n&", "=ENCC>\r\n&")),
    (
        "a language without words",
        "smi",
        SMI.replace("-->", ".ENCC { Name: English; lang: en-US; SAMIType: CC; }\r\n-->"),
    ),
    ("a class that says something", "smi", SMI.replace("KRCC", "AT_THE_WELL")),
    ("a name that says much", "smi", SMI.replace("한국어", "at the well " * 9)),
    ("words twice at a time", "smi", SMI.replace("2500", "1000")),
    ("a reference that needs none", "smi", SMI.replace("창문", "창문 &amp; 문")),
    ("an unknown reference", "smi", SMI.replace("창문", "&#110;")),
)


@pytest.mark.parametrize(("what", "ending", "text"), HIDDEN, ids=[f"{ending}: {what}" for what, ending, _ in HIDDEN])
def test_what_subtitles_hide_is_found(what: str, ending: str, text: str, tmp_path: Path) -> None:
    """Only what is written again as it is may stand there."""
    (tmp_path / f"1.{ending}").write_bytes(text.encode("cp949" if ending == "smi" else "utf-8"))
    assert "F302" in {one.code for one in examined(tmp_path, PROFILES["mp4"]) if one.path}, what


@pytest.mark.parametrize(("ending", "name"), [("srt", "1"), ("smi", "1"), ("srt", "1_en")])
def test_words_behind_the_end_of_a_film_are_found(ending: str, name: str, tmp_path: Path) -> None:
    """Ours end after four seconds, the film after two; what is seen to its end may be a little later."""
    (tmp_path / "1.mp4").write_bytes(own("mp4"))
    late = (SRT if ending == "srt" else SMI).replace("00:00:04", "00:00:05").replace("2500", "5000")
    for text, is_found in ((late, True), (late.replace("00:00:05", "00:00:04").replace("5000", "3900"), False)):
        (tmp_path / f"{name}.{ending}").write_bytes(text.encode("cp949" if ending == "smi" else "utf-8"))
        codes = {one.code for one in examined(tmp_path, PROFILES["mp4"]) if one.path.endswith(ending)}
        assert ("F302" in codes) is is_found


def test_of_a_film_in_an_archive_it_is_said_that_nobody_decoded_it(tmp_path: Path) -> None:
    """Once for all, as a warning."""
    with zipfile.ZipFile(tmp_path / "1.zip", "w") as archive:
        for name in ("1.mp4", "2.mp4"):
            archive.writestr(zipfile.ZipInfo(name), own("mp4"))
    said = [one.message for one in examined(tmp_path / "1.zip", PROFILES["mp4"], decoded()) if one.code == "F105"]
    assert len(said) == 1
    assert "(2)" in said[0]
