"""The check finds what is wrong in a tree, under its own code, and nothing else."""

from __future__ import annotations

import contextlib
import os
import random
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from packager.check import ANY_TARGET, CheckTarget, check
from packager.check.facts import FileFacts, Inventory, Node, TreeEntry
from packager.check.findings import RULES, show
from packager.check.pictures import picture_facts
from packager.check.rules import names, sizes
from packager.config import profile as profiles
from packager.config.profile import Profile
from packager.errors import SourceError, UsageError
from packager.model import Finding
from packager.sandbox.pool import Failure, Workers
from tests.helpers.clean_tree import (
    Tree,
    after_header,
    clean_tree,
    comic_pages,
    encoded,
    jpeg,
    segment,
    write,
)
from tests.helpers.containers import sevenzipped, zipped
from tests.helpers.defects import COMIC, DEFECTS, FIRST, PHONE, Defect, add_linked, body, comic
from tests.helpers.generated_trees import generated_tree
from tests.helpers.input_defects import BROKEN

ANY = profiles.load("any")
Item = TypeVar("Item")
Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


class Here(Workers):
    """Runs jobs in this process, as a pool does in its own."""

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], *, ahead: int | None = None
    ) -> Iterator[Result | Failure]:
        return map(function, items)

    def stream(
        self, function: Callable[[*Arguments], Iterator[Result]], *arguments: *Arguments
    ) -> Generator[Result, None, None]:
        yield from function(*arguments)

    def only_read(self, *places: Path) -> None:
        return None


def examined(folder: Path, profile: Profile = ANY, target: CheckTarget = ANY_TARGET) -> tuple[Finding, ...]:
    return check(folder, profile, Here(), target=target)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_one_thing_wrong_is_found_under_its_own_code_alone(defect: Defect, tmp_path: Path) -> None:
    """A clean tree with one defect has findings of one rule, in one place."""
    tree = clean_tree()
    defect.make(tree)
    found = examined(write(tree, tmp_path / "window"), defect.profile, defect.target)
    expected = {(code, defect.path) for code in (defect.code, *defect.also)}
    assert {(finding.code, finding.path) for finding in found} == expected


@pytest.mark.prove
@pytest.mark.parametrize("pack", [zipped, sevenzipped], ids=["ZIP", "7z"])
def test_every_defect_is_found_in_an_archive_too(pack: Callable[[Tree], bytes], tmp_path: Path) -> None:
    """A tree that is packed as one archive is judged as it would be in a folder."""
    for defect in DEFECTS:
        tree = clean_tree()
        defect.make(tree)
        archive = tmp_path / "window"
        archive.write_bytes(pack(tree))
        found = {(finding.code, finding.path) for finding in examined(archive, defect.profile, defect.target)}
        path = f"window/{defect.path}" if defect.path else ""
        expected = {(code, path) for code in (defect.code, *defect.also)}
        assert (defect.name, found) == (defect.name, expected)


def tree_limits(**limits: Any) -> Profile:
    return replace(ANY, tree=replace(ANY.tree, **limits))


LIMITS = (
    ("S101", COMIC, tree_limits(max_file_bytes=len(clean_tree()[COMIC]) - 1)),
    ("S104", COMIC, replace(ANY, document=replace(ANY.document, max_pixels=2 * 120 * 160 - 1))),
    ("S201", "", tree_limits(max_files=len(clean_tree()) - 1)),
    ("S202", "w401", tree_limits(max_files_in_folder=4)),
    ("N101", "phone/w401-2.html", tree_limits(max_path=len("phone/w401-2.html") - 1)),
)


@pytest.mark.parametrize(("code", "path", "profile"), LIMITS, ids=[code for code, _, _ in LIMITS])
def test_a_limit_of_the_profile_is_found_where_it_is_passed(
    code: str, path: str, profile: Profile, tmp_path: Path
) -> None:
    """A limit one below what the clean tree holds is passed in one place, and nothing else is wrong."""
    found = examined(write(clean_tree(), tmp_path), profile)
    assert {(finding.code, finding.path) for finding in found} == {(code, path)}


def listed_file(path: str, size_bytes: int = 1) -> FileFacts:
    return FileFacts(TreeEntry(path, Node.FILE, size_bytes))


# What not every disk can hold, as an inventory: (code, where, inventory, rules).
ON_PAPER = (
    ("S102", ["a.jpg"], Inventory((listed_file("a.jpg", 2**32),)), sizes.findings),
    ("S204", ["a"], Inventory(tuple(listed_file(f"a/{n:040}.jpg") for n in range(13_108))), sizes.findings),
    ("N107", ["A.jpg", "a.jpg"], Inventory((listed_file("A.jpg"), listed_file("a.jpg"))), names.findings),
    ("N107", ["Straße", "strasse"], Inventory((), ("Straße", "strasse")), names.findings),
)
ROOMY = tree_limits(max_files_in_folder=10**6)


