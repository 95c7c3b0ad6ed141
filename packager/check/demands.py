"""What is asked of a tree beside what its profile asks of every tree."""

from __future__ import annotations

from dataclasses import dataclass

from packager.config.medium import Medium


@dataclass(frozen=True, slots=True)
class Demands:
    """`medium` is what the tree must fit, `never` are words that it must not hold.

    `traces` tell of the computer that built it: the names of its user and host, home, zone and date; short ones and
    those of many computers are passed over.
    """

    medium: Medium | None = None
    never: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()


NOTHING_MORE = Demands()
