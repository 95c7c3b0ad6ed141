"""Pictures -> candidate renditions: every picture is decoded once, in a worker process, for all its roles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from packager.config.profile import Pages
from packager.errors import SourceError
from packager.model import (
    Comic,
    Edition,
    Encoded,
    Flow,
    LeftOut,
    Missing,
    Outcome,
    Picture,
    Remark,
    Rendition,
    Renditions,
    RenditionSpec,
    Role,
    RoleSet,
    Shown,
    Version,
    VersionKey,
)
from packager.model.progress import SILENT, Progress, step
from packager.pictures.darkroom import Again, Damage, Darkroom, Made, Specs
from packager.pictures.rendering import PageJob
from packager.plan.fitting import Wishes
from packager.plan.plan import Case, specs
from packager.plan.typesetting import Typesetter

# Painted comic pages take about twice that at quality 80: a disk is refused early only when it is surely too small.
BYTES_PER_PIXEL = 0.1
USUAL_PER_PIXEL = 0.2  # bytes: painted comics at quality 80
MOST_PER_PIXEL = 0.7  # bytes: noise at quality 80
COPIES = 2  # of a rendition in the tree: in the site and in the CBZ, or one in base64
WHITE = "#ffffff"


@dataclass(frozen=True, slots=True)
class Measured:
    """The renditions of every version; damaged pictures, each with its reason; and remarks on what was decided."""

    renditions: dict[VersionKey, Renditions]
    damaged: tuple[Remark, ...]
    remarks: tuple[Remark, ...]


def measure(
    case: Case,
    editions: tuple[Edition, ...],
    scratch: Path,
    darkroom: Darkroom,
    progress: Progress = SILENT,
    wishes: Wishes = MappingProxyType({}),
) -> Measured:
    """Render every picture for every role that the editions need, into `scratch`; damage is collected, not raised.

    What `wishes` does not tell of has the quality of the profile.
    """
    versions = case.library.versions
    typesetter = Typesetter(case, darkroom.workers)

    def render(number: int) -> _VersionMade:
        key, version = versions[number]
        wanted = tuple(
            replace(spec, wishes=wishes.get((key, spec.role), ()))
            for spec in specs(version.work, case.profile, editions)
        )
        edge = _edge(version, darkroom)
        made = _collect(_made(version, wanted, edge, darkroom), wanted, scratch / f"{number:05}", progress)
        made = replace(made, renditions=replace(made.renditions, edge=edge))
        if Edition.PHOTO not in editions:
            return made
        renditions, remarks = typesetter.finished(version, made.renditions, scratch / f"{number:05}-photo")
        return replace(made, renditions=renditions, remarks=remarks)

    pictures = sum(len(version.pictures) + len(_cover(version)) for _, version in versions)
    # A strip is a chain of jobs that wait for each other: several versions at a time keep every worker busy.
    with step(progress, "measure", pictures), ThreadPoolExecutor(max_workers=darkroom.workers.jobs) as threads:
        every = list(threads.map(render, range(len(versions))))
    pairs = tuple(zip(versions, every, strict=True))
    is_listed = case.profile.pages is Pages.NONE and Edition.PHOTO in editions
    contents, about_contents = typesetter.contents(scratch / "contents") if is_listed else ({}, ())
    return Measured(
        {key: made.renditions for (key, _), made in pairs} | contents,
        tuple(dict.fromkeys(remark for made in every for remark in made.damaged)),
        (*chain.from_iterable(_remarks(version, made) for (_, version), made in pairs), *about_contents),
    )


def estimated_bytes(case: Case) -> int:
    """A low estimate of what the renditions take, so that a disk too small is seen before the work begins."""
    return int(sum(pixels for _, pixels in _pixels(case)) * BYTES_PER_PIXEL)


def most_bytes(case: Case) -> int:
    """More than the pictures of the tree can take, so that many a bundle surely fits before any of them is decoded."""
    every = (pixels * (MOST_PER_PIXEL if quality <= 80 else 3) for quality, pixels in _pixels(case))
    return int(COPIES * sum(every))


def usual_bytes(case: Case) -> int:
    """What the pictures of the tree take if they are like painted comic pages, each once: a guess, from headers."""
    return int(sum(pixels * USUAL_PER_PIXEL for _, pixels in _pixels(case)))


def _pixels(case: Case) -> Iterator[tuple[int, int]]:
    """The quality and the pixels of renditions, as the headers of the pictures let us expect; covers left aside."""
    for _, version in case.library.versions:
        pictures = [picture for picture in version.pictures if isinstance(picture, Picture)]
        for spec in specs(version.work, case.profile, case.editions):
            if spec.role is not Role.COVER:
                yield spec.quality, sum(_shrunk_pixels(picture, spec) for picture in pictures)


def _shrunk_pixels(picture: Picture, spec: RenditionSpec) -> int:
    width = min(picture.width, spec.width)
    return min(width * (picture.height * width // picture.width), spec.max_pixels)


def _cover(version: Version) -> tuple[Picture, ...]:
    """The cover of its own that a work has: a comic shows it before its first page, an article only in the library."""
    cover = version.work.cover
    is_page = isinstance(version.work, Comic) and cover in version.work.pictures
    return (cover,) if cover and not is_page else ()


def _made(version: Version, wanted: Specs, edge: str, darkroom: Darkroom) -> Iterator[Made | Again]:
    """What becomes of each picture, in order: its renditions, or its damage; slices of a strip as they are ready."""
    work = version.work
    for_cover = tuple(spec for spec in wanted if isinstance(work, Comic) or spec.role is Role.COVER)
    cover, pictures = _cover(version) if for_cover else (), version.pictures
    for_pages = tuple(spec for spec in wanted if spec.role is not Role.COVER)
    if cover and isinstance(work, Comic):
        for_pages = tuple(spec.beginning_at(1) for spec in for_pages)
    for_first = for_pages if cover else wanted
    yield from darkroom.pages([_job(picture, _at(0, for_cover), -1) for picture in cover])
    if isinstance(work, Comic) and work.flow is Flow.STRIP:
        yield from darkroom.strip(pictures, for_first, edge)
    else:
        jobs = [
            _job(picture, _at(index, for_pages if index else for_first), index)
            for index, picture in enumerate(pictures)
        ]
        yield from darkroom.pages(jobs)


def _job(picture: Picture | Missing, wanted: Specs, first: int) -> PageJob:
    if isinstance(picture, Missing):
        return PageJob(picture.source, wanted, first)
    return PageJob(picture.source, wanted, first, picture.half, picture.is_cropped)


def _at(position: int, specs: Specs) -> Specs:
    return tuple(spec.at(position) for spec in specs)


def _edge(version: Version, darkroom: Darkroom) -> str:
    """The colour beside a strip, taken from its middle, where no title page stands; white for all else."""
    work = version.work
    if not isinstance(work, Comic) or work.flow is Flow.PAGES:
        return WHITE
    try:
        return darkroom.edge_colour(work.pictures[len(work.pictures) // 2].source)
    except SourceError:
        return WHITE  # that tile is damaged, which its own job will say


@dataclass(frozen=True, slots=True)
class _VersionMade:
    """What one version's pictures became."""

    renditions: Renditions
    damaged: tuple[Remark, ...]
    forced: tuple[int, ...]
    remarks: tuple[Remark, ...] = ()


