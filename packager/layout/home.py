"""The library: one document a language, complete in itself, with every work's cover inside it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from packager.layout import places
from packager.layout.brief import Brief, Load, Work, base64_bytes, has_pictures, language_name, pixels
from packager.layout.cbz import parts as cbz_parts
from packager.layout.comic import direction_of, length
from packager.layout.places import Place as Where
from packager.layout.places import part_name
from packager.layout.views import Embedded, Frame, HomeView, PictureView, Place, SectionView, WorkView
from packager.layout.words import Words
from packager.model import Comic, Document, Edition, Entry, NameStyle, Rendition, Role

NEUTRAL_TITLE = "index"


def homes(works: tuple[Work, ...], brief: Brief) -> Iterator[Entry]:
    """The home document of each language, the first language's first."""
    for language in brief.languages:
        covers: list[Rendition] = []
        view = _view(works, brief, language, covers)
        path = places.home(language, brief.languages)
        yield brief.document(path, Document("home.html", view, tuple(covers)))


def _view(works: tuple[Work, ...], brief: Brief, language: str, covers: list[Rendition]) -> HomeView:
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
    return HomeView(frame, heading, tuple(_sections(works, brief, language, words, covers)))


def _sections(
    works: tuple[Work, ...], brief: Brief, language: str, words: Words, covers: list[Rendition]
) -> Iterator[SectionView]:
    chosen = _in_language(works, language)

    def heading(work: Work) -> str:
        own = work.publication.section.in_language(language)
        return own or (words.comics if isinstance(work.version.work, Comic) else words.articles)

    order = list(dict.fromkeys(heading(work) for work in chosen))
    by_section = sorted(chosen, key=lambda work: order.index(heading(work)))
    for name, group in groupby(by_section, key=heading):
        yield SectionView(name, tuple(_work(work, brief, language, covers) for work in group))


def _in_language(works: tuple[Work, ...], language: str) -> list[Work]:
    """One version of each publication: that in `language`, else the first."""
    chosen: dict[str, Work] = {}
    for work in works:
        if work.publication.id not in chosen or work.version.language == language:
            chosen[work.publication.id] = work
    return list(chosen.values())


def _work(work: Work, brief: Brief, language: str, covers: list[Rendition]) -> WorkView:
    version = work.version
    title = work.publication.title.exactly(language)
    _, words = brief.words(language)
    return WorkView(
        title=title or version.title,
        language=language if title else version.language,
        direction=direction_of(language if title else version.language, brief),
        href=_address(work.place, brief),
        cover=_cover(work, brief, covers),
        authors=", ".join(version.authors),
        kind=words.comics if isinstance(version.work, Comic) else words.articles,
        length=length(work, words),
        summary=work.publication.summary.exactly(language) or version.summary,
        open_lines=_open_lines(work, brief, words),
        languages=tuple(
            Place(_address(place, brief), language_name(language, brief), language) for language, place in work.others
        ),
    )


def _address(place: Where, brief: Brief) -> str:
    return str(place.index if Edition.SITE in brief.editions else place.phone)


def _cover(work: Work, brief: Brief, covers: list[Rendition]) -> PictureView | None:
    """The work's cover, as long as the document can bear one more."""
    cover = next((shown for shown in work.renditions.of(Role.COVER) if isinstance(shown, Rendition)), None)
    limits = brief.profile.document
    most = Load(limits.max_pixels, limits.max_single_file_bytes * 3 // 4)  # the rest is for the words
    if cover is None or not sum((_load(each) for each in (*covers, cover)), Load()).fits(most):
        return None
    covers.append(cover)
    return PictureView(Embedded(len(covers) - 1), cover.width, cover.height, "")


def _load(cover: Rendition) -> Load:
    return Load(pixels(cover), base64_bytes(cover.size_bytes))


def _open_lines(work: Work, brief: Brief, words: Words) -> tuple[str, ...]:
    lines = []
    if Edition.PHONE in brief.editions:
        lines.append(words.on_a_phone.format(file=work.place.phone))
    if Edition.SITE in brief.editions and has_pictures(work):
        lines.append(words.on_a_player.format(folder=work.place.folder))
    if Edition.CBZ in brief.editions and isinstance(work.version.work, Comic) and has_pictures(work):
        files = [str(part_name(work.place.cbz, number)) for number, _ in enumerate(cbz_parts(work, brief), 1)]
        lines.append(words.in_a_comic_app.format(file=", ".join(files)))
    return tuple(lines)
