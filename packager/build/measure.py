"""Pictures -> renditions in the scratch folder: each is decoded in a worker, once for all roles of one quality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from shutil import copyfile
from typing import TypeVar

from packager.build.films import FilmMeasurer
from packager.build.picture_jobs import StripJob, cover_of, edge_of, jobs_of, own_of, rendered, results_of, specs_of
from packager.config.profile import Pages
from packager.layout.build_input import BuildInput
from packager.model import (
    WHITE,
    AllRenditions,
    Article,
    Edition,
    Encoded,
    Film,
    MissingRendition,
    Outcome,
    Remark,
    Rendition,
    RenditionOrGap,
    Renditions,
    RenditionSpec,
    Reused,
    Role,
    RoleRenditions,
    Source,
    Version,
    VersionKey,
)
from packager.model.progress import SILENT, Progress, step
from packager.pictures.batches import BatchSender
from packager.pictures.jpeg_header import is_grey
from packager.pictures.renderer import Damage, PartOfPicture, PictureRenderer, Repeated, Specs
from packager.pictures.worker_jobs import PageJob
from packager.plan import sizes, thumbnails
from packager.plan.sizes import Densities, Qualities
from packager.plan.typesetting import Typesetter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept:
    """How many pictures a cache keeps now of how many in a bundle, and which are damaged."""

    pictures: int
    all_pictures: int
    damaged: tuple[Remark, ...]


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
        sender: BatchSender | None = None,
    ) -> None:
        self._scratch = scratch
        self.renderer = renderer
        self._progress = progress
        self._sender = sender
        self._numbers = count()
        self._told: set[Remark] = set()
        self.films = films or FilmMeasurer(scratch, renderer.workers, progress)
        self.later_remarks: tuple[Remark, ...] = ()

    def measure(self, build: BuildInput, qualities: Qualities) -> tuple[AllRenditions, tuple[Remark, ...]]:
        """Render every picture for every role that the editions need; damage is a remark, not raised.

        What `qualities` does not name has the quality of the profile.
        """
        folder, typesetter = self._new_folder(), Typesetter(build, self.renderer.workers)
        in_report = thumbnails.chosen(build.library)

        def wanted_of(key: VersionKey, version: Version) -> Specs:
            small = thumbnails.spec(version, in_report[key])
            return (*specs_of(build, key, version, qualities), small)

        def render(number: int, key: VersionKey, version: Version) -> tuple[Renditions, tuple[Remark, ...]]:
            edge = edge_of(version, self.renderer)
            wanted, stem = wanted_of(key, version), folder / f"{number:05}"
            shown = self.films.with_poster(version, stem.with_name(f"{stem.name}-poster.png"))
            renditions, remarks = self._saved(shown, wanted, edge, stem, build)
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

        self._send(build, wanted_of)
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

        def wanted_of(key: VersionKey, version: Version) -> Specs:
            return tuple(spec for spec in specs_of(build, key, version, qualities) if spec.qualities)

        def render(number: int, key: VersionKey, version: Version) -> tuple[Renditions, tuple[Remark, ...]]:
            old = pictures[key]
            wanted = wanted_of(key, version)
            if not wanted:
                return old, ()
            new, remarks = self._saved(version, wanted, old.edge, folder / f"{number:05}", build)
            sets = (RoleRenditions(one.role, _with_new_encodings(one.shown, new.of(one.role))) for one in old.sets)
            made = replace(old, sets=tuple(sets))
            if Edition.PDF in build.editions_of(key[0]):
                made, _ = Typesetter(build, self.renderer.workers).paper(version, made, folder / f"{number:05}")
            return made, remarks

        if qualities:
            self._send(build, wanted_of)
            every = self._of_versions(build, render)
            self._tell(chain.from_iterable(remarks for _, remarks in every.values()))
            return {**pictures, **{key: renditions for key, (renditions, _) in every.items()}}
        listed = {key: pictures[key] for key, _ in build.library.versions}
        if not _needs_contents_pages(build):
            return listed
        contents, remarks = Typesetter(build, self.renderer.workers).contents(folder / "contents")
        self._tell(remarks)
        return listed | contents

    def keep(self, build: BuildInput, qualities: Qualities, is_mine: Callable[[Source], bool]) -> Kept:
        """Have the cache keep what `measure` would make of some sources; a strip belongs to its first tile.

        Words over films are kept where the medium has no size: else their size is known only when all is measured.
        """
        folder, in_report = self._new_folder(), thumbnails.chosen(build.library)

        def keep(number: int, key: VersionKey, version: Version) -> Kept:
            wanted = (*specs_of(build, key, version, qualities), thumbnails.spec(version, in_report[key]))
            every = jobs_of(version, wanted)
            own = [own_of(jobs, is_mine) for jobs in every]
            count_of_own = sum(map(len, own))
            if isinstance(version.work, Film) and is_mine(version.work.recording.source):
                shown = self.films.with_poster(version, folder / f"{number:05}-poster.png")
                own = [*jobs_of(shown, wanted)]
                if not build.medium.payload_bytes:
                    self.films.prepare(key, version, build, folder / f"{number:05}")
            damaged: list[Remark] = []
            for jobs in own:
                edge = edge_of(version, self.renderer) if isinstance(jobs, StripJob) else WHITE
                for result in rendered(jobs, edge, self.renderer):
                    if isinstance(result, Damage):
                        damaged.append(Remark(result.source.label, Outcome.DAMAGED, result.reason))
            self._progress.advance(sum(map(len, every)))
            return Kept(count_of_own, sum(map(len, every)), tuple(damaged))

        each = self._of_versions(build, keep).values()
        damaged = chain.from_iterable(kept.damaged for kept in each)
        return Kept(sum(kept.pictures for kept in each), sum(kept.all_pictures for kept in each), tuple(damaged))

    def sample(self, build: BuildInput, level: int) -> Densities:
        """Return what pictures take, from a few of them that are encoded at the level; damaged ones are left aside."""
        jobs = [
            PageJob(picture.source, wanted, number, picture.column, picture.is_cropped, picture.page)
            for number, (picture, wanted) in enumerate(sizes.sample(build, level))
        ]
        encoded: list[tuple[RenditionSpec, Encoded | Reused]] = []
        with step(self._progress, "measure", len(jobs)):
            for job, item in zip(jobs, self.renderer.pages(jobs), strict=True):
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

    def _send(self, build: BuildInput, wanted_of: Callable[[VersionKey, Version], Specs]) -> None:
        """Have the cluster, where there is one, render what versions want; what it does not is rendered here."""
        if self._sender is None:
            return
        pictures = sum(len(version.pictures) for _, version in build.library.versions)
        self._sender.expect(pictures)
        with step(self._progress, "measure", pictures):
            for key, version in build.library.versions:
                wanted = wanted_of(key, version)
                for jobs in jobs_of(version, wanted) if wanted else ():
                    if isinstance(jobs, StripJob):
                        self._sender.strip(jobs.pictures, jobs.specs, edge_of(version, self.renderer))
                    else:
                        self._sender.pages(jobs)
                self._progress.advance(len(version.pictures))
            self._sender.finish()
        for problem in self._sender.problems:
            self._tell([Remark("--cluster", Outcome.WARNING, f"lost pictures, which were measured here: {problem}")])

    def _new_folder(self) -> Path:
        folder = self._scratch / f"pictures-{next(self._numbers)}"
        folder.mkdir()
        return folder

    def _of_versions(self, build: BuildInput, render: Callable[[int, VersionKey, Version], T]) -> dict[VersionKey, T]:
        """What `render` gives for each version, with a number.

        A strip is a chain of jobs that wait for each other: several versions at a time keep every worker busy.
        """
        every = build.library.versions
        # A film without a picture that stands for it gets one.
        covers = (max(len(cover_of(version)), isinstance(version.work, Film)) for _, version in every)
        pictures = sum(len(version.pictures) for _, version in every) + sum(covers)
        keys, works = zip(*every, strict=True) if every else ((), ())
        with (
            step(self._progress, "measure", pictures),
            ThreadPoolExecutor(max_workers=self.renderer.workers.jobs) as threads,
        ):
            return dict(zip(keys, threads.map(render, count(), keys, works), strict=True))

    def _saved(
        self, version: Version, wanted: Specs, edge: str, stem: Path, build: BuildInput
    ) -> tuple[Renditions, tuple[Remark, ...]]:
        """Put renditions into files beginning with `stem`; damage takes its place in every role but the cover."""
        is_set = isinstance(version.work, Article) and not {Edition.PDF, Edition.PHOTO}.isdisjoint(build.editions)
        fetched = self.renderer.fetched if is_set else None
        by_role: dict[Role, list[RenditionOrGap]] = {spec.role: [] for spec in wanted}
        places: list[tuple[tuple[Role, RenditionOrGap], ...]] = []
        damaged: list[Remark] = []
        forced_cuts = Counter[int]()
        for result in results_of(version, wanted, edge, self.renderer):
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
                saved = (_saved(one, file, fetched) for one, file in zip(result, files, strict=True))
                places.append(tuple((one.role, one) for one in saved))
                forced_cuts.update(each.first for each in result if each.is_forced_cut and each.role is Role.PAGE)
            for role, one in places[-1]:
                by_role[role].append(one)
        sets = tuple(RoleRenditions(role, tuple(shown)) for role, shown in by_role.items())
        return Renditions(sets, edge), (*damaged, *_cut_remarks(version, forced_cuts))


def _needs_contents_pages(build: BuildInput) -> bool:
    """Return whether pictures list what is in the tree, which has no documents."""
    return build.profile.pages is Pages.NONE and Edition.PHOTO in build.editions


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


def _saved(encoded: Encoded | Reused, path: Path, fetched: Callable[[Reused], Path] | None) -> Rendition:
    """Return the rendition at `path`, or where it lies or will; what is to be set in pages is `fetched` and copied."""
    if isinstance(encoded, Reused):
        path = copyfile(fetched(encoded), path) if fetched else encoded.path
        is_grey_one = encoded.is_grey
    elif encoded.data:
        with path.open("xb") as file:
            file.write(encoded.data)
        is_grey_one = is_grey(encoded.data)
    else:
        is_grey_one = False
    return Rendition(
        encoded.role,
        str(path),
        encoded.width,
        encoded.height,
        encoded.size_bytes,
        encoded.first,
        encoded.quality,
        encoded.is_capped,
        is_grey_one,
    )


def _cut_remarks(version: Version, forced_cuts: Counter[int]) -> Iterator[Remark]:
    """Yield remarks that a strip had to be cut through something drawn, at the tiles where it happened."""
    for index, times in sorted(forced_cuts.items()):
        often = f", {times} times" if times > 1 else ""
        message = f"cut through the drawing{often}: it has no empty rows to cut at"
        yield Remark(version.pictures[index].source.label, Outcome.DECIDED, message)
