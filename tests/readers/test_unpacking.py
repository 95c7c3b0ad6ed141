"""Archives of every kind -> files: another reader where one gives up, files of one name, and what is left of damage."""

from __future__ import annotations

import io
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import py7zr
import pytest

from packager.archive.read import read_source
from packager.errors import SourceError
from packager.model import Library, Outcome, Picture
from packager.sandbox.pool import Workers
from tests.helpers.books import png
from tests.helpers.rars import rar4
from tests.helpers.reading import comic_of, messages, only_version, outcomes, read_bundle
from tests.helpers.zips import Part, deflated, zip_of

PAGES = [png(colour=colour) for colour in ("#112233", "#445566", "#778899")]
LIBARCHIVE = "/usr/lib/x86_64-linux-gnu/libarchive.so.13"
NAMES = ["001.png", "002.png", "003.png"]
PARTS = [Part(name.encode(), page) for name, page in zip(NAMES, PAGES, strict=True)]


def read(folder: Path, workers: Workers, name: str, archive: bytes, *, skip_damaged: bool = False) -> Library:
    """The bundle of this one archive."""
    (folder / "comics").mkdir()
    (folder / "comics" / name).write_bytes(archive)
    return read_bundle(folder, workers, skip_damaged=skip_damaged)


def pages(library: Library) -> list[bytes]:
    """The bytes of the one comic's pages, in order; of a missing one none."""
    pictures = comic_of(only_version(library)).pictures
    return [read_source(picture.source) if isinstance(picture, Picture) else b"" for picture in pictures]


