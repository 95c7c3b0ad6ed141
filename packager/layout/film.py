"""The site edition of a film or of sound: a document that leads to its files, and these."""

from __future__ import annotations

from collections.abc import Iterator

from packager.layout.build_input import BuildInput
from packager.layout.views import FilmView, LinkView, PictureView
from packager.layout.works import WorkLayout, byline, credit_lines, picture_entry, site_frame
from packager.model import Document, Entry, Film, Rendition, Role

POSTER = "poster.jpg"


def site(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The documents, the poster and the files of one version."""
    files = [shown for shown in work.renditions.of(_role(work)) if isinstance(shown, Rendition)]
    names = [f"{number:02}{file.path.suffix}" for number, file in enumerate(files, 1)]
    picture = next((shown for shown in work.renditions.of(Role.PAGE) if isinstance(shown, Rendition)), None)
    for language in work.paths.languages:
        view = FilmView(
            site_frame(work, build, 1, 1, language),
            byline(work, build, language, is_first=True),
            PictureView(POSTER, picture.width, picture.height, "") if picture else None,
            tuple(LinkView(name, name) for name in names),
            credit_lines(work),
        )
        yield build.document(work.paths.document(1, language), Document("film.html", view))
    if picture:
        yield picture_entry(work.paths.folder / POSTER, picture)
    for name, file in zip(names, files, strict=True):
        yield picture_entry(work.paths.folder / name, file)


def _role(work: WorkLayout) -> Role:
    return Role.FILM if isinstance(work.version.work, Film) else Role.TRACK
