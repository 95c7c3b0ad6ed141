"""What a source holds, what would happen to it, and what it says of those who made it; nothing is written."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packager.archive.read import members, read_member, read_source
from packager.film.ffmpeg import Ffmpeg
from packager.film.probe import SourceFacts
from packager.importing import damaged_pictures, picture_sources, read_alone
from packager.model import Article, Comic, Film, Library, Picture, Remark, Source, Version
from packager.model.blocks import words_of
from packager.sandbox.pool import Failure, Workers
from packager.text.terminal import clean

if TYPE_CHECKING:
    import PIL.Image

# Exif 2.32, tables 4 and 7.
_TAGS = {
    0x010F: "camera maker",
    0x0110: "camera",
    0x0131: "program",
    0x013B: "artist",
    0x8298: "copyright",
    0x9C9D: "author",
    0x9003: "taken",
    0xA420: "number of the picture",
    0xA430: "owner of the camera",
    0xA431: "serial number of the camera",
    0xA435: "serial number of the lens",
}
_EXIF, _GPS = 0x8769, 0x8825
_TEXT_KEYS = ("comment", "author", "software", "description", "title", "copyright")
_LONGEST = 80
_COUNTS = re.compile(r"duration|bps|number_of_|handler_name|vendor_id|major_brand|minor_version|compatible_brands")

_IN_ARCHIVES = {
    "docProps/core.xml": r"<(dc:creator|cp:lastModifiedBy|dcterms:created)[^>]*>([^<]+)<",
    "docProps/app.xml": r"<(Company|Manager|Template)>([^<]+)<",
    "meta.xml": r"<(meta:initial-creator|dc:creator|meta:printed-by|meta:creation-date)>([^<]+)<",
}
_IN_PAGES = re.compile(
    r"""<meta\s[^>]{0,200}name=["']?(author|generator)["']?\s[^>]{0,200}content=["']([^"']+)"""
    r"""|(saved from url)=\(\d+\)(\S+)|^(Snapshot-Content-Location|From|Date): ([^\r\n]+)""",
    re.IGNORECASE | re.MULTILINE,
)
_IN_PDF = re.compile(rb"/(Author|Creator|Producer|CreationDate)\s?\(([^()]{1,200})\)")


@dataclass(frozen=True, slots=True)
class InspectedVersion:
    """One version of a work as it would be imported: pages or words, and the pixels of its pictures.

    Of film and sound it is how many seconds they last, what each of their streams is, and the languages of subtitles.
    """

    kind: str
    title: str
    language: str
    authors: tuple[str, ...]
    pages: int
    words: int
    pictures: tuple[tuple[int, int], ...]
    seconds: float = 0
    streams: tuple[str, ...] = ()
    subtitles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InspectedSource:
    """What a source holds: works, damage, what files say of those who made them, the encodings of texts."""

    source: Path
    works: tuple[tuple[InspectedVersion, ...], ...]
    damaged: tuple[Remark, ...]
    betrayed: tuple[tuple[str, str], ...]
    encodings: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...]


def inspect(source: Path, workers: Workers, scratch: Path) -> InspectedSource:
    """Return what a file or folder holds, as a build would see it; raises SourceError where it is unreadable."""
    library = read_alone(source, workers, scratch)
    reported = {remark.source for remark in library.remarks}
    files = [Source(source, source.name)]
    if source.is_dir():
        files = [Source(path, path.relative_to(source).as_posix()) for path in source.rglob("*") if path.is_file()]
    texts = sorted((file for file in files if file.label in reported), key=lambda file: file.label)
    recorded = _recordings_in(library, workers)
    return InspectedSource(
        source,
        tuple(
            tuple(_inspected(version, recorded) for version in publication.versions)
            for publication in library.publications
        ),
        damaged_pictures(library, workers),
        (
            *_answers(traces_in_document, texts, workers),
            *_answers(traces_in_picture, picture_sources(library), workers),
            *((source.label, trace) for source, facts in recorded.items() for trace in _traces_in_recording(facts)),
        ),
        tuple(_answers(encoding, texts, workers)),
        library.remarks,
    )


def _inspected(version: Version, recorded: Mapping[Source, SourceFacts]) -> InspectedVersion:
    work = version.work
    of_version = [recorded[one.source] for one in version.recordings]
    return InspectedVersion(
        type(work).__name__.lower(),
        version.title,
        version.language,
        version.authors,
        pages=len(work.pictures) if isinstance(work, Comic) else 0,
        words=len(words_of(work.blocks).split()) if isinstance(work, Article) else 0,
        pictures=tuple((picture.width, picture.height) for picture in version.pictures if isinstance(picture, Picture)),
        seconds=sum(one.seconds for one in version.recordings),
        streams=tuple(dict.fromkeys(stream for facts in of_version for stream in _streams(facts))),
        subtitles=tuple(one.language for one in work.subtitles) if isinstance(work, Film) else (),
    )


