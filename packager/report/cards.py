"""The works of a library as cards of the report's page: how each is shown, and what was decided and guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from packager.build.result import BuildResult
from packager.layout.views import Embedded
from packager.layout.works import clock, running_time
from packager.model import (
    Comic,
    Direction,
    Document,
    Film,
    Flow,
    Library,
    Outcome,
    Publication,
    Remark,
    Rendition,
    RenditionOrGap,
    Version,
    VersionKey,
    Work,
)
from packager.plan.plan import Share
from packager.readers.language import language_name
from packager.report.notes import NoteGroup, SortedRemarks, groups
from packager.report.sheet import Embedding, Sheet, content_of, sheet_of
from packager.report.space import Bar, bar
from packager.report.texts import TextCard, TextCards
from packager.report.words import count
from packager.text import endings
from packager.text.spelling import UNDETERMINED, size

_READING = {
    (Flow.STRIP, Direction.LTR): ("↓", "one strip, read downwards"),
    (Flow.STRIP, Direction.RTL): ("↓", "one strip, read downwards"),
    (Flow.SCROLL, Direction.LTR): ("→", "one painting, from left to right"),
    (Flow.SCROLL, Direction.RTL): ("←", "one painting, from right to left"),
    (Flow.PAGES, Direction.LTR): ("→", "pages, from left to right"),
    (Flow.PAGES, Direction.RTL): ("←", "pages, from right to left"),
}
_COUNTED = {
    Outcome.DAMAGED: "{} damaged",
    Outcome.WARNING: "{} to look at",
    Outcome.SHOWN: "{} in its texts",
    Outcome.DECIDED: "{} guessed",
    Outcome.LEFT_OUT: "{} left out",
    Outcome.PASSED_OVER: "{} not used",
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

    `first` are the remarks to look at first and the guesses, `notes` the others; `alarms` are what looks wrong.
    `counts` tell in the list of works how many remarks there are, as (outcome, words), but for private notes.
    """

    id: str
    title: str
    origins: tuple[str, ...]
    belongs: tuple[tuple[str, str], ...]
    versions: tuple[VersionCard, ...]
    first: tuple[NoteGroup, ...]
    notes: tuple[NoteGroup, ...]
    alarms: tuple[str, ...]
    counts: tuple[tuple[str, str], ...]


