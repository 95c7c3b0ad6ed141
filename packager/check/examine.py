"""One file, opened once in a worker process: what it is, and what is in it where it is an archive.

What decodes and unpacks is loaded where it is used, and so never by the process that gives out the jobs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from packager.archive.xml import xml_error
from packager.check.containers import PIECE_BYTES, Contents, DamageError, Origin
from packager.check.containers.archive import Packed, zip_contents
from packager.check.containers.assembled import assembled
from packager.check.document import document_facts, utf8_error
from packager.check.facts import DocumentForm, FileFacts, Shape, TreeEntry
from packager.check.markup import document_text_problems, text_problems
from packager.check.pictures import MOST_UNPAID, facts_of_same, unpaid_pixels
from packager.check.recordings import WALKERS, recording_facts
from packager.check.recordings.subtitles import subtitle_facts
from packager.check.search import problem_of_search
from packager.check.words import NO_WORDS, WordSearch, find_words
from packager.files.signatures import HEAD_BYTES, PICTURES, FileType, extension, file_type
from packager.files.traces import red_star_tag_bytes

MOST_WHOLE_BYTES = 64 * 1024 * 1024  # what is larger is hashed as a stream and not looked into
MOST_BYTES = 4_294_967_295  # what is larger cannot lie on FAT32, is named by a rule and not opened

# What is read as a document though its first bytes may be those of any text.
FORMS = {
    "html": DocumentForm.HTML,
    "htm": DocumentForm.HTML,
    "xhtml": DocumentForm.XHTML,
    "svg": DocumentForm.SVG,
    "css": DocumentForm.STYLE,
    "opf": DocumentForm.PACKAGE,
    "ncx": DocumentForm.PACKAGE,
}
SUBTITLES = ("srt", "smi")  # in an encoding of their own, and so of no kind by their first bytes
XML = frozenset(("xhtml", "xml", "opf", "ncx", "svg"))

# What runs when a document is opened. Storage with macros: [MS-OVBA] 2.2.1. Actions and files inside the file: ISO
# 32000-1, 12.6 and 7.11.4; letters of a name may be hidden as #xx.
VBA = "_VBA_PROJECT".encode("utf-16-le")
PDF_ACTION = re.compile(rb"/(?:JavaScript|JS|OpenAction|AA|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
PDF_ESCAPED = re.compile(rb"/\w*#[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class ExamineJob:
    """One file to examine, where its bytes lie, and the words to `search` in it; without an origin it is not opened.

    `known` holds the SHA-256 of pictures that need no second look inside an archive; `unpaid` is as `picture_facts`.
    """

    entry: TreeEntry
    origin: Origin | None
    known: frozenset[str] = frozenset()
    search: WordSearch = NO_WORDS
    unpaid: int = MOST_UNPAID


def examine(job: ExamineJob) -> FileFacts:
    """Return everything that rules ask about one file; a file that cannot be read says so in `trouble`."""
    if job.origin is None or job.entry.size_bytes > MOST_BYTES:
        return FileFacts(job.entry)
    try:
        with job.origin.open() as file:
            kind = file_type(file.read(HEAD_BYTES))
            if kind is not FileType.ZIP:
                return _file(job, kind, file)
            contents = zip_contents(file, job.origin, job.entry.path, Shape.PARCEL)
            inside = assembled(contents, _members(job, contents, file), job.search)
            file.seek(0)
            return FileFacts(job.entry, kind, inside=inside, sha256=_digest(file))
    except (OSError, DamageError) as problem:
        return FileFacts(job.entry, trouble=_why(problem))


def _file(job: ExamineJob, kind: FileType, file: BinaryIO) -> FileFacts:
    """Return the facts of a file that is no archive, or an archive that is not looked into."""
    facts = FileFacts(job.entry, kind)
    if kind in WALKERS:
        return _recording(facts, kind, file, job)
    file.seek(0)
    if job.entry.size_bytes > MOST_WHOLE_BYTES:
        return replace(facts, sha256=_digest(file), trouble="it is too large to look into")
    data = file.read()
    if len(data) != job.entry.size_bytes:
        return replace(facts, trouble=f"{len(data):,} of {job.entry.size_bytes:,} bytes can be read")
    facts = replace(facts, sha256=hashlib.sha256(data).hexdigest(), words=find_words(data, job.search, job.entry.path))
    tag_bytes = red_star_tag_bytes(data)
    return _looked_into(replace(facts, tag_bytes=tag_bytes), data[: len(data) - tag_bytes], job)


def _recording(facts: FileFacts, kind: FileType, file: BinaryIO, job: ExamineJob) -> FileFacts:
    """Return the facts of a film or of sound, which is never in memory as a whole."""
    file.seek(0)
    facts = replace(facts, sha256=_digest(file))
    size = facts.size_bytes
    file.seek(max(0, size - PIECE_BYTES))
    tag_bytes = red_star_tag_bytes(file.read())
    recording = recording_facts(kind, file, size - tag_bytes)
    # The samples themselves are codes; a zero in front says that the rest is no text either.
    words = find_words(b"\0" + recording.notes, job.search, facts.path)
    return replace(facts, tag_bytes=tag_bytes, recording=replace(recording, notes=b""), words=words)


def _looked_into(facts: FileFacts, data: bytes, job: ExamineJob) -> FileFacts:
    ending = extension(facts.path)
    if facts.kind in PICTURES:
        is_known = facts.sha256 in job.known
        return facts if is_known else replace(facts, pictures=(facts_of_same(facts.sha256, "", data, job.unpaid),))
    if ending in XML and facts.kind in (FileType.HTML, FileType.TEXT):
        error, line = xml_error(data)
        facts = replace(facts, xml_error=error, xml_line=line)
    if ending in SUBTITLES and facts.kind in (FileType.TEXT, FileType.HTML, FileType.UNKNOWN):
        subtitles, text = subtitle_facts(ending, data)
        return replace(facts, kind=FileType.TEXT, recording=subtitles, text_problems=text)
    form = FORMS.get(ending, DocumentForm.HTML if facts.kind is FileType.HTML else None)
    if form is not None and facts.kind in (FileType.HTML, FileType.TEXT):
        return _document(facts, data, form, job.unpaid)
    if facts.kind is FileType.TEXT:
        read, words = document_text_problems if ending in XML else text_problems, data.decode(errors="replace")
        active = problem_of_search(facts.path, words)
        return replace(facts, text_error=utf8_error(data), text_problems=read(words), active=active)
    if facts.kind is FileType.PDF:
        facts = _paper(facts, data, job)
        if not facts.paper:
            return facts
    return replace(facts, active=_active_content(facts.kind, data))


def _paper(facts: FileFacts, data: bytes, job: ExamineJob) -> FileFacts:
    from packager.check.paper import paper_facts

    paper = paper_facts(data, job.unpaid)
    facts = replace(facts, paper=paper.problems, pictures=paper.pictures)
    words = find_words(paper.text.encode(errors="replace"), job.search, facts.path)
    told = tuple((code, what, None) for code, what, _ in text_problems(paper.text))  # lines are the page's, no source's
    return replace(facts, text_problems=told, words=tuple(dict.fromkeys((*facts.words, *words))))


def _document(facts: FileFacts, data: bytes, form: DocumentForm, unpaid: int) -> FileFacts:
    document, pictures = document_facts(data, form, unpaid)
    kind = FileType.HTML if form is DocumentForm.HTML else facts.kind
    told = () if form is DocumentForm.STYLE else document_text_problems(data.decode(errors="replace"))
    return replace(facts, kind=kind, document=document, pictures=pictures, text_problems=told)


def _active_content(kind: FileType, data: bytes) -> str:
    """Return what would run when the file in `data` is opened; "" when nothing is known to."""
    if kind is FileType.OFFICE:
        return "macros" if VBA in data else ""
    if kind is not FileType.PDF:
        return ""
    if action := PDF_ACTION.search(data):
        return action[0].decode()
    return "a name whose letters are hidden" if PDF_ESCAPED.search(data) else ""


def _members(job: ExamineJob, contents: Contents, file: BinaryIO) -> Iterator[FileFacts]:
    """Yield the facts of all members, read through the one open file; archives among them are not opened."""
    unpaid = job.unpaid
    for entry, origin in contents.files:
        if not isinstance(origin, Packed):
            yield FileFacts(entry)
            continue
        try:
            with origin.open_in(file) as opened:
                member = replace(job, entry=entry, unpaid=unpaid)
                facts = _file(member, file_type(opened.read(HEAD_BYTES)), opened)
            unpaid -= sum(map(unpaid_pixels, facts.pictures))
            yield facts
        except (OSError, DamageError) as problem:
            yield FileFacts(entry, trouble=_why(problem))


def _why(problem: Exception) -> str:
    words = problem.strerror if isinstance(problem, OSError) else str(problem)
    return words or type(problem).__name__


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()
