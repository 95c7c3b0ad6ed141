"""What files there are: path, order, content and size of every entry, settled before a byte is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from packager.config.profile import Pages
from packager.layout import article, comic, film
from packager.layout.build_input import BuildInput
from packager.layout.home import homes
from packager.layout.phone import phone
from packager.layout.photo import contents, photo
from packager.layout.works import WorkLayout, works
from packager.model import AllRenditions, Article, Comic, Edition, Entry, VersionKey


@dataclass(frozen=True, slots=True)
class EntryGroup:
    """What one edition holds of one version of a publication; the `work` is None for what lists all of them."""

    edition: Edition
    work: VersionKey | None
    entries: tuple[Entry, ...]

    @property
    def size_bytes(self) -> int:
        """The bytes of its files."""
        return sum(entry.size_bytes for entry in self.entries)


def _site(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    if isinstance(work.version.work, Comic):
        return comic.site(work, build)
    return article.site(work, build) if isinstance(work.version.work, Article) else film.site(work, build)


def _cbz(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    return comic.cbz(work, build) if isinstance(work.version.work, Comic) else iter(())


EDITIONS: dict[Edition, Callable[[WorkLayout, BuildInput], Iterator[Entry]]] = {
    Edition.SITE: _site,
    Edition.PHONE: phone,
    Edition.CBZ: _cbz,
    Edition.PHOTO: photo,
}


def lay_out(build: BuildInput, renditions: AllRenditions) -> tuple[EntryGroup, ...]:
    """Every file of the tree in the order in which it will be written, which is the order of reading."""
    every = works(build, renditions)
    if build.profile.pages is Pages.NONE:  # where folders are gone through by number, they are written so
        every = tuple(sorted(every, key=lambda work: work.paths.number))
    groups = []
    if build.profile.pages is Pages.SITE:
        groups.append(EntryGroup(Edition.SITE, None, tuple(homes(every, build))))
    elif Edition.PHOTO in build.editions:
        groups.append(EntryGroup(Edition.PHOTO, None, tuple(contents(build, renditions))))
    for edition, make in EDITIONS.items():
        made = [work for work in every if edition in work.editions]
        groups += [EntryGroup(edition, work.key, tuple(make(work, build))) for work in made]
    return tuple(groups)
