"""Restrictions on a process that reads what strangers made, as far as this system can enforce them.

Whoever asks for restrictions is told which hold; none is claimed that the kernel did not take.
"""

from __future__ import annotations

import io
import math
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from packager.sandbox.limits import LIMITS

_OPEN_FILES = 256
# Beside its own data a process reserves addresses: code, stacks, arenas that malloc may never fill. Measured: 250 MB.
_RESERVED_BYTES = 1 << 30
_STACK_BYTES = 8 << 20  # what Linux gives the first thread of a process; it counts to no other limit


class Restriction(StrEnum):
    """What a confined process is kept from; the value ends the sentence "it is kept from ..."."""

    MEMORY = "more memory than a source may take"
    TIME = "more processor time than a source may take"
    WRITING = "writing files"
    READING = "reading other files than the sources"
    NETWORK = "the network"
    PROGRAMS = "starting and stopping programs"


@dataclass(frozen=True, slots=True)
class KernelFeatures:
    """What is used of the kernel, where it is there: Landlock up to a version, 0 for none, and filters of calls."""

    landlock: int = 7
    has_filters: bool = True


_ALL_FEATURES = KernelFeatures()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a confined process may use. It may read `readable` and what programs need to run; None is everything.

    The kernel holds folders, not their names: for those `looked_up` later, even by the same names, there are new ones.
    """

    readable: tuple[Path, ...] | None = None
    looked_up: int = 0
    memory_bytes: int = LIMITS.memory_bytes
    processor_s: float = LIMITS.processor_seconds
    kernel: KernelFeatures = _ALL_FEATURES


def confine(bounds: Bounds) -> frozenset[Restriction]:
    """Confine this process for good, and return the restrictions that hold.

    To be called while the process has one thread: Landlock holds the threads that come, not those that are there. On
    Linux the parent keeps the limit on processor time, which the kernel tells it: see `sandbox.channel`.
    """
    SPOOL.keep_one()
    restrictions = {Restriction.MEMORY} if limit_memory(bounds.memory_bytes) else set()
    limit_files(LIMITS.spool_bytes)
    if sys.platform == "linux":
        # What programs need is looked up now: once the first restriction holds, it cannot be any more.
        readable = None if bounds.readable is None else (*_read_by_workers(), *bounds.readable)
        restrictions |= {Restriction.TIME, *restrict_by_kernel(readable, bounds.kernel)}
    elif limit_processor_time(bounds.processor_s):
        restrictions.add(Restriction.TIME)
    if sys.platform != "win32" and Restriction.WRITING not in restrictions:
        limit_files(0)
        SPOOL.keep_none()
    return frozenset(restrictions)


def restrict_by_kernel(
    readable: tuple[Path, ...] | None, kernel: KernelFeatures, executable: tuple[Path, ...] = ()
) -> set[Restriction]:
    """Have the kernel of Linux restrict this process as far as it can, and return the restrictions that hold.

    It may read `readable`, or everything for None, and become a program of those below `executable`.
    """
    from packager.sandbox.kernel import WITH_TRUNCATING, restrict_calls, restrict_files

    version = restrict_files(readable, executable, newest=kernel.landlock)
    is_filtered = kernel.has_filters and restrict_calls(may_execute=bool(executable))
    restrictions = {Restriction.NETWORK, Restriction.PROGRAMS} if is_filtered else set()
    if version and readable is not None:
        restrictions.add(Restriction.READING)
    if is_filtered or version >= WITH_TRUNCATING:
        restrictions.add(Restriction.WRITING)
    return restrictions


if sys.platform == "win32":

    def limit_memory(size_bytes: int, *, has_addresses: bool = False, stack_bytes: int = _STACK_BYTES) -> bool:
        """Return False: Windows sets no such limit."""
        return False

    def limit_processor_time(seconds: float, *, is_final: bool = False) -> bool:
        """Return False: Windows sets no such limit."""
        return False

    def limit_files(size_bytes: int) -> None:
        """Do nothing: Windows sets no such limit."""

else:
    import resource

    def limit_memory(size_bytes: int, *, has_addresses: bool = False, stack_bytes: int = _STACK_BYTES) -> bool:
        """Keep this process from more memory of its own; return False where the system does not enforce that.

        Addresses are no memory as long as nothing is written; it `has_addresses` without limit, or some beside its own.
        """
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
        if sys.platform != "linux":  # others count other things, or nothing
            return False
        _limit(resource.RLIMIT_DATA, size_bytes)
        _limit(resource.RLIMIT_STACK, stack_bytes)
        if not has_addresses:
            _limit(resource.RLIMIT_AS, size_bytes + _RESERVED_BYTES)
        return True

    def limit_processor_time(seconds: float, *, is_final: bool = False) -> bool:
        """Have this process killed (SIGXCPU) when it has used `seconds` more from now on; each call begins anew.

        A final limit can be lowered, and not lifted. Returns False where the system sets none.
        """
        used = resource.getrusage(resource.RUSAGE_SELF)
        end = math.ceil(used.ru_utime + used.ru_stime + seconds)
        # At the hard limit the process is killed without a word why, so that lies a second behind.
        return _limit(resource.RLIMIT_CPU, end, end + 1 if is_final else None)

    def limit_files(size_bytes: int) -> None:
        """Keep this process from making a file larger; it may still make empty ones and remove others."""
        _limit(resource.RLIMIT_FSIZE, size_bytes)

    def _limit(kind: int, amount: int, hard: int | None = -1) -> bool:
        """Set a limit; the hard one is `hard`, by default the same, and for None stays as it is."""
        hardest = resource.getrlimit(kind)[1]
        wanted = amount if hard == -1 else hardest if hard is None else hard
        if hardest != resource.RLIM_INFINITY:
            amount, wanted = min(amount, hardest), min(wanted, hardest)
        with suppress(OSError, ValueError):  # some systems have the name and not the limit
            resource.setrlimit(kind, (amount, wanted))
            return True
        return False


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


def read_by_program(program: Path) -> tuple[Path, ...]:
    """The data that the program at `program` reads, and facts of the machine; not all of it need be there."""
    shared = [folder / "share" for folder in dict.fromkeys((Path("/usr"), program.parents[1]))]
    data = [found for folder in shared for name in (f"*{program.name}*", "*-ghc-*") for found in folder.glob(name)]
    return (*map(Path, (*_SETTINGS, *_MACHINE, *_LOCALES, *_DATA.get(program.name, ()))), *data)


def libraries_of_program(program: Path) -> tuple[Path, ...]:
    """The folders of the libraries that the program at `program` is linked with and loads; not all need be there."""
    return tuple(dict.fromkeys((*map(Path, _LIBRARIES), program.parents[1] / "lib")))


def _read_by_workers() -> tuple[Path, ...]:
    """What a process of ours reads: nothing of the user's own but fonts; not all of it need be there."""
    here = Path(__file__).resolve().parents[2]  # where this package lies; in a checkout, templates and tests beside it
    fixed = map(Path, (*_SYSTEM, *_SETTINGS, *_MACHINE, sys.prefix, sys.base_prefix))
    return tuple(dict.fromkeys((here, *fixed, *_folders_of_modules(here), *_folders_of_libraries(), *_fonts())))


