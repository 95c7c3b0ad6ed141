"""Another user of this computer, at work in a folder that both may write into."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

OTHER = 65534  # nobody, and nogroup
STICKY, ANYBODYS, GROUPS = 0o1777, 0o777, 0o770


@contextmanager
def shared_folder(mode: int) -> Iterator[Path]:
    """A folder with that mode and the other user's group, on a path that the other one may go."""
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("only root can act as another user, on Linux and macOS")
    folder = Path(tempfile.mkdtemp(prefix="shared-", dir="/tmp")).resolve()
    os.chown(folder, 0, OTHER)
    folder.chmod(mode)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def as_other(action: Callable[[], object]) -> None:
    """Let the other user do something; a test that asks for what that one may not do fails."""
    child = os.fork()
    if not child:
        done = 1
        try:
            os.umask(0)
            os.setgroups([])
            os.setgid(OTHER)
            os.setuid(OTHER)
            action()
            done = 0
        finally:
            os._exit(done)
    assert os.waitpid(child, 0)[1] == 0, "the other user could not do it"


def given_to_other(*paths: Path) -> None:
    """Make them the other user's."""
    for path in paths:
        os.lchown(path, OTHER, OTHER)
