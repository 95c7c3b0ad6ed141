"""Written files -> their places in a bundle, and its list: one import at a time, and the next finishes a killed one."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import threading
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Any

from packager.config import definition
from packager.config.definition import FILE_NAME
from packager.errors import FAILED_WRITES, DefinitionError, OutputError
from packager.files.lock import locked
from packager.files.ownership import OwnFolder
from packager.importing.files import FOLDERS, EntryValue, ImportedWork, PublicationEntry
from packager.model import Outcome, Remark
from packager.output.atomic import put
from packager.readers.discovery import discover
from packager.readers.files import walk

_RECOVERED = Outcome.DECIDED, "an earlier import was killed before it was done; this one has finished it"
_NOT_RECOVERED = Outcome.WARNING, "an earlier import was killed, and some of its files are missing: import it again"
_FOLDER = ".import.packager"  # in the bundle, so that putting files in their place is a rename
_SCRATCH, _FILES, _JOURNAL, _DRAFT = "scratch", "files", "journal", "draft"
_INTERRUPTS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_NEW_LIST = "# What `packager import` put here is listed below; only what is listed is built.\n"
_BYTE_ORDER_MARK = "\ufeff"  # Windows' Notepad writes one, and the file keeps it


@dataclass(frozen=True, slots=True)
class StagedWork:
    """One publication on its way: the files and folders that appear in FOLDERS, and its entry in bundle.toml."""

    tops: tuple[PurePosixPath, ...]
    entry: PublicationEntry


@dataclass(frozen=True, slots=True)
class ImportStaging:
    """Two folders: `scratch` for what is thrown away, `files` for what goes into the bundle; and a journal."""

    folder: OwnFolder
    scratch: Path

    @property
    def files(self) -> Path:
        """The folder for what goes into the bundle."""
        return self.folder.path / _FILES

    @contextmanager
    def empty_files(self) -> Iterator[Path]:
        """Give the folder `files`, empty now and removed afterwards."""
        self.folder.remove(_FILES)
        self.files.mkdir()
        try:
            yield self.files
        finally:
            self.folder.remove(_FILES)

    def write_journal(self, works: Sequence[StagedWork]) -> None:
        """Keep what is begun until the journal is cleared: from here on a kill does not lose it."""
        content = [{"tops": list(map(str, work.tops)), "entry": asdict(work.entry)} for work in works]
        self.folder.remove(_DRAFT)
        with os.fdopen(self.folder.open(_DRAFT, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        self.folder.rename(_DRAFT, _JOURNAL)

    def read_journal(self) -> tuple[StagedWork, ...]:
        """Return what a killed import had begun; nothing that no import notes."""
        with (
            suppress(OSError, TypeError, ValueError),
            os.fdopen(self.folder.open(_JOURNAL, os.O_RDONLY), encoding="utf-8") as file,
        ):
            return tuple(filter(None, map(_from_journal, json.load(file))))
        return ()

    def clear_journal(self) -> None:
        """Forget what was begun: it is done, or undone."""
        self.folder.remove(_JOURNAL)


@contextmanager
def import_staging(bundle: Path) -> Iterator[ImportStaging]:
    """Give the staging folder of an import into `bundle`; scratch files of a killed one go first, all at the end.

    Where a killed one had left a journal, that and its files stay. Raises OutputError where another import is running,
    where something of somebody else lies in its place, and for every failed write inside the block that says no more
    itself.
    """
    folder = bundle / _FOLDER
    try:
        with locked(folder, bundle, "import into it") as own:
            own.remove(_SCRATCH)
            (own.path / _SCRATCH).mkdir()
            # Under a new name: a process that may read a folder may not read the next one that is called so.
            staging = ImportStaging(own, Path(tempfile.mkdtemp(dir=own.path / _SCRATCH)))
            try:
                yield staging
            finally:
                own.remove(_SCRATCH, _DRAFT)
                if not staging.read_journal():
                    own.remove(_FILES, _JOURNAL)
    except OSError as error:
        is_ours = Path(error.filename).is_relative_to(folder) if error.filename else error.errno in FAILED_WRITES
        if not is_ours:
            raise
        raise OutputError(f"cannot be written: {error.strerror}", where=bundle) from error


def list_existing(bundle: Path, interrupted: Sequence[StagedWork]) -> None:
    """List the works of a bundle without a list, or else they would be lost; not those that an import has begun."""
    loaded = definition.load(bundle)
    if loaded.publications is None:
        left_out = (PurePosixPath(FILE_NAME), *(top for work in interrupted for top in work.tops))
        files = [file for file in walk(bundle) if not any(file.path.is_relative_to(path) for path in left_out)]
        _add_entries(bundle, [PublicationEntry(str(work.path)) for work in discover(loaded, files)])


def recover_interrupted(bundle: Path, staging: ImportStaging) -> tuple[Remark, ...]:
    """Finish what a killed import had begun, and return a remark on each work of it.

    Nothing is removed or written over: what lies in the place of one of its files by now keeps it from going in.
    """
    interrupted = staging.read_journal()
    listed = {publication.source for publication in definition.load(bundle).publications or ()}
    recovered = [work for work in interrupted if _complete(work, bundle, staging)]
    if new := [work.entry for work in recovered if bundle / work.entry.source not in listed]:
        _add_entries(bundle, new)
    staging.clear_journal()
    return tuple(
        Remark(work.entry.source, *(_RECOVERED if work in recovered else _NOT_RECOVERED)) for work in interrupted
    )


def place(works: Sequence[ImportedWork], bundle: Path, staging: ImportStaging) -> None:
    """Give the staged files their places beside what is in the bundle, then list them: all, or none.

    Raises OutputError, or DefinitionError where the list cannot take them.
    """
    staged = [StagedWork(tuple(top for top in work.tops if _is_staged(top, staging)), work.entry) for work in works]
    entries = [work.entry for work in staged]
    _with_entries(bundle / FILE_NAME, entries)  # raises what would come too late below
    staging.write_journal(staged)
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


def _from_journal(noted: Any) -> StagedWork | None:
    """Return what was noted of one publication; None for what no import notes."""
    try:
        work = StagedWork(tuple(map(PurePosixPath, noted["tops"])), PublicationEntry(**noted["entry"]))
    except (LookupError, TypeError, ValueError):
        return None
    are_ours = all(len(top.parts) == 2 and top.parts[0] in FOLDERS and top.parts[1] != ".." for top in work.tops)
    return work if are_ours and work.tops and isinstance(work.entry.source, str) and work.entry.source else None


def _complete(work: StagedWork, bundle: Path, staging: ImportStaging) -> bool:
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


def _add_entries(bundle: Path, entries: Iterable[PublicationEntry]) -> None:
    """Append `[[publication]]` entries to bundle.toml, all that stands in it kept as it is, in its own line ends."""
    text = _with_entries(bundle / FILE_NAME, entries)
    try:
        put(definition_path(bundle), text.encode())
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=bundle / FILE_NAME) from error


def _with_entries(file: Path, entries: Iterable[PublicationEntry]) -> str:
    """Return the text of bundle.toml with the entries behind it; raises DefinitionError where it cannot take them."""
    try:
        before = file.read_bytes().decode("utf-8") if file.exists() else _NEW_LIST
    except OSError as error:
        raise OutputError(f"cannot be read: {error.strerror}", where=file) from error
    text = ""
    for entry in entries:
        lines = (f"{key} = {_value(value)}\n" for key, value in asdict(entry).items() if value)
        text += "\n[[publication]]\n" + "".join(lines)
    text = text if before.endswith("\n") else f"\n{text}"
    text = before + (text.replace("\n", "\r\n") if "\r\n" in before else text)
    try:
        tomllib.loads(text.removeprefix(_BYTE_ORDER_MARK))
    except tomllib.TOMLDecodeError as error:
        hint = "Write its publications as [[publication]] tables, one below the other."
        raise DefinitionError(f"cannot take another publication ({error})", where=file, hint=hint) from error
    return text


def _value(value: EntryValue) -> str:
    if isinstance(value, dict):
        keys = {key: key if key.replace("-", "").isalnum() else json.dumps(key) for key in value}
        return "{ " + ", ".join(f"{keys[key]} = {_value(text)}" for key, text in value.items()) + " }"
    # What JSON calls a string is one in TOML.
    return json.dumps(value, ensure_ascii=False)
