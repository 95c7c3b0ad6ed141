"""Whatever can be checked is checked by the same rules, and what holds it by its own."""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.check import CheckTarget, check
from packager.check.definitions import check_definitions
from packager.config import profile as profiles
from packager.errors import UsageError
from packager.model import Finding, Severity
from packager.output import manifest as manifests
from packager.sandbox.pool import Workers
from tests.check.test_check import Here
from tests.helpers.clean_tree import INFO, cbz, clean_tree, comic_cbz, document, image, jpeg, write
from tests.helpers.containers import book, clean_book, sevenzipped, zipped
from tests.helpers.input_defects import BROKEN, Broken

ANY = profiles.load("any")


def found_in(path: Path, manifest: Path | None = None) -> tuple[Finding, ...]:
    return check(path, ANY, Here(), manifest=manifest)


def codes(findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    return {(finding.code, finding.path) for finding in findings}


CLEAN: dict[str, Callable[[], bytes]] = {
    "window.zip": lambda: zipped(clean_tree()),
    "deflated.zip": lambda: zipped(clean_tree(), deflated=True),
    "window.7z": lambda: sevenzipped(clean_tree()),
    "w401.cbz": comic_cbz,
    "w401.epub": lambda: book(clean_book()),
    "w401.html": lambda: clean_tree()["phone/w401.html"],
}


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_one_of_every_kind_has_no_finding(name: str, tmp_path: Path) -> None:
    """A tree in an archive, a comic, a book and a single document pass, here and in worker processes."""
    file = tmp_path / name
    file.write_bytes(CLEAN[name]())
    assert found_in(file) == ()
    with Workers(2) as workers:
        assert check(file, ANY, workers) == ()


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: f"{broken.file}: {broken.name}")
def test_one_thing_wrong_is_found_under_its_own_code_alone(broken: Broken, tmp_path: Path) -> None:
    """A clean archive, comic or book with one defect has findings of one rule, in one place.

    A book that breaks another rule is no longer as packager writes it either.
    """
    file = tmp_path / broken.file
    file.write_bytes(broken.make())
    assert {(code, path) for code, path in codes(found_in(file)) if code != "A210"} == {(broken.code, broken.path)}


@pytest.mark.parametrize("suffix", ["bin", "jpg"])
def test_what_a_file_is_tells_its_content(suffix: str, tmp_path: Path) -> None:
    """An archive under another name is the archive that it is."""
    file = tmp_path / f"window.{suffix}"
    file.write_bytes(sevenzipped(clean_tree()))
    assert found_in(file) == ()
    file.write_bytes(zipped(clean_tree())[:-60])
    assert codes(found_in(file)) == {("A101", "")}


def test_a_finding_in_a_book_says_its_line(tmp_path: Path) -> None:
    """XML that is not well-formed is told with the line where reading ended."""
    members = clean_book()
    members["1.xhtml"] = members["1.xhtml"].replace(b"Fold.", b"Fold. &wrong")
    (tmp_path / "a.epub").write_bytes(book(members))
    [finding] = (one for one in found_in(tmp_path / "a.epub") if one.code != "A210")
    assert (finding.code, finding.path, finding.line) == ("A209", "1.xhtml", 10)


def test_what_is_wrong_in_an_archive_of_a_tree_is_told_of_the_archive(tmp_path: Path) -> None:
    """A book in a tree is judged as a book, and its findings name the book's file first."""
    members = clean_book()
    members["1.xhtml"] = members["1.xhtml"].replace(b"001.jpg", b"7.jpg")
    tree = clean_tree() | {"w401.epub": book(members)}
    tree["index.html"] = tree["index.html"].replace(b"</body>", b'<p><a href="w401.epub">b</a></p></body>')
    folder = write(tree, tmp_path / "window")
    told = [
        (one.code, one.path, one.message.partition(":")[0]) for one in check(folder, profiles.load("laptop"), Here())
    ]
    assert told == [("A210", "w401.epub", "001.jpg"), ("L102", "w401.epub", "1.xhtml")]


# Words that must not be in it

DANBI = CheckTarget(never=("danbi", "단비"))


def never_in(path: Path) -> set[str]:
    """Where the words are, and in what way."""
    found = check(path, ANY, Here(), target=DANBI)
    return {f"{finding.path}: {finding.message}" for finding in found if finding.code == "P301"}