def _recordings_in(library: Library, workers: Workers) -> dict[Source, SourceFacts]:
    """Return what ffmpeg tells of every film and track."""
    sources = dict.fromkeys(one.source for _, version in library.versions for one in version.recordings)
    ffmpeg = Ffmpeg.found(workers.programs) if sources else None
    return {source: ffmpeg.facts(source.path) for source in sources} if ffmpeg else {}


def _streams(facts: SourceFacts) -> Iterator[str]:
    if video := facts.video:
        yield f"{video.codec} of {video.width} x {video.height} pixels, {float(video.rate):.4g} pictures a second"
    for audio in facts.audio:
        language = f" in {audio.language}" if audio.language else ""
        yield f"{audio.codec}{language}, {audio.channels} channel{'s' * (audio.channels > 1)}, {audio.rate} Hz"


def _traces_in_recording(facts: SourceFacts) -> Iterator[str]:
    """Yield what a film or a track says of who made it, when, where and with what; each once."""
    told = ((name.lower(), value) for name, value in facts.tags)
    yield from dict.fromkeys(f"{name}: {_short(value)}" for name, value in told if not _COUNTS.match(name))


def _answers(
    job: Callable[[Source], tuple[str, ...]], sources: Sequence[Source], workers: Workers
) -> Iterator[tuple[str, str]]:
    """Yield what workers answer about each source; nothing of one that cannot be read, which is reported elsewhere."""
    for source, answers in zip(sources, workers.map(job, sources), strict=True):
        if not isinstance(answers, Failure):
            yield from ((source.label, answer) for answer in answers)


# The jobs of worker processes


def encoding(source: Source) -> tuple[str, ...]:
    """Return the codec of a text; nothing for a file that is none."""
    from packager.readers.articles import html
    from packager.readers.articles.article import READERS
    from packager.readers.encodings import decoded

    reader = READERS.get(source.path.suffix.lower())
    data = read_source(source) if reader else b""
    declared = html.declared_encoding(data) if reader is html.read else ""
    return (decoded(data, declared=declared).codec,) if data else ()


def traces_in_picture(source: Source) -> tuple[str, ...]:
    """Return what a picture says besides its pixels; nothing where it cannot be opened."""
    import PIL.Image

    try:
        with PIL.Image.open(io.BytesIO(read_source(source))) as image:
            return tuple(_in_picture(image))
    except Exception:  # Pillow raises whatever comes; a damaged picture is reported elsewhere
        return ()


def traces_in_document(source: Source) -> tuple[str, ...]:
    """Return what a document or a page says of who made it and where it lay; raises SourceError."""
    find = _FINDERS.get(source.path.suffix.lower())
    return tuple(dict.fromkeys(find(source.path))) if find else ()


def _in_picture(image: PIL.Image.Image) -> Iterator[str]:
    exif = image.getexif()
    if exif.get_ifd(_GPS):
        yield "the place where it was taken (GPS)"
    values = dict(exif) | exif.get_ifd(_EXIF)
    yield from (f"{name}: {_short(values[tag])}" for tag, name in _TAGS.items() if values.get(tag))
    for key, value in image.info.items():
        if str(key).lower() in _TEXT_KEYS:
            yield f"{str(key).lower()}: {_short(value)}"
        elif "xmp" in str(key).lower():
            yield "XMP"


def _in_archive(path: Path) -> Iterator[str]:
    names = {member.name for member in members(path)}
    for name, pattern in _IN_ARCHIVES.items():
        if name in names:
            text = read_member(path, name).decode("utf-8", "replace")
            yield from (f"{key.rpartition(':')[2]}: {_short(value)}" for key, value in re.findall(pattern, text))


def _in_page(path: Path) -> Iterator[str]:
    text = read_source(Source(path, str(path))).decode("utf-8", "replace")
    for groups in _IN_PAGES.findall(text):
        key, value = (group for group in groups if group)
        yield f"{key.lower()}: {_short(value)}"


def _in_pdf(path: Path) -> Iterator[str]:
    for key, value in _IN_PDF.findall(read_source(Source(path, str(path)))):
        yield f"{key.decode().lower()}: {_short(value)}"


_FINDERS: dict[str, Callable[[Path], Iterator[str]]] = {
    **dict.fromkeys((".docx", ".odt"), _in_archive),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".mht", ".mhtml"), _in_page),
    ".pdf": _in_pdf,
}


def _short(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return " ".join(clean(text).split())[:_LONGEST]
