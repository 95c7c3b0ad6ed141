"""Limits that POSIX systems set on what a process may use. Where there are none, nothing is done, and that is said."""

from __future__ import annotations

import math
import sys
from contextlib import suppress

_FILES = 256
# Beside its own data a process reserves addresses: code, stacks, arenas that malloc may never fill. Measured: 250 MB.
_RESERVED_BYTES = 1 << 30

if sys.platform == "win32":

    def limit_memory(size_bytes: int) -> bool:
        return False

    def limit_processor_time(seconds: float) -> bool:
        return False

    def forbid_growing_files() -> None:
        return None

    def limit_other(pid: int, memory_bytes: int, processor_s: float) -> None:
        return None

else:
    import resource

    def limit_memory(size_bytes: int) -> bool:
        """Keep this process from more memory of its own; False where the system only says that it does."""
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_NOFILE, _FILES)
        is_kept = sys.platform == "linux"  # others count other things, or nothing
        if is_kept:
            _limit(resource.RLIMIT_DATA, size_bytes)
            _limit(resource.RLIMIT_AS, size_bytes + _RESERVED_BYTES)
        return is_kept

    def limit_processor_time(seconds: float) -> bool:
        """Have this process killed (SIGXCPU) when it has used `seconds` more from now on; each call begins anew."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        end = math.ceil(used.ru_utime + used.ru_stime + seconds)
        return _limit(resource.RLIMIT_CPU, end, is_final=False)

    def forbid_growing_files() -> None:
        """Keep this process from writing into files; it may still make empty ones and remove others."""
        _limit(resource.RLIMIT_FSIZE, 0)

    def limit_other(pid: int, memory_bytes: int, processor_s: float) -> None:
        """Keep another process from more memory and time (by SIGXCPU) and from writing files, where that can be."""
        if sys.platform == "linux":
            seconds = math.ceil(processor_s)
            resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds + 1))
            for kind, amount in (
                (resource.RLIMIT_CORE, 0),
                (resource.RLIMIT_DATA, memory_bytes),
                (resource.RLIMIT_FSIZE, 0),
            ):
                resource.prlimit(pid, kind, (amount, amount))

    def _limit(kind: int, amount: int, *, is_final: bool = True) -> bool:
        hardest = resource.getrlimit(kind)[1]
        if hardest != resource.RLIM_INFINITY:
            amount = min(amount, hardest)
        with suppress(OSError, ValueError):  # some systems have the name and not the limit
            resource.setrlimit(kind, (amount, amount if is_final else hardest))
            return True
        return False
