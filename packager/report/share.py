"""What a machine has measured of a bundle, and what came of the caches of several, as lines."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from packager.build.merge import Merged
from packager.build.share import MeasuredShare
from packager.pictures.renderer import short_engine
from packager.report.words import Line, count, labelled

_NAMED = 20  # entries that were left out


def share_text(share: MeasuredShare) -> str:
    """Return what belonged to the share, where it lies now, and what comes next."""
    return labelled(_share_lines(share))


def merged_text(merged: Merged, into: Path) -> str:
    """Return how much was taken, and each file that was left out."""
    return labelled(_merged_lines(merged, into))


def _share_lines(share: MeasuredShare) -> Iterator[Line]:
    shard, request = share.shard, share.settings.request
    which = "all" if shard.count == 1 else f"share {shard.number} of {shard.count}:"
    yield "Measured", f"{which} {share.pictures:,} of {count(share.all_pictures, 'picture')}, now in {request.cache}"
    if share.all_recordings and share.settings.medium.payload_bytes:
        yield "", "films and sound wait for the build: they get what all pictures together leave of the medium"
    elif share.all_recordings:
        yield "", f"and {share.recordings:,} of {count(share.all_recordings, 'recording')} of film and sound"
    yield (
        "By",
        f"engine {short_engine(share.engine)}; a machine that says another has another packager or other libraries",
    )
    build = replace(request, cache=Path("ALL") if shard.count > 1 else request.cache).command("build")
    if shard.count == 1:
        yield "Next", build
        return
    yield "Next", f"when all {shard.count} are done, bring their folders to one machine, and there:"
    yield "", f"packager cache merge {shlex.quote(str(request.cache))} OTHERS... --into ALL"
    yield "", build


def _merged_lines(merged: Merged, into: Path) -> Iterator[Line]:
    known = f"; {merged.known:,} were there already" * bool(merged.known)
    yield "Merged", f"{count(merged.taken, 'entry').replace('entrys', 'entries')} taken into {into}{known}"
    for number, one in enumerate(merged.left_out[:_NAMED]):
        yield "" if number else "Left out", f"{one.path} {one.reason}"
    if len(merged.left_out) > _NAMED:
        yield "", f"and {len(merged.left_out) - _NAMED:,} more"
    if merged.left_out:
        yield "Next", "measure those shares again, or build: what is not there is measured then"
