"""What ComicInfo.xml files say: the highest of the whole comic, those in the folders of chapters of each chapter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packager.archive import xml
from packager.archive.read import read_source
from packager.errors import SourceError
from packager.model import Outcome, Remark, Source, warning
from packager.readers.context import ReadContext
from packager.readers.files import FileKind, Files
from packager.readers.found import ComicInfo
from packager.text.order import is_called_cover
from packager.text.spelling import language_tag, without_tags
from packager.text.terminal import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BARE_AND = re.compile(rb"&(?!#?\w{1,31};)")
_MOST_BYTES = 1_000_000  # real ones have a few thousand


@dataclass(frozen=True, slots=True)
class ComicInfos:
    """What is said of the whole comic, its series, and the titles of chapters by the folders that hold them."""

    whole: ComicInfo
    series: str
    titles: Mapping[PurePosixPath, str]


def read_infos(texts: Files, pages: Files, context: ReadContext, remarks: list[Remark]) -> ComicInfos:
    """Return what the ComicInfo.xml files among `texts` say of `pages`, and add what became of each to `remarks`."""
    infos: dict[PurePosixPath, ComicInfo] = {}
    for file in (text for text in texts if text.kind is FileKind.COMIC_INFO):
        try:
            infos[file.path.parent] = context.ask(file.source, read_comic_info, file.source)
        except SourceError as error:
            remarks.append(warning(file.source.label, f"{error.what}: nothing of what it says of the comic is used"))
            continue
        message = "what it says about the comic is used; the file itself is not passed on"
        remarks.append(Remark(file.source.label, Outcome.TAKEN, message))
    inner = [page.path for page in pages if not is_called_cover(page.path.name)]
    around = [folder for folder in infos if all(path.is_relative_to(folder) for path in inner)]
    highest = min(around, key=lambda folder: len(folder.parts), default=None)
    titles = {folder: info.title for folder, info in infos.items() if folder != highest and info.title}
    if highest:
        return ComicInfos(infos[highest], infos[highest].series, titles)
    return ComicInfos(_of_chapters(list(infos.values())), _agreed(info.series for info in infos.values()), titles)


def _of_chapters(infos: Sequence[ComicInfo]) -> ComicInfo:
    """Return what chapters say of the whole, which none of them names: everyone who wrote one, and how they read."""
    return ComicInfo(
        writers=tuple(dict.fromkeys(writer for info in infos for writer in info.writers)),
        language=_agreed(info.language for info in infos),
        is_right_to_left=any(info.is_right_to_left for info in infos),
        is_manga=any(info.is_manga for info in infos),
    )


def _agreed(words: Iterable[str]) -> str:
    said = set(filter(None, words))
    return said.pop() if len(said) == 1 else ""


def read_comic_info(source: Source) -> ComicInfo:
    """Return what a ComicInfo.xml says; raises SourceError. A job for a worker."""
    return parse_comic_info(read_source(source))


def parse_comic_info(data: bytes) -> ComicInfo:
    """Return what the XML of a ComicInfo.xml says; raises SourceError for what is no plain, well-formed ComicInfo."""
    if len(data) > _MOST_BYTES:
        raise SourceError("is too large for a ComicInfo.xml")
    said: dict[str, list[str]] = {}
    pages: list[Element] = []
    for child in _parsed(data):
        if _name(child.tag) == "pages":
            pages += child
        elif text := clean("".join(child.itertext())).strip():
            said.setdefault(_name(child.tag), []).append(text)
    first = {name: texts[0] for name, texts in said.items()}
    manga = "".join(first.get("manga", "").split()).lower()
    return ComicInfo(
        title=first.get("title", ""),
        series=first.get("series", ""),
        volume=_counted(first.get("volume", "")),
        number=first.get("number", ""),
        writers=tuple(name for text in said.get("writer", ()) for part in text.split(",") if (name := part.strip())),
        summary=without_tags("\n".join(said.get("summary", ()))),
        language=language_tag(first.get("languageiso", "")),
        is_right_to_left=manga == "yesandrighttoleft",
        is_manga=manga.startswith("yes"),
        front_cover=next(_marked(pages, "type", "frontcover"), None),
        double_pages=frozenset(_marked(pages, "doublepage", "true")),
    )


def _parsed(data: bytes) -> Element:
    """Return the tree, also where people wrote `&` for `&amp;`; programs forget to declare their namespaces."""
    try:
        return xml.parse(data, may_have_type=False, has_namespaces=False)
    except SourceError:
        mended = _BARE_AND.sub(b"&amp;", data)
        if mended == data:
            raise
        return xml.parse(mended, may_have_type=False, has_namespaces=False)


def _name(tag: str) -> str:
    return tag.rpartition(":")[2].lower()


def _counted(number: str) -> str:
    return "" if number.startswith("-") else number  # -1 is how programs say that they do not know


def _marked(pages: Iterable[Element], attribute: str, value: str) -> Iterator[int]:
    """Yield the indexes of the pages of which an attribute says `value`; capital letters make no difference."""
    for page in pages:
        said = {_name(name): text.strip().lower() for name, text in page.items()}
        image = said.get("image", "")
        if said.get(attribute) == value and image.isascii() and image.isdecimal() and len(image) < 6:
            yield int(image)
