"""What comes out of an archive, counted as it comes: members, names and bytes, each within its limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packager.archive import BY_HAND, Member
from packager.errors import SourceError
from packager.sandbox.limits import Limits

Walk = Iterator[tuple[Member, Iterator[bytes]]]


class Census:
    """Counts the members and the bytes of one archive of `stored_bytes`; raises SourceError beyond `limits`."""

    def __init__(self, limits: Limits, stored_bytes: int) -> None:
        self._limits = limits
        self._most_members = limits.most_members(stored_bytes)
        self._stored_bytes = stored_bytes
        self._most_bytes = min(limits.archive_bytes, max(limits.ratio_from_bytes, limits.ratio * stored_bytes))
        self._names: set[str] = set()
        self._members = self._bytes = 0

    @property
    def is_empty(self) -> bool:
        """Whether no member has been counted."""
        return not self._members

    def enter(self, member: Member) -> None:
        """Count a member, whose name no other file may have."""
        self._members += 1
        if self._members > self._most_members:
            what = f"holds more than {self._most_members:,} members: too many for its {self._stored_bytes:,} bytes"
            raise SourceError(what, hint="Leave out what is no page, or divide it.")
        if len(member.name) > self._limits.name_characters or member.name.count("/") > self._limits.depth:
            raise SourceError("holds a name that is too long or too deep", hint=BY_HAND)
        if not member.is_folder and member.name in self._names:
            raise SourceError(f"holds two members with the same name ({member.name})", hint=BY_HAND)
        if not member.is_folder:
            self._names.add(member.name)

    def weigh(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, counted."""
        for piece in pieces:
            self._bytes += len(piece)
            if self._bytes > self._most_bytes:
                raise SourceError("grows without measure: it may be made to fill this computer", hint=BY_HAND)
            yield piece


def counted(walk: Walk, limits: Limits, stored_bytes: int) -> Walk:
    """The members of a walk with their bytes, folders left out, everything counted."""
    census = Census(limits, stored_bytes)
    for member, pieces in walk:
        census.enter(member)
        if not member.is_folder:
            yield member, census.weigh(pieces)
    if census.is_empty:
        raise SourceError("holds nothing, or is cut short", hint=BY_HAND)
