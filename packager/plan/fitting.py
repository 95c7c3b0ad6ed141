"""A plan that fits its medium: the budget names a quality, the plan says what it takes, pictures are made so (pure).

Nothing is given up while everything fits at the quality of the profile. Then the dense encoder is tried, then editions
are given up that the profile calls optional, then quality; publications only where the organizer says so.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from packager.config.profile import Pages
from packager.errors import DoesNotFit
from packager.model import Comic, Document, Edition, Rendition, Renditions, Role, VersionKey, Wish
from packager.plan import budget
from packager.plan.budget import LEVELS, Choice, Forecast, Search
from packager.plan.plan import Case, Plan, plan, require_fit, specs

Seen = Mapping[VersionKey, Renditions]
Wishes = Mapping[tuple[VersionKey, Role], tuple[Wish, ...]]
"""For the pictures or slices of a version in a role, in their order."""
Render = Callable[[Case, tuple[Edition, ...], Wishes], Seen]
"""Makes the pictures of a case, for the editions, as wished for."""

_ROUNDS = 4  # of looking for spares that still fit; each looks at what the ones before had to pass over
_SECOND_THOUGHTS = 20  # publications that are tried again, each with a plan of its own
_STEEPNESS = 0.6  # of the bytes over the coarseness of the quality, in logarithms: 0.45 to 0.7 on comics


def first_wishes(case: Case, coarser: float = 1) -> Wishes:
    """What is wished of all pictures where space may be short: that they are judged, and a few tried.

    They are seen in the profile's quality, or `coarser` in the dense encoder where that is what the space asks for.
    """
    wishes: dict[tuple[VersionKey, Role], tuple[Wish, ...]] = {}
    before = 0
    for publication in case.library.publications:
        for version in publication.versions:
            for spec in specs(version.work, case.profile, case.editions):
                made = budget.first_wishes(-before, spec.quality, coarser)
                wishes[(publication.id, version.language), spec.role] = made
            before += len(version.work.pictures) if isinstance(version.work, Comic) else 1
    return wishes


def coarser_for(needed_bytes: int, room_bytes: int) -> float:
    """How many times coarser pictures take so much less, as comics do."""
    return float(max(1, needed_bytes / room_bytes) ** (1 / _STEEPNESS))


def fit(case: Case, seen: Seen, render: Render, *, drops: bool = False) -> Plan:
    """The plan that makes the most of the medium; `seen` are all pictures as they were first wished for, or unjudged.

    DoesNotFit when the lowest quality takes too much, unless it `drops` publications, those of least priority first.
    """
    case = replace(case, size_of=_remembering(case.size_of))
    whole = plan(case, seen, case.editions)
    if whole.fits and not _is_dense(seen):
        return whole
    if not _is_judged(seen):
        coarser = coarser_for(whole.occupied_bytes, whole.medium.payload_bytes)
        seen = render(case, case.editions, first_wishes(case, coarser))
    if _is_dense(seen):
        whole = plan(case, _forecast(case, seen).at(LEVELS), case.editions)
    offer = _offer(case, seen)
    if isinstance(offer, Plan):
        return _with_losses(offer, whole)
    if offer.level is not None:
        made = render(case, offer.editions, offer.forecast.wishes(offer.level))
        return _with_losses(replace(_filled(case, offer.editions, made), level=offer.level), whole)
    dropped = _to_drop(case, offer)
    if not drops or len(dropped) == len(case.library.publications):
        raise _too_large(case, offer, dropped)
    kept = case.without(dropped)
    if case.profile.pages is Pages.NONE:  # pictures list what is in the tree
        seen = render(kept, kept.editions, first_wishes(kept, budget.COARSEST))
    return replace(fit(kept, seen, render), dropped=dropped)


@dataclass(frozen=True, slots=True)
class _Offer:
    """Editions, and the best level of quality at which they fit; None where none does."""

    editions: tuple[Edition, ...]
    forecast: Forecast
    level: int | None


def _offer(case: Case, seen: Seen) -> _Offer | Plan:
    """The first editions that fit at the quality of the profile, else the fewest, at the level that fits."""
    for editions in _fewer_and_fewer(case):
        needed = _needed(case, seen, editions)
        if not _is_dense(seen):
            plain = plan(case, needed, editions)
            if plain.fits:
                return plain
        forecast = _forecast(case, needed)
        if plan(case, forecast.at(LEVELS), editions).fits:
            return _Offer(editions, forecast, LEVELS)
    return _Offer(editions, forecast, _best_level(case, editions, forecast))


def _forecast(case: Case, seen: Seen) -> Forecast:
    """What the pictures would take, from what was seen of them."""
    every = (version for publication in case.library.publications for version in publication.versions)
    usual = {spec.role: spec.quality for version in every for spec in specs(version.work, case.profile, case.editions)}
    return Forecast.of(seen, usual)


def _fewer_and_fewer(case: Case) -> Iterator[tuple[Edition, ...]]:
    """The editions asked for, then without the optional ones, one after another; one always remains.

    What the organizer names is wanted, whatever the profile calls it.
    """
    editions = case.editions
    yield editions
    optional = case.profile.optional if case.definition.editions is None else ()
    for edition in optional:
        if edition in editions and len(editions) > 1:
            editions = tuple(kept for kept in editions if kept is not edition)
            yield editions


def _needed(case: Case, seen: Seen, editions: tuple[Edition, ...]) -> Seen:
    """The renditions without those in roles that only editions need which are given up."""
    versions = [version for publication in case.library.publications for version in publication.versions]

    def roles(editions: tuple[Edition, ...]) -> set[Role]:
        return {spec.role for version in versions for spec in specs(version.work, case.profile, editions)}

    gone = roles(case.editions) - roles(editions)
    return {
        key: replace(renditions, sets=tuple(lane for lane in renditions.sets if lane.role not in gone))
        for key, renditions in seen.items()
    }


def _best_level(case: Case, editions: tuple[Edition, ...], forecast: Forecast) -> int | None:
    def fits(level: int) -> bool:
        return plan(case, forecast.at(level), editions).fits

    if not fits(0):
        return None
    search = Search(most=LEVELS - 1)
    while not search.is_over:
        search = search.told(fits=fits(search.step))
    return search.fitting


def _filled(case: Case, editions: tuple[Edition, ...], made: Seen) -> Plan:
    """The plan with as many of the larger spares as there is space for."""
    choice = Choice.of(made)
    best = plan(case, made, editions)
    if not best.fits:  # parts of files may fall together so that less takes more
        best = plan(case, choice.smallest, editions)
        require_fit(best)
        return best
    chosen: tuple[Rendition, ...] = ()
    for _ in range(_ROUNDS):
        waiting = tuple(shown for shown in choice.better if shown not in chosen)
        affordable = choice.affordable(waiting, best.medium.payload_bytes - best.occupied_bytes)
        search = Search(most=len(affordable))
        while not search.is_over:
            tried = plan(case, choice.with_better(chosen + affordable[: search.step]), editions)
            best = tried if tried.fits else best
            search = search.told(fits=tried.fits)
        chosen += affordable[: search.fitting]
    return best


def _with_losses(made: Plan, whole: Plan) -> Plan:
    kept = dict(made.editions)
    return replace(made, given_up=tuple((edition, size) for edition, size in whole.editions if edition not in kept))


def _to_drop(case: Case, offer: _Offer) -> tuple[str, ...]:
    """The publications without which the rest fits at the lowest quality.

    Those of least priority go first, and of the same priority the largest; what may stay all the same, then stays.
    """
    lowest = offer.forecast.at(0)
    sizes = _sizes(plan(case, lowest, offer.editions))
    order = sorted(case.library.publications, key=lambda each: (-each.priority, -sizes[each.id], each.id))
    by_name = tuple(publication.id for publication in order)

    def fits(dropped: tuple[str, ...]) -> bool:
        kept = case.without(dropped)
        return not kept.library.publications or plan(kept, lowest, offer.editions).fits

    search = Search(most=len(by_name))  # how many of them may stay
    while not search.is_over:
        search = search.told(fits=fits(by_name[: len(by_name) - search.step]))
    dropped = by_name[: len(by_name) - search.fitting]
    for id_ in dropped[-_SECOND_THOUGHTS - 1 : -1][::-1]:
        fewer = tuple(each for each in dropped if each != id_)
        dropped = fewer if fits(fewer) else dropped
    return dropped


def _sizes(made: Plan) -> Mapping[str, int]:
    """The bytes of each publication, all versions together."""
    sizes = Counter[str]()
    for share in made.shares:
        sizes[share.key[0]] += share.size_bytes
    return sizes


def _too_large(case: Case, offer: _Offer, dropped: tuple[str, ...]) -> DoesNotFit:
    lowest = plan(case, offer.forecast.at(0), offer.editions)
    sizes = _sizes(lowest)
    name = lowest.medium.name or "the space given"
    needed, held = (_mb(size) for size in (lowest.occupied_bytes, lowest.medium.payload_bytes))
    what = f"the bundle occupies {needed} even with the poorest pictures that can be read, and {name} holds {held}"
    if len(dropped) == len(case.library.publications):
        return DoesNotFit(f"{what}; not one publication would fit", hint="Choose a larger stick.")
    by_id = {publication.id: publication for publication in case.library.publications}
    lines = [
        f"\n  {id_:<16} {_mb(sizes[id_]):>10}  priority {by_id[id_].priority}  {by_id[id_].versions[0].title}"
        for id_ in dropped
    ]
    freed = lowest.occupied_bytes - plan(case.without(dropped), offer.forecast.at(0), offer.editions).occupied_bytes
    error = DoesNotFit(f"{what}; to go would have{''.join(lines)}\n  together {_mb(freed)}")
    error.can_drop = True
    return error


def _is_judged(seen: Seen) -> bool:
    every = (shown for renditions in seen.values() for lane in renditions.sets for shown in lane.shown)
    return any(shown.distance >= 0 for shown in every if isinstance(shown, Rendition))


def _is_dense(seen: Seen) -> bool:
    every = (shown for renditions in seen.values() for lane in renditions.sets for shown in lane.shown)
    return any(shown.is_tried_as_it_is for shown in every if isinstance(shown, Rendition))


def _mb(size_bytes: int) -> str:
    return f"{round(size_bytes / 1e6, 2):g} MB"


def _remembering(size_of: Callable[[Document], int]) -> Callable[[Document], int]:
    """The same, without rendering a document again that only has other bytes in its pictures."""

    sizes: dict[bytes, int] = {}

    def remembered(document: Document) -> int:
        # Views are deep, and not all of them can be hashed; two that are equal may differ here, and are rendered then.
        text = sha256(pickle.dumps((document.template, document.view))).digest()
        if text not in sizes:
            sizes[text] = size_of(document)
        return sizes[text]

    return remembered
