"""The picture that stands for a work in the library, when its definition names one."""

from __future__ import annotations

from packager.errors import SourceError
from packager.model import Outcome, Picture, Remark
from packager.readers.discovery import Work
from packager.readers.shelf import Shelf


def cover_of(work: Work, shelf: Shelf) -> tuple[Picture | None, tuple[Remark, ...]]:
    """The cover that the definition names, with its remark; SourceError when it is no picture."""
    if work.defined.cover is None:
        return None, ()
    file = next((file for file in shelf.files if file.source.path == work.defined.cover), None)
    picture = shelf.pictures.get(file.source) if file else None
    if not isinstance(picture, Picture):
        raise SourceError("its cover is no picture that can be read", where=work.defined.cover)
    return picture, (Remark(picture.source.label, Outcome.TAKEN, f"the cover of {work.label}"),)
