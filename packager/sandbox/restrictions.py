"""Walls around a process that reads what strangers made: what it may still do, as far as this system can hold it.

Whoever asks for walls is told which stand; none is claimed that the kernel did not take.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packager.sandbox import resources
from packager.sandbox.limits import LIMITS
from packager.sandbox.spool import SPOOL


class Wall(StrEnum):
    """What a confined process is kept from; the value ends the sentence "it is kept from ..."."""

    MEMORY = "more memory than a source may take"
    TIME = "more processor time than a source may take"
    WRITING = "writing files"
    READING = "reading other files than the sources"
    NETWORK = "the network"
    PROGRAMS = "starting and stopping programs"


@dataclass(frozen=True, slots=True)
class Kernel:
    """What of the kernel is used, where it is there: Landlock up to a version, 0 for none, and filters of calls."""

    landlock: int = 7
    has_filters: bool = True


_WHOLE_KERNEL = Kernel()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is left to a confined process. It may read `readable` and what programs need to run; None is everything."""

    readable: tuple[Path, ...] | None = None
    memory_bytes: int = LIMITS.memory_bytes
    processor_s: float = LIMITS.processor_seconds
    kernel: Kernel = _WHOLE_KERNEL


def confine(bounds: Bounds) -> frozenset[Wall]:
    """Confine this process for good, and say what it is kept from.

    To be called while the process has one thread: Landlock holds the threads that come, not those that are there. Of
    processor time Linux tells a parent, which keeps the limit: see `workers.channel`.
    """
    SPOOL.keep_one()
    walls = {Wall.MEMORY} if resources.limit_memory(bounds.memory_bytes) else set()
    resources.limit_files(LIMITS.spool_bytes)
    if sys.platform == "linux":
        from packager.sandbox import places

        # What programs need is looked up now: when the first wall stands, it cannot be any more.
        readable = None if bounds.readable is None else (*places.of_workers(), *bounds.readable)
        walls |= {Wall.TIME, *restrict(readable, bounds.kernel)}
    elif resources.limit_processor_time(bounds.processor_s):
        walls.add(Wall.TIME)
    if sys.platform != "win32" and Wall.WRITING not in walls:
        resources.limit_files(0)
        SPOOL.keep_none()
    return frozenset(walls)


def restrict(readable: tuple[Path, ...] | None, kernel: Kernel, executable: tuple[Path, ...] = ()) -> set[Wall]:
    """Have the kernel of Linux keep this process from what it can, and say from what.

    It may read `readable`, or everything for None, and become a program of those below `executable`.
    """
    from packager.sandbox import landlock, seccomp

    version = landlock.restrict(readable, executable, newest=kernel.landlock)
    is_filtered = kernel.has_filters and seccomp.restrict(may_execute=bool(executable))
    walls = {Wall.NETWORK, Wall.PROGRAMS} if is_filtered else set()
    if version and readable is not None:
        walls.add(Wall.READING)
    if is_filtered or version >= landlock.WITH_TRUNCATING:
        walls.add(Wall.WRITING)
    return walls
