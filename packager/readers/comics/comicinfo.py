"""ComicInfo.xml -> ComicInfo: the few elements that a comic has a use for."""

from __future__ import annotations

from dataclasses import dataclass

from packager.archive import xml
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
    """Return what the file or member says; raises SourceError. A job for a worker."""
    return parse(read_source(source))


def parse(data: bytes) -> ComicInfo:
    """Return what the XML says; raises SourceError for what is no plain, well-formed ComicInfo."""
    if len(data) > _LARGEST:
        raise SourceError("is too large for a ComicInfo.xml")
    texts = {
        child.tag.rpartition("}")[2]: clean(child.text or "").strip() for child in xml.parse(data, may_have_type=False)
    }
    return ComicInfo(
        title=texts.get("Title", "") or " ".join(filter(None, (texts.get("Series"), texts.get("Number")))),
        series=texts.get("Series", ""),
        writers=tuple(name for part in texts.get("Writer", "").split(",") if (name := part.strip())),
        summary=texts.get("Summary", ""),
        language=language_tag(texts.get("LanguageISO", "")),
        is_right_to_left=texts.get("Manga") == "YesAndRightToLeft",
    )
