"""Pictures -> renditions in the scratch folder; a picture is decoded in a worker, once for all its roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import TypeVar

from packager.config.profile import Pages
from packager.errors import SourceError
from packager.layout.build_input import BuildInput
from packager.model import (
    AllRenditions,
    Comic,
    Edition,
    Encoded,
    Flow,
    Missing,
    MissingRendition,
    Outcome,
    Picture,
    Remark,
    Rendition,
    RenditionOrGap,
    Renditions,
    RenditionSpec,
    Role,
    RoleRenditions,
    Version,
    VersionKey,
)
from packager.model.progress import SILENT, Progress, step
from packager.pictures.renderer import Damage, PictureRenderer, Rendered, Repeated, Specs
from packager.pictures.worker_jobs import PageJob
from packager.plan import sizes
from packager.plan.plan import specs
from packager.plan.sizes import Densities, Qualities
from packager.plan.typesetting import Typesetter

T = TypeVar("T")
WHITE = "#ffffff"


@dataclass(frozen=True, slots=True)
class Measured:
    """The renditions of every version; damaged pictures, each with its reason; and remarks on what was decided."""

    renditions: dict[VersionKey, Renditions]
    damaged: tuple[Remark, ...]
    remarks: tuple[Remark, ...]


class Measurer:
    """Encodes the pictures of trees, each time into a new folder in `scratch`."""

    def __init__(self, scratch: Path, renderer: PictureRenderer, progress: Progress = SILENT) -> None:
        self._scratch = scratch
        self._renderer = renderer
        self._progress = progress
        self._numbers = count()

    def measure(self, build: BuildInput, qualities: Qualities) -> Measured:
        """Render every picture for every role that the editions need; damage is collected, not raised.

        What `qualities` does not tell of has the quality of the profile.
        """
        folder, typesetter = self._folder(), Typesetter(build, self._renderer.workers)

        def render(number: int, key: VersionKey, version: Version) -> _VersionRendered:
            edge = _edge(version, self._renderer)
            made = self._collected(version, _specs(build, key, version, qualities), edge, folder / f"{number:05}")
            if Edition.PHOTO not in build.editions:
                return made
            renditions, remarks = typesetter.finished(version, made.renditions, folder / f"{number:05}-photo")
            return replace(made, renditions=renditions, remarks=(*made.remarks, *remarks))

        every = self._of_versions(build, render)
        contents, about_contents = typesetter.contents(folder / "contents") if _is_listed(build) else ({}, ())
        return Measured(
            {key: made.renditions for key, made in every.items()} | contents,
            tuple(dict.fromkeys(remark for made in every.values() for remark in made.damaged)),
            (*chain.from_iterable(made.remarks for made in every.values()), *about_contents),
        )

    def encode(self, build: BuildInput, pictures: AllRenditions, qualities: Qualities) -> AllRenditions:
        """Return the pictures of the build, those encoded anew that have a quality which is not 0."""
        folder = self._folder()

        def render(number: int, key: VersionKey, version: Version) -> Renditions:
            old = pictures[key]
            wanted = tuple(spec for spec in _specs(build, key, version, qualities) if spec.qualities)
            if not wanted:
                return old
            new = self._collected(version, wanted, old.edge, folder / f"{number:05}").renditions
            sets = (RoleRenditions(lane.role, _merged(lane.shown, new.of(lane.role))) for lane in old.sets)
            return replace(old, sets=tuple(sets))

        every = self._of_versions(build, render)
        if not _is_listed(build):
            return every
        contents, _ = Typesetter(build, self._renderer.workers).contents(folder / "contents")
        return every | contents

    def sample(self, build: BuildInput, level: int) -> Densities:
        """Return what pictures take, from a few of them that are encoded at the level; damaged ones are left aside."""
        jobs = [
            PageJob(picture.source, wanted, number, picture.half, picture.is_cropped)
            for number, (picture, wanted) in enumerate(sizes.sample(build, level))
        ]
        encoded: list[tuple[RenditionSpec, Encoded]] = []
        with step(self._progress, "measure", len(jobs)):
            for job, item in zip(jobs, self._renderer.pages(jobs), strict=True):
                self._progress.advance()
                encoded += zip(job.specs, item, strict=True) if isinstance(item, tuple) else ()
        return sizes.densities(encoded)

    def _folder(self) -> Path:
        folder = self._scratch / f"pictures-{next(self._numbers)}"
        folder.mkdir()
        return folder

    def _of_versions(self, build: BuildInput, render: Callable[[int, VersionKey, Version], T]) -> dict[VersionKey, T]:
        """What `render` gives for each version, with a number.

        A strip is a chain of jobs that wait for each other: several versions at a time keep every worker busy.
        """
        every = build.library.versions
        pictures = sum(len(version.pictures) + len(_cover(version)) for _, version in every)
        keys, works = zip(*every, strict=True) if every else ((), ())
        with (
            step(self._progress, "measure", pictures),
            ThreadPoolExecutor(max_workers=self._renderer.workers.jobs) as threads,
        ):
            return dict(zip(keys, threads.map(render, count(), keys, works), strict=True))

    def _collected(self, version: Version, wanted: Specs, edge: str, stem: Path) -> _VersionRendered:
        """Put renditions into files beginning with `stem`; damage takes its place in every role but the cover."""
        shown: dict[Role, list[RenditionOrGap]] = {spec.role: [] for spec in wanted}
        places: list[tuple[tuple[Role, RenditionOrGap], ...]] = []
        damaged: list[Remark] = []
        forced: list[int] = []
        for item in _rendered(version, wanted, edge, self._renderer):
            self._progress.advance()
            if isinstance(item, Repeated):
                places.append(tuple((role, _moved(one, item.first)) for role, one in places[-item.back]))
            elif isinstance(item, Damage):
                damaged.append(Remark(item.source.label, Outcome.DAMAGED, item.reason))
                places.append(tuple((role, MissingRendition(item.first)) for role in item.roles))
            else:
                name = f"{stem.name}-{len(places):06}"
                files = (stem.with_name(f"{name}-{number:03}.jpg") for number in range(len(item)))
                places.append(tuple((each.role, _kept(each, file)) for each, file in zip(item, files, strict=True)))
                forced += [each.first for each in item if each.is_forced_cut and each.role is Role.PAGE]
            for role, one in places[-1]:
                shown[role].append(one)
        sets = tuple(RoleRenditions(role, tuple(lane)) for role, lane in shown.items())
        return _VersionRendered(Renditions(sets, edge), tuple(damaged), _cut_remarks(version, forced))


@dataclass(frozen=True, slots=True)
class _VersionRendered:
    """What one version's pictures became."""

    renditions: Renditions
    damaged: tuple[Remark, ...]
    remarks: tuple[Remark, ...]


