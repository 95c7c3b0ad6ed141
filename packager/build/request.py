"""What is asked of a build, and what that comes to with the bundle's own definition."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packager.config.definition import Definition
from packager.config.filesystems import Filesystem
from packager.config.media import Format, Medium
from packager.config.profile import Profile
from packager.layout.interface_words import Dictionary
from packager.model import Edition
from packager.output.ledger import Ledger
from packager.pictures.cluster import Scheduler
from packager.text.spelling import size_words


class ArchiveKind(StrEnum):
    """The forms in which the whole tree can be had as one file beside it."""

    ZIP = "zip"
    SEVEN_ZIP = "7z"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a build on the command line; what is None or "" is left to the definition.

    `split` is the number of media to share the library out over, 0 for as many as it takes; with `since` it holds only
    what is new since the edition of that number. `traces` tell of this
    computer and must not be in the tree. `cache` is the folder that keeps renditions from one run to the next, and
    no more than `cache_bytes` of them; what `makes_anew` takes nothing from the tree that stands in the destination.
    The machines behind the `scheduler` help to measure. A preview plans the trees and writes none.
    """

    bundle: Path
    output: Path | None = None
    profile: str = ""
    medium: str = ""
    fit_bytes: int | None = None
    filesystem: Filesystem | None = None
    cluster_bytes: int | None = None
    archive: ArchiveKind | None = None
    language: str = ""
    skip_damaged: bool = False
    drops: bool = False
    editions: tuple[Edition, ...] | None = None
    split: int | None = None
    since: int | None = None
    keep_refused: bool = False
    trust_programs: bool = False
    cache: Path | None = None
    cache_bytes: int | None = None
    makes_anew: bool = False
    traces: tuple[str, ...] = ()
    scheduler: Scheduler | None = None
    is_preview: bool = False

    @property
    def format(self) -> Format:
        """How the medium is said to be formatted."""
        return Format(self.filesystem, self.cluster_bytes)

    def command(self, verb: str) -> str:
        """Return the command that asks for this build, or with the verb "plan" for its plan, as it can be typed."""
        options = {
            "-o": self.output,
            "--profile": self.profile,
            "--medium": self.medium,
            "--fit": size_words(self.fit_bytes or 0),
            "--filesystem": self.filesystem,
            "--cluster": size_words(self.cluster_bytes or 0),
            "--archive": self.archive,
            "--language": self.language,
            "--editions": ",".join(self.editions or ()),
            "--since": self.since,
            "--cache": self.cache,
            "--cache-size": size_words(self.cache_bytes or 0),
            "--no-reuse": self.makes_anew,
            "--cluster ": self.scheduler and self.scheduler.address,
            "--cluster-ca": self.scheduler and self.scheduler.authority,
            "--cluster-cert": self.scheduler and self.scheduler.certificate,
            "--cluster-key": self.scheduler and self.scheduler.key,
            "--skip-damaged": self.skip_damaged,
            "--drop": self.drops,
            "--trust-programs": self.trust_programs,
            "--split": self.split or self.split is not None,  # last: without a number it would take the next word
        }
        words = ["packager", verb, str(self.bundle)]
        for option, value in options.items():
            if value:
                words += [option] if value is True else [option.strip(), str(value)]
        return shlex.join(words)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a build follows from before any source is read: the request, and all that it and the definition name.

    The definition has what the request says in its place; the `dictionary` holds the interface words, the `ledger` the
    editions of the bundle so far.
    """

    request: Request
    definition: Definition
    profile: Profile
    medium: Medium
    dictionary: Dictionary
    editions: tuple[Edition, ...]
    ledger: Ledger

    @property
    def destination(self) -> Path:
        """The folder that holds the trees, `keep` and archives when all went well."""
        return self.request.output or Path(f"{self.definition.name}-built")

    @property
    def refused_folder(self) -> Path:
        """Where trees that failed their check can be looked at."""
        return self.destination.with_name(f"{self.destination.name}-refused")
