"""Pixels that the bytes of a picture pay for, and how many may be decoded that no bytes pay for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from packager.check.facts import FileFacts, PictureFacts

if TYPE_CHECKING:
    from packager.check.job import Job

# Our own encoder makes at most 256 pixels of a byte, of a page that is empty: 2 bits a block of 64.
PIXELS_A_BYTE = 500
MOST_UNPAID = 1_000_000_000  # pixels of one archive, document or tree

Result = TypeVar("Result")


def unpaid_pixels(facts: PictureFacts) -> int:
    """How many pixels were decoded beyond those that the picture's bytes pay for."""
    return max(0, facts.decoded - PIXELS_A_BYTE * facts.size_bytes)


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
