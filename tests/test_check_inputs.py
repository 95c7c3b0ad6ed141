"""Whatever can be checked is checked by the same rules, and what holds it by its own."""

from __future__ import annotations

import os
import random
import struct
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager import manifest as manifests
from packager import profile as profiles
from packager.check import check, check_definitions
from packager.errors import UsageError
from packager.model import Finding, Severity
from packager.workers import Workers
from tests.clean_tree import clean_tree, comic_cbz, document, image, write
from tests.containers import book, clean_book, image_of, make_folder, put_in_image, sevenzipped, zipped
from tests.input_defects import BROKEN, Broken
from tests.test_check import Here

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
    """A clean archive, comic or book with one defect has findings of one rule, in one place."""
    file = tmp_path / broken.file
    file.write_bytes(broken.make())
    assert codes(found_in(file)) == {(broken.code, broken.path)}


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
    members["OEBPS/one.xhtml"] = members["OEBPS/one.xhtml"].replace(b"Fold.", b"Fold. &wrong")
    (tmp_path / "a.epub").write_bytes(book(members))
    [finding] = found_in(tmp_path / "a.epub")
    assert (finding.code, finding.path, finding.line) == ("A209", "OEBPS/one.xhtml", 6)


def test_what_is_wrong_in_an_archive_of_a_tree_is_told_of_the_archive(tmp_path: Path) -> None:
    """A book in a tree is judged as a book, and its findings name the book's file first."""
    members = clean_book()
    members["OEBPS/one.xhtml"] = members["OEBPS/one.xhtml"].replace(b"one.xhtml", b"").replace(b"001.jpg", b"7.jpg")
    tree = clean_tree() | {"w401.epub": book(members)}
    tree["index.html"] = tree["index.html"].replace(b"</body>", b'<p><a href="w401.epub">b</a></p></body>')
    folder = write(tree, tmp_path / "window")
    [finding] = check(folder, profiles.load("laptop"), Here())
    assert (finding.code, finding.path) == ("L102", "w401.epub")
    assert finding.message.startswith("OEBPS/one.xhtml: ")


# Folders and drives


