"""The works of a library as they are laid out, each with its paths and neighbours, and what frames their documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from packager.layout import places
from packager.layout.build_input import BuildInput
from packager.layout.places import VersionKey, WorkPaths
from packager.layout.views import Frame, LinkView
from packager.layout.words import Words, language_in
from packager.model import Copy, Edition, Entry, NameStyle, Publication, Rendition, Renditions, Version

JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class WorkLayout:
    """One version of a publication, its place, its renditions and its neighbours in the library.

    `others` are the publication's further versions: language and place. `unlisted` are those that no library shows,
    whose files are named beside this one.
    """

    publication: Publication
    version: Version
    paths: WorkPaths
    renditions: Renditions
    previous: WorkPaths | None
    next: WorkPaths | None
    others: tuple[tuple[str, WorkPaths], ...] = ()
    unlisted: tuple[WorkLayout, ...] = ()


def works(build: BuildInput, renditions: Mapping[VersionKey, Renditions]) -> tuple[WorkLayout, ...]:
    """Every version of every publication, in the order of the library, with its renditions."""
    publications, where = build.library.publications, build.paths
    found = []
    for index, publication in enumerate(publications):
        for version in publication.versions:
            before = publications[index - 1] if index else None
            after = publications[index + 1] if index + 1 < len(publications) else None
            key = publication.id, version.language
            found.append(
                WorkLayout(
                    publication,
                    version,
                    where[key],
                    renditions[key],
                    _neighbour(before, version.language, where),
                    _neighbour(after, version.language, where),
                    tuple(
                        (other.language, where[publication.id, other.language])
                        for other in publication.versions
                        if other is not version
                    ),
                )
            )
    return tuple(found)


def _neighbour(
    publication: Publication | None, language: str, where: Mapping[VersionKey, WorkPaths]
) -> WorkPaths | None:
    if publication is None:
        return None
    return where.get((publication.id, language), where[publication.id, publication.versions[0].language])


def site_frame(work: WorkLayout, build: BuildInput, number: int, total: int) -> Frame:
    """The frame of document `number` of `total` of a site edition: its notice and its links."""
    language, words = build.words(work.version.language)
    here = work.paths.folder / places.document_name(number)
    homes = places.home(language, build.languages)

    def document(target: int) -> PurePosixPath:
        return work.paths.folder / places.document_name(target)

    before = document(number - 1) if number > 1 else work.previous and work.previous.index
    after = document(number + 1) if number < total else work.next and work.next.index
    return Frame(
        language=language,
        direction=words.direction,
        words=words,
        title=document_title(work, build, number),
        has_files=True,
        notice=_site_notice(work, build, words),
        part=words.part.format(n=number, total=total) if total > 1 else "",
        previous=LinkView(places.link(here, before), words.previous) if before else None,
        up=LinkView(places.link(here, homes), words.all_works),
        next=LinkView(places.link(here, after), words.next) if after else None,
        here=str(number),
        parts=tuple(LinkView(places.document_name(n), str(n)) for n in range(1, total + 1)) if total > 1 else (),
        languages=_other_versions(work, build, here),
    )


def phone_frame(work: WorkLayout, build: BuildInput, number: int, total: int) -> Frame:
    """The frame of part `number` of `total` of a one-file edition: no links, the next file by name."""
    language, words = build.words(work.version.language)
    following = places.part_name(work.paths.phone, number + 1).name
    return Frame(
        language=language,
        direction=words.direction,
        words=words,
        title=document_title(work, build, number),
        has_files=False,
        notice=_phone_notice(work, build, words),
        part=words.part.format(n=number, total=total) if total > 1 else "",
        next_file=words.next_file.format(file=following) if number < total else "",
    )


def document_title(work: WorkLayout, build: BuildInput, number: int) -> str:
    """The <title>: the work's own, or only its number where names tell nothing."""
    name = work.version.title if build.definition.names is NameStyle.TITLES else work.publication.id
    return name if number == 1 else f"{name} - {number}"


def has_pictures(work: WorkLayout) -> bool:
    """Whether any picture of the work can be shown."""
    return any(isinstance(shown, Rendition) for group in work.renditions.sets for shown in group.shown)


def _site_notice(work: WorkLayout, build: BuildInput, words: Words) -> str:
    if not has_pictures(work):
        return ""
    if Edition.PHONE in build.editions:
        return words.no_pictures_file.format(file=work.paths.phone)
    return words.no_pictures_folder.format(folder=work.paths.folder)


def _phone_notice(work: WorkLayout, build: BuildInput, words: Words) -> str:
    if not has_pictures(work):
        return ""
    folders = {Edition.SITE: work.paths.folder, Edition.PHOTO: work.paths.photo}
    folder = next((folder for edition, folder in folders.items() if edition in build.editions), None)
    return words.no_pictures_folder.format(folder=folder) if folder else words.no_pictures_elsewhere


def _other_versions(work: WorkLayout, build: BuildInput, here: PurePosixPath) -> tuple[LinkView, ...]:
    return tuple(
        LinkView(places.link(here, where.index), language_name(language, build), language)
        for language, where in work.others
    )


def language_name(language: str, build: BuildInput) -> str:
    """A language's name in itself, or its tag where we have no words in it."""
    return language_in(language, build.dictionary)


def picture_entry(path: PurePosixPath, content: Copy, size_bytes: int) -> Entry:
    """The entry of a picture that lies in the scratch folder."""
    return Entry(path, JPEG, content, size_bytes)
