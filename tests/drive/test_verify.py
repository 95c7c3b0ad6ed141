"""Verifying a drive: everything that differs from the manifest is named for what it is, and nothing else is."""

from __future__ import annotations

import json
import os
import random
import shlex
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.check.rules import manifests
from packager.drive import source
from packager.drive.copy import copy
from packager.drive.copy_plan import plan
from packager.drive.expected import ExpectedTree, expected_on, known_trees
from packager.drive.mounted import drive_at
from packager.drive.verify import ProofLevel, Verification, verify
from packager.errors import OutputError
from packager.files.traces import red_star_marks
from packager.model import Severity
from packager.model.progress import SILENT
from packager.output import manifest
from packager.output.ledger import Ledger, NumberedEdition, TreeRecord
from tests.helpers import drives as made
from tests.helpers.builders import packager, write

HEAD = (
    '<html translate="no" class="notranslate"><meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; img-src 'self'; base-uri 'none'\">"
)  # as of every page of a tree
KOREAN = PurePosixPath("window/각색.txt")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A built tree with one Korean name among its files."""
    built = made.make_tree(tmp_path / "built")
    (tmp_path / "built" / KOREAN).write_text("각색")
    listed = manifest.read(tmp_path / "built" / "keep").files
    paths = [*(file.path for file in listed), KOREAN]
    for name in (manifest.SUMS_NAME, manifest.TABLE_NAME):
        (tmp_path / "built" / "keep" / name).unlink()
    manifest.record(tmp_path / "built", paths).write(tmp_path / "built" / "keep")
    return built


@pytest.fixture
def stick(tree: Path, tmp_path: Path) -> Iterator[Path]:
    """A drive that holds the tree; in memory where there is a folder for it, which spares the disk."""
    with ExitStack() as stack:
        folder = stack.enter_context(made.folder_in_memory()) if made.SHARED_MEMORY.is_dir() else tmp_path / "stick"
        folder.mkdir(exist_ok=True)
        made.copied(tree, folder)
        yield folder


def verified(stick: Path, tree: Path) -> Verification:
    """What `packager verify` finds, by the manifest beside the tree."""
    return verify(expected(stick, tree.parent / "keep").source, drive_at(stick, ()), SILENT)


def expected(stick: Path, given: Path | None, here: Path = Path()) -> ExpectedTree:
    """What `packager verify` expects on a drive."""
    return expected_on(stick, known_trees(given, here), is_given=given is not None)


def test_a_whole_copy_has_no_findings(stick: Path, tree: Path) -> None:
    """Nothing is wrong, and the level is not that of a failure."""
    result = verified(stick, tree)
    assert (result.findings, result.exit_code) == ((), 0)
    assert result.level is not ProofLevel.FAILED


def test_the_command_that_mends_a_wrong_copy_is_named_and_works(stick: Path, tree: Path) -> None:
    """A copy without --update is refused where a file in the middle is gone, and names the same command."""
    next(path for path in sorted(stick.rglob("*")) if path.is_file()).unlink()
    told = packager("verify", stick, "--manifest", tree.parent / "keep")
    assert told.returncode == 1
    named = told.stdout.rpartition("write only what is wrong: ")[2].strip()
    refused = packager("copy", tree, stick)
    assert named in refused.stdout
    assert packager(*shlex.split(named)[1:]).returncode == 0
    assert packager("verify", stick, "--manifest", tree.parent / "keep").returncode == 0


def append(path: Path, data: bytes) -> None:
    """Put bytes behind the end of a file."""
    with path.open("ab") as file:
        file.write(data)


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def decompose(window: Path) -> None:
    """Give the Korean file the name that a Mac of old would."""
    (window / KOREAN.name).rename(window / unicodedata.normalize("NFD", KOREAN.name))


def become_folder(window: Path) -> None:
    """Put a folder in the place of a page."""
    (window / PAGE).unlink()
    (window / PAGE).mkdir()


PAGE = "w1/000.jpg"
DAMAGES: dict[str, tuple[Callable[[Path], object], list[tuple[str, str]]]] = {
    "a bit changed": (lambda window: flip(window / PAGE), [(PAGE, "file-changed")]),
    "cut by a byte": (
        lambda window: (window / PAGE).write_bytes((window / PAGE).read_bytes()[:-1]),
        [(PAGE, "file-cut")],
    ),
    "emptied": (lambda window: (window / PAGE).write_bytes(b""), [(PAGE, "file-cut")]),
    "longer": (lambda window: append(window / PAGE, b"more"), [(PAGE, "file-changed")]),
    "removed": (lambda window: (window / PAGE).unlink(), [(PAGE, "file-missing")]),
    "renamed": (lambda window: (window / PAGE).rename(window / "page.jpg"), [(PAGE, "file-renamed")]),
    "moved": (lambda window: (window / PAGE).rename(window / "w2" / "page.jpg"), [(PAGE, "file-renamed")]),
    "in another case": (lambda window: (window / PAGE).rename(window / "w1" / "000.JPG"), [(PAGE, "file-case")]),
    "a folder in another case": (
        lambda window: (window / "cbz").rename(window / "CBZ"),
        [("cbz/w1.cbz", "file-case")],
    ),
    "decomposed": (decompose, [(KOREAN.name, "file-nfd")]),
    "a foreign file": (lambda window: (window / "diary.txt").write_text("mine"), [("diary.txt", "file-extra")]),
    "a foreign folder": (lambda window: (window / "diary").mkdir(), [("diary", "folder-extra")]),
    "tagged once": (lambda window: append(window / PAGE, made.red_star(1)), [(PAGE, "red-star-tag")]),
    "tagged by forty": (lambda window: append(window / PAGE, made.red_star(40)), [(PAGE, "red-star-tag")]),
    "a file became a folder": (
        become_folder,
        [(PAGE, "file-missing"), (PAGE, "folder-extra")],
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_is_named_for_what_it_is(damage: str, stick: Path, tree: Path) -> None:
    """The place, the kind, and nothing besides."""
    act, expected = DAMAGES[damage]
    if sys.platform == "darwin" and damage == "decomposed":
        pytest.skip("macOS takes both forms of a name for one")
    act(stick / "window")
    result = verified(stick, tree)
    assert [(finding.path, finding.code) for finding in result.findings] == [
        (f"window/{path}", code) for path, code in expected
    ]
    assert (result.level, result.exit_code) == (ProofLevel.FAILED, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few make links")
def test_a_link_is_not_the_file_it_leads_to(stick: Path, tree: Path) -> None:
    """On another machine it leads nowhere."""
    page = stick / "window" / PAGE
    page.unlink()
    page.symlink_to(tree / PAGE)
    assert [finding.code for finding in verified(stick, tree).findings] == ["file-unreadable"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_pipe_is_no_file(stick: Path, tree: Path) -> None:
    """Whoever reads it waits for ever."""
    (stick / "window" / PAGE).unlink()
    os.mkfifo(stick / "window" / PAGE)
    assert [finding.code for finding in verified(stick, tree).findings] == ["file-unreadable"]


def test_an_empty_drive_lacks_every_file(tree: Path, tmp_path: Path) -> None:
    """Each is listed: nothing is taken for granted because its folder is missing."""
    (tmp_path / "empty").mkdir()
    result = verified(tmp_path / "empty", tree)
    assert {finding.path for finding in result.findings} == {str(file.path) for file in source.load(tree).files}


@pytest.mark.parametrize("marks", [1, 2, 7])
def test_a_tag_is_counted_and_warned_of(marks: int, stick: Path, tree: Path) -> None:
    """Who reads it must not send, publish or reuse the drive."""
    append(stick / "window" / PAGE, made.red_star(marks))
    (finding,) = verified(stick, tree).findings
    assert f"{marks} mark" in finding.message
    assert all(word in finding.remedy for word in ("send", "publish", "reuse"))


@given(st.integers(0, 60), st.binary(max_size=64))
def test_a_tag_is_told_by_its_end_alone(marks: int, before: bytes) -> None:
    """Whatever stands before it; and no marks are no tag."""
    assert red_star_marks(before + made.red_star(marks)) == marks


SYSTEMS = {
    "System Volume Information": "Windows",
    "$RECYCLE.BIN": "Windows",
    "Thumbs.db": "Windows",
    "ehthumbs.db": "Windows",
    "ehthumbs256.db": "Windows",
    "desktop.ini": "Windows",
    ".Trashes": "macOS",
    ".fseventsd": "macOS",
    ".Spotlight-V100": "macOS",
    "._window": "macOS",
    ".DS_Store": "macOS",
    "LOST.DIR": "Android",
    "Android": "Android",
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_systems_add_is_listed_apart(name: str, stick: Path, tree: Path) -> None:
    """It says which system, what it tells and how to remove it; the tree is whole all the same."""
    (stick / name).mkdir()
    (stick / name / "inside").write_text("x")
    result = verified(stick, tree)
    (finding,) = result.findings
    assert (finding.path, finding.severity, finding.code) == (name, Severity.WARNING, "system-added")
    assert SYSTEMS[name] in finding.message
    assert finding.remedy
    assert (result.exit_code, result.level is ProofLevel.FAILED) == (0, False)


@pytest.mark.parametrize("name", ["._000.jpg", ".DS_Store", "Thumbs.db", "desktop.ini"])
def test_what_systems_add_inside_the_tree_is_no_foreign_file(name: str, stick: Path, tree: Path) -> None:
    """A Mac puts such files beside every page."""
    (stick / "window" / "w1" / name).write_text("x")
    (finding,) = verified(stick, tree).findings
    assert (finding.path, finding.severity) == (f"window/w1/{name}", Severity.WARNING)


def test_other_things_on_the_drive_are_nobodys_business(stick: Path, tree: Path) -> None:
    """Files of the drive's owner beside the tree are neither read nor named."""
    (stick / "holiday").mkdir()
    (stick / "letter.txt").write_text("mine")
    assert verified(stick, tree).findings == ()


