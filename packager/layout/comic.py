"""A comic as a folder of documents and numbered pictures, complete when copied alone, and as a CBZ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import PurePosixPath

from packager.layout import places
from packager.layout.build_input import BuildInput
from packager.layout.interface_words import Words
from packager.layout.places import WorkPaths
from packager.layout.runs import Load, PageRun, chapters_begun, pixels, runs, split
from packager.layout.views import (
    ComicInfoView,
    ComicView,
    Frame,
    Lettering,
    LinkView,
    MissingPicture,
    Passage,
    PictureView,
    Src,
)
from packager.layout.works import WorkLayout, abouts, byline, credit_lines, picture_entry, site_frame
from packager.model import (
    Comic,
    Direction,
    Document,
    Entry,
    Flow,
    MissingRendition,
    Rendition,
    Role,
    StoredZip,
    Transcript,
)
from packager.text.spelling import UNDETERMINED

# APPNOTE.TXT 4.3: local header 30 bytes, central header 46, both with the name; end record 22.
ZIP_HEADERS = 30 + 46
ZIP_END = 22
CBZ_PAGE_BYTES = 400  # headers of one page, and its line in ComicInfo.xml
INFO_BYTES = 100_000  # the rest of ComicInfo.xml, generously

Together = tuple[Transcript, ...]  # shown beside each other


def site(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The documents, then the pictures, of one version of a comic."""
    numbered = tuple(enumerate(work.renditions.of(Role.PAGE), 1))
    parts = _parts(work, build)
    languages = work.paths.languages
    names = places.numbered_names(len(numbered), build.profile.tree.max_files_in_folder - len(parts) * len(languages))
    for language in languages:
        for number, run in enumerate(parts, 1):
            chapters = _chapters(parts, number, work.paths, language)
            frame = replace(site_frame(work, build, number, len(parts), language), contents=chapters)
            view = comic_view(work, build, frame, run, lambda position, _: names[position - 1])
            yield build.document(work.paths.document(number, language), Document("comic.html", view))
    for position, shown in numbered:
        if isinstance(shown, Rendition):
            yield picture_entry(work.paths.folder / names[position - 1], shown)


def _parts(work: WorkLayout, build: BuildInput) -> tuple[PageRun, ...]:
    """What each document of the site edition shows."""
    numbered = tuple(enumerate(work.renditions.of(Role.PAGE), 1))
    most = Load(build.profile.document.max_pixels)
    return runs(work.comic, numbered, lambda item: Load(pixels(item[1])), most, by_chapter=True)


def chapter_documents(work: WorkLayout, build: BuildInput) -> dict[int, int]:
    """The number of the document that each chapter begins in, by the chapter's index."""
    documents: dict[int, int] = {}
    for number, run in enumerate(_parts(work, build), 1):
        begun = {position for position, _ in run.chapters}
        for position, shown in run.shown:
            if position in begun:
                documents[chapters_begun(work.comic, shown) - 1] = number
    return documents


def _chapters(parts: tuple[PageRun, ...], here: int, paths: WorkPaths, language: str) -> tuple[LinkView, ...]:
    """The chapters as links to the documents that they begin in; without a link where that is this one."""
    return tuple(
        LinkView("" if number == here else paths.document(number, language).name, title, is_here=number == here)
        for number, run in enumerate(parts, 1)
        for _, title in run.chapters
    )


def comic_view(work: WorkLayout, build: BuildInput, frame: Frame, run: PageRun, src: Src) -> ComicView:
    """The document that shows `run`, with the words that belong to its pictures; the last one has the credits too."""
    comic = work.comic
    is_page_by_page = comic.flow is Flow.PAGES
    first = _together(work, frame.reader)
    beneath = first if is_page_by_page else ()
    rest = tuple((transcript,) for transcript in comic.transcripts if transcript not in first)
    apart = rest if beneath or not first else (first, *rest)
    return ComicView(
        frame=frame,
        byline=byline(work, build, frame.reader, is_first=run.first == 1),
        is_first=run.first == 1,
        flow=comic.flow,
        reading=comic.direction,
        edge=work.renditions.edge,
        shown=tuple(_shown(run, src, beneath, build, frame.words, is_page_by_page=is_page_by_page)),
        ending=frame.words.end if run.is_last else "",
        reader=() if comic.flow is Flow.SCROLL else _reader(work, frame.words, first=run.first),
        passages=(
            *_transcripts(comic, apart, build, frame.words, run),
            *(abouts(comic.about, work, build, frame.reader, frame.words.about) if run.is_last else ()),
        ),
        credit=credit_lines(work) if run.is_last else (),
    )


def _together(work: WorkLayout, language: str) -> Together:
    """The transcripts that stand with the pictures: in the reader's language or the version's, or two at once."""
    wanted = (language, work.version.language)
    in_order = sorted(work.comic.transcripts, key=lambda transcript: _place(transcript.language, wanted))
    both = tuple(transcript for transcript in in_order if transcript.language in work.publication.parallel)
    return both if len(both) > 1 else tuple(in_order[:1])


def _place(language: str, wanted: tuple[str, ...]) -> int:
    return wanted.index(language) if language in wanted else len(wanted)


