"""What a text asks for while it is read in another process, and the answers that it is read again with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from packager.errors import SourceError
from packager.model import Missing, Picture
from packager.readers.articles.reading import NoText, ReadArticle
from packager.sandbox.limits import LIMITS

Shown = Picture | Missing | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The pictures of one text: by reference, and those inside it by the digest of their bytes."""

    by_reference: Mapping[str, Shown] = field(default_factory=dict)
    by_digest: Mapping[str, Shown] = field(default_factory=dict)

    def gives(self, pictures: Iterable[Picture | Missing]) -> bool:
        """Whether all of the pictures are among the answers."""
        return {*self.by_reference.values(), *self.by_digest.values()}.issuperset(pictures)

    def __bool__(self) -> bool:
        return any(self.by_reference.values()) or any(self.by_digest.values())


@dataclass(frozen=True, slots=True)
class Questions:
    """What no answer was known to: references, and the names and bytes of pictures inside the text by their digest."""

    references: tuple[str, ...]
    embedded: Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What reading a text gave, with the questions that were still open."""

    result: ReadArticle | NoText
    questions: Questions


class Asking:
    """A PictureFinder that gives the answers it has, and remembers what else it was asked."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._references: dict[str, None] = {}
        self._embedded: dict[str, tuple[str, bytes]] = {}
        self._count = 0

    def find(self, reference: str) -> Shown:
        """The picture at a path relative to the text."""
        self._count_one()
        if reference not in self._answers.by_reference:
            self._references[reference] = None
        return self._answers.by_reference.get(reference)

    def embedded(self, data: bytes, name: str) -> Shown:
        """The picture with these bytes."""
        self._count_one()
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self._answers.by_digest:
            self._embedded[digest] = (name, data)
        return self._answers.by_digest.get(digest)

    def _count_one(self) -> None:
        self._count += 1
        if self._count > LIMITS.text_pictures:
            raise SourceError(f"shows more than {LIMITS.text_pictures} pictures", hint="Split it into several texts.")

    def questions(self) -> Questions:
        """What was asked for in vain."""
        return Questions(tuple(self._references), self._embedded)
