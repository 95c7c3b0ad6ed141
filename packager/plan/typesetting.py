"""Texts -> pictures of their pages: pieces, lines, pages, and each page set in a worker process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TypeVar

from packager.layout.photo.contents import key, listings
from packager.layout.photo.markup import Hand
from packager.layout.photo.pages import pages
from packager.layout.photo.pieces import Manner, pieces
from packager.layout.words import Words, direction_in, words_for
from packager.model import (
    Article,
    Comic,
    Cuts,
    Heading,
    LeftOut,
    LinkStyle,
    Outcome,
    Paragraph,
    Piece,
    Placed,
    Remark,
    Rendition,
    Renditions,
    Role,
    RoleSet,
    Sheet,
    SheetJob,
    Shown,
    Text,
    TextPiece,
    Version,
    VersionKey,
    Wish,
    blocks,
)
from packager.pictures import rendering
from packager.plan.plan import Case
from packager.sandbox.pool import Failure, Workers

T = TypeVar("T")

NAMED = 8  # signs that one remark names


@dataclass(frozen=True, slots=True)
class Printed:
    """The pages of a text, and remarks on what could not be set."""

    pages: tuple[Rendition, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Press:
    """Sets the texts of a case."""

    case: Case
    workers: Workers

    def finished(self, version: Version, renditions: Renditions, stem: Path) -> tuple[Renditions, tuple[Remark, ...]]:
        """The renditions with those of the photo edition as it has them, in files beginning with `stem`.

        The figures of an article become pages with its text; in the place of a comic's missing page comes one that
        says so, and behind its last one come the artist and the credit.
        """
        shown = renditions.of(Role.PHOTO)
        if isinstance(version.work, Article):
            printed = self._printed(version, shown, self._words(version.language), stem)
            return _with_photo(renditions, printed.pages), printed.remarks
        if not shown:
            return renditions, ()
        whole = (
            item if isinstance(item, Rendition) else self._gap(version, number, stem)
            for number, item in enumerate(shown, 1)
        )
        back = self._back(version, version.work, _named(stem, "back"))
        return _with_photo(renditions, (*whole, *back.pages)), back.remarks

    def contents(self, stem: Path) -> tuple[dict[VersionKey, Renditions], tuple[Remark, ...]]:
        """In each language of the documents, the pages that list what is in which folder."""
        case = self.case
        made: dict[VersionKey, Renditions] = {}
        remarks: tuple[Remark, ...] = ()
        for version in listings(case):
            words = replace(self._words(version.language), end="")
            printed = self._printed(version, (), words, _named(stem, version.language))
            made[key(version.language)] = Renditions((RoleSet(Role.PHOTO, printed.pages),))
            remarks += printed.remarks
        return made, remarks

    def _gap(self, version: Version, number: int, stem: Path) -> Rendition:
        words = self._words(version.language)
        said = Paragraph((Text(words.missing_page.format(n=number)),))
        text = Version(version.language, version.title, Article((said,)))
        return self._printed(text, (), replace(words, end=""), _named(stem, f"gap-{number:06}")).pages[0]

    def _back(self, version: Version, comic: Comic, stem: Path) -> Printed:
        """What stands behind the last page of a comic: its artist, in words, and its credit."""
        abouts = [about for about in comic.about if about.language == version.language] or comic.about
        if not abouts and not version.credit:
            return Printed(())
        words = replace(self._words(version.language), end="", missing_picture="")  # a portrait's description remains
        said = tuple(chain.from_iterable((Heading(2, (Text(words.about),)), *about.blocks) for about in abouts))
        text = Version(version.language, version.title, Article(said), version.authors, credit=version.credit)
        figures = tuple(LeftOut(index) for index, _ in enumerate(blocks.figures(said)))
        return self._printed(text, figures, words, stem)

    def _words(self, language: str) -> Words:
        fallback = (self.case.definition.languages or (language,))[0]
        return words_for(language, self.case.dictionary, fallback)

    def _printed(self, version: Version, figures: tuple[Shown, ...], words: Words, stem: Path) -> Printed:
        sheet = Sheet(self.case.profile.picture.photo_width)
        direction = direction_in(version.language, self.case.dictionary)

        def text(unset: frozenset[str]) -> tuple[Piece, ...]:
            hand = Hand(self.case.definition.links is LinkStyle.PRINT, unset)
            return pieces(version, figures, Manner(sheet, hand, version.language, direction, words))

        signs = frozenset(chain.from_iterable(_markup(piece) for piece in text(frozenset())))
        unset = self.workers.submit(rendering.unset_signs, signs).result()
        whole = text(unset)
        laid = pages(whole, self._cuts(whole, sheet), sheet)
        remarks = (Remark(version.title, Outcome.WARNING, _unset_message(unset)),) if unset else ()
        return Printed(self._set(laid, sheet, stem), remarks)

    def _cuts(self, text: tuple[Piece, ...], sheet: Sheet) -> list[Cuts]:
        """Where each piece may be parted; a figure or a rule nowhere."""
        jobs = [(piece, sheet.column) for piece in text if isinstance(piece, TextPiece)]
        found = self.workers.map(rendering.lines, jobs)
        return [_done(next(found)) if isinstance(piece, TextPiece) else (0, piece.height) for piece in text]

    def _set(self, laid: tuple[tuple[Placed, ...], ...], sheet: Sheet, stem: Path) -> tuple[Rendition, ...]:
        limits = self.case.profile.picture
        wish = Wish(limits.quality, limits.max_bytes)
        jobs = (
            SheetJob(sheet, placed, f"{number} / {len(laid)}" if len(laid) > 1 else "", wish)
            for number, placed in enumerate(laid, 1)
        )
        found = []
        for number, data in enumerate(self.workers.map(rendering.sheet, jobs), 1):
            path = _named(stem, f"sheet-{number:06}.jpg")
            with path.open("xb") as file:
                file.write(_done(data))
            found.append(Rendition(Role.PHOTO, path, sheet.width, sheet.height, path.stat().st_size))
        return tuple(found)


def _named(stem: Path, ending: str) -> Path:
    return stem.with_name(f"{stem.name}-{ending}")


def _with_photo(renditions: Renditions, shown: tuple[Rendition, ...]) -> Renditions:
    sets = tuple(replace(group, shown=shown) if group.role is Role.PHOTO else group for group in renditions.sets)
    return replace(renditions, sets=sets)


def _markup(piece: Piece) -> str:
    return piece.markup + piece.marker if isinstance(piece, TextPiece) else ""


def _unset_message(unset: frozenset[str]) -> str:
    named = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in sorted(unset)[:NAMED])
    more = f" and {len(unset) - NAMED} more" if len(unset) > NAMED else ""
    return f"in its pictures these signs stand as their numbers, since none of our fonts has them: {named}{more}"


def _done(result: T | Failure) -> T:
    """The result of a job; raises what it failed with."""
    if isinstance(result, Failure):
        raise result.error
    return result
