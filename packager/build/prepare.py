"""The verbs of a build that come before writing: define, read, measure, plan."""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from packager import readers
from packager.build.editions import news_of
from packager.build.films import DamagedRecordings
from packager.build.left_out import only_playable
from packager.build.measure import Measurer
from packager.build.measurers import Elsewhere, measurer_of
from packager.build.request import Request, Settings
from packager.build.result import PlannedTree
from packager.build.since import only_new, tree_name
from packager.config import definition, media, profile
from packager.config.definition import FOLDERS, Definition
from packager.config.media import Medium
from packager.errors import DoesNotFit, SourceError, UsageError
from packager.files.store import Store
from packager.layout.build_input import BuildInput
from packager.layout.search import FROM_ARTICLES
from packager.model import AllRenditions, Article, Edition, Library, Outcome, Publication, Remark, VersionKey
from packager.model.progress import Progress, step
from packager.output import marks, staging, starter, templating
from packager.output.ledger import Ledger
from packager.output.volume import all_mounts, mount_of
from packager.pictures import typesetting, worker_jobs
from packager.plan import fitting, sizes
from packager.plan.advice import fewer_media
from packager.plan.counting import require_few
from packager.plan.plan import FULL, editions_of
from packager.plan.rates import floor_bytes, foretold
from packager.plan.split import AS_NEEDED, split_library
from packager.readers.numbering import prefix_of
from packager.sandbox.pool import Workers

_MOST_LINES = 100  # of damaged pictures with one reason


def define(request: Request, progress: Progress) -> Settings:
    """Return the definition with what the request says in its place, and the profile, medium and words it names.

    Raises DefinitionError, UsageError, or SourceError where the bundle is what an earlier build made, and where its
    ledger is damaged.
    """
    with step(progress, "define"):
        bundle = definition.load(request.bundle)
        refuse_ours(bundle)
        refuse_cache(request, bundle)
        bundle = replace(bundle, editions=request.editions or bundle.editions)
        bundle = with_space(replace(bundle, profile=request.profile or bundle.profile), request)
        medium = medium_of(bundle)
        if not medium.payload_bytes and request.split == AS_NEEDED:
            raise UsageError("--split needs to know the medium", hint="Add --medium or --fit, or a number of media.")
        device = profile.load(bundle.profile, bundle.folder)
        profile.refuse_unbuildable(device)
        editions = editions_of(bundle, device)
        if Edition.PHOTO in editions:
            typesetting.require()
        words = templating.dictionary(bundle.words)
        templating.require_words(bundle.languages, words)
        ledger = Ledger.read(request.bundle)
        if request.since:
            ledger.edition(request.since)  # or it is refused here, before anything is read
            bundle = replace(bundle, name=tree_name(bundle.name, request.since), prefix=prefix_of(bundle))
        return Settings(request, bundle, device, medium, words, editions, ledger)


def read(settings: Settings, scratch: Path, workers: Workers, progress: Progress) -> BuildInput:
    """Return what a tree of the whole library is made from; raises SourceError, and OutputError where space is short.

    What is unpacked comes into `scratch`.
    """
    bundle, request = settings.definition, settings.request
    options = readers.ReadOptions(request.language, request.skip_damaged, known=settings.ledger.known)
    library = readers.read(bundle, workers, scratch, worker_jobs.probe, progress, options)
    library = only_playable(library, settings.profile, bundle.name)
    if Edition.PDF in settings.editions and any(isinstance(one.work, Article) for _, one in library.versions):
        typesetting.require()
    if request.since:
        library = only_new(library, settings.ledger.edition(request.since))
    example = starter.example_left(bundle.folder, library, is_listed=bundle.publications is not None)
    more = (*example, *medium_passed_over(bundle), *part_of_bundle(bundle))
    library = replace(library, remarks=(*library.remarks, *more))
    whole = BuildInput(
        definition=bundle,
        profile=settings.profile,
        library=library,
        dictionary=settings.dictionary,
        size_of=templating.size_of,
        medium=settings.medium,
        editions=settings.editions,
        known_places=settings.ledger.places(settings.profile.name, request.language),
        news=news_of(settings, library),
        has_search=has_search(settings, library),
    )
    with advised(request):
        require_few(whole, 1 if request.split is None else request.split)
    staging.require_space(scratch, sizes.least_bytes(whole) + floor_bytes(whole))
    return whole


