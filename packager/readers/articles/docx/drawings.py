"""The pictures that a document of Word holds, or only links to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from packager.archive.xml import local_name
from packager.files.signatures import PICTURES, FileType, file_type
from packager.readers.articles.office.parts import OfficeParts, WordPart, child, file_name
from packager.readers.articles.reading import PictureFinder
from packager.text.spelling import first_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HELD, _LINKED = ("embed", "id", "pict"), ("link", "href")
_WORDS = ("descr", "alt", "title")  # of a drawing, of a shape; what is called the title of a picture is its file's name
_PIXELS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")
_OF_PIXELS = PICTURES | {FileType.HEIC, FileType.JXL}
_MOST_NAMED = 5
_SHOWING = ("blip", "imagedata")


@dataclass(slots=True)
class WordPictures:
    """Takes the pictures out of one document; `by_address` holds them as its page calls them.

    `linked` are the names of files that the document shows and does not hold, "" where none is told.
    """

    parts: OfficeParts
    finder: PictureFinder
    by_address: dict[str, bytes] = field(default_factory=dict)
    linked: list[str] = field(default_factory=list)
    drawings: int = 0
    _addresses: dict[str, str] = field(default_factory=dict)
    _words: list[str] = field(default_factory=list)

    @contextmanager
    def described(self, element: Element) -> Iterator[None]:
        """Remember what an element says of the picture in it, for as long as that is read."""
        words = _described(element)
        if words:
            self._words.append(words)
        yield
        if words:
            self._words.pop()

    def picture(self, part: WordPart, element: Element) -> str:
        """Return the HTML that shows a picture, else the words that describe it."""
        words = self._words[-1] if self._words else ""
        name = self._held(part, element)
        if name:
            data = self.parts.bytes_of(name)
            if not name.lower().endswith(_PIXELS) and file_type(data) not in _OF_PIXELS:
                self.drawings += 1
                return f" {escape(words)} "
            address = self._addresses.setdefault(name, f"cid:{len(self._addresses)}")
            self.by_address[address] = data
            return f'<img src="{address}" alt="{escape(words)}">'
        linked = self._linked_name(part, element)
        if linked and self.finder.find(linked) is not None:
            return f'<img src="{escape(quote(linked))}" alt="{escape(words)}">'
        self.linked.append(linked)
        return f" {escape(words)} "

    def better_alternative(self, part: WordPart, element: Element) -> Element | None:
        """Return the form of something that shows more, of those for several programs; the first of equals."""
        forms = [one for one in element if local_name(one.tag) in ("Choice", "Fallback")]
        return max(forms, key=lambda form: self._shown_in(part, form), default=None)

    def remarks(self) -> Iterator[str]:
        """Yield what is said of pictures that are only linked to: the names of files, for paths tell of a computer."""
        if not self.linked:
            return
        times = Counter(filter(None, self.linked))
        named = [name if count == 1 else f"{name} {count} times" for name, count in times.items()]
        unnamed = len(self.linked) - times.total()
        named += [f"{unnamed} without a name"] if unnamed and named else []
        which = f" ({first_of(named, _MOST_NAMED)})" if named else ""
        message = f"pictures that the document only links to are not shown: {len(self.linked)}{which}"
        yield f"{message}; put them into the document"

    def _shown_in(self, part: WordPart, form: Element) -> int:
        pictures = sum(bool(self._held(part, one)) for one in form.iter() if local_name(one.tag) in _SHOWING)
        return pictures + sum(local_name(one.tag) == "txbxContent" for one in form.iter())

    def _held(self, part: WordPart, element: Element) -> str:
        """Return the name of the part that holds a picture; "" where none does."""
        keys = [key for name in _HELD for key in _references(element) if local_name(key) == name]
        relation = part.relations.get(element.attrib[keys[0]]) if keys else None
        is_held = relation is not None and not relation.is_outside and self.parts.bytes_of(relation.target)
        return relation.target if relation is not None and is_held else ""

    def _linked_name(self, part: WordPart, element: Element) -> str:
        keys = [key for name in (*_LINKED, *_HELD) for key in _references(element) if local_name(key) == name]
        relations = [part.relations[element.attrib[key]] for key in keys if element.attrib[key] in part.relations]
        return PurePosixPath(file_name(relations[0].target if relations else element.get("src", ""))).name


def _described(element: Element) -> str:
    properties = child(element, "docPr")
    said = {local_name(key): words.strip() for key, words in (element if properties is None else properties).items()}
    return next((said[key] for key in _WORDS if said.get(key)), "")


def _references(element: Element) -> list[str]:
    """The attributes of an element that name a relationship."""
    return [key for key in element.attrib if key.partition("}")[0].endswith("relationships")]
