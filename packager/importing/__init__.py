"""What people have -> plain files in a bundle's folder, which an organizer can edit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packager.errors import OutputError, SourceError, UsageError
from packager.files.ownership import make_folders
from packager.importing.files import ImportedWork, ImportFile, imported_works
from packager.importing.placing import definition_path, finish_interrupted, place, uninterrupted
from packager.importing.source import damaged_pictures, read_alone
from packager.importing.staging import ImportStaging, import_staging
from packager.model import Outcome, Remark, Source
from packager.output import atomic, marks
from packager.readers.opening import pieces_of
from packager.sandbox.pool import Workers


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """What became of one source: the works that went in, remarks on the rest, or why nothing did."""

    source: Path
    works: tuple[ImportedWork, ...] = ()
    remarks: tuple[Remark, ...] = ()
    refusal: str = ""
    hint: str = ""


Report = Callable[[ImportedSource], object]


def import_sources(sources: Sequence[Path], bundle: Path, workers: Workers, report: Report = lambda _: None) -> None:
    """Put each source into the bundle as plain files, with an entry each in bundle.toml.

    A source goes in whole or not at all, and nothing in the bundle is ever written over; `report` is called for each as
    soon as that is settled. What a killed import had begun is finished first, and reported as imported from the bundle.
    Raises UsageError for a source that the bundle holds or that holds the bundle, SourceError for a bundle that lies in
    what a build made, DefinitionError for a bundle.toml that cannot be read, OutputError where the bundle cannot be
    written or another import into it is running.
    """
    marks.refuse_ours(bundle, "bundle")
    for source in sources:
        _refuse_overlap(source, bundle)
    _make_folder(bundle)
    with import_staging(bundle) as staging:
        atomic.remove_stale_staging(definition_path(bundle))
        if finished := finish_interrupted(bundle, staging):
            report(ImportedSource(bundle, remarks=finished))
        for source in sources:
            try:
                _import_source(source, bundle, staging, workers, report)
            except SourceError as error:
                refusal = f"{error.where}: {error.what}" if error.where else error.what
                report(ImportedSource(source, refusal=refusal, hint=error.hint))


def _refuse_overlap(source: Path, bundle: Path) -> None:
    inner, outer = source.resolve(), bundle.resolve()
    if inner.is_relative_to(outer) or outer.is_relative_to(inner):
        raise UsageError("lies in the bundle, or contains it", where=source, hint="Give a source from elsewhere.")


def _make_folder(bundle: Path) -> None:
    if bundle.exists() and not bundle.is_dir():
        raise OutputError("is not a folder", where=bundle, hint="Name the bundle's folder.")
    try:
        make_folders(bundle)
    except OSError as error:
        raise OutputError(f"cannot be created: {error.strerror}", where=bundle) from error


def _import_source(source: Path, bundle: Path, staging: ImportStaging, workers: Workers, report: Report) -> None:
    with tempfile.TemporaryDirectory(dir=staging.scratch) as scratch:
        library = read_alone(source, workers, Path(scratch))
        damaged = damaged_pictures(library, workers)
        works = imported_works(library, source, bundle, workers)
        with staging.empty_files() as folder:
            unreadable = _write(works, bundle, folder, workers)
            lost = {remark.source for remark in unreadable}
            copied = (
                replace(remark, message=f"{remark.message}; taken as it is")
                for remark in damaged
                if remark.source not in lost
            )
            imported = ImportedSource(source, works, (*library.remarks, *unreadable, *copied))
            with uninterrupted():
                place(works, bundle, staging)
                report(imported)


def _write(works: Sequence[ImportedWork], bundle: Path, folder: Path, workers: Workers) -> tuple[Remark, ...]:
    """Write all files into `folder`; return remarks on the pictures that cannot be read."""
    files = {file.path: file for work in works for file in work.files}
    unreadable = tuple(remark for file in files.values() for remark in _write_file(file, bundle, folder, workers))
    lost = len(files) - len(unreadable) - sum(path.is_file() for path in folder.rglob("*"))
    if lost:
        raise OutputError(f"lacks {lost} of the files that were written", where=folder, hint="Import them again.")
    return unreadable


def _write_file(file: ImportFile, bundle: Path, folder: Path, workers: Workers) -> Iterator[Remark]:
    if file.path.is_absolute() or ".." in file.path.parts:  # workers, which may be taken over, choose parts of names
        raise SourceError("has a picture that would lie outside the bundle", where=bundle / file.path)
    path = folder / file.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as opened:
            if isinstance(file.content, str):
                opened.write(file.content.encode())
            else:
                opened.writelines(workers.stream(pieces_of, file.content))
    except SourceError as error:
        path.unlink(missing_ok=True)
        assert isinstance(file.content, Source)
        yield Remark(file.content.label, Outcome.DAMAGED, error.what)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=bundle / file.path) from error
