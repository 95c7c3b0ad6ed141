"""Files whose names do not say what they hold, told by their first bytes: downloads often have no ending, or two."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from packager.archive.read import open_source
from packager.errors import SourceError
from packager.files.signatures import FILMS, HEAD_BYTES, SOUND, FileType, file_type
from packager.model import Source
from packager.readers.files import MAY_BE_PICTURES, FileKind, SourceFile, name_without_remnant, tells_nothing
from packager.sandbox.pool import Failure, Workers

_PICTURES = frozenset(
    (FileType.JPEG, FileType.PNG, FileType.GIF, FileType.WEBP, FileType.AVIF, FileType.HEIC, FileType.TIFF)
)
"""Types whose signature is long enough to be believed against a name; two bytes, as of BMP, are not."""

_ARCHIVES = frozenset((FileType.ZIP, FileType.SEVEN_ZIP, FileType.RAR, FileType.TAR, FileType.PDF))
_TEXT_BYTES = 1024
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]|\A#!")  # what is run is no text for readers
_BATCH = 100  # files of one job: saved pages come with thousands
_DOCUMENTS = (b"mimetype", b"[Content_Types]")  # EPUB, OpenDocument and Word are ZIP files too


def recognised(files: Iterable[SourceFile], workers: Workers) -> list[SourceFile]:
    """Return the files, those that names tell nothing of, or something untrue, with the kind of their first bytes.

    Of a copy or an unfinished download that lies beside the file itself nothing is read.
    """
    files = list(files)
    paths = {file.path for file in files}
    unsure = [
        file
        for file in files
        if file.size_bytes
        and file.kind in MAY_BE_PICTURES
        and not ((name := name_without_remnant(file.path.name)) and file.path.with_name(name) in paths)
    ]
    batches = [unsure[start : start + _BATCH] for start in range(0, len(unsure), _BATCH)]
    answers = workers.map(kinds_in, [tuple(file.source for file in batch) for batch in batches])
    known: dict[SourceFile, SourceFile] = {}
    for batch, kinds in zip(batches, answers, strict=True):
        for file, kind in zip(batch, () if isinstance(kinds, Failure) else kinds, strict=False):
            known[file] = replace(file, kind=kind, refusal="") if kind and _is_believed(kind, file) else file
    return [known.get(file, file) for file in files]


def _is_believed(kind: FileKind, file: SourceFile) -> bool:
    """Whether the first bytes are believed against the name: those of a picture always."""
    if kind is FileKind.PICTURE:
        return True
    return tells_nothing(file.path) and (kind is not FileKind.NAMELESS or file.kind is FileKind.OTHER)


def kinds_in(sources: tuple[Source, ...]) -> tuple[FileKind | None, ...]:
    """Return the kinds that the first bytes of files say, None for what says or is nothing. A job for a worker."""
    return tuple(map(_kind_in, sources))


def _kind_in(source: Source) -> FileKind | None:
    try:
        with open_source(source) as file:
            head = file.read(_TEXT_BYTES)
            kind = kind_by_head(head, source.label)
            return FileKind.NAMELESS if kind is None and _is_nameless_text(head, source.label) else kind
    except SourceError:
        return None


def kind_by_head(head: bytes, name: str) -> FileKind | None:
    """Return the kind of what begins so, None for what says nothing; archives only where the name has no ending."""
    has_ending = "." in name.rpartition("/")[2]
    kind = file_type(head[:HEAD_BYTES])
    if kind in _PICTURES:
        return FileKind.PICTURE
    if kind in FILMS or kind in SOUND:
        if name_without_remnant(name.rpartition("/")[2]):  # half a film is none, and says so late
            return None
        return FileKind.FILM if kind in FILMS else FileKind.SOUND
    is_archive = kind in _ARCHIVES and not any(name in head[:100] for name in _DOCUMENTS)
    return FileKind.ARCHIVE if is_archive and not has_ending else None


def _is_nameless_text(head: bytes, name: str) -> bool:
    """Whether it is a text, whatever its encoding, without an ending: what stands behind a point may be a sentence."""
    ending = PurePosixPath(name).suffix[1:]
    return not ending.isalnum() and bool(head.strip()) and not _NO_TEXT.search(head)