@pytest.mark.parametrize(
    ("code", "paths", "inventory", "family"), ON_PAPER, ids=lambda value: str(value) if isinstance(value, str) else ""
)
def test_what_fat_cannot_hold_is_found(
    code: str, paths: list[str], inventory: Inventory, family: Callable[[Inventory, Profile], Iterable[Finding]]
) -> None:
    """Limits of FAT itself hold whatever the profile says."""
    assert [(finding.code, finding.path) for finding in family(inventory, ROOMY)] == [(code, path) for path in paths]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders, and links only for administrators")
def test_links_and_pipes_are_found_and_not_opened(tmp_path: Path) -> None:
    """What is neither file nor folder has a finding; a link is not followed, wherever it leads."""
    folder = write(clean_tree(), tmp_path)
    (folder / "w401" / "004.jpg").symlink_to("001.jpg")
    (folder / "home").symlink_to("/")
    os.mkfifo(folder / "w402" / "pipe")
    found = examined(folder)
    assert [(one.path, one.code) for one in found] == [
        ("home", "T202"),
        ("w401/004.jpg", "T202"),
        ("w402/pipe", "T203"),
    ]


class OneFails(Here):
    """A pool in which the job of one file comes to nothing."""

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], *, ahead: int | None = None
    ) -> Iterator[Result | Failure]:
        for result in map(function, items):
            failed = isinstance(result, FileFacts) and result.path == "w402/001.jpg"
            yield Failure(SourceError("the process that read it died")) if failed else result


def test_a_file_that_kills_its_worker_is_a_finding(tmp_path: Path) -> None:
    """The rest of the tree is judged as if nothing had happened."""
    [finding] = check(write(clean_tree(), tmp_path), ANY, OneFails())
    assert (finding.code, finding.path) == ("T302", "w402/001.jpg")
    assert "the process that read it died" in finding.message


def test_every_rule_has_a_defect_here() -> None:
    """No rule stands in the table that no test has seen at work."""
    elsewhere = {"A210", "T202", "T203", "T209", "T302", "H209", "T207", "N108", "N202", "N203", "T401"}
    elsewhere |= {broken.code for broken in BROKEN} | {code for code in RULES if code.startswith(("M", "D", "F", "A3"))}
    seen = {defect.code for defect in DEFECTS} | {code for code, *_ in (*LIMITS, *ON_PAPER)} | elsewhere
    assert seen == set(RULES)


def test_every_rule_says_what_holds_and_what_to_do() -> None:
    """A rule has a code of its family, words for people, and a source."""
    for code, rule in RULES.items():
        assert code == rule.code
        assert {one.code[0] for one in RULES.values() if one.family == rule.family} == {code[0]}
        assert code[1:].isdecimal()
        assert all((rule.family, rule.summary, rule.remedy, rule.source, rule.proof, rule.cannot))


def test_generated_trees_have_no_finding(tmp_path: Path) -> None:
    """Whatever pictures, texts and blocks a tree is made of: where nothing is wrong, nothing is found."""
    for number in range(30):
        assert (number, examined(write(generated_tree(number), tmp_path / str(number)))) == (number, ())


@pytest.mark.prove
def test_two_hundred_trees_have_no_finding(tmp_path: Path) -> None:
    """No false alarm in 200 trees of their own making, which share nothing but their kinds of files."""
    for number in range(200):
        assert (number, examined(write(generated_tree(number), tmp_path / str(number)))) == (number, ())


def test_a_clean_tree_has_no_finding(tmp_path: Path) -> None:
    """What every defect is put into has nothing wrong with it; worker processes agree."""
    folder = write(clean_tree(), tmp_path)
    assert examined(folder) == ()
    with Workers(2) as workers:
        assert check(folder, ANY, workers) == ()


@pytest.mark.parametrize("beginning", ["MZ세대가 읽는 만화", "BM is a size of paper", "PK\n", "%Q"])
def test_a_text_is_not_taken_for_a_program_by_its_first_letters(beginning: str, tmp_path: Path) -> None:
    """Words that begin as some binary files do are words."""
    tree = clean_tree()
    add_linked("more.txt", f"{beginning}\n".encode())(tree)
    assert examined(write(tree, tmp_path)) == ()


