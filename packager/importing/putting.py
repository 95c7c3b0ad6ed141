"""Written files -> their places in a bundle, and its list: what a kill interrupts is finished by the next import."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Any

from packager.config import definition
from packager.errors import OutputError
from packager.importing import listing
from packager.importing.bench import Bench
from packager.importing.pieces import Pieces
from packager.model import Outcome, Remark
from packager.readers.discovery import discover
from packager.readers.files import walk

_FOLDERS = ("comics", "articles", "pictures")
_FINISHED = Outcome.DECIDED, "an import that was killed had begun with it: now it is in"
_NOT_FINISHED = Outcome.WARNING, "an import that was killed had begun with it, and it is not whole: import it again"
_INTERRUPTS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@dataclass(frozen=True, slots=True)
class _Begun:
    """One publication on its way: what appears in the bundle's folders, and its entry in the list."""

    tops: tuple[PurePosixPath, ...]
    entry: Mapping[str, object]

    def source_in(self, bundle: Path) -> Path:
        return bundle / str(self.entry["source"])


def put(publications: Sequence[Pieces], bundle: Path, ours: Bench) -> None:
    """Give the files on the bench their places beside what is in the bundle, then list them: all, or none.

    Raises OutputError, or DefinitionError where the list cannot take them.
    """
    begun = [_Begun(_tops(each, ours), {"source": str(each.source), **each.said}) for each in publications]
    listing.require_room(bundle, [each.entry for each in begun])
    ours.note([{"tops": [str(top) for top in each.tops], "entry": each.entry} for each in begun])
    new = [folder for folder in _FOLDERS if not (bundle / folder).exists()]
    placed: list[PurePosixPath] = []
    try:
        for top in (top for each in begun for top in each.tops):
            _place(top, bundle, ours)
            placed.append(top)
        listing.add(bundle, [each.entry for each in begun])
    except BaseException:
        _take_back(placed, new, bundle, ours)
        raise
    finally:
        ours.forget()


def finish(bundle: Path, ours: Bench) -> tuple[Remark, ...]:
    """Finish what a killed import had begun; what there is to say of that.

    Nothing is removed or written over: what lies in the place of one of its files by now keeps it from going in.
    """
    begun = [each for each in map(_read, ours.noted() or ()) if each]
    list_what_is_there(bundle, [top for each in begun for top in each.tops])
    listed = {publication.source for publication in definition.load(bundle).publications or ()}
    found = {str(each.entry["source"]): _is_placed(each, bundle, ours) for each in begun}
    new = [each.entry for each in begun if found[str(each.entry["source"])] and each.source_in(bundle) not in listed]
    if new:
        listing.add(bundle, new)
    ours.forget()
    return tuple(Remark(source, *(_FINISHED if is_whole else _NOT_FINISHED)) for source, is_whole in found.items())


def list_what_is_there(bundle: Path, but: Iterable[PurePosixPath] = ()) -> None:
    """What a bundle without a list holds is listed first, or else it would be lost."""
    asked = definition.load(bundle)
    if asked.publications is None:
        left_out = tuple(but)
        files = [file for file in walk(bundle) if not any(file.path.is_relative_to(top) for top in left_out)]
        here = discover(asked, [file for file in files if str(file.path) != definition.FILE_NAME])
        listing.add(bundle, ({"source": str(work.path)} for work in here))


@contextmanager
def uninterrupted() -> Iterator[None]:
    """What would interrupt the block interrupts its end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        came.append(number)

    before: dict[int, Any] = {}
    try:
        for number in _INTERRUPTS:
            before[number] = signal.getsignal(number) or signal.SIG_DFL
            signal.signal(number, note)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came[:1]:
            signal.raise_signal(number)


def _tops(pieces: Pieces, ours: Bench) -> tuple[PurePosixPath, ...]:
    return tuple(top for top in pieces.tops if _waits(top, ours))


def _waits(top: PurePosixPath, ours: Bench) -> bool:
    """Whether it lies on the bench; links do not, which a bundle may have come with."""
    path = ours.files / top
    return path.exists() and not any(each.is_symlink() for each in (ours.files, path.parent, path))


def _read(noted: Any) -> _Begun | None:
    """What was noted of one publication; None for what no import of ours notes."""
    try:
        begun = _Begun(tuple(map(PurePosixPath, noted["tops"])), dict(noted["entry"]))
        are_ours = all(len(top.parts) == 2 and top.parts[0] in _FOLDERS and top.parts[1] != ".." for top in begun.tops)
        return begun if are_ours and begun.tops and begun.entry["source"] else None
    except (LookupError, TypeError, ValueError):
        return None


def _is_placed(begun: _Begun, bundle: Path, ours: Bench) -> bool:
    """Whether all files of a publication lie in their places by now."""
    waiting = [top for top in begun.tops if _waits(top, ours)]
    if any((top in waiting) == os.path.lexists(bundle / top) for top in begun.tops):
        return False
    for top in waiting:
        _place(top, bundle, ours)
    return True


def _place(top: PurePosixPath, bundle: Path, ours: Bench) -> None:
    place = bundle / top
    if os.path.lexists(place):
        raise OutputError("is there already", where=place, hint="Import it again: it gets another name.")
    try:
        place.parent.mkdir(exist_ok=True)
        (ours.files / top).rename(place)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=place) from error


def _take_back(placed: Iterable[PurePosixPath], new: Iterable[str], bundle: Path, ours: Bench) -> None:
    """Onto the bench again, and away with the new folders."""
    for top in placed:
        (bundle / top).rename(ours.files / top)
    for folder in new:
        with suppress(OSError):
            (bundle / folder).rmdir()
