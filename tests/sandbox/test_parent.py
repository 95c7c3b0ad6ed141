"""The process that a command runs in: it gives what strangers made to worker processes, and opens none of it itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from packager.archive import library
from packager.output.ledger import EDITIONS
from tests.archive.test_archive_forms import tarred
from tests.helpers import books, papers
from tests.helpers.builders import packager
from tests.helpers.clean_tree import clean_tree, comic_cbz, document, write
from tests.helpers.containers import book, clean_book, sevenzipped, zipped
from tests.helpers.drives import SHARED_MEMORY
from tests.helpers.rars import rar5
from tests.helpers.reading import make_archive, make_files

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

# What decodes, unpacks or parses; "zipfile" and "py7zr" are loaded to write what a build packs.
DECODERS = {
    *(
        "PIL",
        "_cffi_backend",
        "libarchive",
        "pi_heif",
        "py7zr",
        "pylibjxl",
        "pypdfium2",
        "pyvips",
        "tarfile",
        "typst",
        "zipfile",
    ),
    *("chardet", "html.parser", "lxml", "markdown_it", "pyexpat", "selectolax", "yaml"),
    *("xml.dom", "xml.etree"),
}
# The standard library loads these for itself: they must not be used.
UNPACKERS = {"zlib": ("decompress", "decompressobj"), "bz2": ("BZ2Decompressor",), "lzma": ("LZMADecompressor",)}

# Runs a command, and tells which decoders its own process loaded, which unpackers it used, and what it opened to read.
WATCHED = """
import importlib, json, os, sys
_, told, decoders, unpackers, *arguments = sys.argv
used, opened = [], set()

def watch(event, about):
    if event == "open" and isinstance(about[0], (str, bytes)) and not about[2] & (os.O_WRONLY | os.O_RDWR):
        opened.add(os.path.abspath(os.fsdecode(about[0])))

def trap(name):
    def use(*_, **__):
        used.append(name)
        raise AssertionError(name)
    return use

for module, names in json.loads(unpackers).items():
    for name in names:
        setattr(importlib.import_module(module), name, trap(name))
sys.addaudithook(watch)
sys.argv = ["packager", *arguments]
from packager.__main__ import main
try:
    main()
finally:
    loaded = [name for name in json.loads(decoders) if name in sys.modules]
    with open(told, "w") as file:
        json.dump({"loaded": loaded, "used": used, "opened": sorted(opened)}, file)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with every kind of source, and a tree in everything that a tree can lie in."""
    folder = tmp_path_factory.mktemp("made")
    _make_bundle(folder / "bundle")
    write(clean_tree(), folder / "tree")
    (folder / "tree.zip").write_bytes(zipped(clean_tree(), deflated=True))
    (folder / "tree.7z").write_bytes(sevenzipped(clean_tree()))
    (folder / "one.cbz").write_bytes(comic_cbz())
    (folder / "one.epub").write_bytes(book(clean_book()))
    (folder / "one.html").write_bytes(document("<p>words</p>"))
    return folder


def _make_bundle(bundle: Path) -> None:
    comic: dict[str, str | bytes] = {
        "1.png": "",
        "2.jpg": "",
        "ComicInfo.xml": "<ComicInfo><Title>Boats</Title></ComicInfo>",
        "transcript.en.md": "## 1\n- Words\n",
        "about.en.md": "# About\n\nWords.\n",
        "credits.txt": "가위와 종이".encode("cp949"),
    }
    make_files(bundle / "comics" / "folder", comic)
    make_archive(bundle / "comics" / "zip.cbz", comic)
    make_files(
        bundle / "comics",
        {
            "seven.cb7": sevenzipped({"1.png": books.png(), "2.png": books.png()}),
            "tar.cbt": tarred({"1.png": books.png()}, packing="xz"),
            "plain.tar": tarred({"1.png": books.png()}),
            **({"rar.cbr": rar5({"1.png": books.png()})} if library.has_library() else {}),
        },
    )
    books.comic_book(bundle / "comics" / "book.epub", {"a.xhtml": books.page("p.png", "words")}, ["p.png"])
    books.write_pdf(bundle / "comics" / "paper.pdf", [books.jpeg(), "words"])
    make_files(
        bundle / "articles",
        {
            "mark.en.md": "---\ntitle: Boats\n---\n\nWords *and* more.\n\n![a](seen.png)\n",
            "seen.png": "",
            "page.html": "<html><body><h1>Boats</h1><p>Words &amp; more.</p></body></html>",
            "old.txt": "종이배\n\n가위와 종이로 배를 접는다.\n".encode("cp949"),
            "word.docx": papers.docx(papers.paragraph("Words") + papers.shown("a"), {"a.png": papers.png()}),
            "saved.mhtml": papers.mhtml("<html><body><p>Words</p></body></html>"),
            "text.epub": papers.epub({"a.xhtml": "<p>Words</p>"}),
        },
    )


def watched(folder: Path, *arguments: object) -> dict[str, list[str]]:
    """What a command's own process loaded, used and opened; the command ends well."""
    told = folder / "told.json"
    command = [sys.executable, "-c", WATCHED, told, json.dumps(sorted(DECODERS)), json.dumps(UNPACKERS), *arguments]
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(told.read_text(encoding="utf-8")))


