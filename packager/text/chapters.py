"""Chapters of which some names tell the volume and others do not: newer ones often have none yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

_VOLUME = re.compile(
    r"(?<![^\W_])(?:(?:vol|volume|season|book|tome|시즌) ?|[vs])(\d{1,4})(?![\d.])|(\d{1,4}) ?(?:부|部|권|巻|卷|期|기)"
)
_CHAPTER = re.compile(
    r"(?:(?<![^\W_])(?:(?:ch|chap|chapter|ep|episode) ?|[ce])|第)(\d{1,6}(?:\.\d{1,6})?)"
    r"|(\d{1,6}(?:\.\d{1,6})?) ?(?:話|话|화|회|回)"
)


def ranks(names: Collection[str], places: Mapping[str, int]) -> dict[str, Decimal]:
    """Return by what plain names are sorted before all else, all 0 where all or none of them tell a volume.

    Where chapters are counted through all volumes, it is the chapter; where each volume counts its own, the volume, and
    what tells none stands first. `places` are those of names that have one without a number: below 0 first, above last.
    All are 0, too, where names of other works lie among them.
    """
    volumes = {name: number for name in names if (number := _number(_VOLUME, name)) is not None}
    if not volumes or len(volumes) == len(names):
        return dict.fromkeys(names, Decimal(0))
    chapters = {name: number for name in names if (number := _number(_CHAPTER, name)) is not None}
    beginnings = {_beginning(name) for name in names if name in volumes or name in chapters}
    if len(beginnings) > 1 or any(not places.get(name) for name in names if name not in volumes | chapters):
        return dict.fromkeys(names, Decimal(0))
    own = volumes if len(set(chapters.values())) < len(chapters) else chapters
    last: dict[Decimal, Decimal] = {}
    for name, volume in volumes.items():
        last[volume] = max(last.get(volume, Decimal(0)), own.get(name, Decimal(0)))
    most = max(own.values(), default=Decimal(0))

    def rank(name: str) -> Decimal:
        if name in own:
            return own[name]
        if name in volumes:
            return last[volumes[name]]
        place = places.get(name, 0)
        return most + 1 if place > 0 else Decimal(place)

    return {name: rank(name) for name in names}


def _beginning(name: str) -> str:
    """Return what stands before the volume and the chapter in a name."""
    starts = (found.start() for pattern in (_VOLUME, _CHAPTER) if (found := pattern.search(name)))
    return name[: min(starts)].strip()


def _number(pattern: re.Pattern[str], name: str) -> Decimal | None:
    found = pattern.search(name)
    return Decimal(found[1] or found[2]) if found else None
