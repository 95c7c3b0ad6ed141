"""Updating drives: from any edition, or part of one, to the newest, as a fresh copy is, and what is left alone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from packager.config.filesystems import Filesystem
from packager.drive import source
from packager.drive.copy import copy
from packager.drive.copy_plan import CopyResult, plan
from packager.drive.mounted import drive_at
from packager.drive.update import order_note, update
from packager.drive.verify import ProofLevel
from packager.drive.write import SharedReader
from packager.errors import DoesNotFit, OutputError
from packager.model.progress import SILENT
from packager.output import manifest
from packager.output.changes import trees_changed
from packager.output.manifest import File, Manifest
from tests.helpers import drives as made
from tests.helpers.builders import packager

PAGES = 40


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first edition of `window`."""
    return made.make_tree(tmp_path_factory.mktemp("first"), PAGES, 10_000)


@pytest.fixture(scope="module")
def second(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second: pages changed, gone, new and of another name, and a new work before the others."""
    return made.next_edition(first, tmp_path_factory.mktemp("second"))


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """An empty folder as a drive; in memory where there is a folder for it, which spares the disk."""
    with ExitStack() as stack:
        folder = stack.enter_context(made.folder_in_memory()) if made.SHARED_MEMORY.is_dir() else tmp_path / "stick"
        folder.mkdir(exist_ok=True)
        yield folder


def files_of(tree: Path) -> tuple[File, ...]:
    """What the manifest beside a tree lists."""
    return source.load(tree).files


def updated(tree: Path, *drives: Path, earlier: tuple[File, ...] = ()) -> tuple[CopyResult, ...]:
    """Update as the command does, but folders of the tests' own disk too."""
    return copy(plan(source.load(tree), drives, (), replaces=False, earlier=earlier))


def holds(drive: Path, tree: Path, *others: str) -> bool:
    """Whether the drive holds the tree with its times, and nothing else but `others`."""
    files = files_of(tree)
    wanted = {str(file.path): file.sha256 for file in files}
    times = {str(file.path): manifest.moment(number).timestamp() for number, file in enumerate(files)}
    states = {path: state for path, state in made.states(drive).items() if path not in others}
    folders = {folder.as_posix() for folder in source.folders_of(files)}
    there = {path.relative_to(drive).as_posix() for path in drive.rglob("*") if path.is_dir()}
    return (
        states == wanted and there == folders and all(made.times(drive)[path] == time for path, time in times.items())
    )


def truncate(stick: Path) -> None:
    """Leave of the largest file a part, as a copy that is cut off does."""
    os.truncate(stick / "window" / "cbz" / "w1.cbz", 1000)


def lose_pages(stick: Path) -> None:
    """Remove every third page."""
    for path in sorted((stick / "window").rglob("*.jpg"))[::3]:
        path.unlink()


def capitals(stick: Path) -> None:
    """Call the folder as some systems do."""
    (stick / "window").rename(stick / "WINDOW")


def flip(stick: Path) -> None:
    """Change a byte of a page that both editions have."""
    path = stick / "window" / "w1" / "003.jpg"
    path.write_bytes(b"x" + path.read_bytes()[1:])


def empty(stick: Path) -> None:
    """Leave the folder, and nothing in it."""
    shutil.rmtree(stick / "window")
    (stick / "window").mkdir()


STATES: dict[str, Callable[[Path], object]] = {
    "the edition before, whole": lambda stick: None,
    "a part of it": lose_pages,
    "a file that is cut off": truncate,
    "a file that is damaged": flip,
    "a folder in capitals": capitals,
    "an empty folder": empty,
    "nothing": lambda stick: shutil.rmtree(stick / "window"),
}


@pytest.mark.parametrize("state", STATES)
def test_whatever_part_of_an_edition_lies_there_becomes_the_newest(
    state: str, first: Path, second: Path, stick: Path
) -> None:
    """The end is what a fresh copy is: every byte, time, file and folder, and nothing else."""
    made.copied(first, stick)
    STATES[state](stick)
    (result,) = updated(second, stick, earlier=files_of(first))
    assert (result.exit_code, result.findings) == (0, ()), result
    assert holds(stick, second)


def test_a_second_update_writes_nothing(first: Path, second: Path, stick: Path) -> None:
    """What is right stays, the very files."""
    made.copied(first, stick)
    updated(second, stick, earlier=files_of(first))
    before = {path: path.stat().st_ino for path in stick.rglob("*")}
    (result,) = updated(second, stick, earlier=files_of(first))
    assert result.updated
    assert (result.updated.written_files, result.updated.removed_files) == (0, 0)
    assert {path: path.stat().st_ino for path in stick.rglob("*")} == before


def test_only_what_changed_is_written(first: Path, second: Path, stick: Path) -> None:
    """Files that stay, and those that only have another name now, are not written again."""
    made.copied(first, stick)
    (result,) = updated(second, stick, earlier=files_of(first))
    known = {file.sha256 for file in files_of(first)}
    changed = [file for file in files_of(second) if file.sha256 not in known]
    assert result.updated
    assert result.updated.written_files == len(changed)
    assert result.updated.written_bytes == sum(file.size_bytes for file in changed)
    (told,) = trees_changed(Manifest(files_of(second)), Manifest(files_of(first)))
    assert told.written_bytes == result.updated.written_bytes


def test_what_others_put_there_is_left_and_counted(first: Path, second: Path, stick: Path) -> None:
    """In the tree, in a folder of it that is gone, in a folder of their own, and beside the tree."""
    made.copied(first, stick)
    gone = next(path for path in files_of(first) if path.path.parts[1] == "w3").path.parent
    mine = ("window/notes.txt", f"{gone}/mine.jpg", "window/diary/monday.txt", "holiday.jpg")
    for name in mine:
        (stick / name).parent.mkdir(exist_ok=True)
        (stick / name).write_text(f"mine: {name}")
    (result,) = updated(second, stick, earlier=files_of(first))
    assert (result.exit_code, result.findings) == (0, ())
    assert result.updated
    assert result.updated.foreign == tuple(sorted(mine[:3]))
    assert {name: (stick / name).read_text() for name in mine} == {name: f"mine: {name}" for name in mine}
    assert {path: state for path, state in made.states(stick).items() if path not in mine} == {
        str(file.path): file.sha256 for file in files_of(second)
    }


def in_the_way(stick: Path, second: Path) -> None:
    """A picture of somebody else under a name that only the new edition has."""
    new = next(file.path for file in files_of(second) if file.path.parts[1] == "w0")
    (stick / new).parent.mkdir()
    (stick / new).write_text("mine")


def unknown(stick: Path, _: Path) -> None:
    """Nothing of any edition that is known."""
    shutil.rmtree(stick / "window")
    (stick / "window").mkdir()
    (stick / "window" / "index.html").write_text("mine")


def folder_for_a_file(stick: Path, _: Path) -> None:
    """A folder where the tree has a file."""
    (stick / "window" / "index.html").unlink()
    (stick / "window" / "index.html").mkdir()
    (stick / "window" / "index.html" / "mine.txt").write_text("mine")


def file_for_the_folder(stick: Path, _: Path) -> None:
    """A file that bears the name of the folder in which an update works."""
    (stick / "window-unfinished").write_text("mine")


def link_for_a_page(stick: Path, _: Path) -> None:
    """A link to a file elsewhere where the tree has a page."""
    (stick / "holiday.jpg").write_text("mine")
    (stick / "window" / "index.html").unlink()
    (stick / "window" / "index.html").symlink_to(stick / "holiday.jpg")


def folders_without_end(stick: Path, _: Path) -> None:
    """Folders in folders, as a file system has that was made to be walked for ever."""
    (stick / "window" / "/".join("a" * 66)).mkdir(parents=True)


REFUSED: dict[str, Callable[[Path, Path], object]] = {
    "a file of others in the way": in_the_way,
    "a folder in the place of a file": folder_for_a_file,
    "a folder that is not ours": unknown,
    "a file called as the unfinished folder": file_for_the_folder,
    "folders without end": folders_without_end,
    **({} if os.name == "nt" else {"a link in the place of a page": link_for_a_page}),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_done_without_loss_is_refused_and_nothing_touched(
    kind: str, first: Path, second: Path, stick: Path
) -> None:
    """One line says what is in the way; not a byte on the drive changes."""
    made.copied(first, stick)
    REFUSED[kind](stick, second)
    before = made.states(stick)
    (result,) = updated(second, stick, earlier=files_of(first))
    assert (result.level, result.exit_code) == (ProofLevel.FAILED, OutputError.exit_code)
    assert "window" in result.why
    assert made.states(stick) == before


@pytest.mark.parametrize("is_known", [True, False])
def test_no_file_of_others_is_lost_whatever_name_it_bears(
    is_known: bool, first: Path, second: Path, stick: Path, tmp_path: Path
) -> None:
    """Under names of either edition, whatever a manifest on the stick claims of it."""
    made.copied(first, stick)
    gone = next(file.path for file in files_of(first) if file.path.parts[1] == "w3")
    claimed = PurePosixPath("window/diary/1.txt")
    mine = {gone: "mine: gone", files_of(second)[-1].path: "mine: stays", claimed: "mine: claimed"}
    for path, text in mine.items():
        (stick / path).parent.mkdir(exist_ok=True)
        (stick / path).write_text(text)
    if not is_known:
        (stick / "keep").mkdir()
        (tmp_path / claimed).parent.mkdir(parents=True)
        (tmp_path / claimed).write_text("mine: another")
        manifest.record(tmp_path, [claimed]).write(stick / "keep")
    (result,) = updated(second, stick, earlier=files_of(first) if is_known else ())
    assert result.level is not ProofLevel.FAILED, result
    texts = [path.read_bytes() for path in (stick / "window").rglob("*") if path.is_file()]
    assert all(text.encode() in texts for text in mine.values())


def test_an_empty_file_proves_nothing(first: Path, second: Path, stick: Path) -> None:
    """Beside it a picture of somebody else stays in the way of the new edition, and is not touched."""
    made.copied(first, stick)
    in_the_way(stick, second)
    for file in files_of(second):
        if file.path.parts[1] == "w0" and not (stick / file.path).exists():
            (stick / file.path).touch()
    before = made.states(stick)
    (result,) = updated(second, stick, earlier=files_of(first))
    assert (result.exit_code, "in the way" in result.why) == (OutputError.exit_code, True)
    assert made.states(stick) == before


def test_a_file_that_may_be_damaged_or_of_others_is_set_aside(first: Path, second: Path, stick: Path) -> None:
    """The tree has its name, and what lay there stays beside it; a second update leaves it there."""
    made.copied(first, stick)
    name = next(file.path for file in files_of(second) if file.path.parts[1] == "w1")
    (stick / name).write_text("mine")
    for _ in range(2):
        (result,) = updated(second, stick, earlier=files_of(first))
        assert result.updated
        assert result.updated.foreign == (f"{name}.old",)
        assert holds(stick, second, f"{name}.old")
    assert (stick / f"{name}.old").read_text() == "mine"


def test_what_a_system_has_tagged_does_not_stay(first: Path, second: Path, stick: Path) -> None:
    """Pages of either edition, whether the new one has them or not: each tag names a computer."""
    made.copied(first, stick)
    for work in ("w1", "w2", "w3"):
        page = next(file.path for file in files_of(first) if file.path.parts[1] == work)
        with (stick / page).open("ab") as tagged:
            tagged.write(made.red_star(2))
    (result,) = updated(second, stick, earlier=files_of(first))
    assert result.exit_code == 0
    assert holds(stick, second)


def test_a_folder_in_which_nothing_changed_moves_as_a_whole(first: Path, tmp_path: Path, stick: Path) -> None:
    """With what others put into it; its names are not written anew."""
    second = made.changed(first, tmp_path, every=1000)
    changed = {new.path for new, old in zip(files_of(second), files_of(first), strict=True) if new != old}
    same = next(
        file.path.parent
        for file in files_of(first)
        if not any(path.is_relative_to(file.path.parent) for path in changed)
    )
    made.copied(first, stick)
    (stick / same / "mine.txt").write_text("mine")
    before = (stick / same).stat().st_ino
    (result,) = updated(second, stick, earlier=files_of(first))
    assert result.exit_code == 0
    assert (stick / same).stat().st_ino == before
    assert (stick / same / "mine.txt").read_text() == "mine"
    assert holds(stick, second, f"{same}/mine.txt")


def test_where_names_stand_as_they_were_written_only_folders_in_order_move_as_a_whole(
    first: Path, second: Path, stick: Path
) -> None:
    """As on FAT: one with a single file is in order, one that the system lists otherwise is put together anew."""
    made.copied(first, stick)
    if made.in_written_order(stick, first):
        pytest.skip("this file system lists names in the order of writing")
    loaded, as_fat = source.load(second), replace(drive_at(stick, ()), format=Filesystem.FAT32)
    of_one, of_many = (stick / "window" / name for name in ("cbz", "w2"))
    before = of_one.stat().st_ino, of_many.stat().st_ino
    update(loaded, files_of(first), SharedReader(loaded), as_fat, SILENT)
    assert holds(stick, second)
    assert of_one.stat().st_ino == before[0]
    assert of_many.stat().st_ino != before[1]


def test_an_order_that_could_not_be_made_is_told(first: Path, stick: Path) -> None:
    """Where the file system lists names otherwise than they were written, players do too."""
    made.copied(first, stick)
    if made.in_written_order(stick, first):
        pytest.skip("this file system lists names in the order of writing")
    as_fat = replace(drive_at(stick, ()), format=Filesystem.FAT32)
    assert "could not be put in that of the tree" in order_note(source.load(first), as_fat)
    assert "an order of its own" in order_note(source.load(first), replace(as_fat, format=None))


def test_an_edition_that_nobody_knows_is_not_mixed_with(first: Path, second: Path, stick: Path) -> None:
    """Pages of ours that no manifest names would stay and look current: that is refused, with what replaces them."""
    made.copied(first, stick)
    page = made.PAGE_HEAD + b"<p>another"
    (stick / "window" / "w7").mkdir()
    (stick / "window" / "w7" / "index.html").write_bytes(page)
    (result,) = updated(second, stick, earlier=files_of(first))
    assert result.exit_code == OutputError.exit_code
    assert "--replace" in result.why
    assert (stick / "window" / "w7" / "index.html").read_bytes() == page


def test_a_manifest_on_the_stick_tells_what_is_ours(first: Path, second: Path, stick: Path) -> None:
    """Somebody copied `keep` along, which is told as what no reader may have; no ledger is at hand."""
    made.copied(first, stick)
    shutil.copytree(first.parent / "keep", stick / "keep")
    (result,) = updated(second, stick)
    assert (result.level is not ProofLevel.FAILED, result.exit_code) == (True, 1)
    shutil.rmtree(stick / "keep")
    assert holds(stick, second)


def test_without_space_for_the_new_files_the_old_edition_stays(first: Path, second: Path, tmp_path: Path) -> None:
    """It is said how much is to be freed, and that --replace does without."""
    made.require_root()
    with made.tmpfs(tmp_path / "small", "2m") as small:
        made.copied(first, small)
        (small / "other").write_bytes(bytes(shutil.disk_usage(small).free - 16_000))
        before = made.states(small)
        (result,) = updated(second, small, earlier=files_of(first))
        assert (result.level, result.exit_code) == (ProofLevel.FAILED, DoesNotFit.exit_code)
        assert "--replace" in result.why
        assert made.states(small) == before


def test_several_drives_are_updated_at_once(first: Path, second: Path, stick: Path) -> None:
    """Each from what it holds; one that cannot be is named and stops no other."""
    folders = [stick / name for name in "abc"]
    for folder in folders:
        folder.mkdir()
    made.copied(first, folders[0])
    made.copied(first, folders[1])
    (folders[1] / "window" / "index.html").unlink()
    (folders[1] / "window" / "index.html").mkdir()
    results = updated(second, *folders, earlier=files_of(first))
    assert {result.drive.name: result.exit_code for result in results} == {"a": 0, "b": 6, "c": 0}
    assert holds(folders[0], second)
    assert holds(folders[2], second)


def test_a_copy_onto_an_unfinished_update_is_refused_until_it_is_replaced(
    first: Path, second: Path, stick: Path
) -> None:
    """A plain copy would leave the remains beside the tree."""
    made.copied(first, stick)
    (stick / "window-unfinished").mkdir()
    (refused,) = made.copied(second, stick)
    assert refused.exit_code == OutputError.exit_code
    assert "--update" in refused.why
    (replaced,) = made.copied(second, stick, replaces=True)
    assert replaced.exit_code == 0
    assert holds(stick, second)


def test_the_command_says_what_it_did(first: Path, second: Path) -> None:
    """How much was written, removed and left."""
    with made.folder_in_memory() as stick:
        made.copied(first, stick)
        (stick / "window" / "notes.txt").write_text("mine")
        done = packager("copy", second, stick, "--update")
        assert done.returncode == 0, done.stderr
        assert "wrote" in done.stdout
        assert "of others in it: " in done.stdout
        assert "window/notes.txt" in done.stdout
