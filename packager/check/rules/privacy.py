"""P: what a file tells of the computers it has been on and of the people behind it."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.facts import DocumentForm, FileFacts, Inventory, WordMatch
from packager.check.findings import broken, listed, show
from packager.check.rules.types import belonging
from packager.check.words import Coding
from packager.config.profile import Profile
from packager.files.signatures import FileType
from packager.model import Finding
from packager.text.mentions import MentionKind

MENTIONED = {
    MentionKind.ADDRESS: "P401",
    MentionKind.EMAIL: "P402",
    MentionKind.NAME: "P403",
    MentionKind.PHONE: "P404",
    MentionKind.DONATION: "P405",
}

# The names of meta elements that say how a document is to be shown, and nothing of where it comes from.
PLAIN_METAS = frozenset(
    """
    color-scheme format-detection google handheldfriendly mobileoptimized referrer robots theme-color viewport
    x-ua-compatible
    """.split()
)
# What a book must say of itself, and its cover; EPUB 3.3, 5.5.
BOOK_METAS = frozenset("cover dcterms:modified rendition:layout rendition:orientation rendition:spread".split())


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every file that tells where it has been, or whom it belongs to."""
    for file in inventory.files:
        if file.tag_bytes:
            message = "this file was opened on a Red Star computer and carries that computer's number"
            yield broken("P101", file.path, f"{message}, in its last {file.tag_bytes} bytes")
        is_text = file.kind in (FileType.TEXT, FileType.HTML)
        for match in file.words:
            yield _word(file.path, match, is_ordinary=is_text and match.coding == Coding.TEXT)
    for path, match in inventory.words:
        yield _word(path, match, is_ordinary=match.coding == Coding.NAME)
    for file in belonging(inventory, profile):
        yield from _document(file)
        yield from _text(file)


def _word(path: str, match: WordMatch, *, is_ordinary: bool) -> Finding:
    """Return the finding for a word; a trace may be an ordinary word in what people write."""
    code = "P301" if not match.is_trace else "P303" if is_ordinary else "P302"
    return broken(code, path, f'"{show(match.word)}" stands in it {match.coding}')


def _document(file: FileFacts) -> Iterator[Finding]:
    if file.document is None:
        return
    plain = PLAIN_METAS if file.document.form is DocumentForm.HTML else PLAIN_METAS | BOOK_METAS
    telling = [name for name in file.document.head.metas if name not in plain]
    if telling:
        yield broken("P102", file.path, f"it has the meta elements {listed(telling)}")


def _text(file: FileFacts) -> Iterator[Finding]:
    if file.text.paths:
        yield broken("P103", file.path, f"it names {listed(file.text.paths)}")
    for unseen in file.text.unseen:
        yield broken("P201", file.path, f"it holds a {unseen.name}", unseen.line)
    for mention in file.text.mentions:
        yield broken(MENTIONED[mention.kind], file.path, f"it shows {show(mention.text)}", mention.line)
