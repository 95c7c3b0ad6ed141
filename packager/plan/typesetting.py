"""Texts -> pictures of their pages: which texts there are, set and drawn in worker processes, and kept in files."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

from packager.errors import PackagerError
from packager.layout.build_input import BuildInput
from packager.layout.interface_words import Words
from packager.layout.page_text import JOINER, page_height, pages_view, parts
from packager.layout.paper_text import paper_parts, paper_view
from packager.layout.photo import key, listings
from packager.model import (
    Article,
    Comic,
    Heading,
    MissingRendition,
    Paragraph,
    Remarks,
    Rendition,
    RenditionOrGap,
    Renditions,
    RenditionSpec,
    Role,
    RoleRenditions,
    Text,
    Version,
    VersionKey,
    blocks,
    warning,
)
from packager.output import templating
from packager.pictures import typesetting
from packager.pictures.typesetting import DrawingJob, SetText, SettingJob
from packager.sandbox.pool import Failure, Workers
from packager.text.spelling import first_of

T = TypeVar("T")

NAMED = 8  # signs that one remark names


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Sets the texts of a tree as pictures of their pages."""

    build: BuildInput
    workers: Workers

    def finished(self, version: Version, renditions: Renditions, stem: Path) -> tuple[Renditions, Remarks]:
        """Return the renditions with those of the photo edition as it has them, in files beginning with `stem`.

        The figures of an article become pages with its text; in the place of a comic's missing page comes one that
        says so, and behind its last one come the artist and the credit.
        """
        shown = renditions.of(Role.PHOTO)
        if isinstance(version.work, Article):
            pages, remarks = self._pages(version, shown, self.build.words(version.language), stem)
        elif shown and isinstance(version.work, Comic):
            pages, remarks = self._back(version, version.work, _named(stem, "back"))
            pages = (*(self._unless_gap(item, number, version, stem) for number, item in enumerate(shown, 1)), *pages)
        else:
            return renditions, ()
        sets = tuple(replace(group, shown=pages) if group.role is Role.PHOTO else group for group in renditions.sets)
        return replace(renditions, sets=sets), remarks

    def paper(self, version: Version, renditions: Renditions, stem: Path) -> tuple[Renditions, Remarks]:
        """Return the renditions with the whole of an article as a PDF, its pictures as they are in its pages."""
        if not isinstance(version.work, Article):
            return renditions, ()
        root = stem.parent.parent
        view = paper_view(version, renditions.of(Role.PAGE), self.build, root)
        template = templating.typeset("pages.typ")
        said = (templating.data(part).replace(JOINER, "") for part in paper_parts(view))
        jobs = [SettingJob(template, part, root) for part in said]
        papers: list[Rendition] = []
        unset: set[str] = set()
        try:
            for number, text in enumerate(map(done, self.workers.map(typesetting.set_paper, jobs)), 1):
                path = _named(stem, f"paper-{number}.pdf")
                path.write_bytes(text.pdf)
                papers.append(Rendition(Role.PDF, str(path), 0, 0, len(text.pdf)))
                unset |= text.unset
        except PackagerError as error:
            error.where = error.where or version.title
            raise
        shown = RoleRenditions(Role.PDF, tuple(papers))
        others = (group for group in renditions.sets if group.role is not Role.PDF)
        remarks = tuple(warning(version.title, said) for said in unset_warning(unset))
        return replace(renditions, sets=(*others, shown)), remarks

    def contents(self, stem: Path) -> tuple[dict[VersionKey, Renditions], Remarks]:
        """Return, in each language of the documents, the pages that list what is in which folder."""
        listed: dict[VersionKey, Renditions] = {}
        remarks: Remarks = ()
        for version in listings(self.build):
            words = replace(self.build.words(version.language), end="")
            pages, unset = self._pages(version, (), words, _named(stem, version.language))
            listed[key(version.language)] = Renditions((RoleRenditions(Role.PHOTO, pages),))
            remarks += unset
        return listed, remarks

    def _unless_gap(self, shown: RenditionOrGap, number: int, version: Version, stem: Path) -> Rendition:
        """Return the page of a comic, or one that says that it is missing."""
        if isinstance(shown, Rendition):
            return shown
        words = replace(self.build.words(version.language), end="")
        missing = Article((Paragraph((Text(words.missing_page.format(n=number)),)),))
        text = Version(version.language, version.title, missing)
        return self._pages(text, (), words, _named(stem, f"gap-{number:06}"))[0][0]

    def _back(self, version: Version, comic: Comic, stem: Path) -> tuple[tuple[Rendition, ...], Remarks]:
        """Return what stands behind the last page of a comic: its artist, in words, and its credit."""
        abouts = [about for about in comic.about if about.language == version.language] or comic.about
        if not abouts and not version.credit:
            return (), ()
        words = replace(
            self.build.words(version.language), end="", missing_picture=""
        )  # a portrait's description remains
        said = tuple(chain.from_iterable((Heading(2, (Text(words.about),)), *about.blocks) for about in abouts))
        text = Version(version.language, version.title, Article(said), version.authors, credit=version.credit)
        figures = tuple(MissingRendition(index) for index, _ in enumerate(blocks.figures(said)))
        return self._pages(text, figures, words, stem)

    def _pages(
        self, version: Version, figures: tuple[RenditionOrGap, ...], words: Words, stem: Path
    ) -> tuple[tuple[Rendition, ...], Remarks]:
        template = templating.typeset("pages.typ")
        views = parts(pages_view(version, figures, words, self.build))
        jobs = (SettingJob(template, templating.data(view), stem.parent) for view in views)
        try:
            texts = [done(text) for text in self.workers.map(typesetting.set_text, jobs)]
            pages = tuple(self._drawn(texts, stem))
        except PackagerError as error:
            error.where = error.where or version.title
            raise
        unset = set().union(*(text.unset for text in texts))
        return pages, tuple(warning(version.title, said) for said in unset_warning(unset))

    def _drawn(self, texts: list[SetText], stem: Path) -> Iterator[Rendition]:
        limits = self.build.profile.picture
        width, height = limits.photo_width, page_height(limits.photo_width)
        spec = RenditionSpec(Role.PHOTO, width, width, width * height, limits.quality, max_bytes=limits.max_bytes)
        places = []
        for part, text in enumerate(texts):
            pdf = _named(stem, f"pages-{part}.pdf")
            pdf.write_bytes(text.pdf)
            places += [(pdf, page) for page in range(text.pages)]
        numbers = [f"{number} / {len(places)}" for number in range(1, len(places) + 1)] if len(places) > 1 else [""]
        jobs = (DrawingJob(*place, number, spec) for place, number in zip(places, numbers, strict=True))
        for number, page in enumerate(self.workers.map(typesetting.draw_page, jobs), 1):
            path = _named(stem, f"page-{number:06}.jpg")
            with path.open("xb") as file:
                size_bytes = file.write(done(page))
            yield Rendition(Role.PHOTO, str(path), width, height, size_bytes)


def _named(stem: Path, ending: str) -> Path:
    return stem.with_name(f"{stem.name}-{ending}")


def unset_warning(unset: Collection[str]) -> Iterator[str]:
    """Yield what to say of signs that no font has, if there are any."""
    if unset:
        named = first_of([f"{sign} (U+{ord(sign):04X})" for sign in sorted(unset)], NAMED)
        yield f"in its pictures these signs stand as their numbers, since none of our fonts has them: {named}"


def done(result: T | Failure) -> T:
    """Return the result of a job; raise what it failed with."""
    if isinstance(result, Failure):
        raise result.error
    return result
