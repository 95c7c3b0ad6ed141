"""Fuzz one reader: `python -m tests.research.fuzz TARGET [SECONDS [FOLDER]]`; what is found lies in .fuzz/TARGET.

A PackagerError is what a reader is to say of what it cannot read. Any other error ends the run with the bytes that
led to it, and so does an input that takes longer than 20 seconds, or the process more than a gigabyte.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["packager", "mdit_py_plugins", "py7zr", "tarfile", "zipfile"]):
    from packager.errors import PackagerError
    from tests.research.fuzz.targets import TARGETS


def main(name: str, seconds: int, folder: Path) -> None:
    """Fuzz the target called `name`, beginning with what lies in the folder and its seeds."""
    target = TARGETS[name]
    found = folder / name
    found.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (found / f"seed-{number}").write_bytes(seed)
    path = Path(tempfile.mkdtemp(), f"input{target.ending}")

    def read(data: bytes) -> None:
        path.write_bytes(data)
        with suppress(PackagerError):
            target.read(path)

    limits = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=1024", f"-artifact_prefix={found}/"]
    atheris.Setup([sys.argv[0], *limits, "-seed=1", "-print_final_stats=1", str(found)], read)
    atheris.Fuzz()


if __name__ == "__main__":
    os.environ["VIPS_CONCURRENCY"] = "1"
    name, seconds, folder = (*sys.argv[1:], *("60", ".fuzz")[len(sys.argv) - 2 :])
    main(name, int(seconds), Path(folder))
