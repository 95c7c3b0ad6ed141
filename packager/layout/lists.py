"""The further pages of a large library: every work with its cover, and every title in the order of the alphabet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from packager.layout import places
from packager.layout.build_input import BuildInput
from packager.layout.cards import cards, cover_load, section_name, title_of
from packager.layout.initials import initial, sort_key
from packager.layout.runs import Load, split, text_bytes
from packager.layout.views import Frame, HomeView, LinkView, SectionView
from packager.layout.works import WorkLayout
from packager.model import Document, Entry, NameStyle

PAGE_BYTES = 600_000  # docs/devices.md section 2: opens within a second on a slow phone
FRAME_BYTES = 24_000  # style, script and links of such a page
CARD_BYTES = 1_500  # the markup around one work
TITLES = 200  # in one page of titles, at least, as long as there are more


@dataclass(frozen=True, slots=True)
class Leaf:
    """One further page: its file, what it lists, and the headings that lead to it, section or letters."""

    path: PurePosixPath
    headings: tuple[str, ...]
    works: tuple[WorkLayout, ...]


Leaves = tuple[Leaf, ...]


def cover_leaves(works: Sequence[WorkLayout], build: BuildInput, language: str) -> Leaves:
    """The works with their covers, section by section, on pages of at most 600 KB."""
    _, words = build.words(language)
    most = Load(build.profile.document.max_pixels, PAGE_BYTES - FRAME_BYTES)
    runs = [
        (heading, run)
        for heading, group in groupby(works, key=lambda work: section_name(work, language, words))
        for run in split(tuple(group), _load, most)
    ]
    return tuple(
        Leaf(places.list_page(language, build.languages, str(number)), (heading,), run)
        for number, (heading, run) in enumerate(runs, 1)
    )


def title_leaves(works: Sequence[WorkLayout], build: BuildInput, language: str) -> Leaves:
    """The works in the order of their titles, on pages of whole letters."""
    by_title = sorted(works, key=lambda work: sort_key(title_of(work, language), language))
    leaves: list[tuple[list[str], list[WorkLayout]]] = [([], [])]
    for letter, group in groupby(by_title, key=lambda work: initial(title_of(work, language), language)):
        if len(leaves[-1][1]) >= TITLES:
            leaves.append(([], []))
        leaves[-1][0].append(letter.label)
        leaves[-1][1].extend(group)
    return tuple(
        Leaf(places.list_page(language, build.languages, f"a{number}"), tuple(headings), tuple(run))
        for number, (headings, run) in enumerate(leaves, 1)
    )


def cover_pages(leaves: Leaves, build: BuildInput, language: str) -> Iterator[Entry]:
    """The pages with covers, each linked to its neighbours and to those of its section."""
    for number, leaf in enumerate(leaves):
        heading = leaf.headings[0]
        neighbours = leaves[number - 1] if number else None, leaves[number + 1] if number + 1 < len(leaves) else None
        frame = _frame(build, language, leaf, neighbours, links(leaves, leaf.path, heading))
        shown, covers = cards(leaf.works, build, language, leaf.path, Load(PAGE_BYTES * 1000, PAGE_BYTES))
        view = HomeView(frame, heading, (SectionView("", shown),))
        yield build.document(leaf.path, Document("home.html", view, covers))


def title_pages(leaves: Leaves, build: BuildInput, language: str) -> Iterator[Entry]:
    """The pages in the order of titles, each with the way to all letters."""
    for number, leaf in enumerate(leaves):
        neighbours = leaves[number - 1] if number else None, leaves[number + 1] if number + 1 < len(leaves) else None
        frame = _frame(build, language, leaf, neighbours, ())
        shown, _ = cards(leaf.works, build, language, leaf.path, Load())
        pairs = zip(leaf.works, shown, strict=True)
        lettered = tuple(
            SectionView(letter.label, tuple(view for _, view in group), is_list=True)
            for letter, group in groupby(pairs, key=lambda pair: initial(title_of(pair[0], language), language))
        )
        view = HomeView(frame, frame.words.by_title, lettered, letters(leaves, leaf.path))
        yield build.document(leaf.path, Document("home.html", view))


def links(leaves: Leaves, page: PurePosixPath, heading: str) -> tuple[LinkView, ...]:
    """The way from `page` to the pages of one section, by number."""
    own = [leaf for leaf in leaves if heading in leaf.headings]
    return tuple(LinkView(places.link(page, leaf.path), str(number)) for number, leaf in enumerate(own, 1))


def letters(leaves: Leaves, page: PurePosixPath) -> tuple[LinkView, ...]:
    """The way from `page` to every letter; no address for those that stand on it."""
    return tuple(
        LinkView("" if leaf.path == page else places.link(page, leaf.path), letter)
        for leaf in leaves
        for letter in leaf.headings
    )


def _load(work: WorkLayout) -> Load:
    version = work.version
    title, summary = work.publication.title.forms, work.publication.summary.forms
    said = [version.title, version.summary, *version.authors, *(text for _, text in (*title, *summary))]
    return cover_load(work) + Load(size_bytes=CARD_BYTES + text_bytes(said))


def _frame(
    build: BuildInput,
    language: str,
    leaf: Leaf,
    neighbours: tuple[Leaf | None, Leaf | None],
    parts: tuple[LinkView, ...],
) -> Frame:
    spoken, words = build.words(language)
    before, after = neighbours
    home = places.home(language, build.languages)
    heading = build.definition.title.in_language(language) or words.library
    here = next((place.text for place in parts if place.href == leaf.path.name), "")
    return Frame(
        language=spoken,
        direction=words.direction,
        words=words,
        title=f"{heading} - {leaf.path.stem}" if build.definition.names is NameStyle.TITLES else leaf.path.stem,
        has_files=False,
        previous=LinkView(places.link(leaf.path, before.path), words.previous) if before else None,
        up=LinkView(places.link(leaf.path, home), words.all_works),
        next=LinkView(places.link(leaf.path, after.path), words.next) if after else None,
        here=here,
        parts=parts if len(parts) > 1 else (),
    )
