"""The library: one document a language, complete in itself; a large one lists all works, with covers on more pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from packager.layout import places
from packager.layout.build_input import BuildInput
from packager.layout.cards import cards, cover_load, openings
from packager.layout.interface_words import Words
from packager.layout.news import news_section
from packager.layout.places import FOLDERS_ABOVE
from packager.layout.runs import Load, split, text_bytes
from packager.layout.views import (
    ElsewhereView,
    Frame,
    HomeView,
    LinkView,
    SectionView,
    TextView,
    WorkView,
)
from packager.layout.works import WorkLayout, title_for
from packager.model import Article, Comic, Document, Entry, Film, NameStyle, Publication, Sound
from packager.text.initials import initial, sort_key

NEUTRAL_TITLE = "index"
PAGE_BYTES = 600_000  # docs/devices.md section 2: opens within a second on a slow phone
FRAME_BYTES = 24_000  # style, script and links of such a page
CARD_BYTES = 1_500  # the markup around one work
TITLES = 200  # in one page of titles, at least, as long as there are more


@dataclass(frozen=True, slots=True)
class ListPage:
    """One further page: its file, what it lists, and the headings that lead to it, section or letters."""

    path: PurePosixPath
    headings: tuple[str, ...]
    works: tuple[WorkLayout, ...]


ListPages = tuple[ListPage, ...]


def homes(works: tuple[WorkLayout, ...], build: BuildInput) -> Iterator[Entry]:
    """The home document of each language, the first language's first; then the further pages of each."""
    further: list[Entry] = []
    for language in build.languages:
        chosen = [work for work in works if work.version is work.publication.version_for(language)]
        if len(chosen) <= FOLDERS_ABOVE:
            yield _with_covers(chosen, build, language)
            continue
        with_covers, by_title = _pages_with_covers(chosen, build, language), _pages_by_title(chosen, build, language)
        yield _as_list(chosen, build, language, with_covers, by_title)
        further += _cover_documents(with_covers, build, language)
        further += _title_documents(by_title, build, language)
    yield from further


