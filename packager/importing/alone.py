"""One file or folder read as if it were a bundle of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from packager import readers
from packager.archive.read import read_source
from packager.config.definition import Definition, PublicationDefinition
from packager.errors import SourceError
from packager.model import Library, Outcome, Remark, Source, Wording
from packager.output import marks
from packager.pictures import rendering
from packager.readers.files import FileKind, kind_of
from packager.sandbox.pool import Workers

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
    room = replace(room, scratch=Path(tempfile.mkdtemp(dir=room.scratch)))
    title = Wording.plain(source.stem if source.is_file() else source.name)
    if source.is_dir():
        room.workers.only_read(source, room.scratch)
        asked, wish = Definition(folder=source, name="source", title=title), readers.ReadOptions(skip_damaged=True)
    else:
        listed = (PublicationDefinition(source=source),)
        asked = Definition(folder=source.parent, name="source", title=title, publications=listed)
        wish = readers.ReadOptions(names=_names(source, room))
        room.workers.only_read(*(source.parent / name for name in sorted(wish.names)), room.scratch)
    library = readers.read(asked, room.workers, room.scratch, rendering.probe, options=wish)
    return library if source.is_dir() else replace(library, remarks=tuple(_of_one(library.remarks, source)))


def _of_one(remarks: Iterable[Remark], source: Path) -> Iterator[Remark]:
    """The same remarks: what only lies beside the source is not for a bundle to list."""
    for remark in remarks:
        is_beside = remark.outcome is Outcome.PASSED_OVER and remark.source.partition("/")[0] != source.name
        yield replace(remark, message=f"named in {source.name}, and not shown there") if is_beside else remark


def _names(source: Path, room: Room) -> frozenset[str]:
    """The source, and of what lies beside it whatever the text calls by its name: nothing hidden, no link."""
    room.workers.only_read(source, room.scratch)
    if source.suffix.lower() not in _TEXTS:
        return frozenset({source.name})
    try:
        beside = tuple(path.name for path in source.parent.iterdir() if _may_be_named(path))
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=source) from error
    said = room.workers.submit(named, source, beside).result()
    return frozenset({source.name}) | said.intersection(beside)  # a worker may have been taken over, and name another


def _may_be_named(path: Path) -> bool:
    return kind_of(path.name) is not FileKind.JUNK and not path.is_symlink()


def named(text: Path, names: Sequence[str]) -> frozenset[str]:
    """Those of the names that stand in a text. A job for a worker; raises SourceError."""
    data = read_source(Source(text, str(text)))
    return frozenset(
        name
        for name in names
        if any(form.encode(errors="replace") in data for form in (name, quote(name, errors="replace")))
    )
