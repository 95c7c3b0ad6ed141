"""One file, opened once: what a worker process tells of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path

from packager.check.active import active_content
from packager.check.document import document_facts, utf8_error
from packager.check.facts import FileFacts, Form, Found, TextFacts
from packager.check.kinds import HEAD_BYTES, PICTURES, Kind, extension, kind_of
from packager.check.picture import picture_facts
from packager.check.text import document_text_facts, text_facts
from packager.check.words import Needle, told
from packager.check.zipped import archive_facts

MOST_WHOLE_BYTES = 64 * 1024 * 1024  # what is larger is hashed as a stream and not looked into
MOST_BYTES = 4_294_967_295  # what is larger cannot lie on FAT32, is named by a rule and not opened

# What is read as a document though its first bytes may be those of any text.
FORMS = {
    "html": Form.HTML,
    "htm": Form.HTML,
    "xhtml": Form.XHTML,
    "svg": Form.SVG,
    "css": Form.STYLE,
    "opf": Form.PACKAGE,
    "ncx": Form.PACKAGE,
}

TAG_RECORD = 24
TAG_END = b"EOF"
TAG_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Job:
    """One file to examine, and the words `sought` in it.

    `known` holds the SHA-256 of pictures that need no second look inside an archive.
    """

    tree: Path
    found: Found
    known: frozenset[str] = frozenset()
    sought: tuple[Needle, ...] = ()


def examine(job: Job) -> FileFacts:
    """Everything the rules ask about one file; a file that cannot be read says so in `trouble`."""
    if job.found.size_bytes > MOST_BYTES:
        return FileFacts(job.found)
    try:
        with (job.tree / job.found.path).open("rb") as file:
            return _examine(job, file)
    except OSError as problem:
        return FileFacts(job.found, trouble=problem.strerror or type(problem).__name__)


def _examine(job: Job, file: BufferedReader) -> FileFacts:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    facts = FileFacts(job.found, kind_of(head))
    if facts.kind is Kind.ZIP:
        archive, pictures = archive_facts(file, job.found.size_bytes, job.known)
        file.seek(0)
        return replace(facts, archive=archive, pictures=pictures, sha256=_digest(file))
    if job.found.size_bytes > MOST_WHOLE_BYTES:
        return replace(facts, sha256=_digest(file), trouble="it is too large to look into")
    data = file.read()
    digested = replace(
        facts,
        sha256=hashlib.sha256(data).hexdigest(),
        tag_bytes=red_star_tag(data),
        told=told(data, job.sought),
    )
    return _looked_into(digested, data[: len(data) - digested.tag_bytes])


def _looked_into(facts: FileFacts, data: bytes) -> FileFacts:
    if facts.kind in PICTURES:
        return replace(facts, pictures=(picture_facts("", data),))
    form = FORMS.get(extension(facts.path), Form.HTML if facts.kind is Kind.HTML else None)
    if form is not None and facts.kind in (Kind.HTML, Kind.TEXT):
        document, pictures = document_facts(data, form)
        kind = Kind.HTML if form is Form.HTML else facts.kind
        text = TextFacts() if form is Form.STYLE else document_text_facts(data.decode(errors="replace"))
        return replace(facts, kind=kind, document=document, pictures=pictures, text=text)
    if facts.kind is Kind.TEXT:
        return replace(facts, text_error=utf8_error(data), text=text_facts(data.decode(errors="replace")))
    return replace(facts, active=active_content(facts.kind, data))


def red_star_tag(data: bytes) -> int:
    """The length of the tag that Red Star OS puts behind media files it opens, 0 when there is none.

    Records of 24 bytes, a little-endian number with their total length, then "EOF".
    """
    closing = TAG_LENGTH + len(TAG_END)
    if len(data) < closing or not data.endswith(TAG_END):
        return 0
    records = int.from_bytes(data[-closing : -len(TAG_END)], "little")
    is_tag = 0 < records <= len(data) - closing and records % TAG_RECORD == 0
    return records + closing if is_tag else 0


def _digest(file: BufferedReader) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()
