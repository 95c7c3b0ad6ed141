"""A second build takes from the tree that stands what is still right, and makes what a build from nothing makes."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from packager.build.build import build
from packager.build.request import Request
from packager.build.result import BuildResult
from packager.check import examine
from packager.model import Edition, Outcome
from packager.output.marks import REMEMBERED
from packager.pictures import worker_jobs
from packager.report.keep import write_keep
from packager.sandbox.pool import Workers
from tests.helpers import films, small_films
from tests.helpers.builders import contents, make_bundle, make_comic, make_picture, packager, write
from tests.helpers.reading import make_files

pytestmark = pytest.mark.slow
SONG = "sound/rain.mp3"
DECODES = (worker_jobs.page, worker_jobs.tile, examine.examine)


class CountingWorkers(Workers):
    """Workers that count what they are given to do."""

    def __init__(self, jobs: int) -> None:
        super().__init__(jobs)
        self.done = Counter[str]()

    def _run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        self.done[function.__name__] += 1
        return super()._run(function, *arguments)

    def decoded(self) -> int:
        """How often a picture was decoded or a file examined since this was last asked."""
        count = sum(self.done[job.__name__] for job in DECODES)
        self.done.clear()
        return count


@pytest.fixture(scope="module")
def counting() -> Iterator[CountingWorkers]:
    """One worker for all builds of this file."""
    with CountingWorkers(1) as pool:
        yield pool


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, counting: CountingWorkers) -> Path:
    """A folder with a bundle of pages, strips and an article, and what was built of it."""
    folder = tmp_path_factory.mktemp("first")
    make_bundle(folder / "window")
    make_comic(folder / "window" / "comics" / "second", 4)
    built(folder, counting)
    return folder


@pytest.fixture
def again(first: Path, tmp_path: Path, counting: CountingWorkers) -> Path:
    """A copy of that, to which something can be done, with the times that a build gave."""
    counting.decoded()
    return shutil.copytree(first, tmp_path / "again")


def built(folder: Path, workers: Workers, output: str = "out", **asked: Any) -> BuildResult:
    """Build the bundle in `folder`."""
    return build(Request(folder / "window", folder / output, **asked), write_keep, workers)


def trees(folder: Path, output: str) -> dict[str, bytes]:
    """What a build made, but for what it keeps for the next one and for the reports, which tell where it was made."""
    kept = ("keep/report.", f"keep/{REMEMBERED}")
    return {path: data for path, data in contents(folder / output).items() if not path.startswith(kept)}


def assert_as_from_nothing(folder: Path, workers: Workers, **asked: Any) -> None:
    """What stands in `out` is, to the byte and to the time of each file, what a build makes where nothing stands."""
    built(folder, workers, "anew", makes_anew=True, **asked)
    assert trees(folder, "out") == trees(folder, "anew")
    times = [
        {path.relative_to(folder / output): path.stat().st_mtime_ns for path in (folder / output / "window").rglob("*")}
        for output in ("out", "anew")
    ]
    assert times[0] == times[1]
    shutil.rmtree(folder / "anew")


def test_nothing_is_decoded_where_nothing_has_changed(again: Path, counting: CountingWorkers) -> None:
    """Neither to encode pictures again nor to check them; and the tree is the same."""
    before = trees(again, "out")
    built(again, counting)
    assert counting.decoded() == 0
    assert trees(again, "out") == before


def test_only_the_page_that_has_changed_is_decoded(again: Path, counting: CountingWorkers) -> None:
    """Once to be encoded; what is checked are its files, and the documents and archives that show it."""
    make_picture(again / "window" / "comics" / "second" / "2.jpg", seed=77)
    built(again, counting)
    assert counting.done[worker_jobs.page.__name__] == 1
    assert counting.done[worker_jobs.tile.__name__] == 0
    assert_as_from_nothing(again, counting)


def test_all_is_made_anew_where_that_is_asked(again: Path, counting: CountingWorkers) -> None:
    """As often as in the first build."""
    built(again, counting, "elsewhere")
    first_time = counting.decoded()
    built(again, counting, makes_anew=True)
    assert counting.decoded() == first_time > 0


def test_a_tree_that_somebody_changed_is_mended_and_told_of(again: Path, counting: CountingWorkers) -> None:
    """A flipped byte in a picture, a document cut short, a file that is gone."""
    tree = again / "out" / "window"
    before = trees(again, "out")
    picture = next(path for path in sorted(tree.rglob("*.jpg")) if path.stat().st_size > 5000)
    data = bytearray(picture.read_bytes())
    data[len(data) // 2] ^= 1
    picture.write_bytes(data)
    document, gone = sorted(tree.rglob("*.html"))[1:3]
    document.write_bytes(document.read_bytes()[:-100])
    gone.unlink()
    result = built(again, counting)
    assert trees(again, "out") == before
    changed = sorted(str(path.relative_to(again / "out")) for path in (picture, document, gone))
    (told,) = [one for one in result.remarks if "not as it was built" in one.message]
    assert told.outcome is Outcome.WARNING
    assert told.source in changed
    assert "2 other files" in told.message


def test_neither_an_old_time_nor_a_name_of_ours_proves_a_file(again: Path, counting: CountingWorkers) -> None:
    """A byte is flipped in one document, which keeps its time, and two others have changed places."""
    tree = again / "out" / "window"
    before = trees(again, "out")
    flipped, one, other = sorted((tree / "phone").rglob("*.html"))[:3]
    status = flipped.stat()
    flipped.write_bytes(flipped.read_bytes().replace(b"<body", b"<bodY", 1))
    os.utime(flipped, ns=(status.st_atime_ns, status.st_mtime_ns))
    one.rename(tree / "aside")
    other.rename(one)
    (tree / "aside").rename(other)
    result = built(again, counting)
    assert trees(again, "out") == before
    assert any("2 other files" in one.message for one in result.remarks)


@pytest.mark.parametrize("harm", ["flipped", "cut", "emptied", "foreign", "link", "writable", "gone"])
def test_what_does_not_prove_itself_counts_for_nothing(again: Path, counting: CountingWorkers, harm: str) -> None:
    """What is kept for the next build, when something was done to it, costs time and nothing else."""
    kept = again / "out" / "keep" / REMEMBERED
    data = kept.read_bytes()
    before = trees(again, "out")
    match harm:
        case "flipped":
            for at in range(100, len(data), 500):
                data = data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :]
            kept.write_bytes(data)
        case "cut":
            kept.write_bytes(data[: len(data) // 2])
        case "emptied":
            kept.write_bytes(b"")
        case "foreign":
            kept.write_bytes(data.replace(b"packager 1 ", b"packager 1 0", 1))
        case "link":
            kept.rename(again / "elsewhere.bin")
            kept.symlink_to(again / "elsewhere.bin")
        case "writable":
            kept.chmod(0o666)
        case "gone":
            kept.unlink()
    built(again, counting)
    assert counting.decoded() > 0
    assert trees(again, "out") == before


def test_nothing_is_taken_from_outside_the_tree(again: Path, counting: CountingWorkers) -> None:
    """A folder of the tree that is a link now leads to the right bytes, and they are made all the same."""
    tree = again / "out" / "window"
    folder = next(path.parent for path in sorted(tree.rglob("001.jpg")))
    before = trees(again, "out")
    folder.rename(again / "moved")
    folder.symlink_to(again / "moved", target_is_directory=True)
    built(again, counting)
    assert not folder.is_symlink()
    assert trees(again, "out") == before
    assert (again / "moved" / "001.jpg").stat().st_nlink == 1


def test_files_that_are_still_right_take_no_space_twice(again: Path, counting: CountingWorkers) -> None:
    """They have their names in the new tree and stay what they were on the disk."""
    pictures = list({path.read_bytes(): path for path in (again / "out" / "window").rglob("0*.jpg")}.values())
    before = {path: path.stat().st_ino for path in pictures}
    make_picture(again / "window" / "articles" / "boat.jpg", (640, 400), seed=5)
    built(again, counting)
    assert sum(path.stat().st_ino == before[path] for path in pictures) >= len(pictures) - 1


def test_documents_and_archives_of_what_has_not_changed_are_not_written_again(
    again: Path, counting: CountingWorkers
) -> None:
    """Each is the file that it was; those of the work that has changed are others, and so are lists that tell of it."""
    tree = again / "out" / "window"
    built(again, counting)  # as a copy they have other numbers than what was noted of them says
    before = {path: path.stat().st_ino for path in (*tree.rglob("*.html"), *tree.rglob("*.cbz"))}
    make_picture(again / "window" / "comics" / "second" / "2.jpg", seed=78)
    built(again, counting)
    other = {path for path in before if path.stat().st_ino != before[path]}
    works = {path for path in before if path.suffix == ".cbz" or path.parent.name == "phone"}
    assert len(works & other) == 2
    assert len(works) > 4
    assert_as_from_nothing(again, counting)


def test_pictures_in_documents_alone_become_files_again(again: Path, counting: CountingWorkers) -> None:
    """Those of the phone edition are files of no tree: they are taken out of its documents where these change."""
    built(again, counting, editions=(Edition.PHONE,))
    counting.decoded()
    write(again / "window" / "bundle.toml", 'title = "Other"\nprefix = "other"\n')
    built(again, counting, editions=(Edition.PHONE,))
    assert counting.done[worker_jobs.page.__name__] == 0
    assert_as_from_nothing(again, counting, editions=(Edition.PHONE,))


@pytest.mark.needs("ffmpeg")
def test_films_are_taken_from_the_tree(tmp_path: Path, counting: CountingWorkers) -> None:
    """Each is the file that it was, whatever else changes; it is encoded again where somebody has changed it."""
    for name, rate in (("boat.en.mkv", "12"), ("rain.en.mkv", "10")):
        path = tmp_path / "window" / "films" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        films.made(path, seconds=1, size="160x120", rate=rate)
    article = write(tmp_path / "window" / "articles" / "more.en.md", "# More\n\nWords.\n")
    built(tmp_path, counting)
    before = {path: path.stat().st_ino for path in (tmp_path / "out").rglob("*.mp4")}
    assert len(before) == 2
    write(article, "# More\n\nOther words.\n")
    built(tmp_path, counting)
    assert {path: path.stat().st_ino for path in before} == before
    assert_as_from_nothing(tmp_path, counting)
    film = next(iter(before))
    film.write_bytes(film.read_bytes()[:-1] + b"?")
    built(tmp_path, counting)
    assert [path for path in before if path.stat().st_ino != before[path]] == [film]
    assert_as_from_nothing(tmp_path, counting)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a bundle and what the command built of it, and what that said."""
    folder = tmp_path_factory.mktemp("finished")
    make_comic(folder / "window" / "comics" / "pages", 2)
    write(folder / "window" / "articles" / "boats.en.md", "# Boats\n\nFold a sheet of paper.\n")
    make_files(folder / "window", {SONG: small_films.sound()})
    said = told(folder)
    assert said.returncode == 0, said.stderr
    return folder, said.stdout


