"""What a source holds and betrays, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby

from packager.intake.inspect import Inspected, VersionSeen
from packager.report.intake import Line, remark_lines
from packager.report.json import as_json
from packager.report.words import count
from packager.text import escaped

_NOT_PASSED_ON = (
    "none of it is passed on, but for authors told above: pictures are encoded anew, documents read for text"
)


def inspected_text(seen: Inspected) -> str:
    """A few lines on what it is, then one for each thing to know."""
    return "\n".join(f"{label:<9} {escaped(text)}" for label, text in _lines(seen))


def inspected_json(seen: Inspected) -> str:
    """The same as JSON."""
    return as_json(asdict(seen) | {"source": str(seen.source)})


def _lines(seen: Inspected) -> Iterator[Line]:
    yield "Source", str(seen.source)
    yield from (("Holds", _version(version)) for versions in seen.works for version in versions)
    yield from (("Encoding", f"{place}: {codec}") for place, codec in seen.encodings)
    yield from (("Damaged", f"{remark.source}: {remark.message}") for remark in seen.damaged)
    for place, group in groupby(seen.betrayed, key=lambda one: one[0]):
        yield "Betrays", f"{place}: {'; '.join(what for _, what in group)}"
    if seen.betrayed:
        yield "", _NOT_PASSED_ON
    yield from remark_lines(seen.remarks)


def _version(version: VersionSeen) -> str:
    is_comic = version.kind == "comic"
    kind = "a comic" if is_comic else "an article"
    size = count(version.pages, "page") if is_comic else count(version.words, "word")
    parts = [f'{kind} in {version.language}, "{version.title}": {size}']
    if version.pictures:
        low, high = min(version.pictures), max(version.pictures)
        pixels = f"{low[0]} x {low[1]}{f' to {high[0]} x {high[1]}' if high != low else ''} pixels"
        parts.append(pixels if is_comic else f"{count(len(version.pictures), 'picture')}, {pixels}")
    if version.authors:
        parts.append(f"by {', '.join(version.authors)}")
    return "; ".join(parts)
