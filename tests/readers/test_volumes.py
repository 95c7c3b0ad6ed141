"""Archives in several parts: read as one where all are there, and named once where one is missing."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import py7zr
import pytest

from packager.archive.read import read_source
from packager.archive.volumes import VolumeForm, VolumeSet, sets_among
from packager.errors import SourceError
from packager.model import Library, Outcome
from packager.sandbox.pool import Workers
from tests.archive.test_archive_forms import tarred
from tests.helpers.books import jpeg, png
from tests.helpers.builders import packager
from tests.helpers.rars import rar5_volumes
from tests.helpers.reading import comic_of, messages, only_version, outcomes, read_bundle
from tests.helpers.zips import Part, zip_of

PAGES = {f"{number}.png": png(colour=f"#{number:06}") for number in (1, 2, 3)}


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A bundle of these files in `comics/`."""
    for name, content in files.items():
        path = folder / "comics" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def pages(library: Library) -> list[bytes]:
    """The bytes of the one comic's pages, in order."""
    return [read_source(picture.source) for picture in comic_of(only_version(library)).pictures]


def zipped() -> bytes:
    """A ZIP of the pages."""
    return zip_of([Part(name.encode(), content) for name, content in PAGES.items()])


def sevenzipped() -> bytes:
    """A 7z of the pages."""
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w", filters=[{"id": py7zr.FILTER_LZMA2}]) as archive:
        for name, content in PAGES.items():
            archive.writestr(content, name)
    return file.getvalue()


def cut(archive: bytes, name: str, parts: int = 3) -> dict[str, bytes]:
    """An archive cut into pieces, as 7-Zip and HJSplit do."""
    size = -(-len(archive) // parts)
    return {f"{name}.{number + 1:03}": archive[number * size : (number + 1) * size] for number in range(parts)}


def spanned() -> dict[str, bytes]:
    """A ZIP of the pages over three files, as `zip -s` makes them: each entry tells a disk, and where on it."""
    whole = zipped()
    start = whole.index(b"PK\1\2")
    body, directory, end = whole[:start], bytearray(whole[start:-22]), whole[-22:]
    size = start // 2 - 7
    disks = [body[:size], body[size : 2 * size], body[2 * size :]]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        offsets = [info.header_offset for info in archive.infolist()]
    at = 0
    for offset in offsets:
        struct.pack_into("<H", directory, at + 34, offset // size)
        struct.pack_into("<L", directory, at + 42, offset % size)
        at = directory.find(b"PK\1\2", at + 4)
    fields = list(struct.unpack("<4s4H2LH", end))
    fields[1], fields[2], fields[6] = 2, 2, len(disks[2])
    last = disks[2] + bytes(directory) + struct.pack("<4s4H2LH", *fields)
    return {"a.z01": disks[0], "a.z02": disks[1], "a.zip": last}


COMPLETE = {
    "7z": cut(sevenzipped(), "a.7z"),
    "ZIP": cut(zipped(), "a.cbz"),
    "tar": cut(tarred(PAGES), "a.cbt"),
    "one piece only": cut(zipped(), "a.zip", parts=1),
    "pieces counted from 0": {f"a.zip.{n:03}": piece for n, piece in enumerate(cut(zipped(), "x").values())},
    "ZIP over several files": spanned(),
}


@pytest.mark.parametrize("files", COMPLETE.values(), ids=list(COMPLETE))
def test_an_archive_in_parts_is_one_comic(tmp_path: Path, workers: Workers, files: dict[str, bytes]) -> None:
    """All its pages, its name without any number, and each part is told as used."""
    library = read_bundle(put(tmp_path, files), workers)
    assert pages(library) == list(PAGES.values())
    assert only_version(library).title == "a"
    assert {outcomes(library)[f"comics/{name}"] for name in files} == {Outcome.TAKEN}


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({}, id="libarchive", marks=pytest.mark.needs("/usr/lib/x86_64-linux-gnu/libarchive.so.13")),
        pytest.param({"LIBARCHIVE": "none.so"}, id="unar", marks=pytest.mark.needs("unar")),
    ],
)
@pytest.mark.parametrize("name", ["a.part{}.rar", "a.part0{}.cbr"])
def test_a_rar_in_volumes_is_read_by_every_reader(tmp_path: Path, name: str, environment: dict[str, str]) -> None:
    """A page that goes on from volume to volume comes whole."""
    volumes = rar5_volumes("1.jpg", jpeg(seed=1), parts=3)
    put(tmp_path / "b", {name.format(number): volume for number, volume in enumerate(volumes, start=1)})
    ended = packager("build", "b", cwd=tmp_path, environment=environment)
    assert ended.returncode == 0, ended.stderr
    assert len(list((tmp_path / "b-built" / "b").glob("*/00?.jpg"))) == 1


