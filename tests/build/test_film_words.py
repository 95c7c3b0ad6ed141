"""Subtitles that lie beside a film in a bundle are never lost: burnt in, beside it, in its page and to be read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packager.build.build import build
from packager.build.request import Request
from packager.check.document import document_facts
from packager.model import Cue, Subtitles
from packager.readers.encodings import decode
from packager.readers.films.subtitles import subtitles
from packager.sandbox.pool import Workers
from tests.helpers import films
from tests.helpers.browsers import Browser
from tests.helpers.browsers.process import until
from tests.helpers.subtitle_files import for_players

pytestmark = [pytest.mark.needs("ffmpeg"), pytest.mark.slow]

KOREAN = (Cue(480, 1_520, ("강을 건너면", "R&B <펲>")), Cue(2_000, 2_500, ("똠방각하",)))
ENGLISH = (Cue(500, 1_500, ("Once we cross",)),)
SAMI = (
    "<SAMI><BODY><SYNC Start=480><P Class=KRCC>강을 건너면<br>R&amp;B &lt;펲&gt;<SYNC Start=1520><P Class=KRCC>&nbsp;"
    "<SYNC Start=2000><P Class=KRCC>똠방각하<SYNC Start=2500><P Class=KRCC>&nbsp;</BODY></SAMI>"
)
SUBRIP = "1\n00:00:00,500 --> 00:00:01,500\nOnce we cross\n"


@dataclass(frozen=True, slots=True)
class Built:
    """A tree, what was said of it, and the only files of its kinds, by their endings and languages."""

    tree: Path
    remarks: str

    def file(self, pattern: str) -> Path:
        """The one file of that name."""
        (found,) = self.tree.rglob(pattern)
        return found


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grey film of three seconds with subtitles in CP949 and in UTF-16."""
    folder = tmp_path_factory.mktemp("words") / "bundle"
    (folder / "films").mkdir(parents=True)
    films.run("-f", "lavfi", "-i", "color=gray:s=320x240:r=25:d=3", str(folder / "films/river.mp4"))
    (folder / "films/river.smi").write_bytes(SAMI.encode("cp949"))
    (folder / "films/river.en.srt").write_text(SUBRIP, encoding="utf-16")
    (folder / "bundle.toml").write_text('title = "강"\nlanguages = ["ko", "en"]\n', encoding="utf-8")
    return folder


def built(bundle: Path, profile: str, workers: Workers) -> Built:
    output = bundle.with_name(profile)
    result = build(Request(bundle, output, profile=profile), lambda *_: None, workers)
    assert not result.is_refused, result.findings
    return Built(output, "\n".join(remark.message for remark in result.remarks))


def test_players_show_them_in_the_pictures(bundle: Path, workers: Workers) -> None:
    """Those of readers' first language, in the pictures of their time; the others are named."""
    tree = built(bundle, "player", workers)
    shown = films.pictures(tree.file("*.AVI"), width=320, height=240)
    bright = np.flatnonzero((shown[:, 120:] > 200).any(axis=(1, 2)))
    assert list(bright) == [*range(12, 38), *range(50, 63)]
    assert "its pictures show subtitles in Korean (ko); those in English (en) have no place here" in tree.remarks


def test_tvs_find_them_beside(bundle: Path, workers: Workers) -> None:
    tree = built(bundle, "tv", workers)
    film = tree.file("*.mp4")
    assert not (films.pictures(film) > 200).any()
    beside = {path.suffix: path.read_bytes() for path in film.parent.iterdir() if path.stem == film.stem}
    assert beside[".srt"].startswith(b"\xef\xbb\xbf")
    assert subtitles(decode(beside[".srt"])) == (korean := for_players(Subtitles("ko", KOREAN)),)
    assert subtitles(decode(beside[".smi"], declared="cp949")) == (korean, Subtitles("en", ENGLISH))
    assert subtitles(decode(tree.file("*_en.srt").read_bytes()), "en") == (Subtitles("en", ENGLISH),)


@pytest.fixture(scope="module")
def page(bundle: Path, workers: Workers) -> Path:
    """The film's document, for readers of Korean."""
    return next(path for path in built(bundle, "any", workers).tree.rglob("index.html") if "<video" in path.read_text())


def test_they_can_be_read_without_playing(page: Path) -> None:
    text = page.read_text("utf-8")
    assert ">강을 건너면<br>R&amp;B &lt;펲&gt;</p>" in text
    assert text.index("똠방각하") < text.index("Once we cross")
    assert document_facts(text.encode())[0].problems == ()


TRACKS = """JSON.stringify([].map.call(document.querySelector("video").textTracks, function (track) {
    track.mode = track.mode === "disabled" ? "hidden" : track.mode;
    return [track.language, track.mode, [].map.call(track.cues, function (cue) {
        return [cue.startTime, cue.endTime, cue.getCueAsHTML().textContent];
    })];
}))"""
ACTIVE = """(function () {
    var film = document.querySelector("video"), cues = film.textTracks[0].activeCues;
    return !film.seeking && film.readyState > 1 && cues.length ? cues[0].getCueAsHTML().textContent : null;
})()"""
AT_ONE = "(document.querySelector('video').preload = 'auto', document.querySelector('video').currentTime = 1)"


@pytest.mark.parametrize("name", ["chromium", "firefox", "webkit"])
def test_every_engine_has_their_words_at_their_times(page: Path, name: str, request: pytest.FixtureRequest) -> None:
    """From file://; the readers' own are shown at once."""
    browser: Browser = request.getfixturevalue(name)
    browser.open(page, 640, 640)
    assert json.loads(browser.evaluate(TRACKS)) == [
        ["ko", "showing", [[0.48, 1.52, "강을 건너면\nR&B <펲>"], [2, 2.5, "똠방각하"]]],
        ["en", "hidden", [[0.5, 1.5, "Once we cross"]]],
    ]


@pytest.mark.parametrize("name", ["chromium", "firefox"])
def test_they_are_seen_over_the_film(page: Path, name: str, request: pytest.FixtureRequest) -> None:
    """In engines that play its film: they are gone when they are turned off."""
    browser: Browser = request.getfixturevalue(name)
    browser.open(page, 640, 640)
    browser.evaluate(AT_ONE)
    assert until(lambda: browser.evaluate(ACTIVE)) == "강을 건너면\nR&B <펲>"
    with_words = seen(browser)
    browser.evaluate("document.querySelector('video').textTracks[0].mode = 'hidden'")
    assert until(lambda: (np.abs(seen(browser) - with_words) > 100).sum() > 500 or None)


def seen(browser: Browser) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """The screen in greys."""
    return np.asarray(Image.open(BytesIO(browser.screenshot())).convert("L"), np.int16)
