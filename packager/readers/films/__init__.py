"""Files of film and sound, and what lies beside them -> the versions of a film, of an episode, or of sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from packager.config.definition import PublicationDefinition
from packager.errors import SourceError
from packager.film.probe import SourceFacts
from packager.model import (
    About,
    Film,
    Outcome,
    Paragraph,
    Picture,
    Recording,
    Remark,
    Remarks,
    Sound,
    Subtitles,
    Text,
    Version,
    warning,
)
from packager.readers.comics.texts import about_pages
from packager.readers.context import ReadContext, unrestricted_program
from packager.readers.discovery import shared_depth
from packager.readers.files import FileKind, SourceFile
from packager.readers.films.beside import Chapters, chapters_of, cover_in, poster_of, subtitles_of
from packager.readers.films.recordings import recording_of
from packager.readers.found import FoundWork
from packager.readers.language import guess_by_script, language_name, prefer, same_language
from packager.readers.outcomes import unused
from packager.readers.publications import ReadVersion, ReadWork, bind, cover_of, credit_of, decided
from packager.readers.recorded import RECORDED, base_of, is_album, split_name
from packager.sandbox.limits import LIMITS
from packager.text import endings
from packager.text.film_names import title_of_film
from packager.text.spelling import UNDETERMINED, joined_titles, language_tag
from packager.text.terminal import clean

_UNUSED = {
    FileKind.TEXT: "a text beside film or sound: call it about.<language>.md, or put it in articles/",
    FileKind.SUBTITLES: "only films have subtitles: put the words of an album into about.<language>.md",
    FileKind.NOTICE: "it is a note for whoever makes the bundle",
    FileKind.CREDIT: "bundle.toml gives another credit",
}
_TEXTS = (FileKind.SUBTITLES, FileKind.ABOUT, FileKind.TRANSCRIPT)
_FOR_COMICS = ("flow", "direction", "spreads", "crop", "parallel")

Told = tuple[SourceFile, SourceFacts]


def read(work: FoundWork, context: ReadContext) -> ReadWork:
    """Return the versions of a film, or of sound; SourceError where there is none that ffmpeg reads."""
    told = [(file, _facts(file, context)) for file in work.files if file.kind in RECORDED]
    if not told:
        raise SourceError("contains neither film nor sound", where=work.label)
    texts = sum(file.kind in _TEXTS for file in work.files) + sum(len(facts.subtitles) for _, facts in told)
    if texts > LIMITS.texts_beside:
        what = f"{texts:,} texts lie beside and in it; {LIMITS.texts_beside:,} are read at most"
        raise SourceError(what, where=work.label, hint="Put those of each film into a folder of its own.")
    remarks = [*_not_for_films(work), *unrestricted_program("ffmpeg", context.workers, work.label)]
    versions: tuple[ReadVersion, ...]
    if is_album(work):
        versions = (_album(told, work, context, _Beside.of(told, [work.path.name], work, context, remarks)),)
    else:
        names = [base_of(file, work.files).name for file, _ in told]
        beside = _Beside.of(told, names, work, context, remarks)
        versions = tuple(_alone(*one, work, context, beside) for one in told)
    reported = {remark.source for remark in (*remarks, *(one for version in versions for one in version.remarks))}
    remarks += (unused(file, _UNUSED) for file in work.files if file.source.label not in reported)
    return bind(work, versions, context, remarks)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What lies beside the files of a work, and belongs to all of its versions."""

    cover: Picture | None
    about: tuple[About, ...]
    subtitles: tuple[Subtitles, ...]
    chapters: Chapters

    @classmethod
    def of(
        cls, told: Sequence[Told], names: Sequence[str], work: FoundWork, context: ReadContext, remarks: list[Remark]
    ) -> _Beside:
        """What lies beside files of these names; what became of it is added to `remarks`."""
        others = [_as_about(file) for file in work.files if file.kind not in RECORDED]
        is_film = not is_album(work) and any(facts.video for _, facts in told)
        cover, on_cover = cover_of(work, context)
        remarks += on_cover
        words = () if is_album(work) else subtitles_of(told, others, context, remarks)
        about = about_pages(others, context, work.defined.language, remarks)
        return cls(
            cover or poster_of(others, names, context, remarks) or cover_in(told, context),
            about if is_film else (*about, *map(_to_read, words)),
            words if is_film else (),
            chapters_of(others, context, remarks) if is_film else (),
        )


def _as_about(file: SourceFile) -> SourceFile:
    return replace(file, kind=FileKind.ABOUT) if file.kind is FileKind.TRANSCRIPT else file


def _to_read(words: Subtitles) -> About:
    """Return the words of sound as a page, since nothing shows them while it is heard."""
    return About(words.language, tuple(Paragraph((Text(" ".join(cue.lines)),)) for cue in words.cues))


def _facts(file: SourceFile, context: ReadContext) -> SourceFacts:
    facts = context.recordings[file.source]
    if isinstance(facts, SourceError):
        raise facts
    return facts


def _not_for_films(work: FoundWork) -> Iterator[Remark]:
    """What the definition says of it that only comics or texts have."""
    unsaid = PublicationDefinition(work.defined.source)
    for key in _FOR_COMICS:
        if getattr(work.defined, key) != getattr(unsaid, key):
            yield warning(work.label, f"`{key}` in bundle.toml does nothing for film and sound")