NAMES = [
    "Danbi",
    "1-danbi-2.txt",
    "ｄａｎｂｉ.txt",
    "dan\u00adbi.txt",
    "d%61nbi.txt",
    "단비.txt",
    "\u1103\u1161\u11ab\u1107\u1175.txt",
    os.fsdecode("단비.txt".encode("cp949")),
]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are no bytes")
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_word_is_found_in_the_names_of_files_and_folders(name: str, tmp_path: Path) -> None:
    """Once, of what has the name, and not of all that lies in it."""
    folder = write(clean_tree(), tmp_path / "window")
    (folder / name).mkdir()
    (folder / name / "a.txt").write_bytes(b"a\n")
    [found] = never_in(folder)
    assert found.endswith("stands in it as a part of its name")
    (folder / name).rename(folder / "other")
    (folder / "other" / "a.txt").rename(folder / "other" / name)
    [found] = never_in(folder)
    assert found.startswith("other/")


def test_a_word_is_found_in_the_name_of_what_is_checked(tmp_path: Path) -> None:
    """A folder, an archive and the folder in it are copied with their names."""
    named = ': "danbi" stands in it as a part of its name'
    assert never_in(write(clean_tree(), tmp_path / "Danbi")) == {named}
    (tmp_path / "danbi.zip").write_bytes(zipped(clean_tree()))
    assert never_in(tmp_path / "danbi.zip") == {named}
    (tmp_path / "a.zip").write_bytes(zipped(clean_tree()).replace(b"window", b"danbi1"))
    assert never_in(tmp_path / "a.zip") == {named}


def traces_in(path: Path, *traces: str) -> list[tuple[str, str]]:
    """The rules on traces that are broken, and where."""
    return [
        (one.code, one.path) for one in check(path, ANY, Here(), target=CheckTarget(traces=traces)) if "P3" in one.code
    ]


def test_names_of_the_computer_are_found_in_names_of_files_and_members(tmp_path: Path) -> None:
    """In any place of a name, and as a folder of homes however ordinary they are; of what has the name alone."""
    folder = write(clean_tree() | {"a/kimdanbi-1.txt": b"a\n", "b/home/river/x/a.txt": b"a\n"}, tmp_path / "window")
    assert traces_in(folder, "kimdanbi") == [("P303", "a/kimdanbi-1.txt")]
    assert traces_in(folder, "river") == [("P303", "b/home/river")]
    assert traces_in(folder, "/home/river") == [("P303", "b/home/river")]
    (tmp_path / "a.cbz").write_bytes(cbz([("home/kimdanbi/Desktop/001.jpg", jpeg())]))
    assert traces_in(tmp_path / "a.cbz", "kimdanbi", "/home/kimdanbi") == [("P303", "home/kimdanbi")] * 2


def test_words_that_files_are_called_by_are_no_names_of_a_computer(tmp_path: Path) -> None:
    """Those of every tree and book, and those of titles."""
    tree = clean_tree() | {
        "mountain-1.html": document("a").replace(b">index<", b">The Mountain<"),
        "cbz/river.txt": b"a\n",
    }
    tree["w401.epub"] = book(clean_book())
    folder = write(tree, tmp_path / "window")
    names = "index window style script comic media cover chapter image river mountain container mimetype content"
    assert traces_in(folder, *names.split(), "/root", "/home", "/window") == []


def commented(archive_comment: bytes = b"", **options: object) -> bytes:
    file = io.BytesIO(cbz([("001.jpg", jpeg())], **options))
    with zipfile.ZipFile(file, "a") as archive:
        archive.comment = archive_comment
    return file.getvalue()


NOTED = {
    "a comment of the archive": lambda: commented(b"by Danbi"),
    "a comment of the archive in Korean": lambda: commented(
        "단비".encode("cp949"), comment=b"a", extra=b"\xfe\xca\x01\0a"
    ),
    "a comment of a member": lambda: commented(comment=b"by danbi"),
    "an extra field": lambda: commented(extra=b"\xfe\xca\x05\0danbi"),
    "the name of a member": lambda: cbz([("danbi.jpg", jpeg())]),
    "the name of a member in Korean": lambda: cbz([("단비.jpg".encode("cp949").decode("cp437"), jpeg())]),
    "entities of ComicInfo": lambda: cbz(
        [("ComicInfo.xml", INFO.replace(b"<PageC", b"<Writer>d&#97;nbi</Writer><PageC")), ("001.jpg", jpeg())]
    ),
}


