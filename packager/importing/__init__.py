"""What people have -> plain files in a bundle's folder, which an organizer can edit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packager.errors import OutputError, SourceError, UsageError
from packager.files.ownership import make_folders
from packager.importing import damage, listing, names, putting
from packager.importing.alone import Room, read_alone
from packager.importing.bench import Bench, bench
from packager.importing.pieces import Piece, Pieces, pieces_of
from packager.model import Library, Outcome, Remark, Source
from packager.output import marks
from packager.output.staging import file as beside
from packager.readers.opening import member_pieces
from packager.sandbox.pool import Workers
from packager.text.spelling import plain_name

_PIECE_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one source: the publications that went in, remarks on the rest, or why nothing did."""

    source: Path
    publications: tuple[Pieces, ...] = ()
    remarks: tuple[Remark, ...] = ()
    refusal: str = ""
    hint: str = ""


def take(
    sources: Sequence[Path], bundle: Path, workers: Workers, tell: Callable[[Taken], object] = lambda _: None
) -> tuple[Taken, ...]:
    """Put each source into the bundle as plain files, with an entry each in bundle.toml.

    A source goes in whole or not at all, and nothing in the bundle is ever written over; `tell` hears of each as soon
    as that is settled. What a killed import had begun with is finished first, and told as taken from the bundle. Raises
    UsageError for a source that the bundle holds or that holds the bundle, SourceError for a bundle that lies in what a
    build made, DefinitionError for a bundle.toml that cannot be read, OutputError where the bundle cannot be written or
    another import into it is running.
    """
    marks.refuse_ours(bundle, "bundle")
    for source in sources:
        _refuse_overlap(source, bundle)
    _make(bundle)
    told: list[Taken] = []

    def settle(taken: Taken) -> None:
        told.append(taken)
        tell(taken)

    with bench(bundle) as ours:
        beside.mend(listing.place_of(bundle))
        if finished := putting.finish(bundle, ours):
            settle(Taken(bundle, remarks=finished))
        for source in sources:
            _take(source, bundle, ours, workers, settle)
    return tuple(told)


def _refuse_overlap(source: Path, bundle: Path) -> None:
    inner, outer = source.resolve(), bundle.resolve()
    if inner == outer or inner.is_relative_to(outer) or outer.is_relative_to(inner):
        raise UsageError("lies in the bundle, or the bundle in it", where=source, hint="Give a source from elsewhere.")


def _make(bundle: Path) -> None:
    if bundle.exists() and not bundle.is_dir():
        raise OutputError("is no folder", where=bundle, hint="Name the bundle's folder.")
    try:
        make_folders(bundle)
    except OSError as error:
        raise OutputError(f"cannot be made: {error.strerror}", where=bundle) from error


def _take(source: Path, bundle: Path, ours: Bench, workers: Workers, settle: Callable[[Taken], None]) -> None:
    try:
        with tempfile.TemporaryDirectory(dir=ours.scratch) as scratch:
            _take_whole(source, bundle, ours, Room(workers, Path(scratch)), settle)
    except SourceError as error:
        refusal = f"{error.where}: {error.what}" if error.where else error.what
        settle(Taken(source, refusal=refusal, hint=error.hint))


def _take_whole(source: Path, bundle: Path, ours: Bench, room: Room, settle: Callable[[Taken], None]) -> None:
    library = read_alone(source, room)
    decoded = {remark.source: remark for remark in damage.damaged(library, room)}
    publications = _pieces(library, source, bundle, room.workers)
    with ours.emptied() as folder:
        unread = _written(publications, bundle, folder, room.workers)
        for remark in unread:
            decoded.pop(remark.source, None)
        as_it_is = (replace(remark, message=f"{remark.message}; taken as it is") for remark in decoded.values())
        taken = Taken(source, publications, (*library.remarks, *unread, *as_it_is))
        with putting.uninterrupted():
            putting.put(publications, bundle, ours)
            settle(taken)


def _pieces(library: Library, source: Path, bundle: Path, workers: Workers) -> tuple[Pieces, ...]:
    """The files of each publication, under names that nothing in the bundle has."""
    taken = _names_in(bundle)
    found = []
    for publication in library.publications:
        is_only = len(library.publications) == 1
        wished = source.stem if is_only and source.is_file() else publication.versions[0].title
        name = names.free(names.portable(plain_name(wished, longest=32) or "work"), taken)
        taken.add(name)
        found.append(pieces_of(publication, name, workers))
    return tuple(found)


def _written(publications: Sequence[Pieces], bundle: Path, folder: Path, workers: Workers) -> tuple[Remark, ...]:
    """Write all files into `folder`; remarks on the pictures that cannot be read."""
    pieces = {piece.path: piece for publication in publications for piece in publication.files}
    damaged = tuple(remark for piece in pieces.values() for remark in _write(piece, bundle, folder, workers))
    lost = len(pieces) - len(damaged) - sum(path.is_file() for path in folder.rglob("*"))
    if lost:
        raise OutputError(f"lacks {lost} of the files that were written", where=folder, hint="Import them again.")
    return damaged


def _names_in(bundle: Path) -> set[str]:
    """What a new work may not be called: names of works that are there, with and without their endings."""
    found = [path.name for folder in ("comics", "articles", "pictures") for path in (bundle / folder).glob("*")]
    return {name.partition(".")[0].removesuffix("-pictures") for name in found} | set(found)


def _write(piece: Piece, bundle: Path, folder: Path, workers: Workers) -> Iterator[Remark]:
    if piece.path.is_absolute() or ".." in piece.path.parts:  # what a worker says is part of names
        raise SourceError("has a picture that would lie outside the bundle", where=bundle / piece.path)
    path = folder / piece.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.writelines(_bytes_of(piece.content, workers))
    except SourceError as error:
        path.unlink(missing_ok=True)
        assert isinstance(piece.content, Source)
        yield Remark(piece.content.label, Outcome.DAMAGED, error.what)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=bundle / piece.path) from error


def _bytes_of(content: str | Source, workers: Workers) -> Iterator[bytes]:
    if isinstance(content, str):
        yield content.encode()
    elif content.member is not None:
        yield from workers.stream(member_pieces, content)
    else:
        try:
            with content.path.open("rb") as file:
                while piece := file.read(_PIECE_BYTES):
                    yield piece
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}", where=content.label) from error
