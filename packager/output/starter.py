"""A new bundle folder to start from."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

from packager.config.definition import FOLDERS
from packager.errors import OutputError
from packager.files.ownership import make_folders
from packager.model import Library, Outcome, Remark
from packager.output import templates

EXAMPLE = PurePosixPath("articles/example.en.md")


def start(folder: Path) -> None:
    """Write a bundle with a commented definition and an example article into `folder`, new or empty.

    Raises OutputError when the folder holds something, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError("it is not an empty folder", where=folder, hint="Name a folder that does not exist yet.")
    try:
        make_folders(folder)
        shutil.copytree(templates.folder() / "starter", folder, dirs_exist_ok=True, copy_function=_copy)
        for name in FOLDERS:
            (folder / name).mkdir(exist_ok=True)
    except OSError as error:
        first = error.args[0][0][2] if isinstance(error, shutil.Error) else error.strerror
        raise OutputError(f"it cannot be written ({first})", where=folder) from error


def _copy(source: str, target: str) -> None:
    with Path(target).open("xb") as file:  # what somebody has put there by now, such as a link, stays as it is
        file.write(Path(source).read_bytes())


def example_left(folder: Path, library: Library, *, is_listed: bool) -> tuple[Remark, ...]:
    """Return a warning where the example is published with works of the organizer's, as `start` wrote it."""
    is_taken = any(remark.source == str(EXAMPLE) and remark.outcome is Outcome.TAKEN for remark in library.remarks)
    if is_taken and len(library.publications) > 1 and has_example(folder):
        return (Remark(str(EXAMPLE), Outcome.WARNING, example_words(is_listed=is_listed)),)
    return ()


def has_example(folder: Path) -> bool:
    """Return whether the example stands in the bundle as `start` wrote it."""
    file, own = folder / EXAMPLE, templates.folder() / "starter" / EXAMPLE
    return file.is_file() and file.read_bytes() == own.read_bytes()


def example_words(*, is_listed: bool) -> str:
    """Return what to do about the example."""
    entry = ", and its [[publication]] in bundle.toml" if is_listed else ""
    return f"is the example that `packager init` wrote: remove it{entry}"
