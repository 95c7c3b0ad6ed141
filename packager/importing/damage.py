"""Which pictures of a source are damaged: every one is decoded to its last row."""

from __future__ import annotations

from collections.abc import Iterator

from packager.importing.alone import Room
from packager.model import Article, Library, Missing, Outcome, Picture, Remark, RenditionSpec, Role, Source, Version
from packager.model.blocks import figures
from packager.pictures.darkroom import Damage, Darkroom
from packager.pictures.rendering import PageJob

# What every picture is decoded for: a small one that nobody sees.
_THUMBNAIL = RenditionSpec(Role.COVER, width=64, max_side=64, max_pixels=4096, quality=50)


def shown(version: Version) -> tuple[Picture | Missing, ...]:
    """The pictures of one version, in order."""
    if isinstance(version.work, Article):
        return tuple(figure.picture for figure in figures(version.work.blocks))
    return version.work.pictures


def sources_of(library: Library) -> tuple[Source, ...]:
    """Where the pictures of all versions lie, each once."""
    versions = [version for publication in library.publications for version in publication.versions]
    return tuple(dict.fromkeys(picture.source for version in versions for picture in shown(version)))


def damaged(library: Library, room: Room) -> Iterator[Remark]:
    """One remark for each picture that cannot be decoded whole."""
    sources = sources_of(library)
    jobs = [PageJob(source, (_THUMBNAIL,), -1) for source in sources]
    for made in Darkroom(room.workers).pages(jobs):
        if isinstance(made, Damage):
            yield Remark(made.source.label, Outcome.DAMAGED, made.reason)
