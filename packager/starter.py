"""A new bundle folder to start from."""

from __future__ import annotations

import shutil
from pathlib import Path

from packager import templating
from packager.errors import OutputError


def start(folder: Path) -> None:
    """Write a bundle with a commented definition and an example article into `folder`, new or empty.

    Raises OutputError when the folder holds something, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError("it is not an empty folder", where=folder, hint="Name a folder that does not exist yet.")
    try:
        shutil.copytree(templating.folder() / "starter", folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
        (folder / "comics").mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"it cannot be written ({error.strerror})", where=folder) from error
