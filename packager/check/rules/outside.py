"""X and P: what reaches the network or the reader's computer, and what tells of people and their computers."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.address import Reach, described, reach
from packager.check.facts import DocumentFacts, DocumentForm, FileFacts, Inventory, WordMatch
from packager.check.findings import finding, listed, show
from packager.check.rules.types import allowed_files
from packager.check.words import Coding
from packager.config.profile import Profile
from packager.files.signatures import FileType
from packager.model import Finding
from packager.text.mentions import MentionKind

ASKING_ELEMENTS = frozenset(
    """
    applet audio base bgsound embed fencedframe form frame frameset iframe link object portal source track video
    """.split()
)
# A book's documents have their styles in files of their own.
OF_BOOKS = frozenset(("link",))
BY_REACH = {Reach.NETWORK: "X101", Reach.COMPUTER: "X102", Reach.CODE: "X103", Reach.DATA: "X104"}
# Content Security Policy 3, 2.3: sources that reach no further than the tree.
NEAR_SOURCES = frozenset(("'none'", "'self'", "'unsafe-inline'", "data:", "file:"))
HASHES = ("'sha256-", "'sha384-", "'sha512-")

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
    """Every way out of every document, and every file that tells where it has been, or whom it belongs to."""
    yield from _traces(inventory)
    for file in allowed_files(inventory, profile):
        yield from _text(file)
        if file.document is not None:
            for code, message in _problems(file.document):
                yield finding(code, file.path, message)


Problem = tuple[str, str]


def _problems(document: DocumentFacts) -> Iterator[Problem]:
    asking = ASKING_ELEMENTS if document.form is DocumentForm.HTML else ASKING_ELEMENTS - OF_BOOKS
    for address in document.addresses:
        code = BY_REACH.get(reach(address.address))
        # An element that is not allowed at all is one problem, not two.
        if code is not None and address.element not in asking:
            yield code, described(address)
    if document.elements & asking:
        yield "X201", f"it has {listed(sorted(document.elements & asking))}"
    if document.head.refreshes:
        yield "X202", "it has a meta refresh"
    if document.has_entities:
        yield "X203", "it declares entities, which may lie anywhere"
    if document.forbidden_styles:
        yield "X302", f"its style has {listed(document.forbidden_styles)}"
    plain = PLAIN_METAS if document.form is DocumentForm.HTML else PLAIN_METAS | BOOK_METAS
    if telling := [name for name in document.head.metas if name not in plain]:
        yield "P102", f"it has the meta elements {listed(telling)}"
    if document.form is DocumentForm.HTML:
        if document.foreign_scripts:
            yield "X401", f"it has {'a script' if document.foreign_scripts == 1 else 'scripts'} of others"
        yield from _policy(document)


def _policy(document: DocumentFacts) -> Iterator[Problem]:
    if document.head.policy is None:
        yield "X501", "it has no Content-Security-Policy"
    elif lax := _lax(document.head.policy):
        yield "X502", lax
    if not document.head.forbids_translation:
        yield "X503", "browsers may offer to, and whoever accepts sends the text to a company"


def _lax(policy: str) -> str:
    """What `policy` leaves open; "" when nothing."""
    directives = [words for words in (part.split() for part in policy.lower().split(";")) if words]
    sources = [word for _, *words in directives for word in words]
    far = [word for word in sources if word not in NEAR_SOURCES and not word.startswith(HASHES)]
    if far:
        return f"it allows {listed(far)}"
    return "" if ["default-src", "'none'"] in directives else "it lacks default-src 'none'"


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
        yield finding(MENTIONED[mention.kind], file.path, f"it shows {show(mention.text)}", mention.line)
