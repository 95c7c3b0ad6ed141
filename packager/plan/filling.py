"""Files of films and sound in the place of what was foretold of them: never more than the medium holds.

Encoders keep to a rate within some hundredths. So one film, the one that can give and take most, is encoded last, to
the bytes that are left, and again where it missed them; where it can give no more, the next one does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain, count, product
from typing import Any

from packager.config.filesystems import file_clusters
from packager.errors import DoesNotFit
from packager.film.jobs import Rates
from packager.layout.build_input import BuildInput
from packager.model import AllRenditions, Rendition, VersionKey
from packager.plan.plan import FULL, Lowered, Plan, plan
from packager.plan.rates import Need, Needs, RecordingKey, files_of, foretold, needs, rates_at, with_recorded

Files = Mapping[RecordingKey, tuple[Rendition, ...]]
Record = Callable[[Mapping[RecordingKey, Rates]], Files]
"""Encodes recordings, each with its bit/s; a film that is larger than the profile allows comes in parts."""

_UNUSED = 0.01  # of the medium: what may stay empty where films had to give
_AIM = 0.003  # of the medium: what is left empty by intent, since the next try may miss by as much
_TRIES = 4  # of one film
_ASKED = 0.9  # of the floor is asked for at the least, of an encoder that takes more than it is asked for


def largest_share(build: BuildInput, renditions: AllRenditions) -> int | None:
    """Return the largest share at which films and sound are likely to fit; None where they are too large at any."""

    def planned(share: int) -> Plan:
        return plan(build, foretold(build, renditions, share))

    if planned(FULL).fits:
        return FULL
    least = planned(0)
    if not least.fits:
        return None
    every, cluster = needs(build), build.medium.cluster_bytes

    def clusters(share: int) -> int:
        files = (files_of(every[key], key[1], rates, build.profile) for key, rates in rates_at(every, share).items())
        return sum(file_clusters(file.size_bytes, cluster) for file in chain.from_iterable(files))

    most = clusters(0) + _spare_bytes(least) // cluster
    share = bisect_right(range(1, FULL), most, key=clusters)
    # What is said of films may be a little longer where they are larger.
    steps = (2**number for number in count())
    while share and not planned(share).fits:
        share = max(0, share - next(steps))
    return share


def lowered(every: Needs, rates: Mapping[RecordingKey, Rates]) -> tuple[Lowered, ...]:
    """Return those that have less than their best."""
    return tuple(
        Lowered(key, number, rates[key, number], need.best)
        for (key, number), need in every.items()
        if rates[key, number] != need.best
    )


def filled(build: BuildInput, fitted: Plan, renditions: AllRenditions, record: Record) -> Plan:
    """Return the plan with files that `record` makes, as large as the medium lets them be.

    Raises DoesNotFit where they take more than was foretold even at their floor.
    """
    every = needs(build)
    if not every:
        return fitted
    rates = rates_at(every, fitted.film_share)
    order = sorted((key for key, need in every.items() if need.can_give), key=lambda key: -every[key].leeway_bytes)
    held = order[:1] if fitted.film_share < FULL else []
    files = dict(record({key: rates[key] for key in every if key not in held}))
    foreseen = {key: tuple(files_of(every[key], key[1], rates[key], build.profile)) for key in held}
    made = _planned(build, renditions, {**files, **foreseen})
    for key, tries in product(order, range(_TRIES)):
        if key in files and (_is_full(made) or not lowered(every, rates)) and made.fits:
            continue
        size_bytes = sum(file.size_bytes for file in files.get(key, foreseen.get(key, ())))
        corrected = _corrected(every[key], rates[key], size_bytes, made)
        if corrected != rates[key] or not tries:
            rates[key] = corrected
            files |= record({key: corrected})
            made = _planned(build, renditions, files)
    if not made.fits:
        raise DoesNotFit(
            f"films and sound take {-_spare_bytes(made):,} bytes more than there are, even at their lowest rates",
            hint="Leave one of them out, or take a larger stick.",
        )
    return with_sizes_of(fitted, made, lowered=lowered(every, rates))


def with_sizes_of(made: Plan, other: Plan, **changes: Any) -> Plan:
    """Return a plan with the files and sizes of another one of the same tree."""
    sizes = {name: getattr(other, name) for name in ("entries", "occupied_bytes", "editions", "shares", "refused")}
    return replace(made, **sizes, **changes)


def _planned(build: BuildInput, renditions: AllRenditions, files: Files) -> Plan:
    by_version: dict[VersionKey, list[Rendition]] = {}
    for (key, _), made in sorted(files.items(), key=lambda item: item[0][1]):
        by_version.setdefault(key, []).extend(made)
    shown = {key: with_recorded(each, tuple(by_version.get(key, ()))) for key, each in renditions.items()}
    return plan(build, shown)


def _spare_bytes(made: Plan) -> int:
    return made.medium.payload_bytes - made.occupied_bytes


def _is_full(made: Plan) -> bool:
    return _spare_bytes(made) <= _UNUSED * made.medium.payload_bytes


def _corrected(need: Need, rates: Rates, size_bytes: int, made: Plan) -> Rates:
    """The rates at which what took `size_bytes` at `rates` is likely to take what is left beside the other files."""
    wanted = _spare_bytes(made) - _AIM * made.medium.payload_bytes
    steady = need.size_bytes(replace(rates, pictures=0))
    pictures = max(1, size_bytes - steady)
    corrected = round(rates.pictures * (pictures + wanted) / pictures)
    return replace(rates, pictures=max(round(_ASKED * need.floor.pictures), min(need.best.pictures, corrected)))
