"""seccomp: a filter in the kernel through which every system call of this process passes (linux/seccomp.h).

It denies what a reader of pictures and texts never does: to write, to connect, to start or stop programs. The calls
are denied by name rather than the rest allowed, since what libraries call differs with their versions.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from packager.confinement import kernel
from packager.confinement.calls import AARCH64, DENIED, UNKNOWN, X86_64

_SET_MODE_FILTER = 1
_ALL_THREADS = 1  # SECCOMP_FILTER_FLAG_TSYNC
_ALLOW, _KILL, _FAIL = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # linux/bpf_common.h
_NUMBER, _ARCHITECTURE = 0, 4  # where `struct seccomp_data` has them
_X32 = 0x4000_0000  # numbers of a second interface of the same processor

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | 0o20000000  # __O_TMPFILE
_CLONE_THREAD = 0x10000
_TYPING = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: into the user's terminal, as if by hand
_DENY = (_RETURN, 0, 0, _FAIL | errno.EPERM)


@dataclass(frozen=True, slots=True)
class _Machine:
    """A processor: its name for the kernel, its column of numbers, and the numbers asked for with conditions."""

    architecture: int
    column: int
    seccomp: int
    openat: int
    clone: int
    prlimit: int
    tgkill: int
    ioctl: int
    open: int | None = None


_MACHINES = {
    "x86_64": _Machine(0xC000_003E, X86_64, 317, openat=257, clone=56, prlimit=302, tgkill=234, ioctl=16, open=2),
    "aarch64": _Machine(0xC000_00B7, AARCH64, 277, openat=56, clone=220, prlimit=261, tgkill=131, ioctl=29),
}
_Instruction = tuple[int, int, int, int]  # code, how many to pass over where it is true and where not, a number


def restrict() -> bool:
    """Have the kernel deny those calls from now on; False, and nothing is changed, where it cannot."""
    machine = _MACHINES.get(platform.machine())
    if machine is None or sys.maxsize < 1 << 32:
        return False
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in _program(machine))
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(held))  # struct sock_fprog
    try:
        kernel.renounce_privileges()
        return kernel.call(machine.seccomp, _SET_MODE_FILTER, _ALL_THREADS, program) == 0
    except OSError:
        return False


def _program(machine: _Machine) -> Iterator[_Instruction]:
    yield (_LOAD, 0, 0, _ARCHITECTURE)
    yield (_IF_EQUAL, 1, 0, machine.architecture)
    yield (_RETURN, 0, 0, _KILL)
    yield (_LOAD, 0, 0, _NUMBER)
    yield (_IF_AT_LEAST, 0, 1, _X32)
    yield (_RETURN, 0, 0, _FAIL | errno.ENOSYS)
    for calls, error in ((DENIED, errno.EPERM), (UNKNOWN, errno.ENOSYS)):
        for numbers in calls.values():
            yield from _for_call(numbers[machine.column], [(_RETURN, 0, 0, _FAIL | error)])
    yield from _for_call(machine.open, _unless(1, (_IF_ANY_BIT, _WRITING)))
    yield from _for_call(machine.openat, _unless(2, (_IF_ANY_BIT, _WRITING)))
    yield from _for_call(machine.ioctl, _unless(1, *((_IF_EQUAL, command) for command in _TYPING)))
    yield from _for_call(machine.clone, _only_if(0, (_IF_ANY_BIT, _CLONE_THREAD)))
    yield from _for_call(machine.prlimit, _only_if(0, (_IF_EQUAL, 0)))  # this process itself
    yield from _for_call(machine.tgkill, _only_if(0, (_IF_EQUAL, os.getpid())))  # abort() calls it
    yield (_RETURN, 0, 0, _ALLOW)


def _for_call(number: int | None, then: list[_Instruction]) -> Iterator[_Instruction]:
    """`then`, which ends the program, for the call `number`; for others the number stays loaded."""
    if number is not None:
        yield (_IF_EQUAL, 0, len(then), number)
        yield from then


def _unless(argument: int, *tests: tuple[int, int]) -> list[_Instruction]:
    """Allowed unless a test of the argument is true."""
    denied = ((code, 0, 1, value) for code, value in tests)
    return [_argument(argument), *(line for test in denied for line in (test, _DENY)), (_RETURN, 0, 0, _ALLOW)]


def _only_if(argument: int, test: tuple[int, int]) -> list[_Instruction]:
    code, value = test
    return [_argument(argument), (code, 1, 0, value), _DENY, (_RETURN, 0, 0, _ALLOW)]


def _argument(index: int) -> _Instruction:
    """Load the lower half of an argument: what these calls look at has no upper one."""
    return (_LOAD, 0, 0, 16 + 8 * index)
