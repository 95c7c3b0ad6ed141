"""The pictures of a version -> the jobs that render them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from packager.errors import SourceError
from packager.layout.build_input import BuildInput
from packager.model import WHITE, Article, Comic, Flow, Missing, Picture, Role, Source, Version, VersionKey
from packager.model.renditions import COVERS
from packager.pictures.renderer import PictureRenderer, Rendered, SourcePictures, Specs
from packager.pictures.worker_jobs import PageJob
from packager.plan.plan import specs
from packager.plan.sizes import Qualities


@dataclass(frozen=True, slots=True)
class StripJob:
    """All pictures of a strip: they are rendered as one."""

    pictures: SourcePictures
    specs: Specs

    def __len__(self) -> int:
        return len(self.pictures)


Jobs = list[PageJob] | StripJob
"""Pictures that are rendered each for itself, or as one."""


def cover_of(version: Version) -> tuple[Picture, ...]:
    """The cover of its own that a work has: an article shows it only in the library, all others in the work too."""
    cover = version.work.cover
    is_page = isinstance(version.work, Comic) and cover in version.work.pictures
    return (cover,) if cover and not is_page else ()


def specs_of(build: BuildInput, key: VersionKey, version: Version, qualities: Qualities) -> Specs:
    """What a version is to be rendered for; what `qualities` does not name has the quality of the profile."""
    return tuple(
        replace(spec, qualities=qualities.get((key, spec.role), ()))
        for spec in specs(version.work, build.profile, build.editions_of(key[0]))
    )


def results_of(version: Version, wanted: Specs, edge: str, renderer: PictureRenderer) -> Iterator[Rendered]:
    """What becomes of each picture, in order: its renditions, or its damage; slices of a strip as they are ready."""
    for jobs in jobs_of(version, wanted):
        yield from rendered(jobs, edge, renderer)


def rendered(jobs: Jobs, edge: str, renderer: PictureRenderer) -> Iterator[Rendered]:
    """The same of some of its jobs."""
    if isinstance(jobs, StripJob):
        return renderer.strip(jobs.pictures, jobs.specs, edge)
    return renderer.pages(jobs)


def jobs_of(version: Version, wanted: Specs) -> tuple[Jobs, ...]:
    """The jobs of a version in the order of its pictures: of its cover, if it has one of its own, and of all others."""
    work = version.work
    is_comic, roles = isinstance(work, Comic), {spec.role for spec in wanted}
    is_shown = not isinstance(work, Article)
    for_cover = tuple(spec for spec in wanted if is_shown or spec.role in (*COVERS, Role.THUMBNAIL))
    cover, pictures = cover_of(version) if is_shown or not COVERS.isdisjoint(roles) else (), version.pictures
    for_pages = tuple(spec for spec in wanted if spec.role not in COVERS)
    if cover and is_comic:
        for_pages = tuple(spec.beginning_at(1) for spec in for_pages)
    for_first = for_pages if cover else wanted
    of_cover = [_job(picture, _at(0, for_cover), -1) for picture in cover]
    if isinstance(work, Comic) and work.flow is Flow.STRIP:
        return of_cover, StripJob(pictures, for_first)
    of_pages = [
        _job(picture, _at(index, for_pages if index else for_first), index) for index, picture in enumerate(pictures)
    ]
    return of_cover, of_pages


def own_of(jobs: Jobs, is_mine: Callable[[Source], bool]) -> Jobs:
    """Return those of some sources; a strip is all there, where its first tile is, or not at all."""
    if isinstance(jobs, StripJob):
        return jobs if jobs.pictures and is_mine(jobs.pictures[0].source) else []
    return [job for job in jobs if is_mine(job.source)]


def _job(picture: Picture | Missing, wanted: Specs, first: int) -> PageJob:
    if isinstance(picture, Missing):
        return PageJob(picture.source, wanted, first)
    return PageJob(picture.source, wanted, first, picture.column, picture.is_cropped, picture.page)


def _at(position: int, specs: Specs) -> Specs:
    return tuple(spec.at(position) for spec in specs)


def edge_of(version: Version, renderer: PictureRenderer) -> str:
    """The colour beside a strip, taken from its middle, where no title page stands; white for all else."""
    work = version.work
    if not isinstance(work, Comic) or work.flow is not Flow.STRIP:
        return WHITE
    try:
        return renderer.edge_colour(work.pictures[len(work.pictures) // 2])
    except SourceError:
        return WHITE  # that tile is damaged, which its own job will say
