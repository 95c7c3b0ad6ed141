"""The places that processes read while they run: their code, their libraries, fonts, and facts of the machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_STORES = ("/nix/store", "/gnu/store")
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", *_STORES)
_LIBRARIES = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/lib", "/lib32", "/lib64", *_STORES)
_LOCALES = ("/usr/share/locale", "/usr/share/zoneinfo")
# Unarchiver's libraries stop without the name of the user that they run as.
_OF_UNARCHIVER = ("/usr/share/GNUstep", "/etc/nsswitch.conf", "/etc/passwd")
_DATA = {"lsar": _OF_UNARCHIVER, "unar": _OF_UNARCHIVER}
_SETTINGS = ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/var/cache/fontconfig")
# Not /dev/zero: mapped and shared, it is memory that no limit counts.
_MACHINE = ("/dev/null", "/dev/urandom", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")
_FONTS = (".fonts", ".local/share/fonts")
_MAPS = Path("/proc/self/maps")


def of_workers() -> tuple[Path, ...]:
    """What a process of ours reads: nothing of the user's own but fonts; not all of it need be there."""
    here = Path(__file__).resolve().parents[2]  # where this package lies; in a checkout, templates and tests beside it
    fixed = map(Path, (*_SYSTEM, *_SETTINGS, *_MACHINE, sys.prefix, sys.base_prefix))
    return tuple(dict.fromkeys((here, *fixed, *_of_modules(here), *_of_libraries(), *_of_fonts())))


def of_program(program: Path) -> tuple[Path, ...]:
    """The data of the program at `program`, and facts of the machine; not all of it need be there."""
    shared = [folder / "share" for folder in dict.fromkeys((Path("/usr"), program.parents[1]))]
    data = [found for folder in shared for name in (f"*{program.name}*", "*-ghc-*") for found in folder.glob(name)]
    return (*map(Path, (*_SETTINGS, *_MACHINE, *_LOCALES, *_DATA.get(program.name, ()))), *data)


def of_libraries(program: Path) -> tuple[Path, ...]:
    """The folders of the libraries that the program at `program` is linked with and loads; not all need be there."""
    return tuple(dict.fromkeys((*map(Path, _LIBRARIES), program.parents[1] / "lib")))


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
