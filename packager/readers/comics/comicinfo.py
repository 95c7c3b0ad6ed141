"""ComicInfo.xml -> ComicInfo: the few elements we use, without document types or entities."""

from __future__ import annotations

from dataclasses import dataclass

from packager.archive.read import read_source
from packager.errors import SourceError
from packager.model import Source
from packager.text.spelling import language_tag
from packager.text.terminal import clean

_LARGEST = 1_000_000  # bytes; real ones have a few thousand


@dataclass(frozen=True, slots=True)
class ComicInfo:
    """What a ComicInfo.xml says of a comic; "" where it says nothing."""

    title: str = ""
    series: str = ""
    writers: tuple[str, ...] = ()
    summary: str = ""
    language: str = ""
    is_right_to_left: bool = False


def read(source: Source) -> ComicInfo:
    """What the file or member says; raises SourceError. A job for a worker."""
    return parse(read_source(source))


def parse(data: bytes) -> ComicInfo:
    """What the XML says; raises SourceError for what is no plain, well-formed ComicInfo."""
    texts = _texts_of_children(data)
    return ComicInfo(
        title=texts.get("Title", "") or " ".join(filter(None, (texts.get("Series"), texts.get("Number")))),
        series=texts.get("Series", ""),
        writers=tuple(name for part in texts.get("Writer", "").split(",") if (name := part.strip())),
        summary=texts.get("Summary", ""),
        language=language_tag(texts.get("LanguageISO", "")),
        is_right_to_left=texts.get("Manga") == "YesAndRightToLeft",
    )


def _texts_of_children(data: bytes) -> dict[str, str]:
    """The text in each child of the root, by the child's name."""
    if len(data) > _LARGEST:
        raise SourceError("is too large for a ComicInfo.xml")
    from xml.parsers import expat

    texts: dict[str, list[str]] = {}
    path: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        path.append(name)

    def end(_name: str) -> None:
        path.pop()

    def characters(text: str) -> None:
        if len(path) == 2:
            texts.setdefault(path[1], []).append(text)

    def refuse(*_: object) -> None:
        raise SourceError("declares a document type, which no ComicInfo.xml needs")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = characters, refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise SourceError(f"is not well-formed XML: {error}") from error
    except (ValueError, LookupError) as error:
        raise SourceError(f"is in an encoding that cannot be read: {error}") from error
    return {name: clean("".join(pieces)).strip() for name, pieces in texts.items()}
