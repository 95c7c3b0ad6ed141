"""What files there are: path, order, media type, content and size of every entry, settled before a byte is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from packager.config.profile import Pages
from packager.layout import article, comic
from packager.layout.brief import Brief, Work, works
from packager.layout.cbz import cbz
from packager.layout.home import homes
from packager.layout.phone import phone
from packager.layout.photo import contents, photo
from packager.layout.words import Dictionary
from packager.model import Comic, Edition, Entry, Publication


def _site(work: Work, brief: Brief) -> Iterator[Entry]:
    return comic.site(work, brief) if isinstance(work.version.work, Comic) else article.site(work, brief)


def _cbz(work: Work, brief: Brief) -> Iterator[Entry]:
    return cbz(work, brief) if isinstance(work.version.work, Comic) else iter(())


EDITIONS: dict[Edition, Callable[[Work, Brief], Iterator[Entry]]] = {
    Edition.SITE: _site,
    Edition.PHONE: phone,
    Edition.CBZ: _cbz,
    Edition.PHOTO: photo,
}


def lay_out(brief: Brief) -> tuple[Entry, ...]:
    """Every file of the tree in the order in which it will be written, which is the order of reading."""
    every = works(brief)
    entries = list(homes(every, brief)) if brief.profile.pages is Pages.SITE else []
    if brief.profile.pages is Pages.NONE and Edition.PHOTO in brief.editions:
        entries += contents(brief)
    for edition, make in EDITIONS.items():
        if edition in brief.editions:
            for work in every:
                entries.extend(make(work, brief))
    return tuple(entries)


def languages(publications: tuple[Publication, ...], dictionary: Dictionary) -> tuple[str, ...]:
    """The languages of the documents' own words when the organizer names none: those of the works we have words in."""
    spoken = [version.language for publication in publications for version in publication.versions]
    known = [language for language in dict.fromkeys(spoken) if language in dictionary]
    return tuple(known) or ("en",)
