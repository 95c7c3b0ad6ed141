"""Words in a script that reach where no script of a tree may."""

from __future__ import annotations

import re
from enum import StrEnum

from packager.check.facts import ScriptWord


class Topic(StrEnum):
    """What a word would do."""

    STORAGE = "storage"
    NETWORK = "network"
    ADDRESS = "address"
    CODE = "code"


# (topic, what people are told, pattern). A word is enough: nothing of ours has a use for it, not even in a comment.
WORDS: tuple[tuple[Topic, str, str], ...] = (
    (Topic.STORAGE, "localStorage", r"localStorage"),
    (Topic.STORAGE, "sessionStorage", r"sessionStorage"),
    (Topic.STORAGE, "cookie", r"\bcookie"),
    (Topic.STORAGE, "indexedDB", r"indexedDB"),
    (Topic.STORAGE, "openDatabase", r"openDatabase"),
    (Topic.STORAGE, "caches", r"\bcaches\b"),
    (Topic.STORAGE, "navigator.storage", r"navigator\s*\.\s*storage"),
    (Topic.STORAGE, "window.name", r"\bwindow\s*\.\s*name\b"),
    (Topic.NETWORK, "fetch", r"\bfetch\s*\("),
    (Topic.NETWORK, "XMLHttpRequest", r"XMLHttpRequest"),
    (Topic.NETWORK, "ActiveXObject", r"ActiveXObject"),
    (Topic.NETWORK, "WebSocket", r"WebSocket"),
    (Topic.NETWORK, "EventSource", r"EventSource"),
    (Topic.NETWORK, "RTCPeerConnection", r"RTCPeerConnection"),
    (Topic.NETWORK, "sendBeacon", r"sendBeacon"),
    (Topic.NETWORK, "importScripts", r"importScripts"),
    (Topic.NETWORK, "import", r"\bimport\b\s*[({'\"*\w]"),
    (Topic.NETWORK, "Worker", r"\b(?:Shared)?Worker\b"),
    (Topic.NETWORK, "serviceWorker", r"serviceWorker"),
    (Topic.NETWORK, "new Image", r"\bnew\s+Image\b"),
    (Topic.NETWORK, "fetch", r"\[\s*[\"']fetch[\"']\s*\]"),
    (Topic.NETWORK, "createElement", r"createElement(?:NS)?\b"),
    (
        Topic.NETWORK,
        "src",
        r"(?<!location)\.\s*(?:src|srcset|href|action)\s*=(?!=)|\[\s*[\"'](?:src|srcset|href|action)[\"']\s*\]\s*=(?!=)",
    ),
    (Topic.NETWORK, "setAttribute", r"\bsetAttribute"),
    (Topic.NETWORK, "submit", r"\.\s*submit\s*\("),
    (Topic.NETWORK, "BroadcastChannel", r"BroadcastChannel"),
    (Topic.NETWORK, "WebTransport", r"WebTransport"),
    (Topic.NETWORK, "an address", r"\b(?:https?|ftp|wss?):|[\"']//"),
    (Topic.ADDRESS, "pushState", r"pushState"),
    (Topic.ADDRESS, "replaceState", r"replaceState"),
    (Topic.ADDRESS, "location", r"\blocation\b(?:\s*\.\s*\w+)?\s*=(?!=)"),
    (Topic.ADDRESS, "location", r"\blocation\b\s*\.\s*(?:assign|replace|reload)\b"),
    (Topic.ADDRESS, "window.open", r"\bwindow\s*\.\s*open\b"),
    (Topic.CODE, "document.write", r"\bdocument\s*\.\s*write"),
    (Topic.CODE, "innerHTML", r"(?:inner|outer)HTML|insertAdjacentHTML|createContextualFragment|DOMParser"),
    (Topic.CODE, "eval", r"\beval\b"),
    (Topic.CODE, "Function", r"\bFunction\s*\(|[\"']constructor[\"']|\.\s*constructor\b"),
    (Topic.CODE, "a timer with words", r"\bset(?:Timeout|Interval)\s*\(\s*[\"']"),
    (Topic.CODE, "a name made of numbers", r"fromCharCode|fromCodePoint|\batob\b|\bunescape\b|decodeURI"),
    (
        Topic.CODE,
        "a name that is computed",
        r"\b(?:window|document|navigator|self|top|parent|globalThis|this)\s*\[(?!\s*[\"'\d])",
    ),
)
PATTERNS = tuple((ScriptWord(topic, word), re.compile(pattern)) for topic, word, pattern in WORDS)
JOINT = re.compile(r"(?<=\w)([\"'])\s*\+\s*[\"'](?=\w)")  # of two strings: "fe" + "tch"
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{0*([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2}))")


def script_words(script: str) -> tuple[ScriptWord, ...]:
    """The words of WORDS that stand in `script`, escapes of its letters undone and its strings put together."""
    text = JOINT.sub("", ESCAPE.sub(_unescaped, script))
    return tuple(dict.fromkeys(word for word, pattern in PATTERNS if pattern.search(text)))


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1] or match[2] or match[3], 16)
    return chr(code) if code < 0x110000 else "\ufffd"
