"""The ledger of editions: what was kept is read back, and what is not whole is told and never half believed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from packager.errors import OutputError, SourceError
from packager.model import WorkPlace
from packager.output.changes import trees_changed
from packager.output.ledger import (
    EDITIONS,
    ChapterRecord,
    Ledger,
    NumberedEdition,
    PlaceRecord,
    TreeRecord,
    WorkRecord,
)
from packager.output.manifest import File, Manifest
from tests.helpers.builders import write

WORKS = (
    WorkRecord(1, "w401", "ko", "0" * 16, "1" * 16, "탈출", ("comics/escape",), (ChapterRecord("", "aaaa0000"),)),
    WorkRecord(7, "w407", "en", "2" * 16, "3" * 16, "# Boats", ("articles/a.ko.md", "articles/a.en.md")),
)
EDITION = NumberedEdition(
    number=1,
    profile="any",
    language="",
    trees=(TreeRecord("window", 1, 5),),
    works=WORKS,
    gone=(replace(WORKS[0], number=2, chapters=()),),
    places=(PlaceRecord("window", 7, "en", WorkPlace(2, 3)),),
)
FILES = Manifest((File("window/index.html", 5, "a" * 64),))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle with one edition."""
    (tmp_path / "window").mkdir()
    Ledger.read(tmp_path / "window").record(EDITION, FILES)
    return tmp_path / "window"


def works_file(bundle: Path) -> Path:
    """What the ledger keeps of the works of the first edition."""
    return bundle / EDITIONS / "1" / "works.tsv"


def test_a_work_that_lost_one_of_its_forms_is_told() -> None:
    """One that is gone altogether is not, nor is a page that has another name."""
    paths = ["w1/index.html", "w1/001.jpg", "cbz/w1.cbz", "phone/w1-ko.html", "w2/index.html", "cbz/w2.cbz"]
    files = [File(f"window/{path}", 1, "0" * 64) for path in paths]
    kept = [replace(files[1], name="window/w1/002.jpg"), files[0], files[3]]
    (change,) = trees_changed(Manifest(tuple(kept)), Manifest(tuple(files)))
    assert change.lost == ("cbz/w1",)


def test_an_edition_is_read_back_as_it_was(bundle: Path) -> None:
    """With its files, and from the bundle's definition as from its folder."""
    for place in (bundle, bundle / "bundle.toml"):
        (edition,) = Ledger.read(place).editions
        assert edition == replace(EDITION, folder=bundle.resolve() / EDITIONS / "1")
        assert edition.manifest() == FILES


def test_titles_and_paths_of_any_letters_stay_in_their_line(tmp_path: Path) -> None:
    """And are read back so, whatever ends lines for some program."""
    title = "\udcff One\ttwo\nthree\u2028four\x0bfive\x85six"
    kept = replace(EDITION, works=(replace(WORKS[0], title=title, origins=("a\tb\r",)),))
    Ledger.read(tmp_path).record(kept, FILES)
    (edition,) = Ledger.read(tmp_path).editions
    assert edition.works[0].title == "\udcff One<U+0009>two<U+000A>three\u2028four\x0bfive\x85six"
    assert (edition.works[0].origins, edition.places) == (("a<U+0009>b<U+000D>",), EDITION.places)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_what_organizers_write_into_it_is_theirs(bundle: Path, ends: str) -> None:
    """Lines that begin with #, empty ones, and the line ends and the mark of their editor."""
    lines = works_file(bundle).read_text(encoding="utf-8").splitlines()
    theirs = [lines[0], "# October, for the two in the north", "", *lines[1:], "", "# checked"]
    works_file(bundle).write_bytes(("\ufeff" + ends.join(theirs)).encode())
    (edition,) = Ledger.read(bundle).editions
    assert edition.works == WORKS


