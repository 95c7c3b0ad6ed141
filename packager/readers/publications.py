"""Works that have been read: their versions bound together, what is said beside them, their order in the library."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import PurePosixPath

from packager.errors import SourceError
from packager.model import (
    About,
    Article,
    Comic,
    Film,
    Missing,
    Outcome,
    Picture,
    Publication,
    Remark,
    Remarks,
    Subtitles,
    Transcript,
    Version,
    Wording,
    Work,
)
from packager.model.blocks import words_of
from packager.readers.context import ReadContext, language_rank
from packager.readers.encodings import text_of
from packager.readers.files import FileKind
from packager.readers.found import FoundWork, WorkKind
from packager.readers.language import language_name, same_language
from packager.sandbox.limits import LIMITS, Limits
from packager.text.mentions import Mention, MentionKind, mentions
from packager.text.private_notes import private_notes
from packager.text.spelling import first_of, shortened

_LIST_OR_HEADING_MARK = re.compile(r"^\s*(#{1,6}|[-*+])\s+")
_AS_CREDIT = "its text is shown as the credit; set `credit` in bundle.toml to show another, or an empty one for none"
_TITLES_NAMED = 5
_LONGEST_NOTE = 100  # letters
_MOST_MENTIONS = 1_000
"""Of one text that are reported one by one: nobody reads a longer list."""


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """A version, the file or folder it comes from, and the remarks on its sources.

    `section` and `series` are what its source says, in the version's language; `number` is its place in the series.
    """

    version: Version
    origin: str
    remarks: Remarks
    section: str = ""
    series: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class ReadWork:
    """A publication that has been read but has no id yet."""

    work: FoundWork
    versions: tuple[ReadVersion, ...]
    remarks: Remarks
    section: Wording
    series: Wording

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the versions, and of transcripts, subtitles and pages about the artist."""
        works = [read.version.work for read in self.versions]
        texts = chain.from_iterable((*_spoken_words(work), *_about(work)) for work in works)
        return frozenset({read.version.language for read in self.versions} | {text.language for text in texts})

    @property
    def all_remarks(self) -> Remarks:
        """The remarks on the versions, then those on the whole."""
        return (*(remark for read in self.versions for remark in read.remarks), *self.remarks)


def bind(
    work: FoundWork, versions: Iterable[ReadVersion], context: ReadContext, remarks: Iterable[Remark] = ()
) -> ReadWork:
    """Return the versions in the order of the preferred languages; raises SourceError for two in one language."""
    preferred = context.preferred_languages
    ordered = sorted(versions, key=lambda read: language_rank(read.version.language, preferred))
    first: dict[str, ReadVersion] = {}
    for read in ordered:
        other = first.setdefault(read.version.language, read)
        if other is not read:
            raise SourceError(
                f"{other.origin} and {read.origin} are both in {language_name(read.version.language)}",
                where=work.label,
                hint=f"Let each name end in its language, as in `name.ko{_ending(read.origin)}`, or rename one."
                + " Of one film in two formats remove one." * (work.kind is WorkKind.FILM),
            )
    section = work.defined.section or _wording((one.version.language, one.section) for one in ordered)
    series = work.defined.series or _wording((one.version.language, one.series) for one in ordered)
    named = chain.from_iterable(map(_mentions_in_titles, ordered))
    bound = ReadWork(work, tuple(ordered), (*remarks, *named), section, series)
    missing = (language for language in work.defined.parallel if language not in bound.languages)
    messages = (
        f"`parallel` names {language_name(language)}, but there is no version in that language" for language in missing
    )
    warnings = (Remark(work.label, Outcome.WARNING, message) for message in messages)
    return replace(bound, remarks=(*bound.remarks, *warnings))


def _ending(origin: str) -> str:
    return PurePosixPath(origin).suffix or ".md"


def cover_of(work: FoundWork, context: ReadContext) -> tuple[Picture | None, Remarks]:
    """Return the cover that the definition names, with its remark, else the one that a book calls so.

    Raises SourceError where the definition names what is no picture.
    """
    if work.defined.cover is None:
        source = work.contents.cover
        cover = (context.pictures.get(source) or context.header(source)) if source else None
        return cover if isinstance(cover, Picture) else None, ()
    file = next((file for file in context.files if file.source.path == work.defined.cover), None)
    picture = context.pictures.get(file.source) if file else None
    if not isinstance(picture, Picture):
        raise SourceError("cannot be read as a picture, so it cannot be the cover", where=work.defined.cover)
    return picture, (Remark(picture.source.label, Outcome.TAKEN, f"the cover of {work.label}"),)


def mentions_in(text: str, label: str) -> Remarks:
    """Return a remark for each address, @name, number, call for donations and private note, to be looked at."""
    return remarks_on(chain(mentions(text), private_notes(text)), label)


