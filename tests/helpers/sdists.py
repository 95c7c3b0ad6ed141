"""Source distributions of packages on PyPI: test data that others made."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath

import pytest


def files_of(requirement: str, folder: Path) -> Path:
    """Unpack the source distribution of `requirement`, such as `html5lib==1.1`, below `folder`, and return its root.

    The test is skipped where the package index is out of reach, or the package does not build.
    """
    name = requirement.partition("==")[0]
    # Old packages need what setuptools 70 has no more. pip before 25.3 knows only the first of the two variables.
    constraint = folder / "constraints.txt"
    constraint.write_text("setuptools<70\n", encoding="utf-8")
    old = dict.fromkeys(("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"), str(constraint)) if requirement != name else {}
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name, requirement]
    done = subprocess.run(command, cwd=folder, env={**os.environ, **old}, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the source of {requirement} cannot be had: {done.stderr.strip().splitlines()[-1]}")
    unpack(next(folder.glob("*.tar.gz")), folder)
    return next(path for path in folder.iterdir() if path.is_dir())


def unpack(archive: Path, folder: Path, holding: str = "") -> None:
    """Write the plain files whose names hold `holding`, below `folder` alone; Python 3.11.2 has no filters for it."""
    with tarfile.open(archive) as members:
        for member in members:
            path = PurePosixPath(member.name)
            stream = members.extractfile(member) if member.isfile() and holding in member.name else None
            if stream is None or path.is_absolute() or ".." in path.parts:
                continue
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(stream.read())
