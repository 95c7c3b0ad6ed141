"""Nothing is lost silently: every picture that goes in comes out, or is refused with a reason."""

from __future__ import annotations

import json
import operator
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packager.errors import SourceError
from packager.model import Comic, Library, Missing, Outcome, Remark
from packager.readers.outcomes import count_pictures
from packager.sandbox.pool import Workers
from tests.archive.test_archive_forms import Make, sevenzipped, tarred, zipped
from tests.helpers.books import comic_book, jpeg, page, png, write_pdf
from tests.helpers.builders import packager, write
from tests.helpers.papers import docx, epub, paragraph, shown
from tests.helpers.reading import read_bundle

GOOD, CUT = png(), jpeg()[:-400]
CONTENTS = {
    "good": GOOD,
    "a JPEG": jpeg(),
    "cut": CUT,
    "empty": b"",
    "none": b"no picture",
    "text": b"# Boats\n\nThe boat is on the lake and it is small.\n\n![](1.png)\n![](../comics/a/2.png)\n",
    "a page": b"<nav>Home</nav><main><h1>Boats</h1><p>It swims.<p><img src=1.png></main><footer>Imprint</footer>",
    "a document": docx(paragraph("The boat swims.") + shown("b"), {"b.png": GOOD, "c.png": png(colour="#9c3d2e")}),
    "a book": epub({"1.xhtml": f"<p>{'The boat is on the lake. ' * 40}</p>"}, {"b.png": GOOD}),
}
SEEN = ("good", "a JPEG", "cut")
"""Those that are pictures by their first bytes."""


Tree = Mapping[str, Any]
"""Names to keys of CONTENTS, to "link", or to a further tree, which is an archive where its name says so."""

PACKERS: dict[str, Make] = {".cb7": sevenzipped, ".gz": partial(tarred, packing="gz"), ".cbz": zipped, ".zip": zipped}
PICTURES = ["1.png", "2.png", "10.jpg", "cover.png", "a .png", "a.png", "사진.png", "x.heic", "d.tif"]
ODD_NAMES = ["3", "credits.jpg", "readme.png", "5.jpg_large", "6.image.jpg257861", "7.jpg!800", "license"]
OTHERS = {
    **{"t.md": "text", ".DS_Store": "none", "Thumbs.db": "none", "ComicInfo.xml": "none", "about.ko.md": "text"},
    **{"p.html": "a page", "d.docx": "a document", "b.epub": "a book"},
}
FOLDERS = ["a", "ko", "en", "2", "__MACOSX", "a ", "t_files", ".hidden"]
UNSEEN = ("__MACOSX", ".hidden")
ARCHIVES = ["v.cbz", "w.cb7", "x.tar.gz", "y.zip"]

pictures = st.tuples(st.sampled_from(PICTURES), st.sampled_from(["good", "good", "a JPEG", "cut", "empty", "none"]))
odd = st.tuples(st.sampled_from(ODD_NAMES), st.sampled_from(SEEN[:2]))
plain = st.lists(pictures | odd | st.sampled_from(sorted(OTHERS.items())), max_size=4).map(dict)
links = st.tuples(st.sampled_from(PICTURES), st.just("link"))
archives = st.tuples(st.sampled_from(ARCHIVES), plain)
loose = st.lists(pictures | odd | st.sampled_from(sorted(OTHERS.items())) | links | archives, max_size=5).map(dict)
trees = st.recursive(
    loose, lambda inner: st.builds(operator.or_, loose, st.dictionaries(st.sampled_from(FOLDERS), inner, max_size=3))
)
bundles = st.fixed_dictionaries({"comics": trees, "articles": trees}) | trees


def lay(folder: Path, tree: Tree) -> None:
    """Write a tree as files, folders, archives and links."""
    folder.mkdir()
    for name, content in tree.items():
        path = folder / name
        if content == "link":
            path.symlink_to("nowhere.png")
        elif isinstance(content, str):
            path.write_bytes(CONTENTS[content])
        elif path.suffix in PACKERS:
            path.write_bytes(PACKERS[path.suffix]({inner: CONTENTS[key] for inner, key in content.items()}))
        else:
            lay(path, content)


def reported(library: Library) -> tuple[Remark, ...]:
    """All remarks, with what a build adds for pictures whose header cannot be read."""
    works = [version.work for publication in library.publications for version in publication.versions]
    on_pages = [picture for work in works if isinstance(work, Comic) for picture in work.pictures]
    missing = [picture.source for picture in on_pages if isinstance(picture, Missing)]
    return (*library.remarks, *(Remark(source.label, Outcome.DAMAGED, "damaged") for source in missing))


def unexplained(library: Library, remarks: tuple[Remark, ...]) -> list[str]:
    """The pictures of which no remark says why they are not shown, by themselves or with what they lie in."""
    versions = [version for publication in library.publications for version in publication.versions]
    used = {picture.source for version in versions for picture in version.all_pictures}
    used |= {version.work.cover.source for version in versions if version.work.cover}
    refusals = (Outcome.DAMAGED, Outcome.LEFT_OUT, Outcome.PASSED_OVER, Outcome.WARNING)
    named = {PurePosixPath(remark.source) for remark in remarks if remark.outcome in refusals}
    unused = [PurePosixPath(source.label) for source in library.pictures if source not in used]
    return [str(path) for path in unused if named.isdisjoint((path, *path.parents))]


