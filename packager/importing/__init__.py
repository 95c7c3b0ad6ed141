"""What people have -> plain files in a bundle's folder, which an organizer can edit."""

from __future__ import annotations

import filecmp
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from packager import readers
from packager.archive.read import read_source
from packager.archive.volumes import sets_among
from packager.config.definition import FILE_NAME, FOLDERS, Definition, PublicationDefinition
from packager.errors import OutputError, SourceError, UsageError
from packager.files.ownership import make_folders
from packager.files.sharing import share
from packager.importing import films
from packager.importing.files import ImportedWork, ImportFile, article, comic, imported_works
from packager.importing.placing import (
    ImportStaging,
    definition_path,
    import_staging,
    list_existing,
    place,
    recover_interrupted,
    uninterrupted,
)
from packager.model import (
    Article,
    Comic,
    Film,
    Library,
    Outcome,
    Remark,
    RenditionSpec,
    Role,
    Sound,
    Source,
    Wording,
    warning,
)
from packager.output import atomic, marks
from packager.output.marks import FolderMark
from packager.pictures import worker_jobs
from packager.pictures.renderer import Damage, PictureRenderer
from packager.pictures.worker_jobs import PageJob
from packager.readers.belonging import is_called
from packager.readers.files import FileKind, kind_of
from packager.readers.recorded import RECORDED
from packager.readers.unpack_jobs import pieces_of
from packager.sandbox.pool import Workers
from packager.text import endings
from packager.text.endings import BESIDE_PICTURES

# What every picture is decoded for: a small one that nobody sees.
_THUMBNAIL = RenditionSpec(Role.COVER, width=64, max_side=64, max_pixels=4096, quality=50)


