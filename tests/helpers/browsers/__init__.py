"""Three browser engines that open local pages: Chromium, Firefox ESR and WebKitGTK, each driven over loopback."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.browsers.browser import Browser
from tests.helpers.browsers.chromium import Chromium
from tests.helpers.browsers.firefox import Firefox
from tests.helpers.browsers.webkit import WebKit

__all__ = ["Browser", "Chromium", "Firefox", "WebKit", "screenshot"]


def screenshot(page: Path, target: Path, width: int = 1280, height: int = 800, top: int | None = None) -> None:
    """Write a PNG of a local page as Chromium shows it in a viewport of so many CSS pixels.

    It shows what is seen after scrolling down to `top`, or without it the page from top to bottom.
    """
    with Chromium() as browser:
        browser.open(page, width, height)
        if top is not None:
            browser.evaluate(f"window.scrollTo(0, {top})")
        target.write_bytes(browser.screenshot(whole_page=top is None))
