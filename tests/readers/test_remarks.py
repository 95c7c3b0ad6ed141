"""No remark of a reader is thrown away: build, its reports, inspect and import tell each of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from packager.model import Outcome
from packager.sandbox.pool import Workers
from tests.helpers.builders import make_comic, packager, write
from tests.helpers.papers import docx, epub, paragraph
from tests.helpers.reading import make_archive, make_files, read_bundle
from tests.helpers.small_films import film, sound

SENTENCE = "The boat is on the lake and it is small."
PAGE = f"<html><body><p>{SENTENCE}</p><p>Then it swims.</p><script>count()</script></body></html>"
NOT_TAKEN = "not taken from the page: scripts: 1"
DELETED = "<w:p><w:r><w:t>Kept words.</w:t></w:r><w:del><w:r><w:delText>secret</w:delText></w:r></w:del></w:p>"

Make = Callable[[Path], object]

MAKERS: Mapping[str, tuple[Make, str, str]] = {
    "a page": (lambda bundle: write(bundle / "articles/page.html", PAGE), "articles/page.html", NOT_TAKEN),
    "a document of Word": (
        lambda bundle: put(bundle / "articles/word.docx", docx(paragraph(SENTENCE) + DELETED)),
        "articles/word.docx",
        "not taken from the document: deleted passages: 1 (1 word)",
    ),
    "a chapter of a book": (
        lambda bundle: put(bundle / "articles/book.epub", epub({"one.xhtml": PAGE})),
        "articles/book.epub/book/one.xhtml",
        NOT_TAKEN,
    ),
    "a page about the artist": (
        lambda bundle: (make_comic(bundle / "comics/drawn"), write(bundle / "comics/drawn/about.en.html", PAGE)),
        "comics/drawn/about.en.html",
        NOT_TAKEN,
    ),
    "a page about the artist in an archive": (
        lambda bundle: make_archive(bundle / "comics/packed.cbz", {"1.png": "", "2.png": "", "about.en.html": PAGE}),
        "comics/packed.cbz/about.en.html",
        NOT_TAKEN,
    ),
}


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of all these in `b`, which was built."""
    folder = tmp_path_factory.mktemp("remarks")
    for make, _, _ in MAKERS.values():
        make(folder / "b")
    built = packager("build", "b", cwd=folder)
    assert built.returncode == 0, built.stderr
    assert "not used" not in built.stderr + built.stdout
    return folder


@pytest.fixture(scope="module")
def said(folder: Path) -> Mapping[str, str]:
    """What commands say of it."""
    sources = sorted((folder / "b").glob("*/*"))
    commands = {"inspect": ("inspect", "b"), "import": ("import", *sources, "other")}
    return {name: packager(*command, cwd=folder).stdout for name, command in commands.items()}


@pytest.mark.parametrize("case", MAKERS)
def test_what_is_said_of_a_part_of_a_used_file_is_told_by_every_command(
    folder: Path, said: Mapping[str, str], case: str
) -> None:
    """In both reports of a build, in what inspect says, and in what an import says; it is no file that is not used."""
    _, place, message = MAKERS[case]
    assert f"  {place}: {message}\n" in (folder / "b-built/keep/report.txt").read_text(encoding="utf-8")
    report = json.loads((folder / "b-built/keep/report.json").read_text(encoding="utf-8"))
    assert (place, message) in [(remark["source"], remark["message"]) for remark in report["sources"]]
    for words in said.values():
        assert f"{place.partition('/')[2]}: {message}\n" in words


def test_a_file_that_two_works_use_has_the_remarks_of_both(tmp_path: Path, workers: Workers) -> None:
    """Each once, though both say the same of it."""
    write(tmp_path / "CREDITS.md", "Drawn by Ju Ok.\n")
    make_comic(tmp_path / "shared", pages=1, suffix="png")
    for name in "ab":
        write(tmp_path / f"articles/{name}.md", f"# {name}\n\n{SENTENCE}\n\n![](../shared/1.png)\n")
    remarks = read_bundle(tmp_path, workers).remarks
    shown = [remark.message for remark in remarks if remark.source == "shared/1.png"]
    assert shown == ["shown in articles/a.md", "shown in articles/b.md"]
    assert len([remark for remark in remarks if remark.source == "CREDITS.md"]) == 1


def test_a_picture_that_one_language_shows_is_not_left_out_with_the_other(tmp_path: Path, workers: Workers) -> None:
    """What is used is used, whatever else was not asked for."""
    make_comic(tmp_path / "shared", pages=1, suffix="png")
    for name in ("boats.en", "boats.ko"):
        write(tmp_path / f"articles/{name}.md", f"# {name}\n\n{SENTENCE}\n\n![](../shared/1.png)\n")
    remarks = read_bundle(tmp_path, workers, language="en").remarks
    assert [remark.outcome for remark in remarks if remark.source == "shared/1.png"] == [Outcome.TAKEN]
    assert [remark.outcome for remark in remarks if remark.source == "articles/boats.ko.md"] == [Outcome.LEFT_OUT]


@pytest.mark.needs("ffmpeg")
def test_what_names_of_files_mention_is_told_of_every_kind_of_work(tmp_path: Path, workers: Workers) -> None:
    """They become titles, of tracks too; what a text says itself is told with its line alone."""
    make_comic(tmp_path / "comics/By jo@example.org", pages=2)
    write(tmp_path / "articles/a.md", f"# To kim@example.org\n\n{SENTENCE}\n")
    write(tmp_path / "articles/for 010-1234-5678.md", f"{SENTENCE}\n")
    make_files(tmp_path, {"films/Rain www.example.org.mkv": film(), "sound/Songs/1 @annak.mp3": sound()})
    make_files(tmp_path, {"sound/Songs/2 Sea.mp3": sound()})
    shown = [remark for remark in read_bundle(tmp_path, workers).remarks if remark.outcome is Outcome.SHOWN]
    assert {(remark.source, remark.message, remark.line) for remark in shown} == {
        ("comics/By jo@example.org", "e-mail: jo@example.org", None),
        ("articles/a.md", "e-mail: kim@example.org", 1),
        ("articles/for 010-1234-5678.md", "phone: 010-1234-5678", None),
        ("films/Rain www.example.org.mkv", "address: www.example.org", None),
        ("sound/Songs", "@name: @annak", None),
    }
    assert len(shown) == 5


def test_a_build_ends_with_how_its_comics_read(tmp_path: Path) -> None:
    """Comics that are read alike, for one reason, share a line; what else was decided stands in the report only."""
    for name in "abc":
        make_comic(tmp_path / "b/comics" / name, pages=2)
    make_comic(tmp_path / "b/comics/long", pages=2, size=(100, 900))
    ended = packager("build", "b", cwd=tmp_path)
    decided = [line.split(maxsplit=1)[1] for line in ended.stdout.splitlines() if line.startswith("Decided")]
    assert len(decided) == 2
    assert decided[0].startswith("comics/a and 2 more: shown as pages: ")
    assert decided[1].startswith("comics/long: shown as one strip: ")