_WHOLE = (FileKind.ARCHIVE, FileKind.BOOK, FileKind.TEXT, *RECORDED)
_MAKERS = {Comic: comic, Article: article, Film: films.recorded, Sound: films.recorded}


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """What became of one source: the works that went in, remarks on the rest, or why nothing did."""

    source: Path
    works: tuple[ImportedWork, ...] = ()
    remarks: tuple[Remark, ...] = ()
    refusal: str = ""
    hint: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all works in it went in; damaged pictures go in as they are."""
        damaged = (remark.source for remark in self.remarks if remark.outcome is Outcome.DAMAGED)
        return not self.refusal and not any(kind_of(source.rpartition("/")[2]) in _WHOLE for source in damaged)


Report = Callable[[ImportedSource], object]


def import_sources(sources: Sequence[Path], bundle: Path, workers: Workers, report: Report = lambda _: None) -> None:
    """Put each source into the bundle as plain files, with an entry each in bundle.toml.

    A work goes in whole or not at all, and of a folder those that cannot be read are left out. Nothing in the bundle is
    ever written over; `report` is called for each source as soon as that is settled. What a killed import had begun is
    finished first, and reported as imported from the bundle.
    Raises UsageError for a source that the bundle holds or that holds the bundle, and for a bundle that lies in what a
    build made, DefinitionError for a bundle.toml that cannot be read, OutputError where the bundle cannot be
    written or another import into it is running.
    """
    marks.refuse_ours(bundle, "bundle")
    for source in sources:
        inner, outer = source.resolve(), bundle.resolve()
        if inner.is_relative_to(outer) or outer.is_relative_to(inner):
            raise UsageError("lies in the bundle, or contains it", where=source, hint="Give a source from elsewhere.")
    if bundle.exists() and not bundle.is_dir():
        raise OutputError("is not a folder", where=bundle, hint="Name the bundle's folder.")
    try:
        make_folders(bundle)
    except OSError as error:
        raise OutputError(f"cannot be created: {error.strerror}", where=bundle) from error
    with import_staging(bundle) as staging:
        atomic.remove_stale_staging(definition_path(bundle))
        list_existing(bundle, staging.read_journal())
        if recovered := recover_interrupted(bundle, staging):
            report(ImportedSource(bundle, remarks=recovered))
        for source in sources:
            try:
                _import_source(source, bundle, staging, workers, report)
            except SourceError as error:
                refusal = f"{error.where}: {error.what}" if error.where else error.what
                report(ImportedSource(source, refusal=refusal, hint=error.hint))


def read_alone(source: Path, workers: Workers, scratch: Path) -> Library:
    """Return what the source holds, with a remark on each file in it; of a text the files beside it that it names.

    What must be unpacked is written into `scratch`. Raises SourceError for a file that cannot be read, a folder with
    nothing to read in it, and what a build made.
    """
    source = source.absolute()
    if not source.exists():
        raise SourceError("is not there", where=source, hint="Check the path.")
    marks.refuse_ours(source)
    scratch = Path(tempfile.mkdtemp(dir=scratch))
    if source.is_dir():
        workers.only_read(source, scratch)
        definition = Definition(folder=source, name="source", title=Wording.plain(source.name))
        options = readers.ReadOptions(skip_damaged=True)
        return readers.read(definition, workers, scratch, worker_jobs.probe, options=options)
    definition = Definition(
        folder=source.parent,
        name="source",
        title=Wording.plain(source.stem),
        publications=(PublicationDefinition(source=source),),
    )
    workers.only_read(source, scratch)
    options = readers.ReadOptions(names=_files_named_in(source, workers))
    workers.only_read(*(source.parent / name for name in sorted(options.names)), scratch)
    library = readers.read(definition, workers, scratch, worker_jobs.probe, options=options)
    return replace(
        library,
        remarks=tuple(
            # What only lies beside the source is not for a bundle to list.
            replace(remark, message=f"{source.name} mentions it, but does not show it")
            if remark.outcome is Outcome.PASSED_OVER and remark.source.partition("/")[0] != source.name
            else remark
            for remark in library.remarks
        ),
    )


def damaged_pictures(library: Library, workers: Workers) -> tuple[Remark, ...]:
    """Return one remark for each picture that cannot be decoded to its last row."""
    jobs = [PageJob(source, (_THUMBNAIL,), -1) for source in picture_sources(library)]
    results = PictureRenderer(workers).pages(jobs)
    return tuple(
        Remark(result.source.label, Outcome.DAMAGED, result.reason) for result in results if isinstance(result, Damage)
    )


def picture_sources(library: Library) -> tuple[Source, ...]:
    """Return where the pictures of all versions lie, each once."""
    return tuple(dict.fromkeys(picture.source for _, version in library.versions for picture in version.all_pictures))


def names_in(text: Path, names: Sequence[str]) -> frozenset[str]:
    """Return those of the names that stand in a text; raises SourceError. A job for a worker."""
    data = read_source(Source(text, str(text)))
    return frozenset(
        name
        for name in names
        if any(form.encode(errors="replace") in data for form in (name, quote(name, errors="replace")))
    )


def _import_source(source: Path, bundle: Path, staging: ImportStaging, workers: Workers, report: Report) -> None:
    if marks.mark_of(source) is FolderMark.BUNDLE:
        folders = " ".join(str(source / name) for name in FOLDERS if (source / name).is_dir())
        hint = f"Import its works, for its bundle.toml is not read: {folders}"
        raise SourceError(f"is {FolderMark.BUNDLE}", where=source, hint=hint)
    with tempfile.TemporaryDirectory(dir=staging.scratch) as scratch:
        library = read_alone(source, workers, Path(scratch))
        damaged = damaged_pictures(library, workers)
        works = imported_works(library, source, bundle, workers, _MAKERS)
        with staging.empty_files() as folder:
            unreadable = _write(works, bundle, folder, workers)
            lost = {remark.source for remark in unreadable}
            copied = (
                replace(remark, message=f"{remark.message}; taken as it is")
                for remark in damaged
                if remark.source not in lost
            )
            known = tuple(_on_known(works, bundle))
            imported = ImportedSource(source, works, (*library.remarks, *unreadable, *copied, *known))
            with uninterrupted():
                place(works, bundle, staging)
                report(imported)


def _on_known(works: Sequence[ImportedWork], bundle: Path) -> Iterator[Remark]:
    """Yield a warning for each work of which the bundle has every file already, whatever it is called there."""
    held: dict[int, list[Path]] = {}
    for path in (path for folder in FOLDERS for path in sorted((bundle / folder).rglob("*"))):
        if path.is_file() and not path.is_symlink():
            held.setdefault(path.stat().st_size, []).append(path)
    for work in works:
        twins = [_twin_of(file, held) for file in work.files]
        if twins and all(twins):
            where = twins[0].relative_to(bundle) if twins[0] else ""
            message = f"the bundle has the same already, as {where}: remove one of them, and its entry in {FILE_NAME}"
            yield warning(work.entry.source, message)


def _twin_of(file: ImportFile, held: Mapping[int, Sequence[Path]]) -> Path | None:
    """Return which of the files that are `held`, by their sizes, has the same bytes; None also for what is packed."""
    content = file.content
    with suppress(OSError):
        if isinstance(content, str):
            data = content.encode()
            return next((path for path in held.get(len(data), ()) if path.read_bytes() == data), None)
        if not content.member:
            alike = held.get(content.path.stat().st_size, ())
            return next((path for path in alike if filecmp.cmp(content.path, path, shallow=False)), None)
    return None


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
        if isinstance(file.content, Source) and file.is_shared:
            share(file.content.path, path)
            return
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


def _files_named_in(source: Path, workers: Workers) -> frozenset[str]:
    """Return the source's name, and of what lies beside it its other parts, what a text names, or what is like a film.

    Nothing hidden is among them, and no link.
    """
    own = frozenset({source.name})
    is_text, kind = source.suffix.lower() in BESIDE_PICTURES, kind_of(source.name)
    if not is_text and kind not in (FileKind.ARCHIVE, FileKind.VOLUME, *RECORDED):
        return own
    try:
        beside = [
            path.name
            for path in source.parent.iterdir()
            if kind_of(path.name) is not FileKind.JUNK and not path.name.startswith(".") and not path.is_symlink()
        ]
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=source) from error
    if kind in RECORDED:
        return own.union(name for name in beside if is_called(name, endings.stem(source.name)))
    if not is_text:
        return own.union(*(one.names for one in sets_among(beside) if source.name in one.names))
    named = workers.submit(names_in, source, tuple(beside)).result()
    return own | named.intersection(beside)  # a worker may have been taken over, and answer other names
