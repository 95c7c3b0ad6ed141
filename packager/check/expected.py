"""What a manifest says must be there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from packager.errors import OutputError, UsageError
from packager.output.manifest import SUMS_NAME, TABLE_NAME, File, read_table

Expected = Mapping[str, File]


def expected_files(manifest: Path, tree: str) -> Expected:
    """The files of a manifest by path: a `manifest.tsv`, the folder that holds it, or the sums beside it.

    Where it tells of several trees, those of `tree` alone. Raises UsageError where it cannot be read.
    """
    table = manifest / TABLE_NAME if manifest.is_dir() else manifest
    table = table.with_name(TABLE_NAME) if table.name == SUMS_NAME else table
    try:
        files = read_table(table).files
    except OutputError as problem:
        raise UsageError(problem.what, where=problem.where, hint=f"Give the {TABLE_NAME} of a build.") from problem
    of_tree = [file for file in files if file.path.parts[0] == tree]
    return {str(file.path): file for file in of_tree or files}