def tar_of(names: Sequence[str], contents: Sequence[bytes] = PAGES) -> bytes:
    """A tar of these files."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in zip(names, contents, strict=True):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def sevenzip_of(names: Sequence[str], *filters: dict[str, int]) -> bytes:
    """A 7z of the pages."""
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w", filters=list(filters)) as archive:
        for name, content in zip(names, PAGES, strict=True):
            archive.writestr(content, name)
    return file.getvalue()


# Readers in turn


@pytest.mark.needs("unar")
def test_a_rar_that_the_library_refuses_is_read_by_a_program(tmp_path: Path, workers: Workers) -> None:
    """A solid RAR 4, as most were made."""
    archive = rar4(dict(zip(NAMES, PAGES, strict=True)), solid=True)
    assert pages(read(tmp_path, workers, "a.cbr", archive)) == PAGES


@pytest.mark.needs(LIBARCHIVE)
def test_a_7z_that_one_library_refuses_is_read_by_another(tmp_path: Path, workers: Workers) -> None:
    """PPMd."""
    archive = sevenzip_of(NAMES, {"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24})
    assert pages(read(tmp_path, workers, "a.cb7", archive)) == PAGES


def test_what_nothing_reads_is_named_by_its_method(tmp_path: Path, workers: Workers) -> None:
    """With a command that packs it again."""
    with pytest.raises(SourceError, match=r"comics/a.cbz: is packed in an unusual way \(Implode\)") as caught:
        read(tmp_path, workers, "a.cbz", zip_of([Part(method=6)]))
    assert "7z a -tzip" in caught.value.hint


@pytest.mark.parametrize("form", ["tar", "zip"])
@pytest.mark.parametrize("before", ["./", "/", "a//", ".\\", "C:\\comics\\", "../"])
def test_pages_are_found_however_their_names_begin(tmp_path: Path, workers: Workers, form: str, before: str) -> None:
    """As tars of a folder, absolute paths and Windows write them."""
    names = [before + name for name in NAMES]
    archive = (
        tar_of(names) if form == "tar" else zip_of([Part(n.encode(), p) for n, p in zip(names, PAGES, strict=True)])
    )
    assert pages(read(tmp_path, workers, f"a.{form}", archive)) == PAGES


def test_a_zip_whose_headers_name_members_differently_is_read(tmp_path: Path, workers: Workers) -> None:
    """Slashes in the directory, backslashes before the bytes."""
    parts = [Part(b"vol/" + part.name, part.content, local_name=b"vol\\" + part.name) for part in PARTS]
    assert pages(read(tmp_path, workers, "a.cbz", zip_of(parts))) == PAGES


# Files of one name


@pytest.mark.parametrize(
    ("name", "archive"),
    [
        ("a.cbz", zip_of([*PARTS, Part(b"003.png", PAGES[0])])),
        ("a.cbt", tar_of([*NAMES, "003.png"], [*PAGES, PAGES[0]])),
        ("b.cbt", tar_of(["001.png", "002.png", "003.png", "003.png"], [*PAGES[:2], PAGES[2], PAGES[0]])),
    ],
)
def test_of_several_files_of_one_name_the_last_is_taken(
    tmp_path: Path, workers: Workers, name: str, archive: bytes
) -> None:
    """What was added to an archive replaces what was there, and it is said."""
    library = read(tmp_path, workers, name, archive)
    assert pages(library) == [PAGES[0], PAGES[1], PAGES[0]]
    (message,) = [one for one in messages(library, Outcome.DECIDED) if "of one name" in one]
    assert message == f"comics/{name}: holds several files of one name, and the last of each is taken: 003.png"


def test_a_page_that_was_written_twice_is_one_page(tmp_path: Path, workers: Workers) -> None:
    """It is said that nothing is lost."""
    library = read(tmp_path, workers, "a.cbz", zip_of([*PARTS, PARTS[2]]))
    assert pages(library) == PAGES
    assert any("and they are the same: 003.png" in one for one in messages(library, Outcome.DECIDED))


def test_names_that_differ_in_case_or_composition_are_other_files(tmp_path: Path, workers: Workers) -> None:
    """Each is a page."""
    names = ["1.png", "1.PNG", "\u00e9.png", "e\u0301.png"]
    parts = [Part(name.encode(), png(colour=f"#0000{number:02}")) for number, name in enumerate(names)]
    assert len(pages(read(tmp_path, workers, "a.cbz", zip_of(parts)))) == 4


# Code pages


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_a_guess_of_the_code_page_is_told(tmp_path: Path, workers: Workers, form: str) -> None:
    """With a name, by which people see whether it is right."""
    raw = [f"Глава {number}/001.png".encode("cp866") for number in (1, 2, 10)]
    names = [name.decode("utf-8", "surrogateescape") for name in raw]
    archive = tar_of(names) if form == "tar" else zip_of([Part(n, p) for n, p in zip(raw, PAGES, strict=True)])
    library = read(tmp_path, workers, f"a.{form}", archive)
    assert pages(library) == PAGES
    assert [chapter.title for chapter in comic_of(only_version(library)).chapters] == ["Глава 1", "Глава 2", "Глава 10"]
    (message,) = [one for one in messages(library, Outcome.DECIDED) if "code page" in one]
    assert "cp866 (Cyrillic)" in message
    assert '"Глава 1/001.png"' in message


def test_names_that_nobody_can_read_are_numbers(tmp_path: Path, workers: Workers) -> None:
    """No title is noise, and the order is that of their digits."""
    raw = [b"\xa4\xdb\x9a\x81\xd0\xff %d/001.png" % number for number in (10, 2, 1)]
    library = read(tmp_path, workers, "a.cbz", zip_of([Part(n, p) for n, p in zip(raw, PAGES, strict=True)]))
    assert pages(library) == PAGES[::-1]
    assert [chapter.title for chapter in comic_of(only_version(library)).chapters] == ["1", "2", "10"]
    assert any("the code page of its names is not known" in one for one in messages(library, Outcome.DECIDED))


# Damage


WHOLE = zip_of(PARTS)
DEFLATED = zip_of([Part(part.name, part.content, deflated(part.content), method=8) for part in PARTS])


def streamed() -> bytes:
    """A ZIP that was written as a stream: sizes stand behind the members."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    file = Pipe()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in zip(NAMES, PAGES, strict=True):
            archive.writestr(name, page)
    return file.getvalue()


DAMAGED = {
    "a wrong checksum": zip_of([PARTS[0], Part(b"002.png", PAGES[1], crc=1), PARTS[2]]),
    "no checksum": zip_of([PARTS[0], Part(b"002.png", PAGES[1], crc=0), PARTS[2]]),
    "no directory": WHOLE[: WHOLE.index(b"PK\1\2")],
    "half a directory": WHOLE[: WHOLE.index(b"PK\1\2") + 70],
    "deflated, no directory": DEFLATED[: DEFLATED.index(b"PK\1\2")],
    "streamed, no directory": streamed()[: streamed().index(b"PK\1\2")],
    "a directory that is noise": WHOLE[: WHOLE.index(b"PK\1\2")] + b"\xff" * 200,
    "noise before it": b"\xee" * 999 + WHOLE[: WHOLE.index(b"PK\1\2")],
}


@pytest.mark.parametrize("archive", DAMAGED.values(), ids=list(DAMAGED))
def test_of_a_damaged_zip_what_is_whole_is_taken(tmp_path: Path, workers: Workers, archive: bytes) -> None:
    """Where that is asked for; and it is said that it is damaged."""
    library = read(tmp_path, workers, "a.cbz", archive, skip_damaged=True)
    assert pages(library) == PAGES
    assert any("3 files could be read" in one or "damaged (its checksum" in one for one in warnings(library))
    assert outcomes(library)["comics/a.cbz"] in (Outcome.TAKEN, Outcome.WARNING)


