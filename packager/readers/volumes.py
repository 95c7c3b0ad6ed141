"""Files that are parts of one archive -> one file with its parts, or one that says which are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from packager.archive.volumes import VolumeForm, VolumeSet, sets_among
from packager.readers.files import FileKind, SourceFile

_KINDS = (FileKind.ARCHIVE, FileKind.VOLUME)
_MOST_NUMBERS = 5


def with_sets(files: Iterable[SourceFile]) -> tuple[SourceFile, ...]:
    """Return the files, one part of each archive in volumes as an archive with `volumes`, the others as VOLUME.

    Where parts are missing it has a refusal that says so.
    """
    found = tuple(files)
    changed: dict[SourceFile, SourceFile] = {}
    parts = sorted((file for file in found if file.kind in _KINDS), key=lambda file: str(file.path.parent))
    for _, group in groupby(parts, key=lambda file: file.path.parent):
        changed |= dict(_changed(tuple(group)))
    return tuple(changed.get(file, file) for file in found)


def _changed(siblings: Sequence[SourceFile]) -> Iterator[tuple[SourceFile, SourceFile]]:
    by_name = {file.path.name: file for file in siblings}
    for one in sets_among(by_name):
        parts, head = [by_name[name] for name in one.names], by_name[one.head]
        for part in parts:
            yield part, replace(part, kind=FileKind.VOLUME, refusal=f"it is a part of {head.source.label}")
        size_bytes, sources = sum(part.size_bytes for part in parts), tuple(part.source for part in parts)
        refusal = _on_missing(one) if one.missing else ""
        whole = replace(head, kind=FileKind.ARCHIVE, size_bytes=size_bytes, volumes=sources, refusal=refusal)
        yield head, whole


def _on_missing(one: VolumeSet) -> str:
    """Return why a set is not read."""
    numbers = ", ".join(map(str, one.missing[:_MOST_NUMBERS])) + " and more" * (len(one.missing) > _MOST_NUMBERS)
    which = f"parts {numbers} are" if len(one.missing) > 1 else f"part {numbers} is"
    if one.form is VolumeForm.LETTERED and one.missing[0] == 1:
        which = "its first part, which ends in .rar, is"
    elif one.form is VolumeForm.SPANNED and one.head[-4:].lower() not in (".zip", ".cbz"):
        which = "its last part, which ends in .zip, is"
    own = f"one of {len(one.names)} parts" if len(one.names) > 1 else "a part"
    return f"is {own} of an archive, and {which} missing"
