"""The account of pictures inside a document: each is shown, or a remark counts it.

What is a picture is told by its first bytes, and which one it is by its content, whatever its name.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from packager.archive.read import iterate, read_source
from packager.files.signatures import HEAD_BYTES, PICTURES, file_type
from packager.model import Missing, Outcome, Picture, Remark, Source
from packager.readers.articles.pictures import Answers
from packager.text.spelling import first_of

_ZIPPED = {".docx": re.compile(r"word/(?!theme)"), ".odt": re.compile(r"Pictures/")}
"""Where documents that are archives keep their pictures; small ones of the first page lie elsewhere."""
_MAILS = (".mht", ".mhtml")
HOLDERS = frozenset((*_ZIPPED, *_MAILS))
"""Endings of the names of documents that hold pictures, but of books, whose reader knows all of them."""
# Parts that name pictures of the text itself: others belong to the heads of pages, or nothing shows them.
_OF_THE_TEXT = re.compile(r"word/_rels/(?:document|footnotes|endnotes)\w*\.xml\.rels|content\.xml")
_ICON = 32  # pixels: a smaller picture stands for a word, which is in the text
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class InnerPicture:
    """A picture inside a document: its name, the SHA-256 of its bytes, and whether the text itself refers to it."""

    name: str
    digest: str
    is_of_text: bool


def pictures_in(source: Source) -> tuple[InnerPicture, ...]:
    """Return the pictures inside a document, one of HOLDERS, each once; raises SourceError. A job for a worker."""
    ending = source.path.suffix.lower()
    found = _of_archive(source, _ZIPPED[ending]) if ending in _ZIPPED else _of_mail(source)
    return tuple({picture.digest: picture for picture in found}.values())


def unshown(
    label: str, inner: Collection[InnerPicture], answers: Answers, shown: Collection[Picture | Missing]
) -> Iterator[Remark]:
    """Yield remarks on the pictures in the document `label` that are not `shown`: a warning for its text's."""
    shown = frozenset(shown)
    settled = {digest for digest, answer in answers.by_digest.items() if answer in shown or _is_icon(answer)}
    lost = [picture for picture in inner if picture.digest not in settled]
    for is_of_text, outcome in ((True, Outcome.WARNING), (False, Outcome.PASSED_OVER)):
        names = [posixpath.basename(picture.name) for picture in lost if picture.is_of_text is is_of_text]
        if names:
            what = "1 picture in it is" if len(names) == 1 else f"{len(names)} pictures in it are"
            message = f"{what} shown nowhere: {first_of(names, _MOST_NAMED)}"
            yield Remark(label, outcome, message, pictures=len(names))


def _is_icon(answer: Picture | Missing | None) -> bool:
    return isinstance(answer, Picture) and max(answer.width, answer.height) <= _ICON


def _is_picture(data: bytes) -> bool:
    return file_type(data[:HEAD_BYTES]) in PICTURES


def _of_archive(source: Source, place: re.Pattern[str]) -> Iterator[InnerPicture]:
    pictures: dict[str, str] = {}
    references = b""
    for member, stream in iterate(source.path):
        if _OF_THE_TEXT.fullmatch(member.name):
            references += stream.read()
        elif place.match(member.name) and _is_picture(data := stream.read()):
            pictures[member.name] = hashlib.sha256(data).hexdigest()
    for name, digest in pictures.items():
        yield InnerPicture(name, digest, posixpath.basename(name).encode() in references)


def _of_mail(source: Source) -> Iterator[InnerPicture]:
    """Pictures of a page: most of them lie around the article."""
    from email import message_from_bytes

    for part in message_from_bytes(read_source(source)).walk():
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and _is_picture(data):
            name = str(part.get("Content-Location", "")) or part.get_filename() or "without a name"
            yield InnerPicture(name[:100], hashlib.sha256(data).hexdigest(), is_of_text=False)