@pytest.mark.parametrize("make", NOTED.values(), ids=NOTED)
def test_a_word_is_found_in_what_an_archive_says(make: Callable[[], bytes], tmp_path: Path) -> None:
    """Alone, and as a file of a tree."""
    (tmp_path / "a.cbz").write_bytes(make())
    assert len(never_in(tmp_path / "a.cbz")) == 1
    folder = write(clean_tree() | {"cbz/w401.cbz": make()}, tmp_path / "window")
    [found] = never_in(folder)
    assert found.startswith("cbz/w401.cbz: ")


def test_a_word_is_found_in_what_a_book_says(tmp_path: Path) -> None:
    """In its package document and its pages, as readers see it."""
    for path, old, new in (
        ("book.opf", b"Boats", b"D&#x61;nbi"),
        ("1.xhtml", b"Fold", b"Dan<b>bi</b>"),
        ("style.css", b"margin:0", b"content:'\\64 anbi'"),
    ):
        members = clean_book()
        members[path] = members[path].replace(old, new)
        (tmp_path / "a.epub").write_bytes(book(members))
        assert never_in(tmp_path / "a.epub") == {f'{path}: "danbi" stands in it as readers see it'}


# Folders and drives


OS_LEFTOVERS = (
    "System Volume Information/IndexerVolumeGuid",
    "$RECYCLE.BIN/S-1-5-21/desktop.ini",
    ".Trashes/501/letter.txt",
    ".fseventsd/0000000000abcdef",
    ".Spotlight-V100/Store-V2/store.db",
    "LOST.DIR/1",
    "Android/data/org.example/files/a.txt",
    "._window",
    "window/.DS_Store",
    "window/w401/Thumbs.db",
    "window/w401/desktop.ini",
    "window/w401/._001.jpg",
)


def top_of(path: str) -> str:
    return path if path.startswith(("window", "._")) else path.partition("/")[0]


def test_what_systems_leave_on_a_drive_is_listed_apart(tmp_path: Path) -> None:
    """Each thing is one warning that says what it tells and how to be rid of it; the tree beside it is clean."""
    drive = write({f"window/{path}": content for path, content in clean_tree().items()}, tmp_path)
    write(dict.fromkeys(OS_LEFTOVERS, b"a"), drive)
    found = found_in(drive)
    assert codes(found) == {("T401", top_of(path)) for path in OS_LEFTOVERS}
    assert {finding.severity for finding in found} == {Severity.WARNING}
    assert all("it tells " in finding.message and finding.remedy for finding in found)


def test_two_trees_on_one_drive_are_each_read_from_their_own_beginning(tmp_path: Path) -> None:
    """Recipients copy trees beside each other; a file that neither leads to is found."""
    for name in ("one", "two"):
        write({f"{name}/{path}": content for path, content in clean_tree().items()}, tmp_path)
    write({"System Volume Information/a": b"a", "two/more.txt": b"a\n"}, tmp_path)
    assert codes(found_in(tmp_path)) == {("T401", "System Volume Information"), ("L107", "two/more.txt")}


def test_a_folder_that_is_no_drive_may_hold_no_leftovers(tmp_path: Path) -> None:
    """What macOS left in a tree before it was copied is an error, for it would be copied too."""
    folder = write(clean_tree() | {"w401/.DS_Store": b"a"}, tmp_path / "window")
    [finding] = found_in(folder)
    assert (finding.code, finding.severity) == ("T205", Severity.ERROR)


# Manifests


def recorded(folder: Path) -> Path:
    """A clean tree at `folder`, and the manifest of it beside."""
    write(clean_tree(), folder)
    paths = sorted(PurePosixPath(folder.name, path) for path in clean_tree())
    keep = folder.with_name("keep")
    keep.mkdir()
    manifests.record(folder.parent, paths).write(keep)
    return keep / manifests.TABLE_NAME


