"""H: documents that everything since 2009 can show."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.address import Key, Reach, in_tree, reach, shown_picture, shown_pictures
from packager.check.facts import DocumentFacts, DocumentForm, FileFacts, ImageFacts, Inventory, PictureFacts
from packager.check.findings import Rule, listed, rules_in, size_against
from packager.check.rules.outside import ASKING_ELEMENTS
from packager.check.rules.types import belonging
from packager.config.profile import Profile
from packager.model import Finding, Severity

OPENING = "docs/devices.md section 2"
BASE = "docs/devices.md section 3"
READERS = "docs/devices.md section 6"
LEAKS = "docs/devices.md section 7"

DOCTYPE = Rule("H101", "a document begins with its doctype", "begin the file with <!DOCTYPE html>", BASE)
CHARSET = Rule(
    "H102",
    "a document says within 1,024 bytes that it is UTF-8",
    'put <meta http-equiv="Content-Type" content="text/html; charset=utf-8"> first in its head',
    OPENING,
)
UTF8 = Rule("H103", "a document is UTF-8", "save the document as UTF-8", OPENING)
LANGUAGE = Rule("H104", "a document says its language", "put lang on its html element", BASE)
TITLE = Rule("H105", "a document has a title", "put a title in its head", BASE)
ELEMENTS = Rule("H201", "every element is known to every browser", "use div, span or another old element", BASE)
ATTRIBUTES = Rule("H202", "every attribute is known to every browser", "remove the attribute", BASE)
HANDLERS = Rule("H203", "no element holds a script of its own", "remove the attribute", BASE)
COMMENTS = Rule("H204", "there are no comments", "remove the comment", LEAKS)
SCRIPTS = Rule(
    "H205",
    "no script is seen by Internet Explorer up to 9",
    "put the script between <!--[if gt IE 9]><!--> and <!--<![endif]-->",
    OPENING,
)
STYLES = Rule(
    "H207",
    "what browsers of 2009 do not know stands inside @supports",
    "put it inside @supports (display: grid) { ... }, and something older before it",
    BASE,
)
CODE = Rule(
    "H208",
    "styles and scripts of a document are small",
    "shorten them: old devices read them all before they show anything",
    BASE,
    Severity.WARNING,
)
WEIGHT = Rule(
    "H209",
    "a document and its pictures are no more than a phone can hold",
    "move some of its pictures to a next document",
    OPENING,
    Severity.WARNING,
)
BOOK_SCRIPTS = Rule("H210", "no book and no drawing has scripts", "remove the script", READERS)
ALT = Rule("H301", "every picture has a text in its place", "put alt on the img, empty where it only adorns", BASE)
MEASURES = Rule("H302", "every picture says its size", "put width and height on the img, in pixels", BASE)
SHAPE = Rule("H303", "every picture is shown in its own shape", "give the img the picture's own width and height", BASE)
RULES = rules_in(globals())

MOST_CODE_BYTES = 12_000
MOST_WEIGHT_BYTES = 50_000_000

KNOWN_ELEMENTS = frozenset(
    """
    html head meta title style script body div span p h1 h2 h3 h4 a img br hr ul ol li dl dt dd table tbody tr td
    th caption blockquote pre code em strong b i small sub sup ruby rt rp input label
    """.split()
)
EVERYWHERE = frozenset("class dir id lang role style title translate".split())
KNOWN_ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset("href name rel".split()),
    "div": frozenset("tabindex".split()),  # what scrolls is reached by the keyboard so
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
    for file in belonging(inventory, profile):
        if file.document is None:
            continue
        if file.document.form is not DocumentForm.HTML:
            for rule, message in _of_books(file.document):
                yield rule.broken(file.path, message)
            continue
        for rule, message in (*_frame(file.document), *_content(file.document)):
            yield rule.broken(file.path, message)
        yield from _images(file, file.document, files)
        weight = file.size_bytes + sum({key: shown.size_bytes for key, shown in _beside(file, files)}.values())
        if weight > MOST_WEIGHT_BYTES:
            yield WEIGHT.broken(file.path, size_against(weight, MOST_WEIGHT_BYTES))


def _beside(file: FileFacts, files: dict[str, FileFacts]) -> Iterator[tuple[Key, PictureFacts]]:
    """The pictures that a document shows and does not hold."""
    return (shown for shown in shown_pictures(file, files) if shown[0][0] != file.path)


Problem = tuple[Rule, str]


def _of_books(document: DocumentFacts) -> Iterator[Problem]:
    """What is wrong with a document, a drawing or a style of a book, which may have other elements."""
    if document.text_error:
        yield UTF8, document.text_error
    if "script" in document.elements:
        yield BOOK_SCRIPTS, "it has a script"
    handlers = sorted(f"{name} on {element}" for element, name in document.attributes if name.startswith("on"))
    if handlers:
        yield HANDLERS, f"scripts in attributes: {listed(handlers)}"


def _frame(document: DocumentFacts) -> Iterator[Problem]:
    if not document.has_doctype:
        yield DOCTYPE, "it does not begin with <!DOCTYPE html>, and old browsers guess how to show it"
    if not document.declares_utf8:
        yield CHARSET, "nothing in its first 1,024 bytes says charset=utf-8"
    if document.text_error:
        yield UTF8, document.text_error
    if not document.language:
        yield LANGUAGE, "its html element has no lang"
    if not document.title:
        yield TITLE, "it has no title, and browsers show its path instead"


def _content(document: DocumentFacts) -> Iterator[Problem]:
    elements = sorted(document.elements - KNOWN_ELEMENTS - ASKING_ELEMENTS)
    if elements:
        yield ELEMENTS, f"not known to every browser: {listed(elements)}"
    known = document.elements & KNOWN_ELEMENTS
    leading_out = {(one.element, one.attribute) for one in document.addresses if reach(one.address) is not Reach.TREE}
    strange = sorted(
        (element, name)
        for element, name in document.attributes - leading_out  # which the rules on what is outside name
        if element in known and not _is_known(element, name)
    )
    handlers = [f"{name} on {element}" for element, name in strange if name.startswith("on")]
    if handlers:
        yield HANDLERS, f"scripts in attributes: {listed(handlers)}"
    others = [f"{name} on {element}" for element, name in strange if not name.startswith("on")]
    if others:
        yield ATTRIBUTES, f"not known to every browser: {listed(others)}"
    if document.comments:
        yield COMMENTS, f"{len(document.comments)} comments: {listed(document.comments)}"
    if document.bare_scripts:
        yield SCRIPTS, f"{document.bare_scripts} scripts raise its warning bar"
    if document.newer_styles:
        yield STYLES, f"outside @supports: {listed(document.newer_styles)}"
    if document.code_bytes > MOST_CODE_BYTES:
        yield CODE, size_against(document.code_bytes, MOST_CODE_BYTES)


def _is_known(element: str, name: str) -> bool:
    return name in EVERYWHERE or name.startswith("aria-") or name in KNOWN_ATTRIBUTES.get(element, frozenset())


def _images(file: FileFacts, document: DocumentFacts, files: dict[str, FileFacts]) -> Iterator[Finding]:
    lacking = [_name(image) for image in document.images if not image.has_alt]
    if lacking:
        yield ALT.broken(file.path, f"{len(lacking)} pictures without alt: {listed(lacking)}")
    unmeasured = [_name(image) for image in document.images if not (image.width and image.height)]
    if unmeasured:
        yield MEASURES.broken(file.path, f"{len(unmeasured)} pictures without width or height: {listed(unmeasured)}")
    for image in document.images:
        shown = shown_picture(file, image, files)
        if shown is not None and not _keeps_shape(image, shown[1].width, shown[1].height):
            real = f"{shown[1].width} x {shown[1].height}"
            yield SHAPE.broken(file.path, f"{_name(image)} is {real} and shown as {image.width} x {image.height}")


def _keeps_shape(image: ImageFacts, width: int, height: int) -> bool:
    """Whether the shown size is the real one, or that made larger or smaller and rounded to whole pixels."""
    if not (image.width and image.height and width and height):
        return True
    by_width, by_height = image.width * height / width, image.height * width / height
    return abs(image.height - by_width) <= 1 or abs(image.width - by_height) <= 1


def _name(image: ImageFacts) -> str:
    return f"picture {image.picture + 1}" if image.picture is not None else listed((image.address or "without src",))
