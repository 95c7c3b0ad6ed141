"""What every engine of docs/engines.md tells of a document on a narrow screen, and what is missing in it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image

from tests.helpers import markers
from tests.helpers.browsers import Browser, Chromium, Firefox, WebKit, plain, qtwebkit
from tests.helpers.browsers.phantom import Phantom
from tests.helpers.browsers.window import Dillo, NetSurf, Window

WIDTH = 320  # CSS pixels: the narrowest phones in use
NEVER = (markers.LEFT,)  # no page shows that alone: windows wait until nothing changes any more

FACTS = """({
    overflow: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    height: Math.max(document.documentElement.scrollHeight, document.body.scrollHeight),
    links: [].map.call(document.links, function (one) { return decodeURIComponent(one.href); }),
    words: document.body.innerText
})"""


@dataclass(frozen=True, slots=True)
class Sight:
    """What an engine shows of a page; None where it cannot tell."""

    found: tuple[markers.Found, ...] | None = None
    words: str | None = None
    links: frozenset[Path] | None = None
    overflow: int = 0
    complaints: tuple[str, ...] = ()
    picture: Image.Image | None = None


Look = Callable[[Path, tuple[markers.Colour, ...]], Sight]


def driven(browser: Browser) -> Look:
    """By what scripts tell of the page, and by a picture of it from top to bottom."""

    def look(page: Path, _: tuple[markers.Colour, ...]) -> Sight:
        browser.open(page, WIDTH, 640)
        facts = browser.evaluate(FACTS)
        browser.resize(WIDTH, facts["height"])
        picture = Image.open(io.BytesIO(browser.screenshot())).convert("RGB")
        complain = getattr(browser, "complaints", list)
        return _told(facts, picture, tuple(complain()))

    return look


def drawn(page: Path, _: tuple[markers.Colour, ...]) -> Sight:
    """By what wkhtmltoimage draws, which is as wide as it was told to be; its scripts run before it knows the width."""
    facts = qtwebkit.evaluate(page, WIDTH, FACTS) | {"overflow": 0}
    return _told(facts, qtwebkit.photograph(page, WIDTH), ())


def watched(window: Window) -> Look:
    """By what stands in a window."""

    def look(page: Path, wanted: tuple[markers.Colour, ...]) -> Sight:
        with window.showing(page):
            picture = window.picture(lambda picture: markers.seen(picture) == wanted)
        return Sight(tuple(markers.places(picture)), picture=picture)

    return look


def dumped(engine: str) -> Look:
    """By what a browser of plain text writes."""

    def look(page: Path, _: tuple[markers.Colour, ...]) -> Sight:
        written = plain.dump(engine, page)
        return Sight(words=written, links=frozenset(plain.links(written)))

    return look


def _told(facts: dict[str, Any], picture: Image.Image, complaints: tuple[str, ...]) -> Sight:
    links = frozenset(Path(address.removeprefix("file://")) for address in facts["links"])
    return Sight(tuple(markers.places(picture)), facts["words"], links, facts["overflow"], complaints, picture)


@contextmanager
def opened(engine: str) -> Iterator[Look]:
    """The eyes of one engine, which ends with them."""
    with ExitStack() as stack:
        if engine in WINDOWS:
            yield watched(stack.enter_context(WINDOWS[engine](WIDTH)))
        elif engine in DRIVEN:
            browser = stack.enter_context(DRIVEN[engine]())
            if isinstance(browser, Chromium) and engine.endswith("without scripts"):
                stack.enter_context(browser.without_scripts())
            yield driven(browser)
        else:
            yield drawn if engine == "QtWebKit" else dumped(engine)


DRIVEN: dict[str, type[Browser]] = {
    "Chromium": Chromium,
    "Chromium without scripts": Chromium,
    "Firefox": Firefox,
    "WebKitGTK": WebKit,
    "PhantomJS": Phantom,
}
WINDOWS: dict[str, type[Window]] = {"NetSurf": NetSurf, "Dillo": Dillo}
ENGINES = (*DRIVEN, "QtWebKit", *WINDOWS, *plain.DUMPS)


def problems(sight: Sight, document: PurePosixPath, tree: Path | None) -> list[str]:
    """What an engine's sight of a document of the marked bundle lacks; without a tree its links lead nowhere."""
    wanted = markers.expected(document)
    told: list[str] = []
    if sight.found is not None:
        told += _of_pictures(sight.found, wanted, document)
    if sight.words is not None and (missing := _first_missing(sight.words, markers.words(document))):
        told.append(f"{missing!r} does not follow")
    if tree and sight.links is not None and (lost := markers.targets(document, tree) - sight.links):
        told.append(f"no link to {', '.join(sorted(map(str, lost)))}")
    if sight.overflow > 0:
        told.append(f"{sight.overflow} pixels wider than the screen")
    return [*told, *sight.complaints]


def _of_pictures(
    found: tuple[markers.Found, ...], wanted: tuple[markers.Colour, ...], document: PurePosixPath
) -> Iterator[str]:
    if tuple(one.colour for one in found) != wanted:
        yield f"{len(found)} of {len(wanted)} pictures whole and in order"
    elif not all(markers.is_in_shape(one, document, index) for index, one in enumerate(found)):
        yield "pictures out of shape"


def _first_missing(words: str, wanted: tuple[str, ...]) -> str | None:
    place = 0
    for piece in wanted:
        if (place := words.find(piece, place)) < 0:
            return piece
    return None
