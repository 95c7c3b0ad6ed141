"""Written files -> their places in a bundle, and its list: what a kill interrupts is finished by the next import."""

from __future__ import annotations

import json
import os
import signal
import threading
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Any

from packager.config import definition
from packager.config.definition import FILE_NAME
from packager.errors import DefinitionError, OutputError
from packager.importing.files import FOLDERS, ImportedWork
from packager.importing.staging import ImportStaging
from packager.model import Outcome, Remark
from packager.output.atomic import put
from packager.readers.discovery import discover
from packager.readers.files import walk

_FINISHED = Outcome.DECIDED, "an earlier import was killed before it was done; this one has finished it"
_NOT_FINISHED = Outcome.WARNING, "an earlier import was killed, and some of its files are missing: import it again"
_INTERRUPTS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_NEW_LIST = "# What `packager import` put here is listed below; only what is listed is built.\n"
_BYTE_ORDER_MARK = "\ufeff"  # Windows' Notepad writes one, and the file keeps it


@dataclass(frozen=True, slots=True)
class _StagedWork:
    """One publication on its way: what appears in the bundle's folders, and its entry in bundle.toml."""

    tops: tuple[PurePosixPath, ...]
    entry: Mapping[str, object]


def place(works: Sequence[ImportedWork], bundle: Path, staging: ImportStaging) -> None:
    """Give the staged files their places beside what is in the bundle, then list them: all, or none.

    Raises OutputError, or DefinitionError where the list cannot take them.
    """
    staged = [
        _StagedWork(
            tuple(top for top in work.tops if _is_staged(top, staging)), {"source": str(work.source), **work.entry}
        )
        for work in works
    ]
    entries = [work.entry for work in staged]
    _with_entries(bundle / FILE_NAME, entries)  # raises what would come too late below
    staging.write_journal([{"tops": [str(top) for top in work.tops], "entry": work.entry} for work in staged])
    new_folders = [folder for folder in FOLDERS if not (bundle / folder).exists()]
    placed: list[PurePosixPath] = []
    try:
        for top in (top for work in staged for top in work.tops):
            _place(top, bundle, staging)
            placed.append(top)
        _add_entries(bundle, entries)
    except BaseException:
        for top in placed:
            (bundle / top).rename(staging.files / top)
        for folder in new_folders:
            with suppress(OSError):
                (bundle / folder).rmdir()
        raise
    finally:
        staging.clear_journal()


def finish_interrupted(bundle: Path, staging: ImportStaging) -> tuple[Remark, ...]:
    """Finish what a killed import had begun, and return a remark on each work of it.

    Nothing is removed or written over: what lies in the place of one of its files by now keeps it from going in. The
    works of a bundle without a list are listed first, or else they would be lost.
    """
    staged = [work for work in map(_from_journal, staging.read_journal() or ()) if work]
    loaded = definition.load(bundle)
    if loaded.publications is None:
        left_out = [top for work in staged for top in work.tops]
        files = [file for file in walk(bundle) if not any(file.path.is_relative_to(top) for top in left_out)]
        existing = discover(loaded, [file for file in files if str(file.path) != FILE_NAME])
        _add_entries(bundle, [{"source": str(work.path)} for work in existing])
    listed = {publication.source for publication in definition.load(bundle).publications or ()}
    whole = [work for work in staged if _is_placed(work, bundle, staging)]
    new = [work.entry for work in whole if bundle / str(work.entry["source"]) not in listed]
    if new:
        _add_entries(bundle, new)
    staging.clear_journal()
    return tuple(Remark(str(work.entry["source"]), *(_FINISHED if work in whole else _NOT_FINISHED)) for work in staged)


def definition_path(bundle: Path) -> Path:
    """Return where the bundle's definition lies, links followed."""
    return Path(os.path.realpath(bundle / FILE_NAME))  # resolve() fails where links lead to each other


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let what would interrupt the block interrupt its end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        received.append(number)

    handlers: dict[int, Any] = {}
    try:
        for number in _INTERRUPTS:
            handlers[number] = signal.getsignal(number) or signal.SIG_DFL
            signal.signal(number, note)
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in received[:1]:
            signal.raise_signal(number)


def _is_staged(top: PurePosixPath, staging: ImportStaging) -> bool:
    """Whether it waits in the staging folder; links do not count, which a bundle may have come with."""
    path = staging.files / top
    return path.exists() and not any(each.is_symlink() for each in (staging.files, path.parent, path))


def _from_journal(noted: Any) -> _StagedWork | None:
    """Return what was noted of one publication; None for what no import notes."""
    try:
        work = _StagedWork(tuple(map(PurePosixPath, noted["tops"])), dict(noted["entry"]))
        are_ours = all(len(top.parts) == 2 and top.parts[0] in FOLDERS and top.parts[1] != ".." for top in work.tops)
        return work if are_ours and work.tops and work.entry["source"] else None
    except (LookupError, TypeError, ValueError):
        return None


def _is_placed(work: _StagedWork, bundle: Path, staging: ImportStaging) -> bool:
    """Give the files of a publication their places, if these are free; return whether all lie there by now."""
    waiting = [top for top in work.tops if _is_staged(top, staging)]
    if any((top in waiting) == os.path.lexists(bundle / top) for top in work.tops):
        return False
    for top in waiting:
        _place(top, bundle, staging)
    return True


def _place(top: PurePosixPath, bundle: Path, staging: ImportStaging) -> None:
    target = bundle / top
    if os.path.lexists(target):
        raise OutputError("exists already", where=target, hint="Import it again: it gets another name.")
    try:
        target.parent.mkdir(exist_ok=True)
        (staging.files / top).rename(target)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=target) from error


def _add_entries(bundle: Path, entries: Iterable[Mapping[str, object]]) -> None:
    """Append `[[publication]]` entries to bundle.toml, all that stands in it kept as it is, in its own line ends."""
    text = _with_entries(bundle / FILE_NAME, entries)
    try:
        put(definition_path(bundle), text.encode())
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=bundle / FILE_NAME) from error


def _with_entries(file: Path, entries: Iterable[Mapping[str, object]]) -> str:
    """Return the text of bundle.toml with the entries behind it; raises DefinitionError where it cannot take them."""
    try:
        before = file.read_bytes().decode("utf-8") if file.exists() else _NEW_LIST
    except OSError as error:
        raise OutputError(f"cannot be read: {error.strerror}", where=file) from error
    text = "".join(map(_entry, entries))
    text = text if before.endswith("\n") else f"\n{text}"
    text = before + (text.replace("\n", "\r\n") if "\r\n" in before else text)
    try:
        tomllib.loads(text.removeprefix(_BYTE_ORDER_MARK))
    except tomllib.TOMLDecodeError as error:
        hint = "Write its publications as [[publication]] tables, one below the other."
        raise DefinitionError(f"cannot take another publication ({error})", where=file, hint=hint) from error
    return text


def _entry(keys: Mapping[str, object]) -> str:
    lines = (f"{key} = {_value(value)}\n" for key, value in keys.items())
    return "\n[[publication]]\n" + "".join(lines)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(text)}" for key, text in value.items()) + " }"
    # What JSON calls a string is one in TOML.
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if key.replace("-", "").isalnum() else json.dumps(key)
