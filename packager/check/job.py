"""What a worker process is given to examine; what opens files is loaded there, and never by who gives it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from packager.check.containers.origin import Origin
from packager.check.facts import FileFacts, Found
from packager.check.picture import MOST_UNPAID, unpaid_pixels
from packager.check.words import NOTHING, Sought

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Job:
    """One file to examine, where its bytes lie, and the words `sought` in it; without an origin it is not opened.

    `known` holds the SHA-256 of pictures that need no second look inside an archive; `unpaid` is as `picture_facts`.
    """

    found: Found
    origin: Origin | None
    known: frozenset[str] = frozenset()
    sought: Sought = NOTHING
    unpaid: int = MOST_UNPAID


def examined(job: Job) -> FileFacts:
    """Everything the rules ask about one file; a file that cannot be read says so in `trouble`."""
    from packager.check.examine import examine

    return examine(job)


class Purse:
    """The pixels that files of one tree may still have beyond those that their bytes pay for."""

    def __init__(self) -> None:
        self._unpaid = MOST_UNPAID

    def given(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """The jobs, each with what is left when it is begun."""
        return (replace(job, unpaid=self._unpaid) for job in jobs)

    def taken(self, results: Iterable[Result]) -> Iterator[Result]:
        """The results, each taking what it has used."""
        for result in results:
            if isinstance(result, FileFacts):
                self._unpaid -= sum(map(unpaid_pixels, result.pictures))
            yield result