def has_search(settings: Settings, library: Library) -> bool:
    """Whether words are found in texts: as the bundle says, else from so many articles on."""
    if Edition.SITE not in settings.editions or "txt" not in settings.profile.types:
        return False
    if settings.definition.search is not None:
        return settings.definition.search
    return sum(isinstance(version.work, Article) for _, version in library.versions) >= FROM_ARTICLES


@dataclass(frozen=True, slots=True)
class Pictures:
    """The renditions of every version, encoded at a `level`, what encodes them anew, and the remarks on the way."""

    renditions: AllRenditions
    level: int
    measurer: Measurer
    measured_remarks: tuple[Remark, ...]
    store: Store | None

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """All remarks on sources, pictures and films, and on a cache that nothing more could be kept in."""
        remarks = (*self.measured_remarks, *self.measurer.later_remarks, *self.measurer.films.remarks)
        if not self.store or not self.store.problem:
            return remarks
        message = f"nothing more could be kept there ({self.store.problem}): the next run measures again"
        return *remarks, Remark(str(self.store.directory), Outcome.WARNING, message)


def measure(
    settings: Settings, whole: BuildInput, scratch: Path, workers: Workers, progress: Progress, elsewhere: Elsewhere
) -> Pictures:
    """Return all pictures, as good as there is likely to be space for; raises SourceError for damaged ones.

    They come into `scratch`. What is split over several media has the quality of the profile.
    """
    request = settings.request
    measurer, store = measurer_of(request, scratch, workers, progress, elsewhere)
    level = level_of(request, whole, measurer)
    renditions, remarks = measurer.measure(whole, sizes.qualities(whole, level) if level else {})
    renditions = foretold(whole, renditions, FULL)
    return Pictures(renditions, level, measurer, remarks_or_damage_error(remarks, whole, request), store)


def level_of(request: Request, whole: BuildInput, measurer: Measurer) -> int:
    """Return how much coarser than in the profile pictures are measured at first: by a sample, where space is short."""
    if request.split is None and 0 < whole.medium.payload_bytes < sizes.most_bytes(whole) + floor_bytes(whole):
        guess = fitting.first_level(whole)
        return fitting.first_level(whole, measurer.sample(whole, guess))
    return 0


def plan(settings: Settings, whole: BuildInput, pictures: Pictures, progress: Progress) -> tuple[PlannedTree, ...]:
    """Return the trees, which make the most of their media; raises DoesNotFit."""
    with step(progress, "plan"):
        if settings.request.split is None:
            return (fitted_tree(whole, pictures, settings.request),)
        return split_trees(whole, pictures, settings.request)


@dataclass(frozen=True, slots=True)
class Made:
    """What is to be written: the whole library of which the trees are parts, these, and all remarks on the way."""

    whole: BuildInput
    trees: tuple[PlannedTree, ...]
    remarks: tuple[Remark, ...]


