"""Calls of the Linux kernel that the standard library has no names for."""

from __future__ import annotations

import ctypes
import os

PR_SET_NO_NEW_PRIVS = 38  # linux/prctl.h

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def call(number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """What the system call `number` returns; OSError where it fails."""
    return _checked(_libc.syscall(ctypes.c_long(number), *map(_word, arguments)))


def renounce_privileges() -> None:
    """What this process starts gains no rights it does not have itself: the kernel wants that before any filter."""
    _checked(_libc.prctl(PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0))))


def _word(argument: object) -> object:
    return ctypes.c_long(argument) if isinstance(argument, int) else argument


def _checked(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
