"""The one-file edition: a publication in one HTML file, its pictures inside it; in parts when large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packager.layout import places
from packager.layout.article import TextBlock, article_view, notes_of, text_of
from packager.layout.build_input import BuildInput, base64_bytes
from packager.layout.comic import comic_view
from packager.layout.interface_words import Words
from packager.layout.runs import Load, Numbered, PageRun, pixels, runs, split, text_bytes
from packager.layout.views import Embedded, Frame, LinkView, PictureView
from packager.layout.works import WorkLayout, document_title
from packager.model import Comic, Document, Edition, Entry, Flow, Rendition, RenditionOrGap, Role
from packager.model.blocks import headings, words_of

FRAME_BYTES = 32_000  # style, script, head and contents of a document, generously
MARKUP_BYTES = 400  # around one picture or block


def phone(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The files of one version's one-file edition."""
    parts = _comic(work, build) if isinstance(work.version.work, Comic) else _article(work, build)
    for number, document in enumerate(parts, 1):
        yield build.document(places.part_name(work.paths.phone, number), document)


def _comic(work: WorkLayout, build: BuildInput) -> Iterator[Document]:
    comic = work.comic
    numbered = tuple(enumerate(work.renditions.of(Role.PHONE), 1))
    aside = text_bytes(
        line for transcript in comic.transcripts for _, section in transcript.sections for line in section
    )
    aside += text_bytes(words_of(about.blocks) for about in comic.about)

    def load(item: Numbered) -> Load:
        return Load(pixels(item[1]), _embedded_bytes((item[1],)))

    parts = runs(comic, numbered, load, _space(work, build, aside))
    labels = tuple(_label(run, comic, build.words(work.paths.languages[0])) for run in parts)
    for number, run in enumerate(parts, 1):
        pictures = _renditions(shown for _, shown in run.shown)
        frame = _frame(work, build, number, labels, len(pictures))
        view = comic_view(work, build, frame, run, _embedded)
        yield Document("comic.html", view, pictures + _cover(work, number))


def _label(run: PageRun, comic: Comic, words: Words) -> str:
    """What a part holds: its chapters, else its pages; of a strip or a scroll nothing can be said."""
    if run.chapters or comic.flow is not Flow.PAGES or not run.shown:
        return ", ".join(title for _, title in run.chapters)
    return words.page.format(n=f"{run.first}–{run.shown[-1][0]}")


def _article(work: WorkLayout, build: BuildInput) -> Iterator[Document]:
    body, notes = text_of(work, Role.PHONE)

    def load(item: TextBlock) -> Load:
        text = text_bytes([words_of([item.block, *item.others])])
        return Load(item.pixels, _embedded_bytes(shown for _, shown in item.shown) + text)

    parts = split(body, load, _space(work, build, sum(load(note).size_bytes for note in notes)))
    labels = tuple(next(headings(item.block for item in run), "") for run in parts)
    for number, run in enumerate(parts, 1):
        pictures = _renditions(shown for item in run + notes_of(run, notes) for _, shown in item.shown)
        frame = _frame(work, build, number, labels, len(pictures))
        view = article_view(work, build, frame, (run, notes), _embedded)
        yield Document("article.html", view, pictures + _cover(work, number))


def _frame(work: WorkLayout, build: BuildInput, number: int, labels: tuple[str, ...], shown: int) -> Frame:
    """The frame of part `number`, from 1: no links, but files or chapters by name; a cover after the `shown`."""
    words = build.words(work.paths.languages[0])
    names = [places.part_name(work.paths.phone, part).name for part in range(1, len(labels) + 1)]
    files = tuple(
        LinkView("", f"{name}: {label}" if label else name, is_here=part == number)
        for part, (name, label) in enumerate(zip(names, labels, strict=True), 1)
    )
    chapters = work.version.work.chapters if isinstance(work.version.work, Comic) else ()
    is_in_parts, is_last = len(names) > 1, number == len(names)
    folders = {Edition.SITE: work.paths.folder, Edition.PHOTO: work.paths.photo}
    folder = next((folder for edition, folder in folders.items() if edition in work.editions), None)
    notice = words.no_pictures_folder.format(folder=folder) if folder else words.no_pictures_elsewhere
    cover = next((PictureView(Embedded(shown), each.width, each.height, "") for each in _cover(work, number)), None)
    return Frame(
        words=words,
        reader=work.paths.languages[0],
        title=document_title(work, build, number),
        has_files=False,
        notice=notice if work.has_pictures else "",
        part=words.part.format(n=number, total=len(names)) if is_in_parts else "",
        next_file="" if is_last else words.next_file.format(file=names[number]),
        contents=files if is_in_parts else tuple(LinkView("", chapter.title) for chapter in chapters),
        cover=cover,
    )


def _cover(work: WorkLayout, number: int) -> tuple[Rendition, ...]:
    """The cover of a further part; the first one begins with what the cover was made of."""
    return _renditions(work.renditions.of(Role.COVER)[:1]) if number > 1 else ()


def _embedded(_position: int, index: int) -> Embedded:
    return Embedded(index)


def _space(work: WorkLayout, build: BuildInput, aside_bytes: int) -> Load:
    """The space for pictures and body text in one file, so that frame, cover and notes fit beside them."""
    limits = build.profile.document
    covers = work.renditions.of(Role.COVER)
    reserved_bytes = FRAME_BYTES + aside_bytes + _embedded_bytes(covers)
    return Load(limits.max_pixels - sum(map(pixels, covers)), max(1, limits.max_single_file_bytes - reserved_bytes))


def _embedded_bytes(shown: Iterable[RenditionOrGap]) -> int:
    return sum(MARKUP_BYTES + base64_bytes(item.size_bytes) for item in shown if isinstance(item, Rendition))


def _renditions(shown: Iterable[RenditionOrGap]) -> tuple[Rendition, ...]:
    return tuple(item for item in shown if isinstance(item, Rendition))
