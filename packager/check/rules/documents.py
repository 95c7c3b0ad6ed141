"""H and X: what is not allowed in documents, and pictures that they would not show as they are."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.address import in_tree, shown_picture, shown_pictures
from packager.check.facts import DocumentFacts, DocumentForm, FileFacts, ImageFacts, Inventory
from packager.check.findings import finding, listed, size_against
from packager.check.rules.types import allowed_files
from packager.config.profile import Profile
from packager.model import Finding

MOST_WEIGHT_BYTES = 50_000_000


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Everything wrong in every document, and with what it shows of other files."""
    files = in_tree(inventory)
    for file in allowed_files(inventory, profile):
        if file.document is None:
            continue
        for code, message, line in file.document.problems:
            yield finding(code, file.path, message, line)
        if file.document.form is not DocumentForm.HTML:
            continue
        yield from _images(file, file.document, files)
        beside = {key: picture.size_bytes for key, picture in shown_pictures(file, files) if key[0] != file.path}
        weight = file.size_bytes + sum(beside.values())
        if weight > MOST_WEIGHT_BYTES:
            yield finding("H209", file.path, size_against(weight, MOST_WEIGHT_BYTES))


def _images(file: FileFacts, document: DocumentFacts, files: dict[str, FileFacts]) -> Iterator[Finding]:
    lacking = [_name(image) for image in document.images if not image.has_alt]
    if lacking:
        yield finding("H301", file.path, f"{len(lacking)} pictures have no alt: {listed(lacking)}")
    unmeasured = [_name(image) for image in document.images if not (image.width and image.height)]
    if unmeasured:
        yield finding("H302", file.path, f"{len(unmeasured)} pictures have no width or height: {listed(unmeasured)}")
    for image in document.images:
        _, picture = shown_picture(file, image, files) or (None, None)
        if picture is not None and not _keeps_shape(image, picture.width, picture.height):
            real = f"{picture.width} x {picture.height}"
            yield finding("H303", file.path, f"{_name(image)} is {real} and shown as {image.width} x {image.height}")


def _keeps_shape(image: ImageFacts, width: int, height: int) -> bool:
    """Whether the shown size is the real one, or that made larger or smaller and rounded to whole pixels."""
    if not (image.width and image.height and width and height):
        return True
    by_width, by_height = image.width * height / width, image.height * width / height
    return abs(image.height - by_width) <= 1 or abs(image.width - by_height) <= 1


def _name(image: ImageFacts) -> str:
    return f"picture {image.picture + 1}" if image.picture is not None else listed((image.address or "without src",))
