"""`packager plan`: what it foretells is what the build makes, and it makes nothing itself."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.config import definition
from packager.errors import OutputError
from packager.model import Document
from packager.output.atomic import put
from packager.report.page import page_place, write_page
from packager.text.spelling import size_in_bytes, size_words
from tests.helpers.browsers import Chromium
from tests.helpers.builders import contents, make_bundle, packager, write
from tests.helpers.films import made

pytestmark = pytest.mark.slow

READ = Path("/proc/self/io")
FIGURES = ("files", "size_bytes", "occupied_bytes", "editions")


def plan(bundle: Path, output: Path, *options: object) -> str:
    """What the command says of a bundle; it succeeds."""
    said = packager("plan", bundle, "-o", output, *options)
    assert said.returncode == 0, said.stderr
    return said.stdout


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Comics in two languages and an article."""
    return make_bundle(tmp_path_factory.mktemp("plan") / "window")


@pytest.mark.parametrize(
    "space",
    [(), ("--medium", "usb-4gb"), ("--fit", "9MB", "--filesystem", "exfat", "--cluster", "4KiB")],
    ids=["of no size", "a stick", "a space"],
)
def test_plan_and_build_agree_to_the_byte(bundle: Path, tmp_path: Path, space: tuple[str, ...]) -> None:
    """Files, bytes, clusters, and what each edition takes; on the disk too."""
    planned = json.loads(plan(bundle, tmp_path / "out", *space, "--output-format", "json"))
    built = json.loads(packager("build", bundle, "-o", tmp_path / "out", *space, "--output-format", "json").stdout)
    assert {figure: planned[figure] for figure in FIGURES} == {figure: built[figure] for figure in FIGURES}
    assert planned["size_bytes"] == sum(map(len, contents(tmp_path / "out" / "window").values()))


def test_the_works_and_the_library_make_up_the_whole(bundle: Path, tmp_path: Path) -> None:
    """Every file belongs to one work or to the home documents."""
    planned = json.loads(plan(bundle, tmp_path / "out", "--output-format", "json"))
    packager("build", bundle, "-o", tmp_path / "out")
    homes = sum(path.stat().st_size for path in (tmp_path / "out" / "window").glob("*.html"))
    assert sum(row["size_bytes"] for row in planned["publications"]) + homes == planned["size_bytes"]


