"""A film or sound -> the files that stand for it in a bundle: the recordings as they are, words as plain texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from packager.importing.files import (
    ImportedWork,
    ImportFile,
    PublicationEntry,
    about_files,
    by_language,
    page_names,
    picture_name,
    portable_name,
)
from packager.layout.subtitles import srt
from packager.model import Film, Publication, Sound, Version
from packager.sandbox.pool import Workers
from packager.text.spelling import UNDETERMINED


def recorded(publication: Publication, name: str, workers: Workers) -> ImportedWork:
    """Return the files of a film or of sound, in a folder that is called `name`, and its entry."""
    first = publication.versions[0]
    folder = PurePosixPath("films" if isinstance(first.work, Film) else "sound", name)
    is_only = len(publication.versions) == 1
    files = [file for version in publication.versions for file in _recordings(version, folder, is_only=is_only)]
    files += _beside(first, folder, workers)
    series = dict(publication.series.forms)
    entry = PublicationEntry(
        str(folder),
        title=by_language(publication, "title"),
        authors=first.authors,
        language=first.language if is_only and first.language != UNDETERMINED else "",
        summary=by_language(publication, "summary"),
        credit=by_language(publication, "credit"),
        series=series.get("") or series,
    )
    return ImportedWork(entry, tuple(files))


def _recordings(version: Version, folder: PurePosixPath, *, is_only: bool) -> Iterator[ImportFile]:
    paths = [PurePosixPath(recording.source.label) for recording in version.recordings]
    names = page_names(paths)
    if isinstance(version.work, Film) or len(paths) == 1:
        own = folder.name if is_only else f"{folder.name}.{version.language}"
        names = tuple(PurePosixPath(portable_name(f"{own}{path.suffix.lower()}")) for path in paths)
    for name, recording in zip(names, version.recordings, strict=True):
        yield ImportFile(folder / name, recording.source, is_shared=True)


def _beside(version: Version, folder: PurePosixPath, workers: Workers) -> Iterator[ImportFile]:
    work = version.work
    assert isinstance(work, Film | Sound)
    if work.cover is not None:
        poster = picture_name("poster", work.cover.source, workers)
        yield ImportFile(folder / poster, work.cover.source)
    yield from about_files(work.about, folder, folder, {}, workers)
    if isinstance(work, Film):
        for one in work.subtitles:
            language = "" if one.language == UNDETERMINED else f".{one.language}"
            yield ImportFile(folder / f"{folder.name}{language}.srt", "\n".join(srt(one.cues)))
        if work.chapters:
            lines = (f"{_clock(start)} {title}\n" for title, start in work.chapters)
            yield ImportFile(folder / "chapters.txt", "".join(lines))


def _clock(milliseconds: int) -> str:
    seconds, part = divmod(milliseconds, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{part:03}"
