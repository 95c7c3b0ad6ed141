"""What the kernel of Linux enforces: Landlock for files (linux/landlock.h), seccomp for calls (linux/seccomp.h).

The filter of calls allows what readers of pictures and texts do, and denies the rest: to write to files, to connect, to
start, stop or signal other processes, to share memory, to change what is known of a file.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import mmap
import os
import platform
import stat
import struct
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

WITH_TRUNCATING = 3
"""The version of Landlock from which on it keeps a process from cutting files that it may not write."""

# The numbers are the same on every processor.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
# How many rights over files each version knows: later ones add moving, truncating, and commands to devices.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_MOST_RIGHTS = 16
_BIND_AND_CONNECT_TCP = 0b11  # from version 4
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # from version 6


def restrict_files(readable: Sequence[Path] | None, executable: Sequence[Path], *, newest: int) -> int:
    """Let this thread, and those it will start, do nothing but read `readable`, or everything for None.

    The files in `executable` may be run as programs. Returns the version that holds, at most `newest`; 0, and nothing
    is changed, where the kernel has no Landlock.
    """
    if not newest:
        return 0
    try:
        version = min(_kernel_call(_CREATE_RULESET, None, 0, _ASK_VERSION), newest)
        _renounce_privileges()
        # Everything that this version can deny, as `struct landlock_ruleset_attr`, as long as the version knows it.
        files = (1 << _RIGHTS.get(version, _MOST_RIGHTS)) - 1
        attributes = struct.pack("=QQQ", files, _BIND_AND_CONNECT_TCP, _ABSTRACT_SOCKETS_AND_SIGNALS)
        attributes = attributes[: 24 if version >= 6 else 16 if version >= 4 else 8]
        rules = _kernel_call(_CREATE_RULESET, attributes, len(attributes), 0)
    except OSError:
        return 0
    try:
        _allow(rules, (Path("/"),) if readable is None else readable, _READ_FILE | _READ_FOLDER)
        _allow(rules, executable, _READ_FILE | _READ_FOLDER | _EXECUTE)
        _kernel_call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
    return version


def _allow(rules: int, places: Iterable[Path], rights: int) -> None:
    for place in places:
        with suppress(OSError):  # what is not there needs no rule
            file = os.open(place, os.O_PATH | os.O_CLOEXEC)
            try:
                of_place = rights if stat.S_ISDIR(os.fstat(file).st_mode) else rights & ~_READ_FOLDER
                _kernel_call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", of_place, file), 0)
            finally:
                os.close(file)


X86_64, AARCH64 = range(2)  # the columns of the table of system calls


def _calls(table: dict[str, list[int]]) -> dict[str, tuple[int | None, int | None]]:
    return {name: (numbers[X86_64], numbers[AARCH64] if len(numbers) > 1 else None) for name, numbers in table.items()}


_TABLE = tomllib.loads(Path(__file__).with_name("system_calls.toml").read_text(encoding="utf-8"))
ALLOWED = _calls(_TABLE["allowed"])
CONDITIONAL = _calls(_TABLE["conditional"])
"""Calls that are allowed with some arguments; `_conditions` says which."""

_SET_MODE_FILTER = 1
_ALL_THREADS = 1  # SECCOMP_FILTER_FLAG_TSYNC
_ALLOW, _KILL, _FAIL = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_LOAD, _AND, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06  # linux/bpf_common.h
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # where `struct seccomp_data` has them
_X32 = 0x4000_0000  # numbers of a second interface of the same processor

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | 0o20000000  # __O_TMPFILE
# A thread, which shares its memory and its descriptors with the others (linux/sched.h): CLONE_VM, _FILES, _THREAD.
_THREAD = 0x100 | 0x400 | 0x10000
# Memory that counts to no limit: what grows downwards is taken for a stack, and large pages come from a store of the
# system's own (MAP_GROWSDOWN, MAP_HUGETLB, PROT_GROWSDOWN, PROT_GROWSUP).
_UNCOUNTED_MEMORY = 0x100 | 0x40000
_UNCOUNTED_GROWTH = 0x0100_0000 | 0x0200_0000
# Not those that share pages with other processes or, of root, mark them as broken (asm-generic/mman-common.h).
_ADVICES = (0, 1, 2, 3, 4, 8, 14, 15, 16, 17, 20, 21)
# Shared memory that is no file's counts to no limit on a process's own.
_SHARED_ANONYMOUS = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS
# Not F_SETOWN, F_SETSIG and O_ASYNC, which have signals sent to others, and not leases, locks, sizes of pipes or seals.
_DESCRIPTOR_COMMANDS = (fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL)
_O_ASYNC = 0o20000
# Whether a descriptor is a terminal, how much can be read, and whether it is kept over exec (asm-generic/ioctls.h).
_DEVICE_COMMANDS = (0x5401, 0x541B, 0x5450, 0x5451)
_PROCESS_COMMANDS = (15, 16, 0x53564D41)  # PR_SET_NAME, PR_GET_NAME, PR_SET_VMA (linux/prctl.h)

_Instruction = tuple[int, int, int, int]  # code, how many to pass over where it is true and where not, a number
_Lines = tuple[_Instruction, ...]
_OK = (_RETURN, 0, 0, _ALLOW)
# What a filter does not know is denied as if the kernel did not know it: libraries then fall back to what it does.
_UNKNOWN = (_RETURN, 0, 0, _FAIL | errno.ENOSYS)
_DENIED = (_RETURN, 0, 0, _FAIL | errno.EPERM)


@dataclass(frozen=True, slots=True)
class _Machine:
    """A processor: its name for the kernel, its column of numbers, and the number of seccomp itself."""

    architecture: int
    column: int
    seccomp: int


_MACHINES = {"x86_64": _Machine(0xC000_003E, X86_64, 317), "aarch64": _Machine(0xC000_00B7, AARCH64, 277)}


def restrict_calls(*, may_execute: bool = False) -> bool:
    """Have the kernel deny all other calls from now on; False, and nothing is changed, where it cannot.

    A process that `may_execute` can become another program, which has the same restrictions.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None or sys.maxsize < 1 << 32:
        return False
    code = b"".join(struct.pack("=HBBI", *line) for line in _filter(machine, may_execute=may_execute))
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(held))  # struct sock_fprog
    try:
        _renounce_privileges()
        return _kernel_call(machine.seccomp, _SET_MODE_FILTER, _ALL_THREADS, program) == 0
    except OSError:
        return False


