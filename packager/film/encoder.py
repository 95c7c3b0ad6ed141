"""Films and sound -> files in the scratch folder, as the measuring verb asks for them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

from packager.film.encode import FilmJob, TrackJob, encode_film, encode_track, size_in
from packager.film.ffmpeg import Ffmpeg
from packager.model import Rendition, Role

Tell = Callable[[float], object]


def _silent(_: float) -> None:
    pass


class FilmEncoder:
    """Makes the files of films and sound, each in a new folder in `scratch`; to be called by any number of threads."""

    def __init__(self, ffmpeg: Ffmpeg, scratch: Path) -> None:
        self._ffmpeg = ffmpeg
        self._scratch = scratch
        self._numbers = count()

    def film(self, job: FilmJob, tell: Tell = _silent) -> tuple[Rendition, ...]:
        """Return the file of a film, or its parts in their order; `tell` hears how many seconds of it are done.

        Raises SourceError for a source that gives no film, or only the beginning of one.
        """
        width, height = size_in(job.video, job.form)
        path = encode_film(job, self._ffmpeg, self._new_folder(), tell)
        return (Rendition(Role.FILM, path, width, height, path.stat().st_size),)

    def track(self, job: TrackJob, tell: Tell = _silent) -> Rendition:
        """Return a file of sound; `tell` hears how many seconds of it are done. Raises what `film` raises."""
        path = encode_track(job, self._ffmpeg, self._new_folder())
        return Rendition(Role.TRACK, path, 0, 0, path.stat().st_size)

    def _new_folder(self) -> Path:
        folder = self._scratch / f"film-{next(self._numbers):05}"
        folder.mkdir()
        return folder
