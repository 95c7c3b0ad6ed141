"""X: ways to reach the network, the reader's computer, or anything that outlives the reading."""

from __future__ import annotations

from collections.abc import Iterator

from packager.check.address import Reach, described, reach
from packager.check.facts import DocumentFacts, DocumentForm, Inventory
from packager.check.findings import broken, listed
from packager.check.rules.types import belonging
from packager.config.profile import Profile
from packager.model import Finding

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


def findings(inventory: Inventory, profile: Profile) -> Iterator[Finding]:
    """Every way out of every document."""
    for file in belonging(inventory, profile):
        if file.document is not None:
            for code, message in _problems(file.document):
                yield broken(code, file.path, message)


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
    if document.imports:
        yield "X301", f"its style has {document.imports} @import"
    if document.forbidden_styles:
        yield "X302", f"its style has {listed(document.forbidden_styles)}"
    if document.form is DocumentForm.HTML:
        if document.foreign_scripts:
            yield "X401", f"it has {'a script' if document.foreign_scripts == 1 else 'scripts'} of others"
        yield from _policy(document)


def _policy(document: DocumentFacts) -> Iterator[Problem]:
    if document.head.policy is None:
        yield "X501", "it has no Content-Security-Policy"
    else:
        lax = _lax(document.head.policy)
        if lax:
            yield "X502", lax
    if not document.head.forbids_translation:
        yield "X503", "browsers may offer to, and whoever accepts sends the text to a company"


def _lax(policy: str) -> str:
    """What `policy` leaves open; "" when nothing."""
    directives = [words for words in (part.split() for part in policy.lower().split(";")) if words]
    far = [word for _, *sources in directives for word in sources if not _is_near(word)]
    if far:
        return f"it allows {listed(far)}"
    return "" if ["default-src", "'none'"] in directives else "it lacks default-src 'none'"


def _is_near(source: str) -> bool:
    return source in NEAR_SOURCES or source.startswith(("'sha256-", "'sha384-", "'sha512-"))
