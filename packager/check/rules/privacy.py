"""P: what tells of people and their computers."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.facts import FileFacts, Inventory, WordMatch
from packager.check.findings import finding, listed, show
from packager.check.rules.types import allowed_files
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


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every file that tells where it has been, or whom it belongs to."""
    yield from _traces(inventory)
    for file in allowed_files(inventory, profile):
        yield from _text(file)


def _traces(inventory: Inventory) -> Iterator[Finding]:
    for file in inventory.files:
        if file.tag_bytes:
            message = "this file was opened on a Red Star computer and carries that computer's number"
            yield finding("P101", file.path, f"{message}, in its last {file.tag_bytes} bytes")
        is_text = file.kind in (FileType.TEXT, FileType.HTML)
        for match in file.words:
            yield _word(file.path, match, is_ordinary=is_text and match.coding == Coding.TEXT)
    for path, match in inventory.words:
        yield _word(path, match, is_ordinary=match.coding == Coding.NAME)


def _word(path: str, match: WordMatch, *, is_ordinary: bool) -> Finding:
    """Return the finding for a word; a trace may be an ordinary word in what people write."""
    code = "P301" if not match.is_trace else "P303" if is_ordinary else "P302"
    return finding(code, path, f'"{show(match.word)}" stands in it {match.coding}')


def _text(file: FileFacts) -> Iterator[Finding]:
    if file.text.paths:
        yield finding("P103", file.path, f"it names {listed(file.text.paths)}")
    for unseen in file.text.unseen:
        yield finding("P201", file.path, f"it holds a {unseen.name}", unseen.line)
    for mention in file.text.mentions:
        yield finding(MENTIONED[mention.kind], file.path, shows(mention.text), mention.line)


def shows(words: str) -> str:
    """Return the finding's message on words that readers see."""
    return f"it shows {show(words)}"
