"""The photo edition: numbered pictures in folders, for TVs and players that know nothing else, and a list of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from packager.config.profile import Pages
from packager.layout.build_input import BuildInput
from packager.layout.interface_words import language_in, words_for
from packager.layout.views import ListingView
from packager.layout.works import WorkLayout, clock, picture_entry, running_time
from packager.model import (
    AllRenditions,
    Article,
    Block,
    Document,
    Entry,
    Film,
    Heading,
    Mark,
    Marked,
    Paragraph,
    Publication,
    Rendition,
    Role,
    Sound,
    Span,
    Text,
    Version,
    VersionKey,
    blocks,
)

MOST_IN_FOLDER = 99  # docs/devices.md section 4: DVD and car units
STEM = "000"  # before the first folder, by name too


def photo(work: WorkLayout, build: BuildInput) -> Iterator[Entry]:
    """Return the pictures of one version in reading order, the cover first; in a next folder where one is full."""
    shown = _pictures(work)
    digits = max(3, len(str(len(shown))))
    for index, picture in enumerate(shown):
        name = file_name(f"{index + 1:0{digits}}", "jpg", build)
        yield picture_entry(_folder(work, build, index // _files_per_folder(build)) / name, picture)


def photo_folders(work: WorkLayout, build: BuildInput) -> list[PurePosixPath]:
    """Return the folders that hold the pictures of one version."""
    return [_folder(work, build, part) for part in range(-(-len(_pictures(work)) // _files_per_folder(build)))]


def _pictures(work: WorkLayout) -> list[Rendition]:
    return [shown for shown in work.renditions.of(Role.PHOTO) if isinstance(shown, Rendition)]


def _files_per_folder(build: BuildInput) -> int:
    return min(MOST_IN_FOLDER, build.profile.tree.max_files_in_folder)


def _folder(work: WorkLayout, build: BuildInput, part: int) -> PurePosixPath:
    """Return folder `part`, from 0, of a work; by name the folders are in the order of reading."""
    first = work.paths.photo if build.profile.pages is Pages.SITE else work.paths.number
    return first.with_name(f"{first.name}_{part + 1:02}") if part else first


def file_name(stem: str, ending: str, build: BuildInput) -> str:
    """Return the name in small letters where the profile has them, else in capitals."""
    name = f"{stem}.{ending}"
    return name if re.fullmatch(build.profile.tree.name_pattern, name) else name.upper()


def key(language: str) -> VersionKey:
    """Return where the renditions of the pages that list everything are kept, beside those of the works."""
    return "", language


def listings(build: BuildInput) -> tuple[Version, ...]:
    """Return the texts that list what is in which folder, for readers of each language; of equal ones the first."""
    made: dict[tuple[str, Article], str] = {}
    for language in build.languages:
        own_words = words_for(language, build.dictionary, language)
        heading = build.definition.title.in_language(language) or own_words.library
        lines: tuple[Block, ...] = tuple(_lines(build, language))
        if new := tuple(_lines(build, language, only_new=True)):
            lines = (Heading(2, (Text(own_words.new),)), *new, Heading(2, (Text(own_words.all_works),)), *lines)
        made.setdefault((heading, Article((*lines, *_said(build, language)))), language)
    return tuple(Version(language, heading, article) for (heading, article), language in made.items())


def contents(build: BuildInput, renditions: AllRenditions) -> Iterator[Entry]:
    """Return the pages that list everything, in each language, and the same as a text where the profile has texts."""
    texts, stems = listings(build), [STEM]
    pages = [
        page for text in texts for page in renditions[key(text.language)].of(Role.PHOTO) if isinstance(page, Rendition)
    ]
    if len(pages) != 1:
        stems = [f"{STEM}_{number:02}" for number in range(1, len(pages) + 1)]
    made = [
        picture_entry(PurePosixPath(file_name(stem, "jpg", build)), page)
        for stem, page in zip(stems, pages, strict=True)
    ]
    if "txt" in build.profile.types:
        lines: list[str] = []
        for text in texts:
            assert isinstance(text.work, Article)
            lines += [text.title, ""]
            for line in text.work.blocks:
                lines += [*([""] if isinstance(line, Heading) and lines[-1] else []), blocks.words_of((line,))]
            lines.append("")
        document = Document("listing.txt", ListingView(tuple(lines)))
        made.append(build.document(PurePosixPath(file_name(STEM, "txt", build)), document))
    return iter(sorted(made, key=lambda entry: entry.path))


def _lines(build: BuildInput, language: str, *, only_new: bool = False) -> Iterator[Block]:
    """Yield for each version its folder and what is in it, by folders; or for what is new, with its new chapters."""
    every = [(publication, version) for publication in build.library.publications for version in publication.versions]
    for publication, version in sorted(every, key=lambda one: _numbers(one[0], one[1], build)):
        key = publication.id, version.language
        if only_new and not build.news.holds(key):
            continue
        own = publication.title.exactly(language) if len(publication.versions) == 1 else ""
        title, series = own or version.title, publication.series.in_language(language)
        words = [*([series] if series not in title else []), title, *version.authors]
        if len(publication.versions) > 1:
            words.append(language_in(version.language, build.dictionary))
        if only_new:
            words += [title for _, title in build.news.chapters_of(key, version) if title]
        if version.recordings:
            words.append(clock(running_time(version)))
        folder = Marked(Mark.STRONG, (Text(_place(publication, version, build)),))
        said = Span((Text(" \N{MIDDLE DOT} ".join(words)),), language if own else version.language)
        yield Paragraph((folder, Text("\u2003"), said))
        if version.recordings and not only_new:
            yield from _tracks(publication, version, build)


def _tracks(publication: Publication, version: Version, build: BuildInput) -> Iterator[Block]:
    """Yield each track of an album or a programme with its file."""
    folder, _ = _numbers(publication, version, build)
    for number, track in enumerate(version.recordings if len(version.recordings) > 1 else (), 1):
        part = (number - 1) // MOST_IN_FOLDER
        place = f"{folder}/{part + 1}/{number:03}" if part else f"{folder}/{number:03}"
        words = " \N{MIDDLE DOT} ".join(filter(None, (track.title, clock(track.seconds))))
        yield Paragraph((Text(f"{place}\u2003"), Span((Text(words),), version.language)))


def _said(build: BuildInput, language: str) -> Iterator[Block]:
    """Yield for each film and piece of sound what its page says elsewhere: what there is about it, and the credit."""
    for publication in build.library.publications:
        for version in publication.versions:
            if isinstance(version.work, Film | Sound):
                about = [one for one in version.work.about if one.language == language] or version.work.about
                said = [(one.language, blocks.words_of((block,))) for one in about for block in one.blocks]
                said += [(version.language, line.strip()) for line in version.credit.splitlines()]
                if any(text for _, text in said):
                    yield Heading(2, (Text(f"{_place(publication, version, build)} \N{MIDDLE DOT} {version.title}"),))
                yield from (Paragraph((Span((Text(text),), tag),)) for tag, text in said if text)


def _numbers(publication: Publication, version: Version, build: BuildInput) -> tuple[str, str]:
    paths = build.paths[publication.id, version.language]
    return str(paths.number), paths.own_number


def _place(publication: Publication, version: Version, build: BuildInput) -> str:
    """The folder of a work; of an episode its file in the folder of the series."""
    folder, own = _numbers(publication, version, build)
    return f"{folder}/{own}" if publication.series and isinstance(version.work, Film) else folder
