"""The works of a library as they are laid out, each with its paths and neighbours, and what frames their documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from packager.layout import places
from packager.layout.build_input import BuildInput
from packager.layout.interface_words import Words
from packager.layout.places import WorkPaths
from packager.layout.views import Byline, Frame, LinkView, MissingPicture, Passage, TextView, with_pictures
from packager.model import (
    About,
    AllRenditions,
    Article,
    Comic,
    Copy,
    Direction,
    Edition,
    Entry,
    NameStyle,
    Publication,
    Rendition,
    RenditionOrGap,
    Renditions,
    Role,
    Version,
    VersionKey,
)
from packager.model.blocks import words_of
from packager.text.spelling import UNDETERMINED, WORDLESS

_UNSPACED = re.compile("[\u3040-\u9fff]+")


@dataclass(frozen=True, slots=True)
class WorkLayout:
    """One version of a publication, the editions it has, its paths, its renditions and its neighbours in the library.

    `others` are the publication's further versions: language and paths. `unlisted` are those that no library shows,
    whose files are named beside this one.
    """

    publication: Publication
    version: Version
    editions: tuple[Edition, ...]
    paths: WorkPaths
    renditions: Renditions
    before: Publication | None
    after: Publication | None
    others: tuple[tuple[str, WorkPaths], ...] = ()
    unlisted: tuple[WorkLayout, ...] = ()

    @property
    def key(self) -> VersionKey:
        """What its paths and renditions are found by."""
        return self.publication.id, self.version.language

    @property
    def comic(self) -> Comic:
        """The comic that the work is."""
        assert isinstance(self.version.work, Comic)
        return self.version.work

    @property
    def files(self) -> tuple[RenditionOrGap, ...]:
        """The files of a film, or the tracks of sound."""
        return self.renditions.of(Role.FILM) or self.renditions.of(Role.TRACK)

    @property
    def seconds(self) -> float:
        """How long what is in the tree of a film or of sound takes: less than was told of a source that breaks off."""
        return sum(file.seconds for file in self.files if isinstance(file, Rendition))

    @property
    def has_pictures(self) -> bool:
        """Whether any picture of the work can be shown."""
        return any(
            isinstance(shown, Rendition)
            for group in self.renditions.sets
            for shown in group.shown
            if group.role is not Role.PDF
        )


def works(build: BuildInput, renditions: AllRenditions) -> tuple[WorkLayout, ...]:
    """Every version of every publication, in the order of the library, with its renditions."""
    publications = build.library.publications
    laid_out: list[WorkLayout] = []
    for before, publication, after in zip((None, *publications), publications, (*publications[1:], None), strict=False):
        paths = {version.language: build.paths[publication.id, version.language] for version in publication.versions}
        versions = [
            WorkLayout(
                publication,
                version,
                build.editions_of(publication.id),
                paths[version.language],
                renditions[publication.id, version.language],
                before,
                after,
                tuple((language, other) for language, other in paths.items() if language != version.language),
            )
            for version in publication.versions
        ]
        listed = [publication.version_for(language) for language in build.languages]
        unlisted = tuple(work for work in versions if work.version not in listed)
        laid_out += [replace(work, unlisted=unlisted) for work in versions]
    return tuple(laid_out)


def _first_document(publication: Publication | None, build: BuildInput, language: str) -> PurePosixPath | None:
    """The first document of the version that readers of `language` are shown, where the publication has documents."""
    if publication is None or Edition.SITE not in build.editions_of(publication.id):
        return None
    version = publication.version_for(language)
    return build.paths[publication.id, version.language].document(1, language)


def site_frame(work: WorkLayout, build: BuildInput, number: int, total: int, language: str) -> Frame:
    """The frame of document `number` of `total` of a site edition, for readers of `language`: notice and links."""
    words = build.words(language)
    here = work.paths.document(number, language)
    is_last = number == total
    before = _first_document(work.before, build, language) if number == 1 else work.paths.document(number - 1, language)
    after = _first_document(work.after, build, language) if is_last else work.paths.document(number + 1, language)
    if Edition.PHONE in work.editions:
        notice = words.no_pictures_file.format(file=work.paths.phone)
    else:
        notice = words.no_pictures_folder.format(folder=work.paths.folder)
    is_in_parts = total > 1
    return Frame(
        words=words,
        reader=language,
        title=document_title(work, build, number),
        has_files=True,
        notice=notice if work.has_pictures else "",
        part=words.part.format(n=number, total=total) if is_in_parts else "",
        previous=LinkView(places.link(here, before), words.previous) if before else None,
        up=LinkView(places.link(here, places.home(language, build.languages)), words.all_works),
        next=LinkView(places.link(here, after), words.next) if after else None,
        here=str(number),
        parts=tuple(LinkView(work.paths.document(n, language).name, str(n)) for n in range(1, total + 1))
        if is_in_parts
        else (),
        languages=tuple(
            LinkView(places.link(here, paths.document(1, language)), build.name_of(other), other)
            for other, paths in work.others
        ),
    )


def document_title(work: WorkLayout, build: BuildInput, number: int) -> str:
    """The <title>: the work's own, or only its number where names tell nothing."""
    name = work.version.title if build.definition.names is NameStyle.TITLES else work.publication.id
    return name if number == 1 else f"{name} - {number}"


