"""The scripts of documents: old browsers read them, they reach nothing, and no other is taken for one."""

from __future__ import annotations

import re

import pytest

from packager.output import templates
from tests.helpers.es3 import es3_error
from tests.helpers.minify import SHIPPED, SOURCES, minified

OWN = {name: templates.script(name) for name in SHIPPED if name != "texts.min.js"}

# Whatever stores, asks, changes the address, or makes code out of words.
REACHING = re.compile(
    r"localStorage|sessionStorage|cookie|indexedDB|openDatabase|\bcaches\b|navigator|window\s*\.\s*name\b|\bfetch\b"
    r"|XMLHttp|ActiveX|WebSocket|EventSource|RTCPeer|sendBeacon|import|Worker|new\s+Image\b|BroadcastChannel"
    r"|WebTransport|(?:https?|ftp|wss?):|[\"']//|\.\s*(?:src|srcset|href|action)\s*=(?!=)|setAttribute\b"
    r"|\[\s*[\"'](?:src|srcset|href|action)[\"']\s*\]\s*=(?!=)|create(?:Element|Attribute)|fromC(?:harCode|odePoint)"
    r"|\.\s*submit\b|pushState|replaceState|\blocation\b|window\s*\.\s*open\b|document\s*\.\s*write|innerHTML|outerHTML"
    r"|insertAdjacent|createContextualFragment|DOMParser|\beval\b|\bFunction\s*\(|constructor|set(?:Timeout|Interval)\(\s*[\"']"
    r"|\batob\b|unescape|decodeURI|\b(?:window|document|self|top|parent|globalThis|this)\s*\[(?!\s*[\"'\d])"
)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|([0-7]{1,3}))")
JOINT = re.compile(r"""["']\s*\+\s*["']""")


def reaching(script: str) -> list[str]:
    """What in a script reaches out, also where escapes or strings that are joined hide it."""
    letters = ESCAPE.sub(lambda found: chr(int(found[found.lastindex or 0], 8 if found[4] else 16)), script)
    return REACHING.findall(JOINT.sub("", letters))


@pytest.mark.parametrize("name", SOURCES)
def test_scripts_ship_minified(name: str) -> None:
    """After a change of the source, `make minify` writes what ships."""
    source = templates.folder() / name
    assert source.with_suffix(".min.js").read_text("utf-8") == minified(source.read_text("utf-8"))


@pytest.mark.parametrize("script", OWN.values(), ids=OWN)
def test_our_scripts_are_es3_and_reach_nothing(script: str) -> None:
    """Every browser since 1999 reads them; they keep nothing, ask for nothing, and leave the address alone."""
    assert es3_error(script) == ""
    assert reaching(script) == []


def test_the_search_reaches_its_index_alone() -> None:
    """It makes elements for what it has found, links to documents of the tree, and loads files of one folder."""
    script = templates.script("texts.min.js")
    assert es3_error(script) == ""
    assert set(reaching(script)) == {"createElement", ".src=", ".href="}
    assert set(re.findall(r"createElement\((.*?)\)", script)) == {
        f'"{name}"' for name in ("script", "p", "a", "b", "h2", "div", "button")
    }
    assert re.findall(r"\.src=(.*?);", script) == ['"find/"+Math.floor(a/500)+"/"+a%500+".txt"']
    assert len(re.findall(r"\.href=", script)) == 1


REACHES = [
    "new Image().alt = 1",
    "a.src = b",
    'a["src"] = b',
    "a[ 'href' ]=b",
    'a["s" + "r" + \'c\'] = b',
    r'a["\x73rc"] = b',
    r'a["\163rc"] = b',
    r"loc\u0061tion",
    r"loc\u{61}tion",
    r'top["ev" + "\u0061l"]',
    'document.createElement("iframe")',
    'document.createElementNS(a, "image")',
    'document.createAttribute("src")',
    "String.fromCharCode(115)",
    "String.fromCodePoint(115)",
]


@pytest.mark.parametrize("script", REACHES)
def test_what_reaches_out_is_seen(script: str) -> None:
    """Escapes and strings that are joined hide nothing."""
    assert reaching(script) != []


@pytest.mark.parametrize("script", OWN.values(), ids=OWN)
def test_our_scripts_are_known_as_ours_to_the_letter(script: str) -> None:
    """`make minify` has written their hashes; no template puts anything into them."""
    assert templates.hash_of(script) in templates.own_scripts()
    assert templates.hash_of(f"{script} ") not in templates.own_scripts()
    assert "{{" not in script


@pytest.mark.parametrize("sheet", templates.SHEETS)
def test_a_style_is_ours_as_documents_carry_it_alone(sheet: str) -> None:
    """With a letter more it may do anything."""
    style = templates.whole_style(sheet)
    assert templates.is_own_style(style)
    assert not templates.is_own_style(f"{style}p{{}}")
    assert not templates.is_own_style(f"{style}\n")


ES3 = [
    "for (var i = 0, n = a.length; i < n; i++) { if (!a[i]) { continue; } }",
    "try { a(); } catch (ignored) { } finally { b(); }",
    "switch (a) { case 1: break; default: b = c ? this : null; }",
    "var a = {'default': 1, b: function () { return /[/]\\//g.test(c); }};",
    "a = b ? c : d, e = typeof f === 'undefined' ? void 0 : f;",
    "outer: while (true) { do { break outer; } while (0); }",
    "var get = 1, set = 2, of = 3, let_ = a instanceof B && 'x' in c;",
]


@pytest.mark.parametrize("script", ES3)
def test_what_browsers_have_read_since_1999_is_es3(script: str) -> None:
    """No word or sign of the third edition is taken for a newer one."""
    assert es3_error(script) == ""


NEWER = [
    "let a = 1",
    "var a = (b) => b",
    "var a = `b`",
    "var a = {b: 1,}",
    "a.catch()",
    "var a = {default: 1}",
    "var a = {get b() { return 1; }}",
    "for (;;",
]


@pytest.mark.parametrize("script", NEWER)
def test_what_came_later_is_told_from_es3(script: str) -> None:
    """Words, signs and names that the third edition does not know."""
    assert es3_error(script)
