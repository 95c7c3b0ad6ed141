"""The library: one document a language, complete in itself; a large one lists all works, with covers on more pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from packager.layout import lists, places
from packager.layout.brief import Brief, Load, Work, language_name
from packager.layout.cards import cards, in_language, sections
from packager.layout.comic import direction_of
from packager.layout.places import SHELVES_ABOVE
from packager.layout.views import ElsewhereView, Frame, HomeView, Place, SectionView, TitleView
from packager.model import Document, Entry, NameStyle, Publication

NEUTRAL_TITLE = "index"


def homes(works: tuple[Work, ...], brief: Brief) -> Iterator[Entry]:
    """The home document of each language, the first language's first; then the further pages of each."""
    further: list[Entry] = []
    for language in brief.languages:
        chosen = in_language(works, language, brief.languages)
        path = places.home(language, brief.languages)
        if len(chosen) <= SHELVES_ABOVE:
            yield _with_covers(chosen, brief, language, path)
            continue
        leaves = lists.cover_leaves(chosen, brief, language)
        letters = lists.title_leaves(chosen, brief, language)
        yield _as_list(chosen, brief, language, (leaves, letters))
        further += lists.cover_pages(leaves, brief, language)
        further += lists.title_pages(letters, brief, language)
    yield from further


def _with_covers(works: Sequence[Work], brief: Brief, language: str, path: PurePosixPath) -> Entry:
    """All works with their covers, as many of these as the document can bear."""
    limits = brief.profile.document
    most = Load(limits.max_pixels, limits.max_single_file_bytes * 3 // 4)  # the rest is for the words
    shown, covers = cards(works, brief, language, path, most)
    view = _view(brief, language, sections(works, shown, brief, language))
    return brief.document(path, Document("home.html", view, covers))


def _as_list(works: Sequence[Work], brief: Brief, language: str, leaves: tuple[lists.Leaves, lists.Leaves]) -> Entry:
    """All works in a line each, and the way to the pages with their covers and to those in the order of titles."""
    path = places.home(language, brief.languages)
    shown, _ = cards(works, brief, language, path, Load())
    with_covers, by_title = leaves
    listed = tuple(
        SectionView(section.heading, section.works, lists.links(with_covers, path, section.heading), is_list=True)
        for section in sections(works, shown, brief, language)
    )
    letters = lists.letters(by_title, path)
    return brief.document(path, Document("home.html", _view(brief, language, listed, letters)))


def _view(brief: Brief, language: str, shown: tuple[SectionView, ...], letters: tuple[Place, ...] = ()) -> HomeView:
    spoken, words = brief.words(language)
    heading = brief.title.in_language(language) or words.library
    frame = Frame(
        language=spoken,
        direction=words.direction,
        words=words,
        title=heading if brief.names is NameStyle.TITLES else NEUTRAL_TITLE,
        has_files=False,
        languages=tuple(
            Place(str(places.home(other, brief.languages)), language_name(other, brief), other)
            for other in brief.languages
            if other != language
        ),
    )
    return HomeView(
        frame,
        heading,
        shown,
        letters,
        can_be_searched=sum(len(each.works) for each in shown) > 1,
        elsewhere=tuple(
            ElsewhereView(
                words.elsewhere.format(folder=other.folder),
                tuple(_title(publication, brief, language) for publication in other.publications),
            )
            for other in brief.elsewhere
        ),
    )


def _title(publication: Publication, brief: Brief, language: str) -> TitleView:
    """The title for readers of `language`: the organizer's in it, else that of the version they would be shown."""
    versions = publication.versions
    version = next((each for each in versions if each.language == language), versions[0])
    title = publication.title.exactly(language)
    spoken = language if title else version.language
    return TitleView(title or version.title, spoken, direction_of(spoken, brief))