def test_a_plan_leaves_nothing_behind(bundle: Path, tmp_path: Path) -> None:
    """No tree, no folder that was needed in between, and none above the tree."""
    plan(bundle, tmp_path / "out")
    plan(bundle, tmp_path / "sticks" / "school" / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.needs("ffmpeg")
@pytest.mark.skipif(not READ.exists(), reason="Linux alone counts what processes read")
def test_a_plan_reads_no_film_to_its_end(tmp_path: Path) -> None:
    """Neither the sources nor the films of the tree that stands: it takes no longer for those of gigabytes."""
    (tmp_path / "window" / "films").mkdir(parents=True)
    film = made(tmp_path / "window" / "films" / "rain.mp4", seconds=1)
    os.truncate(film, 600_000_000)
    assert packager("build", tmp_path / "window", "-o", tmp_path / "out").returncode == 0
    before = read_bytes()
    plan(tmp_path / "window", tmp_path / "out")
    assert read_bytes() - before < 300_000_000


def read_bytes() -> int:
    """All that this process and those that it waited for have read."""
    return int(re.findall(r"^rchar: (\d+)$", READ.read_text(), re.MULTILINE)[0])


def test_a_plan_tells_the_bytes_of_the_sources(bundle: Path, tmp_path: Path) -> None:
    """Those of the files that a work's pictures lie in."""
    rows = json.loads(plan(bundle, tmp_path / "out", "--output-format", "json"))["publications"]
    pages = sum(path.stat().st_size for path in (bundle / "comics" / "pages").iterdir())
    assert [row["bytes_now"] for row in rows if row["title"] == "pages"] == [pages]


def test_a_plan_is_a_table_with_a_total(bundle: Path, tmp_path: Path) -> None:
    """A line a version, then what it comes to, what is left, what is lost, and the command that builds it."""
    lines = plan(bundle, tmp_path / "out", "--medium", "usb-4gb").splitlines()
    labels = [line.split()[0] for line in lines[lines.index("") + 1 :]]
    assert labels == ["Total", "Copying", "Clusters", "Editions", "Next"]
    assert lines[-1].split() == [
        *("Next", "packager", "build", str(bundle), "-o", str(tmp_path / "out"), "--medium", "usb-4gb")
    ]
    assert any(line.startswith("Paper boats (en)") for line in lines)


def test_smaller_clusters_lose_what_was_foretold(bundle: Path, tmp_path: Path) -> None:
    """What is said to be lost on clusters of 4 KiB is what a plan for such a stick says."""
    large, small = (
        json.loads(plan(bundle, tmp_path / "out", "--cluster", cluster, "--output-format", "json"))
        for cluster in ("32KiB", "4KiB")
    )
    assert large["lost_with_small_clusters_bytes"] == small["lost_bytes"] < large["lost_bytes"]


def test_a_page_shows_the_plan_without_script_or_anything_from_outside(bundle: Path, tmp_path: Path) -> None:
    """One document; nothing in it is asked for elsewhere."""
    plan(bundle, tmp_path / "out", "--medium", "usb-4gb", "--html", tmp_path / "plan.html")
    page = (tmp_path / "plan.html").read_text(encoding="utf-8")
    assert "Paper boats" in page
    assert [
        word for word in ("<script", "<link", "url(", "//") if word in re.sub('data:image/jpeg;base64,[^"]*', "", page)
    ] == []
    assert {address[0] for address in re.findall('href="([^"]*)"', page)} == {"#"}  # of what is not built yet
    assert {address.partition(",")[0] for address in re.findall('src="([^"]*)"', page)} == {"data:image/jpeg;base64"}


@pytest.mark.needs("chromium")
def test_the_bars_of_a_page_are_as_long_as_what_they_stand_for(
    bundle: Path, tmp_path: Path, chromium: Chromium
) -> None:
    """On a phone, where nothing is wider than the screen."""
    plan(bundle, tmp_path / "out", "--html", tmp_path / "plan.html")
    planned = json.loads(plan(bundle, tmp_path / "out", "--output-format", "json"))
    chromium.open(tmp_path / "plan.html", width=360)
    widths = chromium.evaluate(
        "[...document.querySelectorAll('.said .bar.works')].map(bar => bar.offsetWidth / bar.parentNode.offsetWidth)"
    )
    most = max(max(row["bytes_now"], row["size_bytes"]) for row in planned["publications"])
    assert chromium.evaluate("document.documentElement.scrollWidth") == 360
    assert widths == pytest.approx([row["size_bytes"] / most for row in planned["publications"]], abs=0.01)


def test_a_page_that_cannot_be_written_is_one_clear_line(bundle: Path, tmp_path: Path) -> None:
    """The plan was made for nothing, and says where the fault is."""
    said = packager("plan", bundle, "-o", tmp_path / "out", "--html", tmp_path / "none" / "plan.html")
    assert (said.returncode, "none/plan.html: cannot be written" in said.stderr) == (6, True)


def test_a_page_takes_the_place_of_an_earlier_one_and_of_nothing_else(bundle: Path, tmp_path: Path) -> None:
    """Not of a file that somebody wrote, whose name was given by mistake."""
    page, notes, linked = (tmp_path / name for name in ("plan.html", "notes.html", "linked.html"))
    plan(bundle, tmp_path / "out", "--html", page)
    first = page.read_bytes()
    page.write_bytes(first + b"<!-- older -->")
    plan(bundle, tmp_path / "out", "--html", page)
    assert page.read_bytes() == first
    notes.write_text("<!DOCTYPE html>\n<title>Mine</title>\n")
    linked.symlink_to(notes)
    for file in (notes, linked):
        said = packager("plan", bundle, "-o", tmp_path / "out", "--html", file)
        assert (said.returncode, "no report that packager made" in said.stderr) == (6, True)
    assert notes.read_text() == "<!DOCTYPE html>\n<title>Mine</title>\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["linked.html", "notes.html", "plan.html"]


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few make links")
def test_a_link_that_comes_while_it_is_planned_is_not_followed(bundle: Path, tmp_path: Path) -> None:
    """Others may make one where everybody may write; what it leads to is as it was."""
    mine = write(tmp_path / "mine.txt", "mine")
    place = page_place(tmp_path / "plan.html", definition.load(bundle))
    place.symlink_to(mine)
    with pytest.raises(OutputError, match="no report that packager made"):
        write_page(place, Document("report.html", None))
    put(place, b"<!doctype html>")
    assert (mine.read_text(), place.is_symlink(), place.read_bytes()) == ("mine", False, b"<!doctype html>")


@pytest.mark.parametrize("place", ["bundle.toml", "comics/plan.html"])
def test_a_page_is_not_put_among_the_sources(bundle: Path, tmp_path: Path, place: str) -> None:
    """The next build would read it as an article, or could not be done at all."""
    before = contents(bundle)
    said = packager("plan", bundle, "-o", tmp_path / "out", "--html", bundle / place)
    assert (said.returncode, "bundle's sources" in said.stderr) == (6, True)
    assert contents(bundle) == before


def test_what_does_not_fit_is_said_before_anything_is_made(bundle: Path, tmp_path: Path) -> None:
    """As the build would: exit code 5."""
    said = packager("plan", bundle, "-o", tmp_path / "out", "--fit", "70KB")
    assert (said.returncode, said.stdout, list(tmp_path.iterdir())) == (5, "", [])


def test_a_plan_that_meets_damage_names_the_plan_that_goes_on(tmp_path: Path) -> None:
    """With the sizes as people write them."""
    bundle = make_bundle(tmp_path / "window", pages=1)
    page = next((bundle / "comics" / "pages").glob("*.jpg"))
    page.write_bytes(page.read_bytes()[:-300])
    said = packager("plan", bundle, "--fit", "500MB", "--cluster", "4KiB", cwd=tmp_path)
    assert said.returncode == 4
    command = said.stderr.strip().rpartition("show what is left of them: ")[2]
    assert command == f"packager plan {bundle} --fit 500MB --cluster 4KiB --skip-damaged"
    assert packager(*shlex.split(command)[1:], cwd=tmp_path).returncode == 0


@given(st.integers(1, 10**15) | st.integers(1, 10**6).map(lambda number: number * 1024))
def test_a_size_is_written_so_that_it_is_read_as_the_same(count: int) -> None:
    """And as short as can be."""
    assert size_in_bytes(size_words(count)) == count
    assert (size_words(500_000_000), size_words(4096), size_words(0)) == ("500MB", "4KiB", "")


def test_the_next_command_builds_what_was_planned(bundle: Path, tmp_path: Path) -> None:
    """All that was asked of the plan is asked of the build too, with what may stand last at its end."""
    asked = ("--medium", "usb-4gb", "--filesystem", "exFAT", "--cluster", "8KiB", "--skip-damaged", "--drop", "--split")
    said = plan(bundle, tmp_path / "out", *asked).splitlines()[-1]
    assert said.split()[1:] == ["packager", "build", str(bundle), "-o", str(tmp_path / "out"), *asked]
