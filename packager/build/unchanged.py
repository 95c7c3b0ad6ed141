"""Whether a build would make what stands in its destination: nothing that it follows from has changed."""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from packager.build.prepare import medium_passed_over, part_of_bundle
from packager.build.request import Settings
from packager.build.reuse import Reuse
from packager.errors import OutputError
from packager.files.traces import without_days
from packager.output.manifest import hash_file
from packager.output.marks import KEPT, REMEMBERED
from packager.output.staging import Stage
from packager.sandbox.remembered import key_of

_KEY = key_of("a build of which nothing has changed since")
_PROGRAMS = ("ffmpeg", "pandoc", "bsdtar", "lsar", "unar")  # which read sources, where they are there


@dataclass(frozen=True, slots=True)
class Ending:
    """What a build that made a tree tells at its end: as text, and as JSON."""

    text: str
    json: str


@dataclass(frozen=True, slots=True)
class _Before:
    """A build: all that it followed from, the edition that it made, 0 for none, and how it ended."""

    followed_from: str
    edition: int
    ending: Ending
    reports: tuple[str, ...]


class Sources:
    """All that a build follows from, by its content, as it is when the build begins; `of` the settings."""

    def __init__(self, of: Settings, stage: Stage, reuse: Reuse) -> None:
        self._settings = of
        self._asked = repr(_stable(_asked(of, stage)))
        self._reuse = reuse

    def ending_before(self, keep: Path) -> Ending | None:
        """Return how the build ended that made what stands in the destination, where another one would make the same.

        All that it followed from is the same, but for the edition that it made itself, and so is all that it made.
        """
        before = self._reuse.remembered.get(_KEY, _Before)
        if before is None or self._reuse.stands.changed or self._settings.request.archive:
            return None
        is_same = before.followed_from == self._but_for(before.edition) and before.reports == _reports(keep)
        return self._placed(before.ending) if is_same and self._is_recorded(before.edition) else None

    def note(self, keep: Path, edition: int, ending: Ending) -> None:
        """Keep for the next build how this one ended, which made the edition of that number, 0 for none."""
        if followed_from := self._but_for(edition):
            before = _Before(followed_from, edition, self._without_places(ending), _reports(keep))
            self._reuse.remembered.put(_KEY, before)

    def _but_for(self, edition: int) -> str:
        """Return a sum of it all, but for that edition; "" where it cannot be told."""
        if self._reuse.digests is None:
            return ""
        found = sha256(self._asked.encode("utf-8", "surrogatepass"))
        own = str(self._settings.ledger.folder / str(edition) / "_").removesuffix("_")
        for file, digest in self._reuse.digests:
            if not digest:
                return ""
            if not file.startswith(own):
                found.update(repr((file, digest)).encode("utf-8", "surrogatepass"))
        return found.hexdigest()

    def _without_places(self, ending: Ending) -> Ending:
        """Return what is told without where on this computer that is: signs stand for it that no text has."""
        for sign, place in self._places():
            ending = Ending(ending.text.replace(place, sign), ending.json.replace(_in_json(place), sign))
        return ending

    def _placed(self, ending: Ending) -> Ending:
        """Return what is told, of this computer again."""
        for sign, place in self._places():
            ending = Ending(ending.text.replace(sign, place), ending.json.replace(sign, _in_json(place)))
        return ending

    def _places(self) -> Iterator[tuple[str, str]]:
        """Yield where things lie, each with the sign for it, places before those that they lie in."""
        places = {str(self._settings.destination), str(self._settings.definition.folder)}
        for number, place in enumerate(sorted(places, reverse=True)):
            yield f"\0{chr(1 + number)}", place

    def _is_recorded(self, number: int) -> bool:
        """Return whether the edition of that number is in the ledger as it was built, where there was one."""
        known = next((one for one in self._settings.ledger.editions if one.number == number), None)
        try:
            return known.manifest() == self._reuse.stands.manifest if known else not number
        except OutputError:
            return False


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _reports(keep: Path) -> tuple[str, ...]:
    """Return the sums of what is kept for the organizer, "" for what is not there."""
    files = [keep / name for name in KEPT if name != REMEMBERED]
    return tuple(hash_file(file) if file.is_file() else "" for file in files)


def _asked(settings: Settings, stage: Stage) -> tuple[object, ...]:
    """What a build follows from beside its sources, and what it is told to warn of."""
    request = replace(settings.request, traces=without_days(settings.request.traces))
    programs = [(path, os.stat(path).st_mtime_ns) for path in filter(None, map(shutil.which, _PROGRAMS))]  # noqa: PTH116
    told = (medium_passed_over(settings.definition), part_of_bundle(settings.definition), stage.stranger)
    is_passed_over = stage.destination.is_relative_to(settings.definition.folder) and stage.destination.exists()
    return (
        request,
        settings.definition,
        settings.profile,
        settings.medium,
        settings.editions,
        str(settings.destination),
        platform.release(),
        programs,
        told,
        is_passed_over,
    )


def _stable(value: Any) -> object:
    """Return values of ours as they look in every run: sets have no order."""
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *((field.name, _stable(getattr(value, field.name))) for field in fields(value)))
    if isinstance(value, set | frozenset):
        return sorted(map(repr, map(_stable, value)))
    if isinstance(value, dict):
        return [(_stable(key), _stable(one)) for key, one in value.items()]
    if isinstance(value, list | tuple):
        return list(map(_stable, value))
    return repr(value)
