"""What is in which folder, for a tree without documents: as a text to be set in pictures, and as a plain list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import PurePosixPath

from packager.layout.build_input import BuildInput
from packager.layout.photo.names import file_name
from packager.layout.views import ListingView
from packager.layout.words import language_in, words_for
from packager.layout.works import picture_entry
from packager.model import (
    Article,
    Document,
    Entry,
    Mark,
    Marked,
    Paragraph,
    Rendition,
    Renditions,
    Role,
    Span,
    Text,
    Version,
    VersionKey,
    blocks,
)

TEXT = "text/plain"
STEM = "000"  # before the first folder, by name too


def key(language: str) -> VersionKey:
    """Where the renditions of the pages that list everything are kept, beside those of the works."""
    return "", language


def listings(build: BuildInput) -> tuple[Version, ...]:
    """The texts that list the folders with what is in them, for readers of each language; of equal ones the first."""
    made: dict[tuple[str, Article], str] = {}
    for language in build.languages:
        own_words = words_for(language, build.dictionary, language)
        heading = build.definition.title.in_language(language) or own_words.library
        lines = tuple(
            Paragraph((Marked(Mark.STRONG, (Text(folder),)), Text("\u2003"), Span((Text(words),), spoken)))
            for folder, words, spoken in _lines(build, language)
        )
        made.setdefault((heading, Article(lines)), language)
    return tuple(Version(language, heading, article) for (heading, article), language in made.items())


def contents(build: BuildInput, renditions: Mapping[VersionKey, Renditions]) -> Iterator[Entry]:
    """The pages that list everything, in each language, and the same as a text where the profile has texts."""
    texts = listings(build)
    pages = [
        page for text in texts for page in renditions[key(text.language)].of(Role.PHOTO) if isinstance(page, Rendition)
    ]
    made = [
        picture_entry(PurePosixPath(file_name(stem, "jpg", build)), page)
        for stem, page in zip(_stems(len(pages)), pages, strict=True)
    ]
    if "txt" in build.profile.types:
        document = Document("listing.txt", ListingView(tuple(chain.from_iterable(map(_text, texts)))))
        made.append(build.document(PurePosixPath(file_name(STEM, "txt", build)), document, TEXT))
    return iter(sorted(made, key=lambda entry: entry.path))


def _stems(count: int) -> list[str]:
    return [STEM] if count == 1 else [f"{STEM}_{number:02}" for number in range(1, count + 1)]


def _text(listing: Version) -> Iterator[str]:
    assert isinstance(listing.work, Article)
    yield from (listing.title, "")
    yield from (blocks.words_of((line,)) for line in listing.work.blocks)
    yield ""


def _lines(build: BuildInput, language: str) -> Iterator[tuple[str, str, str]]:
    """For each version its folder, what is in it, and the language that this is said in."""
    for publication in build.library.publications:
        for version in publication.versions:
            folder = str(build.paths[publication.id, version.language].number)
            own = publication.title.exactly(language) if len(publication.versions) == 1 else ""
            words = [own or version.title, *version.authors]
            if len(publication.versions) > 1:
                words.append(language_in(version.language, build.dictionary))
            yield folder, " \N{MIDDLE DOT} ".join(words), language if own else version.language
