"""Films and sound, walked without ffmpeg: MP4 box by box, AVI chunk by chunk, MP3 frame by frame, and their streams."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO

from packager.check.containers import DamageError
from packager.check.facts import RecordingFacts
from packager.check.recordings.avi import walk_avi
from packager.check.recordings.mp3 import walk_mp3
from packager.check.recordings.mp4 import walk_mp4
from packager.check.recordings.walk import RecordingWalk
from packager.files.signatures import FileType

WALKERS: Mapping[FileType, Callable[[RecordingWalk], None]] = {
    FileType.MP4: walk_mp4,
    FileType.AVI: walk_avi,
    FileType.MP3: walk_mp3,
}


def recording_facts(kind: FileType, file: BinaryIO, size_bytes: int) -> RecordingFacts:
    """Return what the film or the sound in `file` is, and what in it is not of the one form of its kind.

    Of one with neither an `error` nor `problems` all has been read, and lasts.
    """
    walk, error = RecordingWalk(file, size_bytes), ""
    try:
        WALKERS[kind](walk)
    except DamageError as problem:
        error = str(problem)
    if not error and not all([walk.streams, *(one.samples and one.seconds > 0 for one in walk.streams)]):
        error = "it holds nothing that can be seen or heard"
    return RecordingFacts(tuple(walk.streams), walk.problems, error, bytes(walk.notes))
