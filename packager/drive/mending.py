"""How to mend the tree on a drive, with advice that the drive has the space for."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from packager.drive.copy_plan import existing_copy, needed_bytes, tree_bytes
from packager.drive.listing import folders_of_tree
from packager.drive.mounted import Drive
from packager.drive.source import CopySource
from packager.drive.verify import MISNAMED, errors
from packager.errors import OutputError
from packager.model import Finding


def mending(source: CopySource, drive: Drive, findings: Iterable[Finding]) -> str:
    """Return what to do about wrong files: the command that mends them, or what is in its way."""
    wrong = {finding.path for finding in errors(findings) if finding.code not in MISNAMED}
    written = {file.path: file.size_bytes * (str(file.path) in wrong) for file in source.files}
    update = f"To mend it, and write only what is wrong: {source.updating(drive.path)}"
    if tree_bytes(written, drive) + drive.cluster_bytes <= drive.free_bytes:
        return update
    with suppress(OSError, OutputError):  # of a drive that cannot be listed nothing better is known
        there = (existing_copy(folder, drive) for folder in folders_of_tree(drive.folder, source.name).values())
        room = drive.free_bytes + sum(tree_bytes(copy.sizes, drive) for copy in there)
        needed = needed_bytes(source, drive, ())
        if needed <= room:
            return f"It has no room to mend it file by file. To copy it anew: {source.replacing(drive.path)}"
        return (
            f"It is too small: the tree needs {needed:,} bytes, and has {room:,} there. Take a larger one, or build "
            "for one of this size with --fit."
        )
    return update