def _collect(made: Iterable[Made | Again], wanted: Specs, stem: Path, progress: Progress) -> _VersionMade:
    """Put renditions into files beginning with `stem`; damage takes its place in every role but the cover."""
    shown: dict[Role, list[Shown]] = {spec.role: [] for spec in wanted}
    places: list[tuple[tuple[Role, Shown], ...]] = []
    damaged: list[Remark] = []
    forced: list[int] = []
    for item in made:
        progress.advance()
        if isinstance(item, Again):
            places.append(tuple((role, _moved(one, item.first)) for role, one in places[-item.back]))
        elif isinstance(item, Damage):
            damaged.append(Remark(item.source.label, Outcome.DAMAGED, item.reason))
            places.append(tuple((role, LeftOut(item.first)) for role in item.roles))
        else:
            names = (stem.with_name(f"{stem.name}-{len(places):06}-{number:03}.jpg") for number in range(len(item)))
            places.append(tuple((each.role, _rendition(each, name)) for each, name in zip(item, names, strict=True)))
            forced += [each.first for each in item if each.is_forced_cut and each.role is Role.PAGE]
        for role, one in places[-1]:
            shown[role].append(one)
    sets = tuple(RoleSet(role, tuple(lane)) for role, lane in shown.items())
    return _VersionMade(Renditions(sets), tuple(damaged), tuple(forced))


def _moved(shown: Shown, first: int) -> Shown:
    """The same, of the picture at another index."""
    if isinstance(shown, LeftOut):
        return LeftOut(first)
    return replace(shown, first=first, spares=tuple(replace(spare, first=first) for spare in shown.spares))


def _rendition(encoded: Encoded, path: Path) -> Rendition:
    with path.open("xb") as file:
        file.write(encoded.data)
    spares = (replace(spare, first=encoded.first) for spare in encoded.spares)
    return Rendition(
        encoded.role,
        path,
        encoded.width,
        encoded.height,
        len(encoded.data),
        encoded.first,
        encoded.quality,
        encoded.distance,
        tuple(_rendition(spare, path.with_name(f"{path.stem}-{n}.jpg")) for n, spare in enumerate(spares)),
        encoded.trials,
    )


def _remarks(version: Version, made: _VersionMade) -> tuple[Remark, ...]:
    return *_cut_remarks(version, made.forced), *made.remarks


def _cut_remarks(version: Version, forced: tuple[int, ...]) -> tuple[Remark, ...]:
    """That a strip had to be cut through something drawn, at the tiles where it happened."""
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
