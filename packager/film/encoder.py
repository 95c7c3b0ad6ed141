"""Films and sound -> files in the scratch folder, as the measuring verb asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from packager.errors import SourceError
from packager.film.encode import encode_film
from packager.film.ffmpeg import Ffmpeg
from packager.film.jobs import FilmJob, Tell, TrackJob
from packager.film.sound import encoded_mp3
from packager.model import Rendition, Role


def _silent(_: float) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was made of a source: a file, or the parts of a film in their order, and how many seconds there are."""

    files: tuple[Rendition, ...]
    seconds: float


class FilmEncoder:
    """Makes the files of films and sound, each in a new folder in `scratch`; to be called by any number of threads."""

    def __init__(self, ffmpeg: Ffmpeg, scratch: Path) -> None:
        self._ffmpeg = ffmpeg
        self._scratch = scratch
        self._numbers = count()

    def film(self, job: FilmJob, tell: Tell = _silent) -> Recorded:
        """Return the files of a film; `tell` hears how many seconds of it are done.

        Raises SourceError for a source that gives no film.
        """
        folder = self._new_folder()
        film = encode_film(job, self._ffmpeg, folder, tell)
        files = []
        for number, part in enumerate(film.parts(job.limits.max_bytes), 1):
            path = folder / f"{number}.{job.limits.container}"
            part.write(path, job.limits.container)
            files.append(Rendition(Role.FILM, path, film.pictures.width, film.pictures.height, path.stat().st_size))
        for stream in {film.pictures.track.path, *([film.sound.track.path] if film.sound else [])}:
            stream.unlink()
        return Recorded(tuple(files), float(film.seconds))

    def track(self, job: TrackJob, tell: Tell = _silent) -> Recorded:
        """Return the file of a piece of sound; `tell` hears how many seconds of it are done. Raises as `film`."""
        path = self._new_folder() / "1.mp3"
        sound = encoded_mp3(job, self._ffmpeg, path)
        if sound is None:
            raise SourceError("holds no sound that can be heard", where=str(job.source))
        return Recorded((Rendition(Role.TRACK, path, 0, 0, path.stat().st_size),), float(sound.seconds))

    def _new_folder(self) -> Path:
        folder = self._scratch / f"film-{next(self._numbers):05}"
        folder.mkdir()
        return folder