def record(
    settings: Settings, whole: BuildInput, pictures: Pictures, trees: tuple[PlannedTree, ...], progress: Progress
) -> Made:
    """Return the trees with their films and sound, of which plans foretell only the size.

    Those that give none are left out where damage may be skipped; those that break off are told to be as long as they
    are, and get the bits of that. Raises DamagedRecordings and DoesNotFit.
    """
    while True:
        try:
            made = tuple(map(pictures.measurer.films.recorded, trees))
        except DamagedRecordings as error:
            left = whole.without(id_ for id_, _ in error.damaged)
            if not settings.request.skip_damaged or not left.library.publications:
                raise
            damaged = [remark for _, remark in error.damaged]
            sources = {remark.source for remark in damaged}
            kept = (one for one in pictures.measured_remarks if one.source not in sources)
            listed = pictures.measurer.encode(left, pictures.renditions, {})
            whole = left
            pictures = replace(pictures, renditions=listed, measured_remarks=(*kept, *damaged))
            trees = plan(settings, whole, pictures, progress)
            continue
        lengths = pictures.measurer.films.broken_off(whole)
        if not lengths:
            return Made(whole, made, pictures.remarks)
        whole = whole.lasting(lengths)
        trees = tuple(_lasting(tree, lengths, pictures) for tree in trees)


def _lasting(tree: PlannedTree, lengths: Mapping[VersionKey, Mapping[int, float]], pictures: Pictures) -> PlannedTree:
    """Return the tree with recordings that last so long; the pages that list them are set anew."""
    build = tree.build.lasting(lengths)
    return replace(tree, build=build, renditions=pictures.measurer.encode(build, tree.renditions, {}))


def with_space(bundle: Definition, request: Request) -> Definition:
    """The definition with the space that the command line gives; a format said of another medium does not hold."""
    if request.medium or request.fit_bytes is not None:
        return replace(bundle, medium=request.medium, fit_bytes=request.fit_bytes, format=request.format)
    return replace(bundle, format=media.overlaid(bundle.format, request.format))


def refuse_ours(bundle: Definition) -> None:
    """UsageError where the bundle is what an earlier build made or keeps for the organizer, SourceError for a work."""
    marks.refuse_ours(bundle.folder, "bundle")
    for place in (bundle.folder / name for name in FOLDERS):
        marks.refuse_ours(place)
    for publication in bundle.publications or ():
        for path in filter(None, (publication.source, publication.cover)):
            marks.refuse_ours(path)


def refuse_cache(request: Request, bundle: Definition) -> None:
    """UsageError where what is measured would be kept among the works, in what is built, or on a stick."""
    if request.cache is None:
        return
    cache = Path(os.path.realpath(request.cache))
    output = Path(os.path.realpath(request.output or f"{bundle.name}-built"))
    mount = mount_of(cache, all_mounts())
    places = {
        "among your works": any(cache.is_relative_to(bundle.folder / place) for place in FOLDERS),
        "in what is built": cache.is_relative_to(output),
        "on a stick or card": mount is not None and mount.is_fat,
    }
    for place, is_there in places.items():
        if is_there:
            raise UsageError(f"--cache lies {place}", where=request.cache, hint="Name a folder beside the bundle's.")


def medium_of(definition: Definition) -> Medium:
    """The medium that the definition names; without one, a FAT32 stick of no particular size (payload 0)."""
    if definition.fit_bytes is not None:
        return media.space(definition.fit_bytes, definition.format)
    if not definition.medium:
        return media.space(0, definition.format)
    return media.load(definition.medium, definition.folder, definition.format)


def medium_passed_over(definition: Definition) -> tuple[Remark, ...]:
    """A warning that the medium's file was the bundle's, and not the other one of that name in the current folder."""
    other = media.passed_over(definition.medium, definition.folder)
    if not other:
        return ()
    message = f"was read as the medium, and not {other}, which says something else"
    return (Remark(str(definition.folder / definition.medium), Outcome.WARNING, message),)


def part_of_bundle(definition: Definition) -> tuple[Remark, ...]:
    """A warning where a folder of a bundle was named for the bundle."""
    whole = marks.defined_bundle_of(definition.folder)
    if whole in (None, definition.folder):
        return ()
    command = shlex.join(["packager", "build", str(whole)])
    message = f"is a part of a bundle, of which nothing else was read; to build all of it: {command}"
    return (Remark(str(definition.folder), Outcome.WARNING, message),)


