"""The texts that differ in their language alone -> the versions of one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from packager.errors import SourceError
from packager.layout.blocks import words_of
from packager.model import Article, Outcome, Remark, Version, Wording
from packager.readers import language
from packager.readers.credits import credit_of
from packager.readers.discovery import Work
from packager.readers.files import File
from packager.readers.finder import read_with_pictures
from packager.readers.reading import ReadArticle
from packager.readers.shelf import Reading, Shelf, VersionRead
from packager.readers.titles import readable

Remarks = tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """One file as its text gives it, and the version that it makes."""

    file: File
    article: ReadArticle
    read: VersionRead

    @property
    def language(self) -> str:
        return self.read.version.language


def read(work: Work, shelf: Shelf) -> Reading:
    """The versions of an article; raises SourceError for a text that cannot be read and for two in one language."""
    texts = sorted((_read(file, work, shelf) for file in work.files), key=lambda text: shelf.rank(text.language))
    _refuse_equals(texts, work)
    sections = Wording(tuple((text.language, text.article.section) for text in texts if text.article.section))
    series = Wording(tuple((text.language, text.article.series) for text in texts if text.article.series))
    return Reading(
        work,
        tuple(text.read for text in texts),
        section=work.defined.section or sections,
        series=work.defined.series or series,
    )


def _read(file: File, work: Work, shelf: Shelf) -> _Text:
    article, remarks = read_with_pictures(file, shelf)
    tag, why_language = _language(file, article, work)
    credit, from_credit = credit_of(work, tag, shelf, said=article.credit)
    name = language.split_language(file.path.stem)[0]
    version = Version(
        language=tag,
        title=work.defined.title.in_language(tag) or article.title or readable(name),
        work=Article(article.blocks),
        authors=work.defined.authors or article.authors,
        summary=work.defined.summary.in_language(tag) if work.defined.summary else article.summary,
        credit=credit,
    )
    taken = Remark(file.source.label, Outcome.TAKEN, f"an article, {tag}")
    return _Text(file, article, VersionRead(version, (taken, *why_language, *from_credit, *remarks)))


def _language(file: File, article: ReadArticle, work: Work) -> tuple[str, Remarks]:
    """The language that the definition, the name or the text says, else the one it seems to be written in."""
    by_name = language.split_language(file.path.stem)[1]
    by_definition = work.defined.language if len(work.files) == 1 or not by_name else ""
    said = by_definition or by_name or article.language
    if said:
        return said, ()
    tag = language.guess(words_of(article.blocks))
    message = f"its language is taken to be {tag}, by its words (`language` in bundle.toml can say it)"
    return tag, (Remark(file.source.label, Outcome.DECIDED, message),)


def _refuse_equals(texts: Sequence[_Text], work: Work) -> None:
    first: dict[str, File] = {}
    for text in texts:
        other = first.setdefault(text.language, text.file)
        if other is not text.file:
            raise SourceError(
                f"{other.path.name} and {text.file.path.name} are both in `{text.language}`",
                where=work.label,
                hint="Name each `<name>.<language>.md`, or give them different names.",
            )
