"""The works of a library as cards of the report's page: how each is shown, and what was decided and guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from packager.build.result import BuildResult
from packager.layout.views import Embedded
from packager.model import (
    Comic,
    Direction,
    Document,
    Flow,
    Outcome,
    Publication,
    Remark,
    Rendition,
    RenditionOrGap,
    Version,
    VersionKey,
)
from packager.plan.plan import Share
from packager.readers.language import language_name
from packager.report.notes import NoteGroup, SortedRemarks, groups
from packager.report.sheet import Embedding, Sheet, sheet_of
from packager.report.space import Bar, bar
from packager.report.texts import TextCard, TextCards
from packager.report.words import count, size

_READING = {
    (Flow.STRIP, Direction.LTR): ("↓", "one strip, read downwards"),
    (Flow.STRIP, Direction.RTL): ("↓", "one strip, read downwards"),
    (Flow.PAGES, Direction.LTR): ("→", "pages, from left to right"),
    (Flow.PAGES, Direction.RTL): ("←", "pages, from right to left"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What holds for a version, in few words; a guess may be wrong, and says why. `sign` may stand before it."""

    kind: str
    text: str
    guess: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """The picture that stands for a work in the library, and which it is."""

    picture: Embedded | None
    width: int
    height: int
    caption: str


@dataclass(frozen=True, slots=True)
class VersionCard:
    """A work in one language. `direction` is that of its pages; `href` leads to it in the tree, "" for nowhere."""

    title: str
    language: str
    facts: tuple[Fact, ...]
    cover: Cover
    direction: str
    sheet: Sheet
    texts: tuple[TextCard, ...]
    bars: tuple[Bar, ...]
    href: str


@dataclass(frozen=True, slots=True)
class WorkCard:
    """A publication: where it comes from, what it belongs to, its versions and all remarks on it.

    `alarms` are what is to be looked at, told in the list of works too; `guesses` is how much was guessed.
    """

    id: str
    title: str
    origin: str
    belongs: tuple[tuple[str, str], ...]
    versions: tuple[VersionCard, ...]
    notes: tuple[NoteGroup, ...]
    alarms: tuple[str, ...]
    guesses: int


class Cards:
    """Makes the cards of a build's or preview's works; their thumbnails go into `embedding`."""

    def __init__(self, result: BuildResult, remarks: SortedRemarks, embedding: Embedding) -> None:
        self._result = result
        self._remarks = remarks
        self._embedding = embedding
        self._texts = TextCards()
        self._trees = {publication.id: tree for tree in result.trees for publication in tree.build.library.publications}
        self._documents = {
            (tree.name, entry.path)
            for tree in result.trees
            for entry in tree.plan.entries
            if isinstance(entry.content, Document)
        }
        self._shares = {share.key: share for tree in result.trees for share in tree.plan.shares}
        taken = [share.size_bytes for share in self._shares.values()]
        self._most = max([*taken, *result.bytes_of_sources.values()], default=0)

    def all(self) -> Iterator[WorkCard]:
        """Yield a card for each publication that was read, in the order of the library."""
        for publication in self._result.library.publications:
            yield self._card(publication)

    def _card(self, publication: Publication) -> WorkCard:
        remarks = self._remarks.of(publication)
        versions = tuple(self._version(publication, version, remarks) for version in publication.versions)
        tree = self._trees.get(publication.id)
        series, section = (words.forms[0][1] if words else "" for words in (publication.series, publication.section))
        belongs = [("series", series), ("section", section), ("folder", publication.id)]
        if len(self._result.trees) > 1 and tree:
            belongs.append(("tree", tree.name))
        return WorkCard(
            publication.id,
            versions[0].title,
            publication.origin,
            tuple((label, text) for label, text in belongs if text),
            versions,
            groups(remarks, publication.origin),
            tuple(_alarms(remarks, versions, is_dropped=tree is None)),
            sum(remark.outcome is Outcome.DECIDED for remark in remarks),
        )

    def _version(self, publication: Publication, version: Version, remarks: Sequence[Remark]) -> VersionCard:
        key = publication.id, version.language
        thumbnails = self._result.thumbnails.get(key, ())
        share = self._shares.get(key)
        work, own = version.work, (publication.origin, version.origin)
        return VersionCard(
            version.title,
            version.language,
            tuple(_facts(version, [remark for remark in remarks if remark.source in own], share)),
            _cover(version, thumbnails, self._embedding),
            work.direction.value if isinstance(work, Comic) and work.flow is Flow.PAGES else "ltr",
            sheet_of(version, thumbnails, self._embedding),
            tuple(self._texts.of(version)),
            tuple(self._bars(key, share)),
            self._href(publication, key),
        )

    def _bars(self, key: VersionKey, share: Share | None) -> Iterator[Bar]:
        if now := self._result.bytes_of_sources.get(key):
            yield bar(f"pictures now {size(now)}", "now", now, self._most)
        if share:
            yield bar(f"in the bundle {size(share.size_bytes)}", "works", share.size_bytes, self._most)

    def _href(self, publication: Publication, key: VersionKey) -> str:
        tree = self._trees.get(publication.id)
        if tree is None or self._result.settings.request.is_preview:
            return ""
        paths = tree.build.paths[key]
        place = next((path for path in (paths.index, paths.phone) if (tree.name, path) in self._documents), None)
        return f"../{tree.name}/{place}" if place else ""


