"""Works that have been read -> publications in the order of the library, each with a number and an id that stay."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Hashable, Iterable, Sequence

from packager.config.definition import RESERVED_NAMES, Definition
from packager.errors import DefinitionError
from packager.model import NameStyle, Publication
from packager.model.digests import digest
from packager.output.ledger import WorkRecord
from packager.readers.publications import ReadWork, ordered
from packager.text.spelling import plain_name, unused_name

_LONGEST_ID = 32
Known = Sequence[WorkRecord]


def publications_of(works: Sequence[ReadWork], definition: Definition, known: Known) -> tuple[Publication, ...]:
    """Return the publications in the order of the library, each with its number and an id.

    A work among those `known` of earlier editions has its number again; all others are numbered behind these as they
    come. Raises DefinitionError where two would have the same id.
    """
    numbers = numbers_of(works, known)
    ids = _ids(works, numbers, definition, known)
    return ordered([_publication(*numbered) for numbered in zip(works, numbers, ids, strict=True)])


def numbers_of(works: Sequence[ReadWork], known: Known) -> list[int]:
    """Return the number of each work.

    It is known again by the id that its organizer gave it, else by where it lies, else by its text and pictures.
    """
    numbers: dict[int, int] = {}
    free = {record.number for record in known}
    for marks_of_work, marks_of_record in _MARKS:
        by_mark = {mark: record.number for record in reversed(known) for mark in marks_of_record(record)}
        for position, work in enumerate(works):
            if position not in numbers and free:
                found = (by_mark[mark] for mark in marks_of_work(work) if by_mark.get(mark) in free)
                if number := next(found, 0):
                    numbers[position] = number
                    free.remove(number)
    highest = max((record.number for record in known), default=0)
    for position in range(len(works)):
        if position not in numbers:
            highest += 1
            numbers[position] = highest
    return [numbers[position] for position in range(len(works))]


def _contents(work: ReadWork) -> Iterable[Hashable]:
    return (digest(one.version.work) for one in work.versions)


# What tells that a work is one of an earlier edition, the surest first.
_MARKS: tuple[tuple[Callable[[ReadWork], Iterable[Hashable]], Callable[[WorkRecord], Iterable[Hashable]]], ...] = (
    (lambda work: filter(None, (work.work.defined.id,)), lambda record: (record.id,)),
    (lambda work: work.work.origins, lambda record: record.origins),
    (_contents, lambda record: (record.content,)),
)


def _publication(read: ReadWork, number: int, name: str) -> Publication:
    defined = read.work.defined
    return Publication(
        id=name,
        versions=tuple(one.version for one in read.versions),
        title=defined.title,
        summary=defined.summary,
        section=read.section,
        series=read.series,
        priority=defined.priority,
        parallel=defined.parallel,
        number=number,
        origins=read.work.origins,
    )


def _ids(works: Sequence[ReadWork], numbers: Sequence[int], definition: Definition, known: Known) -> tuple[str, ...]:
    """Return the ids of the works: the definition's, else their numbers or, where names may tell, their titles."""
    prefix, earlier = prefix_of(definition), {record.number: record.id for record in known}
    digits = _digits(prefix, earlier) or max(2, len(str(max(numbers, default=0))))
    ids: dict[str, ReadWork] = {}
    given = {read.work.defined.id for read in works}
    for read, number in zip(works, numbers, strict=True):
        name = f"{prefix}{number:0{digits}}"
        if definition.names is NameStyle.TITLES:
            title = plain_name(_title(read), _LONGEST_ID) or name
            name = earlier.get(number, "")
            if name in {*given, *ids} or not re.fullmatch(rf"{re.escape(title)}(-\d+)?", name):
                name = unused_name(title, {*given, *ids, *earlier.values(), *RESERVED_NAMES}, _LONGEST_ID)
        other = ids.setdefault(read.work.defined.id or name, read)
        if other is not read:
            raise DefinitionError(
                f"{other.work.label} and {read.work.label} have the same id `{read.work.defined.id or name}`",
                hint="Give one of them another `id` in bundle.toml.",
            )
    return tuple(ids)


def _title(read: ReadWork) -> str:
    """Return what a folder is called after: of an episode that is called "Episode 1" alone its series too."""
    version = read.versions[0].version
    series = read.series.in_language(version.language) if version.recordings else ""
    return version.title if series in version.title else f"{series} {version.title}"


def _digits(prefix: str, earlier: dict[int, str]) -> int:
    """Return with how many digits numbers were written in ids of earlier editions, 0 where there were none."""
    numbers = ((number, name.removeprefix(prefix)) for number, name in earlier.items() if name.startswith(prefix))
    return min((len(digits) for number, digits in numbers if digits == f"{number:0{len(digits)}}"), default=0)


def prefix_of(definition: Definition) -> str:
    """Return the prefix of the numbers: the definition's, else one letter and two digits of the tree's name.

    Two trees that are copied into one folder then rarely mix.
    """
    digits = int.from_bytes(hashlib.sha256(definition.name.encode()).digest()) % 100
    letter = next((letter for letter in definition.name if "a" <= letter <= "z"), "p")
    return definition.prefix or f"{letter}{digits:02}"
