"""The whole journey, by the command line, on small real bundles: one happy way and one for each way to fail."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from packager import __version__
from packager.output.marks import REMEMBERED
from tests.helpers.builders import contents, make_bundle, make_comic, make_picture, packager, write
from tests.helpers.samples import SAMPLES, needs_samples

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
INDEX = f"keep/{REMEMBERED}"


def build(bundle: Path, output: Path, *options: object, code: int = 0, **named: object) -> str:
    """Build and insist on the exit code; what was printed, both streams."""
    result = packager("build", bundle, "-o", output, *options, **named)  # type: ignore[arg-type]
    printed = result.stdout + result.stderr
    assert result.returncode == code, printed
    assert "Traceback" not in printed
    return printed


def test_a_bundle_becomes_a_checked_tree(tmp_path: Path) -> None:
    """Comics, strip and article arrive in every edition, and the check of the finished tree agrees."""
    printed = build(make_bundle(tmp_path / "window"), tmp_path / "out")
    tree = tmp_path / "out" / "window"
    assert re.search(r"Made +.*window.*2 comics, 1 article", printed)
    assert sorted(path.name for path in tree.iterdir() if path.is_dir() and path.name not in ("phone", "cbz"))
    assert len(list((tree / "phone").iterdir())) == 4
    assert len(list((tree / "cbz").iterdir())) == 3
    checked = packager("check", tree)
    assert checked.returncode == 0, checked.stdout
    report = (tmp_path / "out" / "keep" / "report.txt").read_text(encoding="utf-8")
    assert "comics/pages/1.jpg" in report


def test_the_sizes_that_were_planned_are_the_sizes_on_disk(tmp_path: Path) -> None:
    """The report's total is the sum of all files of the tree."""
    build(make_bundle(tmp_path / "window"), tmp_path / "out")
    told = json.loads((tmp_path / "out" / "keep" / "report.json").read_text(encoding="utf-8"))
    tree = contents(tmp_path / "out" / "window")
    assert (told["size_bytes"], told["files"]) == (sum(map(len, tree.values())), len(tree))


def test_the_manifest_is_one_that_sha256sum_accepts(tmp_path: Path) -> None:
    """In the output folder, `sha256sum -c keep/...` proves every file."""
    build(make_bundle(tmp_path / "window"), tmp_path / "out")
    (manifest,) = (tmp_path / "out" / "keep").glob("*.sha256")
    result = subprocess.run(
        ["sha256sum", "--strict", "-c", manifest.relative_to(tmp_path / "out")],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(result.stdout.splitlines()) == len(contents(tmp_path / "out" / "window"))


def test_a_bare_folder_of_pictures_is_a_bundle(tmp_path: Path) -> None:
    """No bundle.toml is needed."""
    make_comic(tmp_path / "my comic")
    assert "1 comic, 0 articles" in build(tmp_path / "my comic", tmp_path / "out")


def test_a_cbz_and_a_folder_give_the_same_pictures(tmp_path: Path) -> None:
    """It does not matter how pages arrive."""
    pages = make_comic(tmp_path / "one" / "comics" / "c")
    (tmp_path / "two" / "comics").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "two" / "comics" / "c.cbz", "w") as archive:
        for page in pages.iterdir():
            archive.write(page, page.name)
    definition = 'prefix = "c"\nfolder = "t"\ntitle = "T"\n'
    for name in ("one", "two"):
        write(tmp_path / name / "bundle.toml", definition)
        build(tmp_path / name, tmp_path / f"{name}-out")
    assert contents(tmp_path / "one-out" / "t" / "c01") == contents(tmp_path / "two-out" / "t" / "c01")


@pytest.mark.parametrize("kind", ["zip", "7z"])
def test_the_archive_holds_the_tree(tmp_path: Path, kind: str) -> None:
    """As one file beside it, stored, readable by other tools."""
    build(make_bundle(tmp_path / "window"), tmp_path / "out", "--archive", kind)
    archive = tmp_path / "out" / f"window.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(archive) as opened:
            assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}
            opened.extractall(tmp_path / "again")
    else:
        import py7zr

        with py7zr.SevenZipFile(archive) as opened:
            opened.extractall(tmp_path / "again")
    assert contents(tmp_path / "again" / "window") == contents(tmp_path / "out" / "window")