def _filter(machine: _Machine, *, may_execute: bool) -> Iterator[_Instruction]:
    yield (_LOAD, 0, 0, _ARCHITECTURE)
    yield (_IF_EQUAL, 1, 0, machine.architecture)
    yield (_RETURN, 0, 0, _KILL)
    yield (_LOAD, 0, 0, _NUMBER)
    yield (_IF_AT_LEAST, 0, 1, _X32)
    yield _UNKNOWN
    for numbers in ALLOWED.values():
        yield from _for_call(numbers[machine.column], (_OK,))
    for name, lines in _conditions(may_execute=may_execute).items():
        yield from _for_call(CONDITIONAL[name][machine.column], lines)
    yield _UNKNOWN


def _conditions(*, may_execute: bool) -> dict[str, _Lines]:
    """What the calls with conditions answer, by their arguments."""
    return {
        "open": _without_any(1, _WRITING),
        "openat": _without_any(2, _WRITING),
        "mmap": _unless_all(3, _SHARED_ANONYMOUS) + _without_any(3, _UNCOUNTED_MEMORY),
        "mprotect": _without_any(2, _UNCOUNTED_GROWTH),
        "madvise": _one_of(2, _ADVICES),
        "fcntl": _if_equal(1, fcntl.F_SETFL, _without_any(2, _O_ASYNC)) + _one_of(1, _DESCRIPTOR_COMMANDS),
        "ioctl": _one_of(1, _DEVICE_COMMANDS),
        "prctl": _one_of(0, _PROCESS_COMMANDS),
        "prlimit64": _zero(2),  # limits may be asked for, and not set
        "clone": _with_all(0, _THREAD),
        "tgkill": _one_of(0, (os.getpid(),)),  # abort() calls it
        "execve": (_OK,) if may_execute else (_DENIED,),
    }


def _for_call(number: int | None, lines: _Lines) -> Iterator[_Instruction]:
    """`lines`, which end the program, for the call `number`; for others the number stays loaded."""
    if number is not None:
        yield (_IF_EQUAL, 0, len(lines), number)
        yield from lines


def _one_of(argument: int, values: Iterable[int]) -> _Lines:
    tests = tuple(line for value in values for line in ((_IF_EQUAL, 0, 1, value), _OK))
    return (_argument(argument), *tests, _DENIED)


def _if_equal(argument: int, value: int, lines: _Lines) -> _Lines:
    return (_argument(argument), (_IF_EQUAL, 0, len(lines), value), *lines)


def _with_all(argument: int, bits: int) -> _Lines:
    return (_argument(argument), (_AND, 0, 0, bits), (_IF_EQUAL, 0, 1, bits), _OK, _DENIED)


def _without_any(argument: int, bits: int) -> _Lines:
    return (_argument(argument), (_IF_ANY_BIT, 1, 0, bits), _OK, _DENIED)


def _unless_all(argument: int, bits: int) -> _Lines:
    return (_argument(argument), (_AND, 0, 0, bits), (_IF_EQUAL, 0, 1, bits), _DENIED)


def _zero(argument: int) -> _Lines:
    """A pointer to nothing: both halves of the argument are looked at."""
    halves = _argument(argument), (_LOAD, 0, 0, _ARGUMENTS + 8 * argument + 4)
    return (halves[0], (_IF_EQUAL, 1, 0, 0), _DENIED, halves[1], (_IF_EQUAL, 1, 0, 0), _DENIED, _OK)


def _argument(index: int) -> _Instruction:
    """Load the lower half of an argument: the kernel looks at no upper one of these, pointers apart."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index)


_PR_SET_NO_NEW_PRIVS = 38  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _kernel_call(number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Return what the system call `number` returns; raise OSError where it fails."""
    words = (ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments)
    return _checked(_libc.syscall(ctypes.c_long(number), *words))


def _renounce_privileges() -> None:
    """Let what this process starts gain no rights it does not have itself: the kernel wants that before any filter."""
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0))))


def _checked(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
