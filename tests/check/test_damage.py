"""Whatever happens to a tree, its manifest shows it; where nothing happened, nothing is shown."""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from packager.check import check
from packager.config import profile as profiles
from packager.sandbox.pool import Workers
from tests.helpers.builders import make_comic, packager, write

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names differ in more than case or marks")

ANY = profiles.load("any")
MISSING, EXTRA, CHANGED, CUT = "M101", "M102", "M103", "M104"
Named = set[tuple[str, str]]
Done = list[tuple[Path, str]]  # what was damaged, and what it must be called


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build made of a small comic, in every edition."""
    folder = tmp_path_factory.mktemp("small")
    make_comic(folder / "window" / "comics" / "pages", pages=4, size=(150, 210))
    write(folder / "window" / "bundle.toml", 'editions = ["site", "phone", "cbz"]\n')
    done = packager("build", folder / "window", "-o", folder / "built")
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "built"


def test_random_damages_are_named(built: Path, tmp_path: Path) -> None:
    """A sample of the proof: every kind of damage three times or more."""
    assert damaged_and_checked(built, tmp_path, count=30) == (30, 0)


@pytest.mark.prove
def test_a_thousand_random_damages_are_named(built: Path, tmp_path: Path) -> None:
    """Each for what it is and nothing else by the manifest; and no finding at all on as many clean copies."""
    named, alarms = damaged_and_checked(built, tmp_path, count=1000)
    print(f"{named} of 1000 damages named, {alarms} findings on 1000 clean copies")
    assert (named, alarms) == (1000, 0)


def damaged_and_checked(built: Path, scratch: Path, count: int) -> tuple[int, int]:
    """How many of `count` damages are named exactly, and how many findings the clean copies have before."""
    chance = random.Random(count)
    named = alarms = 0
    with Workers() as workers:
        for number in range(count):
            tree = shutil.copytree(built / "window", scratch / "window")
            alarms += len(check(tree, ANY, workers, manifest=built / "keep"))
            expected = DAMAGES[number % len(DAMAGES)](tree, chance)
            named += found(tree, built, workers) == {
                (path.relative_to(tree).as_posix(), code) for path, code in expected
            }
            shutil.rmtree(tree)
    return named, alarms


def found(tree: Path, built: Path, workers: Workers) -> Named:
    """What the manifest finds; damage may break other rules too."""
    findings = check(tree, ANY, workers, manifest=built / "keep")
    return {(finding.path, finding.code) for finding in findings if finding.code.startswith("M")}


def flip(tree: Path, chance: random.Random) -> Done:
    """One bit."""
    path = any_file(tree, chance)
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return [(path, CHANGED)]


def cut(tree: Path, chance: random.Random) -> Done:
    """The end, or all of it."""
    path = any_file(tree, chance)
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data))])
    return [(path, CUT)]


def zero_fill(tree: Path, chance: random.Random) -> Done:
    """A part in place of which a failing drive gives zeros."""
    path = any_file(tree, chance)
    data = path.read_bytes()
    begin = chance.randrange(len(data) - 1)
    end = chance.randrange(begin + 1, len(data))
    zeroed = data[:begin] + bytes(end - begin) + data[end:]
    path.write_bytes(zeroed if zeroed != data else bytes(len(data)))
    return [(path, CHANGED)]


def swap(tree: Path, chance: random.Random) -> Done:
    """Two files, each under the name of the other."""
    one, other = chance.sample(files_of(tree), 2)
    sizes = one.stat().st_size, other.stat().st_size
    assert one.read_bytes() != other.read_bytes()
    aside = one.rename(tree / "aside")
    other.rename(one)
    aside.rename(other)
    return [(one, CHANGED if sizes[1] >= sizes[0] else CUT), (other, CHANGED if sizes[0] >= sizes[1] else CUT)]


def rename(tree: Path, chance: random.Random) -> Done:
    """Another number."""
    path = any_file(tree, chance)
    return renamed(path, f"{chance.randrange(1000, 10_000)}{path.suffix}")


def change_case(tree: Path, chance: random.Random) -> Done:
    """Capitals, as old FAT drivers show them."""
    path = any_file(tree, chance)
    return renamed(path, path.name.upper())


def decompose(tree: Path, chance: random.Random) -> Done:
    """A letter and its mark apart, as Macs of old wrote them; names of ours have no marks, so one is added."""
    path = any_file(tree, chance)
    at = chance.randrange(1, len(path.stem) + 1)
    return renamed(path, f"{path.name[:at]}\N{COMBINING ACUTE ACCENT}{path.name[at:]}")


def add(tree: Path, chance: random.Random) -> Done:
    """A foreign file beside one of ours, with what looks like a page's name."""
    path = any_file(tree, chance).with_name(f"{chance.randrange(1000, 10_000)}.jpg")
    path.write_bytes(chance.randbytes(chance.randrange(200)))
    return [(path, EXTRA)]


def remove(tree: Path, chance: random.Random) -> Done:
    """A file that is gone; its folder stays."""
    path = any_file(tree, chance)
    path.unlink()
    emptied = not any(path.parent.iterdir())
    return [(path, MISSING), *([(path.parent, EXTRA)] if emptied else [])]


DAMAGES: tuple[Callable[[Path, random.Random], Done], ...] = (
    flip,
    cut,
    zero_fill,
    swap,
    rename,
    change_case,
    decompose,
    add,
    remove,
)


def renamed(path: Path, name: str) -> Done:
    """The file gone, and a foreign one there."""
    return [(path, MISSING), (path.rename(path.with_name(name)), EXTRA)]


def any_file(tree: Path, chance: random.Random) -> Path:
    """One of the tree's files, each as likely."""
    return chance.choice(files_of(tree))


def files_of(tree: Path) -> list[Path]:
    """The tree's files in the same order everywhere."""
    return sorted(path for path in tree.rglob("*") if path.is_file())
