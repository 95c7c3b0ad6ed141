"""What a tree loses to clusters that its files do not fill, and what smaller clusters would save (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from packager.config.medium import KIB, Medium, occupied_bytes
from packager.model import Entry

SMALL_CLUSTER = 4 * KIB  # the smallest that formatters choose for sticks and cards: docs/devices.md section 1


@dataclass(frozen=True, slots=True)
class Slack:
    """`lost_bytes` are in no file; `with_small_bytes` is what would be lost with clusters of 4 KiB, never more."""

    files: int
    lost_bytes: int
    with_small_bytes: int

    @property
    def saved_bytes(self) -> int:
        """What a medium with clusters of 4 KiB would have room for beside."""
        return self.lost_bytes - self.with_small_bytes


def slack(entries: Sequence[Entry], folder: str, medium: Medium) -> Slack:
    """The slack of the entries in the top folder `folder` on the medium, directories counted as lost."""
    sizes = [(entry.path, entry.size_bytes) for entry in entries]
    total = sum(size for _, size in sizes)
    lost, small = (
        occupied_bytes(sizes, folder, medium.filesystem, cluster) - total
        for cluster in (medium.cluster_bytes, min(SMALL_CLUSTER, medium.cluster_bytes))
    )
    return Slack(len(sizes), lost, small)
