"""X: ways to reach the network, the reader's computer, or anything that outlives the reading."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.address import Reach, reach
from packager.check.facts import Address, DocumentFacts, DocumentForm, Inventory
from packager.check.findings import Rule, listed, rules_in, show
from packager.check.rules.types import belonging
from packager.config.profile import Profile
from packager.model import Finding

OPENING = "docs/devices.md section 2"
READERS = "docs/devices.md section 6"

NETWORK = Rule("X101", "no address leads to the network", "remove the address, or write it as text", READERS)
COMPUTER = Rule("X102", "no address leads to the reader's computer", "remove the address", READERS)
CODE = Rule("X103", "no address runs code", "remove the address", READERS)
DATA = Rule("X104", "no address but a picture's holds data", "put the data in a file, or remove it", READERS)
ASKING = Rule("X201", "no element asks for other documents or sends anything", "remove the element", READERS)
REFRESH = Rule("X202", "no document goes elsewhere by itself", "remove the meta refresh", READERS)
ENTITIES = Rule("X203", "no XML fetches parts of itself", "write out what the entities stand for", READERS)
IMPORT = Rule("X301", "no style imports another", "put the style into the document", READERS)
STYLE_CODE = Rule(
    "X302",
    "no style runs code, hides letters in codes, or asks for anything but by url()",
    "remove it from the style",
    READERS,
)
SCRIPT = Rule(
    "X401",
    "no document has a script but those that packager puts there",
    "remove the script, or build the tree again with the packager that checks it",
    READERS,
)
POLICY = Rule(
    "X501",
    "every document forbids itself everything outside",
    "put a Content-Security-Policy meta with default-src 'none' into its head",
    READERS,
)
LAX_POLICY = Rule(
    "X502", "no document's policy allows anything outside", "allow only 'none', 'self', data: and file:", READERS
)
TRANSLATION = Rule("X503", "no browser offers to translate", 'put translate="no" on the html element', OPENING)
RULES = rules_in(globals())

ASKING_ELEMENTS = frozenset(
    """
    applet audio base bgsound embed fencedframe form frame frameset iframe link object portal source track video
    """.split()
)
# A book's documents have their styles in files of their own.
OF_BOOKS = frozenset(("link",))
BY_REACH = {Reach.NETWORK: NETWORK, Reach.COMPUTER: COMPUTER, Reach.CODE: CODE, Reach.DATA: DATA}
# Content Security Policy 3, 2.3: sources that reach no further than the tree.
NEAR_SOURCES = frozenset(("'none'", "'self'", "'unsafe-inline'", "data:", "file:"))


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every way out of every document."""
    for file in belonging(inventory, profile):
        if file.document is not None:
            for rule, message in _problems(file.document):
                yield rule.broken(file.path, message)


Problem = tuple[Rule, str]


def _problems(document: DocumentFacts) -> Iterator[Problem]:
    asking = ASKING_ELEMENTS if document.form is DocumentForm.HTML else ASKING_ELEMENTS - OF_BOOKS
    for address in document.addresses:
        rule = BY_REACH.get(reach(address.address))
        # An element that is not allowed at all is one problem, not two.
        if rule is not None and address.element not in asking:
            yield rule, _where(address)
    if document.elements & asking:
        yield ASKING, f"it has {listed(sorted(document.elements & asking))}"
    if document.refreshes:
        yield REFRESH, "it has a meta refresh"
    if document.has_entities:
        yield ENTITIES, "it declares entities, which may lie anywhere"
    if document.imports:
        yield IMPORT, f"its style has {document.imports} @import"
    if document.forbidden_styles:
        yield STYLE_CODE, f"its style has {listed(document.forbidden_styles)}"
    if document.form is DocumentForm.HTML:
        if document.foreign_scripts:
            yield SCRIPT, f"{document.foreign_scripts} of its scripts are not packager's"
        yield from _policy(document)


def _where(address: Address) -> str:
    return f"{show(address.attribute)} of {show(address.element)}: {show(address.address)}"


def _policy(document: DocumentFacts) -> Iterator[Problem]:
    if document.policy is None:
        yield POLICY, "it has no Content-Security-Policy"
    else:
        lax = _lax(document.policy)
        if lax:
            yield LAX_POLICY, lax
    if not document.forbids_translation:
        yield TRANSLATION, "a reader who accepts the offer sends the text to a company"


def _lax(policy: str) -> str:
    """What `policy` leaves open; "" when nothing."""
    directives = [words for words in (part.split() for part in policy.lower().split(";")) if words]
    far = [word for _, *sources in directives for word in sources if not _is_near(word)]
    if far:
        return f"it allows {listed(far)}"
    return "" if ["default-src", "'none'"] in directives else "it lacks default-src 'none'"


def _is_near(source: str) -> bool:
    return source in NEAR_SOURCES or source.startswith(("'sha256-", "'sha384-", "'sha512-"))
