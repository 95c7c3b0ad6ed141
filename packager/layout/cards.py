"""A publication as the library lists it: its title, its cover, and what to open on which device."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import PurePosixPath

from packager.layout import places
from packager.layout.build_input import BuildInput, base64_bytes
from packager.layout.comic import cbz_parts
from packager.layout.interface_words import Words
from packager.layout.photo import photo_folders
from packager.layout.places import WorkPaths, part_name
from packager.layout.runs import Load, pixels
from packager.layout.views import Embedded, LinkView, PictureView, SectionView, WorkView
from packager.layout.works import WorkLayout, length
from packager.model import Comic, Edition, Rendition, Role


def title_of(work: WorkLayout, language: str) -> str:
    """The title for readers of `language`: the organizer's in it, else the version's own."""
    return work.publication.title.exactly(language) or work.version.title


def section_name(work: WorkLayout, language: str, words: Words) -> str:
    """The heading under which the work stands."""
    own = work.publication.section.in_language(language)
    return own or (words.comics if isinstance(work.version.work, Comic) else words.articles)


def sections(
    works: Sequence[WorkLayout], shown: Sequence[WorkView], build: BuildInput, language: str
) -> tuple[SectionView, ...]:
    """The works as they are shown, under their headings."""
    words = build.words(language)
    pairs = zip(works, shown, strict=True)
    return tuple(
        SectionView(name, tuple(view for _, view in group))
        for name, group in groupby(pairs, key=lambda pair: section_name(pair[0], language, words))
    )


def cards(
    works: Iterable[WorkLayout], build: BuildInput, language: str, page: PurePosixPath, most: Load
) -> tuple[tuple[WorkView, ...], tuple[Rendition, ...]]:
    """The works as the document `page` shows them, and the covers set into it: as many as load it with `most`."""
    shown: list[WorkView] = []
    covers: list[Rendition] = []
    filled = Load()
    for work in works:
        cover, more = cover_of(work), filled + cover_load(work)
        picture = None
        if cover and more.fits(most):
            picture = PictureView(Embedded(len(covers)), cover.width, cover.height, "")
            covers.append(cover)
            filled = more
        shown.append(_card(work, build, language, page, picture))
    return tuple(shown), tuple(covers)


def _card(
    work: WorkLayout, build: BuildInput, language: str, page: PurePosixPath, cover: PictureView | None
) -> WorkView:
    version = work.version
    title = work.publication.title.exactly(language)
    spoken = language if title else version.language
    words = build.words(language)
    return WorkView(
        title=title or version.title,
        language=spoken,
        direction=build.direction_of(spoken),
        href=places.link(page, _address(work.paths, build)),
        cover=cover,
        authors=", ".join(version.authors),
        series=work.publication.series.in_language(language),
        length=f"{words.comic if isinstance(version.work, Comic) else words.article} · {length(work, words)}",
        summary=work.publication.summary.exactly(language) or version.summary,
        open_lines=_open_lines(work, build, words),
        opens=_opens(work, build),
        languages=tuple(
            LinkView(places.link(page, _address(place, build)), build.name_of(other), other)
            for other, place in work.others
        ),
    )


def cover_of(work: WorkLayout) -> Rendition | None:
    """The picture that stands for the work."""
    return next((shown for shown in work.renditions.of(Role.COVER) if isinstance(shown, Rendition)), None)


def cover_load(work: WorkLayout) -> Load:
    """What the work's cover puts on a document that holds it."""
    cover = cover_of(work)
    return Load(pixels(cover), base64_bytes(cover.size_bytes)) if cover else Load()


def _address(place: WorkPaths, build: BuildInput) -> PurePosixPath:
    return place.index if Edition.SITE in build.editions else place.phone


def _opens(work: WorkLayout, build: BuildInput) -> tuple[str, ...]:
    """The file for a phone and the folder for a player, as text."""
    file = [str(work.paths.phone)] if Edition.PHONE in build.editions else []
    return (*file, *(f"{folder}/" for folder in _folders(work, build)))


def _folders(work: WorkLayout, build: BuildInput) -> list[PurePosixPath]:
    """The folders in which a player finds the work as pictures: of an article its pages, where they were made."""
    if Edition.PHOTO in build.editions and work.renditions.of(Role.PHOTO):
        return photo_folders(work, build)
    return [work.paths.folder] if Edition.SITE in build.editions and work.has_pictures else []


def _open_lines(work: WorkLayout, build: BuildInput, words: Words) -> tuple[str, ...]:
    lines = []
    if Edition.PHONE in build.editions:
        phones = [str(each.paths.phone) for each in (work, *work.unlisted)]
        lines.append(words.on_a_phone.format(file=", ".join(phones)))
    unlisted = work.unlisted if Edition.PHOTO in build.editions else ()
    if folders := [str(folder) for each in (work, *unlisted) for folder in _folders(each, build)]:
        lines.append(words.on_a_player.format(folder=", ".join(folders)))
    if Edition.CBZ in build.editions:
        files = [name for each in (work, *work.unlisted) for name in _cbz_names(each, build)]
        if files:
            lines.append(words.in_a_comic_app.format(file=", ".join(files)))
    return tuple(lines)


def _cbz_names(work: WorkLayout, build: BuildInput) -> list[str]:
    if not isinstance(work.version.work, Comic):
        return []
    return [str(part_name(work.paths.cbz, number)) for number, _ in enumerate(cbz_parts(work, build), 1)]
