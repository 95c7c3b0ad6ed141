"""The commands and npm packages that some tests need; run as a script, it prints those that are missing."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import pytest


def _table(name: str) -> dict[str, str]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


PACKAGES = _table("system-packages.txt")
NPM_PACKAGES = _table("npm-packages.txt")
NPM_FOLDER = Path(__file__).parents[1] / ".bench" / "npm"

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
        _leave_out(f"needs the package {', '.join(packages)}")


def _leave_out(reason: str) -> NoReturn:
    if _MUST_HAVE_ALL:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def missing(names: tuple[str, ...] = tuple(PACKAGES)) -> list[str]:
    """The packages to install before every one of `names` is there."""
    return sorted({PACKAGES[name] for name in names if find(name) is None})


def from_npm(name: str) -> Path:
    """A file of an npm package; skips the test, naming the package that is missing: not every machine reaches npm."""
    path = _in_npm(name)
    if not path.is_file():
        pytest.skip(f"needs the npm package {NPM_PACKAGES[name]}: make npm-packages")
    return path


def _in_npm(name: str) -> Path:
    return NPM_FOLDER / "node_modules" / name


def missing_from_npm() -> list[str]:
    """All packages of npm where one is missing: npm removes from its folder what it is not told of."""
    is_whole = all(_in_npm(name).is_file() for name in NPM_PACKAGES)
    return [] if is_whole else sorted(NPM_PACKAGES.values())


if __name__ == "__main__":
    print(*(missing_from_npm() if sys.argv[1:] == ["npm"] else missing()))