BUILDING = {
    "build": ("build", "{bundle}", "-o", "out"),
    "build a 7z": ("build", "{bundle}", "-o", "out", "--archive", "7z"),
    "build pictures of pages": ("build", "{bundle}", "-o", "out", "--profile", "player"),
    "plan": ("plan", "{bundle}"),
    "inspect": ("inspect", "{bundle}"),
}
PACKED = {"build": {"zipfile"}, "build a 7z": {"zipfile", "py7zr", "_cffi_backend", "tarfile"}, "plan": {"zipfile"}}


@pytest.mark.parametrize("name", BUILDING)
def test_sources_are_opened_by_workers_alone(name: str, made: Path, tmp_path: Path) -> None:
    """No file of a bundle is opened by the process that builds from it, except what packager keeps of its editions."""
    seen = watched(tmp_path, *(part.format(bundle=made / "bundle") for part in BUILDING[name]))
    assert set(seen["loaded"]) <= PACKED.get(name, set())
    assert seen["used"] == []
    opened = [Path(path) for path in seen["opened"] if Path(path).is_relative_to(made) and Path(path).is_file()]
    assert [path for path in opened if not path.is_relative_to(made / "bundle" / EDITIONS)] == []


def test_what_is_imported_is_copied_and_not_decoded(made: Path, tmp_path: Path) -> None:
    """Each source by itself, and a folder of them."""
    sources = [*(made / "bundle" / "comics").iterdir(), *(made / "bundle" / "articles").glob("[!s]*.*")]
    seen = watched(tmp_path, "import", *sources, "new")
    assert (seen["loaded"], seen["used"]) == ([], [])


CHECKED = [(name, "text") for name in ("tree", "tree.zip", "one.cbz", "one.epub", "one.html")]
CHECKED += [("tree.7z", form) for form in ("text", "json", "junit", "sarif", "github")]


@pytest.mark.parametrize(("name", "form"), CHECKED)
def test_what_is_checked_is_opened_by_workers_alone(name: str, form: str, made: Path, tmp_path: Path) -> None:
    """Whatever a tree lies in, and in whatever form the findings are told."""
    seen = watched(tmp_path, "check", made / name, "--output-format", form)
    assert (seen["loaded"], seen["used"]) == ([], [])
    assert [path for path in seen["opened"] if Path(path).is_relative_to(made / "tree") and Path(path).is_file()] == []


@pytest.fixture
def stick() -> Iterator[Path]:
    """A folder on another file system, as a drive is."""
    with tempfile.TemporaryDirectory(prefix="stick-", dir=SHARED_MEMORY) as folder:
        yield Path(folder)


@pytest.mark.skipif(not SHARED_MEMORY.is_dir(), reason="a folder in memory stands for a stick")
def test_commands_on_drives_load_no_decoder(made: Path, tmp_path: Path, stick: Path) -> None:
    """They compare bytes."""
    assert packager("build", made / "bundle", "-o", tmp_path / "out").returncode == 0
    tree = tmp_path / "out" / "bundle"
    manifest = tmp_path / "out" / "keep" / "manifest.tsv"
    image = ("image", tree, tmp_path / "stick.img")
    written, compared = (*image, "--medium", "usb-4gb"), (*image, "--verify")
    for arguments in (("copy", tree, stick), ("verify", stick, "--manifest", manifest), written, compared):
        seen = watched(tmp_path, *arguments)
        assert (seen["loaded"], seen["used"]) == ([], []), arguments


@pytest.mark.parametrize("arguments", [("profiles",), ("media",), ("rules",), ("init", "new")], ids=lambda one: one[0])
def test_commands_about_packager_itself_load_no_decoder(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """None of them has anything to decode."""
    assert watched(tmp_path, *arguments)["loaded"] == []


# Builds, then tells what a process that reads what strangers made has of the environment: at its start, and now.
BUILT = """
import sys
from pathlib import Path
from packager.__main__ import main
from packager.sandbox.pool import Workers
from tests.helpers import worker_jobs
if __name__ == "__main__":
    sys.argv = ["packager", "build", "bundle"]
    try:
        main()
    finally:
        with Workers(1) as workers:
            process, now = workers.submit(worker_jobs.environment, 0).result()
            started = Path(f"/proc/{process}/environ").read_text().split("\\0")
        Path("told.txt").write_text("\\n".join((*now, *started)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows what a process started with")
def test_workers_have_no_secret_of_the_environment(tmp_path: Path) -> None:
    """In CI every secret lies there; what a build has a use for is left, and it ends well."""
    make_files(tmp_path / "bundle" / "comics" / "boats", {"1.png": ""})
    secrets = {"AWS_SECRET_ACCESS_KEY": "danbi", "GITHUB_TOKEN": "danbi", "my_password": "danbi"}
    kept = {"PYTHONPATH": str(ROOT), "VIPS_WARNING": "0"}
    command = [sys.executable, "-c", BUILT]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **secrets, **kept}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "bundle-built" / "bundle" / "index.html").is_file()
    told = (tmp_path / "told.txt").read_text().splitlines()
    assert "danbi" not in "".join(told)
    assert sum(line.startswith("VIPS_WARNING=") for line in told) == 2
    assert sum(line == f"HOME={os.environ['HOME']}" for line in told) == 2
