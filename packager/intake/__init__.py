"""What people have -> plain files in a bundle's folder, which an organizer can edit."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from packager import definition
from packager.errors import OutputError, SourceError, UsageError
from packager.intake import damage, listing, names
from packager.intake.alone import Room, read_alone
from packager.intake.pieces import Piece, Pieces, pieces_of
from packager.model import Library, Outcome, Remark, Source
from packager.readers import unpacking
from packager.readers.discovery import discover
from packager.readers.files import walk
from packager.spelling import plain_name

_STAGED = ".import"  # in the bundle, so that putting files in their place is a rename


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one source: the publications that went in, remarks on the rest, or why nothing did."""

    source: Path
    publications: tuple[Pieces, ...] = ()
    remarks: tuple[Remark, ...] = ()
    refusal: str = ""
    hint: str = ""


def take(sources: Sequence[Path], bundle: Path, room: Room) -> tuple[Taken, ...]:
    """Put each source into the bundle as plain files, with an entry each in bundle.toml.

    A source goes in whole or not at all, and nothing in the bundle is ever written over. Raises UsageError for a
    source that the bundle holds or that holds the bundle, DefinitionError for a bundle.toml that cannot be read,
    OutputError where the bundle cannot be written.
    """
    for source in sources:
        _refuse_overlap(source, bundle)
    _prepare(bundle)
    return tuple(_taken(source, bundle, room) for source in sources)


def _refuse_overlap(source: Path, bundle: Path) -> None:
    inner, outer = source.resolve(), bundle.resolve()
    if inner == outer or inner.is_relative_to(outer) or outer.is_relative_to(inner):
        raise UsageError("lies in the bundle, or the bundle in it", where=source, hint="Give a source from elsewhere.")


def _prepare(bundle: Path) -> None:
    """A bundle to put things into; what one without a list holds is listed first, or else it would be lost."""
    if bundle.exists() and not bundle.is_dir():
        raise OutputError("is no folder", where=bundle, hint="Name the bundle's folder.")
    try:
        bundle.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot be made: {error.strerror}", where=bundle) from error
    asked = definition.load(bundle)
    if asked.publications is None:
        here = discover(asked, [file for file in walk(bundle) if str(file.path) != definition.FILE_NAME])
        listing.add(bundle, ({"source": str(work.place)} for work in here))


def _taken(source: Path, bundle: Path, room: Room) -> Taken:
    try:
        library = read_alone(source, room)
        decoded = {remark.source: remark for remark in damage.damaged(library, room)}
        publications = _pieces(library, source, bundle)
        unread = _put(publications, bundle, room)
    except SourceError as error:
        return Taken(source, refusal=f"{error.where}: {error.what}" if error.where else error.what, hint=error.hint)
    for remark in unread:
        decoded.pop(remark.source, None)
    as_it_is = (replace(remark, message=f"{remark.message}; taken as it is") for remark in decoded.values())
    return Taken(source, publications, (*library.remarks, *unread, *as_it_is))


def _pieces(library: Library, source: Path, bundle: Path) -> tuple[Pieces, ...]:
    """The files of each publication, under names that nothing in the bundle has."""
    taken = _names_in(bundle)
    found = []
    for publication in library.publications:
        is_only = len(library.publications) == 1
        wished = source.stem if is_only and source.is_file() else publication.versions[0].title
        name = names.free(plain_name(wished, longest=32) or "work", taken)
        taken.add(name)
        found.append(pieces_of(publication, name))
    return tuple(found)


def _put(publications: Sequence[Pieces], bundle: Path, room: Room) -> tuple[Remark, ...]:
    """Write all publications beside what is there, then list them; remarks on the pictures that cannot be read."""
    with _staged(bundle) as folder:
        pieces = [piece for publication in publications for piece in publication.files]
        damaged = tuple(remark for piece in pieces for remark in _write(piece, folder, room))
        tops = [top for publication in publications for top in publication.tops if (folder / top).exists()]
        with _undone(bundle, tops):
            for top in tops:
                (bundle / top).parent.mkdir(exist_ok=True)
                (folder / top).rename(bundle / top)
            listing.add(bundle, ({"source": str(each.source), **each.said} for each in publications))
    return damaged


def _names_in(bundle: Path) -> set[str]:
    """What a new work may not be called: names of works that are there, with and without their endings."""
    found = [path.name for folder in ("comics", "articles", "pictures") for path in (bundle / folder).glob("*")]
    return {name.partition(".")[0].removesuffix("-pictures") for name in found} | set(found)


def _write(piece: Piece, folder: Path, room: Room) -> Iterator[Remark]:
    path = folder / piece.path
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if isinstance(piece.content, str):
            path.write_text(piece.content, encoding="utf-8", newline="\n")
        elif piece.content.member is None:
            shutil.copyfile(piece.content.path, path)
        else:
            with path.open("wb") as file:
                file.writelines(room.workers.stream(unpacking.copy, piece.content))
    except SourceError as error:
        path.unlink(missing_ok=True)
        assert isinstance(piece.content, Source)
        yield Remark(piece.content.label, Outcome.DAMAGED, error.what)


@contextmanager
def _staged(bundle: Path) -> Iterator[Path]:
    """A folder for what is not whole yet; gone on the way out."""
    folder = bundle / _STAGED
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir()
        yield folder
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=error.filename or bundle) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _undone(bundle: Path, tops: Iterable[PurePosixPath]) -> Iterator[None]:
    """What has been put in its place is taken away again where the rest fails."""
    tops = [top for top in tops if not (bundle / top).exists()]
    try:
        yield
    except BaseException:
        for top in tops:
            path = bundle / top
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise
