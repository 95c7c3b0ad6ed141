"""The order in which a library is read: section by section, and works of a series together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from packager.model import Comic, Publication


def ordered(publications: Sequence[Publication]) -> tuple[Publication, ...]:
    """Publications by section, then by series, each standing where its first work stands; otherwise as they come."""
    sections = _firsts(_section_of(publication) for publication in publications)
    series = _firsts(_series_of(publication) for publication in publications)
    return tuple(sorted(publications, key=lambda one: (sections[_section_of(one)], series[_series_of(one)])))


def _section_of(publication: Publication) -> Hashable:
    """What is equal for two publications under one heading: the section's name, else the kind of work."""
    return publication.section or isinstance(publication.versions[0].work, Comic)


def _series_of(publication: Publication) -> Hashable:
    return _section_of(publication), publication.series or publication.id


def _firsts(keys: Iterable[Hashable]) -> dict[Hashable, int]:
    found: dict[Hashable, int] = {}
    for number, key in enumerate(keys):
        found.setdefault(key, number)
    return found