def _folders_of_modules(here: Path) -> Iterator[Path]:
    """Where modules are looked for. `python -m` adds the folder one stands in, which holds anything."""
    working = Path.cwd()
    for entry in filter(None, sys.path):
        folder = Path(entry).resolve()
        if folder == here or folder != working:
            yield folder


def _folders_of_libraries() -> Iterator[Path]:
    """The folders of what is loaded already, wherever it was installed."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        name = line.partition("/")[2]
        if ".so" in name:
            yield Path(f"/{name}").parent


def _fonts() -> Iterator[Path]:
    with suppress(RuntimeError):  # no home
        yield from (Path.home() / folder for folder in _FONTS)


class Spool:
    """Nameless files for what is too large to hold in memory.

    Once `keep_one` has been called, as in a confined process, it is the same one again and again, and memory beside it.
    """

    def __init__(self) -> None:
        self._is_confined = False
        self._descriptor: int | None = None
        self._in_use: BinaryIO | None = None

    def file(self) -> BinaryIO:
        """Return an empty file to write and read, gone when it is closed."""
        if not self._is_confined:
            return cast(BinaryIO, tempfile.TemporaryFile())
        if self._descriptor is None or (self._in_use is not None and not self._in_use.closed):
            return io.BytesIO()
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        self._in_use = open(self._descriptor, "w+b", closefd=False)  # noqa: SIM115 - closed by whoever asked for it
        return self._in_use

    def keep_one(self) -> None:
        """Open the last file that this process can."""
        self._is_confined = True
        with suppress(OSError), tempfile.TemporaryFile() as file:
            self._descriptor = os.dup(file.fileno())

    def keep_none(self) -> None:
        """From now on, use memory alone."""
        self._is_confined, self._descriptor = True, None


SPOOL = Spool()
