"""Versions bound into one publication, each in a language of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from packager.errors import SourceError
from packager.model import Comic, Outcome, Remark, Version, Wording
from packager.readers.discovery import Work
from packager.readers.language import same_language
from packager.readers.language_names import named
from packager.readers.shelf import Shelf


@dataclass(frozen=True, slots=True)
class VersionRead:
    """A version, the file or folder it comes from, and what there is to say of its sources.

    `section` and `series` are what its source says, in the version's language.
    """

    version: Version
    origin: str
    remarks: tuple[Remark, ...]
    section: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A publication that has been read but has no id yet."""

    work: Work
    versions: tuple[VersionRead, ...]
    remarks: tuple[Remark, ...] = ()
    section: Wording = Wording()
    series: Wording = Wording()


def bind(work: Work, versions: Iterable[VersionRead], shelf: Shelf, remarks: Iterable[Remark] = ()) -> Reading:
    """The versions in the order of the preferred languages; raises SourceError for two in one language."""
    ordered = sorted(versions, key=lambda read: shelf.rank(read.version.language))
    _refuse_equals(ordered, work)
    reading = Reading(
        work,
        tuple(ordered),
        tuple(remarks),
        section=work.defined.section or _wording((read.version.language, read.section) for read in ordered),
        series=work.defined.series or _wording((read.version.language, read.series) for read in ordered),
    )
    return replace(reading, remarks=(*reading.remarks, *_alone(reading)))


def _alone(reading: Reading) -> Iterator[Remark]:
    """The languages that should stand beside another and are not there."""
    for language in reading.work.defined.parallel:
        if language not in languages_of(reading):
            message = f"`parallel` names {named(language)}, in which there is no text of it"
            yield Remark(reading.work.label, Outcome.WARNING, message)


def languages_of(reading: Reading) -> frozenset[str]:
    """The languages of the versions, and of the transcripts and the pages about the artist of comics."""
    versions = [read.version for read in reading.versions]
    comics = [version.work for version in versions if isinstance(version.work, Comic)]
    transcripts = {transcript.language for comic in comics for transcript in comic.transcripts}
    about = {page.language for comic in comics for page in comic.about}
    return frozenset({version.language for version in versions} | transcripts | about)


def only_language(reading: Reading, language: str) -> Reading:
    """The reading with its versions in `language` alone where it has one; the others' files are left out."""
    exact = [read for read in reading.versions if read.version.language == language]
    wanted = exact or [read for read in reading.versions if same_language(read.version.language, language)]
    if not language or len(wanted) == len(reading.versions):
        return reading
    if not wanted:
        tags = ", ".join(named(read.version.language) for read in reading.versions)
        stays = Remark(reading.work.label, Outcome.DECIDED, f"stays in {tags}: it has no version in {named(language)}")
        return replace(reading, remarks=(*reading.remarks, stays))
    dropped = (read for read in reading.versions if read not in wanted)
    left_out = (remark for read in dropped for remark in _left_out(read, language))
    return replace(reading, versions=tuple(wanted), remarks=(*reading.remarks, *left_out))


def decided(label: str, message: str, key: str) -> Remark:
    """A guess of ours, and the key of the definition that overrules it."""
    return Remark(label, Outcome.DECIDED, f"{message} (`{key}`)")


def _refuse_equals(versions: Sequence[VersionRead], work: Work) -> None:
    first: dict[str, VersionRead] = {}
    for read in versions:
        other = first.setdefault(read.version.language, read)
        if other is not read:
            raise SourceError(
                f"{other.origin} and {read.origin} are both in {named(read.version.language)}",
                where=work.label,
                hint="Let each name end in its language, as in `name.ko.md`, or give them different names.",
            )


def _wording(forms: Iterable[tuple[str, str]]) -> Wording:
    return Wording(tuple((language, text) for language, text in forms if text))


def _left_out(read: VersionRead, language: str) -> Iterator[Remark]:
    for remark in read.remarks:
        if remark.outcome is Outcome.TAKEN:
            yield replace(remark, outcome=Outcome.LEFT_OUT, message=f"only {named(language)} is wanted")
