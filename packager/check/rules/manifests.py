"""M: exactly the files of a manifest, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from packager.check.facts import FileFacts, Inventory
from packager.check.findings import finding
from packager.errors import OutputError, UsageError
from packager.model import Finding
from packager.output.manifest import TABLE_NAME, File, read_table, table_of

Expected = Mapping[str, File]


def expected_files(manifest: Path, tree: str) -> Expected:
    """Return the files of a manifest by path: what `table_of` finds at `manifest`, else that file whatever its name.

    Where it tells of several trees, those of `tree` alone. Raises UsageError where it cannot be read.
    """
    try:
        files = read_table(table_of(manifest) or manifest).files
    except OutputError as problem:
        raise UsageError(problem.what, where=problem.where, hint=f"Give the {TABLE_NAME} of a build.") from problem
    of_tree = [file for file in files if file.path.parts[0] == tree]
    return {str(file.path): file for file in of_tree or files}


def findings(inventory: Inventory, expected: Expected) -> Iterator[Finding]:
    """What differs between the inventory and a manifest, whose top folder may be what was checked itself."""
    top, wanted = _placed(inventory, expected)
    files = {f"{top}{file.path}": file for file in inventory.files}
    for path in sorted(wanted.keys() - files.keys()):
        yield finding("M101", path, f"{wanted[path].size_bytes:,} bytes are missing")
    for path in sorted(files.keys() - wanted.keys()):
        yield finding("M102", path, "the manifest does not list it")
    for path in sorted(wanted.keys() & files.keys()):
        yield from _difference(path, files[path], wanted[path])
    # Whatever a manifest lists lies in a folder that is not empty.
    full = {path.rpartition("/")[0] for path in (*(file.path for file in inventory.files), *inventory.folders)}
    for folder in sorted(set(inventory.folders) - full):
        yield finding("M102", f"{top}{folder}", "the manifest lists no file in this folder")


def _placed(inventory: Inventory, expected: Expected) -> tuple[str, dict[str, File]]:
    """What stands before the paths of the inventory, and the manifest by such paths.

    The manifest's paths begin with the tree's folder; what is checked may be that folder, or hold it.
    """
    tops = {path.partition("/")[0] for path in expected}
    top = f"{tops.pop()}/" if len(tops) == 1 else ""
    if inventory.top or top.rstrip("/") in inventory.folders:
        return inventory.top, dict(expected)
    return "", {path.removeprefix(top): file for path, file in expected.items()}


def _difference(path: str, file: FileFacts, wanted: File) -> Iterator[Finding]:
    if file.size_bytes < wanted.size_bytes:
        yield finding("M104", path, f"it ends after {file.size_bytes:,} of {wanted.size_bytes:,} bytes")
    elif file.size_bytes > wanted.size_bytes:
        yield finding("M103", path, f"it has {file.size_bytes:,} bytes in place of {wanted.size_bytes:,}")
    elif not file.sha256:
        yield finding("M103", path, "it could not be compared, for it was not read")
    elif file.sha256 != wanted.sha256:
        yield finding("M103", path, "its bytes are not those that were built")