def told(folder: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    """Build with the command, in one home and time zone."""
    return packager("build", "window", "-o", "out", *asked, cwd=folder, environment={"HOME": "/", "TZ": "UTC"})


def statuses(folder: Path) -> dict[Path, tuple[int, int]]:
    """Every file below a folder, with its number and when anything about it was changed."""
    return {path: (path.stat().st_ino, path.stat().st_ctime_ns) for path in folder.rglob("*")}


@pytest.mark.needs("ffmpeg")
def test_where_nothing_has_changed_nothing_is_touched(finished: tuple[Path, str]) -> None:
    """The command says so, and again what it said before; for programs it says what it said."""
    folder, said = finished
    before = statuses(folder / "out")
    first, *others = told(folder).stdout.splitlines()
    assert first.startswith("Unchanged")
    assert others == said.splitlines()
    as_json = told(folder, "--output-format", "json")
    assert json.loads(as_json.stdout)["name"] == "window"
    assert statuses(folder / "out") == before


def _flip_last_bit(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def _removed(path: str) -> Callable[[Path], object]:
    return lambda folder: (folder / path).unlink()


CHANGES: dict[str, Callable[[Path], object]] = {
    "an article": lambda folder: write(folder / "window" / "articles" / "boats.en.md", "# Boats\n\nFold two.\n"),
    "a file that is not used": lambda folder: write(folder / "window" / "comics" / "pages" / "notes.xyz", "x"),
    "a song, in its bytes alone": lambda folder: _flip_last_bit(folder / "window" / SONG),
    "a page's name": lambda folder: (folder / "window/comics/pages/2.jpg").rename(folder / "window/comics/pages/3.jpg"),
    "a definition": lambda folder: write(folder / "window" / "bundle.toml", 'title = "Other"\n'),
    "the list of editions": lambda folder: shutil.rmtree(folder / "window" / "editions"),
    "the tree": _removed("out/window/index.html"),
    "the report": _removed("out/keep/report.html"),
    "what is kept": _removed(f"out/keep/{REMEMBERED}"),
}
ASKED = (("--fit", "64MB"), ("--profile", "laptop"), ("--editions", "site"), ("--no-reuse",), ("--archive", "zip"))


@pytest.mark.needs("ffmpeg")
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_has_changed_is_built(finished: tuple[Path, str], tmp_path: Path, change: str) -> None:
    """Sources, the bundle's own files, the tree, and what stands beside it."""
    folder = shutil.copytree(finished[0], tmp_path / "changed")
    assert told(folder).stdout.startswith("Made")  # elsewhere than it was
    assert told(folder).stdout.startswith("Unchanged")
    CHANGES[change](folder)
    said = told(folder)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("Made")


@pytest.mark.needs("ffmpeg")
@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_what_is_asked_for_is_built(finished: tuple[Path, str], tmp_path: Path, asked: tuple[str, ...]) -> None:
    """Another profile, other editions, other space."""
    folder = shutil.copytree(finished[0], tmp_path / "changed")
    said = told(folder, *asked)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("Made")


def add_page(bundle: Path, chance: random.Random) -> None:
    folder = chance.choice(sorted((bundle / "comics").glob("*[!p]")))
    make_picture(folder / f"{chance.randrange(10, 99)}.jpg", seed=chance.randrange(1000))


def remove_page(bundle: Path, chance: random.Random) -> None:
    pages = sorted((bundle / "comics").glob("*/*.jpg"))
    if len(pages) > 4:
        chance.choice(pages[2:]).unlink()


def rename_page(bundle: Path, chance: random.Random) -> None:
    page = chance.choice(sorted((bundle / "comics").glob("*/*.jpg")))
    page.rename(page.with_name(f"{chance.randrange(100, 999)}.jpg"))


def replace_page(bundle: Path, chance: random.Random) -> None:
    make_picture(chance.choice(sorted((bundle / "comics").glob("*/*.jpg"))), seed=chance.randrange(1000))


def write_article(bundle: Path, chance: random.Random) -> None:
    number = chance.randrange(4)
    words = " ".join(chance.choice("paper boats swim in the rain".split()) for _ in range(80))
    write(bundle / "articles" / f"more{number}.en.md", f"# More {number}\n\n{words}\n\n![A boat](boat.jpg)\n")


def remove_article(bundle: Path, chance: random.Random) -> None:
    articles = sorted((bundle / "articles").glob("more*"))
    if articles:
        chance.choice(articles).unlink()


def change_definition(bundle: Path, chance: random.Random) -> None:
    lines = [f'title = "Window {chance.randrange(3)}"', f'profile = "{chance.choice(["any", "laptop", "phone"])}"']
    if chance.random() < 0.3:
        lines.append('names = "titles"')
    write(bundle / "bundle.toml", "\n".join(lines) + "\n")


EDITS = (
    add_page,
    remove_page,
    rename_page,
    replace_page,
    write_article,
    remove_article,
    change_definition,
    replace_page,
)
OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"fit_bytes": 900_000, "cluster_bytes": 4096, "drops": True},
    {"editions": (Edition.SITE, Edition.CBZ)},
    {"editions": (Edition.PHONE,)},
    {"editions": (Edition.SITE, Edition.EPUB, Edition.PDF)},
    {"editions": (Edition.SITE, Edition.EPUB, Edition.CBZ)},
)


def edit_and_build(folder: Path, workers: Workers, seed: int, times: int) -> None:
    """Do something to the bundle again and again; each time the tree is what a build from nothing makes."""
    chance = random.Random(seed)
    for _ in range(times):
        chance.choice(EDITS)(folder / "window", chance)
        asked = chance.choice(OPTIONS)
        built(folder, workers, **asked)
        assert_as_from_nothing(folder, workers, **asked)


def test_after_any_edit_the_tree_is_as_from_nothing(again: Path, counting: CountingWorkers) -> None:
    """Pages and articles come, go, and change; so do title, profile, space and editions."""
    edit_and_build(again, counting, seed=1, times=10)


@pytest.mark.prove
def test_after_fifty_edits_the_tree_is_as_from_nothing(again: Path, counting: CountingWorkers) -> None:
    """The same, with fifty edits one after the other."""
    edit_and_build(again, counting, seed=random.randrange(1 << 30), times=50)
    print("50 edits, each followed by a second build and by one from nothing: the same trees")
