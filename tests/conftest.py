"""What holds for every test: no network, no trace of the developer's machine, and words for what is missing."""

from __future__ import annotations

import ipaddress
import os
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

from packager.sandbox.pool import Workers
from tests import system
from tests.helpers import proofs
from tests.helpers.browsers import Chromium, Firefox, WebKit

# Processes do not start without these; all else that tests see of the environment is set here.
_KEPT = {"PATH", "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "LD_LIBRARY_PATH"}
_KEPT_PREFIXES = ("PYTEST_", "COV_")
_FIXED = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "120", "TERM": "dumb"}
# Where programs keep things: POSIX, XDG and Windows names for a folder of the test's own.
_FOLDERS = {
    "home": ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"),
    "temporary": ("TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR"),
}
# Which argument of these audit events is an address.
_ADDRESSES = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0}


def pytest_configure(config: pytest.Config) -> None:
    """Have property tests try the same examples in every run, but for proofs, which look for new ones.

    Whoever starts the tests with `nohup` or behind `&` has them ignore signals; commands that are tested do not.
    """
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)  # a program that is started has its usual answer again
    settings.register_profile("same", derandomize=True, deadline=None)  # other work may slow any case down
    if config.option.markexpr != "prove":
        settings.load_profile("same")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Have `make prove` write what it measured into docs/proof.md, where it ran files to their end."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")  # of tests side by side, one process has it
    ran = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    if reporter is not None and ran and proofs.are_whole(session.config):
        proofs.record(_figures(report for kind in _ENDS for report in reporter.stats.get(kind, [])))


_ENDS = ("passed", "failed", "error", "skipped")


def _figures(reports: Iterable[pytest.TestReport]) -> dict[tuple[str, str], str]:
    """What the proofs of this run printed and how their cases ended, by file and promise."""
    ends, lines = defaultdict[tuple[str, str], list[str]](list), defaultdict[tuple[str, str], list[str]](list)
    for report in reports:
        file, _, function = report.nodeid.partition("::")
        proof = file, proofs.promise_of(function)
        ends[proof].append(report.outcome)
        lines[proof] += report.capstdout.splitlines()
        if report.skipped and isinstance(report.longrepr, tuple):
            lines[proof].append(report.longrepr[2].removeprefix("Skipped: "))
    return {proof: proofs.figures_of(ends[proof], dict.fromkeys(lines[proof])) for proof in ends}


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """One worker process for all tests of a file."""
    with Workers(1) as pool:
        yield pool


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test marked `needs(command, ...)` where a command is missing; in CI that fails."""
    for mark in item.iter_markers("needs"):
        system.require(*mark.args)


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> None:
    """Refuse every socket to another machine, in any thread, for the whole session."""
    sys.addaudithook(_refuse_other_machines)


def _refuse_other_machines(event: str, arguments: tuple[object, ...]) -> None:
    if event in _ADDRESSES:
        address = arguments[_ADDRESSES[event]]
        host = address[0] if isinstance(address, tuple) else address
        if isinstance(address, tuple) or event == "socket.getaddrinfo":
            assert _is_loopback(host), f"a test reaches for {host!r}: only loopback is allowed"


def _is_loopback(host: object) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(str(host)).is_loopback
    return host in (None, "localhost")


@pytest.fixture(autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give each test a home, a temporary folder and an environment of its own, equal on every machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - _KEPT:
            if not name.startswith(_KEPT_PREFIXES):
                patch.delenv(name)
        for name, value in _FIXED.items():
            patch.setenv(name, value)
        _set_folders(patch, tmp_path_factory.mktemp("own"))  # a short path: names of local sockets end at 107 bytes
        _take_time_zone()
        yield
    _take_time_zone()


def _set_folders(patch: pytest.MonkeyPatch, folder: Path) -> None:
    for kind, names in _FOLDERS.items():
        (folder / kind).mkdir()
        for name in names:
            patch.setenv(name, str(folder / kind))
    patch.setattr(tempfile, "tempdir", None)


def _take_time_zone() -> None:
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One Chromium for the whole session; each page is a navigation."""
    with Chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def firefox() -> Iterator[Firefox]:
    """One Firefox for the whole session."""
    with Firefox() as browser:
        yield browser


@pytest.fixture(scope="session")
def webkit() -> Iterator[WebKit]:
    """One WebKitGTK for the whole session, on a screen that nobody sees."""
    with WebKit() as browser:
        yield browser