def _mentions_in_titles(read: ReadVersion) -> Iterator[Remark]:
    """Yield a remark on what titles mention, as those do that come from names of files, and no text of it tells."""
    titles = dict.fromkeys((read.version.title, *(one.title for one in read.version.recordings)))
    told = {remark.message for remark in read.remarks}
    found = (replace(one, line=None) for title in titles for one in mentions(title))
    yield from (remark for remark in remarks_on(found, read.origin) if remark.message not in told)


def remarks_on(found: Iterable[Mention], label: str) -> Remarks:
    """Return a remark for each mention in a text, which `label` names; of very many the others are counted."""
    remarks: list[Remark] = []
    others: Counter[MentionKind] = Counter()
    for mention in found:
        if len(remarks) < _MOST_MENTIONS:
            remarks.append(_on_mention(mention, label))
        else:
            others[mention.kind] += 1
    more = (Remark(label, Outcome.SHOWN, f"{kind}: and {count:,} more") for kind, count in others.items())
    return (*remarks, *more)


def _on_mention(mention: Mention, label: str) -> Remark:
    if mention.kind is MentionKind.PRIVATE:
        return Remark(
            label, Outcome.PRIVATE, f"may be a private note: “{shortened(mention.text, _LONGEST_NOTE)}”", mention.line
        )
    return Remark(label, Outcome.SHOWN, f"{mention.kind}: {mention.text}", mention.line)


def credit_of(work: FoundWork, language: str, context: ReadContext, *, from_text: str = "") -> tuple[str, Remarks]:
    """Return the credit of a work, with remarks on the file that it comes from.

    It is the definition's, else the one that stands in its text, else the words of the nearest credit file.
    """
    if work.defined.credit or from_text:
        return work.defined.credit.in_language(language) if work.defined.credit else from_text, ()
    own = (file for file in work.files if file.kind is FileKind.CREDIT)
    file = next(own, None) or context.credit_file(work.path)
    if file is None:
        return "", ()
    label = file.source.label
    if file.size_bytes > LIMITS.credit_bytes:
        message = f"not shown as the credit: it has {file.size_bytes:,} bytes, and the limit is {LIMITS.credit_bytes:,}"
        return "", (Remark(label, Outcome.WARNING, message),)
    text = context.ask(file.source, text_of, file.source)
    return paragraphs(text), (Remark(label, Outcome.TAKEN, _AS_CREDIT), *mentions_in(text, label))


def shared_credits(works: Iterable[ReadWork]) -> Iterator[Remark]:
    """Yield a remark on each credit file whose words stand under several works: they may be about one of them.

    What lies at the top of the bundle is meant for all.
    """
    titles: dict[str, list[str]] = {}
    for work in works:
        for label in dict.fromkeys(one.source for one in work.all_remarks if one.message == _AS_CREDIT):
            titles.setdefault(label, []).append(work.versions[0].version.title)
    for label, under in titles.items():
        if len(under) > 1 and "/" in label:
            named = first_of(under, _TITLES_NAMED, parted_by="; ")
            message = f"is shown as the credit of {len(under)} works ({named}): is it about each of them?"
            yield decided(label, message, "credit")


def paragraphs(text: str) -> str:
    """Return the words of a credit file, one line a paragraph or list item, without Markdown's marks before them."""
    lines = (_LIST_OR_HEADING_MARK.sub("\n\n", line, count=1) for line in text.splitlines())
    blocks = re.split(r"\n\s*\n", "\n".join(lines))
    return "\n".join(filter(None, (" ".join(block.split()) for block in blocks)))


def decided(label: str, message: str, key: str) -> Remark:
    """Return a remark on a guess of ours, with the `key` of the definition that overrules it."""
    return Remark(label, Outcome.DECIDED, f"{message} (`{key}`)")


def only_language(read: ReadWork, language: str) -> ReadWork:
    """Return the work with its versions in `language` alone where it has one; the others' files are left out."""
    exact = [one for one in read.versions if one.version.language == language]
    wanted = exact or [one for one in read.versions if same_language(one.version.language, language)]
    if not language or len(wanted) == len(read.versions):
        return read
    films = (one.version.work for one in read.versions if isinstance(one.version.work, Film))
    if not wanted and any(same_language(words.language, language) for film in films for words in film.subtitles):
        return read
    if not wanted:
        languages = ", ".join(language_name(one.version.language) for one in read.versions)
        message = f"is included in {languages}: it has no version in {language_name(language)}"
        return replace(read, remarks=(*read.remarks, Remark(read.work.label, Outcome.DECIDED, message)))
    message = f"only {language_name(language)} was asked for"
    left_out = (
        replace(remark, outcome=Outcome.LEFT_OUT, message=message)
        for one in read.versions
        if one not in wanted
        for remark in one.remarks
        if remark.outcome is Outcome.TAKEN
    )
    return replace(read, versions=tuple(wanted), remarks=(*read.remarks, *left_out))


