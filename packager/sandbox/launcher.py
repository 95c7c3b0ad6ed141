"""The start of a program of this system: a process that confines itself, says what holds, and becomes the program.

    python -I -c "from packager.sandbox.launcher import main; main()" ORDER

It writes the missing walls to the descriptor that it is given, which closes when the program runs, and starts nothing
where one is missing and the program is not trusted. As the program cannot start another one, it ends with its parent.
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

from packager.sandbox import places, resources
from packager.sandbox.restrictions import Kernel, Wall, restrict

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
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
    kernel: Kernel

    def written(self) -> str:
        """The order as an argument."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """The order that an argument holds."""
        order = json.loads(text)
        return cls(**{**order, "kernel": Kernel(**order["kernel"])})


def main() -> None:
    """Become the program that the order names, or end."""
    order = Order.read(sys.argv[1])
    missing = set(Wall) - _confined(order)
    os.write(order.status, "".join(f"{wall.name}\n" for wall in Wall if wall in missing).encode())
    if missing and not order.is_trusted:
        os._exit(1)
    os.set_inheritable(order.status, False)
    os.execve(order.command[0], order.command, _ENVIRONMENT)  # noqa: S606 - it has no shell


def _confined(order: Order) -> set[Wall]:
    """The walls that hold from here on."""
    walls = set()
    resources.limit_files(0)
    if resources.limit_memory(order.memory_bytes, has_addresses=order.has_addresses):
        walls.add(Wall.MEMORY)
    if resources.limit_processor_time(order.processor_s, is_final=True):
        walls.add(Wall.TIME)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != order.parent:
            os._exit(1)
        walls |= restrict(*_reach(order))
    return walls


def _reach(order: Order) -> tuple[tuple[Path, ...], Kernel, tuple[Path, ...]]:
    """What the program may read, what of the kernel keeps it to that, and where its code lies."""
    program = Path(order.command[0]).resolve()
    own = Path(f"/proc/{os.getpid()}/cmdline")
    executable = (program, *places.of_libraries(program))
    return (own, *places.of_program(program), *map(Path, order.readable)), order.kernel, executable
