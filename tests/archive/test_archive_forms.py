"""Every form of archive by the same functions: the same members, the same refusals, whatever reads it."""

from __future__ import annotations

import bz2
import gzip
import io
import itertools
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random

import py7zr
import pytest

from packager.archive import LockedArchive, Walk, library, names
from packager.archive.converted import Converter, ExternalListing, walk_converted
from packager.archive.read import iterate, members
from packager.errors import SourceError
from packager.sandbox.limits import Limits
from packager.sandbox.programs import Programs
from tests.helpers.rars import rar4, rar5

FILES = {"a/창.png": Random(1).randbytes(700_000), "a/2.png": b"two", "empty": b""}
Make = Callable[[Mapping[str, bytes]], bytes]


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def sevenzipped(files: Mapping[str, bytes]) -> bytes:
    """A solid 7z of these files."""
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w", filters=[{"id": py7zr.FILTER_LZMA2}]) as archive:
        for name, content in files.items():
            archive.writestr(content, name)
    return file.getvalue()


def tarred(files: Mapping[str, bytes], packing: str = "", **header: object) -> bytes:
    """A tar of these files, packed perhaps; `header` is set in each member's header."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{packing}") as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for key, value in header.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


MAKERS: dict[str, Make] = {
    "zip": zipped,
    "7z": sevenzipped,
    "tar": tarred,
    "tar.gz": partial(tarred, packing="gz"),
    "tar.bz2": partial(tarred, packing="bz2"),
    "tar.xz": partial(tarred, packing="xz"),
    "rar 5": rar5,
}


def by_program(convert: Callable[[Converter, Path], ExternalListing], path: Path) -> Walk:
    """The members of a RAR archive that a program of the system has read."""
    numbers = itertools.count()
    converter = Converter(Programs(), lambda: path.with_name(f"converted-{next(numbers)}"))
    return walk_converted(convert(converter, path))


RAR_READERS = {
    "libarchive": pytest.param(library.walk, marks=pytest.mark.needs("/usr/lib/x86_64-linux-gnu/libarchive.so.13")),
    "bsdtar": pytest.param(partial(by_program, Converter.by_bsdtar), marks=pytest.mark.needs("bsdtar")),
    "unar": pytest.param(partial(by_program, Converter.by_unar), marks=pytest.mark.needs("unar")),
}
each_form = pytest.mark.parametrize("make", MAKERS.values(), ids=list(MAKERS))
each_rar_reader = pytest.mark.parametrize("read", RAR_READERS.values(), ids=list(RAR_READERS))


def unpacked(walk: Walk) -> dict[str, bytes]:
    """The files of a walk."""
    return {member.name: b"".join(pieces) for member, pieces in walk if not member.is_folder}


@each_form
def test_members_come_whole_whatever_the_form_and_the_name(tmp_path: Path, make: Make) -> None:
    """The file is called something else on purpose: first bytes decide."""
    path = tmp_path / "archive.cbr"
    path.write_bytes(make(FILES))
    assert {member.name: stream.read() for member, stream in iterate(path)} == FILES
    assert {member.name: member.size_bytes for member in members(path)} == {n: len(d) for n, d in FILES.items()}


@each_form
def test_members_that_nobody_reads_are_passed(tmp_path: Path, make: Make) -> None:
    """The next one is right all the same."""
    path = tmp_path / "archive"
    path.write_bytes(make(FILES))
    assert [stream.read() for member, stream in iterate(path) if member.name == "a/2.png"] == [b"two"]


@each_form
def test_an_archive_that_is_cut_short_is_refused(tmp_path: Path, make: Make) -> None:
    """Half of it is not silently all of it."""
    path = tmp_path / "archive"
    whole = make(FILES)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError):
        unpacked((member, iter(partial(stream.read, 1 << 16), b"")) for member, stream in iterate(path))


@each_form
@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(members=2), "more than 2 members"),
        (Limits(name_characters=6), "too long or too deep"),
        (Limits(depth=0), "too long or too deep"),
        (Limits(archive_bytes=1000), "grows without measure|would unpack to more"),
        (Limits(ratio=0, ratio_from_bytes=1000), "without measure"),
    ],
    ids=["members", "names", "depth", "bytes", "ratio"],
)
def test_limits_hold_for_every_form(tmp_path: Path, make: Make, limits: Limits, words: str) -> None:
    """Each has its own words."""
    path = tmp_path / "archive"
    path.write_bytes(make(FILES))
    with pytest.raises(SourceError, match=words):
        unpacked((member, iter(partial(stream.read, 1 << 16), b"")) for member, stream in iterate(path, limits))


# Tar


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_a_tar_with_a_link_or_a_device_is_refused(tmp_path: Path, kind: bytes) -> None:
    """Before anything behind it is read."""
    path = tmp_path / "a.tar"
    path.write_bytes(tarred({"x": b""}, type=kind, linkname="/etc/passwd"))
    with pytest.raises(SourceError, match="a link or a device"):
        members(path)


def test_korean_names_of_windows_are_told_in_a_tar(tmp_path: Path) -> None:
    """A tar does not say how its names are encoded."""
    path = tmp_path / "a.tar"
    name = "제일화/첫째장.png".encode("cp949").decode("utf-8", "surrogateescape")
    path.write_bytes(tarred({name: b"1"}))
    assert [member.name for member in members(path)] == ["제일화/첫째장.png"]


@pytest.mark.parametrize("head", [b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\x00"])
def test_a_packed_file_that_is_no_tar_is_refused(tmp_path: Path, head: bytes) -> None:
    """Bytes that merely begin like one."""
    path = tmp_path / "a.tgz"
    path.write_bytes(head + bytes(range(256)) * 10)
    with pytest.raises(SourceError, match="is damaged"):
        members(path)


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz"])
def test_what_parallel_packers_and_people_put_together_is_read_whole(tmp_path: Path, packing: str) -> None:
    """Several streams in one file, each with a tar that ends, padded, and something else behind them."""
    path = tmp_path / f"a.tar.{packing}"
    whole = tarred(FILES, packing)
    path.write_bytes(whole + bytes(13) + tarred({"more": b"1"}, packing) + b"no stream")
    assert {member.name: stream.read() for member, stream in iterate(path)} == FILES | {"more": b"1"}


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_a_tar_whose_headers_are_damaged_is_not_taken_for_its_beginning(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    """The second of its files has a header that is none: what follows it would be lost without a word."""
    plain = bytearray(tarred({"1": b"one", "2": b"two", "3": b"three"}))
    plain[1024:1030] = b"\xff" * 6
    path = tmp_path / "a.tar"
    path.write_bytes(pack(bytes(plain)))
    with pytest.raises(SourceError, match="damaged"):
        members(path)


# RAR


@each_rar_reader
@pytest.mark.parametrize("make", [rar4, rar5])
def test_whatever_reads_a_rar_gives_the_same(tmp_path: Path, read: Callable[[Path], Walk], make: Make) -> None:
    """Folders too; RAR 4 keeps foreign names in a way of its own, which is not made here."""
    files = {"a/1.png": bytes(range(256)) * 3000, "a/2.png": b"two"}
    path = tmp_path / "-a b.rar"
    path.write_bytes(make({"a/": b"", **files}))
    assert unpacked(read(path)) == files


@pytest.mark.parametrize(
    ("name", "code_page", "written"),
    [
        ("libarchive", "cp949", ["제1화/1.jpg", "제2화/1.jpg"]),
        ("libarchive", "utf-8", ["제1화/1.jpg", "제2화/1.jpg"]),
        ("libarchive", "cp932", ["第1話/表紙.jpg", "第2話/能.jpg"]),
        ("unar", "cp949", ["제1화/1.jpg", "제2화/1.jpg"]),
        ("unar", "utf-8", ["제1화/1.jpg", "제2화/1.jpg"]),
    ],
)
def test_names_of_a_rar_in_a_code_page_are_told_by_all_of_them(
    tmp_path: Path, name: str, code_page: str, written: list[str]
) -> None:
    """Whatever reads it gives the bytes of the names, and guesses nothing."""
    (read,) = RAR_READERS[name].values
    path = tmp_path / "a.rar"
    path.write_bytes(rar4(dict.fromkeys(written, b"1"), code_page=code_page))
    found = []
    for member, pieces in read(path):  # type: ignore[operator]
        assert b"".join(pieces)
        found.append(member)
    assert [member.name for member in names.told(found)] == written


@each_rar_reader
def test_a_rar_with_a_link_is_refused(tmp_path: Path, read: Callable[[Path], Walk]) -> None:
    """It is named, and nothing is made of it."""
    path = tmp_path / "a.rar"
    path.write_bytes(rar5({"1.png": b"1"}, links={"out": "/etc/passwd"}))
    with pytest.raises(SourceError, match=r"a link or a device \(out\)"):
        unpacked(read(path))


@each_rar_reader
def test_a_rar_that_is_cut_short_is_refused(tmp_path: Path, read: Callable[[Path], Walk]) -> None:
    """Whoever notices it."""
    path = tmp_path / "a.rar"
    path.write_bytes(rar5(FILES)[:4000])
    with pytest.raises(SourceError):
        unpacked(read(path))


@pytest.mark.parametrize("name", ["libarchive", "unar"])
def test_a_rar_with_a_password_is_told_as_such(tmp_path: Path, name: str) -> None:
    """bsdtar gives bytes that are no picture, which is noticed later."""
    (read,) = RAR_READERS[name].values
    path = tmp_path / "a.rar"
    path.write_bytes(rar4({"1.png": b"secret"}, encrypted=True))
    with pytest.raises(LockedArchive, match="locked with a password"):
        unpacked(read(path))  # type: ignore[operator]


def test_without_anything_that_reads_rar_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    path = tmp_path / "a.rar"
    path.write_bytes(rar5(FILES))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="nothing on this computer reads") as caught:
        Converter(Programs(), lambda: tmp_path / "converted").convert(path)
    assert "libarchive13" in caught.value.hint
