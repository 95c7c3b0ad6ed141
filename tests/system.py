"""The commands of the system that some tests need; run as a script, it prints the packages that are missing."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

_TABLE = Path(__file__).with_name("system-packages.txt").read_text(encoding="utf-8")
PACKAGES = dict(line.split() for line in _TABLE.splitlines() if line and not line.startswith("#"))

# Elsewhere these packages have other names, or do not exist: there a missing one is never a failure.
_MUST_HAVE_ALL = os.environ.get("CI") == "true" and sys.platform == "linux"
# mkfs and fsck lie where only root's PATH leads.
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def find(name: str) -> Path | None:
    """The command or file called `name` in the table of packages, None where it is missing."""
    found = shutil.which(name, path=_PATH)
    if found is None and Path(name).is_absolute() and Path(name).is_file():
        return Path(name)
    return Path(found) if found else None


def tool(name: str) -> Path:
    """The command called `name`; skips the test, or fails it in CI, naming the package that is missing."""
    require(name)
    path = find(name)
    assert path is not None
    return path


def require(*names: str) -> None:
    """Skip the test, or fail it in CI, unless every command is there; says which packages are missing."""
    if packages := missing(names):
        reason = f"needs the package {', '.join(packages)}"
        if _MUST_HAVE_ALL:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


def missing(names: tuple[str, ...] = tuple(PACKAGES)) -> list[str]:
    """The packages to install before every one of `names` is there."""
    return sorted({PACKAGES[name] for name in names if find(name) is None})


if __name__ == "__main__":
    print(*missing())