@pytest.mark.parametrize("what", ["no directory", "deflated, no directory", "streamed, no directory"])
def test_a_damaged_zip_stops_the_build_unless_damage_is_skipped(tmp_path: Path, workers: Workers, what: str) -> None:
    """Nothing of it is taken silently."""
    with pytest.raises(SourceError, match=r"comics/a.cbz: is not a sound ZIP"):
        read(tmp_path, workers, "a.cbz", DAMAGED[what])


@pytest.mark.parametrize(
    ("name", "archive"),
    [
        ("a.cbz", WHOLE[: WHOLE.index(b"003.png") + 60]),
        ("a.cbt", tar_of(NAMES)[: 2 * 1024 + 512 + 60]),
        ("a.tgz", b""),
    ],
    ids=["ZIP", "tar", "tar.gz"],
)
def test_of_an_archive_that_is_cut_what_came_before_is_taken(
    tmp_path: Path, workers: Workers, name: str, archive: bytes
) -> None:
    """And it is said that the rest is missing."""
    if name == "a.tgz":
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=0) as packed:
            for each, content in zip(NAMES, PAGES, strict=True):
                info = tarfile.TarInfo(each)
                info.size = len(content)
                packed.addfile(info, io.BytesIO(content))
        archive = file.getvalue()[: 2 * 1024 + 512 + 100]
    library = read(tmp_path, workers, name, archive, skip_damaged=True)
    assert pages(library)[:2] == PAGES[:2]
    assert any("damaged" in one or "missing" in one for one in warnings(library))


def sevenzip_of_copies(folder: Path) -> bytes:
    """A 7z of the pages, each of them by itself and as it is, in which a byte of the second is changed."""
    for name, page in zip(NAMES, PAGES, strict=True):
        (folder / name).write_bytes(page)
    command = ["7z", "a", "-m0=Copy", "-ms=off", "a.7z", *NAMES]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    for name in NAMES:
        (folder / name).unlink()
    data = bytearray((folder / "a.7z").read_bytes())
    (folder / "a.7z").unlink()
    data[data.index(PAGES[1]) + 50] ^= 0xFF
    return bytes(data)


def tar_of_headers(_: Path) -> bytes:
    """A tar of the pages in which the header of the second is none."""
    data = bytearray(tar_of(NAMES))
    at = data.index(b"002.png")
    data[at : at + 9] = b"\xff" * 9
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "make", "taken"),
    [
        pytest.param("a.cb7", sevenzip_of_copies, 3, marks=pytest.mark.needs("7z"), id="a checksum in a 7z"),
        pytest.param("a.cbt", tar_of_headers, 2, id="a header in a tar"),
    ],
)
def test_damage_to_one_file_costs_no_other(
    tmp_path: Path, workers: Workers, name: str, make: Callable[[Path], bytes], taken: int
) -> None:
    """What lies behind it is taken too, where that is asked for."""
    library = read(tmp_path, workers, name, make(tmp_path), skip_damaged=True)
    assert len(pages(library)) == taken
    assert pages(library)[0] == PAGES[0]
    assert pages(library)[-1] == PAGES[2]
    assert any(f"{taken} files could be read; look whether the others are missing" in one for one in warnings(library))


def warnings(library: Library) -> list[str]:
    """What to look at."""
    return messages(library, Outcome.WARNING)


def test_nothing_is_salvaged_beyond_the_limits(tmp_path: Path, workers: Workers) -> None:
    """A bomb without a directory is a bomb."""
    zeros = bytes(100 << 20)
    bomb = zip_of([Part(b"1.png", zeros, deflated(zeros), method=8)])
    with pytest.raises(SourceError, match="without measure"):
        read(tmp_path, workers, "a.cbz", bomb[: bomb.index(b"PK\1\2")], skip_damaged=True)


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param(b"PK\x03\x04", id="signatures"),
        pytest.param(b"PK\x03\x04" + bytes(26), id="headers without a name"),
        pytest.param(
            Part(b"1.png", b"", stored_size=9_999_999, size=9_999_999)
            and zip_of([Part(b"1.png", b"", stored_size=9_999_999)])[:35],
            id="headers that lie",
        ),
        pytest.param(zip_of([Part(b"1.png", b"", b"\xff", method=8)])[:36], id="headers before noise"),
    ],
)
def test_a_megabyte_of_any_one_thing_is_gone_through_once(tmp_path: Path, workers: Workers, piece: bytes) -> None:
    """Within the time that a job has, whatever it comes to."""
    with pytest.raises(SourceError) as caught:
        read(tmp_path, workers, "a.cbz", b"PK\x03\x04" + piece * (1_000_000 // len(piece)), skip_damaged=True)
    assert "seconds of the processor" not in str(caught.value)
