"""What is asked of a build beside its definition."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from packager.config import media
from packager.config.definition import Definition
from packager.config.media import USUAL, Format
from packager.text.sizes import size_words


class ArchiveKind(StrEnum):
    """The forms in which the whole tree can be had as one file beside it."""

    ZIP = "zip"
    SEVEN_ZIP = "7z"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a build; what is None or "" is left to the definition.

    `split` is the number of media to share the library out over, 0 for as many as it takes. `traces` tell of this
    computer and must not be in the tree. `cache` is the folder that keeps renditions from one run to the next, `verb`
    the command that asks.
    """

    bundle: Path
    output: Path | None = None
    profile: str = ""
    medium: str = ""
    fit_bytes: int | None = None
    format: Format = USUAL
    archive: ArchiveKind | None = None
    language: str = ""
    skip_damaged: bool = False
    drops: bool = False
    split: int | None = None
    keep_refused: bool = False
    trusts_programs: bool = False
    cache: Path | None = None
    traces: tuple[str, ...] = ()
    verb: str = "build"


def with_space(asked: Definition, request: Request) -> Definition:
    """The definition with the space that the command line gives; a format said of another medium does not hold."""
    if request.medium or request.fit_bytes is not None:
        return replace(asked, medium=request.medium, fit_bytes=request.fit_bytes, format=request.format)
    return replace(asked, format=media.overlaid(asked.format, request.format))


def command_of(request: Request, verb: str = "build") -> str:
    """The command that asks for this build, as it can be typed again; or for what else `verb` does with it."""
    options = {
        "-o": request.output,
        "--profile": request.profile,
        "--medium": request.medium,
        "--fit": size_words(request.fit_bytes or 0),
        "--filesystem": request.format.filesystem,
        "--cluster": size_words(request.format.cluster_bytes or 0),
        "--archive": request.archive,
        "--language": request.language,
        "--cache": request.cache,
    }
    given = [str(part) for option, value in options.items() if value for part in (option, value)]
    flags = {
        "--skip-damaged": request.skip_damaged,
        "--drop": request.drops,
        "--trust-programs": request.trusts_programs,
    }
    given += [flag for flag, is_given in flags.items() if is_given]
    if request.split is not None:
        given.append(f"--split={request.split}" if request.split else "--split")
    return shlex.join(["packager", verb, str(request.bundle), *given])
