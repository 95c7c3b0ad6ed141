"""What is new in a library since an earlier edition: the works, and in others the chapters, in a line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from packager.layout import places
from packager.layout.build_input import BuildInput
from packager.layout.cards import cards
from packager.layout.comic import chapter_documents
from packager.layout.runs import Load
from packager.layout.views import LinkView, SectionView
from packager.layout.works import WorkLayout
from packager.model import Comic, Edition


def news_section(
    works: Sequence[WorkLayout], build: BuildInput, language: str, page: PurePosixPath
) -> tuple[SectionView, ...]:
    """The section that the document `page` begins with; none where nothing of `works` is new, or nobody asked."""
    new = [work for work in works if build.news.holds(work.key)]
    views, _ = cards(new, build, language, page, Load())
    lines = tuple(
        replace(view, summary="", files=(), languages=(), chapters=tuple(_chapters(work, build, language, page)))
        for work, view in zip(new, views, strict=True)
    )
    return (SectionView(build.words(language).new, lines, is_list=True),) if lines else ()


def _chapters(work: WorkLayout, build: BuildInput, language: str, page: PurePosixPath) -> list[LinkView]:
    """The new chapters as links to where they begin, or as words alone where there are no such documents."""
    new = build.news.chapters_of(work.key, work.version)
    has_documents = isinstance(work.version.work, Comic) and Edition.SITE in work.editions
    documents = chapter_documents(work, build) if new and has_documents else {}
    addresses = {index: places.link(page, work.paths.document(number, language)) for index, number in documents.items()}
    return [LinkView(addresses.get(index, ""), title) for index, title in new if title]
