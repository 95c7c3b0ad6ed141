"""What the readers of works share: what they are given, and what they give back."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeVar, TypeVarTuple

from packager.config.definition import Definition
from packager.errors import SourceError
from packager.model import Missing, Outcome, Picture, Remark, Source
from packager.readers.files import File
from packager.readers.headers import Pictures
from packager.readers.kinds import Kind
from packager.readers.language import same_language
from packager.sandbox.limits import LIMITS
from packager.sandbox.pool import Workers

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A bundle that is being read: its files, its pictures' headers, and the language that alone is wanted, if any.

    Texts are read in `workers`. `keep` gives bytes that lie in no file of their own a source with a label, `look` reads
    one more header. Pictures are found by their exact path, else by their path without regard to case; credit files by
    their folder.
    """

    definition: Definition
    workers: Workers
    files: tuple[File, ...]
    pictures: Pictures
    keep: Callable[[bytes, str], Source]
    look: Callable[[Source], Picture | Missing]
    language: str = ""
    by_path: Mapping[str, File] = field(init=False)
    by_folded_path: Mapping[str, File] = field(init=False)
    credit_by_folder: Mapping[PurePosixPath, File] = field(init=False)

    def __post_init__(self) -> None:
        paths = {str(file.path): file for file in self.files if file.kind is Kind.PICTURE}
        folded = {path.casefold(): file for path, file in reversed(paths.items())}
        credits = {file.path.parent: file for file in self.files if file.kind is Kind.CREDIT}
        for name, index in (("by_path", paths), ("by_folded_path", folded), ("credit_by_folder", credits)):
            object.__setattr__(self, name, index)

    def ask(self, source: Source, job: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        """What a worker says of a text in the time that texts have; SourceError, which names it, where it says none."""
        try:
            return self.workers.submit_within(LIMITS.text_processor_seconds, job, *arguments).result()
        except SourceError as error:
            if error.where is not None:
                raise
            raise type(error)(error.what, where=source.label, hint=error.hint) from error

    @property
    def preferred(self) -> tuple[str, ...]:
        """Languages in the order in which they stand for a publication that has several."""
        return tuple(filter(None, (self.language, *self.definition.languages)))

    def rank(self, language: str) -> int:
        """The place of a language among the preferred ones, others behind them: a key for sorting versions."""
        matches = (place for place, wish in enumerate(self.preferred) if same_language(language, wish))
        return next(matches, len(self.preferred))


def unconfined(program: str, workers: Workers, label: str) -> tuple[Remark, ...]:
    """That a trusted program read the source `label` without the restrictions which this system lacks."""
    missing = ", ".join(workers.programs.unconfined.get(program, ()))
    message = f"read with {program}, as --trust-programs says; this system could not keep it from {missing}"
    return (Remark(label, Outcome.WARNING, message),) if missing else ()


def unwalled(workers: Workers) -> tuple[Remark, ...]:
    """That this system could not keep the processes that read the sources from all that they need not do."""
    fallen = ", ".join(workers.fallen())
    message = f"the processes that read the sources could not be kept from {fallen}: this system has no way to"
    return (Remark("this computer", Outcome.DECIDED, message),) if fallen else ()


class Scratch:
    """Numbered files, in a new folder below `folder`, for bytes that have none of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(dir=folder))
        self._count = 0

    def keep(self, data: bytes, label: str) -> Source:
        """The source, told as `label`, that holds `data` from now on."""
        source = self.reserve(label)
        with source.path.open("xb") as file:
            file.write(data)
        return source

    def reserve(self, label: str) -> Source:
        """A source, told as `label`, whose file is still to be written; its ending stays, readers go by it."""
        self._count += 1
        ending = re.search(r"\.[a-z0-9]{1,8}$", label.lower())
        return Source(self._folder / f"embedded-{self._count:05}{ending[0] if ending else ''}", label)
