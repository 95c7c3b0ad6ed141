"""What an earlier check found in files of the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from packager.check.examine import ExamineJob
from packager.check.facts import FileFacts
from packager.check.pictures import unpaid_pixels
from packager.files.signatures import FileType, extension
from packager.files.traces import without_days
from packager.sandbox.remembered import Remembered, key_of


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """Facts from an earlier build, for files whose SHA-256, by their paths in the tree, were taken in this run."""

    remembered: Remembered
    digests: Mapping[str, str]

    def of(self, job: ExamineJob) -> FileFacts | None:
        """Return the facts of a file; None where it is to be examined."""
        key = self._key(job)
        facts = self.remembered.get(key, FileFacts) if key else None
        return replace(facts, entry=job.entry) if facts and _is_as_examined(facts, job) else None

    def note(self, job: ExamineJob, facts: FileFacts) -> None:
        """Keep facts for the next build, unless something kept the file from being examined whole."""
        key = self._key(job)
        if key and facts.sha256 == self.digests[job.entry.path] and _is_as_examined(facts, job):
            self.remembered.put(key, facts)

    def _key(self, job: ExamineJob) -> bytes:
        digest = self.digests.get(job.entry.path)
        if digest is None:
            return b""
        ending = extension(job.entry.path)
        name = ending if ending in ("jpg", "jpeg") else job.entry.path  # the words in a picture are in no language
        search = replace(job.search, traces=without_days(job.search.traces))
        return key_of("facts", digest, name, search)


def _is_as_examined(facts: FileFacts, job: ExamineJob) -> bool:
    """Return whether an examination finds these facts, whatever was examined before it."""
    if facts.trouble or any(map(unpaid_pixels, facts.pictures)):
        return False
    members = facts.inside.files if facts.inside else ()
    return not any(one.trouble or any(map(unpaid_pixels, one.pictures)) for one in members) and all(
        (one.sha256 in job.known) is not bool(one.pictures) for one in members if one.kind is FileType.JPEG
    )
