"""The places that programs read while they run: their code, their libraries, fonts, and facts of the machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store")
_SETTINGS = ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/var/cache/fontconfig")
_MACHINE = ("/dev/null", "/dev/zero", "/dev/urandom", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")
_FONTS = (".fonts", ".local/share/fonts")
_MAPS = Path("/proc/self/maps")


def of_programs() -> tuple[Path, ...]:
    """Folders and files, none of them the user's own but fonts; not all of them need be there."""
    here = (
        Path(__file__).resolve().parents[2]
    )  # where this package lies, and beside it in a checkout templates and tests
    fixed = map(Path, (*_SYSTEM, *_SETTINGS, *_MACHINE, sys.prefix, sys.base_prefix))
    return tuple(dict.fromkeys((here, *fixed, *_of_modules(here), *_of_libraries(), *_of_fonts())))


def _of_modules(here: Path) -> Iterator[Path]:
    """Where modules are looked for. `python -m` adds the folder one stands in, which holds anything."""
    working = Path.cwd()
    for entry in filter(None, sys.path):
        place = Path(entry).resolve()
        if place == here or place != working:
            yield place


def _of_libraries() -> Iterator[Path]:
    """The folders of what is loaded already, wherever it was installed."""
    for line in _MAPS.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        name = line.partition("/")[2]
        if ".so" in name:
            yield Path(f"/{name}").parent


def _of_fonts() -> Iterator[Path]:
    with suppress(RuntimeError):  # no home
        yield from (Path.home() / folder for folder in _FONTS)