def test_volumes_inside_an_archive_are_one_chapter(tmp_path: Path, workers: Workers) -> None:
    """Each part is a member, and none a chapter of its own."""
    inner = {**cut(zipped(), "1.cbz"), "2.cbz": zipped()}
    archive = zip_of([Part(name.encode(), content) for name, content in inner.items()])
    library = read_bundle(put(tmp_path, {"a.zip": archive}), workers)
    assert pages(library) == [*PAGES.values(), *PAGES.values()]
    assert [chapter.title for chapter in comic_of(only_version(library)).chapters] == ["1", "2"]


def test_volumes_beside_pages_are_a_chapter(tmp_path: Path, workers: Workers) -> None:
    """In the folder of a comic too."""
    files = {"a/1/1.png": png(), **{f"a/{name}": piece for name, piece in cut(zipped(), "2.cbz").items()}}
    library = read_bundle(put(tmp_path, files), workers)
    assert len(pages(library)) == 4
    assert [chapter.title for chapter in comic_of(only_version(library)).chapters] == ["1", "2"]
    assert not messages(library, Outcome.WARNING)
    assert not messages(library, Outcome.PASSED_OVER)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a.7z.001", "a.7z.003"], "comics/a.7z.001: is one of 2 parts of an archive, and part 2 is missing"),
        (["a.7z.003"], "comics/a.7z.003: is a part of an archive, and parts 1, 2 are missing"),
        (["a.part2.rar", "a.part3.rar"], "comics/a.part2.rar: is one of 2 parts of an archive, and part 1 is missing"),
        (
            ["a.r00", "a.r01"],
            "comics/a.r00: is one of 2 parts of an archive, and its first part, which ends in .rar, is",
        ),
        (
            ["a.z01", "a.z02"],
            "comics/a.z02: is one of 2 parts of an archive, and its last part, which ends in .zip, is",
        ),
    ],
)
def test_a_set_with_a_part_missing_is_named_once(
    tmp_path: Path, workers: Workers, names: list[str], message: str
) -> None:
    """With what to do; and no part is an error of its own."""
    put(tmp_path, dict.fromkeys(names, b"x" * 99))
    put(tmp_path, {"good.cbz": zipped()})
    with pytest.raises(SourceError) as caught:
        read_bundle(tmp_path, workers)
    assert message in str(caught.value)
    assert "Put all parts beside it" in caught.value.hint
    library = read_bundle(tmp_path, workers, skip_damaged=True)
    assert [remark.source for remark in library.remarks if remark.outcome is Outcome.DAMAGED] == [
        message.partition(":")[0]
    ]
    others = {f"comics/{name}" for name in names} - {message.partition(":")[0]}
    assert {outcomes(library)[name] for name in others} <= {Outcome.PASSED_OVER}


def test_a_last_part_that_is_missing_is_guessed(tmp_path: Path, workers: Workers) -> None:
    """Names do not tell it: the error asks."""
    first, second, _ = cut(sevenzipped(), "a.7z").items()
    with pytest.raises(SourceError, match="in several parts, of which one may be missing"):
        read_bundle(put(tmp_path, dict((first, second))), workers)


@pytest.mark.parametrize(
    ("names", "sets"),
    [
        (["a.rar"], []),
        (["a.zip", "b.rar", "a.cbz"], []),
        (["a.r00"], []),
        (["game.z64"], []),
        (["a.part01.rar", "a.part02.rar"], [VolumeSet(VolumeForm.NUMBERED, ("a.part01.rar", "a.part02.rar"))]),
        (["A.RAR", "a.r01", "a.R00"], [VolumeSet(VolumeForm.LETTERED, ("A.RAR", "a.R00", "a.r01"))]),
        (["a.cbr", "a.r00"], [VolumeSet(VolumeForm.LETTERED, ("a.cbr", "a.r00"))]),
        (["a.cbr", "a.rar"], []),
        (["a.zip", "a.z01"], [VolumeSet(VolumeForm.SPANNED, ("a.z01", "a.zip"))]),
        (["a.zip", "a.z02"], [VolumeSet(VolumeForm.SPANNED, ("a.z02", "a.zip"), (1,))]),
        (["a.cbz.010", "a.cbz.008"], [VolumeSet(VolumeForm.CUT, ("a.cbz.008", "a.cbz.010"), (1, 2, 3, 4, 5, 6, 7, 9))]),
    ],
)
def test_names_tell_which_files_are_parts_of_one(names: list[str], sets: list[VolumeSet]) -> None:
    """In the order of their numbers; one file alone is no set where its name may mean something else."""
    assert list(sets_among(names)) == sets


def test_a_hundred_volumes_go_on_behind_r99() -> None:
    """With s00."""
    names = ["a.rar", *(f"a.r{number:02}" for number in range(100)), "a.s00"]
    (one,) = sets_among(reversed(names))
    assert one.names == tuple(names)
    assert one.missing == ()


def test_a_single_source_is_read_with_its_other_parts(tmp_path: Path) -> None:
    """Whoever names the first part means them all."""
    put(tmp_path, cut(sevenzipped(), "a.7z"))
    ended = packager("inspect", "comics/a.7z.001", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert '"a": 3 pages' in ended.stdout
