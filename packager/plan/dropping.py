"""Which works have to go where not even the poorest pictures make the rest fit, and what to do instead, in words."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping

from packager.errors import DoesNotFit
from packager.layout.build_input import BuildInput
from packager.model import AllRenditions
from packager.plan.advice import advice, as_lines, megabytes
from packager.plan.plan import Advice, Plan, plan
from packager.plan.rates import needs

_RETRIED_PUBLICATIONS = 20  # publications that are tried again, each with a plan of its own


def to_drop(build: BuildInput, lowest: Plan, pictures: AllRenditions) -> tuple[str, ...]:
    """Return the publications without which the rest fits at the lowest quality, in which the pictures are.

    Those of least priority go first, and of the same priority the largest; what may stay all the same, then stays.
    """
    sizes = _sizes(lowest)
    order = sorted(build.library.publications, key=lambda each: (-each.priority, -sizes[each.id], each.id))
    ids = tuple(publication.id for publication in order)

    def fits(dropped: tuple[str, ...]) -> bool:
        return len(dropped) == len(ids) or plan(build.without(dropped), pictures).fits

    fewest = bisect_left(range(len(ids)), True, key=lambda count: fits(ids[:count]))
    dropped = ids[:fewest]
    for id_ in dropped[-_RETRIED_PUBLICATIONS - 1 : -1][::-1]:
        fewer = tuple(each for each in dropped if each != id_)
        dropped = fewer if fits(fewer) else dropped
    return dropped


def too_large(
    build: BuildInput, lowest: Plan, pictures: AllRenditions, dropped: tuple[str, ...], usual: AllRenditions | None
) -> DoesNotFit:
    """The error of a tree that does not fit, with all that would help, and the works that would go.

    `usual` are the pictures in the quality of the profile, where they are known.
    """
    name = lowest.medium.name or "the space given"
    needed, held = (megabytes(size) for size in (lowest.occupied_bytes, lowest.medium.payload_bytes))
    poorest = "pictures that can be read" + ", and films at their lowest rates" * bool(needs(build))
    what = f"the bundle takes {needed} even with the poorest {poorest}, and {name} holds {held}"
    can_drop = len(dropped) < len(build.library.publications)
    steps = advice(build, lowest, pictures, usual)
    if not can_drop:
        what += "; not one publication would fit"
    else:
        freed = lowest.occupied_bytes - plan(build.without(dropped), pictures).occupied_bytes
        works = f"{len(dropped)} of {len(build.library.publications)} works:"
        steps += (Advice("--drop", freed, lowest.quality, f"without {works}"),)
    lines = [*as_lines(steps), *(_works(build, lowest, dropped) if can_drop else ())]
    hint = "Choose a larger stick, or add several of these." if steps else "Choose a larger stick."
    error = DoesNotFit("".join((what, ". What helps:" if steps else "", *(f"\n  {line}" for line in lines))), hint=hint)
    error.can_drop, error.has_advice = can_drop, any(step.quality for step in steps)
    return error


def _works(build: BuildInput, lowest: Plan, dropped: tuple[str, ...]) -> Iterator[str]:
    sizes = _sizes(lowest)
    by_id = {each.id: each for each in build.library.publications}
    for each in map(by_id.__getitem__, dropped):
        yield f"  {each.id:<16} {megabytes(sizes[each.id]):>10}  priority {each.priority}  {each.versions[0].title}"


def _sizes(made: Plan) -> Mapping[str, int]:
    """Return the bytes of each publication, all versions together."""
    sizes = Counter[str]()
    for share in made.shares:
        sizes[share.key[0]] += share.size_bytes
    return sizes
