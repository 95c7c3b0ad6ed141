"""Signs of Aozora Bunko in plain text: readings behind words, and notes of those who typed it.

https://www.aozora.gr.jp/annotation/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packager.model import Inline, Ruby, Text
from packager.readers.articles.inlines import tidy

# Readings are kana: what stands between these signs in Chinese or Korean is a title.
_READING = "《(?P<reading>[\u3041-\u309f\u30a0-\u30ff]{1,40})》"
_RUBY = re.compile(
    rf"(?:[｜|](?P<marked>[^《》｜|\n]{{1,40}})|(?P<base>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ヶ]{{1,20}})){_READING}"
)
_NOTE = re.compile(r"［＃[^［］\n]{1,200}］")


def run_of(text: str) -> tuple[Inline, ...]:
    """Return the words of a line, with readings above them, and without the notes."""
    return tidy(_parts(_NOTE.sub("", text)))


def signs_in(text: str) -> list[str]:
    """Return the notes in a text."""
    return _NOTE.findall(text)


def readings_in(line: str) -> list[str]:
    """Return the readings in a line."""
    return [match["reading"] for match in _RUBY.finditer(line)]


def without_readings(text: str) -> str:
    """Return the words of a line alone."""
    return _RUBY.sub(lambda match: match["marked"] or match["base"], _NOTE.sub("", text)).strip()


def _parts(text: str) -> Iterator[Inline]:
    place = 0
    for match in _RUBY.finditer(text):
        yield Text(text[place : match.start()])
        yield Ruby(match["marked"] or match["base"], match["reading"])
        place = match.end()
    yield Text(text[place:])
