"""Films and sound in browsers that take orders."""

from __future__ import annotations

from tests.helpers.browsers import Browser
from tests.helpers.browsers.process import until

_PLAYER = "document.querySelector('video, audio')"


def start_playing(browser: Browser) -> None:
    """Begin to play the first film of the page, without sound, and wait until it moves."""
    assert browser.evaluate(f"{_PLAYER}.currentTime") == 0
    browser.evaluate(f"({_PLAYER}.muted = true, {_PLAYER}.play(), true)")
    until(lambda: browser.evaluate(f"{_PLAYER}.currentTime") or None)
