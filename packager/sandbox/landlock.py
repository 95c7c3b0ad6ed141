"""Landlock: the kernel's own list of the files a process may reach (linux/landlock.h), as known up to version 7.

Also the calls of the Linux kernel that the standard library has no names for.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

WITH_TRUNCATING = 3
"""The version from which on it keeps a process from cutting files that it may not write."""

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
_PR_SET_NO_NEW_PRIVS = 38  # linux/prctl.h

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def restrict(readable: Sequence[Path] | None, executable: Sequence[Path], *, newest: int) -> int:
    """Let this thread, and those it will start, do nothing but read `readable`, or everything for None.

    The files in `executable` may be run as programs. Returns the version that holds, at most `newest`; 0, and nothing
    is changed, where the kernel has no Landlock.
    """
    if not newest:
        return 0
    try:
        version = min(kernel_call(_CREATE_RULESET, None, 0, _ASK_VERSION), newest)
        renounce_privileges()
        rules = kernel_call(_CREATE_RULESET, attributes := _handled(version), len(attributes), 0)
    except OSError:
        return 0
    try:
        _allow(rules, (Path("/"),) if readable is None else readable, _READ_FILE | _READ_FOLDER)
        _allow(rules, executable, _READ_FILE | _READ_FOLDER | _EXECUTE)
        kernel_call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
    return version


def kernel_call(number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Return what the system call `number` returns; raise OSError where it fails."""
    words = (ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments)
    return _checked(_libc.syscall(ctypes.c_long(number), *words))


def renounce_privileges() -> None:
    """Let what this process starts gain no rights it does not have itself: the kernel wants that before any filter."""
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0))))


def _checked(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def _handled(version: int) -> bytes:
    """Everything that this version can deny, as `struct landlock_ruleset_attr`, as long as the version knows it."""
    files = (1 << _RIGHTS.get(version, _MOST_RIGHTS)) - 1
    attributes = struct.pack("=QQQ", files, _BIND_AND_CONNECT_TCP, _ABSTRACT_SOCKETS_AND_SIGNALS)
    return attributes[: 24 if version >= 6 else 16 if version >= 4 else 8]


def _allow(rules: int, places: Iterable[Path], rights: int) -> None:
    for place in places:
        with suppress(OSError):  # what is not there needs no rule
            file = os.open(place, os.O_PATH | os.O_CLOEXEC)
            try:
                of_place = rights if stat.S_ISDIR(os.fstat(file).st_mode) else rights & ~_READ_FOLDER
                kernel_call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", of_place, file), 0)
            finally:
                os.close(file)
