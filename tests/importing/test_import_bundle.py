"""A bundle that something is imported into keeps all that it has, whoever else is at work and however the work ends."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import pytest

from packager.errors import OutputError
from packager.importing import ImportedSource, import_sources, placing
from packager.importing.files import ImportedWork, ImportFile, PublicationEntry
from packager.importing.placing import import_staging
from packager.output.starter import start
from packager.sandbox.pool import Workers
from tests.helpers.builders import contents, make_comic, packager, write
from tests.helpers.drives import tmpfs

pytestmark = pytest.mark.slow


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
    with import_staging(bundle) as first:
        write(first.scratch / "half", "of a page")
        with pytest.raises(OutputError, match="another import into it is running"):
            import_sources([note(tmp_path, "tide")], bundle, workers)
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
    import_sources([note(tmp_path, "tide")], tmp_path / "window", workers)
    assert kept.read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such kill")
def test_what_a_killed_import_left_goes_with_the_next(tmp_path: Path, workers: Workers) -> None:
    """All that it unpacked lies in the bundle, where the next one looks."""
    bundle = tmp_path / "window"
    bundle.mkdir()
    dying = (
        "import os, pathlib, signal, sys\n"
        "from packager.importing.placing import import_staging\n"
        "with import_staging(pathlib.Path(sys.argv[1])) as staging, staging.empty_files() as files:\n"
        "    (files / 'a').touch(), (staging.scratch / 'b').touch()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    assert subprocess.run([sys.executable, "-c", dying, bundle], env=root, check=False).returncode == -signal.SIGKILL
    assert any(path.name == "b" for path in bundle.rglob("*"))
    import_sources([note(tmp_path, "tide")], bundle, workers)
    assert sorted(path.name for path in bundle.iterdir()) == ["articles", "bundle.toml"]


def test_a_bundles_file_keeps_its_bytes_its_mode_and_its_place(tmp_path: Path, workers: Workers) -> None:
    """Mark of byte order, line ends, and the link that leads to it."""
    bundle, elsewhere = tmp_path / "window", tmp_path / "elsewhere.toml"
    note(bundle / "articles", "old")
    before = b'\xef\xbb\xbftitle = "Window"\r\n\r\n[[publication]]\r\nsource = "articles/old.md"\r\n'
    elsewhere.write_bytes(before)
    elsewhere.chmod(0o640)
    (bundle / "bundle.toml").symlink_to(elsewhere)
    import_sources([note(tmp_path, "tide")], bundle, workers)
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
            import_sources([comic], bundle, workers)
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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("begin", [start, Path.exists], ids=["by init", "by import"])
def test_not_everybody_may_write_into_a_new_bundle(
    tmp_path: Path, workers: Workers, begin: Callable[[Path], object]
) -> None:
    """Without any umask too, so that it can be imported into."""
    bundle = tmp_path / "far" / "window"
    before = os.umask(0)
    try:
        begin(bundle)
        import_sources([note(tmp_path, "tide")], bundle, workers)
    finally:
        os.umask(before)
    assert not any(folder.stat().st_mode & stat.S_IWOTH for folder in (bundle, bundle.parent))


def test_no_work_is_called_as_windows_calls_a_device(tmp_path: Path, workers: Workers) -> None:
    """Such a bundle could not be copied to Windows."""
    import_sources([note(tmp_path, "aux"), make_comic(tmp_path / "COM1")], tmp_path / "window", workers)
    assert listed(tmp_path / "window") == ["articles/_aux.md", "comics/_com1"]


# --- killed and interrupted ---------------------------------------------------------------------------------------

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals and no fork")
MINE = 'title = "Window"\npublication = []\n'
CAT = ImportedWork(
    PublicationEntry("comics/cat", title="Cat"),
    tuple(
        ImportFile(PurePosixPath(path), path) for path in ("comics/cat/1.jpg", "comics/cat/2.jpg", "pictures/cat/a.jpg")
    ),
)


def brought_in(bundle: Path) -> None:
    """What an import does with a comic of two pages and a picture beside them, once its source is read."""
    with import_staging(bundle) as staging:
        placing.list_existing(bundle, staging.read_journal())
        placing.recover_interrupted(bundle, staging)
        with staging.empty_files() as folder:
            for piece in CAT.files:
                write(folder / piece.path, str(piece.content))
            placing.place([CAT], bundle, staging)


def killed_at(calls: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed when Python announces its `calls`-th call of the system; if it was."""
    child = os.fork()
    if not child:
        left = calls

        def count(event: str, _: tuple[object, ...]) -> None:
            nonlocal left
            if event.startswith(("open", "os.", "shutil.", "fcntl.")):
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@on_posix
@pytest.mark.parametrize("entries", ['[[publication]]\nsource = "articles/mine.md"\n', ""], ids=["a list", "no list"])
def test_an_import_killed_before_any_call_is_in_or_not_after_the_next(
    tmp_path: Path, workers: Workers, entries: str
) -> None:
    """Listed with all its files or not there at all; what the organizer has is as it was, and nothing is left over."""
    seen, calls, was_killed = set(), 0, True
    while was_killed:
        calls += 1
        bundle = tmp_path / str(calls)
        note(bundle / "articles", "mine")
        write(bundle / "bundle.toml", f'title = "Window"\n{entries}')
        was_killed = killed_at(calls, lambda bundle=bundle: brought_in(bundle))  # type: ignore[misc]
        import_sources([], bundle, workers)
        is_in = "comics/cat" in listed(bundle)
        seen.add(is_in)
        files = {str(piece.path): str(piece.content).encode() for piece in CAT.files} if is_in else {}
        found = contents(bundle)
        assert tomllib.loads(found.pop("bundle.toml").decode())["title"] == "Window"
        assert found == {"articles/mine.md": b"# mine\n\nWords.\n", **files}
        assert listed(bundle) == ["articles/mine.md", *(["comics/cat"] if is_in else [])]
        assert not any(path.name.startswith(".") for path in bundle.rglob("*"))
    assert seen == {False, True}