def test_two_builds_give_the_same_bytes_and_tell_nothing_of_the_builder(tmp_path: Path) -> None:
    """Other folder, zone, locale, umask, hash seed, user and number of workers; archives included."""
    places = {"one": tmp_path / "first-home", "two": tmp_path / "elsewhere" / "second-home"}
    environments = {
        "one": {"TZ": "Asia/Seoul", "LC_ALL": "C", "PYTHONHASHSEED": "1", "USER": "kilroywashere"},
        "two": {"TZ": "America/Lima", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2", "LOGNAME": "kilroywashere"},
    }
    for (name, place), jobs, mask in zip(places.items(), (1, 2), (0o077, 0o002), strict=True):
        make_bundle(place / "window")
        shuffled = sorted((place / "window" / "comics" / "pages").iterdir(), reverse=name == "two")
        for page in shuffled:
            shutil.copyfile(page, page.with_name("new"))
            page.unlink()
            page.with_name("new").rename(page)
        before = os.umask(mask)
        try:
            for kind in ("zip", "7z"):
                environment = {**environments[name], "HOME": str(place)}
                build(
                    place / "window",
                    place / kind,
                    "--archive",
                    kind,
                    "--jobs",
                    jobs,
                    cwd=place,
                    environment=environment,
                )
        finally:
            os.umask(before)
    for kind in ("zip", "7z"):
        one, two = (made(place / kind) for place in places.values())
        assert one == two
    modes = {path.stat().st_mode & 0o777 for path in (places["one"] / "zip" / "window").rglob("*") if path.is_file()}
    assert modes == {0o644}
    tells = ["kilroywashere", "first-home", "second-home", "Asia/Seoul", "packager", time.strftime("%Y-%m-%d")]
    for name, data in contents(places["one"] / "zip").items():
        for tell in tells if name != INDEX else tells[:4]:  # which says what made it, and is compared with the day
            for form in _forms(tell):
                assert form not in data, f"{tell!r} in {name}"


def made(output: Path) -> dict[str, bytes]:
    """What a build made, but for what it keeps for the next one, which lies in the order in which it was made."""
    return {name: data for name, data in contents(output).items() if name != INDEX}


def _forms(text: str) -> set[bytes]:
    """How a text may stand in a file: UTF-8, UTF-16, and base64 at each of its three alignments."""
    raw = text.encode()
    aligned = {base64.b64encode(b"x" * shift + raw)[shift and 4 : len(raw) // 3 * 4] for shift in range(3)}
    telling = {form for form in aligned if len(form) >= 8}  # shorter ones occur in any picture
    return {raw, raw.title(), raw.upper(), text.encode("utf-16-le"), *telling}


def test_files_stand_in_reading_order_by_name_time_and_place(tmp_path: Path) -> None:
    """Times rise by two seconds from one fixed date, in the order of the names within each folder."""
    build(make_bundle(tmp_path / "window", pages=12), tmp_path / "out")
    times: dict[Path, list[tuple[str, float]]] = {}
    for path in (tmp_path / "out" / "window").rglob("*.jpg"):
        times.setdefault(path.parent, []).append((path.name, path.stat().st_mtime))
    for pages in times.values():
        by_name = [moment for _, moment in sorted(pages)]
        assert by_name == sorted(by_name)
        assert all(moment % 2 == 0 for moment in by_name)


def test_every_damaged_picture_is_listed_in_one_run_with_the_command_that_continues(tmp_path: Path) -> None:
    """And with that command the reader says what is missing, and the report of which picture a part is shown."""
    bundle = make_bundle(tmp_path / "window")
    for name in ("comics/pages/2.jpg", "comics/strip/en/001.png", "articles/boat.jpg"):
        data = (bundle / name).read_bytes()
        (bundle / name).write_bytes(data[: len(data) // 2] if name != "comics/pages/2.jpg" else b"<html>404 Not Found")
    printed = build(bundle, tmp_path / "out", code=4)
    for name in ("comics/pages/2.jpg", "comics/strip/en/001.png", "articles/boat.jpg"):
        assert name in printed
    assert "--skip-damaged" in printed
    assert not (tmp_path / "out").exists()
    printed = build(bundle, tmp_path / "out", "--skip-damaged")
    assert "1 damaged picture" in printed
    report = (tmp_path / "out" / "keep" / "report.txt").read_text(encoding="utf-8")
    for name in ("comics/strip/en/001.png", "articles/boat.jpg"):
        assert re.search(rf"{name}: damaged or cut short: \d+ % of its rows are shown, the rest is grey", report)
    texts = b"".join(data for name, data in contents(tmp_path / "out").items() if name.endswith(".html")).decode()
    assert "Page 2 is missing." in texts or "2쪽이 빠져 있습니다." in texts


def test_junk_is_passed_over_and_what_may_be_missed_is_not_hidden_beside_it(tmp_path: Path) -> None:
    """Never silently; a drawing that is not read is to be looked at."""
    bundle = make_bundle(tmp_path / "window")
    for name in ("Thumbs.db", ".DS_Store", "._1.jpg", "map.svg"):
        (bundle / "comics" / "pages" / name).write_bytes(b"junk")
    build(bundle, tmp_path / "out")
    report = (tmp_path / "out" / "keep" / "report.txt").read_text(encoding="utf-8")
    looked_at, _, passed_over = report.partition("Passed over")
    for name in ("Thumbs.db", ".DS_Store", "._1.jpg"):
        assert f"comics/pages/{name}" in passed_over
    assert "comics/pages/map.svg" in looked_at
    assert "What no program sees\n  Watermarks" in passed_over


def _no_bundle(tmp_path: Path) -> Path:
    return tmp_path / "nowhere"


def _empty_bundle(tmp_path: Path) -> Path:
    (tmp_path / "b" / "comics").mkdir(parents=True)
    return tmp_path / "b"


def _unknown_key(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "b", definition='tilte = "x"\n')


def _same_id(tmp_path: Path) -> Path:
    entry = '[[publication]]\nsource = "comics/pages"\nid = "w1"\n'
    return make_bundle(tmp_path / "b", definition=entry + entry)


def _empty_comic(tmp_path: Path) -> Path:
    (tmp_path / "b" / "comics" / "nothing").mkdir(parents=True)
    return make_bundle(tmp_path / "b", definition='[[publication]]\nsource = "comics/nothing"\n')


def _broken_archive(tmp_path: Path) -> Path:
    bundle = make_bundle(tmp_path / "b")
    (bundle / "comics" / "broken.cbz").write_bytes(b"PK\x03\x04 and then nothing")
    return bundle


def _unknown_profile(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "b", definition='profile = "amy"\n')


def _unknown_medium(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "b", definition='medium = "usb-5gb"\n')


def _language_without_words(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "b", definition='languages = ["fi", "en"]\n')


def _word_without_its_blank(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "b", definition='[words.ko]\npage = "쪽"\n')


def _too_small(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "b", definition='fit = "100KB"\n')


@pytest.mark.parametrize(
    ("make", "code", "said"),
    [
        (_no_bundle, 3, "nowhere"),
        (_empty_bundle, 4, "comics"),
        (_unknown_key, 3, "title"),
        (_same_id, 3, "publication 1"),
        (_empty_comic, 4, "comics/nothing"),
        (_broken_archive, 4, "comics/broken.cbz"),
        (_unknown_profile, 3, "any"),
        (_unknown_medium, 3, "usb-4gb"),
        (_language_without_words, 3, "no interface words in 'fi'"),
        (_word_without_its_blank, 3, "{n}"),
        (_too_small, 5, "0.1 MB"),
    ],
)
def test_each_way_to_fail_has_its_code_and_says_where(tmp_path: Path, make, code: int, said: str) -> None:  # type: ignore[no-untyped-def]
    """One clear message, no traceback, and nothing left over."""
    printed = build(make(tmp_path), tmp_path / "out", code=code)
    assert said in printed
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "out"))] == []


def test_a_destination_that_is_not_ours_is_not_touched(tmp_path: Path) -> None:
    """Neither a file, nor a folder of somebody's own, nor our output once something was added."""
    bundle = make_bundle(tmp_path / "window")
    write(tmp_path / "file", "mine")
    build(bundle, tmp_path / "file", code=6)
    write(tmp_path / "folder" / "mine.txt", "mine")
    build(bundle, tmp_path / "folder", code=6)
    build(bundle, tmp_path / "out")
    build(bundle, tmp_path / "out")
    write(tmp_path / "out" / "window" / "added.txt", "mine")
    before = contents(tmp_path / "out")
    build(bundle, tmp_path / "out", code=6)
    assert contents(tmp_path / "out") == before


def test_a_tree_that_fails_its_check_is_refused_and_can_be_kept(tmp_path: Path) -> None:
    """A profile that allows less than we make refuses what is made; the old output stays."""
    bundle = make_bundle(tmp_path / "window")
    build(bundle, tmp_path / "out")
    before = contents(tmp_path / "out")
    ours = (ROOT / "packager" / "config" / "profiles" / "any.toml").read_text(encoding="utf-8")
    write(bundle / "strict.toml", re.sub(r"max_path = [0-9_]+", "max_path = 12", ours))
    printed = build(bundle, tmp_path / "out", "--profile", bundle / "strict.toml", "--keep-refused", code=1)
    assert contents(tmp_path / "out") == before
    assert "phone/w9801.html: N" in printed
    assert (tmp_path / "out-refused" / "window" / "index.html").is_file()


def test_a_second_build_of_one_bundle_says_so_and_stops(tmp_path: Path) -> None:
    """While the first goes on to its end."""
    bundle = make_bundle(tmp_path / "window", pages=60)
    command = [sys.executable, "-m", "packager", "build", str(bundle), "-o", str(tmp_path / "out"), "--jobs", "1"]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) as first:
        while not list(tmp_path.glob(".out*")):
            assert first.poll() is None
        printed = build(bundle, tmp_path / "out", code=6)
        assert first.wait() == 0
    assert "another build" in printed.lower()
    assert (tmp_path / "out" / "window" / "index.html").is_file()


def test_a_killed_build_leaves_the_old_or_the_new_and_the_next_one_works(tmp_path: Path) -> None:
    """SIGKILL at moments spread over the whole build; tree, keep and archive belong together."""
    bundle = make_bundle(tmp_path / "window")
    build(bundle, tmp_path / "out", "--archive", "zip")
    old = made(tmp_path / "out")
    make_picture(bundle / "comics" / "pages" / "1.jpg", seed=77)
    build(bundle, tmp_path / "expected", "--archive", "zip")
    new = made(tmp_path / "expected")
    command = [sys.executable, "-m", "packager", "build", str(bundle), "-o", str(tmp_path / "out"), "--archive", "zip"]
    started = time.monotonic()
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
    whole = time.monotonic() - started
    for moment in range(8):
        shutil.rmtree(tmp_path / "out")
        shutil.copytree(tmp_path / "expected", tmp_path / "out")
        with subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL
        ) as process:
            try:
                process.wait(timeout=whole * (moment + 1) / 9)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        assert made(tmp_path / "out") in (old, new)
    build(bundle, tmp_path / "out", "--archive", "zip")
    assert made(tmp_path / "out") == new
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_new_bundle_builds_at_once(tmp_path: Path) -> None:
    """`packager init` gives something to start from, and does not write over anything."""
    assert packager("init", tmp_path / "mine").returncode == 0
    build(tmp_path / "mine", tmp_path / "out")
    assert packager("init", tmp_path / "mine").returncode == 6


