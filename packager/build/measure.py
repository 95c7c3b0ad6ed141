"""Pictures -> renditions in the scratch folder: each is decoded in a worker, once for all roles of one quality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import TypeVar

from packager.build.films import FilmMeasurer
from packager.config.profile import Pages
from packager.errors import SourceError
from packager.layout.build_input import BuildInput
from packager.model import (
    WHITE,
    AllRenditions,
    Article,
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
from packager.model.renditions import COVERS
from packager.pictures.jpeg_header import is_grey
from packager.pictures.renderer import Damage, PartOfPicture, PictureRenderer, Rendered, Repeated, Specs
from packager.pictures.worker_jobs import PageJob
from packager.plan import sizes, thumbnails
from packager.plan.plan import specs
from packager.plan.sizes import Densities, Qualities
from packager.plan.typesetting import Typesetter

T = TypeVar("T")


class Measurer:
    """Encodes the pictures of trees, each time into a new folder in `scratch`.

    `films` makes what is no picture. `later_remarks` are those that `encode` has and `measure` did
    not: on pictures that were changed under way, say.
    """

    def __init__(
        self,
        scratch: Path,
        renderer: PictureRenderer,
        progress: Progress = SILENT,
        films: FilmMeasurer | None = None,
    ) -> None:
        self._scratch = scratch
        self._renderer = renderer
        self._progress = progress
        self._numbers = count()
        self._told: set[Remark] = set()
        self.films = films or FilmMeasurer(scratch, renderer.workers, progress)
        self.later_remarks: tuple[Remark, ...] = ()

    def measure(self, build: BuildInput, qualities: Qualities) -> tuple[AllRenditions, tuple[Remark, ...]]:
        """Render every picture for every role that the editions need; damage is a remark, not raised.

        What `qualities` does not name has the quality of the profile.
        """
        folder, typesetter = self._new_folder(), Typesetter(build, self._renderer.workers)
        in_report = thumbnails.chosen(build.library)

        def render(number: int, key: VersionKey, version: Version) -> tuple[Renditions, tuple[Remark, ...]]:
            edge = _edge(version, self._renderer)
            small = thumbnails.spec(version, in_report[key])
            wanted, stem = (*_specs(build, key, version, qualities), small), folder / f"{number:05}"
            shown = self.films.with_poster(version, stem.with_name(f"{stem.name}-poster.png"))
            renditions, remarks = self._saved(shown, wanted, edge, stem)
            renditions = thumbnails.set_apart(renditions, in_report[key])
            renditions = self.films.with_foretold_poster(version, renditions, wanted)
            remarks += self.films.prepare(key, version, build, stem)
            if Edition.PDF in build.editions:
                renditions, more = typesetter.paper(version, renditions, stem)
                remarks += more
            if Edition.PHOTO in build.editions:
                renditions, more = typesetter.finished(version, renditions, folder / f"{number:05}-photo")
                remarks += more
            return renditions, remarks

        every = self._of_versions(build, render)
        contents, about_contents = (
            typesetter.contents(folder / "contents") if _needs_contents_pages(build) else ({}, ())
        )
        remarks = (*chain.from_iterable(remarks for _, remarks in every.values()), *about_contents)
        self._told.update(remarks)
        return {key: renditions for key, (renditions, _) in every.items()} | contents, remarks

    def encode(self, build: BuildInput, pictures: AllRenditions, qualities: Qualities) -> AllRenditions:
        """Return the pictures of the build, of which those with a quality in `qualities` are encoded anew.

        Without any only the pages that list what is in the tree are made, for another choice of works.
        """
        folder = self._new_folder()

        def render(number: int, key: VersionKey, version: Version) -> tuple[Renditions, tuple[Remark, ...]]:
            old = pictures[key]
            wanted = tuple(spec for spec in _specs(build, key, version, qualities) if spec.qualities)
            if not wanted:
                return old, ()
            new, remarks = self._saved(version, wanted, old.edge, folder / f"{number:05}")
            sets = (RoleRenditions(one.role, _with_new_encodings(one.shown, new.of(one.role))) for one in old.sets)
            made = replace(old, sets=tuple(sets))
            if Edition.PDF in build.editions_of(key[0]):
                made, _ = Typesetter(build, self._renderer.workers).paper(version, made, folder / f"{number:05}")
            return made, remarks

        if qualities:
            every = self._of_versions(build, render)
            self._tell(chain.from_iterable(remarks for _, remarks in every.values()))
            return {**pictures, **{key: renditions for key, (renditions, _) in every.items()}}
        listed = {key: pictures[key] for key, _ in build.library.versions}
        if not _needs_contents_pages(build):
            return listed
        contents, remarks = Typesetter(build, self._renderer.workers).contents(folder / "contents")
        self._tell(remarks)
        return listed | contents

    def sample(self, build: BuildInput, level: int) -> Densities:
        """Return what pictures take, from a few of them that are encoded at the level; damaged ones are left aside."""
        jobs = [
            PageJob(picture.source, wanted, number, picture.column, picture.is_cropped, picture.page)
            for number, (picture, wanted) in enumerate(sizes.sample(build, level))
        ]
        encoded: list[tuple[RenditionSpec, Encoded]] = []
        with step(self._progress, "measure", len(jobs)):
            for job, item in zip(jobs, self._renderer.pages(jobs), strict=True):
                self._progress.advance()
                encoded += zip(job.specs, item, strict=True) if isinstance(item, tuple) else ()
        return sizes.densities(encoded)

    def _tell(self, remarks: Iterable[Remark]) -> None:
        """Keep what is new; a picture that is damaged only now is shown as it was encoded before."""
        new = [remark for remark in dict.fromkeys(remarks) if remark not in self._told]
        self._told.update(new)
        for remark in new:
            if remark.outcome is Outcome.DAMAGED:
                message = f"could not be encoded in another quality: {remark.message}"
                remark = replace(remark, outcome=Outcome.WARNING, message=message)  # noqa: PLW2901
            self.later_remarks += (remark,)

    def _new_folder(self) -> Path:
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

    def _saved(self, version: Version, wanted: Specs, edge: str, stem: Path) -> tuple[Renditions, tuple[Remark, ...]]:
        """Put renditions into files beginning with `stem`; damage takes its place in every role but the cover."""
        by_role: dict[Role, list[RenditionOrGap]] = {spec.role: [] for spec in wanted}
        places: list[tuple[tuple[Role, RenditionOrGap], ...]] = []
        damaged: list[Remark] = []
        forced_cuts = Counter[int]()
        for result in _results(version, wanted, edge, self._renderer):
            self._progress.advance()
            if isinstance(result, PartOfPicture):
                damaged.append(Remark(result.source.label, Outcome.WARNING, result.loss))
                result = result.encoded  # noqa: PLW2901 - as if it were whole
            if isinstance(result, Repeated):
                places.append(tuple((role, replace(one, first=result.first)) for role, one in places[-result.back]))
            elif isinstance(result, Damage):
                damaged.append(Remark(result.source.label, Outcome.DAMAGED, result.reason))
                places.append(tuple((role, MissingRendition(result.first)) for role in result.roles))
            else:
                name = f"{stem.name}-{len(places):06}"
                files = (stem.with_name(f"{name}-{number:03}.jpg") for number in range(len(result)))
                places.append(tuple((each.role, _saved(each, file)) for each, file in zip(result, files, strict=True)))
                forced_cuts.update(each.first for each in result if each.is_forced_cut and each.role is Role.PAGE)
            for role, one in places[-1]:
                by_role[role].append(one)
        sets = tuple(RoleRenditions(role, tuple(shown)) for role, shown in by_role.items())
        return Renditions(sets, edge), (*damaged, *_cut_remarks(version, forced_cuts))


def _needs_contents_pages(build: BuildInput) -> bool:
    """Return whether pictures list what is in the tree, which has no documents."""
    return build.profile.pages is Pages.NONE and Edition.PHOTO in build.editions


def _cover(version: Version) -> tuple[Picture, ...]:
    """The cover of its own that a work has: an article shows it only in the library, all others in the work too."""
    cover = version.work.cover
    is_page = isinstance(version.work, Comic) and cover in version.work.pictures
    return (cover,) if cover and not is_page else ()


def _specs(build: BuildInput, key: VersionKey, version: Version, qualities: Qualities) -> Specs:
    return tuple(
        replace(spec, qualities=qualities.get((key, spec.role), ()))
        for spec in specs(version.work, build.profile, build.editions_of(key[0]))
    )


def _results(version: Version, wanted: Specs, edge: str, renderer: PictureRenderer) -> Iterator[Rendered]:
    """What becomes of each picture, in order: its renditions, or its damage; slices of a strip as they are ready."""
    work = version.work
    is_comic, roles = isinstance(work, Comic), {spec.role for spec in wanted}
    is_shown = not isinstance(work, Article)
    for_cover = tuple(spec for spec in wanted if is_shown or spec.role in (*COVERS, Role.THUMBNAIL))
    cover, pictures = _cover(version) if is_shown or not COVERS.isdisjoint(roles) else (), version.pictures
    for_pages = tuple(spec for spec in wanted if spec.role not in COVERS)
    if cover and is_comic:
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
    return PageJob(picture.source, wanted, first, picture.column, picture.is_cropped, picture.page)


def _at(position: int, specs: Specs) -> Specs:
    return tuple(spec.at(position) for spec in specs)


def _edge(version: Version, renderer: PictureRenderer) -> str:
    """The colour beside a strip, taken from its middle, where no title page stands; white for all else."""
    work = version.work
    if not isinstance(work, Comic) or work.flow is not Flow.STRIP:
        return WHITE
    try:
        return renderer.edge_colour(work.pictures[len(work.pictures) // 2])
    except SourceError:
        return WHITE  # that tile is damaged, which its own job will say


def _with_new_encodings(old: tuple[RenditionOrGap, ...], new: tuple[RenditionOrGap, ...]) -> tuple[RenditionOrGap, ...]:
    """The old pictures of a set, each in its new encoding where it has one.

    Where a tile of a strip could no longer be read, the cuts are others: then all stays as it was.
    """
    if len(new) != len(old):
        return old
    replaced: list[RenditionOrGap] = []
    for shown, encoded in zip(old, new, strict=True):
        is_encoded = isinstance(encoded, Rendition) and encoded.size_bytes > 0
        if is_encoded and _extent(encoded) != _extent(shown):
            return old
        replaced.append(encoded if is_encoded else shown)
    return tuple(replaced)


def _extent(shown: RenditionOrGap) -> tuple[int, ...]:
    """Return which rows of which source picture are shown."""
    return (shown.first, shown.width, shown.height) if isinstance(shown, Rendition) else (shown.first,)


def _saved(encoded: Encoded, path: Path) -> Rendition:
    if encoded.data:
        with path.open("xb") as file:
            file.write(encoded.data)
    return Rendition(
        encoded.role,
        path,
        encoded.width,
        encoded.height,
        len(encoded.data),
        encoded.first,
        encoded.quality,
        encoded.is_capped,
        bool(encoded.data) and is_grey(encoded.data),
    )


def _cut_remarks(version: Version, forced_cuts: Counter[int]) -> Iterator[Remark]:
    """Yield remarks that a strip had to be cut through something drawn, at the tiles where it happened."""
    for index, times in sorted(forced_cuts.items()):
        often = f", {times} times" if times > 1 else ""
        message = f"cut through the drawing{often}: it has no empty rows to cut at"
        yield Remark(version.pictures[index].source.label, Outcome.DECIDED, message)
