"""What a source holds and betrays, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from packager.importing.inspect import Inspected, VersionSeen
from packager.importing.pieces import UNKNOWN
from packager.report.intake import Line, remark_lines
from packager.report.json import as_json
from packager.report.words import count
from packager.text.terminal import escaped


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
    yield from (("Betrays", words) for words in _betrayed(seen))
    yield from remark_lines(seen.remarks, seen.source)


def _betrayed(seen: Inspected) -> Iterator[str]:
    """One line for each kind of thing, with one example, and whether a tree passes it on."""
    authors = {author for versions in seen.works for version in versions for author in version.authors}
    kinds: dict[tuple[str, bool], list[tuple[str, str]]] = {}
    for place, what in seen.betrayed:
        kind, _, value = what.partition(": ")
        kinds.setdefault((kind, value in authors), []).append((place, what))
    for (_, is_author), found in kinds.items():
        place, what = found[0]
        files = len({place for place, _ in found})
        where = f"{place} and {count(files - 1, 'more file')}" if files > 1 else place
        fate = "reaches the tree, as the author" if is_author else "does not reach the tree"
        yield f"{what} ({where}): {fate}"


def _version(version: VersionSeen) -> str:
    is_comic = version.kind == "comic"
    kind = "a comic" if is_comic else "an article"
    size = count(version.pages, "page") if is_comic else count(version.words, "word")
    language = f"in {version.language}" if version.language != UNKNOWN else "(language not told)"
    parts = [f'{kind} {language}, "{version.title}": {size}']
    if version.pictures:
        low, high = min(version.pictures), max(version.pictures)
        pixels = f"{low[0]} x {low[1]}{f' to {high[0]} x {high[1]}' if high != low else ''} pixels"
        parts.append(pixels if is_comic else f"{count(len(version.pictures), 'picture')}, {pixels}")
    if version.authors:
        parts.append(f"by {', '.join(version.authors)}")
    return "; ".join(parts)
