"""P: what tells of people and their computers."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.facts import Inventory, WordMatch
from packager.check.findings import finding, show
from packager.check.rules.types import allowed_files
from packager.check.words import Coding
from packager.config.profile import Profile
from packager.files.signatures import FileType
from packager.model import Finding


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every file that tells where it has been, or whom it belongs to."""
    yield from _traces(inventory)
    for file in allowed_files(inventory, profile):
        for code, message, line in file.text_problems:
            yield finding(code, file.path, message, line)


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
