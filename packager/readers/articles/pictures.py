"""The pictures that a text shows: what it says of them, and what is asked and answered between two processes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_to_bytes, urljoin

from packager.errors import SourceError
from packager.model import Missing, Picture, Remark, Text, warning
from packager.readers.articles.reading import NoText, PictureFinder, ReadArticle
from packager.sandbox.limits import LIMITS
from packager.text.spelling import first_of

_FOREIGN = re.compile(r"[a-z][a-z0-9+.-]+:|//", re.IGNORECASE)
_ADDRESS_LETTERS = 80  # of an address in a remark
_WORDS, _FORMULA = re.compile(r"[^\W\d_]{2}"), re.compile(r"[\\{}=^_]")

Answer = Picture | Missing | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The pictures of one text: by reference, and those inside it by the digest of their bytes."""

    by_reference: Mapping[str, Answer] = field(default_factory=dict)
    by_digest: Mapping[str, Answer] = field(default_factory=dict)

    def gives(self, pictures: Iterable[Picture | Missing]) -> bool:
        """Whether all of the pictures are among the answers."""
        return {*self.by_reference.values(), *self.by_digest.values()}.issuperset(pictures)

    def __add__(self, other: Answers) -> Answers:
        return Answers({**self.by_reference, **other.by_reference}, {**self.by_digest, **other.by_digest})

    def __bool__(self) -> bool:
        return any(self.by_reference.values()) or any(self.by_digest.values())


@dataclass(frozen=True, slots=True)
class Questions:
    """What no answer was known to: references, and the names and bytes of pictures inside the text by their digest."""

    references: tuple[str, ...]
    embedded: Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class ParsedText:
    """What reading a text gave, with the questions that were still open."""

    result: ReadArticle | NoText
    questions: Questions


class AskingFinder:
    """A PictureFinder that gives the answers it has, and remembers what else it was asked."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._references: dict[str, None] = {}
        self._embedded: dict[str, tuple[str, bytes]] = {}
        self._count = 0

    def find(self, reference: str) -> Answer:
        """Return the picture at a path relative to the text."""
        self._count_one()
        if reference not in self._answers.by_reference:
            self._references[reference] = None
        return self._answers.by_reference.get(reference)

    def embedded(self, data: bytes, name: str) -> Answer:
        """Return the picture with these bytes."""
        self._count_one()
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self._answers.by_digest:
            self._embedded[digest] = (name, data)
        return self._answers.by_digest.get(digest)

    def _count_one(self) -> None:
        self._count += 1
        if self._count > LIMITS.text_pictures:
            raise SourceError(f"shows more than {LIMITS.text_pictures} pictures", hint="Split it into several texts.")

    def questions(self) -> Questions:
        """Return what was asked for in vain."""
        return Questions(tuple(self._references), self._embedded)


@dataclass(frozen=True, slots=True)
class Attachments:
    """The pictures that came in one file with a page, by their addresses; `base` is the page's own."""

    by_address: Mapping[str, bytes] = field(default_factory=dict)
    base: str = ""

    def find(self, address: str) -> bytes:
        """Return the picture at an address as the page writes it; empty for none."""
        names = self.names(address) if self.by_address else ()
        return next((self.by_address[name] for name in names if name in self.by_address), b"")

    def names(self, address: str) -> tuple[str, ...]:
        """Return what may be called so: the address as it stands, and seen from the page."""
        try:
            return address, urljoin(self.base, address)
        except ValueError:  # such as brackets that no address has
            return (address,)


NO_ATTACHMENTS = Attachments()


class References:
    """Finds the pictures of one text; `remarks` names those that were looked for in vain."""

    def __init__(self, finder: PictureFinder, label: str, attachments: Attachments = NO_ATTACHMENTS) -> None:
        self._finder = finder
        self._label = label
        self._attachments = attachments
        self._embedded: dict[bytes, str] = {}
        self._remote: list[str] = []
        self._of_makers: list[str] = []
        self._not_found: dict[str, None] = {}

    def picture(self, address: str) -> Answer:
        """Return the picture at an address: `data:`, or relative to the text and percent-encoded."""
        if address[:5].lower() == "data:":
            return self.embedded(embedded_bytes(address))
        if data := self._attachments.find(address):
            return self.embedded(data)
        if _FOREIGN.match(address):
            return None
        # A name may hold what in an address would begin a query.
        names = dict.fromkeys(unquote(name) for name in (address, re.split("[?#]", address)[0]) if name)
        return next((picture for name in names if (picture := self._finder.find(name))), None)

    def embedded(self, data: bytes) -> Answer:
        """Return the picture with these bytes; None for none."""
        if not data:
            return None
        name = self._embedded.setdefault(data, f"picture {len(self._embedded) + 1}")
        return self._finder.embedded(data, name)

    def note_missing(self, addresses: Sequence[str]) -> None:
        """Remember that a picture was at none of these addresses."""
        local = [unquote(address) for address in addresses if not _FOREIGN.match(address)]
        if local:
            self._not_found[local[-1]] = None
        elif addresses:
            is_of_makers = addresses[0].strip()[:5].lower() == "file:"
            words = unquote(addresses[0]).partition("://")[2] or addresses[0]
            named = words if len(words) <= _ADDRESS_LETTERS else f"{words[:_ADDRESS_LETTERS]}…"
            (self._of_makers if is_of_makers else self._remote).append(named)

    def remarks(self) -> Iterator[Remark]:
        """Yield what the organizer should know of the pictures that are not shown."""
        for reference in self._not_found:
            yield warning(self._label, f"picture not found: {reference}")
        for where, lost in (("on the web", self._remote), ("on the computer of whoever made it", self._of_makers)):
            if lost:
                message = f"pictures that lie {where} are not shown: {len(lost)} ({first_of(lost, 1)})"
                message += "; put them beside the text"
                yield warning(self._label, message)


def in_place(alt: str) -> Text:
    """Return what stands in the place of a picture that is not there: its words, set apart from those around them.

    A sign or a formula is a part of the sentence.
    """
    return Text(f"[{alt}]" if _WORDS.search(alt) and not _FORMULA.search(alt) else alt)


def embedded_bytes(address: str) -> bytes:
    """Return the bytes in a `data:` address of a picture made of pixels, damaged ones as they are; else nothing."""
    head, _, body = address.partition(",")
    kind = head[5:].strip().lower()
    if not kind.startswith("image/") or kind.startswith("image/svg"):
        return b""
    data = unquote_to_bytes(body)
    if not kind.endswith("base64"):
        return data
    try:
        return base64.b64decode(b"".join(data.split()) + b"==") or data
    except binascii.Error:
        return data
