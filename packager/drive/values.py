"""What is known of a tree, of a drive, and of what became of the one on the other."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from packager.config.medium import Filesystem
from packager.model import Finding, Severity
from packager.output.manifest import File


class Level(StrEnum):
    """How far a drive can be believed to hold the tree."""

    PROVEN = "proven"  # every byte came from the drive itself, and is right
    READ_THROUGH_CACHE = "read, not proven"  # all is right, as far as this machine's memory tells
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Source:
    """A tree to copy: `files` name it, as `window/index.html`, relative to `root`, in the order of writing.

    `manifest` is the folder of the manifest that told.
    """

    root: Path
    name: str
    files: tuple[File, ...]
    manifest: Path

    @property
    def size_bytes(self) -> int:
        """Bytes of all files together."""
        return sum(file.size_bytes for file in self.files)


def anew(source: Source, drive: Path) -> str:
    """The command that copies the tree in the place of the folder of its name that is on the drive."""
    return shlex.join(["packager", "copy", str(source.root / source.name), str(drive), "--replace"])


@dataclass(frozen=True, slots=True)
class Drive:
    """A mounted drive, or a folder on it; `path` as it was named.

    `device` is the system's number of the file system, `format` None for others than FAT32 and exFAT.
    """

    path: Path
    folder: Path
    device: int
    file_system: str
    format: Filesystem | None
    cluster_bytes: int
    free_bytes: int
    is_read_only: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found where the tree should be on a drive; `why` is one sentence."""

    level: Level
    why: str
    findings: tuple[Finding, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 where the drive holds everything, else 1."""
        return 1 if self.level is Level.FAILED else 0


@dataclass(frozen=True, slots=True)
class CopyResult:
    """What became of one drive; `exit_code` is 0 where it holds everything."""

    drive: Path
    level: Level
    why: str
    exit_code: int = 0
    findings: tuple[Finding, ...] = ()
    kept_files: int = 0


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that say that the tree does not lie there whole."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def folders_of(files: tuple[File, ...]) -> frozenset[PurePosixPath]:
    """Every folder that the files need, without the drive's own."""
    return frozenset(folder for file in files for folder in file.path.parents if folder != PurePosixPath("."))
