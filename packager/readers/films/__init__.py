"""Files of film and sound -> the versions of one film, of one episode, or of one piece of sound."""

from __future__ import annotations

from packager.errors import SourceError
from packager.model import Film, Outcome, Remark, Remarks, Sound, Version
from packager.readers.context import ReadContext
from packager.readers.files import FileKind, SourceFile
from packager.readers.films.finding import RECORDED
from packager.readers.films.recordings import Probed, probed
from packager.readers.found import FoundWork
from packager.readers.language import guess_by_script, language_name, split_language
from packager.readers.publications import ReadVersion, ReadWork, bind, cover_of, credit_of, decided
from packager.text import endings
from packager.text.spelling import UNDETERMINED, language_tag, title_of_name


def read(work: FoundWork, context: ReadContext) -> ReadWork:
    """Return the versions of a film, or of a piece of sound; SourceError for what ffmpeg cannot read."""
    films = [file for file in work.files if file.kind in RECORDED]
    if not films:
        raise SourceError("contains neither film nor sound", where=work.label)
    return bind(work, [_version(file, work, context) for file in films], context)


def _version(file: SourceFile, work: FoundWork, context: ReadContext) -> ReadVersion:
    found = probed(file, context)
    tag, why_language = _language(file, found, work, context)
    cover, on_cover = cover_of(work, context)
    credit, on_credit = credit_of(work, tag, context)
    is_film = found.facts.video is not None
    version = Version(
        tag,
        title=work.defined.title.in_language(tag) or work.name or _name_of(file),
        work=Film(found.recording, cover) if is_film else Sound((found.recording,), cover),
        authors=work.defined.authors,
        summary=work.defined.summary.in_language(tag),
        credit=credit,
    )
    taken = f"{'a film' if is_film else 'sound'} of {_minutes(found.recording.seconds)} in {language_name(tag)}"
    remarks = (Remark(file.source.label, Outcome.TAKEN, taken), *found.remarks, *why_language, *on_cover, *on_credit)
    return ReadVersion(version, file.source.label, remarks)


def _name_of(file: SourceFile) -> str:
    return title_of_name(split_language(endings.stem(file.path.name))[0])


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def _language(file: SourceFile, found: Probed, work: FoundWork, context: ReadContext) -> tuple[str, Remarks]:
    """The language that the definition or the name says, else that of its sound, of its name, or of the bundle."""
    several = sum(one.kind is FileKind.FILM for one in work.files) > 1
    by_name = split_language(endings.stem(file.path.name))[1]
    if told := (by_name if several else work.defined.language or by_name):
        return told, ()
    heard = {language_tag(audio.language) for audio in found.facts.audio}
    reasons = (
        (heard.pop() if len(heard) == 1 else "", "its sound"),
        (guess_by_script(f"{work.name} {_name_of(file)}"), "its name"),
        (next(iter(context.definition.languages), ""), "the bundle's first language"),
    )
    for language, reason in reasons:
        if language:
            message = f"assumed to be in {language_name(language)}, from {reason}"
            return language, (decided(file.source.label, message, "language"),)
    return UNDETERMINED, (decided(file.source.label, "its language is not known", "language"),)
