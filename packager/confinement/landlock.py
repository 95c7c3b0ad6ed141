"""Landlock: the kernel's own list of the files a process may reach (linux/landlock.h)."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from packager.confinement import kernel

# The numbers are the same on every processor.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
# How many rights over files each version knows: later ones add moving, truncating, and commands to devices.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_MOST_RIGHTS = 16
_BIND_AND_CONNECT_TCP = 0b11  # from version 4
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # from version 6


def restrict(readable: Sequence[Path] | None) -> bool:
    """Leave this thread, and those it will start, nothing but reading `readable`, or everything for None.

    False, and nothing is changed, where the kernel has no Landlock.
    """
    try:
        version = kernel.call(_CREATE_RULESET, None, 0, _ASK_VERSION)
        kernel.renounce_privileges()
        rules = kernel.call(_CREATE_RULESET, attributes := _handled(version), len(attributes), 0)
    except OSError:
        return False
    try:
        for place in (Path("/"),) if readable is None else readable:
            with suppress(OSError):  # what is not there needs no rule
                _allow_reading(rules, place)
        kernel.call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
    return True


def _handled(version: int) -> bytes:
    """Everything that this version can deny, as `struct landlock_ruleset_attr`, as long as the version knows it."""
    files = (1 << _RIGHTS.get(version, _MOST_RIGHTS)) - 1
    attributes = struct.pack("=QQQ", files, _BIND_AND_CONNECT_TCP, _ABSTRACT_SOCKETS_AND_SIGNALS)
    return attributes[: 24 if version >= 6 else 16 if version >= 4 else 8]


def _allow_reading(rules: int, place: Path) -> None:
    file = os.open(place, os.O_PATH | os.O_CLOEXEC)
    try:
        is_folder = stat.S_ISDIR(os.fstat(file).st_mode)
        rights = _READ_FILE | _READ_FOLDER if is_folder else _READ_FILE
        kernel.call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, file), 0)
    finally:
        os.close(file)
