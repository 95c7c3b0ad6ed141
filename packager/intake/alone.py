"""One file or folder read as if it were a bundle of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from packager import marks, readers, rendering
from packager.definition import Definition, PublicationDefinition
from packager.errors import SourceError
from packager.model import Library, Wording
from packager.workers import Workers

_TEXTS = (".md", ".markdown", ".html", ".htm", ".xhtml", ".rst", ".org", ".textile", ".tex", ".docbook")
"""Texts whose pictures lie beside them, in files of their own."""


@dataclass(frozen=True, slots=True)
class Room:
    """What reading a source takes: worker processes, and a folder for what must be unpacked."""

    workers: Workers
    scratch: Path


def read_alone(source: Path, room: Room) -> Library:
    """What the source holds, with a remark on each file in it; of a text the files beside it that it names.

    Raises SourceError for a file that cannot be read, a folder with nothing to read in it, and what a build made.
    """
    source = Path(source).absolute()
    if not source.exists():
        raise SourceError("is not there", where=source, hint="Check the path.")
    marks.refuse_ours(source)
    title = Wording.plain(source.stem if source.is_file() else source.name)
    if source.is_dir():
        asked = Definition(folder=source, name="source", title=title)
        wish = readers.Wish(skip_damaged=True)
    else:
        listed = (PublicationDefinition(source=source),)
        asked = Definition(folder=source.parent, name="source", title=title, publications=listed)
        wish = readers.Wish(names=_names(source))
    room.workers.only_read(asked.folder, room.scratch)
    return readers.read(asked, room.workers, room.scratch, rendering.probe, wish=wish)


def _names(source: Path) -> frozenset[str]:
    """The source, and of what lies beside it whatever the text calls by its name."""
    if source.suffix.lower() not in _TEXTS:
        return frozenset({source.name})
    try:
        text = source.read_bytes()
        beside = [path.name for path in source.parent.iterdir()]
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=source) from error
    return frozenset({source.name, *(name for name in beside if _is_named(name, text))})


def _is_named(name: str, text: bytes) -> bool:
    return any(form.encode(errors="replace") in text for form in (name, quote(name, errors="replace")))
