"""What files there are: path, order, content and size of every entry, settled before a byte is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from packager.config.profile import Pages
from packager.layout import article, comic, epub, film, pdf, phone, photo, search
from packager.layout.build_input import BuildInput
from packager.layout.home import homes
from packager.layout.photo import contents
from packager.layout.works import WorkLayout, works
from packager.model import AllRenditions, Article, Comic, Edition, Entry, Film, Sound, VersionKey


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


Make = Callable[[WorkLayout, BuildInput], Iterator[Entry]]
_COMIC: dict[Edition, Make] = {
    Edition.SITE: comic.site,
    Edition.PHONE: phone.phone,
    Edition.CBZ: comic.cbz,
    Edition.EPUB: epub.epub,
    Edition.PDF: pdf.pdf,
    Edition.PHOTO: photo.photo,
}
_ARTICLE: dict[Edition, Make] = {
    Edition.SITE: article.site,
    Edition.PHONE: phone.phone,
    Edition.EPUB: epub.epub,
    Edition.PDF: pdf.pdf,
    Edition.PHOTO: photo.photo,
}
_FILM: dict[Edition, Make] = {
    Edition.SITE: film.site,
    Edition.PHOTO: film.photo,
}
MADE = {Comic: _COMIC, Article: _ARTICLE, Film: _FILM, Sound: _FILM}


def _entries(edition: Edition, work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    make = MADE[type(work.version.work)].get(edition)
    return make(work, build) if make else iter(())


def lay_out(build: BuildInput, renditions: AllRenditions) -> Iterator[EntryGroup]:
    """Yield every file of the tree in the order in which it will be written, which is the order of reading."""
    every = works(build, renditions)
    if build.profile.pages is Pages.NONE:  # where folders are gone through by number, they are written so
        every = tuple(sorted(every, key=lambda work: (work.paths.number, work.paths.own_number)))
    if build.profile.pages is Pages.SITE:
        yield EntryGroup(Edition.SITE, None, tuple(homes(every, build)))
    elif Edition.PHOTO in build.editions:
        yield EntryGroup(Edition.PHOTO, None, tuple(contents(build, renditions)))
    for edition in Edition:
        is_searched = edition is Edition.SITE and build.has_search
        texts: list[search.Units] = []
        for work in every:
            if edition in work.editions:
                entries = tuple(_entries(edition, work, build))
                texts += [search.units_of(work, entries)] if is_searched else []
                yield EntryGroup(edition, work.key, entries)
        if is_searched:
            yield EntryGroup(edition, None, tuple(search.search(texts, build)))
