"""FAT32 images are read without being trusted: what contradicts itself in one is found, and nothing else."""

from __future__ import annotations

import random
import struct
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from packager.check import Demands, check
from packager.errors import UsageError
from tests.check.test_check import Here
from tests.check.test_check_inputs import ANY, codes, found_in
from tests.helpers.clean_tree import clean_tree
from tests.helpers.containers import delete_from_image, image_of, make_folder, put_in_image


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


@FAT_TOOLS
def test_a_word_is_found_beside_the_files_of_an_image(stick: Path) -> None:
    """In its label, in sectors before the tables, behind the end of a file, in a cluster that is free; nowhere else."""
    demands = Demands(never=("danbi", "단비"), traces=("/home/ali",))
    assert check(stick, ANY, Here(), demands=demands) == ()
    clean = stick.read_bytes()
    before_tables = (int.from_bytes(clean[RESERVED_AT : RESERVED_AT + 2], "little") - 1) * SECTOR
    behind_a_file = clean.index(b"\xff\xd9" + bytes(20)) + 4
    for place in (clean.index(b"NO NAME"), before_tables, behind_a_file, len(clean) - 600):
        for word, code in (("DANBI", "P301"), ("단비", "P301"), ("/home/ali", "P302")):
            stick.write_bytes(clean)
            with_bytes(stick, place, word.encode())
            found = [one for one in check(stick, ANY, Here(), demands=demands) if one.code.startswith("P3")]
            assert [(one.code, one.path) for one in found] == [(code, "")]
            assert found[0].message.endswith("stands in it beside its files")


@FAT_TOOLS
def test_a_word_is_found_in_a_name_that_was_deleted(stick: Path) -> None:
    """Its entry stays, but for the first letter."""
    put_in_image(stick, "window/mydanbi.txt", b"a\n")
    with_bytes(stick, stick.read_bytes().index(b"MYDANBI TXT"), b"\xe5")
    found = check(stick, ANY, Here(), demands=Demands(never=("danbi",)))
    assert "P301" in {one.code for one in found}


@FAT_TOOLS
@pytest.mark.parametrize("name", ["Danbivora Kim photo.txt", "a long name of the \ub2e8\ube44.txt", "x.danbi"])
def test_a_word_is_found_in_a_long_name_that_was_deleted(name: str, stick: Path) -> None:
    """Its entries stay, but for their numbers; what was deleted is told by that name."""
    put_in_image(stick, f"window/{name}", b"a\n")
    delete_from_image(stick, f"window/{name}")
    found = check(stick, ANY, Here(), demands=Demands(never=("danbi", "\ub2e8\ube44")))
    assert any(one.code == "A307" and name in one.message for one in found)
    assert any(one.code == "P301" and one.message.startswith(f"{name}: ") for one in found)


LEFT = {
    "cp949": "안녕하세요, 단비입니다.\n".encode("cp949"),
    "cp949 and tags": "<p>안녕 단<b>비</b></p>".encode("cp949"),
    "entities": b"<p>D&#97;nbi</p>",
    "tags": b"<p>Dan<b>bi</b></p>",
}


@FAT_TOOLS
@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_a_word_is_found_in_what_is_left_of_a_text(text: bytes, stick: Path) -> None:
    """In a cluster that is free, and behind the end of a file."""
    clean = stick.read_bytes()
    for place in (clean.index(b"\xff\xd9" + bytes(60)) + 4, len(clean) - 600):
        stick.write_bytes(clean)
        with_bytes(stick, place, text)
        found = check(stick, ANY, Here(), demands=Demands(never=("danbi", "단비")))
        assert [one.message for one in found if one.code == "P301"] != []
