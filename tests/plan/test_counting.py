"""Too many files: refused before any picture is decoded, and with what helps."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from packager.build.build import preview
from packager.build.request import Request
from packager.plan.counting import fewest_files
from packager.sandbox.pool import Workers
from tests.helpers.builders import make_comic, make_strip, packager, write
from tests.helpers.dry_bundle import make_dry_bundle

MOST = 75
TITLES = ("Leyla and the Winter of the Harbour", "Amina and the Kite of the Station")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two comics of 50 pages and 20 articles, for devices that show few files; one page breaks off."""
    folder = make_dry_bundle(tmp_path_factory.mktemp("many") / "many", 100, 'profile = "few.toml"\nsearch = false\n')
    write(folder / "few.toml", f'extends = "any"\n[tree]\nmax_files = {MOST}\n')
    for comic, title in zip(sorted((folder / "comics").iterdir()), TITLES, strict=True):
        comic.rename(comic.with_name(title))
    page = folder / "comics" / TITLES[0] / "007.jpg"
    page.write_bytes(page.read_bytes()[:-100])
    return folder


@pytest.mark.parametrize("verb", ["build", "plan"])
def test_it_is_refused_before_any_picture_is_decoded(bundle: Path, tmp_path: Path, verb: str) -> None:
    """A picture that breaks off would have been told first; each work is named by its title, with its files."""
    said = packager(verb, bundle, "-o", tmp_path / "out")
    assert said.returncode == 5
    assert "damaged" not in said.stderr
    found = re.search(r"there are at least (\d+) files, .* show 75\. What helps:", said.stderr)
    assert found
    # Folders of two comics, 20 texts, a file for each of these 22, and the library.
    assert int(found[1]) == 2 * 51 + 20 + 22 + 1
    assert re.search(rf"52  \S+ +{TITLES[0]}$", said.stderr, re.MULTILINE)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_each_thing_that_helps_helps_alone(bundle: Path, tmp_path: Path) -> None:
    """Editions, a profile, several media: with the command that the last line gives."""
    said = packager("plan", bundle, "-o", tmp_path / "out", "--skip-damaged").stderr
    options = re.findall(r"^  (--\S+ \S+)", said, re.MULTILINE)
    command = shlex.split(said.rpartition("Add one of these to: ")[2])[1:]
    assert {option.split()[0] for option in options} == {"--editions", "--profile", "--split"}
    for option in options:
        done = packager(*command, *option.split())
        assert done.returncode == 0, (option, done.stderr)


def test_as_many_media_are_taken_as_the_files_need(bundle: Path, tmp_path: Path) -> None:
    """On sticks with far more space than the bundle takes."""
    options = ("--skip-damaged", "--fit", "1GB", "--split", "--output-format", "json")
    said = packager("plan", bundle, "-o", tmp_path / "out", *options)
    assert said.returncode == 0, said.stderr
    files = [tree["files"] for tree in json.loads(said.stdout)["trees"]]
    assert files == [1 + 53 + 10 * 2] * 2  # a library, a comic with its CBZ, and ten texts


def test_a_work_that_is_too_large_alone_is_refused_however_many_media_there_are(bundle: Path, tmp_path: Path) -> None:
    """No `--split` is advised then."""
    write(tmp_path / "fewer.toml", 'extends = "any"\n[tree]\nmax_files = 50\n')
    options = ("--profile", "fewer.toml", "--split", "8")
    said = packager("build", bundle, "-o", tmp_path / "out", *options, cwd=tmp_path)
    assert said.returncode == 5
    assert "\n  --split" not in said.stderr


@pytest.mark.parametrize("profile", ["any", "ereader", "player"])
def test_there_are_never_fewer_files_than_foretold(tmp_path: Path, profile: str) -> None:
    """Pages, a strip of tall tiles, one of low ones, and a text that takes several pages."""
    comics = tmp_path / "window" / "comics"
    make_comic(comics / "pages")
    make_strip(comics / "tall", tiles=2, size=(400, 6_000))
    make_strip(comics / "short", tiles=9, size=(900, 200))
    write(tmp_path / "window" / "articles" / "text.md", "# Text\n\n" + "A line of words. " * 900)
    write(tmp_path / "window" / "bundle.toml", 'title = "Window"\n')
    with Workers() as workers:
        tree = preview(Request(tmp_path / "window", tmp_path / "out", profile=profile), workers).trees[0]
    assert 0 < fewest_files(tree.build).total <= len(tree.plan.entries)