Change = Callable[[Path], object]
UNLIKE: tuple[tuple[str, Change, set[tuple[str, str]]], ...] = (
    ("missing", lambda tree: (tree / "w401/003.jpg").unlink(), {("M101", "w401/003.jpg"), ("L102", "w401/2.html")}),
    (
        "extra",
        lambda tree: (tree / "more.txt").write_text("a"),
        {("M102", "more.txt"), ("L107", "more.txt")},
    ),
    ("an extra folder", lambda tree: (tree / "more").mkdir(), {("M102", "more")}),
    (
        "changed",
        lambda tree: (tree / "w402/index.html").write_bytes(clean_tree()["w402/index.html"].replace(b">1<", b">2<")),
        {("M103", "w402/index.html")},
    ),
    (
        "longer",
        lambda tree: (tree / "w402/index.html").write_bytes(clean_tree()["w402/index.html"].replace(b"<p", b"\n<p")),
        {("M103", "w402/index.html")},
    ),
    (
        "cut",
        lambda tree: (tree / "w402/index.html").write_bytes(clean_tree()["w402/index.html"][:-1]),
        {("M104", "w402/index.html")},
    ),
    (
        "renamed",
        lambda tree: (tree / "phone/w401-2.html").rename(tree / "phone/w401-3.html"),
        {("M101", "phone/w401-2.html"), ("M102", "phone/w401-3.html"), ("L107", "phone/w401-3.html")},
    ),
)  # fmt: skip


def test_a_tree_that_is_what_its_manifest_says_has_no_finding(tmp_path: Path) -> None:
    """As a folder under any name, on a drive, as ZIP and as 7z; from the table, its folder, or the sums beside it."""
    table = recorded(tmp_path / "window")
    for archive, content in (("a.zip", zipped(clean_tree())), ("a.7z", sevenzipped(clean_tree()))):
        (tmp_path / archive).write_bytes(content)
        assert found_in(tmp_path / archive, manifest=table) == ()
    for named in (table, table.parent, table.with_name(manifests.SUMS_NAME)):
        assert found_in(tmp_path / "window", manifest=named) == ()
    (tmp_path / "window").rename(tmp_path / "copied")
    assert found_in(tmp_path / "copied", manifest=table) == ()


@pytest.mark.parametrize(("change", "expected"), [one[1:] for one in UNLIKE], ids=[one[0] for one in UNLIKE])
def test_a_tree_unlike_its_manifest_is_found(change: Change, expected: set[tuple[str, str]], tmp_path: Path) -> None:
    """Exactly these bytes, and nothing else."""
    table = recorded(tmp_path / "window")
    change(tmp_path / "window")
    assert codes(found_in(tmp_path / "window", manifest=table)) == expected


def test_an_archive_unlike_the_manifest_is_found(tmp_path: Path) -> None:
    """What an archive holds is compared, not the archive."""
    table = recorded(tmp_path / "window")
    other = clean_tree() | {"w402/index.html": clean_tree()["w402/index.html"].replace(b"<body>", b"<body>\n")}
    (tmp_path / "a.7z").write_bytes(sevenzipped(other))
    assert codes(found_in(tmp_path / "a.7z", manifest=table)) == {("M103", "window/w402/index.html")}


# Definitions


def bundle(folder: Path, definition: str) -> Path:
    (folder / "comics").mkdir(parents=True)
    (folder / "bundle.toml").write_text(definition)
    return folder


def test_definitions_are_checked_without_building(tmp_path: Path) -> None:
    """A folder of bundles is one check, in which each problem has its file and line."""
    bundle(tmp_path / "good", 'title = "A"\n')
    bundle(tmp_path / "key", 'title = "A"\n\nlanguage = "ko"\n')
    bundle(tmp_path / "medium", 'title = "A"\nmedium = "usb-3gb"\n')
    bundle(tmp_path / "profile", '# words\nprofile = "amy"\n')
    bundle(tmp_path / "own", 'profile = "mine.toml"\n')
    (tmp_path / "own" / "mine.toml").write_text('extends = "any"\n\n[tree]\nmax_files = "many"\n')
    found = check_definitions(tmp_path)
    assert [(one.path, one.code, one.line) for one in found] == [
        ("key/bundle.toml", "D101", 3),
        ("medium/bundle.toml", "D103", 2),
        ("own/mine.toml", "D102", 4),
        ("profile/bundle.toml", "D102", 2),
    ]
    assert [finding.path for finding in check_definitions(tmp_path / "medium")] == ["bundle.toml"]
    assert check_definitions(tmp_path / "good" / "bundle.toml") == ()