def _is_listed(build: BuildInput) -> bool:
    """Return whether pictures list what is in the tree, which has no documents."""
    return build.profile.pages is Pages.NONE and Edition.PHOTO in build.editions


def _cover(version: Version) -> tuple[Picture, ...]:
    """The cover of its own that a work has: a comic shows it before its first page, an article only in the library."""
    cover = version.work.cover
    is_page = isinstance(version.work, Comic) and cover in version.work.pictures
    return (cover,) if cover and not is_page else ()


def _specs(build: BuildInput, key: VersionKey, version: Version, qualities: Qualities) -> Specs:
    return tuple(
        replace(spec, qualities=qualities.get((key, spec.role), ()))
        for spec in specs(version.work, build.profile, build.editions)
    )


def _rendered(version: Version, wanted: Specs, edge: str, renderer: PictureRenderer) -> Iterator[Rendered]:
    """What becomes of each picture, in order: its renditions, or its damage; slices of a strip as they are ready."""
    work = version.work
    for_cover = tuple(spec for spec in wanted if isinstance(work, Comic) or spec.role is Role.COVER)
    cover, pictures = _cover(version) if for_cover else (), version.pictures
    for_pages = tuple(spec for spec in wanted if spec.role is not Role.COVER)
    if cover and isinstance(work, Comic):
        for_pages = tuple(spec.beginning_at(1) for spec in for_pages)
    for_first = for_pages if cover else wanted
    yield from renderer.pages([_job(picture, _at(0, for_cover), -1) for picture in cover])
    if isinstance(work, Comic) and work.flow is Flow.STRIP:
        yield from renderer.strip(pictures, for_first, edge)
    else:
        jobs = [
            _job(picture, _at(index, for_pages if index else for_first), index)
            for index, picture in enumerate(pictures)
        ]
        yield from renderer.pages(jobs)


def _job(picture: Picture | Missing, wanted: Specs, first: int) -> PageJob:
    if isinstance(picture, Missing):
        return PageJob(picture.source, wanted, first)
    return PageJob(picture.source, wanted, first, picture.half, picture.is_cropped)


def _at(position: int, specs: Specs) -> Specs:
    return tuple(spec.at(position) for spec in specs)


def _edge(version: Version, renderer: PictureRenderer) -> str:
    """The colour beside a strip, taken from its middle, where no title page stands; white for all else."""
    work = version.work
    if not isinstance(work, Comic) or work.flow is Flow.PAGES:
        return WHITE
    try:
        return renderer.edge_colour(work.pictures[len(work.pictures) // 2].source)
    except SourceError:
        return WHITE  # that tile is damaged, which its own job will say


def _merged(old: tuple[RenditionOrGap, ...], new: tuple[RenditionOrGap, ...]) -> tuple[RenditionOrGap, ...]:
    """The old pictures of a set, each in its new encoding where it has one; what could no longer be read stays."""
    replaced = (
        encoded if isinstance(encoded, Rendition) and encoded.size_bytes else shown
        for shown, encoded in zip(old, new, strict=False)
    )
    return (*replaced, *old[len(new) :])


def _moved(shown: RenditionOrGap, first: int) -> RenditionOrGap:
    """The same, of the picture at another index."""
    return MissingRendition(first) if isinstance(shown, MissingRendition) else replace(shown, first=first)


def _kept(encoded: Encoded, path: Path) -> Rendition:
    if encoded.data:
        with path.open("xb") as file:
            file.write(encoded.data)
    return Rendition(
        encoded.role, path, encoded.width, encoded.height, len(encoded.data), encoded.first, encoded.quality
    )


def _cut_remarks(version: Version, forced: Iterable[int]) -> tuple[Remark, ...]:
    """Remarks that a strip had to be cut through something drawn, at the tiles where it happened."""
    work = version.work
    if not isinstance(work, Comic):
        return ()
    tiles = Counter(forced)
    return tuple(
        Remark(
            work.pictures[index].source.label,
            Outcome.DECIDED,
            f"cut through the drawing{_times(count)}: it has no empty rows to cut at",
        )
        for index, count in sorted(tiles.items())
    )


def _times(count: int) -> str:
    return f", {count} times" if count > 1 else ""
