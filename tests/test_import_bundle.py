"""A bundle that something is imported into keeps all that it has, whoever else is at work and however the work ends."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from packager.errors import OutputError
from packager.intake import take
from packager.intake.bench import bench
from packager.workers import Workers
from tests.builders import contents, make_comic, packager, write
from tests.drives import tmpfs


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as pool:
        yield pool


def note(folder: Path, name: str, words: str = "Words.") -> Path:
    """An article of one paragraph."""
    return write(folder / f"{name}.md", f"# {name}\n\n{words}\n")


def listed(bundle: Path) -> list[str]:
    """The sources that bundle.toml names."""
    text = (bundle / "bundle.toml").read_text(encoding="utf-8-sig")
    return [entry["source"] for entry in tomllib.loads(text)["publication"]]


def test_a_second_import_at_once_says_so_and_stops(tmp_path: Path, workers: Workers) -> None:
    """It touches nothing of the first one's."""
    bundle = tmp_path / "window"
    bundle.mkdir()
    with bench(bundle) as first:
        write(first.scratch / "half", "of a page")
        with pytest.raises(OutputError, match="another import into it is running"):
            take([note(tmp_path, "tide")], bundle, workers)
        assert (first.scratch / "half").exists()
    assert contents(bundle) == {}


def test_of_imports_at_once_none_that_succeeds_loses_anything(tmp_path: Path) -> None:
    """Each one that ends with 0 is in the list with its file, and the others say why not."""
    bundle, names = tmp_path / "window", [f"note-{number}" for number in range(3)]
    sources = [note(tmp_path, name) for name in names]
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda source: packager("import", "--jobs", 1, source, bundle), sources))
    went_in = [f"articles/{name}.md" for name, said in zip(names, done, strict=True) if said.returncode == 0]
    assert went_in
    assert all("another import" in said.stderr for said in done if said.returncode)
    assert {said.returncode for said in done} <= {0, OutputError.exit_code}
    assert sorted(listed(bundle)) == went_in
    assert sorted(contents(bundle)) == [*went_in, "bundle.toml"]


def test_a_folder_of_the_users_own_is_left_alone(tmp_path: Path, workers: Workers) -> None:
    """Whatever it is called."""
    kept = write(tmp_path / "window" / ".import" / "list.txt", "mine")
    take([note(tmp_path, "tide")], tmp_path / "window", workers)
    assert kept.read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such kill")
def test_what_a_killed_import_left_goes_with_the_next(tmp_path: Path, workers: Workers) -> None:
    """All that it unpacked lies in the bundle, where the next one looks."""
    bundle = tmp_path / "window"
    bundle.mkdir()
    dying = (
        "import os, pathlib, signal, sys\n"
        "from packager.intake.bench import bench\n"
        "with bench(pathlib.Path(sys.argv[1])) as ours, ours.emptied() as files:\n"
        "    (files / 'a').touch(), (ours.scratch / 'b').touch()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    assert subprocess.run([sys.executable, "-c", dying, bundle], env=root, check=False).returncode == -signal.SIGKILL
    assert any(path.name == "b" for path in bundle.rglob("*"))
    take([note(tmp_path, "tide")], bundle, workers)
    assert sorted(path.name for path in bundle.iterdir()) == ["articles", "bundle.toml"]


def test_a_bundles_file_keeps_its_bytes_its_mode_and_its_place(tmp_path: Path, workers: Workers) -> None:
    """Mark of byte order, line ends, and the link that leads to it."""
    bundle, elsewhere = tmp_path / "window", tmp_path / "elsewhere.toml"
    note(bundle / "articles", "old")
    before = b'\xef\xbb\xbftitle = "Window"\r\n\r\n[[publication]]\r\nsource = "articles/old.md"\r\n'
    elsewhere.write_bytes(before)
    elsewhere.chmod(0o640)
    (bundle / "bundle.toml").symlink_to(elsewhere)
    take([note(tmp_path, "tide")], bundle, workers)
    after = elsewhere.read_bytes()
    assert after == before + b'\r\n[[publication]]\r\nsource = "articles/tide.md"\r\n'
    assert (bundle / "bundle.toml").is_symlink()
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere.toml", "tide.md", "window"]


@pytest.mark.needs("mount")
def test_a_full_disk_names_the_file_and_leaves_the_bundle_as_it_was(tmp_path: Path, workers: Workers) -> None:
    """Not the source, which is on another disk; no folder and no half of a list stays."""
    comic = make_comic(tmp_path / "pages", pages=3)
    (comic / "2.jpg").write_bytes((comic / "2.jpg").read_bytes() + bytes(500_000))
    with tmpfs(tmp_path / "disk", "400k") as disk:
        bundle = disk / "window"
        write(bundle / "bundle.toml", 'title = "Window"\npublication = []\n')
        with pytest.raises(OutputError, match="No space left") as refused:
            take([comic], bundle, workers)
        assert refused.value.where == str(bundle / "comics" / "pages" / "2.jpg")
        assert [path.name for path in bundle.iterdir()] == ["bundle.toml"]


def test_a_definition_that_takes_no_entry_leaves_no_folder(tmp_path: Path) -> None:
    """What was made for the article goes with it."""
    bundle = tmp_path / "window"
    make_comic(bundle / "comics" / "harbour")
    write(bundle / "bundle.toml", 'publication = [{ source = "comics/harbour" }]\n')
    said = packager("import", "--jobs", 1, note(tmp_path, "tide"), bundle)
    assert said.returncode == 3, said.stderr
    assert sorted(path.name for path in bundle.iterdir()) == ["bundle.toml", "comics"]


def test_no_work_is_called_as_windows_calls_a_device(tmp_path: Path, workers: Workers) -> None:
    """Such a bundle could not be copied to Windows."""
    take([note(tmp_path, "aux"), make_comic(tmp_path / "COM1")], tmp_path / "window", workers)
    assert listed(tmp_path / "window") == ["articles/_aux.md", "comics/_com1"]
