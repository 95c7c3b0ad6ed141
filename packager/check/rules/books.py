"""A2: EPUBs that say rightly what they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from packager.check.containers.book import CONTAINER, MIMETYPE
from packager.check.facts import Inventory
from packager.check.findings import Rule, listed, show
from packager.check.packed_facts import BookFacts, Packing
from packager.config.profile import Profile
from packager.model import Finding

EPUB = "EPUB 3.3 section {}"
AGAIN = "make the book again with a tool that follows EPUB"
FIRST = Rule(
    "A201",
    "an EPUB begins with its mimetype, stored as it is",
    "put the mimetype first, uncompressed and without extra fields",
    EPUB.format("4.2.3"),
)
PACKAGE = Rule("A202", "an EPUB's container names its package document", AGAIN, EPUB.format("4.2.6.3.1"))
ITEMS = Rule("A203", "every item of the manifest has an id and a file of its own", "correct the item, or take it out",
             EPUB.format("5.6.2"))  # fmt: skip
LISTED = Rule("A204", "every file in the book is an item of its manifest", "list the file, or remove it",
              EPUB.format("5.6.1"))  # fmt: skip
SPINE = Rule("A205", "the spine leads through items of the manifest", "name items in the spine by their ids",
             EPUB.format("5.7"))  # fmt: skip
CONTENTS = Rule("A206", "a book has a table of contents", "add a navigation document or an NCX", EPUB.format("7.1"))
METADATA = Rule("A207", "a book has title, identifier and language", "add them to its metadata", EPUB.format("5.5.3"))
OBFUSCATED = Rule("A208", "nothing in a book is encrypted or signed", "take the protection off", EPUB.format("4.2.6.3"))
WELL_FORMED = Rule("A209", "every XML document is well-formed", "correct the line", EPUB.format("3.4"))
RULES = (FIRST, PACKAGE, ITEMS, LISTED, SPINE, CONTENTS, METADATA, OBFUSCATED, WELL_FORMED)

MEDIA_TYPE = b"application/epub+zip"
PROTECTIONS = ("META-INF/encryption.xml", "META-INF/rights.xml", "META-INF/signatures.xml")


def findings(inventory: Inventory, _: Profile) -> Iterator[Finding]:
    """Everything wrong with the EPUB that the inventory is of."""
    book = inventory.book
    if book is None:
        return
    if not _begins_rightly(inventory, book):
        yield FIRST.broken(MIMETYPE, f"it must be the first member, stored, and hold {MEDIA_TYPE.decode()} alone")
    protections = [file.path for file in inventory.files if file.path in PROTECTIONS]
    if protections:
        yield OBFUSCATED.broken("", f"it holds {listed(protections)}")
    for file in inventory.files:
        declares = file.document is not None and file.document.has_entities  # which breaks a rule on the outside
        if file.xml_error and not declares and file.path != book.package:
            yield WELL_FORMED.broken(file.path, file.xml_error, file.xml_line)
    if book.error:
        yield PACKAGE.broken(book.package or CONTAINER, book.error)
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
        yield ITEMS.broken(book.package, message)
    items = {item.path for item in book.items}
    for path in sorted(paths - items - {MIMETYPE, book.package}):
        if not path.startswith("META-INF/"):
            yield LISTED.broken(path, f"{show(book.package)} does not list it")
    ids = {item.id for item in book.items}
    strangers = [idref for idref in book.spine if idref not in ids]
    if strangers or not book.spine:
        yield SPINE.broken(book.package, f"no items: {listed(strangers)}" if strangers else "it has no spine")
    if not book.has_contents:
        yield CONTENTS.broken(book.package, "no item is a navigation document or an NCX")
    if book.lacking:
        yield METADATA.broken(book.package, f"it lacks {listed(book.lacking)}")


def _items(book: BookFacts) -> Iterator[str]:
    """What is wrong with items, but for what they lead to, which rules on links and on the outside see."""
    nameless = [item.id or item.address for item in book.items if not (item.id and item.address)]
    if nameless:
        yield f"without id or address: {listed(nameless)}"
    for told, values in (("id", [item.id for item in book.items]), ("file", [item.path for item in book.items])):
        twice = [value for value, count in Counter(values).items() if value and count > 1]
        if twice:
            yield f"of one {told}: {listed(twice)}"
