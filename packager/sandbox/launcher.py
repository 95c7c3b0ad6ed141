"""The start of a program of this system: a process that confines itself, says what holds, and becomes the program.

    python -I -c "from packager.sandbox.launcher import main; main()" ORDER

It writes the missing restrictions to the descriptor that it is given, which closes when the program runs, and starts
nothing where one is missing and the program is not trusted. As the program cannot start another one, it ends with its
parent.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from packager.sandbox.restrictions import (
    KernelFeatures,
    Restriction,
    libraries_of_program,
    limit_files,
    limit_memory,
    limit_processor_time,
    read_by_program,
    restrict_by_kernel,
)

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_STACK_BYTES = 2 << 20  # of each thread, and each counts to its memory: ffmpeg starts one or two for every input
# No variable of the user's: some have programs load code, or tell where else to look.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}


@dataclass(frozen=True, slots=True)
class Order:
    """What to start: the program's path and arguments, what it may read, and how much it may take.

    One that reserves far more addresses than it fills `has_addresses` without a limit.
    """

    command: tuple[str, ...]
    readable: tuple[str, ...]
    memory_bytes: int
    has_addresses: bool
    processor_s: float
    is_trusted: bool
    parent: int
    status: int
    kernel: KernelFeatures

    def written(self) -> str:
        """The order as an argument."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """The order that an argument holds."""
        order = json.loads(text)
        return cls(**{**order, "kernel": KernelFeatures(**order["kernel"])})


def main() -> None:
    """Become the program that the order names, or end."""
    order = Order.read(sys.argv[1])
    missing = set(Restriction) - _confine(order)
    os.write(order.status, "".join(f"{one.name}\n" for one in Restriction if one in missing).encode())
    if missing and not order.is_trusted:
        os._exit(1)
    os.set_inheritable(order.status, False)
    os.execve(order.command[0], order.command, _ENVIRONMENT)  # noqa: S606 - it has no shell


def _confine(order: Order) -> set[Restriction]:
    """Confine this process for good, and return the restrictions that hold."""
    restrictions = set()
    limit_files(0)
    if limit_memory(order.memory_bytes, has_addresses=order.has_addresses, stack_bytes=_STACK_BYTES):
        restrictions.add(Restriction.MEMORY)
    if limit_processor_time(order.processor_s, is_final=True):
        restrictions.add(Restriction.TIME)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != order.parent:
            os._exit(1)
        program = Path(order.command[0]).resolve()
        own = Path(f"/proc/{os.getpid()}/cmdline")
        readable = (own, *read_by_program(program), *map(Path, order.readable))
        restrictions |= restrict_by_kernel(readable, order.kernel, (program, *libraries_of_program(program)))
    return restrictions