def test_each_help_ends_with_the_exit_codes() -> None:
    """What a script needs to know stands where one looks."""
    for command in ((), ("build",), ("check",), ("init",)):
        printed = packager(*command, "--help").stdout
        assert printed.rstrip().endswith("130  interrupted")
    assert __version__ in packager("--version").stdout


def test_what_an_article_would_show_of_people_is_told(tmp_path: Path) -> None:
    """Addresses and @names that stand in a text, with file and line; the organizer decides."""
    bundle = make_bundle(tmp_path / "window")
    write(bundle / "articles" / "link.txt", "A text\n\nWrite to us at example.org or follow @somebody_there today.\n")
    printed = build(bundle, tmp_path / "out")
    assert "articles/link.txt, line 3" in printed


def test_the_whole_output_of_a_build_is_not_what_one_checks(tmp_path: Path) -> None:
    """But the tree in it, which the message names."""
    build(make_bundle(tmp_path / "window"), tmp_path / "out")
    result = packager("check", tmp_path / "out")
    assert result.returncode == 2
    assert str(tmp_path / "out" / "window") in result.stderr


@pytest.mark.parametrize("bundle", sorted(path.parent.name for path in (ROOT / "bundles").glob("*/bundle.toml")))
def test_every_bundle_of_the_project_builds_and_checks(tmp_path: Path, bundle: str) -> None:
    """What CI builds on every change."""
    build(ROOT / "bundles" / bundle, tmp_path / "out")
    assert packager("check", tmp_path / "out" / bundle).returncode == 0


@needs_samples
def test_the_real_samples_become_a_checked_tree(tmp_path: Path) -> None:
    """A strip of eleven tiles, pages with alpha and transcripts, and two articles in one text file."""
    printed = build(SAMPLES, tmp_path / "out")
    assert "2 comics, 1 article" in printed
    assert "articles" in printed
    assert "line" in printed
    strip = list((tmp_path / "out" / "samples").glob("*/*.jpg"))
    heights: dict[Path, int] = {}
    for path in strip:
        with Image.open(BytesIO(path.read_bytes())) as image:
            heights[path.parent] = heights.get(path.parent, 0) + image.height
    assert 38_178 in heights.values()