def half_way(bundle: Path) -> None:
    """A bundle with one of two folders of a killed import in its place."""
    write(bundle / "bundle.toml", MINE.replace("publication = []\n", ""))
    with import_staging(bundle) as staging:
        for piece in CAT.files:
            write(staging.files / piece.path, str(piece.content))
        staging.write_journal([placing.StagedWork(CAT.tops, CAT.entry)])
        (bundle / "comics").mkdir()
        (staging.files / "comics" / "cat").rename(bundle / "comics" / "cat")


def test_what_the_organizer_has_put_where_a_killed_import_would_stays(tmp_path: Path, workers: Workers) -> None:
    """It is told that the work is not whole, and nothing that lies there is changed or removed."""
    half_way(tmp_path / "window")
    write(tmp_path / "window" / "pictures" / "cat", "mine")
    write(tmp_path / "window" / "comics" / "cat" / "3.jpg", "mine too")
    reported: list[ImportedSource] = []
    import_sources([], tmp_path / "window", workers, reported.append)
    (told,) = reported
    assert [remark.source for remark in told.remarks] == ["comics/cat"]
    assert "some of its files are missing: import it again" in told.remarks[0].message
    kept = contents(tmp_path / "window")
    assert (kept["pictures/cat"], kept["comics/cat/3.jpg"]) == (b"mine", b"mine too")
    assert sorted(kept) == [
        "bundle.toml", "comics/cat/1.jpg", "comics/cat/2.jpg", "comics/cat/3.jpg", "pictures/cat"
    ]  # fmt: skip


def test_what_the_organizer_has_listed_since_is_listed_once(tmp_path: Path, workers: Workers) -> None:
    """The rest of its files come to it."""
    half_way(tmp_path / "window")
    write(tmp_path / "window" / "bundle.toml", '[[publication]]\nsource = "comics/cat"\n')
    import_sources([], tmp_path / "window", workers)
    assert listed(tmp_path / "window") == ["comics/cat"]
    assert (tmp_path / "window" / "pictures" / "cat" / "a.jpg").exists()


FORGED: dict[str, object] = {
    "out of the bundle": [{"tops": ["../diary"], "entry": {"source": "../diary"}}],
    "from the root": [{"tops": ["/etc/hosts"], "entry": {"source": "x"}}],
    "up and down": [{"tops": ["comics/.."], "entry": {"source": "x"}}],
    "by a link to a folder": [{"tops": ["comics/diary"], "entry": {"source": "comics/diary"}}],
    "by a link": [{"tops": ["articles/link"], "entry": {"source": "articles/link"}}],
    "something else": {"tops": 1},
    "nothing": [None, 1, {"tops": [], "entry": {}}],
}


@on_posix
@pytest.mark.parametrize("forged", FORGED)
def test_a_bundle_from_a_stranger_moves_nothing_of_ours(tmp_path: Path, workers: Workers, forged: str) -> None:
    """Whatever it came with as if an import of ours had left it there."""
    diary = write(tmp_path / "home" / "diary", "mine")
    write(tmp_path / "window" / "bundle.toml", MINE)
    left = tmp_path / "window" / ".import.packager"
    (left / "files" / "articles").mkdir(parents=True)
    (left / "files" / "comics").symlink_to(tmp_path / "home")
    (left / "files" / "articles" / "link").symlink_to(diary)
    write(left / "files" / "diary", "not mine")
    write(left / "journal", json.dumps(FORGED[forged]))
    import_sources([], tmp_path / "window", workers)
    assert diary.read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "window"]
    assert [path.name for path in (tmp_path / "window").iterdir()] == ["bundle.toml"]


