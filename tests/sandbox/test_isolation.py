"""What the suite promises of itself: nothing reaches another machine, or a home that is not the test's own."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest


def test_sockets_to_other_machines_are_refused() -> None:
    """A test that reaches for the network fails, whatever the machine's network would say."""
    # 192.0.2.1 is reserved for documentation: nobody answers there.
    with pytest.raises(AssertionError, match="only loopback"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="only loopback"):
        socket.getaddrinfo("example.invalid", 80)


def test_sockets_to_this_machine_work() -> None:
    """Browsers are driven over loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=10).close()


def test_home_and_temporary_folders_are_the_tests_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Python and the programs it starts both keep their things below the folder of the tests."""
    ours = tmp_path_factory.getbasetemp()
    asked = "import pathlib, tempfile; print(pathlib.Path.home(), tempfile.gettempdir(), sep='\\n')"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    places = [Path.home(), Path(tempfile.gettempdir()), *map(Path, answer.splitlines())]
    assert len(places) == 4
    assert all(place.resolve().is_relative_to(ours.resolve()) for place in places)
