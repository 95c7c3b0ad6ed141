"""P: what a file tells of the computers it has been on and of the people behind it."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.facts import DocumentForm, FileFacts, Inventory, WordMatch
from packager.check.findings import Rule, listed, show
from packager.check.rules.types import belonging
from packager.check.words import Coding
from packager.config.profile import Profile
from packager.files.signatures import FileType
from packager.model import Finding, Severity
from packager.text.mentions import MentionKind

READERS = "docs/devices.md section 6"
LEAKS = "docs/devices.md section 7"

TAG = Rule(
    "P101",
    "no file carries the tag of a Red Star computer",
    "do not send, publish or reuse this medium; build the tree again from its sources",
    READERS,
)
META = Rule("P102", "no document names its maker or program", "remove the meta element", LEAKS)
PATH = Rule("P103", "no document names a place on a computer", "remove the path, or leave it", LEAKS, Severity.WARNING)
UNSEEN = Rule(
    "P201",
    "no text holds letters that nobody sees",
    "remove them: they can carry a mark of whoever passed the text on",
    LEAKS,
)
NEVER = Rule("P301", "no file or name holds a word that was forbidden", "remove the word, or the file", READERS)
TRACE = Rule(
    "P302",
    "no file tells of the computer that built it",
    "build the tree again with packager, or remove what tells it",
    LEAKS,
)
TRACE_IN_TEXT = Rule(
    "P303",
    "no text and no name of a file has the names of the computer that built it",
    "look at the word: it may stand there by chance",
    LEAKS,
    Severity.WARNING,
)
DECIDE = "look at it, and decide whether readers may see it"
MENTIONED = {
    MentionKind.ADDRESS: Rule("P401", "no text shows the address of a website", DECIDE, READERS, Severity.WARNING),
    MentionKind.EMAIL: Rule("P402", "no text shows an e-mail address", DECIDE, READERS, Severity.WARNING),
    MentionKind.NAME: Rule(
        "P403", "no text shows an @name, as people have on networks", DECIDE, READERS, Severity.WARNING
    ),
    MentionKind.PHONE: Rule("P404", "no text shows a telephone number", DECIDE, READERS, Severity.WARNING),
    MentionKind.DONATION: Rule("P405", "no text calls for donations", DECIDE, READERS, Severity.WARNING),
}
RULES = (TAG, META, PATH, UNSEEN, NEVER, TRACE, TRACE_IN_TEXT, *MENTIONED.values())

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
            yield TAG.broken(file.path, f"{message}, in its last {file.tag_bytes} bytes")
        for match in file.words:
            yield _rule_for(match, file).broken(file.path, _message(match))
    for path, match in inventory.words:
        rule = TRACE_IN_TEXT if match.coding == Coding.NAME else TRACE
        yield (rule if match.is_trace else NEVER).broken(path, _message(match))
    for file in belonging(inventory, profile):
        yield from _document(file)
        yield from _text(file)


def _message(match: WordMatch) -> str:
    return f'"{show(match.word)}" stands in it {match.coding}'


def _rule_for(match: WordMatch, file: FileFacts) -> Rule:
    if not match.is_trace:
        return NEVER
    is_text = file.kind in (FileType.TEXT, FileType.HTML) and match.coding == Coding.TEXT
    return TRACE_IN_TEXT if is_text else TRACE


def _document(file: FileFacts) -> Iterator[Finding]:
    if file.document is None:
        return
    plain = PLAIN_METAS if file.document.form is DocumentForm.HTML else PLAIN_METAS | BOOK_METAS
    telling = [name for name in file.document.metas if name not in plain]
    if telling:
        yield META.broken(file.path, f"meta elements: {listed(telling)}")


def _text(file: FileFacts) -> Iterator[Finding]:
    if file.text.paths:
        yield PATH.broken(file.path, listed(file.text.paths))
    for unseen in file.text.unseen:
        yield UNSEEN.broken(file.path, f"it holds a {unseen.name}", unseen.line)
    for mention in file.text.mentions:
        yield MENTIONED[mention.kind].broken(file.path, show(mention.text), mention.line)
