"""All of a build but the writing: what each work takes now and in the tree, and what the tree takes on its medium."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packager.build.build import foreign
from packager.build.prepare import Planned, define, prepare
from packager.build.request import Request
from packager.layout import blocks
from packager.layout.places import VersionKey
from packager.model import Article, Library, Remark, Source, Version
from packager.model.progress import SILENT, Progress
from packager.output import staging
from packager.sandbox.pool import Workers


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The trees that a build would make. `bytes_now` are those of the files that each version's pictures come from.

    `remarks` are those of the build.
    """

    request: Request
    trees: tuple[Planned, ...]
    bytes_now: Mapping[VersionKey, int]
    remarks: tuple[Remark, ...] = ()


def foresee(request: Request, workers: Workers, progress: Progress = SILENT) -> Foreseen:
    """What `build` would make of the same request, to the byte; nothing stays where the build would put it.

    Raises what `build` raises.
    """
    case = define(request, progress)
    destination = request.output or Path(f"{case.definition.name}-built")
    with staging.stage(destination, foreign=foreign) as stage:
        workers.only_read(case.definition.folder, stage.scratch, stage.output)
        prepared = prepare(case, request, stage.scratch, workers, progress)
        return Foreseen(request, prepared.trees, bytes_now(prepared.library), prepared.remarks)


def bytes_now(library: Library) -> dict[VersionKey, int]:
    """The bytes of the files that each version's pictures come from; an archive counts as a whole."""
    return {
        (publication.id, version.language): sum(
            path.stat().st_size for path in sorted({source.path for source in _sources(version)})
        )
        for publication in library.publications
        for version in publication.versions
    }


def _sources(version: Version) -> Iterator[Source]:
    work = version.work
    pictures = (
        [figure.picture for figure in blocks.figures(work.blocks)] if isinstance(work, Article) else work.pictures
    )
    yield from (picture.source for picture in pictures)
    if work.cover:
        yield work.cover.source