DROPPINGS = (
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
    write(dict.fromkeys(DROPPINGS, b"a"), drive)
    found = found_in(drive)
    assert codes(found) == {("T401", top_of(path)) for path in DROPPINGS}
    assert {finding.severity for finding in found} == {Severity.WARNING}
    assert all("it tells " in finding.message and finding.remedy for finding in found)


def test_two_trees_on_one_drive_are_each_read_from_their_own_beginning(tmp_path: Path) -> None:
    """Recipients copy trees beside each other; a file that neither leads to is found."""
    for name in ("one", "two"):
        write({f"{name}/{path}": content for path, content in clean_tree().items()}, tmp_path)
    write({"System Volume Information/a": b"a", "two/more.txt": b"a\n"}, tmp_path)
    assert codes(found_in(tmp_path)) == {("T401", "System Volume Information"), ("L107", "two/more.txt")}


def test_a_folder_that_is_no_drive_may_hold_no_droppings(tmp_path: Path) -> None:
    """What macOS left in a tree before it was copied is an error, for it would be copied too."""
    folder = write(clean_tree() | {"w401/.DS_Store": b"a"}, tmp_path / "window")
    [finding] = found_in(folder)
    assert (finding.code, finding.severity) == ("T205", Severity.ERROR)


# Images


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An image of a FAT32 stick with the clean tree on it."""
    return image_of(clean_tree(), tmp_path)


FAT_TOOLS = pytest.mark.needs("mcopy", "mkfs.fat")


def with_bytes(file: Path, at: int, content: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(content)


SECTOR = 512
RESERVED_AT, TABLE_SECTORS_AT = 14, 36
COMIC_ENTRY = b"W401    CBZ"  # its short name in the directory, which no other file has
ATTRIBUTES, HIGH, LOW, SIZE = 11, 20, 26, 28
END = 0x0FFFFFFF


@dataclass(frozen=True, slots=True)
class Stick:
    """An image without partitions whose clusters are sectors, to be damaged by hand."""

    path: Path

    def number(self, at: int, length: int) -> int:
        with self.path.open("rb") as file:
            file.seek(at)
            return int.from_bytes(file.read(length), "little")

    def write(self, at: int, content: bytes) -> None:
        with self.path.open("r+b") as file:
            file.seek(at)
            file.write(content)

    def entry(self, short_name: bytes) -> int:
        return self.path.read_bytes().index(short_name)

    def first_cluster(self, entry: int) -> int:
        return self.number(entry + HIGH, 2) << 16 | self.number(entry + LOW, 2)

    def point(self, entry: int, cluster: int) -> None:
        self.write(entry + HIGH, (cluster >> 16).to_bytes(2, "little"))
        self.write(entry + LOW, (cluster & 0xFFFF).to_bytes(2, "little"))

    def set_following(self, cluster: int, following: int, copies: tuple[int, ...] = (0, 1)) -> None:
        start, length = self.number(RESERVED_AT, 2) * SECTOR, self.number(TABLE_SECTORS_AT, 4) * SECTOR
        for copy in copies:
            self.write(start + copy * length + 4 * cluster, following.to_bytes(4, "little"))


def loop(stick: Stick) -> None:
    first = stick.first_cluster(stick.entry(COMIC_ENTRY))
    stick.set_following(first, first)


def shared_chain(stick: Stick) -> None:
    entry = stick.entry(COMIC_ENTRY)
    stick.point(entry, 2)  # the root's


def wild_chain(stick: Stick) -> None:
    stick.set_following(stick.first_cluster(stick.entry(COMIC_ENTRY)), 0x0ABCDEF0)


def nowhere(stick: Stick) -> None:
    stick.point(stick.entry(COMIC_ENTRY), 0)


def larger(stick: Stick) -> None:
    stick.write(stick.entry(COMIC_ENTRY) + SIZE, (1 << 30).to_bytes(4, "little"))


def smaller(stick: Stick) -> None:
    stick.write(stick.entry(COMIC_ENTRY) + SIZE, (1).to_bytes(4, "little"))


def lost(stick: Stick) -> None:
    stick.set_following(70_000, END)


def unlike_tables(stick: Stick) -> None:
    stick.set_following(70_000, END, copies=(1,))


def hidden(stick: Stick) -> None:
    stick.write(stick.entry(COMIC_ENTRY) + ATTRIBUTES, b"\x02")


def torn_name(stick: Stick) -> None:
    long_name = stick.entry(b"A" + "2.htm".encode("utf-16-le"))
    stick.write(long_name + 13, bytes((stick.number(long_name + 13, 1) ^ 1,)))


def cut(stick: Stick) -> None:
    with stick.path.open("r+b") as file:
        file.truncate(20 << 20)


def deleted(stick: Stick) -> None:
    subprocess.run(["mdel", "-i", stick.path, "::window/w402/001.jpg"], check=True)


def numbered(stick: Stick) -> None:
    stick.write(67, b"\xd4\xc3\xb2\xa1")


CBZ = "window/cbz/w401.cbz"
DAMAGE: tuple[tuple[Callable[[Stick], None], set[tuple[str, str]]], ...] = (
    (loop, {("A302", CBZ), ("A304", "")}),
    (shared_chain, {("A302", CBZ), ("A304", "")}),
    (wild_chain, {("A302", CBZ), ("A304", "")}),
    (nowhere, {("A302", CBZ), ("A304", "")}),
    (larger, {("A303", CBZ)}),
    (smaller, {("A303", CBZ)}),
    (lost, {("A304", "")}),
    (unlike_tables, {("A302", "")}),
    (hidden, {("A306", CBZ)}),
    (cut, {("A301", "")}),
    (deleted, {("A307", ""), ("L102", "window/w402/index.html")}),
    (numbered, {("A308", "")}),
)


@FAT_TOOLS
def test_a_clean_image_has_no_finding(stick: Path) -> None:
    """A tree in an image made by mkfs.fat and mtools passes, and so does one in a partition."""
    assert found_in(stick) == ()
    table = bytes(446) + struct.pack("<B3xB3xLL", 0, 0x0C, 2048, stick.stat().st_size // SECTOR) + bytes(48)
    partitioned = stick.with_name("disk.img")
    partitioned.write_bytes((table + b"\x55\xaa").ljust(1 << 20, b"\0") + stick.read_bytes())
    assert found_in(partitioned) == ()


@FAT_TOOLS
@pytest.mark.parametrize(("damage", "expected"), DAMAGE, ids=lambda value: getattr(value, "__name__", ""))
def test_an_image_that_contradicts_itself_is_found(
    damage: Callable[[Stick], None], expected: set[tuple[str, str]], stick: Path
) -> None:
    """Loops, chains that meet, and sizes that lie are findings, at the file that has them."""
    damage(Stick(stick))
    assert codes(found_in(stick)) == expected


@FAT_TOOLS
def test_a_folder_that_leads_back_to_its_parent_is_followed_once(stick: Path) -> None:
    """A directory tree that is a ring ends where it closes."""
    opened = Stick(stick)
    opened.point(opened.entry(b"CBZ        "), opened.first_cluster(opened.entry(b"WINDOW     ")))
    assert ("A302", "window/cbz") in codes(found_in(stick))


@FAT_TOOLS
def test_a_long_name_that_is_not_its_files_is_found(stick: Path) -> None:
    """The folder is named, since the file has no name to tell."""
    torn_name(Stick(stick))
    assert ("A305", "window/w401") in codes(found_in(stick))


@FAT_TOOLS
def test_defects_and_droppings_are_found_in_an_image(stick: Path) -> None:
    """The same rules hold for files in an image; what systems left is listed apart, though they hide it."""
    make_folder(stick, "System Volume Information")
    put_in_image(stick, "System Volume Information/WPSettings.dat", b"a")
    put_in_image(stick, "window/w401/Thumbs.db", b"a")
    put_in_image(stick, "window/w401/004.jpg", b"")
    Stick(stick).write(Stick(stick).entry(b"SYSTEM~1   ") + ATTRIBUTES, b"\x16")  # hidden, system, a folder
    assert codes(found_in(stick)) == {
        ("T401", "System Volume Information"),
        ("T401", "window/w401/Thumbs.db"),
        ("T301", "window/w401/004.jpg"),
        ("L107", "window/w401/004.jpg"),
    }


@FAT_TOOLS
def test_no_damage_to_an_image_stops_the_check(stick: Path) -> None:
    """Bytes of the tables, directories and boot sector changed at random: findings, or one line of refusal."""
    chance = random.Random(5)
    whole = stick.read_bytes()[: 4 << 20]
    used = [at for at in range(0, len(whole), 32) if any(whole[at : at + 32])]
    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(12):
            damaged[chance.choice(used) + chance.randrange(32)] = chance.randrange(256)
        with_bytes(stick, 0, bytes(damaged))
        with suppress(UsageError):  # where nothing of a FAT32 volume is left
            assert isinstance(found_in(stick), tuple)


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
        lambda tree: (tree / "w402/index.html").write_bytes(clean_tree()["w402/index.html"] + b"\n"),
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
    other = clean_tree() | {"w402/index.html": clean_tree()["w402/index.html"] + b"\n"}
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
    found = found_in(tmp_path)
    assert [(one.path, one.code, one.line) for one in found] == [
        ("key/bundle.toml", "D101", 3),
        ("medium/bundle.toml", "D103", 2),
        ("own/mine.toml", "D102", 4),
        ("profile/bundle.toml", "D102", 2),
    ]
    assert [finding.path for finding in found_in(tmp_path / "medium")] == ["bundle.toml"]
    assert found_in(tmp_path / "good" / "bundle.toml") == ()


def test_every_problem_of_a_definition_is_found_at_once(tmp_path: Path) -> None:
    """Whoever corrects a definition need not run the check once for each line of it."""
    lines = ('title = ""', "languages = ['klingon!']", "medum = 'usb-4gb'", "", "[[publication]]", "priority = 'first'")
    bundle(tmp_path / "wrong", "\n".join(lines))
    found = found_in(tmp_path / "wrong")
    assert [(one.code, one.line) for one in found] == [("D101", line) for line in (1, 2, 3, 5, 6)]


def test_a_folder_without_definitions_is_an_error_of_use(tmp_path: Path) -> None:
    """Whoever asks for definitions alone learns that there are none."""
    with pytest.raises(UsageError, match="no definition"):
        check_definitions(tmp_path)


# What cannot be checked


def test_what_is_nothing_to_check_is_an_error_of_use(tmp_path: Path) -> None:
    """A missing path, a file of no use, a volume of another kind and a broken manifest are told in one line."""
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