def test_a_ledger_that_lacks_a_line_is_refused_whichever_it_is(bundle: Path) -> None:
    """With the file and what to do; so is one that is cut anywhere."""
    whole = works_file(bundle).read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    harmed = ["".join(lines[:number] + lines[number + 1 :]) for number in range(1, len(lines))]
    harmed += [whole[:length] for length in range(0, len(whole) - 1, 7)]
    for text in harmed:
        works_file(bundle).write_text(text, encoding="utf-8")
        with pytest.raises(SourceError, match="damaged") as refused:
            Ledger.read(bundle)
        assert refused.value.where == str(works_file(bundle.resolve()))
        assert "remove" in refused.value.hint


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda data: data.replace(b"\t7\t", b"\tseven\t", 1), id="a number that is none"),
        pytest.param(lambda data: data.replace(b"edition\t1", b"edition\t2"), id="another edition's number"),
        pytest.param(lambda data: data.replace(b"gone\t", b"lost\t"), id="a line of no known kind"),
        pytest.param(lambda data: data.replace(b"\xed", b"\xff", 1), id="bytes that are no text"),
        pytest.param(lambda data: data + b"work\t1\n", id="a line behind the end"),
        pytest.param(lambda data: b"\0" * len(data), id="zeros"),
    ],
)
def test_a_damaged_ledger_is_named_in_one_line(bundle: Path, harm: object) -> None:
    """Nothing of it is believed."""
    assert callable(harm)
    works_file(bundle).write_bytes(harm(works_file(bundle).read_bytes()))
    with pytest.raises(SourceError, match="damaged"):
        Ledger.read(bundle)


def test_what_an_interrupted_build_left_is_no_edition(bundle: Path) -> None:
    """It is replaced by the next one."""
    write(bundle / EDITIONS / "2" / "manifest.tsv", "half a li")
    ledger = Ledger.read(bundle)
    assert [edition.number for edition in ledger.editions] == [1]
    ledger.record(replace(EDITION, number=2), FILES)
    assert [edition.manifest() for edition in Ledger.read(bundle).editions] == [FILES, FILES]


@pytest.mark.parametrize("name", ["001.jpg", "works.tsv"])
def test_what_others_put_there_is_never_replaced(bundle: Path, name: str) -> None:
    """Neither a page of a comic that is called so, nor what another build kept meanwhile."""
    ledger = Ledger.read(bundle)
    write(bundle / EDITIONS / "2" / name, "theirs")
    with pytest.raises(OutputError):
        ledger.record(replace(EDITION, number=2), FILES)
    assert (bundle / EDITIONS / "2" / name).read_text(encoding="utf-8") == "theirs"


def test_a_manifest_that_lost_lines_is_not_believed(bundle: Path) -> None:
    """Cut at the end of a line it is a manifest all the same, of fewer files than the edition had."""
    (edition,) = Ledger.read(bundle).editions
    write(bundle / EDITIONS / "1" / "manifest.tsv", "")
    with pytest.raises(OutputError, match="does not name all files of window"):
        edition.manifest()


def test_a_link_in_the_place_of_an_edition_is_not_followed(bundle: Path, tmp_path: Path) -> None:
    """What it leads to stays as it is."""
    (tmp_path / "elsewhere").mkdir()
    (bundle / EDITIONS / "2").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="a link"):
        Ledger.read(bundle).record(replace(EDITION, number=2), FILES)
    assert not any((tmp_path / "elsewhere").iterdir())


def test_of_two_builds_at_once_one_is_the_edition(bundle: Path) -> None:
    """Forty pairs of threads record another tree each under the same number: what is kept is that of one of them."""

    def kept(edition: NumberedEdition, size_bytes: int) -> int:
        tree = replace(edition, trees=(TreeRecord("window", 1, size_bytes),))
        files = Manifest((File("window/index.html", size_bytes, "a" * 64),))
        try:
            Ledger.read(bundle).record(tree, files)
        except OutputError:
            return 0
        return size_bytes

    with ThreadPoolExecutor(2) as threads:
        for number in range(2, 42):
            edition = replace(EDITION, number=number)
            sizes = [*threads.map(partial(kept, edition), (6, 7))]
            (winner,) = filter(None, sizes)
            [file] = Ledger.read(bundle).edition(number).manifest().files
            assert file.size_bytes == winner


def test_each_definition_in_a_folder_has_editions_of_its_own(bundle: Path) -> None:
    """They are bundles of their own."""
    assert Ledger.read(bundle / "spring.toml").editions == ()
    Ledger.read(bundle / "spring.toml").record(replace(EDITION, profile="tv"), FILES)
    assert [edition.profile for edition in Ledger.read(bundle / "spring.toml").editions] == ["tv"]
    assert [edition.profile for edition in Ledger.read(bundle).editions] == ["any"]