def _alone(file: SourceFile, facts: SourceFacts, work: FoundWork, context: ReadContext, beside: _Beside) -> ReadVersion:
    """Return a version of a film, or of one piece of sound."""
    label = file.source.label
    tag, on_language = _language(file, facts, work, context)
    heard, on_sound = _heard(label, facts, work.defined.sound or tag)
    recording = recording_of(file, facts, heard=heard)
    made: Film | Sound = Sound((recording,), beside.cover, beside.about)
    if facts.video:
        own = tuple((title, start) for told, start in facts.chapters if (title := " ".join(clean(told).split())))
        made = Film(recording, beside.cover, beside.subtitles, beside.chapters or own, beside.about)
    what = f"{'a film' if facts.video else 'a piece of sound'} in {language_name(tag)}, {_length(recording)}"
    version, on_credit = _version(work, made, tag, work.name or title_of_film(base_of(file, work.files).name), context)
    remarks = (Remark(label, Outcome.TAKEN, what), *_unread(label, facts), *on_language, *on_sound, *on_credit)
    return ReadVersion(version, label, remarks)


def _album(told: Sequence[Told], work: FoundWork, context: ReadContext, beside: _Beside) -> ReadVersion:
    """Return an album or a programme: all its files as tracks, in their order; SourceError where none has sound."""
    silent = [warning(file.source.label, "holds no sound: not taken") for file, facts in told if not facts.audio]
    told = [(file, facts) for file, facts in told if facts.audio]
    if not told:
        raise SourceError("holds no sound", where=work.label, hint="Films belong in films/.")
    folders = [file.path.parent.relative_to(work.path).parts for file, _ in told]
    shared = shared_depth(folders)
    tracks = tuple(
        recording_of(file, facts, title=joined_titles([*parts[shared:], _stem(file)]))
        for (file, facts), parts in zip(told, folders, strict=True)
    )
    tag, on_language = _language_of_names(work, [track.title for track in tracks], context)
    version, on_credit = _version(work, Sound(tracks, beside.cover, beside.about), tag, work.name, context)
    remarks = [*on_language, *on_credit, *silent]
    for number, (track, (file, facts)) in enumerate(zip(tracks, told, strict=True), 1):
        remarks.append(Remark(file.source.label, Outcome.TAKEN, f"track {number}, {_length(track)}"))
        remarks += _unread(file.source.label, facts)
        if facts.video:
            remarks.append(warning(file.source.label, "only its sound is taken: films belong in films/"))
    return ReadVersion(version, work.label, tuple(remarks))


def _unread(label: str, facts: SourceFacts) -> Iterator[Remark]:
    if facts.unread:
        streams = "a stream" if facts.unread == 1 else f"{facts.unread} streams"
        yield warning(
            label, f"{streams} of pictures or sound in it cannot be read by ffmpeg, and nothing of it is shown"
        )


def _version(
    work: FoundWork, made: Film | Sound, tag: str, title: str, context: ReadContext
) -> tuple[Version, Remarks]:
    credit, on_credit = credit_of(work, tag, context)
    defined = work.defined
    version = Version(
        tag,
        title=defined.title.in_language(tag) or title,
        work=made,
        authors=defined.authors,
        summary=defined.summary.in_language(tag),
        credit=credit,
    )
    return version, on_credit


def _stem(file: SourceFile) -> str:
    return endings.stem(file.path.name)


def _length(recording: Recording) -> str:
    minutes, seconds = divmod(round(recording.seconds), 60)
    return f"{minutes}:{seconds:02} min"


def _language(file: SourceFile, facts: SourceFacts, work: FoundWork, context: ReadContext) -> tuple[str, Remarks]:
    """The language that the definition or the name says, else that of the sound that is heard, else a guess."""
    by_name = split_name(file, work.files)[1]
    is_alone = sum(one.kind in RECORDED for one in work.files) == 1
    if told := (work.defined.sound or work.defined.language if is_alone else ""):
        return told, ()
    if by_name:
        message = f"taken to be in {language_name(by_name)}, as the end of its name says"
        return by_name, (decided(file.source.label, message, "language"),) if is_alone else ()
    spoken = [tag for audio in facts.audio if (tag := language_tag(audio.language))]
    if language := prefer(spoken, context.preferred_languages) or next(iter(spoken), ""):
        message = f"taken to be in {language_name(language)}, as its sound says"
        return language, (decided(file.source.label, message, "language"),)
    return _language_of_names(work, [base_of(file, work.files).name], context)


def _language_of_names(work: FoundWork, names: Sequence[str], context: ReadContext) -> tuple[str, Remarks]:
    if work.defined.language:
        return work.defined.language, ()
    by_name = guess_by_script(" ".join((work.name, *names)))
    by_bundle = next(iter(context.definition.languages), "")
    for language, reason in ((by_name, "its name"), (by_bundle, "the bundle's first language")):
        if language:
            message = f"assumed to be in {language_name(language)}, from {reason}"
            return language, (decided(work.label, message, "language"),)
    return UNDETERMINED, (decided(work.label, "its language is not known", "language"),)


def _heard(label: str, facts: SourceFacts, language: str) -> tuple[int, Remarks]:
    """Return the index of the sound that is played: the first in the language, else the first."""
    tags = [language_tag(audio.language) for audio in facts.audio]
    heard = next((index for index, tag in enumerate(tags) if tag and same_language(tag, language)), 0)
    if len(tags) < 2:
        return heard, ()
    names = ", ".join(language_name(tag) if tag else "an unknown language" for tag in tags)
    message = f"of its {len(tags)} tracks of sound ({names}) number {heard + 1} is played"
    return heard, (decided(label, message, "sound"),)
