"""Pixels that the bytes of a picture pay for, and how many may be decoded that no bytes pay for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from packager.check.facts import FileFacts
from packager.check.pictures import MOST_UNPAID, unpaid_pixels

if TYPE_CHECKING:
    from packager.check.job import Job

Result = TypeVar("Result")


@dataclass(slots=True)
class Purse:
    """What the files of one tree may still have decoded beyond what their bytes pay for; pixels."""

    unpaid: int = MOST_UNPAID

    def given(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """The jobs, each with what is left when it is begun."""
        return (replace(job, unpaid=self.unpaid) for job in jobs)

    def taken(self, results: Iterable[Result]) -> Iterator[Result]:
        """The results, each taking what it has used."""
        for result in results:
            if isinstance(result, FileFacts):
                self.unpaid -= sum(map(unpaid_pixels, result.pictures))
            yield result