_SIGNALLED = """
import os, sys
number, event, place = int(sys.argv.pop(1)), sys.argv.pop(1), sys.argv.pop(1)
def signalled(told, arguments):
    if told == event and str(arguments[1] if event == "os.rename" else arguments[0]).endswith(place):
        os.kill(os.getpid(), number)
from packager.__main__ import main
sys.addaudithook(signalled)
main()
"""


def signalled(number: int, event: str, place: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """`packager`, which gets the signal when it is about to make, or to put something in, a place of that name."""
    command = [sys.executable, "-c", _SIGNALLED, str(int(number)), event, place, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@on_posix
@pytest.mark.parametrize(
    ("number", "event", "place", "went_in"),
    [
        ("SIGINT", "os.mkdir", "scratch", 0),
        ("SIGTERM", "os.rename", "articles/one.md", 1),
        ("SIGINT", "os.rename", "articles/three.md", 3),
    ],
    ids=["before the first", "within the first", "within the last"],
)
def test_an_interrupted_import_says_which_sources_are_in(
    tmp_path: Path, number: str, event: str, place: str, went_in: int
) -> None:
    """Each is in whole, with its entry, or not at all; the command for the others imports them."""
    names = ["one", "two", "three"]
    bundle = tmp_path / "window"
    write(bundle / "bundle.toml", MINE.replace("publication = []\n", ""))
    sources = [note(tmp_path, name) for name in names]
    said = signalled(getattr(signal, number), event, place, "import", "--jobs", 1, *sources, bundle)
    assert said.returncode == 130, said.stderr
    lines = said.stderr.splitlines()
    verb = "is" if went_in == 1 else "are"
    assert lines[0] == f"packager: interrupted: {went_in} of 3 sources {verb} in the bundle, whole."
    entries = [f"articles/{name}.md" for name in names[:went_in]]
    assert sorted(contents(bundle)) == sorted(["bundle.toml", *entries])
    assert tomllib.loads((bundle / "bundle.toml").read_text()).get("publication", []) == [
        {"source": entry} for entry in entries
    ]
    assert said.stdout.count("Took") == went_in
    if went_in == 3:
        assert len(lines) == 1
    else:
        again = lines[1].partition(": packager ")[2].split()
        assert packager(*again).returncode == 0
        assert listed(bundle) == [f"articles/{name}.md" for name in names]


@on_posix
def test_a_killed_import_is_finished_by_the_next_and_that_is_said(tmp_path: Path) -> None:
    """It dies with its files in their places and the list as it was."""
    bundle = tmp_path / "window"
    old = note(bundle / "articles", "old")
    write(bundle / "bundle.toml", '[[publication]]\nsource = "articles/old.md"\n')
    comic = make_comic(tmp_path / "cat")
    died = signalled(signal.SIGKILL, "os.rename", "/bundle.toml", "import", "--jobs", 1, comic, bundle)
    assert died.returncode == -signal.SIGKILL
    assert (bundle / "comics" / "cat" / "1.jpg").exists()
    assert listed(bundle) == ["articles/old.md"]
    said = packager("import", "--jobs", 1, note(tmp_path, "tide"), bundle)
    assert said.returncode == 0, said.stderr
    assert "comics/cat: an earlier import was killed before it was done; this one has finished it" in said.stdout
    assert listed(bundle) == ["articles/old.md", "comics/cat", "articles/tide.md"]
    assert old.exists()
    assert sorted(path.name for path in bundle.iterdir()) == ["articles", "bundle.toml", "comics"]


@pytest.mark.needs("mount")
def test_what_went_in_before_an_import_fails_is_said(tmp_path: Path) -> None:
    """The disk is full with the second source; the first one stays, and its line is not lost."""
    comic = make_comic(tmp_path / "pages", pages=3)
    (comic / "2.jpg").write_bytes((comic / "2.jpg").read_bytes() + bytes(500_000))
    with tmpfs(tmp_path / "disk", "400k") as disk:
        said = packager("import", "--jobs", 1, note(tmp_path, "tide"), comic, disk / "window")
        assert said.returncode == OutputError.exit_code
        assert "Took      articles/tide.md" in said.stdout
        assert "No space left" in said.stderr
        assert listed(disk / "window") == ["articles/tide.md"]
