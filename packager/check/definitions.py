"""Definitions of bundles checked without building them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from packager.check.findings import finding
from packager.config import definition, media, profile, strict_toml
from packager.config.definition import FILE_NAME, Definition
from packager.errors import DefinitionError, UsageError, os_errors
from packager.model import Finding

# How errors on definitions say where they are.
PLACE = re.compile(r"(.*), line (\d+)", re.DOTALL)


def is_definition(path: Path) -> bool:
    """Whether a definition itself was named, for nothing that lies in a folder decides how it is checked."""
    return path.suffix == ".toml" and path.is_file()


def check_definitions(path: Path) -> tuple[Finding, ...]:
    """Every problem of the bundles at `path`: a definition, its folder, or a folder of such folders.

    Paths of findings are relative to `path`. Raises UsageError where there is no definition.
    """
    with os_errors(UsageError, "cannot be read", path):
        files = [path] if path.is_file() else _definitions(path)
    if not files:
        hint = f"Give a folder with a {FILE_NAME}, or a folder of such folders."
        raise UsageError("holds no definition of a bundle", where=path, hint=hint)
    root = path.parent if path.is_file() else path
    findings = {finding for file in files for finding in _problems(file, root)}
    return tuple(sorted(findings, key=lambda finding: (finding.path, finding.line or 0, finding.code, finding.message)))


def _definitions(folder: Path) -> list[Path]:
    """The definition in `folder`, or else those in its folders."""
    if not folder.is_dir():
        return []
    if (folder / FILE_NAME).is_file():
        return [folder / FILE_NAME]
    return [child / FILE_NAME for child in sorted(folder.iterdir()) if (child / FILE_NAME).is_file()]


def _problems(file: Path, root: Path) -> Iterator[Finding]:
    try:
        bundle = definition.load(file)
    except DefinitionError as problem:
        for one in (problem, *problem.also):
            yield _finding("D101", one, file, root)
        return
    for key, code, judge in (("profile", "D102", _profile), ("medium", "D103", _medium)):
        try:
            judge(bundle)
        except DefinitionError as problem:
            for one in (problem, *problem.also):
                yield _finding(code, one, file, root, key)


def _profile(bundle: Definition) -> None:
    profile.refuse_unbuildable(profile.load(bundle.profile, bundle.folder))


def _medium(bundle: Definition) -> None:
    if bundle.medium:
        media.load(bundle.medium, bundle.folder, bundle.format)


def _finding(code: str, problem: DefinitionError, file: Path, root: Path, key: str = "") -> Finding:
    """The problem as a finding, where it says that it is, else at the key that brought it up."""
    place = PLACE.fullmatch(problem.where or "")
    where = Path(place[1]) if place else Path(problem.where or file)
    line = int(place[2]) if place else None
    if problem.where is None and key:
        line = strict_toml.load(file)[1].at(key).line
    message = f"{problem.what}. {problem.hint}" if problem.hint else problem.what
    return finding(code, _relative(where, root), message, line)


def _relative(path: Path, root: Path) -> str:
    resolved, top = path.resolve(), root.resolve()
    return resolved.relative_to(top).as_posix() if resolved.is_relative_to(top) else str(path)
