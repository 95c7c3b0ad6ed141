"""Works that do not come into a tree at all, and what becomes of the remarks on their sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from packager.config.profile import Profile
from packager.errors import UsageError
from packager.model import Film, Library, Outcome, Publication, Remark, Sound, warning


def only_playable(library: Library, device: Profile, label: str) -> Library:
    """Return the library without films and sound where the profile lists no files of theirs; a warning says how many.

    Raises UsageError where nothing is left.
    """
    unplayed: dict[str, type] = {} if device.plays_films else {"films": Film}
    unplayed |= {} if device.plays_sound else {"sound": Sound}
    kept = tuple(one for one in library.publications if not _is_of(one, tuple(unplayed.values())))
    count = len(library.publications) - len(kept)
    if not count:
        return library
    play = f"the profile {device.name} plays no {' and no '.join(unplayed)}"
    if not kept:
        raise UsageError(f"nothing is left: {play}", hint="Build with another: packager profiles lists them.")
    new = replace(library, publications=kept)
    works = "1 work was" if count == 1 else f"{count} works were"
    told = warning(label, f"{play}: {works} left out; for another device build with its profile")
    return replace(new, remarks=(*with_left_out(library, new, play), told))


def _is_of(publication: Publication, kinds: tuple[type, ...]) -> bool:
    return any(isinstance(version.work, kinds) for version in publication.versions)


def with_left_out(library: Library, new: Library, why: str) -> tuple[Remark, ...]:
    """Return the remarks on all sources: of what is not in the new library only why, or that it never was in one."""
    return tuple(dict.fromkeys(_with_left_out(library, new, why)))


def _with_left_out(library: Library, new: Library, why: str) -> Iterator[Remark]:
    kept, origins = _origins(new), _origins(library)
    shown = _labels(new)
    hidden = _labels(library) - shown
    for remark in library.remarks:
        place = PurePosixPath(remark.source)
        origin = next((str(outer) for outer in (place, *place.parents) if str(outer) in origins), None)
        is_left = remark.source in hidden or (origin and origin not in kept and remark.source not in shown)
        if not is_left or remark.outcome in (Outcome.LEFT_OUT, Outcome.PASSED_OVER):
            yield remark
        elif remark.outcome in (Outcome.TAKEN, Outcome.DAMAGED):
            yield replace(remark, outcome=Outcome.LEFT_OUT, message=why)


def _origins(library: Library) -> set[str]:
    return {origin for publication in library.publications for origin in publication.origins}


def _labels(library: Library) -> set[str]:
    versions = [version for _, version in library.versions]
    shown = {one.source.label for version in versions for one in (*version.all_pictures, *version.recordings)}
    return shown | {version.work.cover.source.label for version in versions if version.work.cover}
