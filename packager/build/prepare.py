"""All of a build that comes before writing: define, read, measure, plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from packager import readers
from packager.build import measure
from packager.build.measure import Measured
from packager.build.request import Request, command_of, with_space
from packager.config import definition, media, profile
from packager.config.definition import Definition
from packager.config.medium import Medium
from packager.config.profile import Pages
from packager.errors import DoesNotFit, SourceError, UsageError
from packager.layout.places import VersionKey
from packager.model import Edition, Library, Outcome, Remark, Renditions
from packager.model.progress import SILENT, Progress, step
from packager.output import marks, staging, starter, templating
from packager.pictures import fonts, rendering
from packager.pictures.cache import Cache
from packager.pictures.darkroom import Darkroom
from packager.plan import fitting, sharing
from packager.plan.fitting import Wishes
from packager.plan.plan import Case, Plan, editions_of
from packager.readers.discovery import ARTICLES, COMICS
from packager.sandbox.pool import Workers


@dataclass(frozen=True, slots=True)
class Planned:
    """One tree to be: what it is about, and its files; `dropped` are the titles of what had to go."""

    case: Case
    plan: Plan
    dropped: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.case.definition.name


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that was read, and the trees it is to become: one, or one a medium."""

    library: Library
    remarks: tuple[Remark, ...]
    trees: tuple[Planned, ...]


def define(request: Request, progress: Progress = SILENT) -> Case:
    """The definition with what the command line puts in its place, the profile it names, and the interface words.

    The case has no library as yet.
    """
    with step(progress, "define"):
        asked = definition.load(request.bundle)
        refuse_ours(asked)
        asked = replace(asked, profile=request.profile or asked.profile)
        asked = with_space(asked, request)
        medium = medium_of(asked)
        if not medium.payload_bytes and request.split == sharing.AS_NEEDED:
            raise UsageError("--split needs to know the medium", hint="Add --medium or --fit, or a number of media.")
        limits = profile.load(asked.profile, asked.folder)
        profile.refuse_unbuildable(limits)
        if Edition.PHOTO in editions_of(asked, limits):
            fonts.files()  # says what to install where they lack
        words = templating.dictionary(asked.words)
        templating.require_words(asked.languages, words)
        return Case(asked, limits, Library((), ()), words, templating.size_of, medium, editions_of(asked, limits))


def refuse_ours(asked: Definition) -> None:
    """SourceError where the bundle, or what it lists, is what an earlier build made or keeps for the organizer."""
    for place in (asked.folder, asked.folder / COMICS, asked.folder / ARTICLES):
        marks.refuse_ours(place)
    for publication in asked.publications or ():
        for path in filter(None, (publication.source, publication.cover)):
            marks.refuse_ours(path)


def medium_of(definition: Definition) -> Medium:
    """The medium that the definition names; without one, a FAT32 stick of no particular size (payload 0)."""
    if definition.fit_bytes is not None:
        return media.space(definition.fit_bytes, definition.format)
    if not definition.medium:
        return media.space(0, definition.format)
    return media.load(definition.medium, definition.folder, definition.format)


def prepare(case: Case, request: Request, scratch: Path, workers: Workers, progress: Progress = SILENT) -> Prepared:
    """Read and measure what the case is about, and plan it.

    Renditions come into `scratch`. Raises SourceError, DoesNotFit or OutputError.
    """
    wish = readers.Wish(request.language, request.skip_damaged)
    library = readers.read(case.definition, workers, scratch, rendering.probe, progress, wish)
    asked = case.definition
    example = starter.example_left(asked.folder, library, is_listed=asked.publications is not None)
    library = replace(library, remarks=(*library.remarks, *example))
    case = replace(case, library=library)
    staging.require_space(scratch, measure.estimated_bytes(case))
    cache = Cache(request.cache) if request.cache else None
    look = looker(scratch, Darkroom(workers, cache), progress)
    media_bytes = case.medium.payload_bytes * (1 if request.split is None else request.split)
    may_be_short = 0 < media_bytes < measure.most_bytes(case)
    coarser = fitting.coarser_for(measure.usual_bytes(case), media_bytes) if media_bytes and not request.split else 1
    measured = look(case, case.editions, fitting.first_wishes(case, coarser) if may_be_short else {})
    remarks = accept(measured, library, request)
    if request.split is None:
        trees: tuple[Planned, ...] = (fitted(case, measured, look, request),)
    else:
        trees = shared(case, measured, look, request.split, request)
    trees = tuple(replace(tree, dropped=titles(library, tree.plan.dropped)) for tree in trees)
    return Prepared(library, (*remarks, *unkept(cache), *untaken_medium(case.definition)), trees)


