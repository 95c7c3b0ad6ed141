"""What the template of films and sound receives."""

from __future__ import annotations

from dataclasses import dataclass

from packager.layout.views import Byline, Frame, LinkView, Passage, PictureView
from packager.model import Direction


@dataclass(frozen=True, slots=True)
class TrackView:
    """One file of a film or of sound: where it lies, what it is called, how long and how large it is.

    `width` and `height` are those of a film's picture, 0 where there is none.
    """

    href: str
    play: str
    title: str
    facts: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CueView:
    """Words of a film, and the milliseconds between which they are heard."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TranscriptView:
    """The words of one file of a film in one language, to be read; those of each minute stand under its time.

    `name` is the language's own. A script shows them in the player with the number `film`, from 0; "" for none.
    """

    heading: str
    name: str
    language: str
    direction: Direction
    minutes: tuple[tuple[str, tuple[CueView, ...]], ...]
    film: str = ""


@dataclass(frozen=True, slots=True)
class FilmView:
    """The document of a film or of sound; `plays` says that browsers may know how to play the files.

    `facts` are said under the heading, `opening` what to open elsewhere, `place` where in its series the work stands.
    Files with its subtitles are `subtitles`, and the words of these `transcripts`.
    """

    frame: Frame
    byline: Byline
    facts: tuple[str, ...]
    place: str
    tracks: tuple[TrackView, ...]
    is_film: bool
    plays: bool
    opening: str
    poster: PictureView | None = None
    chapters: tuple[tuple[str, str], ...] = ()  # when each begins, and its title
    coming: LinkView | None = None  # the next work of the series
    subtitles: tuple[LinkView, ...] = ()
    transcripts: tuple[TranscriptView, ...] = ()
    passages: tuple[Passage, ...] = ()
    credit: tuple[str, ...] = ()
