"""Limits that POSIX systems set on what a process may use. Where there are none, nothing is done, and that is said."""

from __future__ import annotations

import math
import sys
from contextlib import suppress

_FILES = 256
# Beside its own data a process reserves addresses: code, stacks, arenas that malloc may never fill. Measured: 250 MB.
_RESERVED_BYTES = 1 << 30
_STACK_BYTES = 8 << 20  # what Linux gives the first thread of a process; it counts to no other limit

if sys.platform == "win32":

    def limit_memory(size_bytes: int, *, has_addresses: bool = False) -> bool:
        return False

    def limit_processor_time(seconds: float, *, is_final: bool = False) -> bool:
        return False

    def limit_files(size_bytes: int) -> None:
        return None

else:
    import resource

    def limit_memory(size_bytes: int, *, has_addresses: bool = False) -> bool:
        """Keep this process from more memory of its own; False where the system only says that it does.

        Addresses are no memory as long as nothing is written; it `has_addresses` without limit, or some beside its own.
        """
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_NOFILE, _FILES)
        is_kept = sys.platform == "linux"  # others count other things, or nothing
        if is_kept:
            _limit(resource.RLIMIT_DATA, size_bytes)
            _limit(resource.RLIMIT_STACK, _STACK_BYTES)
            if not has_addresses:
                _limit(resource.RLIMIT_AS, size_bytes + _RESERVED_BYTES)
        return is_kept

    def limit_processor_time(seconds: float, *, is_final: bool = False) -> bool:
        """Have this process killed (SIGXCPU) when it has used `seconds` more from now on; each call begins anew.

        A final limit can be lowered, and not lifted.
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
