"""One file or folder, read as if it were a bundle of its own, and its damaged pictures."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from packager import readers
from packager.archive.read import read_source
from packager.config.definition import Definition, PublicationDefinition
from packager.errors import SourceError
from packager.model import Library, Outcome, Remark, RenditionSpec, Role, Source, Wording
from packager.output import marks
from packager.pictures import worker_jobs
from packager.pictures.renderer import Damage, PictureRenderer
from packager.pictures.worker_jobs import PageJob
from packager.readers.files import FileKind, kind_of
from packager.sandbox.pool import Workers

_TEXTS = (".md", ".markdown", ".html", ".htm", ".xhtml", ".rst", ".org", ".textile", ".tex", ".docbook")
"""Texts whose pictures lie beside them, in files of their own."""

# What every picture is decoded for: a small one that nobody sees.
_THUMBNAIL = RenditionSpec(Role.COVER, width=64, max_side=64, max_pixels=4096, quality=50)


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
    return replace(library, remarks=tuple(_on_one_file(library.remarks, source)))


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


def _files_named_in(source: Path, workers: Workers) -> frozenset[str]:
    """Return the source's name, and of the files beside it those that a text names: nothing hidden, no link."""
    own = frozenset({source.name})
    if source.suffix.lower() not in _TEXTS:
        return own
    try:
        beside = [
            path.name
            for path in source.parent.iterdir()
            if kind_of(path.name) is not FileKind.JUNK and not path.is_symlink()
        ]
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=source) from error
    named = workers.submit(names_in, source, tuple(beside)).result()
    return own | named.intersection(beside)  # a worker may have been taken over, and answer other names


def _on_one_file(remarks: Iterable[Remark], source: Path) -> Iterator[Remark]:
    """Yield the remarks, other words for what only lies beside the source: it is not for a bundle to list."""
    for remark in remarks:
        is_beside = remark.outcome is Outcome.PASSED_OVER and remark.source.partition("/")[0] != source.name
        yield replace(remark, message=f"{source.name} mentions it, but does not show it") if is_beside else remark
