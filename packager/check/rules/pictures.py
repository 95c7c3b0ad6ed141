"""J: pictures, as files, inside documents and inside CBZ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from packager.check.facts import FileFacts, FormProblem, Inventory, JpegFacts, PictureFacts
from packager.check.findings import count_against, finding, listed, show, size_against
from packager.check.rules.types import allowed_files
from packager.config.profile import PictureLimits, Profile
from packager.files.signatures import BY_EXTENSION, PICTURES, FileType, extension
from packager.model import Finding

WALKED = frozenset((FileType.JPEG, FileType.PNG, FileType.GIF))
SHARE_OF_PAGE = 0.9
COLOUR_AT_HALF = (0x22, 0x11, 0x11)
SHOWN_FRAMES = frozenset(("SOF0", "SOF1", "SOF2"))  # baseline, extended, progressive
OF_BOOKS = frozenset((FileType.PNG, FileType.GIF))  # EPUB 3.3, 3.2


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Everything wrong with every picture of the tree."""
    files = allowed_files(inventory, profile)
    for file in files:
        shown = _kinds_inside(file, profile)
        for picture in file.pictures:
            problems = _problems(picture, profile.picture)
            if picture.place and picture.kind not in shown:
                problems = iter((("J108", f"it is {picture.kind}"),))
            for code, message in problems:
                place = f"{show(picture.place)}: " if picture.place else ""
                yield finding(code, file.path, f"{place}{message}")
    yield from _plain(files)
    yield from _twins(files)


def _kinds_inside(file: FileFacts, profile: Profile) -> frozenset[FileType]:
    """The kinds of pictures that may lie in `file`: JPEG, and what the profile lists or a book may hold."""
    listed_kinds = frozenset[FileType]().union(*(BY_EXTENSION.get(ending, frozenset()) for ending in profile.types))
    of_books = OF_BOOKS if extension(file.path) == "epub" else frozenset()
    return (listed_kinds & PICTURES) | of_books | {FileType.JPEG}


def _plain(files: tuple[FileFacts, ...]) -> Iterator[Finding]:
    """Every picture of one colour that is as tall as those beside it: a shorter one is a gap of a strip."""
    beside: defaultdict[str, list[int]] = defaultdict(list)
    # A picture lies beside those of its folder, or of the document that it is in.
    holders = [(file, file.path.rpartition("/")[0] + "/" if file.kind in PICTURES else file.path) for file in files]
    for file, holder in holders:
        beside[holder] += [picture.height for picture in file.pictures]
    for file, holder in holders:
        for picture in file.pictures:
            if picture.is_plain and picture.height >= SHARE_OF_PAGE * median(beside[holder]):
                place = f"{show(picture.place)}: " if picture.place else ""
                yield finding("J301", file.path, f"{place}all of it has one colour")


def _twins(files: tuple[FileFacts, ...]) -> Iterator[Finding]:
    """Every picture that is byte for byte an earlier one of its folder; those of one colour have their own finding."""
    same: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for file in files:
        # Pictures of an archive that were judged as files of the tree have no second finding.
        if file.kind in PICTURES and file.pictures and not file.pictures[0].is_plain:
            same[file.path.rpartition("/")[0], file.sha256].append(file.path)
    for first, *others in same.values():
        for path in others:
            yield finding("J302", path, f"it is the same picture as {listed((first,))}")


def _problems(picture: PictureFacts, limits: PictureLimits) -> Iterator[FormProblem]:
    if picture.error:
        yield "J101", f"it cannot be decoded whole: {picture.error}"
    yield from picture.problems
    if picture.jpeg is not None:
        yield from _coding_problems(picture.jpeg, limits)
    if picture.kind not in WALKED:
        yield "J111", f"it is {picture.kind}, which is decoded but not looked into"
    yield from _size_problems(picture, limits)


def _size_problems(picture: PictureFacts, limits: PictureLimits) -> Iterator[FormProblem]:
    side, pixels = max(picture.width, picture.height), picture.width * picture.height
    if side > limits.max_side:
        yield "J201", count_against(side, limits.max_side, "pixels on its long side")
    if pixels > limits.max_pixels:
        yield "J202", count_against(pixels, limits.max_pixels, f"pixels ({picture.width} x {picture.height})")
    if picture.size_bytes > limits.max_bytes:
        yield "J203", size_against(picture.size_bytes, limits.max_bytes)


def _coding_problems(jpeg: JpegFacts, limits: PictureLimits) -> Iterator[FormProblem]:
    """Yield what devices of the profile do not decode."""
    if limits.baseline and not jpeg.is_baseline:
        yield "J102", f"it is {'progressive' if jpeg.frame == 'SOF2' else jpeg.frame}"
    elif jpeg.frame not in SHOWN_FRAMES:
        yield "J109", f"it is {jpeg.frame}"
    components = len(jpeg.sampling)
    if components != 3 and (limits.baseline or components != 1):
        yield "J103", f"its colour components are {components}"
    elif limits.baseline and jpeg.sampling != COLOUR_AT_HALF:
        yield "J104", "its components are sampled " + ", ".join(f"{one >> 4}x{one & 15}" for one in jpeg.sampling)