def test_the_manifest_is_found_in_the_current_folder(stick: Path, tree: Path, tmp_path: Path) -> None:
    """Where a build ended, `packager verify DRIVE` needs no more words; elsewhere it says what to give."""
    tree.parent.rename(tmp_path / "window-built")
    done = packager("verify", stick, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lost = packager("verify", stick, cwd=stick)
    assert (lost.returncode, "--manifest" in lost.stderr) == (6, True)


def another(tree: Path, folder: Path, *, is_as_long: bool) -> Path:
    """The same tree after a correction of one file, with its own manifest."""
    shutil.copytree(tree.parent, folder)
    page = folder / "window" / PAGE
    page.write_bytes(page.read_bytes()[::-1] if is_as_long else b"corrected")
    paths = [file.path for file in manifest.read(folder / "keep").files]
    shutil.rmtree(folder / "keep")
    (folder / "keep").mkdir()
    manifest.record(folder, paths).write(folder / "keep")
    return folder / "window"


@pytest.mark.parametrize("is_as_long", [True, False], ids=["of other contents", "of other lengths"])
@pytest.mark.parametrize("is_newer_there", [True, False], ids=["the newer lies there", "the older lies there"])
def test_of_several_manifests_the_one_of_what_lies_there_counts(
    stick: Path, tree: Path, tmp_path: Path, is_as_long: bool, is_newer_there: bool
) -> None:
    """A whole tree never gets a problem because another of its name was built beside it."""
    here = tmp_path / "here"
    shutil.copytree(tree.parent, here / "a-built")
    newer = another(tree, here / "b-built", is_as_long=is_as_long)
    if is_newer_there:
        shutil.copytree(newer, stick / "window", dirs_exist_ok=True)
    found = expected(stick, None, here)
    assert found.source.root == here / ("b-built" if is_newer_there else "a-built")
    assert verify(found.source, drive_at(stick, ()), SILENT).findings == ()


def kept_as_edition(tree: Path, number: int, bundle: Path) -> None:
    """The tree as an edition of a bundle's ledger."""
    files = manifest.read(tree.parent / "keep")
    trees = (TreeRecord("window", len(files.files), sum(file.size_bytes for file in files.files)),)
    Ledger.read(bundle).record(NumberedEdition(number, "any", "", trees, ()), files)


@pytest.fixture
def month(tree: Path, tmp_path: Path) -> Path:
    """A folder with the bundle `ours`, whose second edition is built beside it; the first is the one of `tree`."""
    (tmp_path / "month" / "ours").mkdir(parents=True)
    newer = another(tree, tmp_path / "month" / "window-built", is_as_long=True)
    for number, edition in enumerate((tree, newer), start=1):
        kept_as_edition(edition, number, tmp_path / "month" / "ours")
    return tmp_path / "month"


@pytest.mark.parametrize(
    "manifest_of", [None, "window-built", "ours"], ids=["by itself", "by its build", "by its bundle"]
)
def test_an_earlier_edition_is_called_by_its_number(stick: Path, month: Path, manifest_of: str | None) -> None:
    """Whole, and what is newer: its drive is no bad one. The newest is called that."""
    given = ("--manifest", manifest_of) if manifest_of else ()
    older = packager("verify", stick, *given, cwd=month)
    assert (older.returncode, older.stderr) == (0, "")
    assert "This is edition 1 of `window`, whole; the newest is 2." in older.stdout
    assert f"packager copy {month / 'window-built' / 'window'} {stick} --update" in older.stdout
    shutil.copytree(month / "window-built" / "window", stick / "window", dirs_exist_ok=True)
    newest = packager("verify", stick, *given, cwd=month)
    assert "This is edition 2 of `window`, whole; the newest." in newest.stdout


def test_a_damaged_earlier_edition_is_compared_with_itself(stick: Path, month: Path) -> None:
    """One file is named, not all that changed since."""
    flip(stick / "window" / "w2" / "001.jpg")
    told = json.loads(packager("verify", stick, "--output-format", "json", cwd=month).stdout)
    assert [finding["path"] for finding in told["findings"]] == ["window/w2/001.jpg"]
    assert (told["edition"], told["newest_edition"]) == (1, 2)


def test_a_damaged_ledger_keeps_nobody_from_verifying(stick: Path, month: Path, tree: Path) -> None:
    """What it would have said is not said."""
    (month / "ours" / "editions" / "1" / "works.tsv").write_text("edition\t9")
    done = packager("verify", stick, "--manifest", tree.parent, cwd=month)
    assert (done.returncode, "edition" in done.stdout) == (0, False)


MANIFESTS = ["keep/manifest.tsv", "keep/manifest.sha256", "keep", ".", "window"]


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_is_named_by_whatever_holds_it(stick: Path, tree: Path, name: str) -> None:
    """Its file or the sums beside it, their folder, the one around that, or the tree in there; for `check` too."""
    done = packager("verify", stick, "--manifest", tree.parent / name)
    assert (done.returncode, done.stderr) == (0, "")
    wanted = manifests.expected_files(tree.parent / name, "window")
    assert {str(file.path) for file in source.load(tree).files} == wanted.keys()


def test_what_is_no_manifest_is_refused_by_name(stick: Path, tmp_path: Path) -> None:
    """And not taken for an empty one."""
    (tmp_path / "holiday").mkdir()
    with pytest.raises(OutputError, match="is no manifest"):
        expected(stick, tmp_path / "holiday")


def test_the_tree_on_a_drive_means_the_drive(stick: Path, tree: Path) -> None:
    """Whoever names it reads what whoever names the drive reads, and nothing is nested in it."""
    before = made.states(stick)
    assert packager("verify", stick / "window", "--manifest", tree.parent).returncode == 0
    assert packager("copy", tree, stick / "window", "--replace", "--yes").returncode == 0
    assert made.states(stick) == before


PRIVATE_THINGS: dict[str, Callable[[Path, Path], object]] = {
    "keep": lambda stick, tree: shutil.copytree(tree.parent / "keep", stick / "keep"),
    "sources": lambda stick, _: write(stick / "sources" / "bundle.toml", 'title = "Ours"\n'),
    "bundle.toml": lambda stick, _: write(stick / "bundle.toml", 'title = "Ours"\n'),
    "backup/may/sources": lambda stick, _: write(stick / "backup/may/sources" / "bundle.toml", 'title = "Ours"\n'),
    "laid-out": lambda stick, _: [
        write(stick / "laid-out" / name / "a.txt", "Ours\n") for name in ("comics", "articles")
    ],
    "window-built": lambda stick, tree: shutil.copytree(tree.parent, stick / "window-built"),
}


@pytest.mark.parametrize("name", PRIVATE_THINGS)
def test_what_is_for_the_organizer_alone_is_told_on_a_drive(stick: Path, tree: Path, name: str) -> None:
    """The tree beside it is whole, but the drive must not be handed out."""
    PRIVATE_THINGS[name](stick, tree)
    result = verified(stick, tree)
    assert [(finding.path, finding.code) for finding in result.findings] == [(name, "private")]
    assert (result.exit_code, result.level is ProofLevel.FAILED) == (1, False)
    told = packager("verify", stick, "--manifest", tree.parent)
    assert (told.returncode, "not to be handed on" in told.stdout) == (1, True)


@pytest.mark.parametrize(
    "name", sorted(PRIVATE_THINGS.keys() - {"bundle.toml"})
)  # which makes the tree itself a bundle
def test_what_is_for_the_organizer_alone_is_told_in_the_tree_too(stick: Path, tree: Path, name: str) -> None:
    """Where an update leaves what is of others, it says so of this besides, and the command ends with 1."""
    PRIVATE_THINGS[name](stick / "window", tree)
    assert f"window/{name}" in [finding.path for finding in verified(stick, tree).findings if finding.code == "private"]
    (result,) = copy(plan(source.load(tree), [stick], (), replaces=False, earlier=()))
    told = [finding.path for finding in result.findings if finding.code == "private"]
    assert (result.exit_code, told) == (1, [f"window/{name}"])


def test_another_edition_is_not_taken_for_a_drive_that_lies(tmp_path: Path, tree: Path, stick: Path) -> None:
    """Other lengths are what a drive never makes up: another tree lies there, and nobody need distrust it."""
    shutil.rmtree(stick / "window")
    made.copied(made.make_tree(tmp_path / "other", size=49_000, seed=5), stick)
    result = verified(stick, tree)
    assert result.level is ProofLevel.FAILED
    assert "another edition" in result.why
    assert "do not trust" not in result.why


@pytest.mark.parametrize(("other", "advice"), [("window/other", "--replace"), ("other", "too small")])
def test_files_cut_on_a_full_drive_are_told_as_such_with_advice_that_works(
    tree: Path, tmp_path: Path, other: str, advice: str
) -> None:
    """Nobody is sent after another edition, nor to an update that finds no space beside what is there."""
    made.require_root()
    with made.tmpfs(tmp_path / "small", "2m") as small:
        made.copied(tree, small)
        for cut in ("cbz/w1.cbz", "index.html"):
            os.truncate(small / "window" / cut, 5_000)
        (small / other).write_bytes(bytes(shutil.disk_usage(small).free - 16_000))
        told = packager("verify", small, "--manifest", tree.parent)
        assert "2 files end too early: the drive was full" in told.stdout
        assert advice in told.stdout.splitlines()[-1]
        assert packager("copy", tree, small, "--update").returncode == 5
        assert packager("copy", tree, small, "--replace", "--yes").returncode == (0 if advice == "--replace" else 5)


def test_a_damaged_list_of_editions_is_named(tree: Path, stick: Path, tmp_path: Path) -> None:
    """The drive is read all the same, by the manifest that there is."""
    write(tmp_path / "bundle" / "editions" / "1" / "works.tsv", "edition\t1\n")
    told = packager("verify", stick, "--manifest", tree.parent, cwd=tmp_path)
    assert told.returncode == 0
    assert "editions/1/works.tsv: " in told.stderr


def test_the_files_of_a_tree_without_its_folder_are_told(tree: Path, stick: Path) -> None:
    """As somebody copies them who opened the tree first; `check` compares them."""
    (stick / "window").rename(stick.parent / f"{stick.name}-inner")
    shutil.copytree(stick.parent / f"{stick.name}-inner", stick, dirs_exist_ok=True)
    shutil.rmtree(stick.parent / f"{stick.name}-inner")
    index = stick / "index.html"
    index.write_bytes(HEAD.encode().ljust(index.stat().st_size))
    with pytest.raises(OutputError, match="holds the files of a tree without its folder") as refusal:
        expected(stick, tree.parent)
    assert f"packager check {stick} --manifest" in refusal.value.hint


def test_a_tree_of_another_name_is_told(tmp_path: Path, tree: Path, stick: Path) -> None:
    """Under its own name where it is the expected one, else as one whose manifest is not at hand."""
    (stick / "window").rename(stick / "holiday")
    index = stick / "holiday" / "index.html"
    index.write_bytes(HEAD.encode().ljust(index.stat().st_size))
    with pytest.raises(OutputError, match='holds "window" under another name: holiday'):
        expected(stick, tree.parent)
    with pytest.raises(OutputError, match="its manifest is not at hand"):
        expected(stick, None, tmp_path / "nowhere")


def test_the_command_names_damages_and_exits_with_1(stick: Path, tree: Path) -> None:
    """Findings, traces of systems apart, and the verdict; the same as JSON."""
    flip(stick / "window" / PAGE)
    (stick / "Thumbs.db").write_text("x")
    keep = tree.parent / "keep" / manifest.TABLE_NAME
    done = packager("verify", stick, "--manifest", keep)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.index("file-changed") < done.stdout.index("Added by") < done.stdout.index("failed: 1 problem")
    told = json.loads(packager("verify", stick, "--manifest", keep, "--output-format", "json").stdout)
    assert [finding["code"] for finding in told["findings"]] == ["system-added", "file-changed"]
    assert told["level"] == ProofLevel.FAILED


def test_random_damages_are_found_and_named(stick: Path, tree: Path) -> None:
    """A sample of the proof: ten damages at a time, then mended."""
    assert damage_and_verify(stick, tree, count=40) == 40


@pytest.mark.prove
def test_a_thousand_random_damages_are_found_and_named(stick: Path, tree: Path) -> None:
    """Bits, cuts, ends, names: none is overlooked, none is called by another name."""
    found = damage_and_verify(stick, tree, count=1000)
    print(f"{found} damages named")
    assert found == 1000


def damage_and_verify(stick: Path, tree: Path, count: int) -> int:
    """How many of `count` damages are named, ten files at a time, with nothing else named beside them."""
    chance = random.Random(count)
    files = [file for file in source.load(tree).files if file.size_bytes]
    named = 0
    for _ in range(count // 10):
        damaged = chance.sample(files, 10)
        expected = sorted((str(file.path), damage(stick / file.path, chance)) for file in damaged)
        found = sorted((finding.path, finding.code) for finding in verified(stick, tree).findings)
        named += len(expected) if found == expected else 0
        for path in stick.rglob("*-renamed"):
            path.unlink()
        for file in damaged:
            shutil.copyfile(tree.parent / file.path, stick / file.path)
    return named


def damage(path: Path, chance: random.Random) -> str:
    """Damage a file by chance; the code of what was done."""
    data = bytearray(path.read_bytes())
    kind = chance.choice(("file-changed", "file-cut", "file-missing", "file-renamed", "red-star-tag"))
    if kind == "file-changed":
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
    elif kind == "file-cut":
        path.write_bytes(data[: chance.randrange(len(data))])
    elif kind == "red-star-tag":
        append(path, made.red_star(chance.randrange(1, 50)))
    elif kind == "file-renamed":
        path.rename(path.with_name(f"{path.name}-renamed"))
    else:
        path.unlink()
    return kind
