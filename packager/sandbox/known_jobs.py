"""Jobs that need not be done: the files that they read have the bytes that they had when another build asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

from packager.files.digests import FileDigests
from packager.model import Source
from packager.sandbox.answer_types import Check
from packager.sandbox.answers import encode
from packager.sandbox.remembered import Remembered, key_of

_MOST_BYTES = 256 << 10  # of an answer: pictures out of documents lie in the tree already


class KnownJobs:
    """What is `remembered` of jobs whose answers follow from what they are asked and from files of known digests."""

    def __init__(self, remembered: Remembered, digests: FileDigests) -> None:
        self._remembered = remembered
        self._digests = digests

    def key(self, job: Callable[..., object], arguments: tuple[object, ...]) -> bytes:
        """Return the key of a job; b"" for one that follows from more, as from an archive in several files."""
        sources = list(_sources(arguments))
        digests = [self._digests.of(source.path) for source in sources if source.member is None]
        if not digests or len(digests) < len(sources) or not all(digests):
            return b""
        try:
            asked = sha256(encode(arguments)).hexdigest()
        except TypeError:  # it is asked something that no answer can hold
            return b""
        return key_of("job", job.__module__, job.__qualname__, asked, *digests)

    def answer(self, key: bytes, is_answer: Check) -> tuple[object] | None:
        """Return the answer to a job, in a tuple; None for none."""
        return self._remembered.find(key, is_answer)

    def note(self, key: bytes, job: Callable[..., object], arguments: tuple[object, ...], answer: object) -> None:
        """Keep an answer, where the files are still those that were hashed."""
        if key == self.key(job, arguments):
            self._remembered.put(key, answer, _MOST_BYTES)


def _sources(arguments: tuple[object, ...]) -> Iterator[Source]:
    for argument in arguments:
        for one in argument if isinstance(argument, tuple) else (argument,):
            source = getattr(one, "source", one)
            if isinstance(source, Source):
                yield source