def fitted_tree(build: BuildInput, pictures: Pictures, request: Request) -> PlannedTree:
    """Return the tree that makes the most of its medium; DoesNotFit where the poorest pictures take too much."""
    with advised(request):
        plan, renditions = fitting.fit(
            build, pictures.renditions, pictures.level, pictures.measurer.encode, drops=request.drops
        )
    lacking = frozenset((lost.edition, id_) for lost in plan.given_up for id_ in lost.ids)
    kept = replace(build.without(plan.dropped), lacking=lacking)
    return PlannedTree(kept, renditions, plan, publications(build, plan.dropped))


@contextmanager
def advised(request: Request) -> Iterator[None]:
    """Where DoesNotFit names options, its hint says what to add them to."""
    try:
        yield
    except DoesNotFit as error:
        if error.has_advice:
            error.hint = f"Add one of these to: {request.command('plan' if request.is_preview else 'build')}"
        raise


def publications(build: BuildInput, ids: Collection[str]) -> tuple[Publication, ...]:
    """Those of the publications that have these ids, in their order."""
    return tuple(each for each in build.library.publications if each.id in ids)


def split_trees(whole: BuildInput, pictures: Pictures, request: Request) -> tuple[PlannedTree, ...]:
    """Return the trees over which the library is shared out; none names what another had to drop."""

    def fitted(part: BuildInput) -> PlannedTree:
        renditions = pictures.measurer.encode(part, pictures.renditions, {})  # some list what is in the tree
        return fitted_tree(part, replace(pictures, renditions=renditions), request)

    trees = tuple(map(fitted, split_library(whole, pictures.renditions, request.split or AS_NEEDED)))
    if request.split == AS_NEEDED and not any(tree.plan.advice for tree in trees):
        advice = fewer_media(whole, pictures.renditions, len(trees))
        trees = (replace(trees[0], plan=replace(trees[0].plan, advice=advice)), *trees[1:])
    dropped = {each.id for tree in trees for each in tree.dropped}
    if not dropped or len(trees) == 1:
        return trees
    first, *others = split_trees(whole.without(dropped), pictures, request)
    dropped |= {each.id for each in first.dropped}
    return replace(first, dropped=publications(whole, dropped)), *others


def _damage_lines(damaged: Iterable[Remark]) -> Iterator[str]:
    """A line for each damaged picture; where many have one reason, one for all of these."""
    by_reason: dict[str, list[str]] = {}
    for remark in damaged:
        by_reason.setdefault(remark.message, []).append(remark.source)
    for reason, sources in by_reason.items():
        few = sources if len(sources) <= _MOST_LINES else sources[:1]
        yield from (f"{source}: {reason}" for source in few)
        if len(sources) > len(few):
            yield f"and {len(sources) - len(few):,} others, for the same reason"


def remarks_or_damage_error(on_pictures: tuple[Remark, ...], whole: BuildInput, request: Request) -> tuple[Remark, ...]:
    """Return all remarks; raise SourceError with every damaged picture unless they may be skipped."""
    damaged = tuple(dict.fromkeys(remark for remark in on_pictures if remark.outcome is Outcome.DAMAGED))
    if damaged and not request.skip_damaged:
        lines = "".join(f"\n  {line}" for line in _damage_lines(damaged))
        count = len(damaged)
        command = replace(request, skip_damaged=True).command("plan" if request.is_preview else "build")
        raise SourceError(
            f"{count} damaged {'picture' if count == 1 else 'pictures'}:{lines}",
            hint=f"Mend or replace them, or show what is left of them: {command}",
        )
    sources = {remark.source for remark in damaged}
    remarks = whole.library.remarks
    kept = (remark for remark in remarks if remark.outcome is not Outcome.TAKEN or remark.source not in sources)
    others = dict.fromkeys(remark for remark in on_pictures if remark.outcome is not Outcome.DAMAGED)
    return (*kept, *others, *damaged)
