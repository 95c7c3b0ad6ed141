"""Bytes of unknown encoding -> clean text."""

from __future__ import annotations

import re

from packager.errors import SourceError
from packager.readers.encodings.sniffing import codec_of
from packager.text import clean

_BINARY_SHARE = 0.02
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")


def decode(data: bytes, *, declared: str = "", label: str = "") -> str:
    """The text in `data`: NFC, lines ended by a newline, nothing in it that cannot be seen.

    `declared` is the codec that the text itself names. Raises SourceError, naming `label`, for what is not text.
    """
    text = data.decode(codec_of(data, declared), errors="replace")
    if "\0" in text or len(_CONTROL.findall(text)) > _BINARY_SHARE * len(text):
        raise SourceError("is not a text", where=label or None, hint="Save it as plain text, Markdown or HTML.")
    return clean(text)
