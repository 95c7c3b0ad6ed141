"""Bytes of unknown encoding -> clean text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packager.errors import SourceError
from packager.readers.encodings.sniffing import codec_of
from packager.text.terminal import clean

_BINARY_SHARE = 0.02
_STRAY = 8
"""Control characters that any text may hold: terminals and old editors leave them."""
_CONTROL = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]|[\x00-\x08\x0e-\x19\x1b-\x1f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the codec it was in, and how many control characters were dropped from it."""

    text: str
    codec: str
    dropped: int


def decode(data: bytes, *, declared: str = "", label: str = "") -> str:
    """The text in `data`: NFC, lines ended by a newline, nothing in it that cannot be seen.

    `declared` is the codec that the text itself names. Raises SourceError, naming `label`, for what is not text.
    """
    return decoded(data, declared=declared, label=label).text


def decoded(data: bytes, *, declared: str = "", label: str = "") -> Decoded:
    """What `decode` gives, and how it came about."""
    codec = codec_of(data, declared)
    text, dropped = _CONTROL.subn("", raw := data.decode(codec, errors="replace"))
    # No editor leaves zeros: a few of them are damage in a long text, and many in a short one a file of another kind.
    if dropped > max(0 if "\0" in raw else _STRAY, _BINARY_SHARE * len(raw)):
        raise SourceError("is not a text", where=label or None, hint="Save it as plain text, Markdown or HTML.")
    return Decoded(clean(text), codec, dropped)