def check(bundle: Path, tree: Tree, workers: Workers) -> None:
    """The promise, for one bundle."""
    try:
        library = read_bundle(bundle, workers, skip_damaged=True)
    except SourceError as error:
        if "there is nothing to read in it" not in str(error):
            raise
        return
    remarks = reported(library)
    counted = count_pictures(library, remarks)
    assert unexplained(library, remarks) == []
    assert counted.found == counted.shown + counted.damaged + counted.refused
    labels = {source.label for source in library.pictures}
    assert labels >= set(seen_in(tree))
    told = {PurePosixPath(remark.source) for remark in remarks}
    files = [PurePosixPath(path.relative_to(bundle)) for path in bundle.rglob("*") if not path.is_dir()]
    assert [path for path in files if told.isdisjoint((path, *path.parents, *below(path, told)))] == []


def seen_in(tree: Tree, place: str = "") -> Iterator[str]:
    """The paths of all files, outside archives and what systems keep, that are pictures by their first bytes."""
    for name, content in tree.items():
        if content in SEEN:
            yield f"{place}{name}"
        elif not isinstance(content, str) and PurePosixPath(name).suffix not in PACKERS and name not in UNSEEN:
            yield from seen_in(content, f"{place}{name}/")


def below(path: PurePosixPath, told: Iterable[PurePosixPath]) -> Iterator[PurePosixPath]:
    """What is told of the members of an archive."""
    return (one for one in told if path in one.parents)


RELAXED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@settings(max_examples=25, deadline=None, suppress_health_check=RELAXED)
@given(tree=bundles)
def test_every_picture_of_a_messy_bundle_has_an_outcome(workers: Workers, tree: Tree) -> None:
    """Pictures found are those shown, those damaged and those refused, and each of the latter is named."""
    with tempfile.TemporaryDirectory() as folder:
        lay(Path(folder, "b"), tree)
        check(Path(folder, "b"), tree, workers)


@pytest.mark.prove
@settings(max_examples=500, deadline=None, suppress_health_check=RELAXED)
@given(tree=bundles)
def test_every_picture_of_hundreds_of_messy_bundles_has_an_outcome(workers: Workers, tree: Tree) -> None:
    """The same, for longer."""
    with tempfile.TemporaryDirectory() as folder:
        lay(Path(folder, "b"), tree)
        check(Path(folder, "b"), tree, workers)


def test_a_download_folder_is_accounted_for(tmp_path: Path) -> None:
    """The report counts the pictures, and names each that is not shown; the reader says where one is missing."""
    comics = tmp_path / "b" / "comics"
    scans = {"1.png": "good", "2.jpg": "cut", "3.png": "good", "4.png": "empty", "Thumbs.db": "none"}
    lay(tmp_path / "b", {"comics": {"scans": scans, "a.cb7": {"1.png": "good", "2.jpg": "cut"}}})
    (comics / "broken.cbr").write_bytes(b"Rar!\x1a\x07\x01\x00")
    write_pdf(comics / "c.pdf", [jpeg(), "Farewell"])
    comic_book(comics / "d.epub", {"1.xhtml": page("a.png")}, ["a.png", "unused.png"])
    write(tmp_path / "b" / "articles" / "t.md", "# Boats\n\nThe boat is on the lake.\n")
    refused = packager("plan", "b", cwd=tmp_path)
    assert (refused.returncode, "comics/broken.cbr" in refused.stderr) == (4, True)
    ended = packager("build", "b", "--skip-damaged", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    report = json.loads((tmp_path / "b-built" / "keep" / "report.json").read_text(encoding="utf-8"))
    assert report["pictures"] == {"found": 10, "shown": 8, "damaged": 1, "refused": 1}
    text = (tmp_path / "b-built" / "keep" / "report.txt").read_text(encoding="utf-8")
    assert "10 pictures found: 8 in the tree, 1 damaged, 1 not used; why is said below." in text
    for name in (
        "scans/2.jpg",
        "scans/4.png",
        "a.cb7/2.jpg",
        "broken.cbr",
        "d.epub/OEBPS/unused.png",
        "scans/Thumbs.db",
    ):
        assert f"comics/{name}: " in text


INCLUDING = {
    "a.tex": ("Words one.\n\\input{chapter1}\n\\include{chapter2}\nMore.\n", ["chapter1.tex", "chapter2.tex"]),
    "a.rst": ("Title\n=====\n\nWords\n\n.. include:: other part.rst\n", ["other part.rst"]),
    "a.org": ('* Title\n#+INCLUDE: "other.org"\nWords\n', ["other.org"]),
}


@pytest.mark.needs("pandoc")
@pytest.mark.parametrize("name", INCLUDING)
def test_a_text_that_another_includes_is_told(tmp_path: Path, workers: Workers, name: str) -> None:
    """It lies in a file that no build reads, even where it lies beside: each is named, and stands under `Look at`."""
    text, names = INCLUDING[name]
    write(tmp_path / "articles" / name, text)
    remarks = read_bundle(tmp_path, workers).remarks
    told = [(remark.source, remark.message) for remark in remarks if remark.outcome is Outcome.WARNING]
    wanted = [f"the text of {one}, which it includes, is not in it; put it into the document" for one in names]
    assert told == [(f"articles/{name}", message) for message in wanted]


@pytest.mark.needs("pandoc")
def test_what_pandoc_leaves_out_is_told(tmp_path: Path, workers: Workers) -> None:
    """The first of it, and how much more; a table from a file refuses the document and is named."""
    write(tmp_path / "articles" / "a.tex", "Words.\n\n\\noteofmine{more words}\n\n\\verbatiminput{b.txt}\n")
    (told,) = [remark.message for remark in read_bundle(tmp_path, workers).remarks if "pandoc" in remark.message]
    assert told == "pandoc leaves out what it does not know: \\noteofmine{more words} and 1 more"
    write(tmp_path / "articles" / "b.rst", "T\n=\n\n.. csv-table:: a\n   :file: data.csv\n\nwords\n")
    with pytest.raises(SourceError) as refused:
        read_bundle(tmp_path, workers)
    assert "It includes data.csv, which no build reads" in str(refused.value)