class Cards:
    """Makes the cards of a build's or preview's works; their thumbnails go into `embedding`."""

    def __init__(self, result: BuildResult, remarks: SortedRemarks, embedding: Embedding) -> None:
        self._result = result
        self._remarks = remarks
        self._embedding = embedding
        self._texts = TextCards()
        self._trees = {publication.id: tree for tree in result.trees for publication in tree.build.library.publications}
        self._documents = {
            (tree.name, file.name) for tree in result.trees for file in tree.plan.files if file.content is Document
        }
        self._shares = {share.key: share for tree in result.trees for share in tree.plan.shares}
        taken = [share.size_bytes for share in self._shares.values()]
        self._shared = _shared_pictures(result.library)
        self._most = max([*taken, *result.bytes_of_sources.values()], default=0)

    def all(self) -> Iterator[WorkCard]:
        """Yield a card for each publication that was read, in the order of the library."""
        for publication in self._result.library.publications:
            yield self._card(publication)

    def _card(self, publication: Publication) -> WorkCard:
        remarks = self._remarks.of(publication)
        versions = tuple(self._version(publication, version, remarks) for version in publication.versions)
        tree = self._trees.get(publication.id)
        told = {fact.guess for version in versions for fact in version.facts}
        notes = groups((remark for remark in remarks if remark.message not in told), publication.origins)
        series, section = (words.forms[0][1] if words else "" for words in (publication.series, publication.section))
        belongs = [("series", series), ("section", section), ("folder", publication.id)]
        if len(self._result.trees) > 1 and tree:
            belongs.append(("tree", tree.name))
        return WorkCard(
            publication.id,
            versions[0].title,
            publication.origins,
            tuple((label, text) for label, text in belongs if text),
            versions,
            tuple(group for group in notes if group.is_first or group.outcome is Outcome.DECIDED),
            tuple(group for group in notes if not (group.is_first or group.outcome is Outcome.DECIDED)),
            tuple(_alarms(versions, self._shared.get(publication.id, ""), is_dropped=tree is None)),
            tuple((one.outcome, _COUNTED[one.outcome].format(one.count)) for one in notes if one.outcome in _COUNTED),
        )

    def _version(self, publication: Publication, version: Version, remarks: Sequence[Remark]) -> VersionCard:
        key = publication.id, version.language
        thumbnails = self._result.thumbnails.get(key, ())
        share = self._shares.get(key)
        work, origins = version.work, publication.origins
        mentioned = {one.message.partition(": ")[2] for one in remarks if one.outcome is Outcome.SHOWN} - {""}
        return VersionCard(
            version.title,
            version.language,
            tuple(_facts(version, origins, [remark for remark in remarks if remark.source in origins], share)),
            _cover(version, thumbnails, self._embedding),
            work.direction.value if isinstance(work, Comic) and work.flow is Flow.PAGES else "ltr",
            sheet_of(version, thumbnails, self._embedding),
            tuple(self._texts.of(version, mentioned)),
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
        place = next(
            (path for path in (paths.document(1, key[1]), paths.phone) if (tree.name, str(path)) in self._documents),
            None,
        )
        return f"../{tree.name}/{place}" if place else ""


def _facts(version: Version, origins: Sequence[str], remarks: Sequence[Remark], share: Share | None) -> Iterator[Fact]:
    work, language = version.work, language_name(version.language)
    on_language = [one for one in remarks if language in one.message or version.language == UNDETERMINED]
    yield Fact("kind", type(work).__name__.lower())
    yield Fact("language", language, _guess("language", on_language))
    if isinstance(work, Comic):
        sign, words = _READING[work.flow, work.direction]
        turns, flow = _guess("direction", remarks), _guess("flow", remarks)
        is_usual = work.flow is Flow.PAGES and work.direction is Direction.LTR and not turns
        guess = turns or (flow if is_usual or work.flow is Flow.STRIP else "")  # a side that was told is no guess
        yield Fact("usual" if is_usual else "reading", words, guess, sign)
        yield Fact("pages", count(len(work.pictures), "page"))
        if work.chapters:
            yield Fact("pages", count(len(work.chapters), "chapter"))
    elif version.recordings:
        yield from _recorded(work, version)
    elif version.pictures:
        yield Fact("pages", count(len(version.pictures), "picture"))
    if _is_called_after(version.title, origins):
        yield Fact("usual", "called after its file or folder")
    if share and share.quality and not version.recordings:
        yield Fact("quality", f"quality {share.quality}")


def _recorded(work: Work, version: Version) -> Iterator[Fact]:
    """How long a film or sound is, and what stands beside it."""
    yield Fact("pages", clock(running_time(version)))
    if isinstance(work, Film):
        yield Fact("pages", f"{version.recordings[0].width} x {version.recordings[0].height}")
        if work.chapters:
            yield Fact("pages", count(len(work.chapters), "chapter"))
        for one in work.subtitles:
            yield Fact("pages", f"subtitles in {language_name(one.language)}: {count(len(one.cues), 'cue')}")
    elif len(version.recordings) > 1:
        yield Fact("pages", count(len(version.recordings), "track"))


def _is_called_after(title: str, origins: Iterable[str]) -> bool:
    """Whether a title says no more than the name of a file or folder does."""
    names = [endings.stem(part) for origin in origins for part in PurePosixPath(origin).parts]
    return _letters(title) in {_letters(each) for name in names for each in (name, name.partition(".")[0])}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


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
    if first.first < 0 and cover is None:
        return Cover(embedding.embed(first), first.width, first.height, "cover: a picture of the film")
    source = cover.source if is_own and cover else version.pictures[first.first].source
    name = source.label.rpartition("/")[2]
    what = "page" if isinstance(version.work, Comic) else "picture"
    caption = f"cover: {name}" if is_own else f"cover: {what} {first.first + 1}, {name}"
    return Cover(embedding.embed(first), first.width, first.height, caption)


def _shared_pictures(library: Library) -> dict[str, str]:
    """Return by their ids, for works half of whose pictures are another's before them, that in words."""
    firsts: dict[Hashable, Publication] = {}
    shared = {}
    for publication in library.publications:
        contents = {content_of(one) for version in publication.versions for one in version.pictures} - {None}
        others = Counter(firsts.setdefault(one, publication).id for one in contents)
        del others[publication.id]
        for other, number in others.most_common(1):
            if number >= max(2, len(contents) / 2):
                title = next(one.versions[0].title for one in firsts.values() if one.id == other)
                shared[publication.id] = f"{number} of its {len(contents)} pictures are in “{title}” too"
    return shared


def _alarms(versions: Iterable[VersionCard], shared: str, *, is_dropped: bool) -> Iterator[str]:
    """Yield what is wrong, or may be, in few words each."""
    if shared:
        yield shared
    if is_dropped:
        yield "not in it: there was no space"
    for version in versions:
        yield from version.sheet.flags
        for part in version.sheet.parts:
            yield from part.flags
        yield from filter(None, (text.doubt for text in version.texts))
        if notes := sum(text.notes for text in version.texts):
            yield f"{count(notes, 'passage')} may be a private note"