def _facts(version: Version, remarks: Sequence[Remark], share: Share | None) -> Iterator[Fact]:
    work = version.work
    yield Fact("kind", "comic" if isinstance(work, Comic) else "article")
    yield Fact("language", language_name(version.language), _guess("language", remarks))
    if isinstance(work, Comic):
        sign, words = _READING[work.flow, work.direction]
        yield Fact("reading", words, _guess("flow", remarks) or _guess("direction", remarks), sign)
        yield Fact("pages", count(len(work.pictures), "page"))
        if work.chapters:
            yield Fact("pages", count(len(work.chapters), "chapter"))
    else:
        yield Fact("pages", count(len(version.pictures), "picture"))
    if share and share.quality:
        yield Fact("quality", f"quality {share.quality}")


def _guess(key: str, remarks: Iterable[Remark]) -> str:
    """Return why it was guessed what the definition says with `key`, "" where it was told."""
    guesses = (one.message for one in remarks if one.outcome is Outcome.DECIDED)
    return next((message for message in guesses if message.endswith(f"(`{key}`)")), "")


def _cover(version: Version, thumbnails: Sequence[RenditionOrGap], embedding: Embedding) -> Cover:
    """Return the cover: one of its own, or the first picture, as the library shows it."""
    first = next((one for one in thumbnails if isinstance(one, Rendition)), None)
    if first is None:
        return Cover(None, 0, 0, "no picture")
    cover = version.work.cover
    is_own = first.first < 0 and cover is not None
    source = cover.source if is_own and cover else version.pictures[first.first].source
    name = source.label.rpartition("/")[2]
    caption = f"cover: {name}" if is_own else f"cover: its picture {first.first + 1}, {name}"
    return Cover(embedding.embed(first), first.width, first.height, caption)


def _alarms(remarks: Iterable[Remark], versions: Iterable[VersionCard], *, is_dropped: bool) -> Iterator[str]:
    """Yield what is wrong, or may be, in few words each."""
    outcomes = Counter(remark.outcome for remark in remarks)
    if is_dropped:
        yield "not in it: there was no space"
    if damaged := outcomes[Outcome.DAMAGED]:
        yield count(damaged, "damaged source")
    if warnings := outcomes[Outcome.WARNING]:
        yield count(warnings, "warning")
    for version in versions:
        every = [flag for part in version.sheet.parts for flag in part.flags]
        yield from (*version.sheet.flags, *every)
        if notes := sum(text.notes for text in version.texts):
            yield f"{count(notes, 'passage')} may be a private note"
    if shown := outcomes[Outcome.SHOWN]:
        yield f"{count(shown, 'address')}, names or numbers in its texts"