def _reader(work: WorkLayout, words: Words, first: int) -> tuple[tuple[str, str], ...]:
    """What the reader's script is told, under the names that it knows: `first` is the document's first picture."""
    comic = work.comic
    is_strip = comic.flow is Flow.STRIP
    is_rtl = comic.direction is Direction.RTL and not is_strip
    on, back = ("←", "→") if is_rtl else ("→", "←")
    shown = work.renditions.of(Role.PAGE) or work.renditions.of(Role.PHONE)
    return (
        ("strip", "1" if is_strip else ""),
        ("rtl", "1" if is_rtl else ""),
        ("start", "1" if first == 1 else ""),
        ("first", str(first)),
        ("total", str(len(shown))),
        ("width", words.fit_width),
        ("height", words.fit_height),
        ("original", words.fit_original),
        ("pair", words.two_pages),
        ("help", words.help),
        ("keys", words.keys.format(on=on, back=back)),
        ("taps", words.taps_strip if is_strip else words.taps_pages),
        ("retry", words.retry),
        ("view", words.view),
    )


def _shown(
    run: PageRun, src: Src, beneath: Together, build: BuildInput, words: Words, *, is_page_by_page: bool
) -> Iterator[PictureView | MissingPicture]:
    """The pictures of a document: a page has a number for its reader, a slice of a strip has none."""
    name, missing = (words.page, words.missing_page) if is_page_by_page else (words.picture, words.missing_picture)
    embedded, chapters = count(), dict(run.chapters)
    for position, shown in run.shown:
        lettering = lettering_of(beneath, shown.first, build)
        chapter = chapters.get(position, "")
        if isinstance(shown, MissingRendition):
            yield MissingPicture(missing.format(n=position), lettering, chapter)
        else:
            place, alt = src(position, next(embedded)), name.format(n=position)
            yield PictureView(place, shown.width, shown.height, alt, lettering, chapter)


def lettering_of(transcripts: Together, source: int, build: BuildInput, label: str = "") -> Lettering | None:
    """The words in one picture of the source; line by line where there are as many in each language."""
    spoken = [(transcript.language, dict(transcript.sections).get(source, ())) for transcript in transcripts]
    spoken = [(language, lines) for language, lines in spoken if lines]
    if not spoken:
        return None
    every = [lines for _, lines in spoken]
    is_even = len(every) > 1 and len({len(lines) for lines in every}) == 1
    rows = tuple(tuple((line,) for line in row) for row in zip(*every, strict=True)) if is_even else (tuple(every),)
    return Lettering(tuple((language, build.direction_of(language)) for language, _ in spoken), rows, label)


def _transcripts(
    comic: Comic, apart: tuple[Together, ...], build: BuildInput, words: Words, run: PageRun
) -> Iterator[Passage]:
    """The transcripts that do not stand under the pictures, as far as this document shows what they tell of."""
    has_names = comic.flow is Flow.PAGES  # what strips and scrolls are cut into has none
    for transcripts in apart:
        sections = (
            lettering_of(transcripts, source, build, words.page.format(n=source + 1) if has_names else "")
            for source in run.sources
        )
        lettering = tuple(section for section in sections if section)
        language = transcripts[0].language
        names = ", ".join(build.name_of(transcript.language) for transcript in transcripts)
        if lettering:
            yield Passage(f"{words.transcript} ({names})", language, build.direction_of(language), lettering=lettering)


def cbz(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """The CBZ of one version of a comic, in parts when it is larger than a file may be; none without pictures."""
    parts = cbz_parts(work, build)
    for number, pages in enumerate(parts, 1):
        digits = max(3, len(str(len(pages))))
        names = (PurePosixPath(f"{page_number:0{digits}}.jpg") for page_number, _ in enumerate(pages, 1))
        info = Document("comicinfo.xml", _info(work, pages, (number, len(parts))))
        members = (build.document(PurePosixPath("ComicInfo.xml"), info), *map(picture_entry, names, pages))
        size = stored_bytes((str(member.path), member.size_bytes) for member in members)
        yield Entry(str(places.part_name(work.paths.cbz, number)), StoredZip(members), size)


def cbz_parts(work: WorkLayout, build: BuildInput) -> tuple[tuple[Rendition, ...], ...]:
    """The pages of each part."""
    pages = tuple(shown for shown in work.renditions.of(Role.PAGE) if isinstance(shown, Rendition))
    most = Load(size_bytes=build.profile.tree.max_file_bytes - INFO_BYTES)
    return split(pages, lambda page: Load(size_bytes=page.size_bytes + CBZ_PAGE_BYTES), most) if pages else ()


def stored_bytes(members: Iterable[tuple[str, int]]) -> int:
    """The size of a stored ZIP of members with these names and sizes, below 2 GiB in all; APPNOTE.TXT 4.3."""
    return ZIP_END + sum(ZIP_HEADERS + 2 * len(name) + size for name, size in members)


def _info(work: WorkLayout, pages: tuple[Rendition, ...], part: tuple[int, int]) -> ComicInfoView:
    version = work.version
    comic = work.comic
    is_manga = comic.direction is Direction.RTL
    return ComicInfoView(
        title=version.title,
        series=work.publication.series.in_language(version.language),
        part=part if part[1] > 1 else None,
        summary=version.summary,
        writer=", ".join(version.authors),
        language="" if version.language == UNDETERMINED else version.language,
        manga="YesAndRightToLeft" if is_manga else "No",
        images=tuple((page.width, page.height, page.size_bytes) for page in pages),
    )