def _with_covers(works: Sequence[WorkLayout], build: BuildInput, language: str) -> Entry:
    """All works with their covers, as many of these as the document can bear."""
    path = places.home(language, build.languages)
    limits = build.profile.document
    most = Load(limits.max_pixels, limits.max_single_file_bytes * 3 // 4)  # the rest is for the words
    views, covers = cards(works, build, language, path, most)
    new = news_section(works, build, language, path)
    view = _home_view(build, language, works, (*new, *_sections(works, views, build, language)))
    return build.document(path, Document("home.html", view, covers))


def _as_list(
    works: Sequence[WorkLayout], build: BuildInput, language: str, with_covers: ListPages, by_title: ListPages
) -> Entry:
    """All works in a line each, and the way to the pages with their covers and to those in the order of titles."""
    path = places.home(language, build.languages)
    views, _ = cards(works, build, language, path, Load())
    in_sections = tuple(
        SectionView(section.heading, section.works, _links(with_covers, path, section.heading), is_list=True)
        for section in _sections(works, views, build, language)
    )
    new = news_section(works, build, language, path)
    view = _home_view(build, language, works, (*new, *in_sections), _letters(by_title, path))
    return build.document(path, Document("home.html", view))


def _home_view(
    build: BuildInput,
    language: str,
    works: Sequence[WorkLayout],
    sections: tuple[SectionView, ...],
    letters: tuple[LinkView, ...] = (),
) -> HomeView:
    words = build.words(language)
    heading = build.definition.title.in_language(language) or words.library
    frame = Frame(
        words=words,
        reader=language,
        title=heading if build.definition.names is NameStyle.TITLES else NEUTRAL_TITLE,
        has_files=False,
        languages=tuple(
            LinkView(str(places.home(other, build.languages)), build.name_of(other), other)
            for other in build.languages
            if other != language
        ),
    )
    elsewhere = tuple(
        ElsewhereView(
            words.elsewhere.format(folder=other.folder),
            tuple(_title_view(publication, build, language) for publication in other.publications),
        )
        for other in build.elsewhere
    )
    return HomeView(
        frame, heading, sections, letters, openings(works, build, words), len(works) > 1, elsewhere, build.has_search
    )


def _title_view(publication: Publication, build: BuildInput, language: str) -> TextView:
    """The title for readers of `language`, of the version that they would be shown."""
    title, spoken = title_for(publication, publication.version_for(language), language)
    series = publication.series.in_language(language)
    return TextView(title if series in title else f"{series} · {title}", spoken, build.direction_of(spoken))


def _pages_with_covers(works: Sequence[WorkLayout], build: BuildInput, language: str) -> ListPages:
    """The works with their covers, section by section, on pages of at most 600 KB."""
    words = build.words(language)
    most = Load(build.profile.document.max_pixels, PAGE_BYTES - FRAME_BYTES)
    runs = [
        (heading, run)
        for heading, group in groupby(works, key=lambda work: _section_name(work, language, words))
        for run in split(tuple(group), _card_load, most)
    ]
    return tuple(
        ListPage(places.list_page(language, build.languages, str(number)), (heading,), run)
        for number, (heading, run) in enumerate(runs, 1)
    )


def _card_load(work: WorkLayout) -> Load:
    version = work.version
    wordings = work.publication.title.forms + work.publication.summary.forms
    texts = [version.title, version.summary, *version.authors, *(text for _, text in wordings)]
    return cover_load(work) + Load(size_bytes=CARD_BYTES + text_bytes(texts))


def _pages_by_title(works: Sequence[WorkLayout], build: BuildInput, language: str) -> ListPages:
    """The works in the order of their titles, on pages of whole letters."""
    by_title = sorted(works, key=lambda work: sort_key(_title_of(work, language), language))
    pages: list[tuple[list[str], list[WorkLayout]]] = [([], [])]
    for letter, group in groupby(by_title, key=lambda work: initial(_title_of(work, language), language)):
        if len(pages[-1][1]) >= TITLES:
            pages.append(([], []))
        pages[-1][0].append(letter.label)
        pages[-1][1].extend(group)
    return tuple(
        ListPage(places.list_page(language, build.languages, f"a{number}"), tuple(headings), tuple(run))
        for number, (headings, run) in enumerate(pages, 1)
    )


def _cover_documents(pages: ListPages, build: BuildInput, language: str) -> Iterator[Entry]:
    """The pages with covers, each linked to its neighbours and to those of its section."""
    for before, page, after in _with_neighbours(pages):
        heading = page.headings[0]
        frame = _page_frame(build, language, page, (before, after), _links(pages, page.path, heading))
        views, covers = cards(page.works, build, language, page.path, Load(PAGE_BYTES * 1000, PAGE_BYTES))
        view = HomeView(frame, heading, (SectionView("", views),))
        yield build.document(page.path, Document("home.html", view, covers))


def _title_documents(pages: ListPages, build: BuildInput, language: str) -> Iterator[Entry]:
    """The pages in the order of titles, each with the way to all letters."""
    for before, page, after in _with_neighbours(pages):
        frame = _page_frame(build, language, page, (before, after), ())
        views, _ = cards(page.works, build, language, page.path, Load())
        pairs = zip(page.works, views, strict=True)
        lettered = tuple(
            SectionView(letter.label, tuple(view for _, view in group), is_list=True)
            for letter, group in groupby(pairs, key=lambda pair: initial(_title_of(pair[0], language), language))
        )
        view = HomeView(frame, frame.words.by_title, lettered, _letters(pages, page.path))
        yield build.document(page.path, Document("home.html", view))


def _with_neighbours(pages: ListPages) -> Iterator[tuple[ListPage | None, ListPage, ListPage | None]]:
    return zip((None, *pages), pages, (*pages[1:], None), strict=False)


def _links(pages: ListPages, here: PurePosixPath, heading: str) -> tuple[LinkView, ...]:
    """The way from the document `here` to the pages of one section, by number."""
    own = [page for page in pages if heading in page.headings]
    return tuple(LinkView(places.link(here, page.path), str(number)) for number, page in enumerate(own, 1))


def _letters(pages: ListPages, here: PurePosixPath) -> tuple[LinkView, ...]:
    """The way from the document `here` to every letter; no address for those that stand on it."""
    return tuple(
        LinkView("" if page.path == here else places.link(here, page.path), letter)
        for page in pages
        for letter in page.headings
    )


def _page_frame(
    build: BuildInput,
    language: str,
    page: ListPage,
    neighbours: tuple[ListPage | None, ListPage | None],
    parts: tuple[LinkView, ...],
) -> Frame:
    words = build.words(language)
    before, after = neighbours
    heading = build.definition.title.in_language(language) or words.library
    return Frame(
        words=words,
        reader=language,
        title=f"{heading} - {page.path.stem}" if build.definition.names is NameStyle.TITLES else page.path.stem,
        has_files=False,
        previous=LinkView(places.link(page.path, before.path), words.previous) if before else None,
        up=LinkView(places.link(page.path, places.home(language, build.languages)), words.all_works),
        next=LinkView(places.link(page.path, after.path), words.next) if after else None,
        here=next((part.text for part in parts if part.href == page.path.name), ""),
        parts=parts if len(parts) > 1 else (),
    )


def _title_of(work: WorkLayout, language: str) -> str:
    """The title for readers of `language`: the organizer's in it, else the version's own."""
    return work.publication.title.exactly(language) or work.version.title


def _section_name(work: WorkLayout, language: str, words: Words) -> str:
    """The heading under which the work stands."""
    own = work.publication.section.in_language(language)
    by_kind = {Comic: words.comics, Article: words.articles, Film: words.films, Sound: words.sound}
    return own or by_kind[type(work.version.work)]


def _sections(
    works: Sequence[WorkLayout], shown: Sequence[WorkView], build: BuildInput, language: str
) -> tuple[SectionView, ...]:
    """The works as they are shown, under their headings."""
    words = build.words(language)
    pairs = zip(works, shown, strict=True)
    return tuple(
        SectionView(name, tuple(view for _, view in group))
        for name, group in groupby(pairs, key=lambda pair: _section_name(pair[0], language, words))
    )
