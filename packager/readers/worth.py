"""What a work asks of this computer against the bytes that it is stored in: far more than any honest one is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packager.errors import SourceError
from packager.model import Article, Comic, Missing, Picture, Version
from packager.model.blocks import figures, words_of
from packager.readers.discovery import Work
from packager.readers.versions import Reading, VersionRead
from packager.sandbox.limits import LIMITS, Limits

_SMALLER = "Make them smaller, or save them as JPEG."


def stored_bytes(work: Work) -> int:
    """The bytes that a work was found in: those of its archive, or of its files."""
    return work.archive.size_bytes if work.archive else sum(file.size_bytes for file in work.files)


def refuse_unworthy(reading: Reading, limits: Limits = LIMITS) -> None:
    """Raises SourceError for more pixels than bytes are worth, too many broken pictures, and a title without end."""
    for version in reading.versions:
        _refuse_long(version, reading.work, limits)
    pictures = {picture.source: picture for version in reading.versions for picture in _pictures(version.version)}
    broken = [picture.source.label for picture in pictures.values() if isinstance(picture, Missing)]
    if len(broken) > limits.broken_pictures:
        what = f"{len(broken):,} of its {len(pictures):,} pictures cannot be read, the first is {broken[0]}"
        raise SourceError(what, where=reading.work.label, hint="Look at them, or leave them out.")
    places = {(source.path, source.member): one for source, one in pictures.items() if isinstance(one, Picture)}
    pixels = sum(picture.width * picture.height for picture in places.values())
    if pixels <= limits.pixels_free:
        return
    size_bytes = _bytes_of(places.values(), reading.work)
    if pixels > limits.most_pixels(size_bytes):
        what = f"{len(places):,} pictures of {pixels // 1_000_000:,} megapixels in {size_bytes:,} bytes"
        raise SourceError(
            f"holds {what}: more than this computer should be kept busy with", where=reading.work.label, hint=_SMALLER
        )


def _refuse_long(read: VersionRead, work: Work, limits: Limits) -> None:
    version = read.version
    words = (version.title, *version.authors, version.summary, read.section, read.series)
    if (letters := sum(map(len, words))) > limits.title_letters:
        what = f"its title, authors and summary have {letters:,} letters; {limits.title_letters:,} are shown at most"
        raise SourceError(what, where=work.label, hint="Shorten them.")
    if isinstance(version.work, Comic) and (letters := _letters_beside(version.work)) > limits.letters_beside:
        what = f"{letters:,} letters of text stand beside its pictures; {limits.letters_beside:,} are shown at most"
        raise SourceError(what, where=work.label, hint="Make articles of them.")


def _letters_beside(comic: Comic) -> int:
    lines = (line for one in comic.transcripts for _, section in one.sections for line in section)
    return sum(map(len, lines)) + sum(len(words_of(about.blocks)) for about in comic.about)


def _pictures(version: Version) -> Iterator[Picture | Missing]:
    work = version.work
    if isinstance(work, Article):
        yield from (figure.picture for figure in figures(work.blocks))
        return
    yield from work.pictures
    yield from (figure.picture for page in work.about for figure in figures(page.blocks))


def _bytes_of(pictures: Iterable[Picture], work: Work) -> int:
    """What the pictures take where they lie, and as they lie in their archive: they may shrink much in it."""
    size_bytes = sum(path.stat().st_size for path in {picture.source.path for picture in pictures})
    is_packed = work.archive is not None and not work.opening.is_pdf
    return min(size_bytes, stored_bytes(work)) if is_packed else size_bytes
