"""What reading leaves behind: nothing on any network, nothing in a browser's stores, one visit for each page opened."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from packager.build.build import build
from packager.build.request import Request
from packager.sandbox.pool import Workers
from tests.helpers import canary, markers
from tests.helpers.browsers import Browser, Chromium, Firefox
from tests.helpers.builders import write
from tests.helpers.canary import LOUD_ADDRESS, read_through
from tests.system import tool

pytestmark = pytest.mark.slow

# What the browsers ask for by themselves, also with a blank page: updates, lists, search, accounts.
OWN = ("google.com", "googleapis.com", "gvt1.com", "duckduckgo.com", "mozilla.com", "mozilla.org", "mozilla.net")

# Every way that a page has to reach for another machine. None of it may come through into a document.
HOSTILE = f"""<!DOCTYPE html><html><head><title>Hostile</title>
<link rel="dns-prefetch" href="//prefetch.canary.example"><link rel="preconnect" href="https://connect.canary.example">
<link rel="stylesheet" href="http://style.canary.example/a.css"><link rel="icon" href="http://icon.canary.example/a.ico">
<link rel="prerender" href="http://prerender.canary.example/"><base href="http://base.canary.example/">
<meta http-equiv="refresh" content="0; url=http://refresh.canary.example/">
<style>@import url(http://import.canary.example/a.css);
@font-face {{ font-family: x; src: url(http://{LOUD_ADDRESS}/f) }}
p {{ font-family: x; background: url(http://{LOUD_ADDRESS}/p.png) }}</style>
<script src="http://script.canary.example/a.js"></script></head><body onload="new Image().src='http://{LOUD_ADDRESS}/l'">
<p style="background: url(http://inline.canary.example/a.png)">The first paragraph of a hostile article stays.</p>
<img src="http://img.canary.example/a.png" srcset="http://set.canary.example/a.png 2x" alt="a">
<img src="//{LOUD_ADDRESS}/b">
<iframe src="http://frame.canary.example/"></iframe><object data="http://object.canary.example/"></object>
<embed src="http://embed.canary.example/"><video src="http://video.canary.example/" poster="http://{LOUD_ADDRESS}/v"></video>
<audio src="http://audio.canary.example/" autoplay></audio><svg><image href="http://svg.canary.example/a.png"/></svg>
<form action="http://form.canary.example/"><input type="image" src="http://input.canary.example/a.png"></form>
<table background="http://table.canary.example/a.png"><tr><td>cell</td></tr></table>
<a href="http://link.canary.example/" ping="http://ping.canary.example/">A link keeps its words.</a>
<script>new Image().src = "http://{LOUD_ADDRESS}/s"; navigator.sendBeacon("http://beacon.canary.example/")</script>
</body></html>
"""
CRY = f"""<!DOCTYPE html><meta charset="utf-8"><title>loud</title><script>
window.onload = function () {{ setTimeout(function () {{
  new Image().src = "http://img.canary.example/a.png"; new Image().src = "http://{LOUD_ADDRESS}/a.png";
}}, 0); }};
</script>
"""
# What the tests find, put there by a page that keeps all it can.
KEEPER = """<!DOCTYPE html><meta charset="utf-8"><title>keeper</title><script>
localStorage.setItem("keptword", "keptword"); sessionStorage.setItem("keptword", "keptword");
history.replaceState(null, "", "#keptword"); indexedDB.open("keptword", 1);
</script>
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of page in three languages, and an article that tries everything."""
    folder = tmp_path_factory.mktemp("safety")
    bundle = markers.make_marked(folder / "marked")
    write(bundle / "articles" / "hostile.en.html", HOSTILE)
    with (bundle / "bundle.toml").open("a", encoding="utf-8") as definition:
        definition.write('\n[[publication]]\nsource = "articles/hostile.en.html"\nid = "hostile"\n')
    with Workers() as workers:
        result = build(Request(bundle, folder / "built"), lambda *_: None, workers)
    assert not result.is_refused, result.findings
    return folder / "built" / "marked"


@pytest.fixture(scope="module")
def unguarded(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same tree without its policy."""
    copied = shutil.copytree(tree, tmp_path_factory.mktemp("unguarded") / "marked")
    for page in copied.rglob("*.html"):
        text, removed = re.subn(r'<meta http-equiv="Content-Security[^>]*>', "", page.read_text(encoding="utf-8"))
        assert removed
        page.write_text(text, encoding="utf-8")
    return copied


def kinds(tree: Path) -> list[Path]:
    """One page of each kind, and all of the hostile article."""
    names = ("index", "strip/index", "pages/index", "right-ar/index", "boats-en/index", "hostile/index")
    return [tree / f"{name}.html" for name in (*names, "phone/strip", "phone/hostile")]


@pytest.mark.parametrize("engine", canary.ENGINES)
def test_no_page_asks_the_network_for_anything(engine: str, tree: Path, unguarded: Path, tmp_path: Path) -> None:
    """No name and no connection, whatever an article held, with our policy and without it; a loud page is heard."""
    heard = listen(engine, write(tmp_path / "loud.html", CRY), *kinds(tree), *kinds(unguarded))
    assert [told for told in heard["quiet"] if not told.endswith(OWN)] == []
    assert "dns img.canary.example" in heard["loud"]


@pytest.mark.prove
@pytest.mark.parametrize("engine", canary.ENGINES)
def test_no_document_of_a_tree_asks_the_network_for_anything(
    engine: str, tree: Path, unguarded: Path, tmp_path: Path
) -> None:
    """The same of every document."""
    pages = [page for folder in (tree, unguarded) for page in sorted(folder.rglob("*.html"))]
    heard = listen(engine, write(tmp_path / "loud.html", CRY), *pages)
    assert [told for told in heard["quiet"] if not told.endswith(OWN)] == []
    print(f"{engine}: {len(pages)} documents, nothing asked of the network but {sorted(set(heard['quiet']))} by itself")


def listen(engine: str, loud: Path, *pages: Path) -> dict[str, list[str]]:
    """What pages ask of a network that leads nowhere, in namespaces of their own."""
    alone = [str(tool("unshare")), "--net", "--mount"]
    tool("ip")
    if subprocess.run([*alone, "test", "-e", "/dev/net/tun"], capture_output=True, check=False).returncode:
        pytest.skip("needs root, namespaces and /dev/net/tun")
    command = [*alone, sys.executable, "-m", "tests.helpers.canary", engine, str(loud), *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    heard: dict[str, list[str]] = json.loads(done.stdout)
    return heard


def test_no_document_is_offered_for_translation_or_wakes_an_old_browser(tree: Path) -> None:
    """To translate is to send; and IE up to 9 warns of scripts, so that it must not see them."""
    for page in tree.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert re.search('<html [^>]*translate="no" class="notranslate"', text), page
        assert '<meta name="google" content="notranslate">' in text, page
        assert "<script" not in re.sub(r"<!--\[if gt IE 9\]><!-->.*?<!--<!\[endif\]-->", "", text, flags=re.DOTALL), (
            page
        )


def test_links_that_were_followed_look_like_all_others(tree: Path) -> None:
    """Nobody sees on the screen what was read: both are always styled together."""
    for page in kinds(tree):
        rules = re.findall(r"([^{}]*:visited[^{}]*)\{", page.read_text(encoding="utf-8"))
        assert rules, page
        assert all(rule.count(":link") == rule.count(":visited") for rule in rules), page


# Which files of a profile hold the history, the question that lists it, and where pages keep things.
HISTORIES: dict[type[Browser], tuple[str, str]] = {
    Chromium: ("Default/History", "SELECT urls.url, urls.title FROM visits JOIN urls ON urls.id = visits.url"),
    Firefox: (
        "places.sqlite",
        "SELECT url, title FROM moz_historyvisits JOIN moz_places ON moz_places.id = moz_historyvisits.place_id",
    ),
}
COOKIES = {Chromium: ("Default/Cookies", "cookies"), Firefox: ("cookies.sqlite", "moz_cookies")}
STORES = {
    Chromium: ("Local Storage", "Session Storage", "IndexedDB", "Service Worker", "CacheStorage", "File System"),
    Firefox: ("storage/default", "storage/temporary", "storage/private", "webappsstore.sqlite", "serviceworker.txt"),
}


@pytest.fixture(params=HISTORIES)
def real(request: pytest.FixtureRequest) -> Iterator[Chromium | Firefox]:
    """A browser with a profile of its own, as a reader has it."""
    kind: type[Chromium] | type[Firefox] = request.param
    with kind() as browser:
        yield browser


def test_reading_leaves_one_visit_for_each_page_and_nothing_else(real: Chromium | Firefox, tree: Path) -> None:
    """Keys, scrolling and searching add nothing to the history, titles say nothing, and no store is opened."""
    opened = kinds(tree)
    for page in opened:
        read_through(real, page)
    real.quit()
    visits = [visit for visit in history(real) if visit[0].startswith("file:")]
    assert sorted(address for address, _ in visits) == sorted(page.as_uri() for page in opened)
    assert all(re.fullmatch(r"index|\w+( - \d+)?", title) for _, title in visits), visits
    assert kept(real) == []


def test_what_a_page_keeps_is_found(real: Chromium | Firefox, tmp_path: Path) -> None:
    """The test above would see a page that changes its address and stores a word."""
    page = write(tmp_path / "keeper.html", KEEPER)
    real.open(page)
    real.quit()
    assert page.as_uri() + "#keptword" in [address for address, _ in history(real)]
    assert any("keptword" in told for told in kept(real, "keptword"))


def history(browser: Chromium | Firefox) -> list[tuple[str, str]]:
    """Address and title of every visit that a browser has noted."""
    file, question = HISTORIES[type(browser)]
    return ask(browser.profile / file, question)


def kept(browser: Chromium | Firefox, *words: str) -> list[str]:
    """What the stores of a browser hold of local files, or of other words, and its cookies."""
    marks = words or ("file://", "file_", "file+++")
    files = [
        path for name in STORES[type(browser)] for path in browser.profile.glob(f"**/{name}/**/*") if path.is_file()
    ]
    told = [
        f"{path.relative_to(browser.profile)}: {mark}"
        for path in files
        for mark in marks
        if mark in str(path.relative_to(browser.profile)) or holds(path.read_bytes(), mark)
    ]
    name, table = COOKIES[type(browser)]
    if (browser.profile / name).exists():
        told += [f"cookie {row}" for row in ask(browser.profile / name, f"SELECT * FROM {table}")]
    return told


def holds(data: bytes, word: str) -> bool:
    """Whether a file holds a word, in either of the encodings of its store."""
    return word.encode() in data or word.encode("utf-16-le") in data


def ask(database: Path, question: str) -> list[tuple[str, str]]:
    """The rows that answer a question to a database which nobody has open."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(question).fetchall()