def byline(work: WorkLayout, build: BuildInput, language: str, *, is_first: bool) -> Byline:
    """What is said of a work to readers of `language`; its length is counted for its first part alone."""
    version, words = work.version, build.words(language)
    title, spoken = title_for(work.publication, version, language)
    direction = text_direction(version, build)
    own = version.language if version.language != WORDLESS else language
    summary = work.publication.summary.exactly(language)
    return Byline(
        heading=TextView(title, spoken, direction if spoken == own else build.direction_of(spoken)),
        language=own,
        direction=direction,
        spoken=language_name(version.language, build, words),
        authors=", ".join(version.authors),
        summary=TextView(summary, language, words.direction) if summary else TextView(version.summary, own, direction),
        length=length(work, words) if is_first else "",
    )


def title_for(publication: Publication, version: Version, language: str) -> tuple[str, str]:
    """The title for readers of `language`, and its own language: the organizer's in it, else the version's."""
    if title := publication.title.exactly(language):
        return title, language
    return version.title, language if version.language == WORDLESS else version.language


def language_name(language: str, build: BuildInput, words: Words) -> str:
    """What readers of `words` are told of a work's language: nothing where it is theirs, or not known."""
    if language in (words.language, UNDETERMINED):
        return ""
    return words.wordless if language == WORDLESS else build.name_of(language)


def length(work: WorkLayout, words: Words) -> str:
    """How much there is: pictures of a comic with its gaps, minutes of reading, the time that a film or sound takes."""
    match work.version.work:
        case Comic():
            shown = work.renditions.of(Role.PAGE) or work.renditions.of(Role.PHONE)
            return words.pictures.format(n=len(shown))
        case Article(blocks=blocks):
            return words.minutes.format(n=minutes(words_of(blocks)))
        case _:
            return words.running_time.format(time=clock(work.seconds))


def running_time(version: Version) -> float:
    """The seconds that a film or sound takes, as its source tells; 0 for what is read."""
    return sum(recording.seconds for recording in version.recordings)


def clock(seconds: float) -> str:
    """A time as players show it: 0:45, 52:10, 1:05:22."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def minutes(text: str) -> int:
    """Minutes to read `text`, at 200 words a minute, or 450 signs where words are not separated by spaces."""
    signs = sum(map(len, _UNSPACED.findall(text)))
    return max(1, round(len(text.split()) / 200 + signs / 450))


def text_direction(version: Version, build: BuildInput) -> Direction:
    """The direction of a version's letters: what an article's source says, else its language's."""
    own = version.work.direction if isinstance(version.work, Article) else None
    return own or build.direction_of(version.language)


def abouts(
    every: tuple[About, ...], work: WorkLayout, build: BuildInput, reader: str, heading: str
) -> Iterator[Passage]:
    """The page about a work in the reader's language, else the version's; else in every language that it has."""
    wanted = (reader, work.version.language)
    chosen = [about for language in wanted for about in every if about.language == language][:1]
    for about in chosen or every:
        said = heading if about.language in wanted else f"{heading} ({build.name_of(about.language)})"
        settled = with_pictures(about.blocks, lambda figure: MissingPicture(figure.alt))
        yield Passage(said, about.language, build.direction_of(about.language), blocks=settled)


def credit_lines(work: WorkLayout) -> tuple[str, ...]:
    """The lines of the credit."""
    return tuple(line.strip() for line in work.version.credit.splitlines() if line.strip())


def picture_entry(path: PurePosixPath, picture: Rendition) -> Entry:
    """The entry of a picture, which lies in the scratch folder already."""
    return Entry(str(path), Copy(picture.file), picture.size_bytes)
