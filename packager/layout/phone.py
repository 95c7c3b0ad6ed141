"""The one-file edition: a publication in one HTML file, its pictures inside it; in parts when large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packager.layout import blocks, places
from packager.layout.article import Laid, article_view, called, laid
from packager.layout.brief import Brief, Load, Work, base64_bytes, phone_frame, pixels, split, text_bytes
from packager.layout.comic import comic_of, comic_view
from packager.layout.runs import Numbered, runs
from packager.layout.views import Embedded
from packager.model import Comic, Document, Entry, Rendition, Role, Shown

FRAME_BYTES = 48_000  # style, script, head and links of a document, generously
MARKUP_BYTES = 400  # around one picture or block


def phone(work: Work, brief: Brief) -> Iterator[Entry]:
    """The files of one version's one-file edition."""
    parts = _comic(work, brief) if isinstance(work.version.work, Comic) else _article(work, brief)
    for number, document in enumerate(parts, 1):
        yield brief.document(places.part_name(work.place.phone, number), document)


def _comic(work: Work, brief: Brief) -> Iterator[Document]:
    comic = comic_of(work)
    numbered = tuple(enumerate(work.renditions.of(Role.PHONE), 1))
    aside = text_bytes(
        line for transcript in comic.transcripts for _, section in transcript.sections for line in section
    )
    aside += text_bytes(blocks.words_of(about.blocks) for about in comic.about)

    def load(item: Numbered) -> Load:
        return Load(pixels(item[1]), _embedded_bytes((item[1],)))

    parts = runs(comic, numbered, load, _room(brief, aside))
    for number, run in enumerate(parts, 1):
        frame = phone_frame(work, brief, number, len(parts))
        view = comic_view(work, brief, frame, run, _embedded)
        yield Document("comic.html", view, _renditions(shown for _, shown in run.shown))


def _article(work: Work, brief: Brief) -> Iterator[Document]:
    body, notes = laid(work, Role.PHONE)

    def load(item: Laid) -> Load:
        text = text_bytes([blocks.words_of([item.block, *item.others])])
        return Load(item.pixels, _embedded_bytes(shown for _, shown in item.shown) + text)

    runs = split(body, load, _room(brief, sum(load(note).size_bytes for note in notes)))
    for number, run in enumerate(runs, 1):
        frame = phone_frame(work, brief, number, len(runs))
        view = article_view(work, brief, frame, (run, notes), _embedded)
        shown = (s for item in run + called(run, notes) for _, s in item.shown)
        yield Document("article.html", view, _renditions(shown))


def _embedded(_position: int, index: int) -> Embedded:
    return Embedded(index)


def _room(brief: Brief, aside_bytes: int) -> Load:
    """The room for pictures and body text in one file, so that frame and notes fit beside them."""
    limits = brief.profile.document
    return Load(limits.max_pixels, max(1, limits.max_single_file_bytes - FRAME_BYTES - aside_bytes))


def _embedded_bytes(shown: Iterable[Shown]) -> int:
    return sum(MARKUP_BYTES + base64_bytes(item.size_bytes) for item in shown if isinstance(item, Rendition))


def _renditions(shown: Iterable[Shown]) -> tuple[Rendition, ...]:
    return tuple(item for item in shown if isinstance(item, Rendition))
