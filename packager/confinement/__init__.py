"""Walls around a process that reads what strangers made: what it may still do, as far as this system can hold it.

Whoever asks for walls is told which stand; none is claimed that the kernel did not take.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packager.confinement import resources
from packager.confinement.spool import SPOOL
from packager.limits import LIMITS


class Wall(StrEnum):
    """What a confined process is kept from; the value ends the sentence "it is kept from ..."."""

    MEMORY = "more memory than a source may take"
    TIME = "more processor time than a source may take"
    WRITING = "writing files"
    READING = "reading other files than the sources"
    NETWORK = "the network"
    PROGRAMS = "starting and stopping programs"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is left to a confined process. It may read `readable` and what programs need to run; None is everything."""

    readable: tuple[Path, ...] | None = None
    memory_bytes: int = LIMITS.memory_bytes
    processor_s: float = LIMITS.processor_seconds


def confine(bounds: Bounds) -> frozenset[Wall]:
    """Confine this process for good, and say what it is kept from.

    To be called while the process has one thread: Landlock holds the threads that come, not those that are there.
    """
    SPOOL.keep_one()
    walls = {Wall.MEMORY} if resources.limit_memory(bounds.memory_bytes) else set()
    if resources.limit_processor_time(bounds.processor_s):
        walls.add(Wall.TIME)
    if sys.platform == "linux":
        walls |= _by_the_kernel(bounds.readable)
    if sys.platform != "win32" and Wall.WRITING not in walls:
        resources.forbid_growing_files()
        SPOOL.keep_none()
    return frozenset(walls)


def _by_the_kernel(readable: tuple[Path, ...] | None) -> set[Wall]:
    from packager.confinement import landlock, places, seccomp

    walls = set()
    # What programs need is looked up now: when the first wall stands, it cannot be any more.
    if landlock.restrict(None if readable is None else (*places.of_programs(), *readable)):
        walls |= {Wall.WRITING} if readable is None else {Wall.WRITING, Wall.READING}
    if seccomp.restrict():
        walls |= {Wall.WRITING, Wall.NETWORK, Wall.PROGRAMS}
    return walls
