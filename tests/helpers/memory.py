"""How much memory a command of ours takes, all its processes together."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil


def peak_bytes(*arguments: str, with_workers: bool = True) -> int:
    """The most that `packager` and its two workers held together; shared pages count once, a sample every 20 ms.

    What does not grow with the work can be left out: then it is what the command's own process held.
    """
    command = [sys.executable, "-m", "packager", *arguments, "--jobs", "2"]
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL) as process:
        parent = psutil.Process(process.pid)
        peak = 0
        while process.poll() is None:
            with suppress(psutil.Error):
                peak = max(peak, _held(parent, parent.children(recursive=True) if with_workers else []))
            time.sleep(0.02)
    assert process.returncode == 0
    return peak


def _held(parent: psutil.Process, workers: list[psutil.Process]) -> int:
    total = 0
    for process in (parent, *workers):
        with suppress(psutil.Error):
            total += process.memory_full_info().pss
    return total
