"""Pictures and archives in the one form in which a build writes them, and whatever is not of it."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from packager.archive.read import iterate
from packager.check.pictures import picture_facts
from packager.config import profile as profiles
from packager.model import Finding
from packager.pictures.vips import engine
from packager.pictures.vips.encode import encode
from tests.check.test_check import examined
from tests.helpers.clean_tree import encoded
from tests.helpers.planted_headers import PLANTED, Change, own_7z, own_jpeg, own_zip

LAPTOP = profiles.load("laptop")
# What a tree of one file lacks beside.
OF_TREES = ("L101", "L107", "T101", "J103", "J104", "J301", "J302")


def found(file: Path) -> set[str]:
    """The codes of what is wrong with the file itself, as it lies in a folder or is checked alone."""
    if file.suffix in (".jpg", ".png", ".gif"):
        facts = picture_facts(file.read_bytes())
        return {code for code, _ in facts.problems} | ({"J101"} if facts.error else set())
    findings: tuple[Finding, ...] = examined(file, LAPTOP)
    return {finding.code for finding in findings} - {*OF_TREES}


@pytest.mark.parametrize(("name", "base", "changes"), PLANTED, ids=[name for name, *_ in PLANTED])
def test_whatever_is_changed_in_a_header_is_found(
    name: str, base: Callable[[], bytes], changes: dict[str, Change], tmp_path: Path
) -> None:
    """And nothing where all is as it was."""
    file = tmp_path / name
    file.write_bytes(base())
    assert found(file) == set()
    unfound = []
    for what, change in changes.items():
        file.write_bytes(change(base()))
        if not found(file):
            unfound.append(what)
    assert unfound == []


def own_picture(number: int) -> bytes:
    """A picture of noise, lines or one colour as a build encodes it, by a number."""
    chance = random.Random(number)
    width, height = chance.randint(1, 90), chance.randint(1, 90)
    mean, sigma = chance.randint(0, 255), chance.choice((0, 1, 9, 90))
    grey = engine.Image.gaussnoise(width, height, mean=mean, sigma=sigma, seed=number).cast("uchar")
    image = grey if number % 7 == 0 else grey.bandjoin([grey.invert(), grey.gaussblur(2)]).copy(interpretation="srgb")
    return encode(image, chance.randint(1, 100), is_dense=chance.random() < 0.5)


def refused(numbers: Iterable[int]) -> list[tuple[int, str, tuple[tuple[str, str], ...]]]:
    """Those pictures of ours in which something is wrong."""
    judged = ((number, picture_facts(own_picture(number))) for number in numbers)
    return [(number, facts.error, facts.problems) for number, facts in judged if facts.error or facts.problems]


def test_our_pictures_have_the_form() -> None:
    """Whatever their size, quality and encoder."""
    assert refused(range(100)) == []


@pytest.mark.prove
def test_twenty_thousand_of_our_pictures_have_the_form() -> None:
    """More of them."""
    assert refused(range(20_000)) == []


@pytest.mark.parametrize("subsampling", [0, 2])
@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("optimize", [False, True])
def test_pictures_that_libjpeg_made_have_it_too(mode: str, subsampling: int, *, optimize: bool) -> None:
    """In colours sampled in full or at half, with counted codes or the ordinary ones."""
    options = {"subsampling": 0 if mode == "L" else subsampling, "optimize": optimize, "quality": 77}
    picture = Image.effect_noise((90, 70), 40).convert(mode)
    assert picture_facts(encoded(picture, **options)).problems == ()


def pixels(content: bytes) -> bytes:
    """Each pixel of the picture, b"" where it cannot be decoded."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            return image.convert("RGB").tobytes()
    except Exception:  # Pillow raises nearly every kind of error
        return b""


def mutated(content: bytes, number: int, reach: Sequence[int]) -> bytes:
    """The bytes with one to three things done to them at places within `reach`."""
    chance, made = random.Random(number), bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = min(chance.choice(reach), len(made) - 1)
        how = chance.randrange(5)
        if how == 0:
            made[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            made[at] = chance.randrange(256)
        elif how == 2:
            made[at : at + chance.randint(1, 4)] = b""
        elif how == 3:
            made[at:at] = chance.randbytes(chance.randint(1, 20))
        else:
            made[at : at + 2] = made[at : at + 2][::-1]
    return bytes(made)


def passing_pictures(numbers: Iterable[int]) -> Iterator[bytes]:
    """Mutants of the headers of a picture that nothing is found in."""
    whole = own_jpeg()
    for number in numbers:
        made = mutated(whole, number, range(whole.index(b"\xff\xda") + 14))
        facts = picture_facts(made)
        if made != whole and not facts.error and not facts.problems:
            yield made


def passing_archives(name: str, whole: bytes, numbers: Iterable[int], folder: Path) -> Iterator[bytes]:
    """Mutants of what stands beside the members of an archive that nothing is found in, but for broken names."""
    start = whole.index(b"PK\1\2") if name.endswith("zip") else 32 + int.from_bytes(whole[12:20], "little")
    beside = [*range(start, len(whole)), *range(32)]
    if name.endswith("zip"):
        locals_at = [found.start() for found in re.finditer(b"PK\3\4", whole)]
        beside += [at for begin in locals_at for at in range(begin, begin + 30)]
    file = folder / name
    for number in numbers:
        made = mutated(whole, number, beside)
        file.write_bytes(made)
        if made != whole and not {finding.code for finding in examined(file, LAPTOP)} - {*OF_TREES}:
            yield made


def members_of(content: bytes, folder: Path, name: str) -> list[tuple[str, bytes]]:
    """What a reader gets out of an archive."""
    file = folder / name
    file.write_bytes(content)
    return [(member.name, b"".join(iter(partial(stream.read, 1 << 20), b""))) for member, stream in iterate(file)]


def others(count: int, folder: Path) -> dict[str, list[bytes]]:
    """Of so many mutants of each kind, those in which nothing is found, and which show or hold something else."""
    picture = pixels(own_jpeg())
    found_none = {"jpg": [made for made in passing_pictures(range(count)) if pixels(made) != picture]}
    for name, whole in (("a.zip", own_zip()), ("a.7z", own_7z())):
        members = members_of(whole, folder, name)
        passing = passing_archives(name, whole, range(count), folder)
        found_none[name] = [made for made in passing if members_of(made, folder, name) != members]
    return found_none


def test_a_mutant_of_headers_is_found_or_shows_the_same(tmp_path: Path) -> None:
    """Seventy of each kind; of pictures one or two are another sound picture."""
    left = {name: len(made) for name, made in others(70, tmp_path).items()}
    assert left["a.zip"] == left["a.7z"] == 0
    assert left["jpg"] <= 2


@pytest.mark.prove
def test_twenty_thousand_mutants_of_headers_are_found_or_show_the_same(tmp_path: Path) -> None:
    """But for those that are another sound picture, by its size, its quality or the order of two codes."""
    left = {name: len(made) for name, made in others(7_000, tmp_path).items()}
    print(left)
    assert left["a.zip"] == left["a.7z"] == 0
    assert left["jpg"] <= 70
