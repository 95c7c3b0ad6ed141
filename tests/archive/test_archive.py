"""Archives: what we write can be relied on to the byte; what we read may be anything."""

from __future__ import annotations

import io
import os
import shutil
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import py7zr
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packager.archive import Member, UnusualArchive
from packager.archive.read import iterate, members, open_member, read_member, read_source
from packager.archive.write import write_7z, write_zip
from packager.errors import SourceError
from packager.layout.comic import stored_bytes
from packager.model import Source
from packager.sandbox.limits import Limits
from tests.helpers.zips import Part, deflated, zip_of

MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
PICTURE = bytes(range(256)) * 4000
MEMBERS: list[tuple[str, Path | bytes]] = [("ComicInfo.xml", b"<ComicInfo/>"), ("001.jpg", PICTURE), ("a/empty", b"")]

needs_7z = pytest.mark.skipif(not shutil.which("7z"), reason="7z is not installed")


# What we write


@pytest.mark.parametrize("write", [write_zip, write_7z])
def test_what_is_written_can_be_read(tmp_path: Path, write: Callable[..., None]) -> None:
    """Names, order and bytes come back, whether a member came from memory or from a file."""
    (tmp_path / "picture").write_bytes(PICTURE)
    target = tmp_path / "archive"
    write(target, [("b.jpg", tmp_path / "picture"), *MEMBERS], MOMENT)
    found = [(member.name, member.size_bytes, stream.read()) for member, stream in iterate(target)]
    assert found == [
        ("b.jpg", len(PICTURE), PICTURE),
        ("ComicInfo.xml", 12, b"<ComicInfo/>"),
        ("001.jpg", len(PICTURE), PICTURE),
        ("a/empty", 0, b""),
    ]


