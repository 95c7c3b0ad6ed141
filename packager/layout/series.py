"""The series that a work is of: its other works, here and in other trees, and the place of the work among them."""

from __future__ import annotations

from pathlib import PurePosixPath

from packager.layout import places
from packager.layout.build_input import BuildInput
from packager.layout.views import LinkView
from packager.layout.works import WorkLayout, title_for
from packager.model import Publication

NEAR = 50  # works before one, and behind it
Parts = list[tuple[Publication, str]]
"""Works of a series, each with the folder of the other tree that it lies in, "" for this one."""


def place_in_series(work: WorkLayout, build: BuildInput, language: str) -> str:
    """The name of the series, and the number of the work in it where that can be told: "Waves · 2/16"."""
    publication, (parts, is_whole) = work.publication, _parts(work.publication, build)
    name = publication.series.in_language(language)
    if len(parts) < 2 or not is_whole:
        return name
    return f"{name} · {_index(parts, publication) + 1}/{len(parts)}"


def ways_in_series(work: WorkLayout, build: BuildInput, language: str) -> tuple[LinkView, ...]:
    """The way to all works of a series that has more than one; of those elsewhere the title and the folder.

    Of a very long series these are the nearest: the library has all.
    """
    parts, _ = _parts(work.publication, build)
    if len(parts) < 2:
        return ()
    own, here = _index(parts, work.publication), work.paths.document(1, language)
    near = parts[max(0, own - NEAR) : own + NEAR + 1]
    return tuple(_way(one, folder, here, build, language, is_here=one is work.publication) for one, folder in near)


def _parts(publication: Publication, build: BuildInput) -> tuple[Parts, bool]:
    """The works of a series in their order, and whether these are all.

    With works of other trees that is the order of their numbers, unless this tree shows its own in another one.
    """
    here: Parts = [(one, "") for one in build.library.publications if one.series and one.series == publication.series]
    others = [(one, tree.folder) for tree in build.elsewhere for one in tree.publications]
    elsewhere = [(one, folder) for one, folder in others if here and one.series == publication.series]
    by_number = sorted([*here, *elsewhere], key=lambda part: part[0].number)
    is_known = [part for part in by_number if not part[1]] == here and all(one.number for one, _ in by_number)
    return (by_number, True) if elsewhere and is_known else (here, not elsewhere)


def _index(parts: Parts, publication: Publication) -> int:
    return next(index for index, (one, _) in enumerate(parts) if one is publication)


def _way(
    publication: Publication, folder: str, here: PurePosixPath, build: BuildInput, language: str, *, is_here: bool
) -> LinkView:
    """The way from the document `here` to another work of its series, or to itself."""
    version = publication.version_for(language)
    title, spoken = title_for(publication, version, language)
    if folder:
        return LinkView("", f"{title} ({folder}/)", spoken)
    address = build.paths[publication.id, version.language].document(1, language)
    return LinkView(places.link(here, address), title, spoken, is_here=is_here)
