"""What a worker process is given to examine; what opens files is loaded there, and never by who gives it out."""

from __future__ import annotations

from dataclasses import dataclass

from packager.check.containers import Origin
from packager.check.facts import FileFacts, Found
from packager.check.pictures import MOST_UNPAID
from packager.check.words import NO_WORDS, WordSearch


@dataclass(frozen=True, slots=True)
class Job:
    """One file to examine, where its bytes lie, and the words to `search` in it; without an origin it is not opened.

    `known` holds the SHA-256 of pictures that need no second look inside an archive; `unpaid` is as `picture_facts`.
    """

    found: Found
    origin: Origin | None
    known: frozenset[str] = frozenset()
    search: WordSearch = NO_WORDS
    unpaid: int = MOST_UNPAID


def examined(job: Job) -> FileFacts:
    """Everything the rules ask about one file; a file that cannot be read says so in `trouble`."""
    from packager.check.examine import examine

    return examine(job)
