"""Films and sound -> files in the scratch folder, as the measuring verb asks for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

from packager.errors import SourceError
from packager.files.digests import FileDigests
from packager.film.encode import encode_film
from packager.film.ffmpeg import Ffmpeg, SourceReading
from packager.film.jobs import FilmJob, TrackJob
from packager.film.kept import MadeFiles, digest_of, key_of
from packager.film.probe import SourceFacts, VideoFacts
from packager.film.sound import encoded_mp3
from packager.film.standing import KeptFilms
from packager.film.track import Tell, silent
from packager.layout.works import clock
from packager.model import Rendition, Role

# What ffmpeg says of places that it cannot decode; of much else it speaks too.
_DAMAGE = re.compile("error while decoding|invalid|corrupt|conceal|missing|truncat|damaged|end of file", re.IGNORECASE)
_TELL_THEIR_LENGTH = ("mov", "matroska", "avi", "asf", "flv")
_LEEWAY_S = 1  # of the last picture, and of rounding
_SHORT_S, _SHORT_SHARE = 2, 0.02  # less is missing at the end of many whole ones


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was made of a source: a file, or the parts of a film in their order, and how many seconds there are.

    `losses` say what of the source is not in it.
    """

    files: tuple[Rendition, ...]
    seconds: float
    losses: tuple[str, ...] = ()


class FilmEncoder:
    """Makes the files of films and sound, each in a new folder in `scratch`; to be called by any number of threads.

    What is `kept` of an earlier run is not made again; sources that are `hashed` are not hashed again.
    """

    def __init__(
        self,
        ffmpeg: Ffmpeg,
        scratch: Path,
        kept: KeptFilms | None = None,
        hashed: FileDigests | None = None,
    ) -> None:
        self._ffmpeg = ffmpeg
        self._scratch = scratch
        self._kept = kept
        self._numbers = count()
        self._digest = cache(lambda source: (hashed and hashed.of(source)) or digest_of(source))

    def film(self, job: FilmJob, tell: Tell = silent) -> Recorded:
        """Return the files of a film; `tell` hears how many seconds of it are done.

        Raises SourceError for a source that gives no film.
        """

        def make(folder: Path) -> MadeFiles:
            reading = SourceReading(self._ffmpeg, job.source)
            film = encode_film(job, reading, folder, tell)
            files: dict[Path, float] = {}
            for number, part in enumerate(film.parts(job.limits.max_bytes), 1):
                path = folder / f"{number}.{job.limits.container}"
                part.write(path, job.limits.container)
                files[path] = float(part.seconds)
            film.remove()
            return MadeFiles(files, _losses(reading, job.facts, float(film.seconds)))

        words = job.words and (digest_of(job.words.path), job.words.top)
        made = self._made(job.source, f".{job.limits.container}", make, job.audio, job.limits, job.rates, words)
        return _recorded(made, Role.FILM, job.shape.width, job.shape.height)

    def track(self, job: TrackJob, tell: Tell = silent) -> Recorded:
        """Return the file of a piece of sound; `tell` hears how many seconds of it are done. Raises as `film`."""

        def make(folder: Path) -> MadeFiles:
            reading, file = SourceReading(self._ffmpeg, job.source), folder / "1.mp3"
            sound = encoded_mp3(job, reading, file, tell)
            if sound is None:
                raise SourceError("holds no sound that can be heard", where=str(job.source))
            return MadeFiles({file: float(sound.seconds)}, _losses(reading, job.facts, float(sound.seconds)))

        settings = (job.audio, job.bit_rate, job.channels, job.sample_rate)
        return _recorded(self._made(job.source, ".mp3", make, *settings), Role.TRACK)

    def poster(self, source: Path, video: VideoFacts, seconds: float) -> bytes:
        """Return a picture that can stand for a film, as PNG, b"" where it shows none. Raises as `film`."""

        def make(folder: Path) -> MadeFiles:
            file = folder / "poster.png"
            file.write_bytes(self._ffmpeg.picture(source, video, seconds))
            return MadeFiles({file: 0})

        (file,) = self._made(source, ".png", make, "poster").files
        return file.read_bytes()

    def _made(self, source: Path, ending: str, make: Callable[[Path], MadeFiles], *settings: object) -> MadeFiles:
        """What was kept of the same source, settings and ffmpeg, else what is made now and kept."""
        if self._kept is None:
            return make(self._new_folder())
        key = key_of(self._digest(source), self._ffmpeg.fingerprint, *settings)
        if found := self._kept.get(key, self._new_folder(), ending, self._ffmpeg.most_seconds(source) + _LEEWAY_S):
            return found
        made = make(self._new_folder())
        self._kept.put(key, made)
        return made

    def _new_folder(self) -> Path:
        folder = self._scratch / f"film-{next(self._numbers):05}"
        folder.mkdir()
        return folder


def is_short(told: float, seconds: float) -> bool:
    """Return whether so many seconds are fewer than were told of, by more than whole sources often lack."""
    return told - seconds > max(_SHORT_S, _SHORT_SHARE * told)


def _recorded(made: MadeFiles, role: Role, width: int = 0, height: int = 0) -> Recorded:
    files = tuple(
        Rendition(role, str(file), width, height, file.stat().st_size, seconds=seconds)
        for file, seconds in made.files.items()
    )
    return Recorded(files, sum(made.files.values()), made.remarks)


def _losses(reading: SourceReading, facts: SourceFacts, seconds: float) -> tuple[str, ...]:
    """What of a source is not in what was made of it."""
    places = sum(1 for line in "".join(reading.said).splitlines() if _DAMAGE.search(line))
    told = facts.seconds if facts.formats[0] in _TELL_THEIR_LENGTH else 0
    return (
        *[f"is damaged in {places:,} places, which show or sound as well as they can"] * bool(places),
        *[f"says that it lasts {clock(told)}, and ends after {clock(seconds)}"] * is_short(told, seconds),
    )