def ordered(publications: Sequence[Publication]) -> tuple[Publication, ...]:
    """Return the publications by section, then by series, each standing where its first work stands."""
    sections: dict[Hashable, int] = {}
    series: dict[Hashable, int] = {}
    for number, publication in enumerate(publications):
        sections.setdefault(_section_key(publication), number)
        series.setdefault(_series_key(publication), number)
    return tuple(sorted(publications, key=lambda one: (sections[_section_key(one)], series[_series_key(one)])))


def _section_key(publication: Publication) -> Hashable:
    """Return what is equal for two publications under one heading: the section's name, else the kind of work."""
    return publication.section or type(publication.versions[0].work).__name__


def _series_key(publication: Publication) -> Hashable:
    return _section_key(publication), publication.series or publication.id


def _wording(forms: Iterable[tuple[str, str]]) -> Wording:
    return Wording(tuple((language, text) for language, text in forms if text))


def refuse_gaps(read: ReadWork) -> None:
    """Raise SourceError for a comic of which no picture can be read: there would be nothing but gaps in it."""
    comics = [one.version.work for one in read.versions if isinstance(one.version.work, Comic)]
    pictures = [picture for comic in comics for picture in comic.pictures]
    missing = [picture for picture in pictures if isinstance(picture, Missing)]
    if missing and len(missing) == len(pictures):
        first = missing[0]
        what = f"none of its pictures can be read; the first is {first.source.label}: {first.reason}"
        raise SourceError(what, where=read.work.label, hint="Replace them, or leave it out.")


def refuse_excess(read: ReadWork, limits: Limits = LIMITS) -> None:
    """Raise SourceError for far more than an honest work of its bytes has: pixels, broken pictures, letters beside."""
    for one in read.versions:
        _refuse_long_texts(one, read.work, limits)
    shown = (picture for one in read.versions for picture in one.version.all_pictures)
    pictures = {one.source: one for one in shown if isinstance(one, Missing) or not one.page}
    broken = [picture.source.label for picture in pictures.values() if isinstance(picture, Missing)]
    if len(broken) > limits.broken_pictures:
        what = f"{len(broken):,} of its {len(pictures):,} pictures cannot be read, the first is {broken[0]}"
        raise SourceError(what, where=read.work.label, hint="Replace them, or leave them out.")
    stored = {(source.path, source.member): one for source, one in pictures.items() if isinstance(one, Picture)}
    sizes = ((one.width, one.height) for one in stored.values())
    more = chain.from_iterable(one.more_pages for one in stored.values())
    pixels = sum(width * height for width, height in chain(sizes, more))
    if pixels <= limits.pixels_free:
        return
    # Pictures may shrink much in an archive, so that the smaller of the two counts.
    size_bytes = sum(path.stat().st_size for path in {path for path, _ in stored})
    if read.work.archive and not read.work.contents.is_pdf:
        size_bytes = min(size_bytes, read.work.stored_bytes)
    if pixels > limits.most_pixels(size_bytes):
        what = f"{len(stored):,} pictures of {pixels // 1_000_000:,} megapixels in {size_bytes:,} bytes"
        what = f"holds {what}: that is too much work for this computer"
        raise SourceError(what, where=read.work.label, hint="Make them smaller, or save them as JPEG.")


def _spoken_words(work: Work) -> tuple[Transcript | Subtitles, ...]:
    """Return the words that are said in a work, by language."""
    if isinstance(work, Comic):
        return work.transcripts
    return work.subtitles if isinstance(work, Film) else ()


def _about(work: Work) -> tuple[About, ...]:
    return () if isinstance(work, Article) else work.about


def _lines(words: Transcript | Subtitles) -> Iterator[str]:
    if isinstance(words, Transcript):
        return (line for _, lines in words.sections for line in lines)
    return (line for cue in words.cues for line in cue.lines)


def _refuse_long_texts(read: ReadVersion, work: FoundWork, limits: Limits) -> None:
    version = read.version
    words = (version.title, *version.authors, version.summary, read.section, read.series)
    if (letters := sum(map(len, words))) > limits.title_letters:
        what = f"its title, authors and summary have {letters:,} letters; {limits.title_letters:,} are shown at most"
        raise SourceError(what, where=work.label, hint="Shorten them.")
    lines = (line for words in _spoken_words(version.work) for line in _lines(words))
    letters = sum(map(len, lines)) + sum(len(words_of(about.blocks)) for about in _about(version.work))
    most = limits.subtitle_letters if isinstance(version.work, Film) else limits.letters_beside
    if letters > most:
        what = f"{letters:,} letters of text stand beside its pictures; {most:,} are shown at most"
        raise SourceError(what, where=work.label, hint="Make articles of them.")
