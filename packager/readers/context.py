"""What the readers of works are given: the bundle's files, the headers of its pictures, workers and scratch space."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TypeVar, TypeVarTuple

from packager.config.definition import COMICS, Definition
from packager.errors import SourceError
from packager.film.probe import SourceFacts
from packager.model import Header, Missing, Outcome, Picture, Remark, Remarks, Source
from packager.model.progress import SILENT, Progress
from packager.pictures import worker_jobs
from packager.pictures.worker_jobs import EdgeJob
from packager.readers.files import FileKind, SourceFile
from packager.readers.language import same_language
from packager.sandbox.limits import LIMITS
from packager.sandbox.pool import Failure, Workers

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")
Probe = Callable[[Source], Header]
"""Reads the header of a picture: a module-level function, since it runs in another process."""


class Scratch:
    """Numbered files, in a new folder below `folder`, for bytes that have none of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(dir=folder))
        self._count = 0

    def keep(self, data: bytes, label: str) -> Source:
        """Write `data` into a new file and return it as a source that messages call `label`."""
        source = self.reserve(label)
        with source.path.open("xb") as file:
            file.write(data)
        return source

    def reserve(self, label: str) -> Source:
        """Return a source, called `label`, whose file is still to be written; it has the label's ending."""
        self._count += 1
        ending = re.search(r"\.[a-z0-9]{1,8}$", label.lower())
        return Source(self._folder / f"embedded-{self._count:05}{ending[0] if ending else ''}", label)


@dataclass(frozen=True)
class ReadContext:
    """A bundle that is being read: its files, its pictures' headers, and the one language that is wanted, or "".

    `recordings` are what its films and its sound are, or why they cannot be read. Texts are read in `workers`; what has
    no file of its own is kept in `scratch`.
    """

    definition: Definition
    workers: Workers
    files: tuple[SourceFile, ...]
    pictures: Mapping[Source, Picture | Missing]
    scratch: Scratch
    probe: Probe
    language: str = ""
    recordings: Mapping[Source, SourceFacts | SourceError] = field(default_factory=dict)

    def ask(self, source: Source, job: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        """Return what a worker answers about a text in the time that its bytes are worth; SourceError names it."""
        try:
            size_bytes = source.path.stat().st_size
            return self.workers.submit_within(LIMITS.text_seconds(size_bytes), job, *arguments).result()
        except SourceError as error:
            if error.where is not None:
                raise
            raise error.at(source.label) from error

    def header(self, source: Source) -> Picture | Missing:
        """Return the picture in `source`, which lies in no file of the bundle."""
        return self.headers([source])[source]

    def headers(self, sources: Sequence[Source]) -> Mapping[Source, Picture | Missing]:
        """Return the pictures in several such sources."""
        return read_headers(sources, self.probe, self.workers)[0]

    def edges(self, jobs: Sequence[EdgeJob]) -> list[bytes]:
        """Return the edges of pictures; b"" where one cannot be read, which rendering it will say."""
        return [b"" if isinstance(row, Failure) else row for row in self.workers.map(worker_jobs.edge, jobs)]

    def picture_file(self, path: str) -> SourceFile | None:
        """Return the picture of the bundle at `path`, else the first whose path differs in its case alone."""
        return self._picture_files.get(path) or self._folded_picture_files.get(path.casefold())

    def picture_elsewhere(self, reference: str) -> SourceFile | None:
        """Return the only picture outside the comics whose path ends as `reference` does; None for none or several."""
        parts = tuple(part for part in reference.split("/") if part not in ("", ".", ".."))
        named = self._pictures_by_name.get(parts[-1], ()) if parts else ()
        found = [file for file in named if file.path.parts[-len(parts) :] == parts]
        return found[0] if len(found) == 1 else None

    def credit_file(self, path: PurePosixPath) -> SourceFile | None:
        """Return the credit file in the nearest of the folder `path` and those above it."""
        return next((self._credit_files[one] for one in (path, *path.parents) if one in self._credit_files), None)

    @property
    def preferred_languages(self) -> tuple[str, ...]:
        """The languages that come first in a publication that has several, in their order."""
        return tuple(filter(None, (self.language, *self.definition.languages)))

    @cached_property
    def _picture_files(self) -> dict[str, SourceFile]:
        return {str(file.path): file for file in self.files if file.kind is FileKind.PICTURE}

    @cached_property
    def _pictures_by_name(self) -> dict[str, list[SourceFile]]:
        named: dict[str, list[SourceFile]] = {}
        for file in self._picture_files.values():
            if file.path.parts[0] != COMICS:
                named.setdefault(file.path.name, []).append(file)
        return named

    @cached_property
    def _folded_picture_files(self) -> dict[str, SourceFile]:
        return {path.casefold(): file for path, file in reversed(self._picture_files.items())}

    @cached_property
    def _credit_files(self) -> dict[PurePosixPath, SourceFile]:
        return {file.path.parent: file for file in self.files if file.kind is FileKind.CREDIT}


def language_rank(language: str, preferred: Sequence[str]) -> int:
    """Return the position of a language among the preferred ones, others behind them: a key for sorting versions."""
    return next((rank for rank, one in enumerate(preferred) if same_language(language, one)), len(preferred))


def read_headers(
    sources: Sequence[Source],
    probe: Probe,
    workers: Workers,
    progress: Progress = SILENT,
    *,
    pages: Collection[Source] = (),
) -> tuple[dict[Source, Picture | Missing], Remarks]:
    """Return each source as a picture, or as missing where its header cannot be read; and remarks on what is not shown.

    The headers are read in worker processes. Of a film the first picture is shown, and of a file of several pages the
    first, unless the source is one of the `pages` of comics, which show them all.
    """
    pictures: dict[Source, Picture | Missing] = {}
    remarks: list[Remark] = []
    for source, header in zip(sources, workers.map(probe, sources), strict=True):
        progress.advance()
        if isinstance(header, Failure):
            pictures[source] = Missing(source, header.error.what)
            continue
        pictures[source] = Picture(
            source, header.width, header.height, more_pages=header.more_pages, checksum=header.checksum
        )
        if header.frames > 1 and not (header.more_pages and source in pages):
            kind = "pages" if header.more_pages else "pictures"
            message = f"holds {header.frames} {kind}: only the first is shown"
            remarks.append(Remark(source.label, Outcome.WARNING, message))
    return pictures, tuple(remarks)


def unrestricted_program(program: str, workers: Workers, label: str) -> Remarks:
    """Return a warning where a trusted program read the source `label` without restrictions that this system lacks."""
    missing = ", ".join(workers.programs.unconfined.get(program, ()))
    message = f"read with {program}, as --trust-programs says; this system could not keep it from {missing}"
    return (Remark(label, Outcome.WARNING, message),) if missing else ()


def missing_restrictions(workers: Workers) -> Remarks:
    """Return a remark on the restrictions that this system could not put on the processes that read the sources."""
    missing = ", ".join(workers.missing_restrictions())
    message = f"the processes that read the sources could not be kept from {missing}: this system cannot do that"
    return (Remark("this computer", Outcome.DECIDED, message),) if missing else ()