def test_findings_come_sorted_and_alike_from_any_pool(tmp_path: Path) -> None:
    """Twelve things wrong at once are all found, by path and code, whoever did the work."""
    tree = clean_tree()
    for defect in random.Random(3).sample([one for one in DEFECTS if one.path in (COMIC, FIRST, PHONE)], 12):
        with contextlib.suppress(AssertionError):  # another defect has changed the same words
            defect.make(tree)
    folder = write(tree, tmp_path)
    found = examined(folder)
    assert [(one.path, one.code) for one in found] == sorted((one.path, one.code) for one in found)
    with Workers(2) as workers:
        assert check(folder, ANY, workers) == found


def test_a_message_holds_what_was_measured_and_the_limit(tmp_path: Path) -> None:
    """An organizer reads how much is too much."""
    tree = clean_tree()
    add_linked("w401/4.jpg", jpeg(2056, 40))(tree)
    [finding] = examined(write(tree, tmp_path))
    assert "2,056" in finding.message
    assert "2,048" in finding.message
    assert finding.remedy


def test_a_picture_in_the_tree_and_in_its_cbz_is_judged_once(tmp_path: Path) -> None:
    """A member that is byte for byte a picture of the tree has no finding of its own."""
    tree = clean_tree()
    telling = after_header(comic_pages()[0][1], segment(0xE1, b"Exif\0\0"))
    tree[FIRST] = telling
    comic(("001.jpg", telling), *comic_pages()[1:])(tree)
    assert [(one.code, one.path) for one in examined(write(tree, tmp_path))] == [("J105", FIRST)]


def test_names_and_text_of_files_never_reach_a_message_raw(tmp_path: Path) -> None:
    """Escape codes, bidi controls and bytes that are no text are shown as what they are."""
    tree = clean_tree()
    body("<!-- \x1b[31m\u202e -->")(tree)
    add_linked("a\u202egpj.txt", b"a\n")(tree)
    found = examined(write(tree, tmp_path))
    assert {one.code for one in found} == {"H106", "H204", "N102"}
    assert all(one.message.isprintable() and one.path.isprintable() for one in found)
    assert any("\\u202e" in one.path for one in found)


@given(st.text(st.characters(codec=None)))
def test_whatever_is_shown_can_be_printed(text: str) -> None:
    """Nothing that moves the cursor, turns the text round or cannot be encoded is left."""
    shown = show(text)
    assert all(letter.isprintable() or letter.isspace() for letter in shown)
    assert "\n" not in shown
    shown.encode()


@settings(deadline=None)  # the first decoding loads Pillow
@given(st.integers(1, 70), st.integers(1, 70), st.integers(5, 95), st.booleans(), st.randoms())
def test_no_sound_jpeg_is_called_damaged(
    width: int, height: int, quality: int, optimize: bool, chance: random.Random
) -> None:
    """Pictures of any size, content and quality decode, and their scan is neither too short nor too long."""
    noise = Image.frombytes("RGB", (width, height), chance.randbytes(3 * width * height))
    facts = picture_facts(encoded(noise, quality=quality, optimize=optimize))
    assert (facts.error, facts.width, facts.height) == ("", width, height)


@settings(deadline=None)
@given(st.floats(0.01, 0.99))
def test_a_jpeg_cut_anywhere_is_called_damaged(share: float) -> None:
    """However much of a scan is left, with an end put behind it: what is missing is missed."""
    whole = encoded(Image.new("RGB", (320, 400), "black"))
    start = whole.index(b"\xff\xda") + 14
    kept = start + int((len(whole) - 6 - start) * share)
    assert picture_facts(whole[:kept] + b"\xff\xd9").error


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_damage_to_a_file_stops_the_check(chance: random.Random) -> None:
    """Bytes changed, cut, doubled and zeroed at random: the facts are gathered, whatever they are."""
    path, content = chance.choice(sorted(clean_tree().items()))
    at, end = sorted(chance.sample(range(1, len(content)), 2))
    damaged = chance.choice((content[:at], content[at:], content[:at] + bytes(end - at) + content[end:], content * 2))
    flipped = bytearray(damaged)
    for _ in range(chance.randrange(20)):
        flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    with tempfile.TemporaryDirectory() as folder:
        assert isinstance(examined(write(clean_tree() | {path: bytes(flipped)}, Path(folder))), tuple)


@pytest.mark.parametrize("name", ["missing", "file.txt"])
def test_what_is_no_folder_is_an_error_of_use(name: str, tmp_path: Path) -> None:
    """A path that does not exist, or is a file, is told in one line and not judged."""
    (tmp_path / "file.txt").write_text("a")
    with pytest.raises(UsageError, match="folder"):
        examined(tmp_path / name)
