"""Documents for everyone: axe-core's rules of WCAG 2.2 AA, in light and dark, and the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from packager.build.build import build
from packager.build.request import Request
from packager.sandbox.pool import Workers
from tests.helpers import markers
from tests.helpers.browsers import Browser, Chromium
from tests.helpers.every_kind import make_every_kind
from tests.system import from_npm

pytestmark = pytest.mark.slow

SCHEMES = ("light", "dark")
# One document of each template and each direction, and what is found in none but it.
SAMPLE = ("index", "index-ar", "strip/2", "pages/index", "right/index", "boats/index", "phone/right", "phone/boats")

# The size of targets is a rule of WCAG 2.2 that axe-core leaves out unless it is asked.
AXE = """axe.run(document, {
    preload: false, resultTypes: ["violations"], rules: {"target-size": {enabled: true}},
    runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}).then(function (told) {
    return told.violations.map(function (one) {
        return [one.id, one.nodes[0].html, one.nodes[0].failureSummary].join(": ");
    });
})"""
FAINT = '<p style="color: #777; background: #888">faint</p>'
FOCUSABLE = """[].filter.call(document.querySelectorAll("a[href], input, [tabindex='0']"), function (one) {
    return one.getClientRects().length > 0;
})"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with every kind of document."""
    return built(make_every_kind(tmp_path_factory.mktemp("access") / "every"))


def built(bundle: Path) -> Path:
    """The tree that a bundle becomes."""
    with Workers() as workers:
        result = build(Request(bundle, bundle.parent / "built", skip_damaged=True), lambda *_: None, workers)
    assert not result.is_refused, result.findings
    return bundle.parent / "built" / result.settings.definition.name


def complaints(browser: Chromium, pages: list[Path]) -> Iterator[str]:
    """What axe-core says of pages on a phone, each with page and scheme."""
    axe = from_npm("axe-core/axe.min.js").read_text(encoding="utf-8")
    for scheme in SCHEMES:
        with browser.preferring(scheme):
            for page in pages:
                browser.open(page, 360, 640)
                browser.evaluate(f"{axe}; 0")
                yield from (f"{page.parent.name}/{page.name} {scheme} {told}" for told in browser.evaluate(AXE))


def test_axe_finds_nothing_on_any_template(chromium: Chromium, tree: Path) -> None:
    """In Korean, English and Arabic, light and dark."""
    assert list(complaints(chromium, [tree / f"{name}.html" for name in SAMPLE])) == []


def test_axe_finds_what_is_wrong(chromium: Chromium, tree: Path) -> None:
    """A page in which a picture has no words and a line is too faint is complained of, in the dark as in the light."""
    page = tree / "faulty.html"
    text = (tree / "boats" / "index.html").read_text(encoding="utf-8")
    page.write_text(text.replace(' alt="', ' data-alt="').replace("</body>", FAINT + "</body>"), encoding="utf-8")
    told = list(complaints(chromium, [page]))
    page.unlink()
    for scheme in SCHEMES:
        assert any(f"{scheme} image-alt" in one for one in told), told
        assert any(f"{scheme} color-contrast" in one for one in told), told


@pytest.mark.prove
def test_axe_finds_nothing_in_any_document_of_any_language(chromium: Chromium, tree: Path, tmp_path: Path) -> None:
    """Every document of two trees, one of them in every language that has interface words."""
    everywhere = built(markers.make_marked(tmp_path / "marked", markers.INTERFACE_LANGUAGES))
    pages = [page for folder in (tree, everywhere) for page in sorted(folder.rglob("*.html"))]
    assert list(complaints(chromium, pages)) == []
    print(f"{len(pages)} documents in {len(markers.INTERFACE_LANGUAGES)} languages, light and dark: nothing")


@pytest.fixture(params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """The engines whose Tab key goes to links, as theirs users have them."""
    engine: Browser = request.getfixturevalue(request.param)
    return engine


@pytest.mark.parametrize("name", SAMPLE)
def test_the_tab_key_reaches_everything_in_order(browser: Browser, tree: Path, name: str) -> None:
    """Every link, box and button, from the first to the last, as they stand on the page."""
    browser.open(tree / f"{name}.html", 360, 640)
    count = browser.evaluate(f"(window.stops = {FOCUSABLE}).length")
    reached = []
    for _ in range(count):
        browser.press("Tab")
        reached.append(browser.evaluate("window.stops.indexOf(document.activeElement)"))
    assert reached == list(range(count))
