"""A2: EPUBs that say rightly what they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from packager.check.containers.book import CONTAINER, MIMETYPE
from packager.check.facts import Inventory
from packager.check.findings import broken, listed, show
from packager.check.packed_facts import BookFacts, Packing
from packager.config.profile import Profile
from packager.model import Finding

MEDIA_TYPE = b"application/epub+zip"
PROTECTIONS = ("META-INF/encryption.xml", "META-INF/rights.xml", "META-INF/signatures.xml")


def findings(inventory: Inventory, _: Profile) -> Iterator[Finding]:
    """Everything wrong with the EPUB that the inventory is of."""
    book = inventory.book
    if book is None:
        return
    if not _begins_rightly(inventory, book):
        yield broken("A201", MIMETYPE, f"it must be the first member, stored, and hold {MEDIA_TYPE.decode()} alone")
    protections = [file.path for file in inventory.files if file.path in PROTECTIONS]
    if protections:
        yield broken("A208", "", f"it holds {listed(protections)}")
    for file in inventory.files:
        declares = file.document is not None and file.document.has_entities  # which breaks a rule on the outside
        if file.xml_error and not declares and file.path != book.package:
            yield broken("A209", file.path, file.xml_error, file.xml_line)
    if book.error:
        yield broken("A202", book.package or CONTAINER, book.error)
    else:
        yield from _package(inventory, book)


def _begins_rightly(inventory: Inventory, book: BookFacts) -> bool:
    members = inventory.archive.members if inventory.archive else ()
    if not members or book.mimetype != MEDIA_TYPE:
        return False
    first = members[0]
    return first.name == MIMETYPE and first.packing is Packing.STORED and not first.has_extras


def _package(inventory: Inventory, book: BookFacts) -> Iterator[Finding]:
    paths = {file.path for file in inventory.files}
    for message in _items(book):
        yield broken("A203", book.package, message)
    items = {item.path for item in book.items}
    for path in sorted(paths - items - {MIMETYPE, book.package}):
        if not path.startswith("META-INF/"):
            yield broken("A204", path, f"{show(book.package)} does not list it")
    ids = {item.id for item in book.items}
    strangers = [idref for idref in book.spine if idref not in ids]
    if strangers or not book.spine:
        yield broken(
            "A205", book.package, f"these are no items: {listed(strangers)}" if strangers else "it has no spine"
        )
    if not book.has_contents:
        yield broken("A206", book.package, "no item is a navigation document or an NCX")
    if book.lacking:
        yield broken("A207", book.package, f"it lacks {listed(book.lacking)}")


def _items(book: BookFacts) -> Iterator[str]:
    """What is wrong with items, but for what they lead to, which rules on links and on the outside see."""
    nameless = [item.id or item.address for item in book.items if not (item.id and item.address)]
    if nameless:
        yield f"without id or address: {listed(nameless)}"
    for attribute, values in (("id", [item.id for item in book.items]), ("file", [item.path for item in book.items])):
        twice = [value for value, count in Counter(values).items() if value and count > 1]
        if twice:
            yield f"of one {attribute}: {listed(twice)}"
