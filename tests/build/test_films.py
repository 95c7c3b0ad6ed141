"""A film of a bundle reaches the tree: a page with its poster and a plain link, and the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from packager.build.build import build
from packager.build.films import DamagedRecordings
from packager.build.request import Request
from packager.build.result import BuildResult
from packager.errors import UsageError
from packager.model import Outcome
from packager.output.templating import render
from packager.report.page import report_page
from packager.sandbox.pool import Workers
from tests.helpers import films
from tests.helpers.browsers import Browser
from tests.helpers.browsers.playing import start_playing
from tests.helpers.reading import make_files
from tests.helpers.small_films import film


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, workers: Workers) -> BuildResult:
    """A bundle with one film."""
    folder = tmp_path_factory.mktemp("film")
    (folder / "bundle/films").mkdir(parents=True)
    films.made(folder / "bundle/films/The Window.ko.mp4", seconds=2)
    request = Request(folder / "bundle", folder / "out")
    result = build(request, lambda *_: None, workers)
    assert not result.is_refused, result.findings
    return result


def test_page_leads_to_poster_and_film(built: BuildResult) -> None:
    """The work's folder has one document, the poster that it shows, and the film that it links to."""
    (document,) = (built.destination / "bundle").glob("*/index.html")
    names = {path.name for path in document.parent.iterdir()}
    page = document.read_text("utf-8")
    film = f"{document.parent.name}.mp4"
    assert {film, "poster.jpg"} <= names
    assert f'href="{film}"' in page
    assert 'src="poster.jpg"' in page
    assert "The Window" in page


@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_browsers_play_the_film_in_its_page(built: BuildResult, name: str, request: pytest.FixtureRequest) -> None:
    """From file://, under the page's own policy, and only once it is asked to."""
    (document,) = (built.destination / "bundle").glob("*/index.html")
    browser: Browser = request.getfixturevalue(name)
    browser.open(document, 360, 640)
    start_playing(browser)
    assert browser.evaluate("document.querySelector('video').videoWidth") == 320


def test_report_says_how_long_a_film_is(built: BuildResult) -> None:
    """With its kind, its shape, and the number of works, of which none is a comic."""
    report = b"".join(one for one in render(report_page(built)) if isinstance(one, bytes)).decode()
    assert "<p>1 film. " in report
    for fact in ('<span class="kind">film</span>', "0:02", "320 x 240"):
        assert fact in report


def damaged(film: bytes) -> bytes:
    """A film that says all of itself, and has no picture."""
    begin = film.index(b"\x1fC\xb6u")  # the first cluster of Matroska: what stands before it describes what it holds
    return film[: begin + 4] + bytes(20_000)


@pytest.mark.parametrize("skips", [False, True])
def test_films_of_which_nothing_can_be_made_are_told_together(tmp_path: Path, workers: Workers, skips: bool) -> None:
    """All in one run, with their names; where damage may be skipped the others are built without them."""
    bundle = make_files(
        tmp_path / "bundle",
        {"films/a.mkv": damaged(film()), "films/b.mkv": damaged(film()), "films/whole.mkv": film()},
    )
    request = Request(bundle, tmp_path / "out", skip_damaged=skips)
    if not skips:
        with pytest.raises(DamagedRecordings) as refusal:
            build(request, lambda *_: None, workers)
        assert "films/a.mkv" in refusal.value.what
        assert "films/b.mkv" in refusal.value.what
        return
    result = build(request, lambda *_: None, workers)
    assert [one.versions[0].title for one in result.library.publications] == ["whole"]
    assert {one.source for one in result.remarks if one.outcome is Outcome.DAMAGED} == {"films/a.mkv", "films/b.mkv"}
    assert {one.source for one in result.remarks if one.outcome is Outcome.TAKEN} == {"films/whole.mkv"}
    assert len(list((tmp_path / "out" / "bundle").glob("*/*.mp4"))) == 1


def test_what_lists_films_tells_what_is_there_and_how_long_that_is(tmp_path: Path, workers: Workers) -> None:
    """A film that breaks off is as long as it is; one that is left out has no line, and the next one its number."""

    def listed(name: str, sources: dict[str, bytes]) -> tuple[BuildResult, Path]:
        bundle = make_files(tmp_path / name, {f"films/{title}.mkv": data for title, data in sources.items()})
        (bundle / "bundle.toml").write_text('title = "Films"\nprofile = "player-small"\nfolder = "films"\n', "utf-8")
        result = build(Request(bundle, tmp_path / f"{name}-out", skip_damaged=True), lambda *_: None, workers)
        assert not result.is_refused, result.findings
        return result, tmp_path / f"{name}-out" / "films"

    whole = films.made(tmp_path / "whole.mkv", "-g", "5", seconds=8, size="160x120").read_bytes()
    last = films.made(tmp_path / "last.mkv", seconds=3, size="160x120").read_bytes()
    sources = {"1 Broken": whole[: len(whole) // 2], "2 Dead": damaged(film()), "3 Last": last}
    broken, tree = listed("broken", sources)
    seconds = len(films.counted(tree / "001" / "001.AVI")) / 24
    assert seconds < 6
    length = f"0:{round(seconds):02}"
    lines = (tree / "000.TXT").read_text("utf-8-sig").replace("\u2003", " ").split("\n")
    assert [line for line in lines if "·" in line] == [f"001 1 Broken · {length}", "002 3 Last · 0:03"]
    assert {version.title: round(version.recordings[0].seconds) for _, version in broken.library.versions} == {
        "1 Broken": round(seconds),
        "3 Last": 3,
    }
    right = films.made(tmp_path / "right.mkv", seconds=round(seconds), size="160x120").read_bytes()
    _, other = listed("right", {"1 Broken": right, "3 Last": last})
    assert (tree / "000.JPG").read_bytes() == (other / "000.JPG").read_bytes()


def test_devices_that_play_no_films_get_the_rest(tmp_path: Path, workers: Workers) -> None:
    """What is left out is counted, and named with its reason; a bundle of films alone is refused with what to do."""
    bundle = tmp_path / "window"
    (bundle / "films").mkdir(parents=True)
    films.made(bundle / "films/The Bridge.mp4", seconds=1)
    request = Request(bundle, tmp_path / "out", profile="ereader")
    with pytest.raises(UsageError, match="the profile ereader plays no films and no sound"):
        build(request, lambda *_: None, workers)
    make_files(bundle, {"articles/letter.en.md": "# A letter\n\nThe window is open tonight.\n"})
    result = build(request, lambda *_: None, workers)
    assert not result.is_refused, result.findings
    said = {one.source: (one.outcome, one.message) for one in result.remarks}
    reason = "the profile ereader plays no films and no sound"
    assert said["films/The Bridge.mp4"] == (Outcome.LEFT_OUT, reason)
    assert said["window"][1].startswith(f"{reason}: 1 work was left out")
    assert sorted(path.suffix for path in (tmp_path / "out/window").rglob("*.*")) == [".epub"]