def untaken_medium(definition: Definition) -> tuple[Remark, ...]:
    """That the medium's file was the bundle's, and not the other one of that name in the current folder."""
    other = media.passed_over(definition.medium, definition.folder)
    if not other:
        return ()
    message = f"taken as the medium; {other}, which says something else, was not"
    return (Remark(str(definition.folder / definition.medium), Outcome.WARNING, message),)


def titles(library: Library, ids: Collection[str]) -> tuple[str, ...]:
    """The titles of these publications, in the order of the library, each in its first language."""
    return tuple(found.versions[0].title for found in library.publications if found.id in ids)


def unkept(cache: Cache | None) -> tuple[Remark, ...]:
    """That the cache could not be written, so that the next run measures again."""
    if not cache or not cache.problem:
        return ()
    message = f"nothing more could be kept there ({cache.problem}): the next run measures again"
    return (Remark(str(cache.directory), Outcome.WARNING, message),)


_MOST_LINES = 100  # of damaged pictures with one reason
Look = Callable[[Case, tuple[Edition, ...], Wishes], Measured]


def looker(scratch: Path, darkroom: Darkroom, progress: Progress) -> Look:
    """What measures all pictures of a case, each time into a folder of its own."""
    numbers = count()

    def look(case: Case, editions: tuple[Edition, ...], wishes: Wishes) -> Measured:
        folder = scratch / f"look-{next(numbers)}"
        folder.mkdir()
        return measure.measure(case, editions, folder, darkroom, progress, wishes)

    return look


def fitted(case: Case, measured: Measured, look: Look, request: Request) -> Planned:
    """The tree that makes the most of the medium of the case; DoesNotFit where the poorest pictures take too much."""

    def render(case: Case, editions: tuple[Edition, ...], wishes: Wishes) -> Mapping[VersionKey, Renditions]:
        return look(case, editions, wishes).renditions

    try:
        plan = fitting.fit(case, measured.renditions, render, drops=request.drops)
    except DoesNotFit as error:
        if error.can_drop:
            error.hint = f"To build without them: {command_of(request)} --drop"
        raise
    return Planned(case.without(plan.dropped), plan)


def shared(case: Case, measured: Measured, look: Look, count: int, request: Request) -> tuple[Planned, ...]:
    """The trees over which the library is shared out; none names what another had to drop."""
    parts = sharing.parts(case, measured.renditions, count)
    if case.profile.pages is Pages.NONE:  # their pictures list what is in the tree
        trees = tuple(fitted(part, look(part, part.editions, {}), look, request) for part in parts)
    else:
        trees = tuple(fitted(part, measured, look, request) for part in parts)
    dropped = tuple(id_ for tree in trees for id_ in tree.plan.dropped)
    if not dropped or len(trees) == 1:
        return trees
    first, *others = shared(case.without(dropped), measured, look, count, request)
    return replace(first, plan=replace(first.plan, dropped=(*dropped, *first.plan.dropped))), *others


def _told(damaged: Iterable[Remark]) -> Iterator[str]:
    """A line for each damaged picture; where many have one reason, one for all of these."""
    by_reason: dict[str, list[str]] = {}
    for remark in damaged:
        by_reason.setdefault(remark.message, []).append(remark.source)
    for reason, sources in by_reason.items():
        few = sources if len(sources) <= _MOST_LINES else sources[:1]
        yield from (f"{source}: {reason}" for source in few)
        if len(sources) > len(few):
            yield f"and {len(sources) - len(few):,} others, for the same reason"


def accept(measured: Measured, library: Library, request: Request) -> tuple[Remark, ...]:
    """All remarks; SourceError with every damaged picture unless they may be skipped."""
    if measured.damaged and not request.skip_damaged:
        lines = "".join(f"\n  {line}" for line in _told(measured.damaged))
        count = len(measured.damaged)
        raise SourceError(
            f"{count} damaged {'picture' if count == 1 else 'pictures'}:{lines}",
            hint=f"Mend or replace them, or go on without them: {command_of(request, request.verb)} --skip-damaged",
        )
    damaged = {remark.source for remark in measured.damaged}
    kept = (remark for remark in library.remarks if remark.outcome is not Outcome.TAKEN or remark.source not in damaged)
    return (*kept, *measured.remarks, *measured.damaged)
