"""The library: one document a language, complete in itself; a large one lists all works, with covers on more pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from packager.layout import lists, places
from packager.layout.build_input import BuildInput
from packager.layout.cards import cards, in_language, sections
from packager.layout.comic import direction_of
from packager.layout.places import SHELVES_ABOVE
from packager.layout.runs import Load
from packager.layout.views import ElsewhereView, Frame, HomeView, LinkView, SectionView, TitleView
from packager.layout.works import WorkLayout, language_name
from packager.model import Document, Entry, NameStyle, Publication

NEUTRAL_TITLE = "index"


def homes(works: tuple[WorkLayout, ...], build: BuildInput) -> Iterator[Entry]:
    """The home document of each language, the first language's first; then the further pages of each."""
    further: list[Entry] = []
    for language in build.languages:
        chosen = in_language(works, language, build.languages)
        path = places.home(language, build.languages)
        if len(chosen) <= SHELVES_ABOVE:
            yield _with_covers(chosen, build, language, path)
            continue
        leaves = lists.cover_leaves(chosen, build, language)
        letters = lists.title_leaves(chosen, build, language)
        yield _as_list(chosen, build, language, (leaves, letters))
        further += lists.cover_pages(leaves, build, language)
        further += lists.title_pages(letters, build, language)
    yield from further


def _with_covers(works: Sequence[WorkLayout], build: BuildInput, language: str, path: PurePosixPath) -> Entry:
    """All works with their covers, as many of these as the document can bear."""
    limits = build.profile.document
    most = Load(limits.max_pixels, limits.max_single_file_bytes * 3 // 4)  # the rest is for the words
    shown, covers = cards(works, build, language, path, most)
    view = _view(build, language, sections(works, shown, build, language))
    return build.document(path, Document("home.html", view, covers))


def _as_list(
    works: Sequence[WorkLayout], build: BuildInput, language: str, leaves: tuple[lists.Leaves, lists.Leaves]
) -> Entry:
    """All works in a line each, and the way to the pages with their covers and to those in the order of titles."""
    path = places.home(language, build.languages)
    shown, _ = cards(works, build, language, path, Load())
    with_covers, by_title = leaves
    listed = tuple(
        SectionView(section.heading, section.works, lists.links(with_covers, path, section.heading), is_list=True)
        for section in sections(works, shown, build, language)
    )
    letters = lists.letters(by_title, path)
    return build.document(path, Document("home.html", _view(build, language, listed, letters)))


def _view(
    build: BuildInput, language: str, shown: tuple[SectionView, ...], letters: tuple[LinkView, ...] = ()
) -> HomeView:
    spoken, words = build.words(language)
    heading = build.definition.title.in_language(language) or words.library
    frame = Frame(
        language=spoken,
        direction=words.direction,
        words=words,
        title=heading if build.definition.names is NameStyle.TITLES else NEUTRAL_TITLE,
        has_files=False,
        languages=tuple(
            LinkView(str(places.home(other, build.languages)), language_name(other, build), other)
            for other in build.languages
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
                tuple(_title(publication, build, language) for publication in other.publications),
            )
            for other in build.elsewhere
        ),
    )


def _title(publication: Publication, build: BuildInput, language: str) -> TitleView:
    """The title for readers of `language`: the organizer's in it, else that of the version they would be shown."""
    versions = publication.versions
    version = next((each for each in versions if each.language == language), versions[0])
    title = publication.title.exactly(language)
    spoken = language if title else version.language
    return TitleView(title or version.title, spoken, direction_of(spoken, build))
