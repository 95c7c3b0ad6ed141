"""What the library shows of each work: its cover, what is said of it, and what to open on other devices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from packager.layout import places
from packager.layout.build_input import BuildInput, base64_bytes
from packager.layout.comic import cbz_parts
from packager.layout.epub import epub_parts
from packager.layout.film import to_open
from packager.layout.interface_words import Words
from packager.layout.pdf import pdf_parts
from packager.layout.photo import photo_folders
from packager.layout.places import WorkPaths
from packager.layout.runs import Load, pixels
from packager.layout.views import Embedded, LinkView, PictureView, WorkView
from packager.layout.works import WorkLayout, clock, language_name, length, title_for
from packager.model import Article, Comic, Edition, Rendition, Role


def cards(
    works: Iterable[WorkLayout], build: BuildInput, language: str, page: PurePosixPath, most: Load
) -> tuple[tuple[WorkView, ...], tuple[Rendition, ...]]:
    """The works as the document `page` shows them, and the covers set into it: as many as load it with `most`."""
    shown: list[WorkView] = []
    covers: list[Rendition] = []
    filled = Load()
    for work in works:
        cover, more = _cover_of(work), filled + cover_load(work)
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
    version, publication = work.version, work.publication
    title, spoken = title_for(publication, version, language)
    words = build.words(language)
    every = (*(each.title for each in publication.versions), *(text for _, text in publication.title.forms))
    return WorkView(
        title=title,
        language=spoken,
        direction=build.direction_of(spoken),
        href=places.link(page, _address(work.paths, work.editions, language)),
        cover=cover,
        authors=", ".join(version.authors),
        series=publication.series.in_language(language),
        length=length(work, words),
        summary=publication.summary.exactly(language) or version.summary,
        files=tuple(_files(work, build, page)),
        spoken=language_name(version.language, build, words),
        languages=tuple(
            LinkView(places.link(page, _address(place, work.editions, language)), build.name_of(other), other)
            for other, place in work.others
        ),
        time=clock(work.seconds) if version.recordings else "",
        other_titles=tuple(dict.fromkeys(text for text in every if text != title)),
    )


def _cover_of(work: WorkLayout) -> Rendition | None:
    """The picture that stands for the work."""
    return next((shown for shown in work.renditions.of(Role.COVER) if isinstance(shown, Rendition)), None)


def cover_load(work: WorkLayout) -> Load:
    """What the work's cover puts on a document that holds it."""
    cover = _cover_of(work)
    return Load(pixels(cover), base64_bytes(cover.size_bytes)) if cover else Load()


def _address(place: WorkPaths, editions: tuple[Edition, ...], language: str) -> PurePosixPath:
    return place.document(1, language) if Edition.SITE in editions else place.phone


def _files(work: WorkLayout, build: BuildInput, page: PurePosixPath) -> Iterator[LinkView]:
    """What to look for on other devices, also of versions that no library shows: `openings` says once what for.

    Its folders are named only where there are no files for phones, which are called like them. Of films and sound that
    is what they are opened by everywhere.
    """
    every = (work, *work.unlisted)
    for each in every:
        yield from (LinkView(places.link(page, path), str(path)) for path in to_open(each, build))
    phones = [each.paths.phone for each in every if _has_phone_file(each)]
    folders = [f"{folder}/" for each in every for folder in _folders(each, build) if not phones]
    yield from (LinkView(places.link(page, phone), str(phone)) for phone in phones)
    yield from (
        LinkView("", name)
        for name in (
            *folders,
            *(
                str(file)
                for of_work in (_comic_books, _books, _papers)
                for each in every
                for file in of_work(each, build)
            ),
        )
    )


def _has_phone_file(work: WorkLayout) -> bool:
    return Edition.PHONE in work.editions and not work.version.recordings


def _folders(work: WorkLayout, build: BuildInput) -> list[PurePosixPath]:
    """The folders in which a player finds the work as pictures: of an article its pages, where they were made."""
    if work.version.recordings:
        return []
    if Edition.PHOTO in work.editions and work.renditions.of(Role.PHOTO):
        return photo_folders(work, build)
    return [work.paths.folder] if Edition.SITE in work.editions and work.has_pictures else []


def _comic_books(work: WorkLayout, build: BuildInput) -> list[PurePosixPath]:
    """The CBZ files of a comic, where they are made."""
    if Edition.CBZ not in work.editions or not isinstance(work.version.work, Comic):
        return []
    return [places.part_name(work.paths.cbz, number) for number, _ in enumerate(cbz_parts(work, build), 1)]


def _books(work: WorkLayout, build: BuildInput) -> list[PurePosixPath]:
    """The EPUB files of a work, where they are made."""
    if Edition.EPUB not in work.editions or not isinstance(work.version.work, Comic | Article):
        return []
    parts = len(epub_parts(work, build)) if isinstance(work.version.work, Comic) else 1
    return [places.part_name(work.paths.epub, number) for number in range(1, parts + 1)]


def _papers(work: WorkLayout, build: BuildInput) -> list[PurePosixPath]:
    """The PDF files of a work, where they are made."""
    if Edition.PDF not in work.editions or not isinstance(work.version.work, Comic | Article):
        return []
    parts = len(pdf_parts(work, build)) if isinstance(work.version.work, Comic) else len(work.renditions.of(Role.PDF))
    return [places.part_name(work.paths.pdf, number) for number in range(1, parts + 1)]


def openings(works: Iterable[WorkLayout], build: BuildInput, words: Words) -> tuple[str, ...]:
    """What to open on other devices, a line for each edition that is made, with the first work that has it."""
    listed = tuple(works)
    phones = [work.paths.phone for work in listed if _has_phone_file(work)]
    folders = [folder for work in listed for folder in _folders(work, build)[:1]]
    comic_books = [file for work in listed for file in _comic_books(work, build)[:1]]
    books = [file for work in listed for file in _books(work, build)[:1]]
    papers = [file for work in listed for file in _papers(work, build)[:1]]
    recordings = [path for work in listed for path in to_open(work, build)[:1]]
    return (
        *(words.on_a_phone.format(file=file) for file in phones[:1]),
        *(words.on_a_player.format(folder=folder) for folder in folders[:1]),
        *(words.in_a_comic_app.format(file=file) for file in comic_books[:1]),
        *(words.in_a_book_app.format(file=file) for file in books[:1]),
        *(words.on_paper.format(file=file) for file in papers[:1]),
        *(words.in_a_media_app.format(file=path) for path in recordings[:1]),
    )
