"""The file that a plan's page is kept in: never what somebody else wrote, nor what the next build would read."""

from __future__ import annotations

import os
from pathlib import Path

from packager.config.definition import Definition
from packager.errors import OutputError
from packager.output.staging.file import put
from packager.report.plan_page import GENERATOR

_MARK = f'<meta name="generator" content="{GENERATOR}">'.encode()
_BEGINNING_BYTES = 512


def place_of(file: Path, bundle: Definition) -> Path:
    """The place of `file`, links followed; OutputError where no earlier plan lies there, or the bundle's sources do."""
    real = Path(os.path.realpath(file))
    listed = bundle.publications
    sources = [bundle.folder] if listed is None else [publication.source.resolve() for publication in listed]
    if any(real.is_relative_to(source) for source in sources):
        raise OutputError("lies in the bundle's sources", where=file, hint="Choose a file outside of the bundle.")
    _refuse_foreign(real)
    return real


def keep(file: Path, page: bytes) -> None:
    """Put the page into the file's place, whole or not at all; OutputError where it is none for a plan any longer."""
    _refuse_foreign(file)
    try:
        put(file, page)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=file, hint="Choose another file.") from error


def _refuse_foreign(file: Path) -> None:
    if os.path.lexists(file) and not _is_plan(file):
        what = "is there already, and no plan that packager made; nothing was touched"
        raise OutputError(what, where=file, hint="Choose another file.")


def _is_plan(file: Path) -> bool:
    if file.is_symlink() or not file.is_file():
        return False
    try:
        with file.open("rb") as opened:
            return _MARK in opened.read(_BEGINNING_BYTES)
    except OSError as error:
        raise OutputError(f"cannot be read: {error.strerror}", where=file, hint="Choose another file.") from error