def test_every_problem_of_a_definition_is_found_at_once(tmp_path: Path) -> None:
    """Whoever corrects a definition need not run the check once for each line of it."""
    lines = ('title = ""', "languages = ['klingon!']", "medum = 'usb-4gb'", "", "[[publication]]", "priority = 'first'")
    bundle(tmp_path / "wrong", "\n".join(lines))
    found = check_definitions(tmp_path / "wrong")
    assert [(one.code, one.line) for one in found] == [("D101", line) for line in (1, 2, 3, 5, 6)]


def test_a_folder_without_definitions_is_an_error_of_use(tmp_path: Path) -> None:
    """Whoever asks for definitions alone learns that there are none."""
    with pytest.raises(UsageError, match="no definition"):
        check_definitions(tmp_path)


@pytest.mark.parametrize("place", ["mine/bundle.toml", "mine/Bundle.TOML", "mine/deeper/bundle.toml", "bundle.toml"])
def test_a_definition_in_what_is_checked_hides_nothing(place: str, tmp_path: Path) -> None:
    """Whoever may put a file there does not choose how the rest is checked, and a bundle is no recipient's."""
    window = tmp_path / "window"
    write({"a/page.html": b"<script src=//x.example></script>", place: b'title = "A"\n'}, window)
    if place == "bundle.toml":
        with pytest.raises(UsageError, match="is a bundle"):
            found_in(window)
        write(clean_tree(), window)
    found = {finding.code: finding for finding in found_in(window) if finding.path == place}
    assert found.keys() >= {"T208"}
    assert found["T208"].severity is Severity.ERROR
    assert any(finding.code.startswith("X") for finding in found_in(window))


# What cannot be checked


def test_what_is_nothing_to_check_is_an_error_of_use(tmp_path: Path) -> None:
    """A missing path, a file of no use, a disk image and a broken manifest are told in one line."""
    (tmp_path / "song.mp3").write_bytes(b"ID3" + bytes(99))
    (tmp_path / "ext4.img").write_bytes(bytes(510) + b"\x55\xaa" + bytes(4096))
    (tmp_path / "manifest.tsv").write_text("words\n")
    write(clean_tree(), tmp_path / "window")
    for name, manifest in (
        ("missing", None),
        ("song.mp3", None),
        ("ext4.img", None),
        ("window", tmp_path / "missing"),
        ("window", tmp_path / "manifest.tsv"),
    ):
        with pytest.raises(UsageError) as refusal:
            found_in(tmp_path / name, manifest)
        assert refusal.value.where


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """What is neither file nor folder is refused before it is opened."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="neither"):
        found_in(tmp_path / "pipe")


def test_a_document_alone_needs_its_pictures_inside(tmp_path: Path) -> None:
    """Links to neighbours may lead nowhere where one file is copied alone; its own pictures may not."""
    file = tmp_path / "w401.html"
    file.write_bytes(document('<p><a href="w402.html">next</a> <a href="#p9">down</a></p>' + image("001.jpg")))
    assert codes(found_in(file)) == {("L102", "w401.html"), ("L106", "w401.html")}


def test_a_disk_image_is_told_how_to_verify_it(tmp_path: Path) -> None:
    """An image is compared with its tree in place of being checked."""
    (tmp_path / "stick.img").write_bytes(bytes(510) + b"\x55\xaa" + bytes(4096))
    with pytest.raises(UsageError, match="disk image") as refusal:
        found_in(tmp_path / "stick.img")
    assert "packager image TREE FILE.img --verify" in refusal.value.hint


# Hostile bytes


ARCHIVES = {
    "a.zip": zipped(clean_tree(), deflated=True),
    "a.7z": sevenzipped(clean_tree()),
    "a.epub": book(clean_book()),
}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(ARCHIVES)), st.randoms(use_true_random=False))
def test_no_damage_to_an_archive_stops_the_check(name: str, chance: random.Random) -> None:
    """Bytes changed, cut and doubled at random: findings, whatever they are."""
    damaged = bytearray(ARCHIVES[name])
    for _ in range(chance.randrange(1, 9)):
        damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
    content = bytes(damaged[: chance.choice((len(damaged), chance.randrange(4, len(damaged))))])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content * chance.choice((1, 1, 2)))
        assert isinstance(found_in(Path(folder) / name), tuple)
