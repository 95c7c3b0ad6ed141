"""Archives packed by methods that few readers know: read by another reader, or the method is named."""

from __future__ import annotations

import bz2
import io
import lzma
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import inflate64
import py7zr
import pytest

from packager.archive import UnusualArchive
from packager.archive.read import iterate, iterate_by_library, members
from packager.errors import SourceError
from packager.sandbox.limits import Limits
from tests.helpers.zips import Part, zip_of

CONTENT = bytes(range(256)) * 2_000
LZMA2, PPMD = {"id": py7zr.FILTER_LZMA2}, {"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}
BCJ = [{"id": py7zr.FILTER_X86}, LZMA2]


def zip_by(method: int) -> bytes:
    """A ZIP whose one member is packed by a method that the standard library writes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("1.png", CONTENT)
    return file.getvalue()


def deflate64(content: bytes) -> bytes:
    """A ZIP as Windows makes it of large files."""
    squeezer = inflate64.Deflater()
    return zip_of([Part(b"1.png", content, squeezer.deflate(content) + squeezer.flush(), method=9)])


def sevenzip_by(*filters: dict[str, int]) -> bytes:
    """A 7z of one file, packed by these."""
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w", filters=list(filters)) as archive:
        archive.writestr(CONTENT, "1.png")
    return file.getvalue()


@pytest.mark.parametrize(
    "archive",
    [
        pytest.param(zip_by(zipfile.ZIP_BZIP2), id="ZIP with BZip2"),
        pytest.param(zip_by(zipfile.ZIP_LZMA), id="ZIP with LZMA"),
        pytest.param(deflate64(CONTENT), id="ZIP with Deflate64"),
        pytest.param(sevenzip_by({"id": py7zr.properties.FILTER_DEFLATE64}), id="7z with Deflate64"),
        pytest.param(sevenzip_by({"id": py7zr.FILTER_ZSTD, "level": 3}), id="7z with Zstandard"),
        pytest.param(sevenzip_by({"id": py7zr.FILTER_BROTLI, "level": 3}), id="7z with Brotli"),
    ],
)
def test_methods_of_other_packers_are_unpacked(tmp_path: Path, archive: bytes) -> None:
    """To the last byte, by the readers of these forms themselves."""
    (tmp_path / "a").write_bytes(archive)
    assert [(member.name, stream.read()) for member, stream in iterate(tmp_path / "a")] == [("1.png", CONTENT)]


@pytest.mark.needs("/usr/lib/x86_64-linux-gnu/libarchive.so.13")
@pytest.mark.parametrize(
    ("archive", "method"),
    [pytest.param(sevenzip_by(PPMD), "PPMd", id="PPMd"), pytest.param(sevenzip_by(*BCJ), "BCJ", id="BCJ")],
)
def test_what_one_reader_refuses_another_reads(tmp_path: Path, archive: bytes, method: str) -> None:
    """The first one names the method."""
    (tmp_path / "a").write_bytes(archive)
    with pytest.raises(UnusualArchive, match=method):
        members(tmp_path / "a")
    read = [(member.name, stream.read()) for member, stream in iterate_by_library(tmp_path / "a")]
    assert read == [("1.png", CONTENT)]


@pytest.mark.needs("7z")
def test_a_zip_with_ppmd_is_left_to_another_reader(tmp_path: Path) -> None:
    """With the words that say how to pack it again."""
    (tmp_path / "1.png").write_bytes(CONTENT)
    subprocess.run(["7z", "a", "-tzip", "-mm=PPMd", "a.zip", "1.png"], cwd=tmp_path, capture_output=True, check=True)
    with pytest.raises(UnusualArchive, match="PPMd") as caught:
        members(tmp_path / "a.zip")
    assert "7z a -tzip" in caught.value.hint


@pytest.mark.needs("/usr/lib/x86_64-linux-gnu/libarchive.so.13")
def test_another_reader_notices_damage(tmp_path: Path) -> None:
    """A wrong checksum, which libarchive only warns of, is no sound file."""
    archive = bytearray(sevenzip_by(PPMD))
    archive[40] ^= 0xFF
    (tmp_path / "a").write_bytes(archive)
    with pytest.raises(SourceError, match="damaged"):
        [stream.read() for _, stream in iterate_by_library(tmp_path / "a")]


@pytest.mark.parametrize(
    ("archive", "limits"),
    [
        pytest.param(zip_by(zipfile.ZIP_BZIP2), Limits(ratio=1, ratio_from_bytes=1_000), id="a ZIP with BZip2"),
        pytest.param(deflate64(bytes(300_000)), Limits(ratio=1, ratio_from_bytes=1_000), id="a ZIP with Deflate64"),
        pytest.param(sevenzip_by({"id": py7zr.FILTER_ZSTD, "level": 3}), Limits(archive_bytes=1_000), id="a 7z"),
    ],
)
def test_no_method_is_a_way_around_the_limits(tmp_path: Path, archive: bytes, limits: Limits) -> None:
    """What grows without measure is refused, whatever it is packed by."""
    (tmp_path / "a").write_bytes(archive)
    with pytest.raises(SourceError, match=r"without measure|would unpack to more"):
        [stream.read() for _, stream in iterate(tmp_path / "a", limits)]


@pytest.mark.needs("/usr/lib/x86_64-linux-gnu/libarchive.so.13")
def test_libarchive_is_held_to_the_limits(tmp_path: Path) -> None:
    """Bytes are counted as they come out."""
    (tmp_path / "a").write_bytes(sevenzip_by(PPMD))
    with pytest.raises(SourceError, match="without measure"):
        [stream.read() for _, stream in iterate_by_library(tmp_path / "a", limits=Limits(archive_bytes=1_000))]


@pytest.mark.parametrize(
    ("method", "pack"),
    [pytest.param(12, bz2.compress, id="BZip2"), pytest.param(95, lzma.compress, id="XZ")],
)
def test_a_member_that_unpacks_to_more_than_it_says_is_refused(
    tmp_path: Path, method: int, pack: Callable[[bytes], bytes]
) -> None:
    """What it says is all that is ever made of it."""
    (tmp_path / "a").write_bytes(zip_of([Part(b"1.png", b"x", pack(CONTENT), method=method)]))
    with pytest.raises(SourceError, match="its size is more"):
        [stream.read() for _, stream in iterate(tmp_path / "a")]
