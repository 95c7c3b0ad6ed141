"""H: documents that everything since 2009 can show."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.address import Reach, in_tree, reach, shown_picture, shown_pictures
from packager.check.facts import DocumentFacts, DocumentForm, FileFacts, ImageFacts, Inventory
from packager.check.findings import finding, listed, size_against
from packager.check.rules.outside import ASKING_ELEMENTS
from packager.check.rules.types import allowed_files
from packager.config.profile import Profile
from packager.model import Finding

MOST_CODE_BYTES = 12_000
MOST_WEIGHT_BYTES = 50_000_000

KNOWN_ELEMENTS = frozenset(
    """
    html head meta title style script body div span p h1 h2 h3 h4 a img br hr ul ol li dl dt dd table tbody tr td
    th caption blockquote pre code em strong b i s small sub sup ruby rt rp input label
    """.split()
)
EVERYWHERE = frozenset("class dir id lang role style title translate".split())
KNOWN_ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset("href name rel".split()),
    # What scrolls is reached by the keyboard; what our scripts are told.
    "div": frozenset(
        """
        tabindex data-strip data-rtl data-start data-first data-total data-width data-height data-original data-pair
        data-help data-keys data-taps data-retry data-words
        """.split()
    ),
    "span": frozenset(("data-words",)),
    "img": frozenset("alt height loading src width".split()),
    "input": frozenset("type".split()),  # outside a form, which asks: nothing typed into it can be sent
    "li": frozenset("value".split()),
    "meta": frozenset("charset content http-equiv name".split()),
    "ol": frozenset("start type".split()),
    "pre": frozenset("tabindex".split()),
    "script": frozenset("type".split()),
    "style": frozenset("media type".split()),
    "td": frozenset("colspan rowspan".split()),
    "th": frozenset("colspan rowspan scope".split()),
}


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Everything in every document that some browser would not show, or not as meant."""
    files = in_tree(inventory)
    for file in allowed_files(inventory, profile):
        if file.document is None:
            continue
        is_html = file.document.form is DocumentForm.HTML
        problems = (*_frame(file.document), *_content(file.document)) if is_html else _of_books(file.document)
        for code, message in problems:
            yield finding(code, file.path, message)
        if not is_html:
            continue
        yield from _images(file, file.document, files)
        beside = {key: picture.size_bytes for key, picture in shown_pictures(file, files) if key[0] != file.path}
        weight = file.size_bytes + sum(beside.values())
        if weight > MOST_WEIGHT_BYTES:
            yield finding("H209", file.path, size_against(weight, MOST_WEIGHT_BYTES))


Problem = tuple[str, str]


def _of_books(document: DocumentFacts) -> Iterator[Problem]:
    """What is wrong with a document, a drawing or a style of a book, which may have other elements."""
    if document.text_error:
        yield "H103", document.text_error
    if "script" in document.elements:
        yield "H210", "it has a script"
    handlers = sorted(f"{name} on {element}" for element, name in document.attributes if name.startswith("on"))
    if handlers:
        yield "H203", f"it has scripts in attributes: {listed(handlers)}"


def _frame(document: DocumentFacts) -> Iterator[Problem]:
    if not document.has_doctype:
        yield "H101", "it does not begin with <!DOCTYPE html>, and old browsers guess how to show it"
    if not document.declares_utf8:
        yield "H102", "nothing in its first 1,024 bytes says charset=utf-8"
    if document.text_error:
        yield "H103", document.text_error
    if not document.head.language:
        yield "H104", "its html element has no lang"
    if not document.head.title:
        yield "H105", "it has no title, and browsers show its path instead"


def _content(document: DocumentFacts) -> Iterator[Problem]:
    elements = sorted(document.elements - KNOWN_ELEMENTS - ASKING_ELEMENTS)
    if elements:
        yield "H201", f"some browsers do not know {listed(elements)}"
    known = document.elements & KNOWN_ELEMENTS
    leading_out = {(one.element, one.attribute) for one in document.addresses if reach(one.address) is not Reach.TREE}
    strange = sorted(
        (element, name)
        for element, name in document.attributes - leading_out  # which the rules on what is outside name
        if element in known and name not in EVERYWHERE | KNOWN_ATTRIBUTES.get(element, frozenset())
        if not name.startswith("aria-")
    )
    handlers = [f"{name} on {element}" for element, name in strange if name.startswith("on")]
    if handlers:
        yield "H203", f"it has scripts in attributes: {listed(handlers)}"
    others = [f"{name} on {element}" for element, name in strange if not name.startswith("on")]
    if others:
        yield "H202", f"some browsers do not know {listed(others)}"
    if document.comments:
        yield "H204", f"it has comments: {listed(document.comments)}"
    if document.bare_scripts:
        yield "H205", "it warns readers of the script"
    if document.newer_styles:
        yield "H207", f"its style has {listed(document.newer_styles)}"
    if document.code_bytes > MOST_CODE_BYTES:
        yield "H208", size_against(document.code_bytes, MOST_CODE_BYTES)


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
