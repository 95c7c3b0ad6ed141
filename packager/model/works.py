"""Publications, which are comics, articles, films and sound in their versions, and the library of them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from packager.model.blocks import figures
from packager.model.outcomes import Remark
from packager.model.terms import Direction, Flow, Missing, Picture, Source, Wording
from packager.model.text import Block


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words in a comic's pictures in one language: (index of the picture from 0, lines).

    Sections that belong to no picture carry the index of the picture before them.
    """

    language: str
    sections: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class About:
    """The page about the artist in one language."""

    language: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a comic with a title of its own; `first` is the index, from 0, of its first picture."""

    title: str
    first: int


@dataclass(frozen=True, slots=True)
class Comic:
    """The pictures of one comic in one language, in reading order; what stands before the first chapter is in none."""

    flow: Flow
    direction: Direction
    pictures: tuple[Picture | Missing, ...]
    cover: Picture | None = None
    transcripts: tuple[Transcript, ...] = ()
    about: tuple[About, ...] = ()
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """The text of one article in one language; `cover` stands for it in the library only.

    `direction` is that of its letters where the source says it; None leaves it to the language.
    """

    blocks: tuple[Block, ...]
    cover: Picture | None = None
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that are shown, or heard, from one millisecond of a film to another."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subtitles:
    """The words of a film in one language, in the order of time."""

    language: str
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """One source of film or sound as ffmpeg describes it; pixels as they are to be seen, turned and not stretched.

    Of what has no picture, width, height and `frame_rate` are 0. `sound` counts its streams of sound; the one at the
    index `heard`, which has so many `channels`, is played. `codec` is ffmpeg's name of how its pictures are coded, with
    their profile, or the sound of what has none. `size_bytes` are those of its file; the `checksum`, a CRC-32 of that
    and of some of its bytes, tells whether it is still what an earlier edition held.
    """

    source: Source
    seconds: float
    width: int = 0
    height: int = 0
    frame_rate: float = 0
    sound: int = 0
    heard: int = 0
    title: str = ""
    channels: int = 0
    codec: str = ""
    size_bytes: int = 0
    checksum: int = 0


@dataclass(frozen=True, slots=True)
class Film:
    """One film, or one episode of a series, in one language; its `cover` is its poster."""

    recording: Recording
    cover: Picture | None = None
    subtitles: tuple[Subtitles, ...] = ()
    chapters: tuple[tuple[str, int], ...] = ()  # the title, and the millisecond at which it begins
    about: tuple[About, ...] = ()


@dataclass(frozen=True, slots=True)
class Sound:
    """A piece of sound, an album, or a programme: what is heard, in its order."""

    tracks: tuple[Recording, ...]
    cover: Picture | None = None
    about: tuple[About, ...] = ()


Work = Comic | Article | Film | Sound
VersionKey = tuple[str, str]  # the id of a publication, and a language


@dataclass(frozen=True, slots=True)
class Version:
    """A publication in one language (BCP 47; "und" where it could not be told)."""

    language: str
    title: str
    work: Work
    authors: tuple[str, ...] = ()
    summary: str = ""
    credit: str = ""

    @property
    def pictures(self) -> tuple[Picture | Missing, ...]:
        """The pages of a comic, or the figures of an article, in their order; films and sound have none."""
        if isinstance(self.work, Comic):
            return self.work.pictures
        if isinstance(self.work, Article):
            return tuple(figure.picture for figure in figures(self.work.blocks))
        return ()

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """The film, or all tracks of sound."""
        if isinstance(self.work, Film):
            return (self.work.recording,)
        return self.work.tracks if isinstance(self.work, Sound) else ()

    def lasting(self, seconds: Mapping[int, float]) -> Version:
        """Return the same with recordings, by their numbers from 0, that last so long; others as they are."""
        recordings = tuple(
            replace(one, seconds=seconds.get(number, one.seconds)) for number, one in enumerate(self.recordings)
        )
        if isinstance(self.work, Film):
            return replace(self, work=replace(self.work, recording=recordings[0]))
        return replace(self, work=replace(self.work, tracks=recordings)) if isinstance(self.work, Sound) else self

    @property
    def all_pictures(self) -> tuple[Picture | Missing, ...]:
        """Its pictures, and behind them those of pages about the artist; its cover is not among them."""
        pages = () if isinstance(self.work, Article) else self.work.about
        return (*self.pictures, *(figure.picture for page in pages for figure in figures(page.blocks)))


@dataclass(frozen=True, slots=True)
class Publication:
    """One comic, article, film or piece of sound in one or more languages; the first version stands for it.

    `title` and `summary` are the organizer's, in more languages perhaps than there are versions.
    `parallel` are two languages that are shown beside each other. Its `number` is its own in all editions of the
    bundle, and `origins` are the paths in the bundle that it comes from.
    """

    id: str
    versions: tuple[Version, ...]
    title: Wording = Wording()
    summary: Wording = Wording()
    section: Wording = Wording()
    series: Wording = Wording()
    priority: int = 1
    parallel: tuple[str, ...] = ()
    number: int = 0
    origins: tuple[str, ...] = ()

    def version_for(self, language: str) -> Version:
        """Return the version for readers of `language`: the one in it, else the first."""
        return next((version for version in self.versions if version.language == language), self.versions[0])


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that was read: publications in the order of reading, and every remark.

    Every list of them, but those by letter, and the numbers of their folders have that order.
    `pictures` are those that were found in the bundle and in its archives, used or not.
    """

    publications: tuple[Publication, ...]
    remarks: tuple[Remark, ...]
    pictures: tuple[Source, ...] = ()

    @property
    def versions(self) -> tuple[tuple[VersionKey, Version], ...]:
        """Every version with its key, in the order of the library."""
        return tuple(
            ((publication.id, version.language), version)
            for publication in self.publications
            for version in publication.versions
        )


@dataclass(frozen=True, slots=True)
class WorkPlace:
    """The places of a work among the works of a tree, and of one of its versions among the versions, from 1."""

    work: int
    version: int


KnownPlaces = Mapping[int, Mapping[str, WorkPlace]]
"""The places that versions have already, by the numbers of their works and by their languages."""


@dataclass(frozen=True, slots=True)
class News:
    """What is new since an earlier edition: `works`, and of others `chapters` by their indexes.

    A comic without chapters, or with more pages in old ones, has none of these there.
    """

    works: frozenset[VersionKey] = frozenset()
    chapters: Mapping[VersionKey, tuple[int, ...]] = field(default_factory=dict)

    def holds(self, key: VersionKey) -> bool:
        """Whether a version is new, or has new pages."""
        return key in self.works or key in self.chapters

    def chapters_of(self, key: VersionKey, version: Version) -> tuple[tuple[int, str], ...]:
        """Return the indexes and titles of the chapters, or tracks, that are new in a version that is not."""
        work = version.work
        every = work.chapters if isinstance(work, Comic) else work.tracks if isinstance(work, Sound) else ()
        return tuple((index, every[index].title) for index in self.chapters.get(key, ())) if every else ()
