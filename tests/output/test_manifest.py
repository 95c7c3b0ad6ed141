"""The manifest: what it says of a tree, and how it is read back."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.errors import OutputError
from packager.output import manifest, marks

CONTENTS = {"window/index.html": b"<p>home", "window/w401/001.jpg": b"picture", "window/w401/empty.txt": b""}
PATHS = [PurePosixPath(path) for path in CONTENTS]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a tree, and beside it `keep` with the tree's manifest."""
    for path, content in CONTENTS.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "keep").mkdir()
    manifest.record(tmp_path, PATHS).write(tmp_path / "keep")
    return tmp_path


def test_every_file_is_recorded_in_the_order_given(root: Path) -> None:
    """Path, size and hash of each file, in reading order and not by name."""
    recorded = manifest.record(root, reversed(PATHS))
    assert [(str(file.path), file.size_bytes, file.sha256) for file in recorded.files] == [
        (path, len(content), hashlib.sha256(content).hexdigest()) for path, content in reversed(CONTENTS.items())
    ]


def test_what_is_written_can_be_read_back(root: Path) -> None:
    """Nothing is lost on the way through the file."""
    assert manifest.read(root / "keep") == manifest.record(root, PATHS)


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum is not installed")
def test_sha256sum_understands_it(root: Path) -> None:
    """An organizer can verify a tree without us, from the folder that holds it, and without a warning."""
    command = ["sha256sum", "--check", "--strict", "keep/manifest.sha256"]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [f"{path}: OK" for path in CONTENTS]
    (root / PATHS[1]).write_bytes(b"PICTURE")
    assert subprocess.run(command, cwd=root, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("path", ["../other.txt", "/etc/hostname", "two\nlines", "back\\slash", "tab\tbed", "."])
def test_odd_paths_are_refused(root: Path, path: str) -> None:
    """A path that would need escaping, or leaves the folder, is a mistake of ours."""
    with pytest.raises(ValueError, match="cannot stand in a manifest"):
        manifest.record(root, [PurePosixPath(path)])


SUM = hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    "line",
    ["", "window/index.html", f"-1\t{SUM}\ta", f"1\t{SUM[1:]}\ta", f"1\t{SUM}\t../a", f"1\t{SUM}\t/a", f"1\t{SUM}\t"],
)
def test_a_damaged_line_is_named(root: Path, line: str) -> None:
    """A manifest that was edited or cut is refused with the number of its line."""
    with (root / "keep" / manifest.TABLE_NAME).open("a", encoding="utf-8") as table:
        table.write(line + "\n")
    with pytest.raises(OutputError, match="line 4"):
        manifest.read(root / "keep")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["missing", "not text"])
def test_a_manifest_that_is_none_is_refused(root: Path, content: bytes | None) -> None:
    """A missing file or one of other bytes is one clear error."""
    table = root / "keep" / manifest.TABLE_NAME
    table.unlink()
    if content is not None:
        table.write_bytes(content)
    with pytest.raises(OutputError, match="cannot be read"):
        manifest.read(root / "keep")


@pytest.mark.parametrize("size", [0, 1, 2**18, 2**18 + 1, 3 * 2**18 + 7])
def test_a_hash_is_that_of_all_bytes(tmp_path: Path, size: int) -> None:
    """The hash made piece by piece equals the hash of the whole."""
    content = bytes(number % 251 for number in range(size))
    (tmp_path / "file").write_bytes(content)
    assert manifest.hash_file(tmp_path / "file") == hashlib.sha256(content).hexdigest()


names = st.text(st.characters(blacklist_categories=["C"], blacklist_characters="\\/"), min_size=1).filter(
    lambda name: name not in {".", ".."}
)


@given(st.lists(st.tuples(names, st.integers(0, 10**17), st.binary(min_size=32, max_size=32))))
def test_any_manifest_survives_its_file(rows: list[tuple[str, int, bytes]]) -> None:
    """Names in every script, large sizes: what is written is what is read."""
    files = tuple(manifest.File(f"window/{name}", size, sha.hex()) for name, size, sha in rows)
    with tempfile.TemporaryDirectory() as folder:
        manifest.Manifest(files).write(Path(folder))
        assert manifest.read(Path(folder)).files == files


def test_times_rise_as_fat_can_tell_them_apart() -> None:
    """Two seconds from file to file: some players sort by date, and FAT knows even seconds only."""
    times = [manifest.moment(number) for number in range(3)]
    assert [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(times)] == [2, 2]
    assert times[0].second % 2 == 0


SPOILT: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a device": lambda table: table.symlink_to("/dev/zero"),
    "three gigabytes": lambda table: os.truncate(os.open(table, os.O_WRONLY | os.O_CREAT), 3 << 30),
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither")
@pytest.mark.parametrize("make", SPOILT.values(), ids=SPOILT)
def test_what_lies_in_place_of_a_manifest_is_not_read(root: Path, make: Callable[[Path], object]) -> None:
    """Strangers may put there what never ends; nothing is waited for and nothing is filled."""
    for name in (manifest.TABLE_NAME, marks.REPORT_JSON):
        (root / "keep" / name).unlink(missing_ok=True)
        make(root / "keep" / name)
    with pytest.raises(OutputError, match=r"cannot be read: it (is not a file|has more than 64 MiB)"):
        manifest.read(root / "keep")
    assert not manifest.is_table(root / "keep" / manifest.TABLE_NAME)
    assert not marks.is_refused(root)
    marks.mark_of(root / "window")


def test_a_list_of_millions_is_not_read_where_a_few_lines_tell(root: Path) -> None:
    """Marks are looked for in every folder above a source; a tree is told by its own lines, wherever they stand."""
    table = root / "keep" / manifest.TABLE_NAME
    own = table.read_text()
    table.write_text("".join(f"0\t{SUM}\tother/{number}\n" for number in range(700_000)) + own)
    assert len(manifest.read(root / "keep", most_files=3).files) == 3
    assert [str(file.path) for file in manifest.read(root / "keep", tree="window").files] == list(CONTENTS)
    before = time.process_time()
    assert marks.mark_of(root / "window") is marks.FolderMark.TREE
    assert time.process_time() - before < 2