@pytest.mark.parametrize("write", [write_zip, write_7z])
def test_bytes_depend_on_names_contents_and_date_only(
    tmp_path: Path, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another time zone, umask, time and mode of the file give the same archive."""
    (tmp_path / "one").write_bytes(PICTURE)
    write(tmp_path / "first", [("a.jpg", tmp_path / "one"), ("b", b"b")], MOMENT)
    (tmp_path / "two").write_bytes(PICTURE)
    (tmp_path / "two").chmod(0o700)
    os.utime(tmp_path / "two", (1, 1))
    monkeypatch.setenv("TZ", "Asia/Seoul")
    moment = MOMENT.astimezone(timezone(timedelta(hours=9)))
    write(tmp_path / "second", [("a.jpg", tmp_path / "two"), ("b", b"b")], moment)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_a_zip_says_nothing_but_what_it_must(tmp_path: Path) -> None:
    """Stored, no flags, no extra fields, no comments, no descriptors; fixed modes; times two seconds apart."""
    write_zip(tmp_path / "a.cbz", MEMBERS, MOMENT)
    with zipfile.ZipFile(tmp_path / "a.cbz") as archive:
        assert archive.comment == b""
        for number, info in enumerate(archive.infolist()):
            assert (info.compress_type, info.flag_bits, info.extra, info.comment) == (zipfile.ZIP_STORED, 0, b"", b"")
            assert (info.create_system, info.external_attr >> 16) == (3, 0o100644)
            assert info.date_time == (2000, 1, 1, 0, 0, 2 * number)
    assert (tmp_path / "a.cbz").read_bytes()[28:30] == b"\0\0"  # the length of the first local extra field


@needs_7z
def test_7_zip_finds_a_7z_sound(tmp_path: Path) -> None:
    """7-Zip tests it without a warning, and shows fixed times and modes and no compression."""
    write_7z(tmp_path / "a.7z", MEMBERS, MOMENT)
    tested = subprocess.run(["7z", "t", tmp_path / "a.7z"], capture_output=True, text=True, check=True)
    assert "Everything is Ok" in tested.stdout
    assert "arning" not in tested.stdout + tested.stderr
    environment = {**os.environ, "TZ": "UTC"}
    listed = subprocess.run(
        ["7z", "l", "-slt", tmp_path / "a.7z"], capture_output=True, text=True, check=True, env=environment
    ).stdout
    times = [line.split(" = ")[1][:19] for line in listed.splitlines() if line.startswith("Modified")]
    assert times[-3:] == ["2000-01-01 00:00:00", "2000-01-01 00:00:02", "2000-01-01 00:00:04"]
    assert listed.count("-rw-r--r--") == 3
    assert "Method = Copy" in listed


@pytest.mark.parametrize("name", ["창.jpg", "a\\b", "a\nb"])
def test_names_that_old_systems_misread_are_refused(tmp_path: Path, name: str) -> None:
    """Old Windows reads member names in its own code page, so that only ASCII is the same everywhere."""
    with pytest.raises(ValueError, match="name of a member"):
        write_zip(tmp_path / "a.zip", [(name, b"")], MOMENT)


def test_a_name_is_written_once(tmp_path: Path) -> None:
    """Two members of one name would be one file or the other, as a tool pleases."""
    with pytest.raises(ValueError, match="name of a member"):
        write_zip(tmp_path / "a.zip", [("a", b"1"), ("a", b"2")], MOMENT)


def test_a_date_without_a_zone_is_refused(tmp_path: Path) -> None:
    """The same archive everywhere needs a date that is the same everywhere."""
    with pytest.raises(ValueError, match="time zone"):
        write_zip(tmp_path / "a.zip", [("a", b"1")], datetime(2000, 1, 1))  # noqa: DTZ001


plain_names = st.text("abcdefghijklmnopqrstuvwxyz0123456789/-_.", min_size=1, max_size=80)


@given(st.dictionaries(plain_names, st.binary(max_size=300)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_size_of_a_zip_is_known_before(tmp_path: Path, contents: dict[str, bytes]) -> None:
    """The formula gives the size of the file to the byte."""
    (tmp_path / "a.zip").unlink(missing_ok=True)  # of the example before
    write_zip(tmp_path / "a.zip", contents.items(), MOMENT)
    assert (tmp_path / "a.zip").stat().st_size == stored_bytes((name, len(data)) for name, data in contents.items())


# What we read


def make_zip(path: Path, parts: Iterable[Part]) -> Path:
    """A ZIP in which every field can lie."""
    path.write_bytes(zip_of(parts))
    return path


def read_all(path: Path) -> dict[str, bytes]:
    """Everything in the archive, by every way of reading that there is; all ways agree."""
    by_walking = {member.name: stream.read() for member, stream in iterate(path)}
    by_name = {member.name: read_member(path, member.name) for member in members(path) if not member.is_folder}
    assert by_walking == by_name
    for name, content in by_name.items():
        with open_member(path, name) as stream:
            assert stream.read() == content
    return by_name


def test_stored_and_deflated_members_are_read(tmp_path: Path) -> None:
    """Both common methods, and folders, which have no bytes."""
    path = make_zip(
        tmp_path / "a.cbz",
        [Part(b"ko/", b""), Part(b"ko/1.png", PICTURE, deflated(PICTURE), method=8), Part(b"ko/2.png")],
    )
    assert members(path) == (
        Member("ko/", 0, is_folder=True),
        Member("ko/1.png", len(PICTURE)),
        Member("ko/2.png", 7),
    )
    assert read_all(path) == {"ko/1.png": PICTURE, "ko/2.png": b"picture"}


def test_an_archive_behind_something_else_is_read(tmp_path: Path) -> None:
    """Some tools put a program before the archive."""
    path = make_zip(tmp_path / "a.zip", [Part()])
    path.write_bytes(b"MZ" * 500 + path.read_bytes())
    assert read_all(path) == {"001.jpg": b"picture"}


def test_sizes_behind_the_bytes_are_read(tmp_path: Path) -> None:
    """Tools that write a stream put sizes and checksum behind each member."""
    stream = io.BytesIO()
    with zipfile.ZipFile(_NoSeeking(stream), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", PICTURE)
        archive.writestr("2.png", b"picture")
    (tmp_path / "a.zip").write_bytes(stream.getvalue())
    assert read_all(tmp_path / "a.zip") == {"1.png": PICTURE, "2.png": b"picture"}


class _NoSeeking(io.RawIOBase):
    def __init__(self, target: io.BytesIO) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return self._target.write(data)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (["001.jpg", "cover.jpg"], "ascii"),
        (["탈출/001.jpg", "탈출/표지.jpg"], "utf-8"),
        (["탈출/001.jpg", "탈출/표지.jpg"], "cp949"),
        (["1화.jpg", "10화.jpg"], "cp949"),
        (["窓の外/001.jpg", "表紙.jpg"], "cp932"),
        (["ワンピース 第01話.jpg"], "cp932"),
        (["逃离/封面.jpg", "逃离/说明.txt", "第三章/001.jpg"], "gbk"),
        (["schön/001.jpg", "Übermut.jpg"], "cp437"),
        (["schön/001.jpg", "été.jpg", "n°1.jpg"], "utf-8"),
        (["Глава 1/001.jpg"], "utf-8"),
    ],
)
def test_names_in_an_undeclared_code_page_are_understood(tmp_path: Path, names: list[str], encoding: str) -> None:
    """Archives from Korean, Japanese and Chinese Windows say nothing of their encoding."""
    path = make_zip(tmp_path / "a.zip", [Part(name.encode(encoding)) for name in names])
    assert [member.name for member in members(path)] == names
    assert list(read_all(path)) == names


def test_a_declared_encoding_is_believed(tmp_path: Path) -> None:
    """The UTF-8 flag decides for its member, and for no other."""
    parts = [Part("창.jpg".encode(), flags=0x800), Part("탈출.jpg".encode("cp949"))]
    assert [member.name for member in members(make_zip(tmp_path / "a.zip", parts))] == ["창.jpg", "탈출.jpg"]


def test_a_name_given_twice_is_taken_in_unicode(tmp_path: Path) -> None:
    """Some tools put the name in UTF-8 beside one in which characters were lost; it counts while the two agree."""
    lost = b"?.jpg"
    field = b"\1" + struct.pack("<L", zlib.crc32(lost)) + "창.jpg".encode()
    extra = struct.pack("<HH", 0x7075, len(field)) + field
    assert [member.name for member in members(make_zip(tmp_path / "a.zip", [Part(lost, extra=extra)]))] == ["창.jpg"]
    assert [member.name for member in members(make_zip(tmp_path / "b.zip", [Part(b"!.jpg", extra=extra)]))] == ["!.jpg"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\a.jpg", "..\\a.jpg", "a\x1b[2J.jpg"])
def test_names_that_lead_elsewhere_are_only_labels(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such members can be read, and nothing is written anywhere."""
    path = make_zip(tmp_path / "a.zip", [Part(name.encode())])
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    before = sorted(tmp_path.rglob("*"))
    assert read_all(path) == {name: b"picture"}
    assert sorted(tmp_path.rglob("*")) == before


ZEROS = bytes(100 << 20)
HOSTILE: dict[str, tuple[list[Part], str]] = {
    "a member that claims to be longer": (
        [Part(content=b"picture", stored=deflated(b"picture"), method=8, size=8)],
        "size",
    ),
    "a member that claims to be shorter": (
        [Part(stored=deflated(b"picture"), method=8, size=3, crc=zlib.crc32(b"pic"))],
        "size",
    ),
    "a wrong checksum": ([Part(crc=1)], "checksum"),
    "a stored member of two sizes": ([Part(size=8)], "contradicts"),
    "bytes that are not deflated": ([Part(stored=b"\xff" * 20, method=8)], "damaged"),
    "a deflated member that is cut": ([Part(content=PICTURE, stored=deflated(PICTURE)[:-9], method=8)], "size"),
    "a member beyond the end": ([Part(offset=10**6)], "sound ZIP"),
    "a member inside another": ([Part(content=PICTURE), Part(offset=100)], "sound ZIP"),
    "a member that reaches into the next": ([Part(stored_size=60, size=60), Part(b"2.jpg")], "overlap"),
    "a member that reaches into the directory": ([Part(stored_size=20, size=20)], "overlap"),
    "one member under two names": ([Part(), Part(b"2.jpg", offset=0)], "overlap"),
    "a password": ([Part(flags=1)], "password"),
    "strong encryption": ([Part(flags=0x41)], "password"),
    "an exotic method": ([Part(method=99)], "unusual"),
    "bytes that are not bzip2": ([Part(method=12)], "damaged"),
    "a link": ([Part(system_and_mode=0o120777 << 16)], "link or a device"),
    "a device": ([Part(system_and_mode=0o060666 << 16)], "link or a device"),
    "a bomb": ([Part(content=ZEROS, stored=deflated(ZEROS), method=8)], "without measure"),
    "a name without an end": ([Part(b"a" * 2000)], "too long"),
    "a name without a ground": ([Part(b"a/" * 40)], "too deep"),
    "a name that is not the UTF-8 it says": ([Part(b"\xff.jpg", flags=0x800)], "sound ZIP"),
    "another size in the long form": ([Part(extra=struct.pack("<HHQ", 1, 8, 3), size=0xFFFFFFFF)], "contradicts"),
}


@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_archives_are_refused_with_one_line(tmp_path: Path, trick: str) -> None:
    """What contradicts itself, hides something or grows without bound is a SourceError that says why and where."""
    parts, reason = HOSTILE[trick]
    path = make_zip(tmp_path / "a.zip", parts)
    with pytest.raises(SourceError, match=reason) as caught:
        read_all(path)
    assert caught.value.where is not None
    assert caught.value.where.startswith(str(path))
    assert "\n" not in caught.value.what


def test_an_archive_of_too_many_members_is_refused(tmp_path: Path) -> None:
    """The limit counts members, whatever the end of the archive says."""
    path = make_zip(tmp_path / "a.zip", [Part(b"%d" % number) for number in range(11)])
    assert len(members(path, Limits(members=11))) == 11
    with pytest.raises(SourceError, match="more than 10 members"):
        members(path, Limits(members=10))


def test_a_directory_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """The directory's size is looked at before it is read."""
    path = make_zip(tmp_path / "a.zip", [Part(b"%0200d" % number) for number in range(1000)])
    with pytest.raises(SourceError, match="directory is too large"):
        members(path, Limits(directory_bytes=200_000))


def test_what_would_not_fit_into_memory_is_refused(tmp_path: Path) -> None:
    """A file or a member above the limit is not read in one piece; as a stream it can be."""
    limits = Limits(in_memory_bytes=1 << 20)
    path = make_zip(tmp_path / "a.zip", [Part(content=bytes((1 << 20) + 1))])
    for source in (Source(path, "a.zip/001.jpg", "001.jpg"), Source(path, "a.zip")):
        with pytest.raises(SourceError, match="larger than 1 MiB"):
            read_source(source, limits)
    with open_member(path, "001.jpg", limits) as stream:
        assert len(stream.read()) == (1 << 20) + 1


def test_an_archive_cut_anywhere_is_refused(tmp_path: Path) -> None:
    """An interrupted download is a SourceError wherever it ends."""
    whole = make_zip(tmp_path / "whole.zip", [Part(), Part(b"2.png", PICTURE[:300], deflated(PICTURE[:300]), method=8)])
    content = whole.read_bytes()
    for end in range(len(content)):
        cut = tmp_path / f"{end}.zip"
        cut.write_bytes(content[:end])
        with pytest.raises(SourceError):
            read_all(cut)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@pytest.mark.parametrize("write", [write_zip, write_7z])
def test_changed_bytes_never_surprise(tmp_path: Path, write: Callable[..., None], data: st.DataObject) -> None:
    """However an archive is altered, it is read, or it is a SourceError."""
    path = tmp_path / "a"
    path.unlink(missing_ok=True)  # of the example before
    write(path, [("1.jpg", b"picture" * 9), ("2.jpg", b"")], MOMENT)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    read: list[bytes] = []
    with suppress(SourceError):
        read += [stream.read() for _, stream in iterate(path)]
    assert sum(map(len, read)) <= len(content)


@needs_7z
@pytest.mark.parametrize("method", ["LZMA", "LZMA2", "Deflate", "BZip2", "Copy"])
@pytest.mark.parametrize("solid", ["on", "off"])
def test_7z_archives_of_others_are_read(tmp_path: Path, method: str, solid: str) -> None:
    """Folders, empty files and every common method, in one block or in several."""
    (tmp_path / "in" / "창").mkdir(parents=True)
    contents = {"창/a.bin": PICTURE, "b.bin": PICTURE[::-1], "empty": b""}
    for name, content in contents.items():
        (tmp_path / "in" / name).write_bytes(content)
    command = ["7z", "a", f"-m0={method}", f"-ms={solid}", str(tmp_path / "a.7z"), "."]
    subprocess.run(command, cwd=tmp_path / "in", capture_output=True, check=True)
    assert {member.name: stream.read() for member, stream in iterate(tmp_path / "a.7z")} == contents
    assert Member("창", 0, is_folder=True) in members(tmp_path / "a.7z")


@needs_7z
@pytest.mark.parametrize("method", ["PPMd", "BCJ"])
def test_7z_archives_packed_in_unusual_ways_are_left_to_another_reader(tmp_path: Path, method: str) -> None:
    """Decoders that hostile bytes can bring down are not used, and the method is named."""
    (tmp_path / "a.bin").write_bytes(PICTURE)
    command = ["7z", "a", f"-m0={method}", str(tmp_path / "a.7z"), "a.bin"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    with pytest.raises(UnusualArchive, match=method):
        members(tmp_path / "a.7z")


@needs_7z
def test_a_7z_with_a_locked_directory_is_refused(tmp_path: Path) -> None:
    """Where even the names are locked, nothing can be said of the members."""
    (tmp_path / "a.bin").write_bytes(PICTURE)
    command = ["7z", "a", "-psecret", "-mhe=on", str(tmp_path / "a.7z"), "a.bin"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    with pytest.raises(SourceError, match="unusual way"):
        members(tmp_path / "a.7z")


def test_a_locked_7z_is_refused(tmp_path: Path) -> None:
    """A password is asked of nobody."""
    with py7zr.SevenZipFile(tmp_path / "a.7z", "w", password="secret") as archive:
        archive.writestr(b"picture", "a.jpg")
    with pytest.raises(SourceError, match="password"):
        members(tmp_path / "a.7z")


def test_a_walk_can_stop_anywhere(tmp_path: Path) -> None:
    """Whoever has seen enough leaves, between members or inside one, and nothing waits for him."""
    write_7z(tmp_path / "a.7z", [(f"{number}.jpg", PICTURE) for number in range(20)], MOMENT)
    for member, stream in iterate(tmp_path / "a.7z"):
        assert stream.read(10) == PICTURE[:10]
        if member.name == "3.jpg":
            break
    assert member.name == "3.jpg"


def test_a_member_that_is_not_read_is_passed_over(tmp_path: Path) -> None:
    """Asking for the next member does not need the bytes of this one."""
    write_7z(tmp_path / "a.7z", [(f"{number}.jpg", PICTURE + bytes([number])) for number in range(9)], MOMENT)
    last = [stream.read()[-1] for member, stream in iterate(tmp_path / "a.7z") if member.name in {"2.jpg", "8.jpg"}]
    assert last == [2, 8]


def test_a_file_is_read_as_a_source(tmp_path: Path) -> None:
    """A source is a file or a member; both give their bytes."""
    path = make_zip(tmp_path / "a.cbz", [Part()])
    assert read_source(Source(path, "comics/a.cbz")) == path.read_bytes()
    assert read_source(Source(path, "comics/a.cbz/001.jpg", "001.jpg")) == b"picture"


@pytest.mark.parametrize("member", [None, "001.jpg"])
def test_a_source_that_is_gone_is_told_by_its_label(tmp_path: Path, member: str | None) -> None:
    """What cannot be read is named as the organizer knows it."""
    with pytest.raises(SourceError, match="No such file") as caught:
        read_source(Source(tmp_path / "gone.cbz", "comics/gone.cbz", member))
    assert caught.value.where == "comics/gone.cbz"


def test_a_member_that_is_not_there_is_a_source_error(tmp_path: Path) -> None:
    """A name that the archive does not hold is told with the archive."""
    with pytest.raises(SourceError, match="not in the archive"):
        read_member(make_zip(tmp_path / "a.zip", [Part()]), "other.jpg")


@pytest.mark.parametrize("content", [b"", b"Rar!\x1a\x07\x00", b"\x89PNG\r\n\x1a\n" * 10, b"7z\xbc\xaf\x27\x1c"])
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file of another kind is one clear error."""
    (tmp_path / "a.cbz").write_bytes(content)
    with pytest.raises(SourceError, match=r"is not a sound|is damaged|is a PNG picture, not an archive"):
        members(tmp_path / "a.cbz")


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    """A folder with an archive's name is refused, as an archive and as a file."""
    with pytest.raises(SourceError, match="not a file"):
        members(tmp_path)
    with pytest.raises(SourceError, match="not a file"):
        read_source(Source(tmp_path, "comics"))


def test_a_replaced_archive_is_read_again(tmp_path: Path) -> None:
    """What is remembered of an archive is forgotten when the file changes."""
    path = make_zip(tmp_path / "a.zip", [Part(content=b"old")])
    assert read_member(path, "001.jpg") == b"old"
    make_zip(path, [Part(content=b"newer")])
    assert read_member(path, "001.jpg") == b"newer"
