"""What is different from one edition of a bundle to another: works new, continued, changed and gone, bytes to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from packager.model import Edition
from packager.model.digests import PICTURE_DIGITS
from packager.output.ledger import ChapterRecord, Ledger, NumberedEdition, WorkRecord
from packager.output.manifest import File, Manifest


class ChangeKind(StrEnum):
    """What became of a work, in the order in which it is told."""

    NEW = "new"
    CONTINUED = "continued"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class WorkChange:
    """What became of a version of a work: as it is now, or, where it is gone, as it was.

    Where it is continued, `chapters` are the indexes of the new ones among its own, and `pages` are those that came to
    the ends of others. Chapters that are `altered` have other pictures. Where it is not `is_of_content`, only what is
    said of the work has changed.
    """

    kind: ChangeKind
    work: WorkRecord
    chapters: tuple[int, ...] = ()
    pages: int = 0
    altered: tuple[int, ...] = ()
    is_of_content: bool = True

    @property
    def chapter_titles(self) -> tuple[str, ...]:
        """The titles of the new chapters."""
        return tuple(self.work.chapters[index].title for index in self.chapters)


@dataclass(frozen=True, slots=True)
class TreeChange:
    """What of a tree an earlier one of its name lacks, or has otherwise; bytes.

    `lost` are the forms, such as `cbz/w9801`, in which the earlier one held works that it still holds in another.
    """

    name: str
    size_bytes: int
    written_bytes: int
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different in an edition `since` an earlier one. Trees are only told of where both manifests are known."""

    since: int
    works: tuple[WorkChange, ...]
    trees: tuple[TreeChange, ...] = ()

    def of(self, kind: ChangeKind) -> tuple[WorkChange, ...]:
        """Return the works of which that became, in the order of the library."""
        return tuple(change for change in self.works if change.kind is kind)

    @property
    def has_news(self) -> bool:
        """Whether there is something to read that was not there before."""
        return any(change.kind in (ChangeKind.NEW, ChangeKind.CONTINUED) for change in self.works)


def changes(edition: NumberedEdition, files: Manifest, earlier: NumberedEdition) -> Changes:
    """Return what is different in an edition with these files; raises OutputError where a manifest is damaged."""
    return replace(
        works_changed(edition.works, earlier.works, earlier.number), trees=trees_changed(files, earlier.manifest())
    )


def before(edition: NumberedEdition, ledger: Ledger) -> NumberedEdition | None:
    """Return what an edition is compared with unless somebody says otherwise: the last before it for the same profile.

    Of one that is the first for its profile it is the last whose works were others.
    """
    earlier = [one for one in ledger.editions if one.number < edition.number and one.language == edition.language]
    alike = [one for one in earlier if one.profile == edition.profile]
    others = [one for one in earlier if one.works != edition.works]
    return next(reversed(alike or others), None)


def last_without_news(works: Sequence[WorkRecord], language: str, ledger: Ledger) -> NumberedEdition | None:
    """Return the last edition that lacks some of these works or chapters: what is new is new since then."""
    asked = (one for one in reversed(ledger.editions) if one.language == language)
    return next((one for one in asked if works_changed(works, one.works, one.number).has_news), None)


def works_changed(works: Sequence[WorkRecord], earlier: Sequence[WorkRecord], since: int) -> Changes:
    """Return what became of the works of an `earlier` edition, whose number is `since`."""
    old = {(work.number, work.language): work for work in earlier}
    versions, old_versions = (Counter(work.number for work in some) for some in (works, earlier))
    alone = {number for number, count in versions.items() if count == old_versions[number] == 1}
    changes = [_change(work, _taken(work, old, is_alone=work.number in alone)) for work in works]
    gone = (WorkChange(ChangeKind.GONE, work, is_of_content=False) for work in old.values())
    return Changes(since, (*filter(None, changes), *gone))


def trees_changed(files: Manifest, earlier: Manifest) -> tuple[TreeChange, ...]:
    """Return what must be written to make the trees of an `earlier` manifest those of another one.

    As an update does it: a file that the earlier tree has under another name is moved, not written.
    """
    before = earlier.by_tree()
    return tuple(
        TreeChange(
            name,
            _contents(own).total(),
            (_contents(own) - _contents(before.get(name, ()))).total(),
            _lost(own, before.get(name, [])),
        )
        for name, own in files.by_tree().items()
    )


def _lost(files: Iterable[File], earlier: Iterable[File]) -> tuple[str, ...]:
    now, before = set(map(_form_and_work, files)), set(map(_form_and_work, earlier))
    works = {work for _, work in now}
    return tuple(sorted(f"{form}/{work}" for form, work in before - now if work in works - {"index"}))


def _form_and_work(file: File) -> tuple[str, str]:
    """Return the form in which a file of a tree has a work, and the work's name there without its language."""
    _, first, *inner = *file.path.parts, ""
    form = Edition(first) if first in list(Edition) else Edition.SITE
    return form, (inner[0] if form is not Edition.SITE else first).partition(".")[0].partition("-")[0]


def _contents(files: Iterable[File]) -> Counter[str]:
    """The bytes of all files with the same content, by its SHA-256."""
    contents = Counter[str]()
    for file in files:
        contents[file.sha256] += file.size_bytes
    return contents


def _taken(work: WorkRecord, old: dict[tuple[int, str], WorkRecord], *, is_alone: bool) -> WorkRecord | None:
    """Take out of `old` what the work was: the same version, else one whose language is called otherwise now.

    That is the case where its content is the same, or where the only version of a work lies where the only one lay.
    """
    if found := old.pop((work.number, work.language), None):
        return found
    for key, each in old.items():
        is_in_place = is_alone and not set(work.origins).isdisjoint(each.origins)
        if key[0] == work.number and (is_in_place or each.content == work.content):
            return old.pop(key)
    return None


def _change(work: WorkRecord, old: WorkRecord | None) -> WorkChange | None:
    if old is None:
        return WorkChange(ChangeKind.NEW, work)
    if (work.content, work.card) == (old.content, old.card):
        return None
    known = _known_chapters(work.chapters, old.chapters)
    new = tuple(index for index in range(len(work.chapters)) if index not in known)
    altered = tuple(index for index, was in sorted(known.items()) if work.chapters[index].pictures != was.pictures)
    digits = sum(
        len(work.chapters[index].pictures) - len(known[index].pictures)
        for index in altered
        if work.chapters[index].pictures.startswith(known[index].pictures)
    )
    kind = ChangeKind.CONTINUED if new or digits else ChangeKind.CHANGED
    return WorkChange(kind, work, new, digits // PICTURE_DIGITS, altered, is_of_content=work.content != old.content)


def _known_chapters(chapters: Sequence[ChapterRecord], old: Sequence[ChapterRecord]) -> dict[int, ChapterRecord]:
    """Return what chapters were, by their indexes: known again by their pictures, else by their titles."""
    left = list(old)
    known: dict[int, ChapterRecord] = {}
    for mark in ("pictures", "title"):
        for index, chapter in enumerate(chapters):
            same = next((each for each in left if getattr(each, mark) == getattr(chapter, mark)), None)
            if same and index not in known:
                left.remove(same)
                known[index] = same
    return known
